"""A referral that came, with its answer under it; and one that was accepted, with what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QLineEdit, QPlainTextEdit, QWidget

from familydesk.core.i18n import _
from familydesk.core.show import show_moment
from familydesk.ui.front_page import labelled
from familydesk.ui.parts import Card, button, column, held, row, text
from familydesk.ui.tasks import Task
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.services.answers import Accepted
    from familydesk.services.arrived import Arrived
    from familydesk.services.referring import Answered, Verdict

LINES = 3
"""Lines of an answer that are seen at once."""


class LetterRow(Card):
    """What came, as the other center wrote it; who sends it is compared by its fingerprint once."""

    def __init__(self, place: Workplace, arrived: Arrived, answered: Callable[[Answered], None]) -> None:
        theme = place.theme
        super().__init__(theme, arrived.name or arrived.center[:8])
        self.place, self.arrived, self.answered = place, arrived, answered
        self.begun = False
        self.add(text(show_moment(arrived.written), "small"))
        for label, value in arrived.shown():
            self.add(column(theme, text(label, "label", wrap=True), text(value, wrap=True), gap=0))
        self.rule()
        self.heard = QLineEdit()
        compare = _comparing(place, self.heard)
        compare.setHidden(arrived.compared)
        self.add(compare)
        self.words = _editor(place)
        self.add(labelled(theme, _("What you answer; a refusal needs its reason"), self.words))
        self.problem = text("", "problem", wrap=True)
        self.problem.hide()
        self.add(self.problem)
        self.yes = button(theme, _("Accept"), self.accept, icon="check", role="primary")
        self.no = button(theme, _("Refuse"), self.refuse, icon="x")
        self.add(row(theme, self.yes, self.no, None, gap=8))
        for signal in (self.heard.textChanged, self.words.textChanged):
            signal.connect(self._begin)

    def accept(self) -> None:
        """Take her in: a person, a case and a line in the journal of applications."""
        from familydesk.services.referring import Verdict

        self._answer(Verdict.ACCEPTED)

    def refuse(self) -> None:
        """With the reason that was written."""
        from familydesk.services.referring import Verdict

        self._answer(Verdict.REFUSED)

    def _begin(self) -> None:
        self.begun = True

    def _answer(self, verdict: Verdict) -> None:
        referring, id = self.place.office.referring, self.arrived.id
        words, typed = self.words.toPlainText(), self.heard.text()
        self.setEnabled(False)
        task = Task(self, lambda: referring.answer(id, verdict, words, typed))
        task.then(self.answered).failed(self._on_failed).start()

    def _on_failed(self, error: Exception) -> None:
        self.setEnabled(True)
        self.problem.setText(str(error))
        self.problem.show()


class AcceptedRow(QFrame):
    """One that was accepted here, by whichever colleague."""

    def __init__(self, place: Workplace, accepted: Accepted) -> None:
        super().__init__()
        theme = place.theme
        self.place, self.accepted = place, accepted
        self.words = _editor(place)
        self.words.setAccessibleName(_("What came of it"))
        self.heard = QLineEdit()
        compare = _comparing(place, self.heard)
        compare.setHidden(accepted.compared)
        self.go = button(theme, _("Tell them"), self.tell, icon="messages")
        name = text(accepted.title, "strong", wrap=True)
        self.setLayout(column(theme, name, compare, self.words, row(theme, self.go, None), gap=8, edge=4))

    def tell(self) -> None:
        """Send it to the center that referred her."""
        from familydesk.services.referring import Verdict

        referring, id = self.place.office.referring, self.accepted.id
        words, typed = self.words.toPlainText(), self.heard.text()
        task = Task(self, lambda: referring.answer(id, Verdict.ANSWERED, words, typed))
        task.then(self._on_told).failed(self.place.tell_failure).start()

    def _on_told(self, _given: Answered) -> None:
        self.words.clear()
        self.place.say(_("Answered. The answer waits here, sealed, for the next meeting."))


def _comparing(place: Workplace, heard: QLineEdit) -> QWidget:
    asked = _("Nobody here has compared this center. Let its fingerprint be read to you and type what you hear")
    return held(labelled(place.theme, asked, heard))


def _editor(place: Workplace) -> QPlainTextEdit:
    made = QPlainTextEdit()
    made.setTabChangesFocus(True)
    made.setFixedHeight(made.fontMetrics().lineSpacing() * LINES + place.theme.px(20))
    return made
