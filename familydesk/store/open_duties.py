"""Which records owe something now: one query for each declared duty, never a reading of all records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Index, Select, and_, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from familydesk.core.clock import local
from familydesk.core.fields import Kind, Secrecy
from familydesk.core.record import Duty, Record, references
from familydesk.records import SHEETS, sheet_of
from familydesk.records.case import Case

Column = ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class OpenDuty:
    """A record that owes something since `starts`. `due` is its own due value, where the sheet keeps one."""

    id: UUID
    starts: datetime
    due: datetime | date | None
    until: datetime | None
    case_id: UUID | None
    case_number: str
    person_id: UUID | None
    title_values: tuple[Any, ...]


def open_duties(
    session: Session, sheet: type[Record], duty: Duty, at: datetime, seen: Secrecy = Secrecy.LOCATION
) -> Iterator[OpenDuty]:
    """The records of `sheet` on which `duty` is open at the moment `at`; of their titles what is not above `seen`."""
    for row in session.execute(_query(sheet, duty, at, seen)):
        id, starts, last, due, until, case_id, case_number, person_id, *title = row
        begun = max(_moment(starts), _moment(last)) if last else _moment(starts)
        yield OpenDuty(id, begun, due, until, case_id, case_number or "", person_id, tuple(title))


def ending(duty: Duty, sheet: type[Record]) -> tuple[type[Record], str]:
    """The sheet and the field whose value ends the duty."""
    child, _, name = duty.ended_by.rpartition(".")
    return (sheet_of(child) if child else sheet), name


def indexes() -> Iterator[Index]:
    """Small indexes of what may still be open: with them the records that owe nothing any more cost next to nothing."""
    ends: dict[Any, None] = {}
    for sheet in SHEETS:
        for duty in sheet.duties:
            # With the id inside, records that were answered by others are passed over without being read.
            names = dict.fromkeys(name for name in (duty.starts, duty.until, "id") if name)
            columns = [column_of(sheet, name) for name in names]
            yield Index(
                f"ix_{sheet.sheet()}_open_{duty.term.lower()}", *columns, sqlite_where=_all(_may_be_open(sheet, duty))
            )
            by, name = ending(duty, sheet)
            if by is not sheet and (by, name, duty.only) not in ends:
                ends[by, name, duty.only] = None
                named = f"ix_{by.sheet()}_ends_{duty.term.lower()}"
                yield Index(named, _reference(by, sheet), sqlite_where=_all(_ends(by, duty, sheet)))


def _all(conditions: Iterator[Column]) -> Column:
    return and_(*conditions)


def _query(sheet: type[Record], duty: Duty, at: datetime, seen: Secrecy) -> Select[Any]:
    case_id: Column = column_of(sheet, "case_id") if "case_id" in sheet.__table__.columns else literal(None)
    person_id: Column = column_of(sheet, "person_id") if "person_id" in sheet.__table__.columns else literal(None)
    # The bare table: whoever may not be led to a case does not see its records either.
    case = Case.__table__.alias()
    columns = (
        column_of(sheet, "id"),
        column_of(sheet, duty.starts),
        _last(sheet, duty) if duty.every else literal(None),
        column_of(sheet, duty.due_field) if duty.due_field else literal(None),
        column_of(sheet, duty.until) if duty.until else literal(None),
        case_id,
        case.c.number,
        person_id,
        *(
            column_of(sheet, name) if sheet.field(name).secrecy <= seen else literal(None)
            for name in sheet.title_fields
        ),
    )
    return (
        select(*columns)
        .select_from(sheet)
        .join(case, case.c.id == case_id, isouter=True)
        .where(*_open(sheet, duty, at))
    )


def _open(sheet: type[Record], duty: Duty, at: datetime) -> Iterator[Column]:
    yield from _may_be_open(sheet, duty)
    if "." in duty.ended_by and not duty.every:
        by, _ = ending(duty, sheet)
        yield ~exists().where(_reference(by, sheet) == column_of(sheet, "id"), *_ends(by, duty, sheet))
    if duty.until:
        until = column_of(sheet, duty.until)
        yield or_(until.is_(None), until > at)


def _may_be_open(sheet: type[Record], duty: Duty) -> Iterator[Column]:
    """What the record itself says: begun, owed, and not ended by a field of its own."""
    yield column_of(sheet, duty.starts).is_not(None)
    yield sheet.archived.is_(False)
    yield from brought(sheet, duty)
    if "." not in duty.ended_by:
        for name in filter(None, (duty.ended_by, duty.excused_by)):
            yield _is_not_set(sheet, name)


def brought(sheet: type[Record], duty: Duty) -> Iterator[Column]:
    """What makes a record one that brings the duty at all."""
    if duty.given:
        yield or_(*(_is_set(sheet, name) for name in duty.given))
    for name in duty.unless:
        yield _is_not_set(sheet, name)


def _ends(by: type[Record], duty: Duty, sheet: type[Record]) -> Iterator[Column]:
    """What makes a referring record one that ends the duty."""
    _, name = ending(duty, sheet)
    yield or_(*(_is_set(by, each) for each in (name, duty.excused_by) if each))
    yield by.archived.is_(False)
    for field, value in duty.only:
        yield by.__table__.columns[field] == value


def _last(sheet: type[Record], duty: Duty) -> Column:
    """The newest ending of a duty that comes again."""
    by, name = ending(duty, sheet)
    newest = select(func.max(column_of(by, name), type_=by.__table__.columns[name].type))
    return newest.where(_reference(by, sheet) == column_of(sheet, "id"), by.archived.is_(False)).scalar_subquery()


def _reference(child: type[Record], sheet: type[Record]) -> Column:
    return column_of(child, references(child, sheet.sheet())[0].name)


def _is_set(sheet: type[Record], name: str) -> Column:
    column = column_of(sheet, name)
    return column.is_(True) if sheet.field(name).kind is Kind.YES_NO else column.is_not(None)


def _is_not_set(sheet: type[Record], name: str) -> Column:
    column = column_of(sheet, name)
    return column.is_not(True) if sheet.field(name).kind is Kind.YES_NO else column.is_(None)


def column_of(sheet: type[Record], name: str) -> Column:
    """A field as a column."""
    return sheet.__table__.columns[name]


def _moment(value: datetime | date) -> datetime:
    """A day begins with its midnight."""
    return value if isinstance(value, datetime) else local(value.year, value.month, value.day)
