"""The half-year block for the interdepartmental commission: how early families in a difficult life situation are found.

Law 245-VIII, Art 72 p4: the commission is told twice a year. The block stands only in a report of exactly one half of a
year: month by month it would let small figures of single months be worked out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from familydesk.core.clock import ZONE
from familydesk.core.i18n import N_
from familydesk.records.application import Channel
from familydesk.reports import applications, assessments
from familydesk.reports.figure import Figure
from familydesk.reports.period import Period
from familydesk.reports.source import Section, Source
from familydesk.reports.table import TOTAL, TOTAL_NAME, Relation, Row, Table, rest_of

MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)
THEMSELVES = frozenset({Channel.SELF.name, Channel.PHONE.name, Channel.ONLINE.name})
"""Ways by which a family came of itself; by every other one somebody else saw its need."""

WHO_SAW_IT = N_(
    "Through other bodies: by every channel but in person, by telephone and online. Applications are counted by the "
    "moment of receipt, assessments by their day."
)


def is_half_year(period: Period) -> bool:
    """Whether the period is exactly the first or the second half of a year."""
    year = period.first.year
    return (period.first, period.last) in {half(year, 1), half(year, 2)}


def half(year: int, number: int) -> tuple[date, date]:
    """The first and the last day of a half of a year, 1 or 2."""
    return (date(year, 1, 1), date(year, 6, 30)) if number == 1 else (date(year, 7, 1), date(year, 12, 31))


def section(source: Source) -> Section:
    """Month by month: applications, those that came through other bodies, assessments, and what these found."""
    received, done = source.once(applications.received), source.once(assessments.done)
    others = [row for row in received if row.channel not in THEMSELVES]
    difficult = [row for row in done if assessments.is_difficult(row)]
    columns = (
        _by_month(source, applications.SHEET, received, _received_on),
        _by_month(source, applications.SHEET, others, _received_on),
        _by_month(source, assessments.SHEET, done, lambda row: row.done_on),
        _by_month(source, assessments.SHEET, difficult, lambda row: row.done_on),
    )
    lines = list(zip(*columns, strict=True))
    rows = [
        Row(MONTHS[month - 1], line, name=f"MONTH_{month:02}")
        for month, line in zip(_months(source), lines, strict=False)
    ]
    table = Table(
        "early_detection",
        N_("Early detection of families in a difficult life situation"),
        (
            N_("Applications"),
            N_("Of them through other bodies"),
            N_("Primary assessments"),
            N_("Of them in a difficult life situation"),
        ),
        (*rows, Row(TOTAL, lines[-1], total=True, name=TOTAL_NAME)),
        (WHO_SAW_IT,),
        (*(Relation((column[-1],), column[:-1]) for column in columns), *_parts(lines)),
        N_("Month"),
        ("APPLICATIONS", "THROUGH_OTHERS", "ASSESSMENTS", "DIFFICULT"),
    )
    return Section("half_year", N_("For the interdepartmental commission"), (table,))


def _months(source: Source) -> range:
    return range(source.period.first.month, source.period.last.month + 1)


def _received_on(row: Any) -> date:
    received_at: datetime = row.received_at
    return received_at.astimezone(ZONE).date()


def _by_month(source: Source, sheet: str, rows: Iterable[Any], day: Callable[[Any], date]) -> tuple[Figure, ...]:
    """A figure for each month of the half-year, and one for all of it."""
    ids: dict[int, list[str]] = {month: [] for month in _months(source)}
    for row in rows:
        ids[day(row).month].append(row.id)
    each = [Figure.of(sheet, ids[month]) for month in ids]
    return (*each, Figure.of(sheet, (id for those in ids.values() for id in those)))


def _parts(lines: Iterable[tuple[Figure, ...]]) -> Iterable[Relation]:
    """In each line the second figure is a part of the first, and the fourth of the third."""
    for received, others, done, difficult in lines:
        yield Relation((received,), (others, rest_of(others, received)))
        yield Relation((done,), (difficult, rest_of(difficult, done)))
