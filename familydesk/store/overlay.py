"""The overlay: how one connection reads records that lie sealed in the file as if they lay on their sheets.

For each sheet that can belong to a case it stands a temporary table (in memory: `temp_store`), filled with the opened
records of the restricted cases whose keys are at hand, and a temporary view that bears the sheet's name and holds both.
SQLite looks among temporary names first, so that every query of every room sees those records, and without the key
nobody's query does. What is written into the temporary table is sealed into the file by triggers on it, in the writer's
own transaction; the sheet's own table never holds it, not even for a moment.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, MetaData, String, Table

from familydesk.core.record import Record, StreamKind
from familydesk.records import SHEETS
from familydesk.store import capture
from familydesk.store.case_keys import CaseKeys

SEALABLE: tuple[type[Record], ...] = tuple(sheet for sheet in SHEETS if sheet.stream.kind is not StreamKind.CENTER)
"""Sheets whose records can belong to a restricted case."""
PREFIX = "open_"
OF_CASE = "of_case"
EPOCH = "restricted"
"""The fact of the file that changes whenever a case is restricted, opened up or given other readers."""
NEXT_EPOCH = f"INSERT OR REPLACE INTO meta(key, value) VALUES('{EPOCH}', lower(hex(randomblob(8))))"

_NAMES = frozenset(sheet.sheet() for sheet in SEALABLE)
_WRITES = re.compile(r'^\s*(INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?')
_STATE = f"SELECT (SELECT value FROM meta WHERE key = '{EPOCH}'), (SELECT max(seq) FROM sealed_record)"

_TRIGGERS = "sqlite_temp_master WHERE type = 'trigger'"

_OPEN = MetaData()
TABLES: dict[str, Table] = {
    sheet.sheet(): Table(
        PREFIX + sheet.sheet(),
        _OPEN,
        *(Column(column.name, column.type) for column in sheet.__table__.columns),
        Column(OF_CASE, String(32)),
    )
    for sheet in SEALABLE
}
"""The temporary tables, as the ORM's columns read and write them."""

_PLACE = capture.Place(
    "CREATE TEMP TRIGGER",
    PREFIX,
    "fd_sealing() > 1",
    # Taken away, a record has no value; NEW stands only where there is one.
    f"fd_sealed_value(NEW.{OF_CASE}, '{{sheet}}', NEW.id, '{{field}}', {{value}})",
)

LOADING, SEALING, CAPTURING = 0, 1, 2
"""What triggers do: nothing; seal the row of a temporary table; seal it and write down the change, as on any sheet."""


