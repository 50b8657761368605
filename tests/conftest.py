"""Fixtures for every room: a real encrypted store with a center and its head, and the office that opens it."""

from __future__ import annotations

import gc
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import settings

from familydesk.core import i18n
from familydesk.core.settings import Settings
from familydesk.services.office import Office
from familydesk.store.database import Database
from familydesk.store.folder import StoreFolder
from familydesk.store.keys import Opened
from familydesk.store.privileged import Privileged
from familydesk.store.slots import Secrets

# How long an example takes says how busy the machine is, and nothing of the program.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

KEY = bytes(range(32))
HEAD = UUID("01900000-0000-7000-8000-000000000001")
"""The id of the head, so that her account and her record are one in every test."""


@pytest.fixture(autouse=True)
def english() -> None:
    """Each test begins in English, whatever language the one before it left."""
    i18n.use("en")


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a center and its head, made once; tests work on copies."""
    from familydesk.services import first_tables

    path = tmp_path_factory.mktemp("small") / "desk.db"
    database = Database.create(path, KEY)
    with database.write() as session:
        session.add_all(first_tables.law_tables())
        session.add(first_tables.center("Орталық", "КО"))
        session.add(first_tables.head(HEAD, "Оспанова Гүлнар", "head"))
    database.close()
    return path


@pytest.fixture
def office(small_store: Path, tmp_path: Path) -> Iterator[Office]:
    """The head at the desk of a small center, speaking English."""
    i18n.use("en")
    path = tmp_path / "desk.db"
    shutil.copy(small_store, path)
    database = Database.open(path, KEY)
    database.actor = HEAD
    database.privileged = Privileged(HEAD, {HEAD: KEY})
    # Without an anchor there is no list of members, and a record of staff says the role by itself.
    keys = (StoreFolder(tmp_path), Opened.by(HEAD, replace(Secrets.fresh(KEY), anchor=b"")))
    opened = Office(database, tmp_path, Settings(tmp_path / "settings.json"), keys=keys)
    yield opened
    opened.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of four megabytes, really mounted. Only root can; elsewhere the test is told as not run."""
    disk = tmp_path / "stick"
    disk.mkdir()
    if (
        shutil.which("mount") is None
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(disk)], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("a small disk cannot be mounted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.fixture
def swept() -> Iterator[None]:
    """Garbage is collected between tests of the window and never inside one, as the program itself does it."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()
