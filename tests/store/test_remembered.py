"""What a computer remembers, against a real Secret Service on a private bus; told as not run where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from familydesk.store import remembered

ROUND = """
import os
from uuid import uuid4
from familydesk.core.errors import Weather
from familydesk.store import remembered
store, ana, bota, secret, another = uuid4(), uuid4(), uuid4(), os.urandom(32), os.urandom(32)
remembered.keep(store, ana, secret)
remembered.keep(store, bota, another)
assert remembered.recall(store, ana) == secret
assert remembered.recall(uuid4(), ana) is None
remembered.drop(store, ana)
assert remembered.recall(store, ana) is None
assert remembered.recall(store, bota) == another
import secretstorage
secretstorage.get_default_collection(secretstorage.dbus_init()).lock()
for attempt in (lambda: remembered.keep(store, ana, secret), lambda: remembered.recall(store, bota)):
    try:
        attempt()
    except Weather as locked:
        assert "locked" in locked.text
    else:
        raise AssertionError("a locked keyring answered")
print(type(remembered.keyring()).__module__)
"""


@pytest.mark.skipif(
    not (shutil.which("dbus-run-session") and shutil.which("gnome-keyring-daemon")),
    reason="no Secret Service can be started here",
)
def test_a_real_keyring_keeps_the_secret_and_gives_it_back(tmp_path: Path) -> None:
    script = 'printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$0" -c "$1"'
    homes = {name: str(tmp_path) for name in ("HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR")}
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", script, sys.executable, ROUND],
        env={**os.environ, **homes},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout == "keyring.backends.SecretService\n", done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a keyring")
def test_without_a_session_bus_there_is_no_keyring(tmp_path: Path) -> None:
    quiet = {name: value for name, value in os.environ.items() if name != "DBUS_SESSION_BUS_ADDRESS"}
    code = "from familydesk.store import remembered; print(remembered.keyring())"
    environment = {**quiet, "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "None\n"


def test_only_four_keyrings_are_trusted() -> None:
    trusted = [module.rpartition(".")[2] for rings in remembered.ALLOWED.values() for module, _ in rings]
    assert trusted == ["Windows", "macOS", "SecretService", "kwallet"]
