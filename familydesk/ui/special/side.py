"""One side of a choice between two values: a frame that can be pressed, marked by its edge when it is chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame

from familydesk.ui.parts import column, restyled, text
from familydesk.ui.theme import Theme


class Side(QFrame):
    """Who or when in small letters, the value below. Without `do` it is only read."""

    def __init__(
        self, theme: Theme, over: str, value: str, under: str = "", do: Callable[[], Any] | None = None
    ) -> None:
        super().__init__()
        self._do = do
        self.setProperty("side", "plain")
        words = column(theme, gap=4, edge=12)
        for part, tone in ((over, "small"), (value, "strong"), (under, "small")):
            if part:
                words.addWidget(text(part, tone, wrap=True))
        words.addStretch(1)
        self.setLayout(words)
        self.setAccessibleName(". ".join(part for part in (over, value, under) if part))
        if do:
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def choose(self, chosen: bool) -> None:
        """Mark it, or take the mark away."""
        restyled(self, "side", "chosen" if chosen else "plain")

    @property
    def chosen(self) -> bool:
        """Whether it is marked."""
        return bool(self.property("side") == "chosen")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click takes it."""
        if self._do and self.rect().contains(event.position().toPoint()):
            self._do()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter or Space takes it."""
        if self._do and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._do()
        else:
            super().keyPressEvent(event)
