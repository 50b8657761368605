"""The rows that a check of the journal reads, and whether they hold what belongs there: SQLite takes anything
anywhere.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Column, Connection

from familydesk.store.journal import CHANGE_COLUMNS, FACTS
from familydesk.store.tables import JOURNAL

_COLUMNS = (*FACTS, "link", "signature", "salt", "reason", "recipient", "detail")
_BATCH = 2000


def events(connection: Connection, device: int) -> Generator[dict[str, Any]]:
    """The events of one device, by their numbers."""
    query = f"SELECT {', '.join(_COLUMNS)} FROM journal WHERE device = ? ORDER BY seq"
    for row in _rows(connection, query, (device,)):
        yield dict(zip(_COLUMNS, row, strict=True))


def changes(connection: Connection) -> Generator[Sequence[Any]]:
    """The change log, each by CHANGE_COLUMNS."""
    return _rows(connection, f"SELECT {CHANGE_COLUMNS} FROM change ORDER BY seq", ())


def readable(event: Mapping[str, Any]) -> bool:
    """Whether every column holds a value of its type."""
    return all(type(event[name]) in types for name, types in _TYPES)


def driver_error(connection: Connection) -> type[Exception]:
    """What the driver raises at text that is none; it says neither where, nor at once."""
    return connection.dialect.loaded_dbapi.OperationalError


@contextmanager
def any_bytes(connection: Connection) -> Iterator[None]:
    """Text that is none is read as what no digest was ever made of. It costs a call for each text."""
    driver: Any = connection.connection.driver_connection
    usual, driver.text_factory = driver.text_factory, lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        driver.text_factory = usual


def _types(column: Column[Any]) -> frozenset[type]:
    known = {column.type.python_type}
    return frozenset(known | {type(None)} if column.nullable else known)


_TYPES = tuple((name, _types(JOURNAL.c[name])) for name in _COLUMNS)


def _rows(connection: Connection, query: str, words: tuple[Any, ...]) -> Generator[Sequence[Any]]:
    # The driver's own rows: SQLAlchemy's cost as much again for each of hundreds of thousands.
    cursor = connection.connection.cursor()
    try:
        cursor.execute(query, words)
        while batch := cursor.fetchmany(_BATCH):
            yield from batch
    finally:
        cursor.close()
