"""Backups: make one now, to any place she likes. The daily ones make themselves."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from familydesk.core import clock
from familydesk.core.i18n import _
from familydesk.ui.parts import Card, button, row, text
from familydesk.ui.tasks import Lane, Task
from familydesk.ui.workplace import Workplace


class BackupCard(Card):
    """One button, and a sentence about what a backup is."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.theme, _("Backups"))
        self.place = place
        words = _(
            "A backup is one encrypted file. It opens with the passphrase of its day or with the recovery key. "
            "One is made every day; take one along on a stick now and then."
        )
        self.add(text(words, "muted", wrap=True))
        self.now = button(self.theme, _("Back up now"), self.choose, icon="device-floppy")
        self.add(row(self.theme, self.now, None))

    def choose(self) -> None:
        """Ask where, and make it there."""
        name = f"backup-{clock.today():%Y-%m-%d}.desk"
        path, _kind = QFileDialog.getSaveFileName(self.window(), _("Back up now"), name, "*.desk")
        if path:
            self.make(Path(path))

    def make(self, path: Path) -> None:
        """Make a backup at `path` and verify it by opening it."""
        office, place = self.place.office, self.place
        task = Task(
            self, lambda progress: office.backups.make(path, progress.report, instead=True), Lane.POOL
        ).reporting()
        task.then(lambda _made: place.say(_("The backup is made, and it opens.")))
        task.failed(place.tell_failure)
        place.watch(_("Making the backup…"), task)
        task.start()
