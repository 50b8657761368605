"""Working days: a five-day week, and the days that the law or the Government moved out of it or into it."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from familydesk.core.i18n import N_

SATURDAY = 5


class DayKind(enum.Enum):
    """How a day differs from its weekday. A worked Sunday is a `WORKING_SATURDAY` too."""

    OFF = N_("Holiday")
    MOVED_OFF = N_("Day off, moved")
    WORKING_SATURDAY = N_("Working day at the weekend")


class NotCounted(enum.Enum):
    """Why a day is no working day."""

    WEEKEND = N_("weekend")
    OFF = N_("holiday")
    MOVED_OFF = N_("day off, moved")


class CalendarRow(Protocol):
    """A row of the calendar's table."""

    @property
    def day(self) -> date: ...  # noqa: D102

    @property
    def kind(self) -> DayKind: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Count:
    """The days walked from day 0 to `due`: each with None where it counted, or with the reason why it did not."""

    due: date
    walked: tuple[tuple[date, NotCounted | None], ...]

    @property
    def skipped(self) -> tuple[tuple[date, NotCounted], ...]:
        """The days that did not count."""
        return tuple((day, why) for day, why in self.walked if why)


class Calendar:
    """The working days of the years that the table covers; elsewhere only weekends are known."""

    def __init__(self, days: Mapping[date, DayKind]) -> None:
        self._days = dict(days)
        self._years = frozenset(day.year for day in self._days)

    @classmethod
    def of(cls, rows: Iterable[CalendarRow]) -> Calendar:
        """The calendar that the rows of the table make."""
        return cls({row.day: row.kind for row in rows})

    def is_working(self, day: date) -> bool:
        """Whether offices work on `day`."""
        return self.why_not_counted(day) is None

    def why_not_counted(self, day: date) -> NotCounted | None:
        """Why `day` is no working day; None if it is one."""
        kind = self._days.get(day)
        if kind is DayKind.WORKING_SATURDAY:
            return None
        if kind is not None:
            return NotCounted[kind.name]
        return NotCounted.WEEKEND if day.weekday() >= SATURDAY else None

    def add(self, day: date, working_days: int) -> Count:
        """The n-th working day after `day`, which is itself day 0 and never counted. n is 1 or more."""
        if working_days < 1:
            raise ValueError("a count of working days begins with 1")
        walked: list[tuple[date, NotCounted | None]] = []
        while working_days:
            day += timedelta(days=1)
            why = self.why_not_counted(day)
            walked.append((day, why))
            working_days -= why is None
        return Count(day, tuple(walked))

    def between(self, after: date, last: date) -> int:
        """How many working days lie after `after`, up to and with `last`; 0 if `last` is not later."""
        span = (after + timedelta(days=n) for n in range(1, (last - after).days + 1))
        return sum(map(self.is_working, span))

    def unknown_years(self, first: date, last: date) -> tuple[int, ...]:
        """The years from `first` to `last` of which the table has no row: their holidays are not known."""
        return tuple(year for year in range(first.year, last.year + 1) if year not in self._years)
