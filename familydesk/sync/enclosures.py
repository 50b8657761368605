"""Restricted cases as they matter to what arrives: which records lie sealed, and which new ones have to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from familydesk.core.record import Record, StreamKind
from familydesk.store.case_keys import MARK, CaseKeys, is_token
from familydesk.sync.merge import Value


class Enclosures:
    """The restricted cases of one store, inside one transaction."""

    def __init__(self, connection: Connection, keys: CaseKeys) -> None:
        self._connection = connection
        self._keys = keys
        self._cases = set(connection.exec_driver_sql("SELECT case_id FROM restricted_case").scalars())
        self._sealed: dict[str, str] = {}

    def look_up(self, records: Iterable[str]) -> None:
        """Learn which of these records lie sealed."""
        if self._cases:
            query = "SELECT record, case_id FROM sealed_record WHERE record IN (SELECT value FROM json_each(?))"
            rows = self._connection.exec_driver_sql(query, (json.dumps(sorted(records)),))
            self._sealed |= {record: case for record, case in rows}

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
