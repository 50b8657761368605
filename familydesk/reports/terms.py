"""Terms that fell due in a period, and whether they were kept: for every duty that a sheet declares."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterator
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select

from familydesk.core.clock import ZONE, local
from familydesk.core.i18n import N_
from familydesk.core.record import Duty, Record, references
from familydesk.law.terms import TermKind
from familydesk.records import SHEETS
from familydesk.reports.figure import Figure, Share
from familydesk.reports.owed import owed
from familydesk.reports.source import Section, Source, raw
from familydesk.reports.table import Relation, Row, Table
from familydesk.store.open_duties import column_of, ending

AT_ONCE = 10_000
"""Ids asked for in one question."""

WHICH_TERMS = N_("Terms whose last day lies in the period. The share leaves out those that are not yet due.")


class Outcome(enum.Enum):
    """What became of a term."""

    KEPT = N_("In time")
    LATE = N_("Late")
    MISSED = N_("Not done, overdue")
    EXCUSED = N_("Not done, with a written reason")
    RUNNING = N_("Not yet due")


Told = tuple[Outcome, str]


def section(source: Source) -> Section:
    """One row for each kind of term: how many fell due, and what became of them."""
    rows: list[Row] = []
    relations: list[Relation] = []
    for sheet, duty in declared():
        row, more = _row(sheet, duty, list(_outcomes(source, sheet, duty)))
        rows.append(row)
        relations.extend(more)
    columns = (N_("Fell due"), *(str(outcome.value) for outcome in Outcome), N_("Share in time"))
    names = ("DUE", *(outcome.name for outcome in Outcome), "SHARE")
    table = Table("terms", N_("Terms kept"), columns, tuple(rows), (WHICH_TERMS,), tuple(relations), N_("Term"), names)
    return Section("terms", N_("Terms of the law"), (table,))


def declared() -> Iterator[tuple[type[Record], Duty]]:
    """Every duty, without those that only tell when something ends by itself (the term of an order)."""
    for sheet in SHEETS:
        for duty in sheet.duties:
            if not (duty.until and duty.until == duty.due_field):
                yield sheet, duty


def _row(sheet: type[Record], duty: Duty, told: list[Told]) -> tuple[Row, tuple[Relation, ...]]:
    def figure(*outcomes: Outcome) -> Figure:
        ids = [id for outcome, id in told if outcome in outcomes]
        # One record may owe a repeated term several times: every time counts.
        return Figure(sheet.sheet(), len(ids), frozenset(ids))

    each = tuple(map(figure, Outcome))
    owed_in_all = figure(*Outcome)
    settled = figure(*(outcome for outcome in Outcome if outcome is not Outcome.RUNNING))
    known = TermKind.__members__.get(duty.term)
    label = str(known.value) if known else sheet.title
    relations = (Relation((owed_in_all,), (settled, each[-1])), Relation((settled,), each[:-1]))
    return Row(label, (owed_in_all, *each, Share(each[0], settled)), name=duty.term), relations


# What became of each term


def _outcomes(source: Source, sheet: type[Record], duty: Duty) -> Iterator[Told]:
    if duty.every:
        yield from _repeated(source, sheet, duty)
        return
    for id, starts, own_due, ended, excused in owed(source, sheet, duty):
        due = _due(source, duty, starts, own_due)
        if due and source.period.holds(due):
            yield _outcome(due, ended, bool(excused), source.now), id


def _outcome(due: datetime, ended: date | datetime | None, excused: bool, now: datetime) -> Outcome:
    if ended is not None:
        return Outcome.KEPT if _by(ended, due) else Outcome.LATE
    if excused:
        return Outcome.EXCUSED
    return Outcome.MISSED if due < now else Outcome.RUNNING


def _by(ended: date | datetime, due: datetime) -> bool:
    """Whether it was done by the due moment; of a day only the day is known."""
    if isinstance(ended, datetime):
        return ended <= due
    return ended <= due.astimezone(ZONE).date()


def _due(source: Source, duty: Duty, starts: date | datetime, own: date | datetime | None) -> datetime | None:
    if own is not None:
        return own if isinstance(own, datetime) else datetime.combine(own, time(23, 59, 59, fold=1), ZONE)
    return source.due(duty.term, _moment(starts))


def _moment(value: date | datetime) -> datetime:
    return value if isinstance(value, datetime) else local(value.year, value.month, value.day)


def _repeated(source: Source, sheet: type[Record], duty: Duty) -> Iterator[Told]:
    """A term that begins again with each ending; nothing is owed past `until`."""
    owing = owed(source, sheet, duty, until=True)
    endings = _endings(source, sheet, duty, [row[0] for row in owing])
    for id, starts, own_due, _ended, _excused in owing:
        until = own_due or source.period.ends
        begun = _moment(starts)
        for done in (*endings.get(id, ()), None):
            due = _due(source, duty, begun, None)
            if due is None or due > until:
                break
            if source.period.holds(due):
                yield _outcome(due, done, False, source.now), id
            if done is None:
                break
            begun = max(begun, _moment(done))


def _endings(source: Source, sheet: type[Record], duty: Duty, owing: Collection[str]) -> dict[str, list[datetime]]:
    """When each of the records that owe was done its duty, in order."""
    child, name = ending(duty, sheet)
    parent = raw(column_of(child, references(child, sheet.sheet())[0].name))
    done: Any = column_of(child, name)
    query = select(parent.label("parent"), done.label("done")).where(child.archived.is_(False), done.is_not(None))
    endings: dict[str, list[datetime]] = {}
    for batch in _batches(sorted(owing)):
        for row in source.rows(query.where(parent.in_(batch)).order_by(done)):
            endings.setdefault(row.parent, []).append(row.done)
    return endings


def _batches(ids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]
