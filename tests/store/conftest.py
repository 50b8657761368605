"""Real stores, opened with keys that are cheap to derive."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from two_people import ANA, BOTA, BOTAS, CHEAP, HERS

from familydesk.store.folder import StoreFolder
from familydesk.store.keys import KeyFile, Opened


@pytest.fixture
def place(tmp_path: Path) -> StoreFolder:
    root = tmp_path / "desk"
    root.mkdir()
    return StoreFolder(root)


@pytest.fixture(scope="session")
def made() -> tuple[KeyFile, Opened, bytes]:
    """A key file as Ana's new store has it, what it opens, and the paper's private half."""
    return KeyFile.new(ANA, "ana", HERS, CHEAP)


@pytest.fixture
def file(made: tuple[KeyFile, Opened, bytes]) -> KeyFile:
    return made[0]


@pytest.fixture
def opened(made: tuple[KeyFile, Opened, bytes]) -> Opened:
    """By Ana."""
    return made[1]


@pytest.fixture
def paper(made: tuple[KeyFile, Opened, bytes]) -> bytes:
    return made[2]


@pytest.fixture
def two(file: KeyFile, opened: Opened) -> KeyFile:
    """Bota has a slot as well."""
    return file.with_person(opened, BOTA, "bota", BOTAS, CHEAP)


@pytest.fixture
def make_read_only(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[Path], None]:
    """Takes the right to write from a folder: by its mode, or, for root, by mounting it read-only over itself."""

    def take(folder: Path) -> None:
        if getattr(os, "geteuid", lambda: 0)():
            folder.chmod(0o500)
            request.addfinalizer(lambda: folder.chmod(0o700))
            return
        if (
            shutil.which("mount") is None
            or subprocess.run(
                ["mount", "--bind", str(folder), str(folder)], capture_output=True, check=False
            ).returncode
        ):
            pytest.skip("a read-only folder cannot be made here")
        request.addfinalizer(lambda: subprocess.run(["umount", str(folder)], check=True))
        subprocess.run(["mount", "-o", "remount,bind,ro", str(folder)], check=True)

    return take
