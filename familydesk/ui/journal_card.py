"""The journal: whether it is whole, and whether what an old paper bears still stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit

from familydesk.core.i18n import _
from familydesk.ui.front_page import labelled
from familydesk.ui.parts import Card, button, held, restyled, row, text
from familydesk.ui.tasks import Lane, Task
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.services.journal import Verdict


class JournalCard(Card):
    """A sentence about what it is, a line for what a paper bears, one button, and what was found."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.theme, _("Journal"))
        self.place = place
        words = _(
            "Every opening, view, search, print and change is written down in a chain signed by the person. "
            "Check it now and then, and when somebody doubts a paper."
        )
        self.add(text(words, "muted", wrap=True))
        self.printed = QLineEdit()
        self.printed.setPlaceholderText("1207-7K3Q-M2XD-9VAB-0C4E")
        self.printed.returnPressed.connect(self.check)
        self.add(held(labelled(self.theme, _("From the foot of an old paper, if there is one"), self.printed)))
        self.go = button(self.theme, _("Check the journal"), self.check, icon="shield-check")
        self.add(row(self.theme, self.go, None))
        self.found = text("", wrap=True)
        self.found.hide()
        self.add(self.found)

    def check(self) -> None:
        """Walk the whole journal. A year of a busy center takes some seconds."""
        journal, printed = self.place.office.journal, self.printed.text().strip()
        self.go.setEnabled(False)
        task = Task(self, lambda: journal.verify(printed), Lane.POOL).then(self._show).failed(self._failed)
        self.place.watch(_("Checking the journal…"), task)
        task.start()

    def _show(self, verdict: Verdict) -> None:
        self.go.setEnabled(True)
        self._say("\n".join(verdict.told()), "" if verdict.whole else "problem")

    def _failed(self, error: Exception) -> None:
        self.go.setEnabled(True)
        self._say(str(error), "problem")

    def _say(self, words: str, tone: str) -> None:
        restyled(self.found, "tone", tone)
        self.found.setText(words)
        self.found.show()