class Overlay:
    """The overlay of one connection; `connection.info[Overlay]` has it."""

    def __init__(self, keys: CaseKeys) -> None:
        self._keys = keys
        self._state: tuple[Any, Any] = (None, None)
        self._mode = CAPTURING
        self.stands = False

    @classmethod
    def of(cls, connection: Connection) -> Overlay:
        """That of a connection."""
        overlay: Overlay = connection.info[cls]
        return overlay

    def functions(self) -> Iterator[tuple[str, int, Callable[..., Any]]]:
        """The functions that its triggers call: name, number of arguments, function."""
        yield "fd_sealing", 0, lambda: self._mode
        yield "fd_generation", 1, self._keys.generation
        yield "fd_sealed_value", 5, self._keys.token
        yield "fd_sealed_row", 5, self._sealed_row

    def _sealed_row(self, sheet: str, record: str, case: str, version: int, row: str) -> bytes:
        return self._keys.seal(case, bound(sheet, record, version), row.encode())

    # In step with the file

    def bring_up(self, connection: Connection, writes: bool = False) -> None:
        """Fill in what was sealed since the last time. Before a transaction begins, so that no rollback takes it.

        `writes`: whether the transaction will write; only then the triggers stand. A statement whose triggers could
        write into the file waits for every other writer, even if they do nothing.
        """
        if not self._keys.ready:
            return
        self._follow(connection)
        if writes and self.stands:
            self.arm(connection)

    def _follow(self, connection: Connection) -> None:
        epoch, newest = connection.exec_driver_sql(_STATE).one()
        if (epoch, newest) == self._state:
            return
        if epoch != self._state[0]:
            self._keys.learn(connection)
            self.take_down(connection)
            self._state = (epoch, None)
        if self._keys.open_cases():
            self.stand(connection)
            self._load(connection, self._state[1] or 0)
        self._state = (epoch, newest)

    def stand(self, connection: Connection) -> None:
        """Make the tables and views if they are not there."""
        for sheet in () if self._standing(connection) else SEALABLE:
            for statement in _standing(sheet):
                connection.exec_driver_sql(statement)
        self.stands = True

    @staticmethod
    def arm(connection: Connection) -> None:
        """Make the triggers that are not there."""
        armed = set(connection.exec_driver_sql(f"SELECT tbl_name FROM {_TRIGGERS}").scalars())
        for sheet in SEALABLE:
            if PREFIX + sheet.sheet() not in armed:
                for statement in _triggers(sheet):
                    connection.exec_driver_sql(statement)

    @staticmethod
    def _disarm(connection: Connection, sheet: str) -> None:
        names = connection.exec_driver_sql(f"SELECT name FROM {_TRIGGERS} AND tbl_name = ?", (PREFIX + sheet,))
        for name in names.scalars().all():
            connection.exec_driver_sql(f'DROP TRIGGER temp."{name}"')

    @staticmethod
    def _standing(connection: Connection) -> bool:
        # Asked of the connection: what was made in a transaction goes with its rollback.
        found = connection.exec_driver_sql("SELECT count(*) FROM sqlite_temp_master WHERE type = 'view'")
        return bool(found.scalar_one())

    def take_down(self, connection: Connection) -> None:
        """Take them away, and what they hold with them."""
        if self._standing(connection):
            for sheet in SEALABLE:
                connection.exec_driver_sql(f'DROP VIEW temp."{sheet.sheet()}"')
                connection.exec_driver_sql(f'DROP TABLE temp."{PREFIX}{sheet.sheet()}"')
        self.stands = False

    def _load(self, connection: Connection, after: int) -> None:
        query = (
            "SELECT record, sheet, case_id, generation, version, sealed FROM sealed_record WHERE seq > ? ORDER BY seq"
        )
        rows = connection.exec_driver_sql(query, (after,)).all()
        for name in {row[1] for row in rows}:
            self._disarm(connection, name)
        with self.mode(LOADING):
            for record, sheet, case, generation, version, sealed in rows:
                opened = self._keys.unseal((case, generation), bound(sheet, record, version), sealed)
                if opened is not None and self._keys.current(case) is not None:
                    _put(connection, sheet, {**json.loads(opened), OF_CASE: case})

    @contextmanager
    def mode(self, mode: int) -> Iterator[None]:
        """What the triggers do meanwhile."""
        before, self._mode = self._mode, mode
        try:
            yield
        finally:
            self._mode = before

    @property
    def captures(self) -> bool:
        """Whether changes are written down: not those of rows that only move between their sheet and the seal."""
        return self._mode == CAPTURING

    # Questions

    def case_of(self, connection: Connection, sheet: str, record: str) -> str | None:
        """The restricted case of a record that is open here; None if it lies on its sheet, or nowhere."""
        if not self.stands or sheet not in _NAMES:
            return None
        query = f'SELECT {OF_CASE} FROM temp."{PREFIX}{sheet}" WHERE id = ?'
        case: str | None = connection.exec_driver_sql(query, (record,)).scalar()
        return case

    def among(self, connection: Connection, sheet: str, records: list[UUID]) -> frozenset[UUID]:
        """Which of these records lie sealed."""
        if not self.stands or sheet not in _NAMES:
            return frozenset()
        return frozenset(one for one in records if self.case_of(connection, sheet, one.hex) is not None)

    def opened(self, connection: Connection, sheet: str, column: str) -> list[tuple[str, Any]]:
        """The ids of a sheet's records that lie sealed and open here, each with the value of one column."""
        query = f'SELECT id, "{column}" FROM temp."{PREFIX}{sheet}"'
        return [(row[0], row[1]) for row in connection.exec_driver_sql(query)] if self.stands else []

    def past_the_views(self, statement: str) -> str:
        """`statement` writing into the sheet's own table: nobody writes into a view."""
        found = _WRITES.match(statement) if self.stands else None
        if found is None or found[2] not in _NAMES:
            return statement
        return f'{found[1]} main."{found[2]}"{statement[found.end() :]}'


def bound(sheet: str, record: str, version: int) -> dict[str, Any]:
    """To what a sealed record is bound, beside its case and the generation of the key."""
    return {"what": "familydesk sealed record 1", "sheet": sheet, "record": record, "version": version}


