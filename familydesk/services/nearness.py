"""How the person at the desk stands to a record: by the cases it belongs to, and by the offenders she serves.

Asked of the open database each time, by index: an answer that was true before a handover must not outlive it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from familydesk.core.fields import Kind
from familydesk.core.record import Record, StreamKind, references
from familydesk.records import SHEETS, sheet_of
from familydesk.services.rights import Relation

_SEALED = "-"
"""Who is responsible for a restricted case, as far as whoever is not named in it may know."""
_OF_PERSON = (
    'SELECT id, responsible_id FROM "case" WHERE client_id = ?1 '
    'UNION SELECT c.id, c.responsible_id FROM family_member m JOIN "case" c ON c.family_id = m.family_id '
    "WHERE m.person_id = ?1 "
    f"UNION SELECT case_id, '{_SEALED}' FROM kept_apart WHERE one = '' AND other = ?1 "
    f"UNION SELECT k.case_id, '{_SEALED}' FROM family_member m JOIN kept_apart k ON k.other = m.family_id "
    "WHERE k.one = '' AND m.person_id = ?1"
)
_OF_FAMILY = (
    'SELECT id, responsible_id FROM "case" WHERE family_id = ?1 '
    f"UNION SELECT case_id, '{_SEALED}' FROM kept_apart WHERE one = '' AND other = ?1"
)
_OF_CASE = 'SELECT id, responsible_id FROM "case" WHERE id = ?'
_RESPONSIBLE = 'SELECT id FROM "case" WHERE responsible_id = :me'
_OPPOSITE = """
WITH offender(id) AS (SELECT client_id FROM "case" WHERE client_id IS NOT NULL AND id IN ({served})),
victim(id) AS (
  SELECT victim_id FROM incident WHERE offender_id IN (SELECT id FROM offender)
  UNION SELECT victim_id FROM protective_order WHERE offender_id IN (SELECT id FROM offender)
  UNION SELECT other FROM kept_apart WHERE one IN (SELECT id FROM offender))
SELECT id FROM victim WHERE id IS NOT NULL
UNION SELECT beside.person_id FROM family_member m JOIN family_member beside ON beside.family_id = m.family_id
  WHERE m.person_id IN (SELECT id FROM victim) AND beside.person_id NOT IN (SELECT id FROM offender)
"""
"""Whom those have hurt who are served, and who lives with her: her child's address is her own."""
_KEPT_FROM = 'SELECT id FROM "case" WHERE kept_from_id = ?'
_PEOPLE_KEPT_FROM = """
SELECT client_id FROM "case" WHERE kept_from_id = :me AND client_id IS NOT NULL
UNION SELECT m.person_id FROM "case" c JOIN family_member m ON m.family_id = c.family_id
  WHERE c.kept_from_id = :me AND m.person_id IS NOT NULL
UNION SELECT other FROM kept_apart WHERE one = :me
UNION SELECT m.person_id FROM kept_apart k JOIN family_member m ON m.family_id = k.other
  WHERE k.one = :me AND m.person_id IS NOT NULL
"""

Cases = set[tuple[str, str | None]]
"""Ids of cases, each with who is responsible."""


def relation(connection: Connection, me: UUID, record: Record, team: bool = True) -> Relation:
    """How `me` stands to the cases of `record`; the nearest, if there are several.

    Without `team` it is not asked in which of them she works, for roles that see no more there than elsewhere.
    """
    return _nearest(connection, me, _cases(connection, record), team)


def relations_of_named(connection: Connection, me: UUID, record: Record) -> dict[UUID, Relation]:
    """How `me` stands to the cases of every person and every family that a record names."""
    families = {getattr(record, field.name) for field in references(type(record), "family")} - {None}
    cases = {one: _asked(connection, _OF_PERSON, one) for one in people_of(record)}
    cases |= {one: _asked(connection, _OF_FAMILY, one) for one in families}
    return {one: _nearest(connection, me, of_one) for one, of_one in cases.items()}


def _nearest(connection: Connection, me: UUID, cases: Cases, team: bool = True) -> Relation:
    if any(responsible == me.hex for _id, responsible in cases) or not any(responsible for _id, responsible in cases):
        return Relation.OWN
    works = team and _works_in(connection, me, (id_ for id_, _responsible in cases))
    return Relation.TEAM if works else Relation.OTHER


