"""Bringing an older store up to the program's schema: a verified copy first, then every step in one transaction.

The schema's number stands in the file (`meta`); only when it is smaller than ours are the steps looked at.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from familydesk.core import clock
from familydesk.store import backup, capture, guards, search_index
from familydesk.store.database import Database
from familydesk.store.folder import StoreFolder
from familydesk.store.migrations import newest, steps
from familydesk.store.weather import told_plainly


def bring_up(place: StoreFolder, key: bytes) -> Path | None:
    """Upgrade the store in `place` if it is older than the program; gives back the copy that was made first.

    Nothing is done to a store of our schema, and nothing to one that is newer or not ours: opening it will say so.
    """
    found = _schema(place, key)
    if found is None or found >= newest():
        return None
    copy = place.backups / f"before-upgrade-{found:04}-{clock.now():%Y%m%d-%H%M%S}.backup"
    with told_plainly():
        place.backups.mkdir(mode=0o700, exist_ok=True)
    backup.make(place, key, copy)
    database = Database(place.database, key)
    try:
        with told_plainly(), database.connection(write=True) as connection:
            take_steps(connection, found)
    finally:
        database.close()
    return copy


def _schema(place: StoreFolder, key: bytes) -> int | None:
    with guards.plain_connection(place.database, key) as connection:
        return guards.schema_of(connection)


def take_steps(connection: Connection, found: int) -> None:
    """Every step after the schema `found` (0: an empty file), inside the caller's transaction.

    What a step does to records is no change of anybody's: capture sleeps, and wakes with triggers for the new columns.
    """
    _still_capture(connection)
    steps.take(connection, found)
    connection.exec_driver_sql("INSERT OR REPLACE INTO meta(key, value) VALUES('schema', ?)", (str(newest()),))
    if not _stands(connection, "search_doc"):
        search_index.create(connection)
    capture.install(connection)


def _still_capture(connection: Connection) -> None:
    if not _stands(connection, "meta"):
        return
    triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'capture_%'"
    for (name,) in connection.exec_driver_sql(triggers).all():
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    connection.exec_driver_sql("DELETE FROM meta WHERE key = 'triggers'")


def _stands(connection: Connection, table: str) -> bool:
    return bool(connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).first())
