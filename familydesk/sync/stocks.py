"""The wrapped keys of streams on this laptop, as a meeting hands them on and takes them in."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import Connection

from familydesk.store.database import Database
from familydesk.sync.key_bundles import KeyBundles
from familydesk.sync.keyring import StreamKeys
from familydesk.sync.peer import ObjectKind
from familydesk.sync.wire.bounds import Defect


class KeyStock:
    """Bundles of them, kept whether or not their epochs' keys have come."""

    kind = ObjectKind.KEY

    def __init__(self, database: Database, epoch_keys: Callable[[], Mapping[int, bytes]], center: bytes) -> None:
        """`epoch_keys` are asked for each time: statements that come bring some."""
        self._database = database
        self._center = center
        self._epoch_keys = epoch_keys

    def names(self) -> frozenset[str]:
        """Those that are here."""
        with self._database.connection() as connection:
            return self._keys(connection).names()

    def content(self, name: str) -> bytes:
        """One of them, to be handed on."""
        with self._database.connection() as connection:
            found = self._keys(connection).content(name)
        if found is None:
            raise LookupError("a key that is not here")
        return found

    def take(self, contents: Mapping[str, bytes]) -> int:
        """Keep those that came; how many of them are no keys."""
        bad = 0
        with self._database.connection(write=True) as connection:
            keys = self._keys(connection)
            for name, content in contents.items():
                try:
                    keys.take(name, content)
                except Defect:
                    bad += 1
        return bad

    def destroyed(self) -> frozenset[str]:
        """Those that were taken away for good."""
        with self._database.connection() as connection:
            return self._keys(connection).destroyed()

    def _keys(self, connection: Connection) -> KeyBundles:
        return StreamKeys(connection, self._center, self._epoch_keys()).bundles
