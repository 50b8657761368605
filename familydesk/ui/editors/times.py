"""Editors of days and moments: typed in any usual spelling, or picked from a calendar."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import QDate, QLocale, QPoint, Qt
from PySide6.QtWidgets import QCalendarWidget, QFrame, QPushButton, QWidget

from familydesk.core import clock
from familydesk.core.errors import Problem, Refused
from familydesk.core.fields import Field
from familydesk.core.i18n import N_, _, spoken
from familydesk.core.show import show_day, show_moment
from familydesk.ui.editors.texts import LineEditor
from familydesk.ui.parts import button, column
from familydesk.ui.workplace import Workplace

DAY = re.compile(r"(\d{1,2})[.\-/ ](\d{1,2})[.\-/ ](\d{4}|\d{2})|(\d{4})-(\d{1,2})-(\d{1,2})|(\d{2})(\d{2})(\d{4})")
TIME = re.compile(r"(\d{1,2})(?:[:. ]?(\d{2}))?")


def read_day(typed: str) -> date:
    """The day in `typed`: 22.11.2026, 22.11.26, 22112026 or 2026-11-22. ValueError if there is none."""
    found = DAY.fullmatch(typed.strip())
    if not found:
        raise ValueError
    if found[4]:
        return date(int(found[4]), int(found[5]), int(found[6]))
    day, month, year = (int(part) for part in (found.group(1, 2, 3) if found[1] else found.group(7, 8, 9)))
    return date(_whole(year, month, day) if year < 100 else year, month, day)


def read_moment(typed: str) -> datetime:
    """The moment in `typed`: a day, then 14:20, 1420 or 14. A day alone is no moment. ValueError if there is none."""
    typed = typed.strip()
    for found in re.finditer(r"[ ,T]+", typed):
        time = TIME.fullmatch(typed[found.end() :])
        if time:
            day = read_day(typed[: found.start()])
            return datetime(day.year, day.month, day.day, int(time[1]), int(time[2] or 0), tzinfo=clock.ZONE)
    raise ValueError


def _whole(year: int, month: int, day: int) -> int:
    """Two digits mean the last such year that is not in the future, or this century's for a day close ahead."""
    today = clock.today()
    near = 2000 + year
    return near if date(near, month, day).toordinal() - today.toordinal() < 3660 else near - 100


class DayEditor(LineEditor):
    """A day."""

    EXAMPLE = N_("dd.mm.yyyy")
    FAULT = N_("Write the day as in 22.11.2026.")

    def __init__(self, field: Field, place: Workplace) -> None:
        super().__init__(field, place)
        self.line.setPlaceholderText(_(self.EXAMPLE))
        self.line.editingFinished.connect(self._tell)
        self.picker = self._picker_button()
        self.beside.addWidget(self.picker)
        self.popup: QFrame | None = None

    def read(self) -> Any:
        """The day typed."""
        typed = self.line.text().strip()
        if not typed:
            return None
        try:
            return self.understood(typed)
        except ValueError:
            raise Refused(Problem(self.field.name, self.FAULT)) from None

    def understood(self, typed: str) -> Any:
        """ValueError if it is none."""
        return read_day(typed)

    def show_value(self, value: Any) -> None:
        """22.11.2026."""
        super().show_value(show_day(value) if value else "")

    def set_read_only(self, read_only: bool) -> None:
        """Nothing to pick where nothing may be written."""
        super().set_read_only(read_only)
        self.picker.setVisible(not read_only)

    def take(self, day: date) -> None:
        """A day was picked from the calendar."""
        super().show_value(show_day(day))
        self._note_change()
        self.line.setFocus()

    def pick(self) -> None:
        """Open the calendar under the line."""
        self.popup = calendar_popup(self, self._day_shown(), self._on_picked)
        self.popup.move(self.mapToGlobal(QPoint(0, self.height())))
        self.popup.show()

    def _picker_button(self) -> QPushButton:
        made = button(self.theme, "", self.pick, icon="calendar-event", tip=_("Open the calendar"))
        made.setAccessibleName(_("Open the calendar"))
        made.setFixedWidth(self.theme.px(40))
        made.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        return made

    def _day_shown(self) -> date:
        try:
            return read_day(self.line.text().split(" ")[0])
        except ValueError:
            return clock.today()

    def _on_picked(self, day: QDate) -> None:
        if self.popup:
            self.popup.close()
        self.take(date(day.year(), day.month(), day.day()))

    def _tell(self) -> None:
        if not self.touched:
            return
        try:
            value = self.read()
        except Refused as refused:
            self.hinted.emit(str(refused))
        else:
            self.hinted.emit("")
            self.show_value(value)


class MomentEditor(DayEditor):
    """A day and a time of the desk's wall clock, to the minute."""

    EXAMPLE = N_("dd.mm.yyyy hh:mm")
    FAULT = N_("Write the day and the time as in 22.11.2026 14:20.")

    def __init__(self, field: Field, place: Workplace) -> None:
        super().__init__(field, place)
        self.now = button(self.theme, _("Now"), self.take_now, role="flat")
        self.now.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.beside.addWidget(self.now)

    def understood(self, typed: str) -> datetime:
        """ValueError if it is none."""
        return read_moment(typed)

    def show_value(self, value: Any) -> None:
        """22.11.2026 14:20."""
        LineEditor.show_value(self, show_moment(value) if value else "")

    def set_read_only(self, read_only: bool) -> None:
        """Nothing to pick where nothing may be written."""
        super().set_read_only(read_only)
        self.now.setVisible(not read_only)

    def take(self, day: date) -> None:
        """The day that was picked, with the time that was there; the time is hers to write if there was none."""
        time = self.line.text().partition(" ")[2]
        LineEditor.show_value(self, f"{show_day(day)} {time}")
        self.line.end(False)
        self._note_change()
        self.line.setFocus()

    def take_now(self) -> None:
        """This minute."""
        self.show_value(clock.now().replace(second=0))
        self._note_change()


def calendar_popup(owner: QWidget, day: date, picked: Any) -> QFrame:
    """A calendar that closes when something else is clicked."""
    popup = QFrame(owner, Qt.WindowType.Popup)
    popup.setProperty("card", True)
    calendar = QCalendarWidget()
    calendar.setLocale(QLocale(spoken()))
    calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
    calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
    calendar.setSelectedDate(QDate(day.year, day.month, day.day))
    calendar.activated.connect(picked)
    calendar.clicked.connect(picked)
    popup.setLayout(column(owner.theme, calendar, gap=0, edge=8))  # type: ignore[attr-defined]
    popup.setFocusProxy(calendar)
    calendar.setFocus()
    return popup
