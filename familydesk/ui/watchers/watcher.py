"""What every watcher of the system is."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class Watcher(QObject):
    """Watches for the moments at which nobody may be left in front of an open store. This one knows of none."""

    alarmed = Signal()
    """The computer is about to sleep, its lid was closed, or its screen locked."""

    def begin(self) -> None:
        """A store is open: watch until the process ends, which a lock replaces."""
