"""Restricted cases as they matter to what arrives: which records lie sealed, and which new ones have to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import Connection

from familydesk.core.record import Record, StreamKind
from familydesk.store.case_keys import MARK, CaseKeys, is_token
from familydesk.store.database import REWRITE
from familydesk.sync.merge import Value
from familydesk.sync.parking import Parked, Reason, park, take_up_of
from familydesk.sync.wire.change import Change

_OF_CASE = """SELECT record, case_id, 0 FROM sealed_record WHERE record IN (SELECT value FROM json_each(?1))
    UNION ALL SELECT record, waits_for, 1 FROM parked
    WHERE reason = 'CASE' AND record IN (SELECT value FROM json_each(?1))"""


class Enclosures:
    """The restricted cases of one store, inside one transaction."""

    def __init__(self, connection: Connection, keys: CaseKeys) -> None:
        self._connection = connection
        self._keys = keys
        self._cases = set(connection.exec_driver_sql("SELECT case_id FROM restricted_case").scalars())
        self._sealed: dict[str, str] = {}

    def look_up(self, records: Iterable[str]) -> None:
        """Learn which of these records lie sealed, or wait for the key of their case."""
        if self._cases:
            rows = self._connection.exec_driver_sql(_OF_CASE, (json.dumps(sorted(records)),)).all()
            waiting = {record: case for record, case, waits in rows if waits and self._keys.current(case) is None}
            self._sealed |= waiting | {record: case for record, case, waits in rows if not waits}

    def enclose(self, sheet: type[Record], record: str, whole: Mapping[str, Value]) -> str | None:
        """The restricted case to which a new record belongs; None if it lies on its sheet."""
        case = self._case_of(sheet, record, whole) if self._cases else None
        if case in self._cases:
            self._sealed[record] = str(case)
        return self._sealed.get(record)

    def of(self, record: str) -> str | None:
        """The restricted case of a record that lies sealed."""
        return self._sealed.get(record)

    def closed(self, record: str) -> str | None:
        """The same, if it does not open here."""
        case = self._sealed.get(record)
        return case if case is not None and self._keys.current(case) is None else None

    @property
    def all(self) -> dict[str, str]:
        """Every sealed record that was asked for, with its case."""
        return self._sealed

    def _case_of(self, sheet: type[Record], record: str, whole: Mapping[str, Value]) -> str | None:
        if sheet.stream.kind is StreamKind.CENTER:
            return None
        first, *rest = sheet.stream.path.split(".")
        if first == "id":
            return record
        held = whole.get(first)
        if not rest or held is None:
            return str(held) if held is not None else None
        return self._case_of_parent(sheet.field(first).target or "", str(held), rest[0])

    def _case_of_parent(self, target: str, parent: str, name: str) -> str | None:
        self.look_up([parent])
        if parent in self._sealed:
            return self._sealed[parent]
        query = f'SELECT "{name}" FROM main."{target}" WHERE id = ?'
        found: str | None = self._connection.exec_driver_sql(query, (parent,)).scalar()
        return found


def case_of_token(value: str | None) -> str | None:
    """The case under whose key a value was sealed; None if it is not sealed with a case."""
    if value is None or not is_token(value):
        return None
    return str(json.loads(value))[len(MARK) :].partition(":")[0]


def enclosed(keys: CaseKeys, case: str, change: Change) -> Change:
    """A change as it is kept that belongs to a restricted case; one that is sealed already as it came."""
    if change.value is None or is_token(change.value) or keys.generation(case) is None:
        return change
    return replace(change, value=keys.token(case, change.sheet, change.record.hex(), change.field, change.value))


def enclose_waiting(connection: Connection, keys: CaseKeys, case: str, records: Iterable[str]) -> None:
    """Let whatever is parked of these records of a restricted case, or hangs on one, wait for its key, sealed.

    It had lain in the open, so the file waits to be written anew.
    """
    while records:
        found = take_up_of(connection, records)
        if found:
            connection.exec_driver_sql("INSERT OR REPLACE INTO meta(key, value) VALUES(?, '1')", (REWRITE,))
        changes = [(one.origin, enclosed(keys, case, one.unpacked())) for one in found]
        park(connection, [Parked.change(origin, Reason.CASE, case, change) for origin, change in changes])
        records = {change.record.hex() for _origin, change in changes} - set(records)
