"""One side of a choice between two values: a frame that can be pressed, marked by its edge when it is chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QWidget

from familydesk.ui.parts import column, restyled, text
from familydesk.ui.theme import Theme


class Side(QFrame):
    """Who or when in small letters, the value below. Without `do` it is only read."""

    def __init__(
        self,
        theme: Theme,
        over: str,
        value: str,
        under: str = "",
        do: Callable[[], Any] | None = None,
        shown: QWidget | None = None,
    ) -> None:
        """`shown` stands in place of the plain value where there is more to see in it."""
        super().__init__()
        self._do = do
        self.setProperty("side", "plain")
        inside = column(theme, gap=4, edge=12)
        for part in (_words(over, "small"), shown or _words(value, "strong"), _words(under, "small")):
            if part:
                inside.addWidget(part)
        inside.addStretch(1)
        self.setLayout(inside)
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


def _words(words: str, tone: str) -> QWidget | None:
    return text(words, tone, wrap=True) if words else None
