"""A hub's folder: its key, its database or where that is, and what opens both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from familydesk.core.errors import Weather
from familydesk.core.i18n import N_
from familydesk.hub.identity import HubKey, hub_key, made_folder, written_closed
from familydesk.hub.storage import Storage, sqlite_file_url

DATABASE = "hub.db"
ADDRESS = "database"
"""The file with the address of a database elsewhere. It may hold a password: its owner alone may read it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A hub that is open."""

    storage: Storage
    key: HubKey


@contextmanager
def opened(folder: Path, database: str = "", *, existing: bool = False) -> Iterator[Place]:
    """The hub in `folder`, made at its first start unless it has to be `existing`. `database` is remembered for the
    next time.

    Weather if folder or database cannot be used, Refused if the database is none that a hub knows.
    """
    if existing and not any((folder / name).is_file() for name in (DATABASE, ADDRESS)):
        raise Weather(N_("There is no hub in this folder."), N_("Check what was said after --data."))
    made_folder(folder)
    try:
        remembered = folder / ADDRESS
        known = remembered.read_text(encoding="utf-8").strip() if remembered.is_file() else ""
        file = folder / DATABASE
        if not (database or known) and not file.exists():
            written_closed(file, b"")
        storage = Storage(database or known or sqlite_file_url(file))
        if database and database != known:
            written_closed(remembered, database.encode())
    except (OSError, UnicodeDecodeError) as error:
        raise Weather(
            N_("The hub's folder cannot be read or written."),
            N_("Choose another folder, or give the user who runs the hub the right to write there."),
        ) from error
    try:
        yield Place(storage, hub_key(folder))
    finally:
        storage.close()
