"""Before somebody's passphrase is taken from her: what that means, and the recovery key if it is at hand."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from familydesk.core.i18n import _
from familydesk.ui.front_page import labelled
from familydesk.ui.parts import button, column, held, row, text
from familydesk.ui.theme import Theme


class PutOut(QWidget):
    """One question at a time, about one login."""

    wanted = Signal(str)
    """Disable this login."""
    readmission_wanted = Signal(str, str)
    """Give this login a temporary passphrase; the recovery key, or nothing."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.login = ""
        self.readmits = False
        self.words = text("", "strong", wrap=True)
        self.meaning = text("", "small", wrap=True)
        self.recovery = QLineEdit()
        hint = _("Only if it is at hand: with it she has her own notes at once.")
        self.paper = held(labelled(theme, _("Recovery key"), self.recovery, hint))
        self.go = button(theme, "", self.take, role="danger")
        cancel = button(theme, _("Cancel"), self.close_again, role="link")
        self.setLayout(column(theme, self.words, self.meaning, self.paper, row(theme, self.go, None, cancel), gap=8))

    def ask(self, login: str) -> None:
        """Shall she be disabled?"""
        meaning = _("No passphrase of hers opens the store any more. What she wrote stays, her own notes sealed.")
        self._ask(login, False, _("Disable {login}?").format(login=login), meaning, _("Disable"))

    def ask_readmission(self, login: str) -> None:
        """Shall she have a temporary passphrase?"""
        meaning = _(
            "The passphrase she has now opens the store no longer. Her own notes open again when she chooses that "
            "passphrase anew, or by the recovery key."
        )
        words = _("A temporary passphrase for {login}?").format(login=login)
        self._ask(login, True, words, meaning, _("Make a passphrase"))

    def take(self) -> None:
        """Yes."""
        if self.readmits:
            self.readmission_wanted.emit(self.login, self.recovery.text().strip())
        else:
            self.wanted.emit(self.login)

    def close_again(self) -> None:
        """Nothing, or no more."""
        self.recovery.clear()
        self.hide()

    def _ask(self, login: str, readmits: bool, words: str, meaning: str, go: str) -> None:
        self.login, self.readmits = login, readmits
        self.recovery.clear()
        self.words.setText(words)
        self.meaning.setText(meaning)
        self.go.setText(go)
        self.go.setAccessibleName(words)
        self.paper.setVisible(readmits)
        self.show()
        (self.recovery if readmits else self.go).setFocus()
