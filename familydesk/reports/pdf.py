"""A report on paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from reportlab.platypus import KeepTogether, Spacer

from familydesk.core.i18n import N_, _, speaking, spoken, translate
from familydesk.core.show import show_day, show_moment
from familydesk.reports import chart
from familydesk.reports.beside import Beside, Column
from familydesk.reports.grid import Grid, width_of
from familydesk.reports.month import LEFT_OUT, Report
from familydesk.reports.press import Press
from familydesk.reports.source import Section
from familydesk.reports.table import Table

CHARTED: dict[str, int] = {"applications_by_channel": 2, "applications_by_reason": 2, "incidents_by_form": 3}
"""Tables with a chart beside them, and how many of their columns divide a bar."""

PAGE_WIDTH = 740.0
"""Of the text of a page laid across, in points."""
GAP = 30.0

DRAFT = N_("DRAFT")
SHARED = N_("Version for other bodies")
OWN = N_("For the center's own use")


def draw(report: Report, language: str, press: Press) -> bytes:
    """The report as a PDF, laid across A4, with a chart beside the tables that deserve one."""
    with speaking(language):
        story = [*_title(report, press), *(block for section in report.sections for block in _section(section, press))]
        story += [Spacer(1, 10), press.signatures([(_("Head of the center"), "", "")], _captions())]
        return press.press(story, _dress(report, press))


def _captions() -> tuple[str, ...]:
    return (_("position"), _("signature"), _("initials and surname"), _("date"))


def _dress(report: Report, press: Press) -> Any:
    marks = [translate(SHARED if report.shared else OWN)]
    if not report.agrees:
        marks.insert(0, translate(DRAFT))
    made = report.made_at
    return press.dress(
        title=_("Report on the work of the center"),
        language=spoken(),
        stamp=press.stamp(made),
        head=(report.heading.center_kk, report.heading.center_ru, report.heading.below),
        mark=" · ".join(marks),
        number=str(report.period),
        printed=_("Counted on {moment}").format(moment=show_moment(made)),
        wide=True,
    )


def _title(report: Report, press: Press) -> Iterator[Any]:
    large = press.type(press.head_face, 15.0, 19.0)
    text = press.type(press.text_face, 9.6, 12.6)
    period = report.period
    yield press.lines(_("Report on the work of the center"), large, above=6, below=0)
    yield press.lines(str(period), press.type(press.strong_face, 11.0, 15.0), above=2, below=2)
    span = _("From {first} to {last}, both days counted.").format(
        first=show_day(period.first), last=show_day(period.last)
    )
    yield press.lines(span, text, below=2)
    if report.in_progress:
        sentence = _("The period is not over: these are the figures as of {moment}.")
        yield press.lines(sentence.format(moment=show_moment(report.made_at)), text, below=2)
    if report.heading.left_out:
        yield press.lines(translate(LEFT_OUT), text, below=2)
    if not report.agrees:
        draft = _("This is a draft: its numbers do not agree with each other.")
        yield press.lines("\n".join([draft, *map(str, report.faults)]), text, above=4, below=6, frame=0.8)


def _section(section: Section, press: Press) -> Iterator[Any]:
    head = [press.lines(translate(section.title), press.type(press.strong_face, 12.0, 15.0), above=14, below=2)]
    for tables in _rows_of(section.tables):
        yield KeepTogether([*head, *_side_by_side(tables, press)])
        head = []


def _rows_of(tables: Sequence[Table]) -> Iterator[tuple[Table, ...]]:
    """Narrow neighbours two by two; a charted or a wide table alone."""
    waiting: Table | None = None
    for table in tables:
        alone = table.name in CHARTED
        if waiting and not alone and width_of(waiting) + GAP + width_of(table) <= PAGE_WIDTH:
            yield waiting, table
            waiting = None
            continue
        if waiting:
            yield (waiting,)
        waiting = table
        if alone:
            yield (table,)
            waiting = None
    if waiting:
        yield (waiting,)


def _side_by_side(tables: tuple[Table, ...], press: Press) -> list[Any]:
    first = tables[0]
    if len(tables) == 2:
        left, right = (Column(list(_blocks(table, press)), width_of(table)) for table in tables)
        return [Beside(left, right, GAP)]
    if first.name not in CHARTED:
        return list(_blocks(first, press))
    left = Column(list(_blocks(first, press)), width_of(first))
    room = PAGE_WIDTH - left.wide - GAP
    drawn = chart.draw(first, CHARTED[first.name], press, room)
    return [Beside(left, Column([Spacer(1, 22), drawn], room), GAP)]


def _blocks(table: Table, press: Press) -> Iterator[Any]:
    yield press.lines(translate(table.title), press.type(press.strong_face, 8.8, 11.4, 0.15), above=8, below=3)
    yield Grid(table, press)
    fine = press.type(press.text_face, 7.6, 9.8, 0.25)
    for note in table.notes:
        yield press.lines(translate(note), fine, above=3, below=0)
    yield Spacer(1, 6)
