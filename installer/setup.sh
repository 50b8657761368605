#!/bin/sh
# Makes .venv from uv.lock on a machine that has git, make and python3 (3.11 or newer) and nothing else.
# Does only what is missing, says what it does, and changes nothing outside this folder except by apt-get.
#
#   sh installer/setup.sh [--tests]     --tests: also a virtual display and PostgreSQL, which tests alone need
set -eu
cd "$(dirname "$0")/.."
tests=${1:-}

say() { echo "setup: $*"; }
stop() { echo "setup: $*" >&2; exit 1; }

find_python() {
    for python in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$python"
            return
        fi
    done
    stop "FamilyDesk needs Python 3.11 or newer and this machine has none; install python3 (3.11 or newer) and try again."
}

# Prints the words that put a command under root's hand: none for root, "sudo" where sudo works; fails where neither does.
as_root() {
    if [ "$(id -u)" = 0 ]; then return 0; fi
    command -v sudo >/dev/null 2>&1 || return 1
    if [ -t 0 ] || sudo -n true 2>/dev/null; then echo sudo; else return 1; fi
}

install_packages() {
    command -v apt-get >/dev/null 2>&1 ||
        stop "This system has no apt-get; install what Debian calls $* with its own package manager and try again."
    root=$(as_root) || stop "Some system packages are missing; ask an administrator to run \"apt-get install $*\" and try again."
    say "installing the system packages that are missing: $*"
    $root apt-get update -qq && $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
        stop "The system packages could not be installed; check the network, then run \"apt-get install $*\" as root and try again."
}

# What uv cannot fetch by itself (a mirror or a proxy that only pip has been told of), pip fetches; the locked hashes still hold.
sync_through_pip() {
    [ -x .uv/bin/python ] || return 1
    say "uv could not fetch the libraries; trying pip, as this machine has it configured"
    wanted=$(mktemp)
    "$uv" export --quiet --frozen --extra hub --no-emit-project --format requirements-txt --output-file "$wanted" &&
        "$uv" venv --quiet --clear --python "$python" .venv &&
        .uv/bin/python -m pip --python .venv/bin/python install --quiet --require-hashes --no-deps -r "$wanted" &&
        .uv/bin/python -m pip --python .venv/bin/python install --quiet --no-deps --editable .
    done=$?
    rm -f "$wanted"
    return $done
}

python=$(find_python)
uv=$(command -v uv || true)
venv=; [ -n "$uv" ] || venv=--venv
packages() { "$python" installer/system_packages.py $venv "$@"; }
if [ "$(packages $tests)" != "$(packages)" ] && ! as_root >/dev/null; then
    say "there is no Xvfb or no PostgreSQL here: the tests that need them will be reported as not run"
    tests=
fi
missing=$(packages $tests)
[ -z "$missing" ] || install_packages $missing

if [ -z "$uv" ]; then
    uv=.uv/bin/uv
    if [ ! -x "$uv" ]; then
        say "installing uv into .uv"
        rm -rf .uv
        "$python" -m venv .uv || stop "python3 -m venv failed; mend the Python of this machine and try again."
        .uv/bin/python -m pip install --quiet "uv>=0.8,<1" ||
            stop "uv could not be fetched by pip; check the network and the settings that \"pip config list\" shows, and try again."
    fi
fi

export UV_PYTHON_DOWNLOADS=never
export UV_PYTHON="$python"
export UV_NATIVE_TLS=1   # an office proxy's certificate is known to the system, not to uv's own list
"$uv" sync --quiet --locked --extra hub || sync_through_pip ||
    stop "The libraries named in uv.lock could not be installed; check the network and try again."

QT_QPA_PLATFORM=offscreen .venv/bin/python -c 'from PySide6.QtWidgets import QApplication; QApplication([])' ||
    stop "Qt does not start here; the lines above name the library that it lacks: install it and try again."