def people_out_of_reach(connection: Connection, me: UUID, answers_for_all: bool) -> frozenset[UUID]:
    """Whom `me` must not be led to: victims of the offenders whom she serves, and the people of cases of her kin.

    Whoever answers for the whole center writes in every file; she serves only those for whom she is responsible.
    """
    served = " UNION ".join((_RESPONSIBLE,) if answers_for_all else (_RESPONSIBLE, *_worked_in()))
    asked = (_OPPOSITE.format(served=served), _PEOPLE_KEPT_FROM)
    return frozenset(UUID(row[0]) for query in asked for row in _rows(connection, query, {"me": me.hex}) if row[0])


def cases_kept_from(connection: Connection, me: UUID) -> frozenset[UUID]:
    """Cases in which somebody is related to `me`: to her they are not there."""
    return frozenset(UUID(row[0]) for row in _rows(connection, _KEPT_FROM, (me.hex,)))


def people_of(record: Record) -> set[UUID]:
    """Everybody whom a record speaks of."""
    named = {getattr(record, field.name) for field in references(type(record), "person")}
    return {one for one in named | ({record.id} if record.sheet() == "person" else set()) if one}


def case_of(connection: Connection, record: Record) -> UUID | None:
    """The case to which a record belongs, if it belongs to one."""
    stream = record.stream
    return None if stream.kind is StreamKind.CENTER else _at_end_of(connection, record, stream.path.split("."))


def _cases(connection: Connection, record: Record) -> Cases:
    if record.stream.kind is not StreamKind.CENTER:
        case_id = case_of(connection, record)
        return _asked(connection, _OF_CASE, case_id) if case_id else _of_people(connection, record)
    family_id = record.id if record.sheet() == "family" else getattr(record, "family_id", None)
    if family_id:
        return _asked(connection, _OF_FAMILY, family_id)
    return _of_people(connection, record)


def _of_people(connection: Connection, record: Record) -> Cases:
    return {case for person in people_of(record) for case in _asked(connection, _OF_PERSON, person)}


def _asked(connection: Connection, query: str, id_: UUID) -> Cases:
    found = {tuple(row) for row in _rows(connection, query, (id_.hex,))}
    named_in = {case for case, responsible in found if responsible != _SEALED}
    return {(case, responsible) for case, responsible in found if responsible != _SEALED or case not in named_in}


def _at_end_of(connection: Connection, record: Record, path: list[str]) -> UUID | None:
    """The case that a stream's path leads to."""
    value = getattr(record, path[0])
    sheet = type(record)
    for name, following in zip(path, path[1:], strict=False):
        if not value:
            return None
        target = sheet.field(name).target or ""
        found = _rows(connection, f'SELECT "{following}" FROM "{target}" WHERE id = ?', (value.hex,))
        value, sheet = UUID(found[0][0]) if found and found[0][0] else None, sheet_of(target)
    return value if isinstance(value, UUID) else None


def _works_in(connection: Connection, me: UUID, cases: Iterable[str]) -> bool:
    return any(_rows(connection, query, {"case": case, "me": me.hex}) for case in cases for query in _team())


def _rows(connection: Connection, query: str, given: Any) -> list[Any]:
    """Asked of the driver itself: the question comes with every record that is read, and answers in microseconds."""
    return connection.connection.cursor().execute(query, given).fetchall()


@cache
def parting() -> frozenset[str]:
    """The sheets by whose records somebody is out of reach: without a change of one of these, she stays so."""
    return frozenset({"case", "incident", "protective_order", "family_member"} | {name for name, _named in _ties()})


@cache
def _team() -> tuple[str, ...]:
    """One question for each sheet of a case on which colleagues are written down."""
    return tuple(f'SELECT 1 FROM "{name}" WHERE case_id = :case AND ({named}) LIMIT 1' for name, named in _ties())


@cache
def _worked_in() -> tuple[str, ...]:
    """For each of these sheets, the cases in which `me` is written down."""
    return tuple(f'SELECT case_id FROM "{name}" WHERE {named}' for name, named in _ties())


@cache
def _ties() -> tuple[tuple[str, str], ...]:
    """Sheets of a case with references to colleagues, each with the condition that one of them is `:me`."""
    found = []
    for sheet in SHEETS:
        staff = references(sheet, "staff_member")
        if staff and any(field.name == "case_id" and field.kind is Kind.REFERENCE for field in sheet.fields()):
            found.append((sheet.sheet(), " OR ".join(f'"{field.name}" = :me' for field in staff)))
    return tuple(found)
