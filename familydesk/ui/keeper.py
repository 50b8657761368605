"""What keeps something in the store at each pause in typing, so that no crash, lock or power cut takes it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

PAUSE = 700
"""Milliseconds without a key."""


class Keeper(QObject):
    """Keeps once nothing more was done for a moment; it lives as long as `owner`. A subclass says what, in `keep`."""

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self.keep)

    def keep(self) -> None:
        """Seal and keep what there is now."""
        raise NotImplementedError

    def note(self) -> None:
        """A key was pressed, or something chosen."""
        self._pause.start()

    def stop(self) -> None:
        """It is saved by another way, or gone."""
        self._pause.stop()

    def flush(self) -> None:
        """Keep now what the next pause would have kept: its place is about to go."""
        if self._pause.isActive():
            self._pause.stop()
            self.keep()
