"""How the person at the desk stands to a record: by the cases it belongs to, and by the offenders she serves.

Asked of the open database each time, by index: an answer that was true before a handover must not outlive it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from uuid import UUID

from sqlalchemy import Connection

from familydesk.core.fields import Kind
from familydesk.core.record import Record, StreamKind, references
from familydesk.records import SHEETS, sheet_of
from familydesk.services.rights import Relation

_OF_PERSON = (
    'SELECT id, responsible_id FROM "case" WHERE client_id = ? '
    'UNION SELECT c.id, c.responsible_id FROM family_member m JOIN "case" c ON c.family_id = m.family_id '
    "WHERE m.person_id = ?"
)
_OF_FAMILY = 'SELECT id, responsible_id FROM "case" WHERE family_id = ?'
_OF_CASE = 'SELECT id, responsible_id FROM "case" WHERE id = ?'
_VICTIMS = (
    'SELECT i.victim_id FROM incident i JOIN "case" c ON c.client_id = i.offender_id '
    "WHERE c.responsible_id = ? AND i.victim_id IS NOT NULL"
)
"""Whom those have hurt whose cases she is responsible for."""

Cases = set[tuple[str, str | None]]
"""Ids of cases, each with who is responsible."""


def relation(connection: Connection, me: UUID, record: Record) -> Relation:
    """How `me` stands to the cases of `record`; the nearest, if there are several."""
    cases = _cases(connection, record)
    if not cases or any(responsible in (None, me.hex) for _id, responsible in cases):
        return Relation.OWN
    return Relation.TEAM if _works_in(connection, me, (id_ for id_, _responsible in cases)) else Relation.OTHER


def victims_opposite(connection: Connection, me: UUID) -> frozenset[UUID]:
    """Victims of the offenders whom `me` serves: how to reach them she never sees."""
    return frozenset(UUID(row[0]) for row in connection.exec_driver_sql(_VICTIMS, (me.hex,)))


def people_of(record: Record) -> set[UUID]:
    """Everybody whom a record speaks of."""
    named = {getattr(record, field.name) for field in references(type(record), "person")}
    return {one for one in named | ({record.id} if record.sheet() == "person" else set()) if one}


def _cases(connection: Connection, record: Record) -> Cases:
    stream = record.stream
    if stream.kind is not StreamKind.CENTER:
        case_id = _at_end_of(connection, record, stream.path.split("."))
        return _asked(connection, _OF_CASE, case_id) if case_id else _of_people(connection, record)
    family_id = record.id if record.sheet() == "family" else getattr(record, "family_id", None)
    if family_id:
        return _asked(connection, _OF_FAMILY, family_id)
    return _of_people(connection, record)


def _of_people(connection: Connection, record: Record) -> Cases:
    return {case for person in people_of(record) for case in _asked(connection, _OF_PERSON, person, person)}


def _asked(connection: Connection, query: str, *ids: UUID) -> Cases:
    return {tuple(row) for row in connection.exec_driver_sql(query, tuple(one.hex for one in ids))}


def _at_end_of(connection: Connection, record: Record, path: list[str]) -> UUID | None:
    """The case that a stream's path leads to."""
    value = getattr(record, path[0])
    sheet = type(record)
    for name, following in zip(path, path[1:], strict=False):
        if not value:
            return None
        target = sheet.field(name).target or ""
        row = connection.exec_driver_sql(f'SELECT "{following}" FROM "{target}" WHERE id = ?', (value.hex,)).first()
        value, sheet = UUID(row[0]) if row and row[0] else None, sheet_of(target)
    return value if isinstance(value, UUID) else None


def _works_in(connection: Connection, me: UUID, cases: Iterable[str]) -> bool:
    return any(
        connection.exec_driver_sql(query, {"case": case, "me": me.hex}).first() for case in cases for query in _team()
    )


@cache
def _team() -> tuple[str, ...]:
    """One question for each sheet of a case on which colleagues are written down."""
    queries = []
    for sheet in SHEETS:
        staff = references(sheet, "staff_member")
        if staff and any(field.name == "case_id" and field.kind is Kind.REFERENCE for field in sheet.fields()):
            named = " OR ".join(f'"{field.name}" = :me' for field in staff)
            queries.append(f'SELECT 1 FROM "{sheet.sheet()}" WHERE case_id = :case AND ({named}) LIMIT 1')
    return tuple(queries)