def _put(connection: Connection, sheet: str, row: dict[str, Any]) -> None:
    known = {column.name for column in TABLES[sheet].columns}
    held = {name: value for name, value in row.items() if name in known}
    names = ", ".join(f'"{name}"' for name in held)
    marks = ", ".join("?" * len(held))
    statement = f'INSERT OR REPLACE INTO temp."{PREFIX}{sheet}"({names}) VALUES({marks})'
    connection.exec_driver_sql(statement, tuple(held.values()))


def columns(sheet: type[Record]) -> str:
    """The columns of a sheet, as SQL."""
    return ", ".join(f'"{column.name}"' for column in sheet.__table__.columns)


def _standing(sheet: type[Record]) -> Iterator[str]:
    name, held = sheet.sheet(), columns(sheet)
    # Made from the sheet's own table, so that its columns have the same affinities and the view is looked through.
    yield f'CREATE TEMP TABLE "{PREFIX}{name}" AS SELECT {held}, \'\' AS {OF_CASE} FROM main."{name}" WHERE 0'
    yield f'CREATE UNIQUE INDEX temp."{PREFIX}{name}_id" ON "{PREFIX}{name}"(id)'
    # What is sealed counts: a row that somebody put on the sheet under the id of a sealed record is not seen beside it.
    twice = f'SELECT 1 FROM temp."{PREFIX}{name}" AS opened WHERE opened.id = main."{name}".id'
    yield (
        f'CREATE TEMP VIEW "{name}" AS SELECT {held} FROM main."{name}" WHERE NOT EXISTS ({twice}) '
        f'UNION ALL SELECT {held} FROM temp."{PREFIX}{name}"'
    )


def _triggers(sheet: type[Record]) -> Iterator[str]:
    name = sheet.sheet()
    yield from capture.definitions(_PLACE, (sheet,))
    for event in ("INSERT", "UPDATE"):
        yield (
            f'CREATE TEMP TRIGGER "{PREFIX}seal_{name}_{event}" AFTER {event} ON "{PREFIX}{name}" '
            f"WHEN fd_sealing() > 0 BEGIN {_sealing(sheet)}; END"
        )
    yield (
        f'CREATE TEMP TRIGGER "{PREFIX}seal_{name}_DELETE" AFTER DELETE ON "{PREFIX}{name}" '
        f"WHEN fd_sealing() > 0 BEGIN DELETE FROM sealed_record WHERE record = OLD.id; {NEXT_EPOCH}; END"
    )
    for event in ("INSERT", "UPDATE") if name in _KEPT_APART else ():
        yield (
            f'CREATE TEMP TRIGGER "{PREFIX}apart_{name}_{event}" AFTER {event} ON "{PREFIX}{name}" '
            f"WHEN fd_sealing() > 0 BEGIN {_keeping_apart(name)} END"
        )


_KEPT_APART: dict[str, tuple[tuple[str, str], ...]] = {
    "case": (("''", "client_id"), ("''", "family_id"), ("kept_from_id", "client_id"), ("kept_from_id", "family_id")),
    "incident": (("offender_id", "victim_id"),),
    "protective_order": (("offender_id", "victim_id"),),
}
"""What of a sealed record must still be known to keep people apart: who (empty: everybody not named), and from whom."""


def _keeping_apart(sheet: str) -> str:
    def of_new(name: str) -> str:
        return name if name == "''" else f"NEW.{name}"

    return " ".join(
        f"INSERT OR IGNORE INTO kept_apart(case_id, one, other) SELECT NEW.{OF_CASE}, {of_new(one)}, NEW.{other} "
        f"WHERE {of_new(one)} IS NOT NULL AND NEW.{other} IS NOT NULL;"
        for one, other in _KEPT_APART[sheet]
    )


def _sealing(sheet: type[Record]) -> str:
    row = ", ".join(f"'{column.name}', NEW.\"{column.name}\"" for column in sheet.__table__.columns)
    return (
        "INSERT OR REPLACE INTO sealed_record(record, seq, sheet, case_id, generation, version, sealed) "
        "SELECT NEW.id, (SELECT coalesce(max(seq), 0) + 1 FROM sealed_record), "
        f"'{sheet.sheet()}', NEW.{OF_CASE}, fd_generation(NEW.{OF_CASE}), next.version, "
        f"fd_sealed_row('{sheet.sheet()}', NEW.id, NEW.{OF_CASE}, next.version, json_object({row})) FROM "
        "(SELECT coalesce((SELECT version FROM sealed_record WHERE record = NEW.id), 0) + 1 AS version) AS next"
    )
