"""The encrypted file, open: one engine, its guards and pragmas, reading and writing sessions, and word of what
was touched.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from familydesk.core.alphabet import sort_key
from familydesk.core.errors import Weather
from familydesk.store import capture, durable, front, guards, tables
from familydesk.store.case_keys import CaseKeys
from familydesk.store.hybrid_clock import HybridClock
from familydesk.store.migrations import newest
from familydesk.store.overlay import Overlay
from familydesk.store.privileged import Privileged
from familydesk.store.sealing_session import KEYS, TAKEN_IN, SealingSession, TakenIn
from familydesk.store.veil import VEIL, Veil, VeiledSession

SCHEMA = newest()
"""The schema that this program writes; a file with a larger number was written by a newer program."""

NOBODY = UUID(int=0)
WRITER_CACHE_KIB = 64_000
READER_CACHE_KIB = 8_000

REWRITE = "rewrite"
"""The note in `meta` that something was erased and the file still waits to be written anew."""
CLOCK = "clock"
"""In `meta`: where the clock stood when something from another laptop was applied last."""
QUICKLY_REWRITTEN = 64 * 1024 * 1024
"""A file of so many bytes is written anew in about a second; a larger one when nobody waits."""

_LAST_STAMP = (
    "SELECT max(coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key = ?), 0), "
    "coalesce((SELECT clock FROM change WHERE seq = (SELECT max(seq) FROM change) AND device = ?), 0))"
)
"""Whatever this laptop wrote since something was applied stands after it; before that, the note in `meta` is later."""

Listener = Callable[[frozenset[str]], None]
Judge = Callable[[Connection, list[tuple[str, str, str]]], None]
"""Given sheet, record and field of each."""
log = logging.getLogger(__name__)


def _log_defect(error: Exception) -> None:
    # Its kind only: an error's own words may hold a value.
    log.error("a listener failed after a commit: %s", type(error).__name__)


class Database:
    """One open store file. Every thread may read; writes stand in line (BEGIN IMMEDIATE)."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        self.actor = NOBODY
        self.privileged = Privileged(NOBODY, {})
        self.veil: Veil | None = None
        self.device = 1
        self.capturing = True
        self.case_keys = CaseKeys()
        self.told_sealed: TakenIn | None = None
        self.judge: Judge | None = None
        """Asked at the end of a write to judge the fields of several versions among what it wrote."""
        self.clock = HybridClock()
        self.key = key
        self._transaction = 0
        self._touched: set[str] = set()
        self.tell_defect: Callable[[Exception], None] = _log_defect
        self._listeners: list[Listener] = []
        self._connections = 0
        self._writing = threading.RLock()
        self.engine = self._engine()

    @classmethod
    def create(cls, path: Path, key: bytes) -> Database:
        """A new, empty store at `path`, schema and triggers in place. Refused if something stands there already."""
        guards.refuse_existing(path)
        with guards.told_plainly():
            durable.create_closed(path)
        database = cls(path, key)
        try:
            with database.connection(write=True) as connection:
                tables.metadata.create_all(connection)
                connection.exec_driver_sql("INSERT INTO meta(key, value) VALUES('schema', ?)", (str(SCHEMA),))
                capture.install(connection)
                _install_search(connection)
        except BaseException:
            database.close()
            raise
        return database

    @classmethod
    def open(cls, path: Path, key: bytes) -> Database:
        """An existing store. Weather if the file is missing, not ours, damaged, newer, or opens with another key."""
        guards.check_file(path)
        database = cls(path, key)
        try:
            with database.connection() as connection:
                guards.check_schema(connection, SCHEMA)
            database._wake()
            # A program killed after an erasure left this to do. A full disk must not keep anybody from her work.
            with suppress(Weather):
                database.rewrite(at_most=QUICKLY_REWRITTEN)
        except BaseException:
            database.close()
            raise
        return database

    def _wake(self) -> None:
        with self.connection(write=True) as connection:
            capture.install(connection)
            last = connection.exec_driver_sql(_LAST_STAMP, (CLOCK, self.device)).scalar()
        self.clock = HybridClock(last or 0)

    def rewrite(self, at_most: int | None = None) -> bool:
        """If something was erased: write the file anew from its rows alone, and empty the write-ahead log.

        Gives back whether no stale copy is left; False while another connection still reads what stood there before, or
        if the file has more bytes than `at_most`: then only the log is emptied, and the note stays for whoever has time
        (it takes as long as copying the file). Weather if the disk is too full for a second copy; the note stays too.
        """
        with self._writing, guards.told_plainly(self.path), self._unguarded() as execute:
            if not execute("SELECT 1 FROM meta WHERE key = ?", (REWRITE,)).fetchone():
                return True
            if at_most is not None and self.path.stat().st_size > at_most:
                execute("PRAGMA wal_checkpoint(TRUNCATE)")
                return False
            execute("VACUUM")
            busy = execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if not busy:
                execute("DELETE FROM meta WHERE key = ?", (REWRITE,))
            return not busy

    @contextmanager
    def _unguarded(self) -> Iterator[Callable[..., Any]]:
        """A connection of its own, outside any transaction: where views stand in for sheets no file is written anew."""
        connection = self._connect()
        try:
            yield connection.cursor().execute
        finally:
            connection.close()

    def close(self) -> None:
        """Close every connection; the write-ahead log goes with the last of them."""
        self.engine.dispose()

    # Sessions

    @contextmanager
    def read(self, whole: bool = False) -> Iterator[Session]:
        """A session that only reads, and only what the person at the desk may see.

        `whole` is for the program's own work (counting, indexing, merging), whose records nobody is shown.
        """
        with guards.told_plainly(self.path), self._reading(whole) as session:
            yield session

    def _reading(self, whole: bool) -> Session:
        if whole or self.veil is None:
            return Session(self.engine, expire_on_commit=False)
        return VeiledSession(self.engine, expire_on_commit=False, info={VEIL: self.veil})

    @contextmanager
    def write(self, whole: bool = False) -> Iterator[Session]:
        """One transaction: committed whole at the end, or not at all; the veil has the last word.

        Afterwards listeners hear which sheets it touched. `whole` is for what the program writes in nobody's name, as
        what came from other laptops: no veil is asked.
        """
        with self._writing:
            outer = self._transaction
            if outer:
                raise RuntimeError("one write inside another")
            self._touched = set()
            try:
                with guards.told_plainly(self.path), self._writing_session(whole) as session, session.begin():
                    self._transaction = self.clock.tick()
                    yield session
                    session.flush()
                    self._note_touched(session)
                    self._judge_written(session.connection())
                    if self.veil is not None and not whole:
                        self.veil.settle(session)
            finally:
                self._transaction = 0
            touched = frozenset(self._touched)
        self._announce(touched)

    def _judge_written(self, connection: Connection) -> None:
        if self.judge is not None and (several := front.written(connection, self._transaction)):
            self.judge(connection, several)

    def _writing_session(self, whole: bool) -> SealingSession:
        info = {KEYS: self.case_keys, TAKEN_IN: self.told_sealed, VEIL: None if whole else self.veil}
        return SealingSession(self._writer(), expire_on_commit=False, info=info)

    @contextmanager
    def connection(self, write: bool = False) -> Iterator[Connection]:
        """A plain connection inside a transaction, for the store's own upkeep."""
        with guards.told_plainly(self.path), (self._writer() if write else self.engine).begin() as connection:
            yield connection

    def _writer(self) -> Engine:
        return self.engine.execution_options(familydesk_write=True)

    # What was touched

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` after each commit with the names of the sheets it touched; gives back how to stop."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def touch(self, sheets: Iterable[str]) -> None:
        """Say, inside a write, that it touches these sheets without a change of theirs."""
        self._touched.update(sheets)

    def _note_touched(self, session: Session) -> None:
        rows = session.connection().exec_driver_sql(
            "SELECT DISTINCT sheet FROM change WHERE txn = ?", (self._transaction,)
        )
        self._touched.update(row[0] for row in rows)

    def _announce(self, touched: frozenset[str]) -> None:
        """Tell every listener. One that fails is a defect, told as one: what it heard of is saved all the same."""
        for listener in list(self._listeners) if touched else ():
            try:
                listener(touched)
            except Exception as error:
                self.tell_defect(error)

    # Connections

    def _engine(self) -> Engine:
        engine = create_engine(
            "sqlite://",
            module=guards.binding(),
            creator=self._connect,
            poolclass=QueuePool,
            pool_size=2,
            max_overflow=8,
            hide_parameters=True,
        )
        event.listen(engine, "connect", self._overlaid)
        event.listen(engine, "begin", _begin)
        event.listen(engine, "before_cursor_execute", _past_the_views, retval=True)
        return engine

    def _overlaid(self, connection: Any, record: ConnectionPoolEntry) -> None:
        overlay = record.info[Overlay] = Overlay(self.case_keys)
        for name, arguments, function in overlay.functions():
            connection.create_function(name, arguments, function)
        connection.create_function("fd_capture", 0, lambda: int(self.capturing and overlay.captures))

    def _connect(self) -> Any:
        connection = guards.binding().connect(str(self.path), isolation_level=None, check_same_thread=False, timeout=10)
        try:
            guards.unlock(connection, self.key)
            self._prepare(connection)
        except BaseException:
            # A connection left open would keep the file from being moved aside.
            connection.close()
            raise
        return connection

    def _prepare(self, connection: Any) -> None:
        self._connections += 1
        cache = WRITER_CACHE_KIB if self._connections == 1 else READER_CACHE_KIB
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        connection.execute(f"PRAGMA cache_size = -{cache}")
        self._lend_functions(connection)

    def _lend_functions(self, connection: Any) -> None:
        connection.create_function("fd_clock", 0, lambda: self.clock.tick())
        connection.create_function("fd_transaction", 0, lambda: self._transaction)
        connection.create_function("fd_actor", 0, lambda: self.actor.hex)
        connection.create_function("fd_device", 0, lambda: self.device)
        connection.create_function("fd_sort_key", 1, sort_key, deterministic=True)


_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    # Nothing of an unfinished transaction reaches the disk, so that what is sealed before the end was never there.
    "PRAGMA cache_spill = OFF",
    # Every acknowledged write survives a cut of power, not only the end of the process.
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA recursive_triggers = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA foreign_keys = OFF",
)


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("familydesk_write")
    Overlay.of(connection).bring_up(connection, writes=bool(write))
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _past_the_views(
    connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
) -> tuple[str, Any]:
    return Overlay.of(connection).past_the_views(statement), parameters


def _install_search(connection: Connection) -> None:
    from familydesk.store import search_index

    search_index.create(connection)
