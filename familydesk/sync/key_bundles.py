"""Keys of streams beside the log: many in one object, so that a first meeting is not a thousand of them.

A key that was destroyed is in no bundle any more: the bundle is destroyed as a whole, and another one holds the rest.
Names are digests, so two laptops that come to the same rest have the same bundle.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import Connection

from familydesk.sync.shelf import UNREAD
from familydesk.sync.wire import bounds
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.stream_key import BUNDLE, StreamKey, WrappedKey, bundle, unbundled

ROOM = 4 * bounds.MIB
"""Bytes of bundles that are kept though not all of their keys open: anybody who holds a stick can make some up."""
KEEP = "INSERT INTO stream_key(stream, key, epoch, wrapped) VALUES(?, ?, ?, ?)"
"""How a key that is not here yet is kept."""
_DESTROY_KEYS = "UPDATE stream_key SET wrapped = x'', destroyed = 1 WHERE stream = ? AND destroyed = 0 RETURNING key"
_LAID_ASIDE = "SELECT waits_for, content FROM parked WHERE reason = ?"
_SIZES = "SELECT waits_for, length(content) AS size FROM parked WHERE reason = ?"
_TAKE_UP = "DELETE FROM parked WHERE reason = ? AND waits_for = ?"
_LAY_ASIDE = "INSERT INTO parked(reason, device, envelope, waits_for, content) VALUES(?, '', 0, ?, ?)"
_DESTROY_BUNDLE = (
    "INSERT INTO key_bundle(name, content, destroyed) VALUES(?, x'', 1) "
    "ON CONFLICT(name) DO UPDATE SET content = x'', destroyed = 1"
)


def row_of(stream: str, key: WrappedKey) -> tuple[str, str, int, bytes]:
    """A key as KEEP takes it; `stream` in hex."""
    return stream, key.id.hex(), key.epoch, key.packed()


def make(connection: Connection, keys: Sequence[WrappedKey]) -> None:
    """Objects with these keys."""
    for start in range(0, len(keys), BUNDLE):
        place = bundle(keys[start : start + BUNDLE])
        connection.exec_driver_sql("INSERT OR IGNORE INTO key_bundle(name, content) VALUES(?, ?)", place)


def destroy(connection: Connection, streams: Iterable[bytes]) -> None:
    """Destroy every key of these streams, here and in every object: of each only its name stays.

    What they sealed opens here nowhere any more, and elsewhere for nobody who gets the objects from now on.
    """
    gone = {key for stream in streams for key in connection.exec_driver_sql(_DESTROY_KEYS, (stream.hex(),)).scalars()}
    if not gone:
        return
    for name, content in connection.exec_driver_sql("SELECT name, content FROM key_bundle WHERE destroyed = 0").all():
        keys = unbundled(name, content)
        if any(key.id.hex() in gone for key in keys):
            _replace(connection, name, keys, gone)


def are_waiting(connection: Connection) -> bool:
    """Whether objects wait for the keys of their epochs."""
    return connection.exec_driver_sql(_LAID_ASIDE + " LIMIT 1", (UNREAD,)).first() is not None


def _replace(connection: Connection, name: str, keys: Iterable[WrappedKey], gone: set[str]) -> None:
    """Of an object only the name; what was not destroyed in it goes into another one."""
    connection.exec_driver_sql(_DESTROY_BUNDLE, (name,))
    make(connection, [key for key in keys if key.id.hex() not in gone])


class KeyBundles:
    """The objects of one laptop. `opened` is a key opened, None while its epoch's key is not here, Defect if forged."""

    def __init__(self, connection: Connection, opened: Callable[[WrappedKey], StreamKey | None]) -> None:
        self._connection = connection
        self._opened = opened

    def names(self) -> frozenset[str]:
        """Those that are here."""
        return frozenset(self._connection.exec_driver_sql("SELECT name FROM key_bundle WHERE destroyed = 0").scalars())

    def content(self, name: str) -> bytes | None:
        """One of them, to be handed on."""
        query = "SELECT content FROM key_bundle WHERE name = ? AND destroyed = 0"
        found: bytes | None = self._connection.exec_driver_sql(query, (name,)).scalar()
        return found

    def destroyed(self) -> frozenset[str]:
        """Those that were destroyed here; a peer that has them is to destroy them too."""
        return frozenset(self._connection.exec_driver_sql("SELECT name FROM key_bundle WHERE destroyed = 1").scalars())

    def take(self, name: str, content: bytes) -> None:
        """Keep an object that came, and its keys. Defect if it is none. A key that was destroyed here stays destroyed.

        Ids stand in the open, so a key counts for what its id says only once it opens; and an object is handed on when
        all of it does. Until then it waits for the keys of its epochs.
        """
        keys = unbundled(name, content)
        opened = [(key, self._opened(key)) for key in keys]
        known = self._known(keys)
        for key, found in opened:
            if found is not None and key.id.hex() not in known:
                self._connection.exec_driver_sql(KEEP, row_of(found.stream.hex(), key))
        if any(found is None for _key, found in opened):
            self._lay_aside(name, content)
            return
        gone = {id for id, destroyed in known.items() if destroyed}
        if gone:
            _replace(self._connection, name, keys, gone)
        else:
            make(self._connection, keys)

    def look_again(self) -> None:
        """Take what was laid aside and opens by now. What turns out to be made up goes."""
        for name, content in self._connection.exec_driver_sql(_LAID_ASIDE, (UNREAD,)).all():
            try:
                if all(self._opened(key) is None for key in unbundled(name, content)):
                    continue
                self._connection.exec_driver_sql(_TAKE_UP, (UNREAD, name))
                self.take(name, content)
            except Defect:
                self._connection.exec_driver_sql(_TAKE_UP, (UNREAD, name))

    def _lay_aside(self, name: str, content: bytes) -> None:
        """Defect if there is no room: whoever made it has it still."""
        rows = self._connection.exec_driver_sql(_SIZES, (UNREAD,))
        lying: dict[str, int] = {row.waits_for: row.size for row in rows}
        if name in lying:
            return
        if sum(lying.values()) + len(content) > ROOM:
            raise Defect("more keys than may wait for those of their epochs")
        self._connection.exec_driver_sql(_LAY_ASIDE, (UNREAD, name, content))

    def _known(self, keys: Iterable[WrappedKey]) -> dict[str, bool]:
        """Which of these keys are or were here, and whether they were destroyed."""
        query = "SELECT key, destroyed FROM stream_key WHERE key IN (SELECT value FROM json_each(?))"
        rows = self._connection.exec_driver_sql(query, (json.dumps([key.id.hex() for key in keys]),))
        return {key: bool(destroyed) for key, destroyed in rows}
