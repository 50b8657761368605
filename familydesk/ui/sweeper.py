"""Garbage is collected in the window's thread alone.

Python collects wherever an allocation happens to cross the threshold. In a worker that may destroy a part of the window
that only a cycle still held, while the window's thread is at work on it: Qt objects must die where they live.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1_000


class Sweeper(QObject):
    """Takes over from Python's own collecting for as long as it lives."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self.timer = QTimer(self)
        self.timer.timeout.connect(self.sweep)
        self.timer.start(EVERY_MS)

    def sweep(self) -> None:
        """Collect the oldest generation that is full, as Python itself would have done."""
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > gc.get_threshold()[generation]:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """Give collecting back to Python."""
        self.timer.stop()
        gc.enable()
