from __future__ import annotations

import subprocess
import sys

import pytest

from familydesk.core.errors import Weather
from familydesk.store.folder import StoreFolder
from familydesk.store.lock import StoreLock

HOLD = (
    "import sys; from pathlib import Path; from familydesk.store.lock import StoreLock;"
    "lock = StoreLock(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
)


def holder(place: StoreFolder) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(place.lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_program_is_told_that_the_store_is_open(place: StoreFolder) -> None:
    process = holder(place)
    try:
        with pytest.raises(Weather, match="already open"):
            StoreLock(place.lock)
    finally:
        process.communicate()
    StoreLock(place.lock).release()


def test_a_killed_program_leaves_no_lock_behind(place: StoreFolder) -> None:
    process = holder(place)
    process.kill()
    process.communicate()
    StoreLock(place.lock).release()


def test_one_program_cannot_open_a_store_twice_either(place: StoreFolder) -> None:
    with StoreLock(place.lock), pytest.raises(Weather, match="already open"):
        StoreLock(place.lock)
    StoreLock(place.lock).release()


def test_letting_go_twice_is_harmless(place: StoreFolder) -> None:
    lock = StoreLock(place.lock)
    lock.release()
    lock.release()
