"""The block of numbers that this laptop gives: a part of every number, so that no two laptops give the same one.

A store that was brought back does not know which numbers were printed after its backup, so it never goes on in the
block of that day: it begins the next one that neither the backup nor this folder has used.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from familydesk.store import durable, guards
from familydesk.store.folder import StoreFolder
from familydesk.store.weather import told_plainly

FIRST = 1


def of(connection: Any) -> str:
    """The block of an open store, as numbers bear it. `connection` is SQLAlchemy's or the driver's own."""
    return f"{_written(connection):02}"


def begin_next(place: StoreFolder, arriving: StoreFolder, key: bytes) -> None:
    """Give the store that is `arriving` at `place` a block of its own, and write that down beside the store first."""
    with told_plainly(), guards.plain_connection(arriving.database, key) as connection:
        fresh = max(_written(connection), _used(place.numbers)) + 1
        durable.replace(place.numbers, json.dumps({"block": fresh}).encode())
        connection.execute("INSERT OR REPLACE INTO meta(key, value) VALUES('block', ?)", (str(fresh),))


def move(place: StoreFolder, connection: Any, block: int) -> None:
    """Go on in another block, written down beside the store first. `connection` writes."""
    with told_plainly():
        durable.replace(place.numbers, json.dumps({"block": block}).encode())
    connection.exec_driver_sql("INSERT OR REPLACE INTO meta(key, value) VALUES('block', ?)", (str(block),))


def _written(connection: Any) -> int:
    execute = getattr(connection, "exec_driver_sql", None) or connection.execute
    row = execute("SELECT value FROM meta WHERE key = 'block'").fetchone()
    return int(row[0]) if row else FIRST


def _used(path: Path) -> int:
    try:
        return int(json.loads(path.read_bytes())["block"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return FIRST
