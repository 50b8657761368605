"""The drill: does the recovery key on paper open this store? Asked before the day on which it has to."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from familydesk.core.i18n import _
from familydesk.ui.front_page import labelled
from familydesk.ui.parts import button, column, held, row, text
from familydesk.ui.tasks import Lane, Task
from familydesk.ui.workplace import Workplace


class DrillLine(QWidget):
    """A button; then a line for the thirteen groups, and the answer. It opens nothing and keeps nothing."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.place, theme = place, place.theme
        self.opener = button(theme, _("Check the recovery key"), self.open, icon="key", role="flat")
        self.line = QLineEdit()
        self.problem = text("", "problem", wrap=True)
        self.problem.hide()
        self.go = button(theme, _("Check"), self.check)
        hint = _("Type it from the paper. Nothing is opened; only the day of the check is noted.")
        asked = labelled(theme, _("Recovery key"), self.line, hint)
        self.form = held(column(theme, asked, self.problem, row(theme, self.go, None), gap=8))
        self.form.hide()
        whole = column(theme, row(theme, self.opener, None), self.form, gap=8)
        self.setLayout(whole)
        self.line.returnPressed.connect(self.check)

    def open(self) -> None:
        """Show the line."""
        self.form.show()
        self.line.setFocus()

    def check(self) -> None:
        """Try the key."""
        typed, account = self.line.text(), self.place.office.account
        self.go.setEnabled(False)
        task = Task(self, lambda: account.drill(typed), Lane.POOL)
        task.then(self._on_done).failed(lambda error: self._complain(str(error))).start()

    def _on_done(self, opens: bool) -> None:
        if not opens:
            self._complain(_("This recovery key does not open this store."))
            return
        self.go.setEnabled(True)
        self.line.clear()
        self.problem.hide()
        self.form.hide()
        self.place.say(_("The recovery key opens this store. The day of the check is noted."))

    def _complain(self, sentence: str) -> None:
        self.go.setEnabled(True)
        self.problem.setText(sentence)
        self.problem.show()
        self.line.setFocus()
