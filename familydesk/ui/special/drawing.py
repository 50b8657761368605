"""A drawing whose parts can be reached: by the mouse, by the arrow keys, and by a screen reader."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from familydesk.ui.theme import FAMILY, SIZES, Theme

STEPS = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}


@dataclass(frozen=True, slots=True)
class Spot:
    """A part that can be pressed: where it is, what it is, and where it leads."""

    area: QRectF
    name: str
    do: Callable[[], Any]


class Drawing(QWidget):
    """Override `draw`, and fill `spots` in the order in which the keys walk through them."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.theme, self.name = theme, name
        self.spots: list[Spot] = []
        self.current = -1
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @abstractmethod
    def draw(self, painter: QPainter) -> None:
        """Draw everything."""

    def placed(self, spots: list[Spot]) -> None:
        """These are the parts now."""
        self.spots = spots
        self.current = min(self.current, len(spots) - 1)
        self.setAccessibleDescription("; ".join(spot.name for spot in spots))
        self.update()

    def ink(self, name: str) -> QColor:
        """A colour of the theme."""
        return QColor(getattr(self.theme.colors, name))

    def pen(self, color: str, width: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
        """A pen of the theme."""
        return QPen(self.ink(color), self.theme.px(width * 10) / 10, style)

    def face(self, strong: bool = False) -> QFont:
        """The face of labels."""
        font = QFont(FAMILY)
        font.setPixelSize(self.theme.px(SIZES["small"]))
        font.setBold(strong)
        return font

    def paintEvent(self, event: QPaintEvent) -> None:
        """The drawing, and a frame around the part that the keys are on."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.face())
        self.draw(painter)
        if self.hasFocus() and 0 <= self.current < len(self.spots):
            painter.setPen(self.pen("primary", 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            edge = self.theme.px(3)
            area = self.spots[self.current].area.adjusted(-edge, -edge, edge, edge)
            painter.drawRoundedRect(area, edge * 2, edge * 2)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """What a part is, where the mouse rests on it."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            spot = self._at(QPointF(event.pos()))
            if spot:
                QToolTip.showText(event.globalPos(), spot.name, self, spot.area.toRect())
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand over whatever can be pressed."""
        over = self._at(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press leads where the part leads."""
        spot = self._at(event.position())
        if spot:
            spot.do()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk, Enter presses."""
        step = STEPS.get(Qt.Key(event.key()))
        if step and self.spots:
            self.current = (self.current + step) % len(self.spots) if self.current >= 0 else 0
            self.setAccessibleName(f"{self.name}: {self.spots[self.current].name}")
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.current >= 0:
            self.spots[self.current].do()
        else:
            super().keyPressEvent(event)

    def _at(self, point: QPointF) -> Spot | None:
        return next((spot for spot in reversed(self.spots) if spot.area.contains(point)), None)
