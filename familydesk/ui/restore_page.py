"""Bringing a backup back: which file, and what opens it. What stands in the folder now is kept beside it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog

from familydesk.core.i18n import _
from familydesk.ui.front_page import FrontPage, eye, labelled, secret_line
from familydesk.ui.parts import button, held, row, text
from familydesk.ui.tasks import Lane, Task
from familydesk.ui.theme import Theme


class RestorePage(FrontPage):
    """A file, a passphrase, one button. `standing`: a store stands in the folder, so it has a word in this: whoever
    brings a backup back over it is let in there by the passphrase of today.
    """

    left = Signal()
    """Done, or not wanted after all."""

    def __init__(self, theme: Theme, folder: Path, standing: bool = False) -> None:
        super().__init__(theme)
        self.folder = folder
        self.file: Path | None = None
        self.card.add(text(_("Restore from a backup"), "title", wrap=True))
        words = _("What stands in the store's folder now is not overwritten: it is kept beside it.")
        self.card.add(text(words, "muted", wrap=True))
        self.name = text(_("No file chosen yet"), wrap=True)
        pick = button(theme, _("Choose the backup…"), self.choose, icon="folder")
        chosen = row(theme, self.name, pick)
        chosen.setStretch(0, 1)
        self.card.add(chosen)
        self.line = secret_line()
        hint = _("The passphrase of the day on which the backup was made.")
        self.card.add(labelled(theme, _("What opens it"), self.line, hint))
        self.present = secret_line()
        hint = _("Only if it was changed since: the store that stands here is asked whether you may do this.")
        self.of_today = held(labelled(theme, _("Passphrase of today"), self.present, hint))
        self.of_today.setVisible(standing)
        self.card.add(self.of_today)
        self.by_paper = button(theme, _("I have only the recovery key"), role="chip")
        self.by_paper.setCheckable(True)
        self.by_paper.toggled.connect(lambda on: self.of_today.setVisible(standing and not on))
        self.card.add(row(theme, eye(theme, self.line, self.present), self.by_paper, None))
        self.card.add(self.problem)
        self.go = button(theme, _("Restore"), self.restore, role="primary")
        self.card.add(row(theme, self.go, None, button(theme, _("Back"), self.left.emit, role="flat")))
        for line in (self.line, self.present):
            line.returnPressed.connect(self.restore)
        self.setFocusProxy(pick)

    def choose(self) -> None:
        """Ask for the file."""
        path, _kind = QFileDialog.getOpenFileName(self, _("Choose the backup…"))
        if path:
            self.take(Path(path))

    def take(self, path: Path) -> None:
        """This file."""
        self.file = path
        self.name.setText(path.name)
        self.line.setFocus()

    def restore(self) -> None:
        """Bring it back."""
        if self.file is None:
            self.complain(_("Choose the backup first."))
            return
        self.complain("")
        self.go.setEnabled(False)
        file, folder, typed, by_paper = self.file, self.folder, self.line.text(), self.by_paper.isChecked()
        present = self.present.text()

        def work() -> object:
            from familydesk.services import backups

            if by_paper:
                return backups.restore(file, folder, recovery=typed)
            return backups.restore(file, folder, typed, present=present)

        Task(self, work, Lane.POOL).then(lambda _kept: self.left.emit()).failed(self._on_failed).start()

    def _on_failed(self, error: Exception) -> None:
        self.go.setEnabled(True)
        self.complain(str(error))
