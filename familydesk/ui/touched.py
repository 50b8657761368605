"""What a transaction touched, brought into the GUI thread once, however many changes it made."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Signal


class Touched(QObject):
    """Call `tell` from any thread; `touched` follows in the GUI thread with all sheets told of since."""

    touched = Signal(object)
    _told = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sheets: set[str] = set()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._announce)
        self._told.connect(self._gather, Qt.ConnectionType.QueuedConnection)

    def tell(self, sheets: frozenset[str]) -> None:
        """Some transaction touched `sheets`."""
        self._told.emit(sheets)

    def _gather(self, sheets: frozenset[str]) -> None:
        self._sheets |= sheets
        self._soon.start()

    def _announce(self) -> None:
        sheets, self._sheets = frozenset(self._sheets), set()
        self.touched.emit(sheets)
