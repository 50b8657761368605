"""The unlock screen: one line for the passphrase, and the recovery key for the day it is forgotten."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from familydesk.core.errors import Unsaid
from familydesk.core.i18n import _
from familydesk.ui.flow import Flow
from familydesk.ui.front_page import FrontPage, eye, labelled, secret_line
from familydesk.ui.parts import button, emptied, row, text
from familydesk.ui.tasks import Lane, Task
from familydesk.ui.theme import Theme

if TYPE_CHECKING:
    from familydesk.services.office import Office

Open = Callable[[str, str], "Office"]
"""From a passphrase or a recovery key, and a login, to the office."""
Logins = Sequence[str]


class UnlockPage(FrontPage):
    """`unlock` opens the store with a passphrase, `recover` with the recovery key, each for a login, which may be
    empty; both take a while and may refuse.
    """

    opened = Signal(object)
    """The office."""
    elsewhere = Signal()
    """She wants another store: to choose, to restore or to make one."""

    def __init__(self, theme: Theme, unlock: Open, recover: Open, several: bool = False, logins: Logins = ()) -> None:
        """`several`: more than one person opens the store, so a login is asked for; `logins` are offered for it."""
        super().__init__(theme)
        self.unlock, self.recover = unlock, recover
        self.several, self.logins = several, logins
        self.by_paper = False
        self.line = QLineEdit()
        self.login = QLineEdit()
        self._fill()

    def try_to_open(self) -> None:
        """Open with what is typed."""
        typed = self.line.text()
        if not typed.strip() or not self.go.isEnabled():
            self.line.setFocus()
            return
        self._busy(True)
        self.complain("")
        verb = self.recover if self.by_paper else self.unlock
        login = self.login.text().strip()
        task = Task(self, lambda: verb(typed, login), Lane.POOL)
        task.then(self._on_opened).failed(self._on_failed).start()

    def open_remembered(self, recall: Callable[[], Office]) -> None:
        """Open with what this computer remembers; if that fails, the passphrase is asked for as ever."""
        self._busy(True)
        Task(self, recall, Lane.POOL).then(self._on_opened).failed(self._on_failed).start()

    def turn(self) -> None:
        """The other way in."""
        self.by_paper = not self.by_paper
        self.complain("")
        self._fill()

    def _fill(self) -> None:
        emptied(self.card.body)
        theme = self.theme
        self.card.add(text(_("Workspace"), "title"))
        self.login = QLineEdit(self.login.text())
        if self.several:
            self._add_login()
        self.line = QLineEdit() if self.by_paper else secret_line()
        if self.by_paper:
            words, hint = _("Recovery key"), _("The thirteen groups printed when the store was made.")
            self.card.add(labelled(theme, words, self.line, hint))
        else:
            self.card.add(labelled(theme, _("Passphrase"), self.line))
            self.card.add(row(theme, eye(theme, self.line), None))
        self.problem = text("", "problem", wrap=True)
        self.problem.hide()
        self.card.add(self.problem)
        self.go = button(theme, _("Open"), self.try_to_open, icon="key", role="primary")
        other = _("Use the passphrase") if self.by_paper else _("I forgot the passphrase")
        self.card.add(row(theme, self.go, None, button(theme, other, self.turn, role="link")))
        self.card.add(row(theme, button(theme, _("Another store"), self.elsewhere.emit, role="link"), None))
        self.line.returnPressed.connect(self.try_to_open)
        first = self.login if self.several else self.line
        self.setFocusProxy(first)
        first.setFocus()

    def _add_login(self) -> None:
        """A line to type a login on, and where the center wants them, logins to choose from."""
        self.card.add(labelled(self.theme, _("Login"), self.login))
        self.login.returnPressed.connect(self.try_to_open)
        if self.logins:
            offered = Flow(self.theme.px(8))
            for login in self.logins:
                offered.add(button(self.theme, str(login), partial(self._choose, str(login)), role="chip"))
            self.card.add(offered)

    def _choose(self, login: str) -> None:
        self.login.setText(login)
        self.line.setFocus()

    def _ask_login(self) -> None:
        self.several = True
        typed = self.line.text()
        self._fill()
        self.line.setText(typed)
        self.login.setFocus()

    def _busy(self, busy: bool) -> None:
        self.go.setEnabled(not busy)
        self.line.setEnabled(not busy)
        self.go.setText(_("Opening…") if busy else _("Open"))

    def _on_opened(self, office: Office) -> None:
        self.line.clear()
        self.opened.emit(office)

    def _on_failed(self, error: Exception) -> None:
        self._busy(False)
        if isinstance(error, Unsaid) and not self.several:
            self._ask_login()
            return
        self.complain(str(error))
        self.line.selectAll()
        self.line.setFocus()
