"""The month in numbers: a period, its tables and chart, and the papers and spreadsheets made of them."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from familydesk.core import clock
from familydesk.core.errors import Refused
from familydesk.core.fields import Field, Kind
from familydesk.core.i18n import N_, _, spoken, translate
from familydesk.core.show import show_moment
from familydesk.services.rights import Verb
from familydesk.ui.field_box import FieldBox
from familydesk.ui.flow import Flow
from familydesk.ui.parts import Card, button, column, emptied, held, row, text
from familydesk.ui.screen import PageHead, Screen
from familydesk.ui.special.print_preview import Wish, open_preview
from familydesk.ui.special.two_columns import TwoColumns, page_body
from familydesk.ui.tasks import Task
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.reports.figure import Figure
    from familydesk.reports.month import Report
    from familydesk.reports.source import Section
    from familydesk.services.office import Office

FIRST = Field(N_("From"), Kind.DAY, "first")
LAST = Field(N_("To, this day counts too"), Kind.DAY, "last")
DAY = 190
CHARTED = {"applications_by_reason": 2, "incidents_by_form": -2}
"""The two tables that a chart is drawn of, and the column it draws: how many in all."""


@dataclass(frozen=True, slots=True)
class ReportPaper:
    """A counted report as something to print. Where its numbers do not agree, it can only be a draft."""

    report: Report
    can_be_blank: bool = False
    can_tell_where: bool = False

    def title(self, office: Office) -> str:
        """Report, and of what."""
        return _("Report: {period}").format(period=self.report.period)

    def draw(self, office: Office, wish: Wish) -> bytes:
        """Its pages."""
        return office.figures.pdf(self.report, wish.language, draft=not self.report.agrees, only_look=wish.only_look)


class ReportsScreen(Screen):
    """Counted when she comes and when she asks; a report does not change under the eyes of its reader."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        today = clock.today()
        self.first, self.last = today.replace(day=1), today.replace(day=monthrange(today.year, today.month)[1])
        self.only_shared = not place.office.account.may(Verb.COUNT)
        self.shared = self.only_shared
        self.report: Report | None = None
        self.head = self._head()
        self.days = {field.name: FieldBox(field, place) for field in (FIRST, LAST)}
        self.body = column(place.theme, gap=16)
        self.setLayout(page_body(place.theme, self.head, self._period(), held(column(place.theme, self.body, None))))
        self._show_days()

    def refresh(self) -> None:
        """Count."""
        office, first, last, shared = self.office, self.first, self.last, self.shared
        task = Task(self, lambda: office.figures.month(first, last, shared))
        task.then(self.show_report).failed(self._on_failed)
        self.place.watch(_("Counting…"), task)
        task.start()

    def step(self, months: int) -> None:
        """The month before, or the one after."""
        start = self.first.replace(day=1)
        moved = (start - timedelta(days=1)) if months < 0 else (start + timedelta(days=32))
        self.first = moved.replace(day=1)
        self.last = moved.replace(day=monthrange(moved.year, moved.month)[1])
        self._show_days()
        self.refresh()

    def take_days(self) -> None:
        """Any other period."""
        for box in self.days.values():
            box.complain("")
            try:
                value = box.editor.value()
            except Refused as refused:
                box.complain(str(refused.problems[0]))
                return
            if isinstance(value, date):
                setattr(self, box.field.name, value)
        self.refresh()

    def share(self, shared: bool) -> None:
        """The version that leaves the center, or the center's own."""
        self.shared = shared
        self.refresh()

    def show_report(self, report: Report) -> None:
        """Show what was counted."""
        self.report = report
        counted = _("Counted {moment}").format(moment=show_moment(report.made_at))
        unfinished = _("the period is not over yet") if report.in_progress else ""
        left_out = _("without restricted cases that do not open for you") if report.heading.left_out else ""
        told = " · ".join(part for part in (counted, unfinished, left_out) if part)
        self.head.say(_("Report: {period}").format(period=report.period), told)
        emptied(self.body)
        if not report.agrees:
            self.body.addWidget(self._faults(report))
        self.body.addWidget(self._chart(report))
        for section in report.sections:
            self.body.addWidget(self._section(section))

    def preview(self) -> None:
        """The report on paper."""
        if self.report:
            open_preview(self.place, ReportPaper(self.report))

    def choose_file(self) -> None:
        """Ask where the spreadsheet shall lie."""
        from PySide6.QtWidgets import QFileDialog

        from familydesk.services.prints import neutral_name

        name = Path(neutral_name()).with_suffix(".xlsx").name
        path, _kind = QFileDialog.getSaveFileName(self, _("Save as spreadsheet"), name, "XLSX (*.xlsx)")
        if path:
            self.save_to(Path(path).with_suffix(".xlsx"))

    def save_to(self, path: Path) -> None:
        """Write the spreadsheet, with the same numbers."""
        from familydesk.services.prints import write_whole

        report, office, place, language = self.report, self.office, self.place, spoken()
        if report is None:
            return
        task = Task(self, lambda: write_whole(path, office.figures.xlsx(report, language, draft=not report.agrees)))
        task.then(lambda _none: place.say(_("The spreadsheet is saved as {name}.").format(name=path.name)))
        task.failed(place.tell_failure).start()

    def open_figure(self, figure: Figure, words: str) -> None:
        """The records behind a figure."""
        from familydesk.ui.special.figure_records import FigureRecords

        self.place.open_screen("figure-records", lambda: FigureRecords(self.place, figure, words))

    # Putting together

    def _head(self) -> PageHead:
        theme = self.theme
        table = button(theme, _("Spreadsheet"), self.choose_file, icon="download", key="Ctrl+S")
        paper = button(theme, _("On paper"), self.preview, icon="printer", role="primary", key="Ctrl+P")
        return PageHead(self.place, _("Reports"), table, paper)

    def _period(self) -> Card:
        theme, card = self.theme, Card(self.theme)
        before = button(theme, _("Month before"), lambda: self.step(-1), icon="chevron-left")
        after = button(theme, _("Month after"), lambda: self.step(1), icon="chevron-right")
        count = button(theme, _("Count again"), self.take_days, icon="refresh")
        self.leaves = button(theme, _("Version that leaves the center"), role="choice")
        self.leaves.setCheckable(True)
        self.leaves.setChecked(self.shared)
        self.leaves.setDisabled(self.only_shared)
        self.leaves.setToolTip(_("Figures under 5 are hidden, and no record can be opened from it."))
        self.leaves.toggled.connect(self.share)
        line = Flow(theme.px(8))
        for box in self.days.values():
            box.setMinimumWidth(theme.px(DAY))
        for part in (before, after, *self.days.values(), count, self.leaves):
            # Buttons stand on the line of what is typed, not of its label.
            line.add(part if part in self.days.values() else held(column(theme, text(" ", "label"), part, gap=4)))
        card.add(line)
        return card

    def _show_days(self) -> None:
        for name, box in self.days.items():
            box.editor.set_value(getattr(self, name))

    def _faults(self, report: Report) -> QWidget:
        card = Card(self.theme, _("These numbers do not agree, so this is only a draft"))
        for fault in report.faults:
            card.add(text(str(fault), "problem", wrap=True))
        for section in report.sections:
            if section.at_fault and section.at_fault.ids:
                opened = lambda one=section: self.open_figure(one.at_fault, translate(one.title))  # noqa: E731 - a press
                card.add(row(self.theme, button(self.theme, _("Open the records at fault"), opened), None))
        return card

    def _chart(self, report: Report) -> QWidget:
        from familydesk.ui.special.figure_chart import FigureChart

        charts = TwoColumns(self.theme, (1, 1))
        sides = iter((charts.left, charts.right))
        for table in report.tables():
            if table.name in CHARTED:
                card = Card(self.theme, translate(table.title))
                card.add(FigureChart(self.theme, table, CHARTED[table.name], self.open_figure))
                next(sides).addWidget(card)
        return charts

    def _section(self, section: Section) -> Card:
        from familydesk.ui.special.figure_table import FigureTable

        card = Card(self.theme, translate(section.title))
        for table in section.tables:
            card.add(text(translate(table.title), "strong", wrap=True))
            figures = FigureTable(self.theme, table)
            figures.opened.connect(self.open_figure)
            card.add(figures)
            for note in table.notes:
                card.add(text(translate(note), "small", wrap=True))
        return card

    def _on_failed(self, error: Exception) -> None:
        if self.shared and not self.only_shared and isinstance(error, Refused):
            self.leaves.blockSignals(True)
            self.leaves.setChecked(False)
            self.leaves.blockSignals(False)
            self.shared = False
            words = _("This version cannot leave the center while its numbers do not agree.")
            self.place.say(f"{words} {error}", "overdue", stays=True)
            self.refresh()
            return
        self.place.tell_failure(error)
