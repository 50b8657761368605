"""Real encrypted stores that hand each other their changes, without envelopes: what the merge alone brings about."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from familydesk.core.record import Record
from familydesk.records import SHEETS
from familydesk.store import front
from familydesk.store.database import Database
from familydesk.sync.applying import Applied, apply, judge_written, replay_parked
from familydesk.sync.laptops import Laptops
from familydesk.sync.parking import Origin
from familydesk.sync.wire.change import Change, Version


class Laptop:
    """One store that knows its own id."""

    def __init__(self, folder: Path, number: int) -> None:
        self.id = bytes([number]) * 16
        self.database = Database.create(folder / f"laptop-{number}.db", os.urandom(32))
        self.database.actor = UUID(int=number)
        self.wire(self.database)
        with self.database.connection(write=True) as connection:
            connection.exec_driver_sql("INSERT INTO device(number, device) VALUES(1, ?)", (self.id.hex(),))

    @staticmethod
    def wire(database: Database) -> None:
        """What an office does: fields of several versions are judged at the end of a write."""
        database.judge = lambda connection, places: judge_written(database, connection, places)

    def add(self, sheet: type[Record], **values: Any) -> UUID:
        with self.database.write() as session:
            record = sheet(**values)
            session.add(record)
            session.flush()
            return record.id

    def edit(self, sheet: type[Record], id: UUID, **values: Any) -> None:
        with self.database.write() as session:
            record = session.get(sheet, id)
            for name, value in values.items():
                setattr(record, name, value)

    def get(self, sheet: type[Record], id: UUID) -> Record | None:
        with self.database.read(whole=True) as session:
            return session.get(sheet, id)

    def written(self) -> list[Change]:
        """Its own changes, as they would travel."""
        return written(self.database, self.id)

    def take(
        self, other: Laptop, changes: Sequence[Change] | None = None, doubtful: bool = False, wall: int = 0
    ) -> Applied:
        """Apply changes of another laptop, all of them if none are named."""
        origin = Origin(other.id, other.database.actor, 1, wall, doubtful)
        with self.database.write(whole=True) as session:
            connection = session.connection()
            applied = apply(self.database, connection, origin, other.written() if changes is None else changes)
            return applied + replay_parked(self.database, connection, applied.begun)

    # What it holds

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every sheet."""
        return {sheet.sheet(): self._all(f'SELECT * FROM "{sheet.sheet()}" ORDER BY id') for sheet in SHEETS}

    def fronts(self) -> set[tuple[Any, ...]]:
        """Every front, with versions that mean the same everywhere. What stands alone is left out: it depends on the
        order in which things came whether a row says so."""
        query = (
            "SELECT front.record, front.field, front.stands, change.clock, device.device FROM front "
            "JOIN change ON change.seq = front.seq JOIN device ON device.number = change.device "
            "WHERE 1 < (SELECT count(*) FROM front AS other "
            "WHERE other.record = front.record AND other.field = front.field)"
        )
        return set(self._all(query))

    def conflicts(self) -> set[tuple[Any, ...]]:
        """Every open conflict."""
        query = "SELECT id, sheet, record, field FROM conflict WHERE settled IS NULL AND loser IS NOT NULL"
        return set(self._all(query))

    def log(self) -> set[tuple[Any, ...]]:
        """Every change, with its version."""
        query = (
            "SELECT sheet, record, field, value, clock, device.device, actor, txn FROM change "
            "JOIN device ON device.number = change.device"
        )
        return set(self._all(query))

    def parked(self) -> int:
        return int(self._all("SELECT count(*) FROM parked")[0][0])

    def state(self) -> tuple[Any, ...]:
        """All in which laptops that know the same must be equal."""
        return self.rows(), self.fronts(), self.conflicts(), self.log()

    def _all(self, query: str) -> list[tuple[Any, ...]]:
        with self.database.connection() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(query)]

    def close(self) -> None:
        self.database.close()


def written(database: Database, id: bytes) -> list[Change]:
    """What was written on the laptop with this id, as it would travel."""
    with database.connection() as connection:
        rows = connection.exec_driver_sql(
            "SELECT seq, sheet, record, field, value, clock, txn FROM change "
            "WHERE device = 1 AND field NOT IN ('*', '-') ORDER BY seq"
        ).all()
        stamps, laptops = front.stamps(connection, [row[0] for row in rows]), Laptops(connection)
    return [
        Change(
            row[1], bytes.fromhex(row[2]), row[3], row[4], Version(row[5], id),
            tuple(Version(clock, laptops.id(device)) for device, clock in stamps.get(row[0], [])), row[6],
        )
        for row in rows
    ]  # fmt: skip


def exchange(laptops: Iterable[Laptop]) -> None:
    """Everyone hears everything that everyone wrote."""
    every = list(laptops)
    for here in every:
        for there in every:
            if here is not there:
                here.take(there)


Make = Callable[[int], Laptop]
