"""Laptops that ask to be admitted: a head compares the fingerprint that is read to her aloud, and admits."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QLineEdit

from familydesk.core.i18n import _, translate
from familydesk.ui.front_page import labelled
from familydesk.ui.parts import Card, button, column, emptied, held, row, text
from familydesk.ui.tasks import Lane, Task
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.services.admissions import Admitted, Asking


class AskingCard(Card):
    """`changed` tells that one was admitted. Who asks is looked for where she would meet the others."""

    changed = Signal()

    def __init__(self, place: Workplace, address: Callable[[], str]) -> None:
        super().__init__(place.theme, _("Laptops that ask to be admitted"))
        self.place, self.address = place, address
        words = _(
            "Let the fingerprint be read to you aloud, by telephone or face to face, and type what you hear. Never "
            "take it from a message: whoever could change the request could change that too."
        )
        self.add(text(words, "muted", wrap=True))
        self.rows: list[AskingRow] = []
        self.lines = column(place.theme, gap=12)
        self.add(self.lines)
        self.look = button(place.theme, _("Look who asks"), self.ask, icon="user-plus")
        self.add(row(place.theme, self.look, None))

    def ask(self) -> None:
        """Look there."""
        admissions, address = self.place.office.admissions, self.address()
        self.look.setEnabled(False)
        task = Task(self, lambda: admissions.requests(address), Lane.POOL)
        task.then(lambda found: self._show(address, found)).failed(self.place.tell_failure)
        task.ended(lambda: self.look.setEnabled(bool(self.address()))).start()

    def aim(self) -> None:
        """Another address: who asked elsewhere is not shown any more."""
        self.look.setEnabled(bool(self.address()))
        self._clear()

    def _show(self, address: str, found: tuple[Asking, ...]) -> None:
        self._clear()
        for asking in found:
            made = AskingRow(self.place, address, asking)
            made.admitted.connect(self._on_admitted)
            self.rows.append(made)
            self.lines.addWidget(made)
        if not found:
            self.lines.addWidget(text(_("Nobody asks there."), "muted", wrap=True))

    def _clear(self) -> None:
        emptied(self.lines)
        self.rows = []

    def _on_admitted(self) -> None:
        self.ask()
        self.changed.emit()


class AskingRow(QFrame):
    """One request: who, the fingerprint as it is heard, and her role if she is new."""

    admitted = Signal()

    def __init__(self, place: Workplace, address: str, asking: Asking) -> None:
        from familydesk.services.members import Role

        super().__init__()
        self.setProperty("side", "plain")
        self.place, self.address, self.asking = place, address, asking
        theme = place.theme
        self.heard, self.role = QLineEdit(), QComboBox()
        self.role.addItems([translate(role.value) for role in Role])
        self.role.setCurrentIndex(list(Role).index(Role.SOCIAL_WORKER))
        self.problem = text("", "problem", wrap=True)
        self.problem.hide()
        self.go = button(theme, _("Admit"), self.admit, icon="check", role="primary")
        role = held(labelled(theme, _("Her role"), self.role))
        role.setHidden(bool(asking.login))
        who = (
            asking.person + " · " + _("another laptop of {login}").format(login=asking.login)
            if asking.login
            else asking.person
        )
        lines = (
            text(who, "strong", wrap=True),
            held(labelled(theme, _("The fingerprint, as you hear it"), self.heard)),
        )
        self.setLayout(column(theme, *lines, role, self.problem, row(theme, self.go, None), gap=8, edge=12))
        self.heard.returnPressed.connect(self.admit)

    def admit(self) -> None:
        """If the fingerprints are the same."""
        from familydesk.services.members import Role

        admissions, typed = self.place.office.admissions, self.heard.text()
        role = None if self.asking.login else list(Role)[self.role.currentIndex()]
        self.setEnabled(False)
        task = Task(self, lambda: admissions.admit(self.address, self.asking.request, typed, role), Lane.POOL)
        task.then(self._on_admitted).failed(self._on_failed).start()

    def _on_admitted(self, admitted: Admitted) -> None:
        words = _("{name} is admitted. Her login: {login}").format(name=self.asking.person, login=admitted.login)
        if admitted.waiting:
            words = f"{words}. " + _("Another head has to confirm her role: two heads make a third one.")
        if admitted.keys_missing:
            words = f"{words}. " + _("Her keys are on her other laptop: let her hand them over there, under Sync.")
        self.place.say(words, stays=True)
        self.admitted.emit()

    def _on_failed(self, error: Exception) -> None:
        self.setEnabled(True)
        self.problem.setText(str(error))
        self.problem.show()
        self.heard.setFocus()
