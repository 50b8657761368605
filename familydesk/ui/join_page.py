"""A new laptop asks a center that is there already to admit it: where to meet it, who asks, a passphrase; then the
fingerprint, which is read to the head aloud.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit

from familydesk.core.errors import Refused
from familydesk.core.i18n import _
from familydesk.ui.front_page import FrontPage, eye, labelled, secret_line
from familydesk.ui.parts import button, column, emptied, held, row, text
from familydesk.ui.strength import judge
from familydesk.ui.tasks import Lane, Task
from familydesk.ui.theme import Theme

if TYPE_CHECKING:
    from familydesk.services.joining import Asked


@dataclass(frozen=True, slots=True)
class Wish:
    """What the page asks for. `login` is that of somebody who has another laptop already; else empty."""

    road: str
    person: str
    login: str
    passphrase: str


class JoinPage(FrontPage):
    """`ask` leaves the request and gives back the fingerprints."""

    asked = Signal()
    """She has read the fingerprint aloud and goes on."""
    left = Signal()

    def __init__(self, theme: Theme, ask: Callable[[Wish], Asked]) -> None:
        super().__init__(theme)
        self._ask = ask
        self.told: Asked | None = None
        """What she is reading aloud, once she has asked."""
        self.card.add(text(_("Join a center"), "title", wrap=True))
        words = _(
            "Another laptop of the center has left its papers in a folder on a stick, or at a hub. This laptop asks "
            "there to be admitted, and the head of the center says yes."
        )
        self.card.add(text(words, "muted", wrap=True))
        self.road, self.person, self.login = QLineEdit(), QLineEdit(), QLineEdit()
        self.first, self.second = secret_line(), secret_line()
        pick = button(theme, _("Choose a folder…"), self.choose, icon="folder")
        beside = row(theme, self.road, pick)
        beside.setStretch(0, 1)
        where = _("A folder on a stick or in the network, or the address of a hub")
        self.road.setAccessibleName(where)
        self.card.add(column(theme, text(where, "label", wrap=True), held(beside), gap=4))
        self.card.add(labelled(theme, _("Your name"), self.person, _("Surname, given name, patronymic.")))
        hint = _("Only if you work on another laptop of this center already. Then type the passphrase you have there.")
        self.card.add(labelled(theme, _("Login"), self.login, hint))
        self.card.add(labelled(theme, _("Passphrase"), self.first))
        self.card.add(labelled(theme, _("The same once more"), self.second))
        self.card.add(row(theme, eye(theme, self.first, self.second), None))
        self.card.add(self.problem)
        self.go = button(theme, _("Ask to be admitted"), self.ask, role="primary")
        self.card.add(row(theme, self.go, None, button(theme, _("Back"), self.left.emit, role="flat")))
        for line in (self.road, self.person, self.login, self.first, self.second):
            line.returnPressed.connect(self.ask)
        self.setFocusProxy(self.road)

    def choose(self) -> None:
        """Ask for a folder."""
        path = QFileDialog.getExistingDirectory(self, _("Choose a folder…"), self.road.text())
        if path:
            self.road.setText(path)
            self.person.setFocus()

    def ask(self) -> None:
        """Ask there, if everything is said."""
        person, login = (" ".join(line.text().split()) for line in (self.person, self.login))
        wish = Wish(self.road.text().strip(), person, login, self.first.text())
        if not wish.road:
            self._stop(_("Say where the center is met."), self.road)
        elif len(person.split()) < 2:
            self._stop(_("Write your surname and your given name."), self.person)
        elif wish.passphrase != self.second.text():
            self._stop(_("The two lines differ."), self.second)
        else:
            self.complain("")
            self.go.setEnabled(False)
            Task(self, lambda: self._sent(wish), Lane.POOL).then(self.show_print).failed(self._on_failed).start()

    def _sent(self, wish: Wish) -> Asked:
        """In another thread. A passphrase that exists already is what it is; a new one has to be a strong one."""
        strength = judge(wish.passphrase, (wish.person,))
        if not (wish.login or strength.enough):
            raise Refused(strength.sentence)
        return self._ask(wish)

    def show_print(self, asked: Asked) -> None:
        """The signs that are read aloud. Once: they are nowhere else on this laptop in the open."""
        self.told = asked
        emptied(self.card.body)
        self.card.add(text(_("Read this to the head aloud"), "title", wrap=True))
        words = _(
            "This laptop is not confirmed yet. Telephone the head of the center or go to her, and read these signs to "
            "her. Her program compares them. If it says that they are others, stop: it is not her center."
        )
        self.card.add(text(words, wrap=True))
        signs = text(asked.fingerprint, "title", wrap=True)
        signs.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByKeyboard)
        signs.setAccessibleName(_("Fingerprint"))
        self.card.add(signs)
        after = _(
            "When she has admitted this laptop, open it with your passphrase, where the stick or the hub is at hand."
        )
        self.card.add(text(after, "muted", wrap=True))
        on = button(self.theme, _("She has admitted it"), self.asked.emit, role="primary")
        self.card.add(row(self.theme, on, None))
        on.setFocus()

    def _on_failed(self, error: Exception) -> None:
        self.go.setEnabled(True)
        self.complain(str(error))

    def _stop(self, sentence: str, line: QLineEdit) -> None:
        self.complain(sentence)
        line.setFocus()
