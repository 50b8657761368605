"""What the change log knows of some records: their changes, what each replaced, and what of that has not come yet."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection

from familydesk.store.capture import GONE, WHOLE
from familydesk.store.case_keys import CaseKeys
from familydesk.sync.laptops import Laptops
from familydesk.sync.merge import Value, Written
from familydesk.sync.values import part
from familydesk.sync.wire.change import Version


class Row(NamedTuple):
    """One row of the change log."""

    seq: int
    sheet: str
    record: str
    field: str
    value: str | None
    version: Version


@dataclass(slots=True)
class History:
    """The changes of one record, oldest arrival first."""

    by_seq: dict[int, Row] = field(default_factory=dict)
    formers: defaultdict[int, set[Version]] = field(default_factory=partial(defaultdict, set))
    """By a change's number: the versions that it replaces or knew of, whether they are here or not."""
    by_version: dict[Version, Row] = field(default_factory=dict)
    sheet: str = ""
    """The sheet of what is here of it."""
    begun: bool = False
    """Whether the beginning of the record is here."""
    gone: bool = False
    """Whether the record was erased here."""
    _parsed: dict[int, dict[str, Value]] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        """One change more."""
        self.by_seq[row.seq] = row
        self.by_version[row.version] = row
        self.sheet = row.sheet
        self.begun |= row.field == WHOLE
        self.gone |= row.field == GONE

    @property
    def rows(self) -> Collection[Row]:
        """The changes in the order in which they came."""
        return self.by_seq.values()

    def versions(self, name: str, keys: CaseKeys) -> list[Written]:
        """The versions of a field: its own changes, and the beginnings of the record.

        A record that two laptops began alike (a pair of people to look at) has two of them; whoever edits it has seen
        what both say.
        """
        begun = [row for row in self.rows if row.field == WHOLE]
        return [*self.edits(name, keys), *(Written(row.version, part(self._whole(row, keys), name)) for row in begun)]

    def edits(self, name: str, keys: CaseKeys) -> list[Written]:
        """Its own changes alone. Where there is one, no beginning is in the front, and none has to be read."""
        begun = {row.version for row in self.rows if row.field == WHOLE}
        return [
            Written(row.version, self._value(row, keys), frozenset(self.formers[row.seq] | begun))
            for row in self.rows
            if row.field == name
        ]

    def edited(self) -> set[str]:
        """The fields that were written after the beginning."""
        return {row.field for row in self.rows} - {WHOLE, GONE}

    def newest(self, name: str) -> int:
        """The change that the log alone would take for the newest of a field."""
        own = [row.seq for row in self.rows if row.field == name]
        return max(own or [row.seq for row in self.rows if row.field == WHOLE])

    def seq(self, version: Version) -> int:
        """The number of a change that is here."""
        return self.by_version[version].seq

    def _value(self, row: Row, keys: CaseKeys) -> Value:
        text = keys.text(row.sheet, row.record, row.field, row.value)
        value: Value = json.loads(text) if text is not None else None
        return value

    def _whole(self, row: Row, keys: CaseKeys) -> dict[str, Value]:
        if row.seq not in self._parsed:
            text = keys.text(row.sheet, row.record, row.field, row.value)
            self._parsed[row.seq] = json.loads(text) if text else {}
        return self._parsed[row.seq]


_ROWS = (
    "SELECT seq, sheet, record, field, value, clock, device, replaces FROM change "
    "WHERE record IN (SELECT value FROM json_each(?)) ORDER BY seq"
)
_REPLACED = (
    "SELECT replaced.seq, former.clock, former.device, later.record FROM change AS later "
    "JOIN replaced ON replaced.seq = later.seq JOIN change AS former ON former.seq = replaced.former "
    "WHERE later.record IN (SELECT value FROM json_each(?))"
)
_EXPECTED = (
    "SELECT change.record, expected.seq, expected.clock, expected.device FROM expected "
    "JOIN change ON change.seq = expected.seq WHERE change.record IN (SELECT value FROM json_each(?))"
)


def load(connection: Connection, laptops: Laptops, records: Iterable[str]) -> dict[str, History]:
    """The histories of these records (ids in hex); of one that is not here, an empty one."""
    wanted = sorted(set(records))
    found = {record: History() for record in wanted}
    given = (json.dumps(wanted),)
    for seq, record, former in _load_rows(connection, laptops, found, given):
        # An erased version bears no record any more: what replaced it replaces nothing that is here.
        if (row := found[record].by_seq.get(former)) is not None:
            found[record].formers[seq].add(row.version)
    for seq, clock, device, record in connection.exec_driver_sql(_REPLACED, given):
        found[record].formers[seq].add(Version(clock, laptops.writer(device, clock)))
    for record, seq, clock, device in _expected(connection, given):
        found[record].formers[seq].add(Version(clock, bytes.fromhex(device)))
    return found


def _load_rows(
    connection: Connection, laptops: Laptops, found: dict[str, History], given: tuple[str]
) -> list[tuple[int, str, int]]:
    replaces = []
    for seq, sheet, record, name, value, clock, device, former in connection.exec_driver_sql(_ROWS, given):
        version = Version(clock, laptops.writer(device, clock))
        found[record].add(Row(seq, sheet, record, name, value, version))
        if former is not None:
            replaces.append((seq, record, former))
    return replaces


def _expected(connection: Connection, given: tuple[str]) -> Sequence[Any]:
    if connection.exec_driver_sql("SELECT 1 FROM expected LIMIT 1").first() is None:
        return ()
    return connection.exec_driver_sql(_EXPECTED, given).all()
