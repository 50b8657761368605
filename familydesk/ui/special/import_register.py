"""The center's old register comes in: choose the file, see what it would bring, bring it in, mend what is left."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from familydesk.core.i18n import N_, _, translate
from familydesk.core.show import show_number
from familydesk.ui.list_rows import ListRow
from familydesk.ui.parts import Card, button, column, emptied, held, row, text
from familydesk.ui.screen import PageHead, Screen
from familydesk.ui.special.row_card import RowCard
from familydesk.ui.special.two_columns import TwoColumns, page_body
from familydesk.ui.tasks import Lane, Task
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.exchange.problems_workbook import Flagged
    from familydesk.services.register import Outcome

COUNTS = (
    ("rows", N_("Rows in the register")),
    ("applications", N_("become applications")),
    ("repeated_rows", N_("are repeated and left out")),
    ("problem_rows", N_("cannot be imported before they are mended")),
    ("people_new", N_("New people")),
    ("people_matched", N_("People who are here already")),
    ("possible_duplicates", N_("Possible duplicates to look at")),
)
KINDS = "*.xlsx *.xls *.xlsm *.ods *.csv"
LONGEST = 140


class ImportScreen(Screen):
    """Nothing is changed before the second button; Stop leaves nothing behind."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        theme = place.theme
        self.path: Path | None = None
        self.outcome: Outcome | None = None
        self.done = False
        choose = button(theme, _("Choose the file"), self.choose_file, icon="folder", key="Ctrl+O")
        self.take = button(theme, _("Import"), self.take_in, icon="upload", role="primary")
        self.head = PageHead(place, _("Importing a register"), choose, self.take)
        self.counts = Card(theme, _("What it brings"))
        self.table = column(theme, gap=4)
        self.counts.add(self.table)
        self.save = button(theme, _("Save these rows to mend them"), self.choose_problems_file, icon="download")
        self.counts.add(row(theme, self.save, None))
        nothing = _("Every row can be imported.")
        self.stopped = RowCard(theme, _("Not imported"), nothing, lambda flagged: self._row(flagged, "overdue"))
        clean = _("Nothing to look at.")
        self.looked = RowCard(theme, _("Imported, to look at"), clean, lambda flagged: self._row(flagged, "due"))
        self.columns = TwoColumns(theme, (2, 3))
        self.columns.left.addWidget(self.counts)
        for card in (self.stopped, self.looked):
            self.columns.right.addWidget(card)
        # Held: while nothing is read yet, the room below the head is nobody's.
        self.setLayout(page_body(theme, self.head, held(column(theme, self.columns, gap=0))))
        self._show_nothing()

    def choose_file(self) -> None:
        """Ask which file."""
        from PySide6.QtWidgets import QFileDialog

        kinds = _("Registers") + f" ({KINDS})"
        path, _kind = QFileDialog.getOpenFileName(self, _("Choose the file"), "", kinds)
        if path:
            self.preview(Path(path))

    def preview(self, path: Path) -> None:
        """Read the file and show what would come of it."""
        office, self.path, self.done = self.office, path, False
        self._show_nothing(_("Reading the register…"))
        self._begin(lambda progress: office.register.preview(path, progress.report), _("Reading the register…"))

    def take_in(self) -> None:
        """Bring it in, whole or not at all."""
        path, office = self.path, self.office
        if path is None or self.done:
            return
        self.take.setEnabled(False)
        task = self._task(lambda progress: office.register.take_in(path, report=progress.report))
        task.then(self._on_taken).ended(self._allow)
        self.place.watch(_("Importing the register…"), task)
        task.start()

    def choose_problems_file(self) -> None:
        """Ask where the rows to mend shall lie."""
        from PySide6.QtWidgets import QFileDialog

        path, _kind = QFileDialog.getSaveFileName(self, _("Save these rows"), "rows.xlsx", "XLSX (*.xlsx)")
        if path:
            self.save_problems(Path(path).with_suffix(".xlsx"))

    def save_problems(self, path: Path) -> None:
        """Write every row that needs a person, as it stood, with what is wrong."""
        from familydesk.exchange.problems_workbook import write_problems

        outcome, place = self.outcome, self.place
        if outcome is None:
            return
        task = Task(self, lambda: write_problems(path, outcome.not_imported, outcome.to_look_at), Lane.POOL)
        words = _("The rows are saved as {name}. Mend them there and import that file.")
        task.then(lambda _none: place.say(words.format(name=path.name), stays=True))
        task.failed(place.tell_failure).start()

    # What comes of it

    def _begin(self, work: object, words: str) -> None:
        task = self._task(work).then(self._on_read)
        self.place.watch(words, task)
        task.start()

    def _task(self, work: object) -> Task[Outcome]:
        task: Task[Outcome] = Task(self, work, Lane.POOL)  # type: ignore[arg-type]
        return task.reporting().failed(self._on_failed)

    def _on_read(self, outcome: Outcome) -> None:
        self.outcome = outcome
        words = _("Nothing has been imported yet. Look through it, then press Import.")
        self.head.say(_("Importing a register"), words)
        self._show(outcome)
        self.take.setEnabled(outcome.applications > 0)
        self.take.setFocus()

    def _on_taken(self, outcome: Outcome) -> None:
        self.outcome, self.done = outcome, True
        self.head.say(
            _("Importing a register"), _("The register is in. A second import of the same file adds nothing.")
        )
        self._show(outcome)
        if outcome.possible_duplicates:
            words = _("Some people may be here twice.")
            self.place.say(words, "due", _("Look at them"), lambda: self.place.open_page("duplicates"), stays=True)

    def _on_failed(self, error: Exception) -> None:
        self._show_nothing()
        self.place.tell_failure(error)

    def _allow(self) -> None:
        self.take.setEnabled(not self.done and self.outcome is not None)

    def _show_nothing(self, words: str = "") -> None:
        self.outcome = None
        self.take.setEnabled(False)
        usual = _(
            "Any spreadsheet with the columns of the journal will do. Nothing is changed before you press Import."
        )
        self.head.say(_("Importing a register"), words or usual)
        self.columns.setVisible(False)

    def _show(self, outcome: Outcome) -> None:
        self.columns.setVisible(True)
        emptied(self.table)
        self.table.addWidget(self._counted(outcome))
        flagged = bool(outcome.not_imported or outcome.to_look_at)
        self.save.setVisible(flagged)
        self.stopped.show_all(outcome.not_imported)
        self.looked.show_all(outcome.to_look_at)

    def _counted(self, outcome: Outcome) -> QWidget:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(self.theme.px(8))
        grid.setHorizontalSpacing(self.theme.px(16))
        counts = outcome.counts()
        lines = [(translate(words), counts[name]) for name, words in COUNTS]
        lines.append((_("Titles, blank rows and totals, left out"), len(outcome.left_out)))
        for at, (words, count) in enumerate(lines):
            number = text(show_number(count), "strong")
            number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            grid.addWidget(number, at, 0)
            grid.addWidget(text(words, wrap=True), at, 1)
        grid.setColumnStretch(1, 1)
        return held(grid)

    def _row(self, flagged: Flagged, tone: str) -> ListRow:
        title = _("Row {line}").format(line=flagged.line)
        told = " · ".join(str(cell) for cell in _written(flagged))
        line = flagged.told() + (f"\n{shortened(told)}" if told else "")
        return ListRow(self.theme, title, line, _("to mend") if tone == "overdue" else _("to look at"), tone)


def shortened(words: str) -> str:
    """So much of a row that it can be recognised."""
    return words if len(words) <= LONGEST else words[:LONGEST].rsplit(" ", 1)[0] + "…"


def _written(flagged: Flagged) -> list[str]:
    """The row as it stood, empty cells left out."""
    from familydesk.exchange.cells import text as cell_text

    return [words for cell in flagged.cells if (words := cell_text(cell))]
