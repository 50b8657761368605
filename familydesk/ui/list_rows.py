"""Rows of a card: what, on what ground, and a chip by when. The whole row can be pressed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QWidget

from familydesk.ui.parts import chip, column, row, text
from familydesk.ui.theme import Theme


class ListRow(QFrame):
    """One row: strong words, a quiet line under them, chips at the end. Enter, Space or a click presses it."""

    pressed = Signal()

    def __init__(
        self,
        theme: Theme,
        title: str,
        line: str = "",
        state: str = "",
        tone: str = "quiet",
        do: Callable[[], Any] | None = None,
    ) -> None:
        super().__init__()
        self.words = column(theme, text(title, "strong", wrap=True), gap=2)
        if line:
            self.words.addWidget(text(line, "small", wrap=True))
        self.line = row(theme, self.words, gap=12)
        self.line.setStretch(0, 1)
        self.line.setContentsMargins(theme.px(8), theme.px(6), theme.px(8), theme.px(6))
        if state:
            self.line.addWidget(chip(state, tone))
        self.setLayout(self.line)
        self.setAccessibleName(". ".join(part for part in (title, line, state) if part))
        self._do = do
        if do:
            self.setProperty("row", "live")
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def add(self, part: QWidget) -> None:
        """Put something at the end of the row."""
        self.line.addWidget(part)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click."""
        if self.rect().contains(event.position().toPoint()):
            self._press()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter or Space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._press()
        else:
            super().keyPressEvent(event)

    def _press(self) -> None:
        self.pressed.emit()
        if self._do:
            self._do()
