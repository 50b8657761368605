"""Who was erased before a backup is brought back: she comes back with it, so her id is handed on to be erased again."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from familydesk.core.errors import Weather
from familydesk.store import guards
from familydesk.store.capture import GONE
from familydesk.store.folder import StoreFolder

KEY = "erased_before"
"""The fact of the file that holds these ids, as a JSON list."""


def hand_on(place: StoreFolder, arriving: StoreFolder, key: bytes, former: bytes) -> None:
    """Tell the store that is `arriving`, under `key`, whom the one at `place`, under `former`, had erased; nothing if
    that one cannot be read.

    A damaged store is the usual reason for bringing a backup back: it must not stand in the way.
    """
    if not place.database.exists():
        return
    with suppress(Weather):
        with guards.plain_connection(place.database, former) as old:
            query = f"SELECT DISTINCT record FROM change WHERE field = '{GONE}' AND sheet = 'person'"
            ids = {row[0] for row in old.execute(query)} | set(of(old))
        with guards.plain_connection(arriving.database, key) as new:
            told = json.dumps(sorted(ids | set(of(new))))
            new.execute("INSERT OR REPLACE INTO meta(key, value) VALUES(?, ?)", (KEY, told))


def is_gone(connection: Any, record: bytes) -> bool:
    """Whether the record of this id was erased in an open store, or on another laptop before it came here."""
    query = "SELECT 1 FROM change WHERE record = ? AND field = ?"
    return connection.exec_driver_sql(query, (record.hex(), GONE)).first() is not None


def of(connection: Any) -> list[str]:
    """The ids that stand in an open store. `connection` is SQLAlchemy's or the driver's own."""
    execute = getattr(connection, "exec_driver_sql", None) or connection.execute
    row = execute("SELECT value FROM meta WHERE key = ?", (KEY,)).fetchone()
    return list(json.loads(row[0])) if row else []
