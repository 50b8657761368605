"""Cases on hand: what was there, what came, what was closed, what remains. The four must agree."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from familydesk.core.errors import Problem
from familydesk.core.i18n import N_
from familydesk.records.case import Case, ClosingReason
from familydesk.reports.figure import Figure
from familydesk.reports.source import Section, Source, between, columns_of, raw, standing
from familydesk.reports.table import NOT_RECORDED, TOTAL, TOTAL_NAME, Relation, Row, Table, group, known_only, name_of

SHEET = "case"

UNBALANCED = N_(
    "The cases do not add up: {start} on hand at the start + {taken} taken − {closed} closed is not {end} on hand at "
    "the end. A case without its day of opening, or closed before it was opened, is the reason: correct it first."
)


def section(source: Source) -> Section:
    """The balance and the reasons for closing. A fault if the balance does not hold."""
    period = source.period
    start = _figure(
        source, Case.opened_on < period.first, or_(Case.closed_on.is_(None), Case.closed_on >= period.first)
    )
    taken = _figure(source, between(Case.opened_on, period))
    closed = _figure(source, between(Case.closed_on, period))
    end = _figure(source, Case.opened_on <= period.last, or_(Case.closed_on.is_(None), Case.closed_on > period.last))
    balance = Table(
        "cases_on_hand",
        N_("Cases on hand"),
        (N_("Cases"),),
        (
            Row(N_("On hand at the start of the period"), (start,), name="START"),
            Row(N_("Taken in the period"), (taken,), name="TAKEN"),
            Row(N_("Closed in the period"), (closed,), name="CLOSED"),
            Row(N_("On hand at the end of the period"), (end,), total=True, name="END"),
        ),
        names=("CASES",),
        relations=(Relation((start, taken), (closed, end)),),
    )
    holds = start.count + taken.count - closed.count == end.count
    return Section(
        "cases",
        N_("Cases"),
        (balance, _by_reason(source, closed)),
        faults=() if holds else (_fault(start, taken, closed, end),),
        at_fault=None if holds else _at_fault(source),
    )


def _fault(start: Figure, taken: Figure, closed: Figure, end: Figure) -> Problem:
    counts = {"start": start.count, "taken": taken.count, "closed": closed.count, "end": end.count}
    return Problem("", UNBALANCED, counts)


def _at_fault(source: Source) -> Figure:
    """Cases whose days cannot be: no day of opening, or closed before it."""
    impossible = or_(Case.opened_on.is_(None), Case.closed_on < Case.opened_on)
    return _figure(source, impossible)


def _by_reason(source: Source, closed: Figure) -> Table:
    here = columns_of(Case)
    columns = (raw(here.id).label("id"), raw(here.closing_reason).label("closing_reason"))
    query = select(*columns).where(standing(Case, between(here.closed_on, source.period)))
    counted = group((row.closing_reason, row.id) for row in source.rows(query))
    strange = set(counted) - set(ClosingReason.__members__)
    labels = [*known_only(ClosingReason), *((key, NOT_RECORDED if key is None else str(key)) for key in strange)]
    rows = [Row(label, (Figure.of(SHEET, counted.get(reason, ())),), name=name_of(reason)) for reason, label in labels]
    parts: tuple[Any, ...] = tuple(row.cells[0] for row in rows)
    return Table(
        "closings_by_reason",
        N_("Closed cases by reason"),
        (N_("Cases"),),
        (*rows, Row(TOTAL, (closed,), total=True, name=TOTAL_NAME)),
        relations=(Relation((closed,), parts),),
        stub=N_("Reason for closing"),
        names=("CASES",),
    )


def _figure(source: Source, *conditions: Any) -> Figure:
    return Figure.of(SHEET, source.session.scalars(select(raw(columns_of(Case).id)).where(standing(Case, *conditions))))
