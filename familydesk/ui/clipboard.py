"""What was copied out of the program does not stay on the clipboard: it goes after a minute, at a lock, at the end.

Every copy counts as above PLAIN: of a marked text nobody can tell what it holds. What another program has put there
since is left alone.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication

STAYS = 60_000
"""Milliseconds that a copied text can be pasted."""


class ClipboardKeeper(QObject):
    """Watches the clipboard for as long as it lives."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._board = QGuiApplication.clipboard()
        self._ours: int | None = None
        self._minute = QTimer(self)
        self._minute.setSingleShot(True)
        self._minute.setInterval(STAYS)
        self._minute.timeout.connect(self.empty)
        self._board.dataChanged.connect(self._on_changed)

    def empty(self) -> None:
        """Take back what this program put there, if it is still there."""
        self._minute.stop()
        if self._ours is not None and hash(self._board.text()) == self._ours:
            self._board.clear()
        self._ours = None
        # Under X11 a text that is only marked can be pasted as well.
        if self._board.ownsSelection():
            self._board.clear(QClipboard.Mode.Selection)

    def _on_changed(self) -> None:
        # Not every platform says whose the clipboard is; what comes while this window has the keyboard comes from it.
        if not self._board.ownsClipboard() and QGuiApplication.focusWindow() is None:
            return
        text = self._board.text()
        # Its hash alone: remembering the text would be one more copy of it.
        self._ours = hash(text) if text else None
        if text:
            self._minute.start()
