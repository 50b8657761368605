"""Prints the Debian packages that this machine lacks, separated by spaces; nothing when it has them all.

    python3 installer/system_packages.py [--venv] [--tests]

`--venv` adds what `python3 -m venv` needs, `--tests` what tests alone need: the virtual display that one of them types
into, and the PostgreSQL on which those of the hub start servers of their own.
Runs on a bare python3, before anything is installed; a system other than Linux needs nothing from here.
"""

from __future__ import annotations

import ctypes
import importlib.util
import shutil
import sys
from pathlib import Path

# Which package brings the library that Qt asks for by this name: what a window under X11 and an unseen one need.
# Printing through CUPS and native Wayland join in by themselves where a desktop has them. A test compares this table
# with the Qt that is installed.
PACKAGE_OF_LIBRARY = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}


def loads(library: str) -> bool:
    """Whether the system's loader finds the library, with all that it needs in turn."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_postgresql() -> bool:
    """Whether a server could be started. Debian keeps its programs out of the path."""
    return shutil.which("initdb") is not None or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def missing_packages(*, venv: bool, tests: bool) -> list[str]:
    """The names of the packages to install, sorted, each once."""
    if sys.platform != "linux":
        return []
    names = {package for library, package in PACKAGE_OF_LIBRARY.items() if not loads(library)}
    # Debian leaves ensurepip out of python3, and without it `python3 -m venv` fails.
    if venv and importlib.util.find_spec("ensurepip") is None:
        names.add(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")
    if tests and shutil.which("Xvfb") is None:
        names.add("xvfb")
    if tests and not has_postgresql():
        names.add("postgresql")
    return sorted(names)


if __name__ == "__main__":
    print(*missing_packages(venv="--venv" in sys.argv, tests="--tests" in sys.argv))
