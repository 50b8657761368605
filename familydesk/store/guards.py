"""Guards of the encrypted file: what is checked at every opening, and how a failing disk is told to a person."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from familydesk.core.errors import Refused, Weather
from familydesk.core.i18n import N_
from familydesk.store import weather
from familydesk.store.weather import told_plainly, weather_of

OLDEST_SQLITE = (3, 51, 3)
"""Earlier versions can lose pages when two connections write the log's beginning at once (WAL-reset bug)."""

_PLAIN_HEADER = b"SQLite format 3\x00"
_KEY_BYTES = 32
_SALT_BYTES = 16
_STRANGE_SALT = 9
"""Bytes of the file's first sixteen that may differ from the key's own before the file is another store's."""


@cache
def binding() -> Any:
    """The SQLCipher binding. Weather if it is missing, does not really encrypt, or carries an unsafe SQLite."""
    try:
        from sqlcipher3 import dbapi2
    except ImportError as error:
        raise Weather(N_("The encryption library is missing."), N_("Install the program again.")) from error
    with_cipher = dbapi2.connect(":memory:")
    version = with_cipher.execute("PRAGMA cipher_version").fetchone()
    with_cipher.close()
    if not version or not version[0] or dbapi2.sqlite_version_info < OLDEST_SQLITE:
        raise Weather(
            N_("The encryption library does not protect the store well enough."), N_("Install the program again.")
        )
    return dbapi2


def unlock(connection: Any, key: bytes) -> None:
    """Give a fresh connection its key and read the first page with it. The raw key costs no derivation."""
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f'PRAGMA key = "{_raw_key(key)}"')
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()


def _raw_key(key: bytes) -> str:
    # A raw key of any other length is taken for a passphrase without a word.
    if len(key) != _KEY_BYTES:
        raise ValueError("a store key is 32 bytes")
    return f"x'{key.hex()}{_salt(key).hex()}'"


def _salt(key: bytes) -> bytes:
    """The file's first sixteen bytes. Derived from the key, they tell a strange file from a damaged one."""
    return hashlib.blake2b(key, digest_size=_SALT_BYTES, person=b"familydesk-salt").digest()


@contextmanager
def plain_connection(path: Path, key: bytes) -> Iterator[Any]:
    """A connection for the store's own upkeep, outside the engine, closed at the end. Weather if it does not open."""
    with told_plainly(path):
        connection = binding().connect(str(path), isolation_level=None, timeout=10)
        try:
            unlock(connection, key)
            yield connection
        finally:
            connection.close()


def refuse_existing(path: Path) -> None:
    """Refused if something stands at `path` already: a store is never written over."""
    if path.exists():
        raise Refused(N_("There is a store in this folder already."), N_("Open that store, or choose an empty folder."))


def check_file(path: Path, key: bytes | None = None) -> None:
    """Weather if `path` is missing, empty, not encrypted, or does not belong to `key`. Reads only; changes nothing."""
    with told_plainly():
        try:
            with path.open("rb") as file:
                header = file.read(_SALT_BYTES)
        except FileNotFoundError:
            raise weather.missing() from None
    if header == _PLAIN_HEADER:
        raise Weather(
            N_("The file in this folder is not encrypted, so it is not a store of this program."),
            N_("Choose another folder. The file was left as it is."),
        )
    if len(header) < _SALT_BYTES:
        raise weather.damaged()
    if key is not None and _differing(header, _salt(key)) >= _STRANGE_SALT:
        raise weather.of_another_store()


def check_schema(connection: Any, schema: int) -> None:
    """Weather if the open file has no schema of ours or a newer one than `schema`. `connection` is SQLAlchemy's."""
    found = schema_of(connection)
    if found is None:
        raise Weather(
            N_("The file in this folder is not a store of this program."),
            N_("Choose another folder. The file was left as it is."),
        )
    if found > schema:
        raise Weather(
            N_("This store was written by a newer version of the program."),
            N_("Install the newer version on this computer. The store was left as it is."),
        )
    if found < schema:
        raise RuntimeError("the store is older than the program: bring it up first")


def schema_of(connection: Any) -> int | None:
    """The schema number written in the file; None if there is none."""
    execute = getattr(connection, "exec_driver_sql", None) or connection.execute
    if not execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'meta'").fetchone():
        return None
    row = execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
    return int(row[0]) if row and str(row[0]).isdigit() else None


def _differing(one: bytes, other: bytes) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


__all__ = [
    "binding",
    "check_file",
    "check_schema",
    "plain_connection",
    "refuse_existing",
    "schema_of",
    "told_plainly",
    "unlock",
    "weather_of",
]
