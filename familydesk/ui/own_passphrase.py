"""The first opening: the passphrase that somebody made up has opened the door, and she chooses her own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from familydesk.core.i18n import _
from familydesk.ui.front_page import FrontPage, eye, labelled, secret_line
from familydesk.ui.parts import button, row, text
from familydesk.ui.strength import judge
from familydesk.ui.tasks import Lane, Task
from familydesk.ui.theme import Theme

if TYPE_CHECKING:
    from familydesk.services.office import Office


class OwnPassphrase(FrontPage):
    """Two lines, and nothing of the desk before they are taken."""

    chosen = Signal(object)
    """The office, now hers."""
    left = Signal()
    """Another time: the store is closed again."""

    def __init__(self, theme: Theme, office: Office) -> None:
        super().__init__(theme)
        self.office = office
        self.card.add(text(_("Choose your own passphrase"), "title", wrap=True))
        words = _("The one you were given opens nothing but this page. From now on only you know what opens the store.")
        self.card.add(text(words, wrap=True))
        hint = _("If you worked here before: your former passphrase brings your own notes back.")
        self.new, self.again = secret_line(), secret_line()
        self.card.add(labelled(theme, _("New passphrase"), self.new, hint))
        self.card.add(labelled(theme, _("The same once more"), self.again))
        self.card.add(row(theme, eye(theme, self.new, self.again), None))
        self.card.add(self.problem)
        self.go = button(theme, _("Use this passphrase"), self.save, role="primary")
        self.card.add(row(theme, self.go, None, button(theme, _("Another time"), self.leave, role="link")))
        self.again.returnPressed.connect(self.save)
        self.setFocusProxy(self.new)

    def save(self) -> None:
        """Take the passphrase, if it is strong and twice the same."""
        new = self.new.text()
        if new != self.again.text():
            self._stop(_("The two lines differ."))
            return

        def work() -> str:
            strength = judge(new)
            if not strength.enough:
                return strength.sentence
            self.office.account.set_passphrase(new)
            return ""

        self.go.setEnabled(False)
        Task(self, work, Lane.POOL).then(self._on_done).failed(lambda error: self._stop(str(error))).start()

    def leave(self) -> None:
        """Close the store and go back to its door."""
        self.office.close()
        self.left.emit()

    def _on_done(self, weak: str) -> None:
        if weak:
            self._stop(_(weak))
            return
        self.new.clear()
        self.again.clear()
        self.chosen.emit(self.office)

    def _stop(self, sentence: str) -> None:
        self.go.setEnabled(True)
        self.complain(sentence)
        self.new.setFocus()
