"""The hub's database: SQLite in its folder, or PostgreSQL. Opened, made or brought up to this version's tables.

SQLite comes with SQLCipher's library, without a key: what lies here is sealed already, and the SQLite of many systems
still loses pages when two connections write the log back at once (sqlite.org/wal.html#walresetbug, mended in 3.51.3).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlite
from sqlalchemy import URL, Connection, Engine, create_engine, event, insert, inspect, make_url, select, text, update
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from familydesk.core.errors import Refused, Weather
from familydesk.core.i18n import N_
from familydesk.hub.tables import METADATA, SCHEMA

POSTGRES = "postgresql+psycopg"
CONNECTIONS = 8
"""Connections to PostgreSQL that are kept; under load as many again."""
STEPS: tuple[Callable[[Connection], None], ...] = ()
"""From version 1 to 2, from 2 to 3 ...: each takes the tables one version on."""
_MAKING = 7_316_902
"""Names the lock under which one hub at a time makes or changes the tables on PostgreSQL."""


class Damaged(Weather):
    """The file is there and is no whole database: bytes of it were lost or changed."""

    def __init__(self) -> None:
        super().__init__(
            N_("The hub's database is damaged."),
            N_("Keep it as it is, and bring the newest backup back into a new folder: familydesk hub restore."),
        )


class Storage:
    """One database, shared by the threads of a hub."""

    def __init__(self, url: str) -> None:
        """Weather if it does not answer, Damaged if its file is no whole database; Refused if the address is of
        another kind of database.
        """
        self._engine = _engine(url)
        self.dialect = self._engine.dialect.name
        self._writes = self._engine.execution_options(writes=True)
        # SQLite has one writer at a time: threads wait for each other here, in turn, and not by trying again.
        on_sqlite = self.dialect == "sqlite"
        self._turn: AbstractContextManager[Any] = threading.Lock() if on_sqlite else nullcontext()
        try:
            with self.writing() as connection:
                _bring_up(connection)
        except DBAPIError as error:
            raise (Damaged() if is_damage(error) else _silent()) from error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with."""
        with self._engine.connect() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection for which nothing changes while the block lasts."""
        with self._engine.connect() as connection:
            if self.dialect != "sqlite":
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, on the disk when the block has ended well."""
        with self._turn, self._writes.begin() as connection:
            yield connection

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()


def is_damage(error: DBAPIError) -> bool:
    """Whether SQLite says by it that its file is no whole database (SQLITE_CORRUPT, SQLITE_NOTADB)."""
    return type(error.orig) is sqlite.DatabaseError


def insist_on_whole(connection: Connection) -> None:
    """Damaged unless SQLite finds every page of its file in order; PostgreSQL looks after its own."""
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar() != "ok":
        raise Damaged


def sqlite_file_url(file: Path) -> str:
    """The address of a database that is one file."""
    return URL.create("sqlite", database=str(file)).render_as_string()


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.drivername == "sqlite":
            engine = create_engine(parsed, module=sqlite, pool_size=CONNECTIONS, max_overflow=4 * CONNECTIONS)
            event.listen(engine, "connect", _prepare)
            event.listen(engine, "begin", _begin)
            return engine
        if parsed.drivername == POSTGRES:
            return create_engine(parsed, pool_size=CONNECTIONS, max_overflow=CONNECTIONS, pool_timeout=15)
    except ImportError as error:
        raise Weather(
            N_("The library for PostgreSQL is not installed."),
            N_("Install FamilyDesk with what a hub needs: familydesk[hub]."),
        ) from error
    except (ArgumentError, NoSuchModuleError, ValueError):
        pass
    raise Refused(N_("The hub's database is SQLite, or PostgreSQL given as postgresql+psycopg://..."))


def _prepare(opened: Any, _record: object) -> None:
    opened.isolation_level = None
    for setting in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=15000", "cache_size=-16000"):
        opened.execute(f"PRAGMA {setting}").close()


def _begin(connection: Connection) -> None:
    # A transaction that begins by reading could not write any more after another one has.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


def _bring_up(connection: Connection) -> None:
    """Make the tables, or take them to this version, in one transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MAKING})
    newest = len(STEPS) + 1
    if not inspect(connection).has_table(SCHEMA.name):
        METADATA.create_all(connection)
        connection.execute(insert(SCHEMA).values(version=newest))
        return
    version = connection.execute(select(SCHEMA.c.version)).scalar_one()
    if version > newest:
        raise Refused(N_("This database was written by a newer version of the hub. Install that version here."))
    for step in STEPS[version - 1 :]:
        step(connection)
    connection.execute(update(SCHEMA).values(version=newest))


def _silent() -> Weather:
    return Weather(
        N_("The hub's database cannot be opened."),
        N_("Check its address, that its server runs, and that this user may write there."),
    )
