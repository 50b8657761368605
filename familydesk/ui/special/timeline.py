"""The drawn time line of a family: incidents sized by severity, talks as ticks, orders as bars with their end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QResizeEvent

from familydesk.core import clock
from familydesk.core.i18n import _, spoken, translate
from familydesk.core.show import show_day, show_moment
from familydesk.records import sheet_of
from familydesk.reports.period import MONTH_NAMES
from familydesk.ui.special.drawing import Drawing, Spot
from familydesk.ui.special.timeline_marks import LINES, Bar, Mark, Picture, Setting, lay_out
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.services.timeline import Event

GRAVE = 0.6
"""From this weight on an incident is drawn in the colour of danger."""
BAR = 12
ASIDE = ("consultation", "incident", "protective_order", "referral", "application")


class TimeLine(Drawing):
    """Shows events; pressing one opens its record."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.theme, _("Time line"))
        self.place = place
        self.events: Sequence[Event] = ()
        self.picture = Picture()
        self._fit()

    def show_events(self, events: Sequence[Event]) -> None:
        """Draw these, oldest first."""
        self.events = events
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Laid out anew for another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._arrange()

    def draw(self, painter: QPainter) -> None:
        """Axis, bars, marks, labels."""
        if not self.events:
            painter.setPen(self.ink("muted"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, _("Nothing is written down yet."))
            return
        self._draw_axis(painter)
        for bar in self.picture.bars:
            self._draw_bar(painter, bar)
        for mark in self.picture.marks:
            self._draw_leader(painter, mark)
        for mark in self.picture.marks:
            self._draw_label(painter, mark)
            self._draw_mark(painter, mark)

    # Laying out

    def _arrange(self) -> None:
        metrics = QFontMetricsF(self.face())
        setting = Setting(max(1.0, float(self.width())), self.theme.px, metrics.horizontalAdvance)
        self.picture = lay_out(self.events, setting, clock.now())
        self._fit()
        in_time = sorted(self.picture.marks, key=lambda mark: mark.x)
        marks = [Spot(self._area(mark), told(mark.event), self._opener(mark.event)) for mark in in_time]
        bars = [Spot(self._bar_area(bar), told(bar.event), self._opener(bar.event)) for bar in self.picture.bars]
        self.placed(marks + bars)

    def _fit(self) -> None:
        line = QFontMetricsF(self.face()).lineSpacing()
        self.line = line
        self.lane = line * LINES + self.theme.px(8)
        self.axis = self.picture.lanes * self.lane + self.theme.px(28)
        below = line + self.theme.px(20) + self.picture.bar_lanes * (self.theme.px(BAR + 12) + line)
        self.setFixedHeight(round(self.axis + below))

    def _area(self, mark: Mark) -> QRectF:
        radius = max(mark.radius, self.theme.px(8))
        return QRectF(mark.x - radius, self.axis - radius, 2 * radius, 2 * radius)

    def _bar_area(self, bar: Bar) -> QRectF:
        top = self.axis + self.line + self.theme.px(14) + bar.lane * (self.theme.px(BAR + 12) + self.line)
        return QRectF(bar.x, top, bar.until - bar.x, self.theme.px(BAR))

    def _opener(self, event: Event) -> Callable[[], None]:
        def opened() -> None:
            if event.sheet in ASIDE:
                self.place.write_aside(event.sheet, event.id)

        return opened

    # Drawing

    def _draw_axis(self, painter: QPainter) -> None:
        painter.setPen(self.pen("edge", 1.5))
        painter.drawLine(QPointF(0, self.axis), QPointF(self.width(), self.axis))
        painter.setPen(self.pen("edge", 1, Qt.PenStyle.DashLine))
        top = self.axis - self.theme.px(20)
        painter.drawLine(QPointF(self.picture.now, top), QPointF(self.picture.now, self.height()))
        painter.setPen(self.ink("muted"))
        after = -1.0
        for x, day in self.picture.months:
            words = month_name(day.month) if day.month > 1 or x == 0 else str(day.year)
            if x > after and x + painter.fontMetrics().horizontalAdvance(words) <= self.width():
                painter.drawText(QPointF(x, self.axis + self.line + self.theme.px(2)), words)
                after = x + painter.fontMetrics().horizontalAdvance(words) + self.theme.px(12)

    def _draw_bar(self, painter: QPainter, bar: Bar) -> None:
        area = self._bar_area(bar)
        over = bar.event.until is not None and bar.event.until <= clock.now()
        painter.setPen(self.pen("primary", 1.5) if bar.open_end else Qt.PenStyle.NoPen)
        painter.setBrush(Qt.BrushStyle.NoBrush if bar.open_end else self.ink("edge" if over else "bar"))
        painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
        end = _("until {day}").format(day=show_day(bar.event.until.date())) if bar.event.until else bar.event.detail
        painter.setPen(self.ink("text"))
        words = f"{bar.event.title}, {end}"
        left = min(area.left(), self.width() - painter.fontMetrics().horizontalAdvance(words))
        painter.drawText(QPointF(max(0.0, left), area.bottom() + self.line), words)

    def _draw_mark(self, painter: QPainter, mark: Mark) -> None:
        centre = QPointF(mark.x, self.axis)
        painter.setPen(self.pen("surface", 1.5))
        if mark.event.sheet == "incident":
            painter.setBrush(self.ink("overdue" if mark.event.weight >= GRAVE else "bar_due"))
            painter.drawEllipse(centre, mark.radius, mark.radius)
        elif mark.event.sheet == "consultation":
            painter.setBrush(self.ink("bar"))
            half, tall = self.theme.px(4), self.theme.px(7)
            painter.drawRoundedRect(QRectF(mark.x - half, self.axis - tall, 2 * half, 2 * tall), half / 2, half / 2)
        else:
            painter.setPen(self.pen("muted", 1.5))
            painter.setBrush(self.ink("surface"))
            painter.drawEllipse(centre, mark.radius, mark.radius)

    def _draw_leader(self, painter: QPainter, mark: Mark) -> None:
        if mark.label and mark.label.lane:
            painter.setPen(self.pen("line", 1))
            top = self.axis - self.theme.px(16) - mark.label.lane * self.lane
            painter.drawLine(QPointF(mark.x, self.axis - self.theme.px(14)), QPointF(mark.x, top))

    def _draw_label(self, painter: QPainter, mark: Mark) -> None:
        label = mark.label
        if label is None:
            return
        bottom = self.axis - self.theme.px(20) - label.lane * self.lane
        rise = (len(label.lines) - 1) * self.line + self.line * 0.8
        painter.fillRect(QRectF(label.x - 2, bottom - rise, label.width + 4, rise + 4), self.ink("surface"))
        for at, words in enumerate(label.lines):
            painter.setPen(self.ink("text" if at < label.strong else "muted"))
            y = bottom - (len(label.lines) - 1 - at) * self.line
            painter.drawText(QPointF(label.x, y), words)


def told(event: Event) -> str:
    """An event in one line, for a tool tip and a screen reader."""
    parts = [show_moment(event.at), translate(sheet_of(event.sheet).title), event.title, event.detail]
    return ", ".join(part for part in parts if part)


def month_name(month: int) -> str:
    """қараша · ноябрь · November."""
    return MONTH_NAMES.get(spoken(), MONTH_NAMES["en"])[month - 1]
