"""A chart of one table: a bar for each row, its count beside it, each bar leading to what it counts."""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QResizeEvent

from familydesk.core.i18n import _, translate
from familydesk.reports.figure import Figure
from familydesk.reports.table import Table
from familydesk.ui.special.drawing import Drawing, Spot
from familydesk.ui.theme import Theme

BAR, STEP = 14, 28
LABELS = 0.62
"""The share of the width that labels may take: a word is worth more than a long bar."""


class FigureChart(Drawing):
    """The rows that are not nought, the longest bar on top."""

    def __init__(self, theme: Theme, table: Table, column: int, opened: Callable[[Figure, str], None]) -> None:
        super().__init__(theme, translate(table.title))
        shown = takewhile(lambda row: not row.total, table.rows)
        pairs = ((row.label, row.cells[column]) for row in shown)
        bars = [(translate(label), cell) for label, cell in pairs if isinstance(cell, Figure) and cell.count]
        self.bars = sorted(bars, key=lambda bar: -bar[1].count)
        self.opened = opened
        self.setFixedHeight(theme.px(STEP) * max(1, len(self.bars)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Bars follow the width."""
        super().resizeEvent(event)
        self.placed([self._spot(at) for at in range(len(self.bars))])

    def draw(self, painter: QPainter) -> None:
        """Labels at the left, bars from one line, counts at their ends."""
        if not self.bars:
            painter.setPen(self.ink("muted"))
            painter.drawText(
                self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, _("Nothing to show.")
            )
            return
        metrics = QFontMetricsF(self.face())
        room = self._beside() - self.theme.px(12)
        for at, (label, figure) in enumerate(self.bars):
            area = self._bar(at)
            line = QRectF(0, area.top() - self.theme.px(6), room, area.height() + self.theme.px(12))
            painter.setPen(self.ink("text"))
            words = metrics.elidedText(label, Qt.TextElideMode.ElideRight, room)
            painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.ink("bar"))
            painter.drawRoundedRect(area, self.theme.px(3), self.theme.px(3))
            painter.setPen(self.ink("text"))
            count = QRectF(area.right() + self.theme.px(8), line.top(), self.theme.px(80), line.height())
            painter.drawText(count, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, str(figure.count))

    def _beside(self) -> float:
        """Where the bars begin: as far right as the longest label needs."""
        metrics = QFontMetricsF(self.face())
        longest = max(metrics.horizontalAdvance(label) for label, _figure in self.bars)
        return min(longest + self.theme.px(16), self.width() * LABELS)

    def _bar(self, at: int) -> QRectF:
        left = self._beside()
        room = max(1.0, self.width() - left - self.theme.px(60))
        longest = max(figure.count for _label, figure in self.bars)
        top = at * self.theme.px(STEP) + (self.theme.px(STEP) - self.theme.px(BAR)) / 2
        return QRectF(left, top, max(2.0, room * self.bars[at][1].count / longest), self.theme.px(BAR))

    def _spot(self, at: int) -> Spot:
        label, figure = self.bars[at]
        line = self._bar(at)
        line.setLeft(0)
        return Spot(line, f"{label}: {figure.count}", lambda: self.opened(figure, label))
