"""One's own way in: another passphrase, and whether this computer remembers it."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout

from familydesk.core.errors import Refused
from familydesk.core.i18n import _
from familydesk.ui.drill_line import DrillLine
from familydesk.ui.front_page import labelled, secret_line
from familydesk.ui.parts import Card, button, column, held, row, text
from familydesk.ui.strength import judge
from familydesk.ui.tasks import Lane, Task
from familydesk.ui.workplace import Workplace


class AccountCard(Card):
    """Closed until she wants it: most days nobody changes a passphrase."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.theme, _("Your passphrase"))
        self.place = place
        self.old, self.new, self.again = secret_line(), secret_line(), secret_line()
        self.problem = text("", "problem", wrap=True)
        self.problem.hide()
        self.opener = button(self.theme, _("Choose another passphrase"), self.open, icon="key")
        self.remembers = False
        self.memory = button(self.theme, "", self.turn_memory, role="flat")
        self.memory.hide()
        self.add(row(self.theme, self.opener, self.memory, None))
        self.add(DrillLine(place))
        self.form = held(self._lines())
        self.form.hide()
        self.add(self.form)

    def showEvent(self, event: QShowEvent) -> None:
        """Ask, once somebody looks, whether this computer has a keyring and remembers."""
        super().showEvent(event)
        self._ask_keyring()

    def turn_memory(self) -> None:
        """Remember on this computer, or forget."""
        account, remembers = self.place.office.account, self.remembers
        verb = account.forget if remembers else account.remember
        Task(self, verb, Lane.POOL).then(lambda _none: self._ask_keyring()).failed(self.place.tell_failure).start()

    def _ask_keyring(self) -> None:
        office = self.place.office

        def work() -> tuple[bool, bool]:
            from familydesk.services import front_door
            from familydesk.services.account import Account

            return Account.can_be_remembered(), front_door.is_remembered(office.folder, office.me)

        Task(self, work, Lane.POOL).then(lambda found: self._show_memory(*found)).start()

    def _show_memory(self, possible: bool, remembers: bool) -> None:
        self.remembers = remembers
        self.memory.setVisible(possible)
        words = _("Ask for the passphrase again") if remembers else _("Open without a passphrase on this computer")
        self.memory.setText(words)
        self.memory.setAccessibleName(words)

    def open(self) -> None:
        """Show the lines; who came in by the recovery key is not asked for a passphrase she has forgotten."""
        self.opener.hide()
        self.old_box.setVisible(not self.place.office.account.by_paper)
        self.form.show()
        (self.old if self.old_box.isVisible() else self.new).setFocus()

    def save(self) -> None:
        """Take the new passphrase, if it is strong and twice the same."""
        old, new = self.old.text(), self.new.text()
        account = self.place.office.account
        if new != self.again.text():
            self._complain(_("The two lines differ."), self.again)
            return

        def work() -> str:
            strength = judge(new)
            if not strength.enough:
                return strength.sentence
            if account.by_paper:
                account.set_passphrase(new)
            else:
                account.change_passphrase(old, new)
            return ""

        self.go.setEnabled(False)
        Task(self, work, Lane.POOL).then(self._on_done).failed(self._on_failed).start()

    def _lines(self) -> QVBoxLayout:
        self.go = button(self.theme, _("Use this passphrase"), self.save, role="primary")
        self.old_box = held(labelled(self.theme, _("Passphrase until now"), self.old))
        new = labelled(self.theme, _("New passphrase"), self.new)
        again = labelled(self.theme, _("The same once more"), self.again)
        return column(self.theme, self.old_box, new, again, self.problem, row(self.theme, self.go, None), gap=12)

    def _on_done(self, weak: str) -> None:
        self.go.setEnabled(True)
        if weak:
            self._complain(_(weak), self.new)
            return
        for line in (self.old, self.new, self.again):
            line.clear()
        self.problem.hide()
        self.form.hide()
        self.opener.show()
        self.place.say(_("From now on the store opens with the new passphrase."))

    def _on_failed(self, error: Exception) -> None:
        self.go.setEnabled(True)
        self._complain(str(error), self.old if isinstance(error, Refused) else self.new)

    def _complain(self, sentence: str, line: QLineEdit) -> None:
        self.problem.setText(sentence)
        self.problem.show()
        line.setFocus()
