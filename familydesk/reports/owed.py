"""Asking the database which records owe something that falls due in a period, one query for each declared duty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_, select

from familydesk.core.clock import ZONE, local
from familydesk.core.fields import Kind
from familydesk.core.record import Duty, Record, references
from familydesk.reports.source import Source, raw
from familydesk.store.open_duties import brought, column_of, ending

LONGEST = timedelta(days=366)
"""How far back a term that falls due in the period may have begun."""


def owed(source: Source, sheet: type[Record], duty: Duty, until: bool = False) -> Sequence[Any]:
    """Records that may owe something: id, start, own due value or `until`, first ending, whether excused."""
    child, name = ending(duty, sheet)
    starts = column_of(sheet, duty.starts)
    own_due = column_of(sheet, duty.until if until else duty.due_field) if duty.due_field or until else literal(None)
    conditions = [sheet.archived.is_(False), starts.is_not(None), *brought(sheet, duty)]
    if until:
        conditions += [starts < _edge(source.period.ends, sheet, duty.starts), _after(own_due, source)]
    else:
        conditions.append(_may_fall_due(source, sheet, duty))
    query = select(raw(column_of(sheet, "id")), starts, own_due, *_ended_columns(sheet, duty, child, name)).where(
        *conditions
    )
    if child is not sheet and not until:
        parent = column_of(child, references(child, sheet.sheet())[0].name)
        only = (child.__table__.columns[field] == value for field, value in duty.only)
        query = query.join(
            child, and_(parent == column_of(sheet, "id"), child.archived.is_(False), *only), isouter=True
        ).group_by(column_of(sheet, "id"))
    return source.rows(query)


def _ended_columns(
    sheet: type[Record], duty: Duty, child: type[Record], name: str
) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    if duty.every:
        return literal(None), literal(None)
    ended = column_of(child, name)
    excused = column_of(child, duty.excused_by).is_not(None) if duty.excused_by else literal(False)
    if child is sheet:
        return ended, excused
    return func.min(ended, type_=ended.type), func.max(excused)


def _may_fall_due(source: Source, sheet: type[Record], duty: Duty) -> ColumnElement[bool]:
    starts, period = column_of(sheet, duty.starts), source.period
    begun = starts < _edge(period.ends, sheet, duty.starts)
    since = earliest(source, duty.term)
    reckoned = and_(begun, starts >= _edge(since, sheet, duty.starts)) if since else literal(False)
    if not duty.due_field:
        return reckoned
    own = column_of(sheet, duty.due_field)
    by_own = and_(own >= _edge(period.starts, sheet, duty.due_field), own < _edge(period.ends, sheet, duty.due_field))
    return or_(by_own, and_(own.is_(None), reckoned))


def earliest(source: Source, term: str) -> datetime | None:
    """The beginning of the first day on which a term that falls due in the period can have begun."""
    period = source.period
    days = (period.first - timedelta(days=back) for back in range(LONGEST.days, -1, -1))
    for day in days:
        due = source.due(term, local(day.year, day.month, day.day, 23, 59, 59))
        if due and due >= period.starts:
            return local(day.year, day.month, day.day)
    return local(period.first.year, period.first.month, period.first.day)


def _after(until: ColumnElement[Any], source: Source) -> ColumnElement[bool]:
    return or_(until.is_(None), until >= source.period.starts)


def _edge(at: datetime, sheet: type[Record], name: str) -> date | datetime:
    """The moment, or its day for a field that holds days."""
    return at.astimezone(ZONE).date() if sheet.field(name).kind is Kind.DAY else at
