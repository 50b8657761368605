"""A span of days that a report speaks of. Both ends count."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime

from familydesk.core import clock
from familydesk.core.errors import Refused
from familydesk.core.i18n import N_, spoken
from familydesk.core.show import show_day

MONTH_NAMES = {
    "kk": ("қаңтар", "ақпан", "наурыз", "сәуір", "мамыр", "маусым")
    + ("шілде", "тамыз", "қыркүйек", "қазан", "қараша", "желтоқсан"),
    "ru": ("январь", "февраль", "март", "апрель", "май", "июнь")
    + ("июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"),
    "en": ("January", "February", "March", "April", "May", "June")
    + ("July", "August", "September", "October", "November", "December"),
}


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`, whole days. Refused if they stand the wrong way round."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise Refused(N_("The period ends before it begins."))

    @property
    def starts(self) -> datetime:
        """The first moment of the first day."""
        return clock.day_bounds(self.first, self.last)[0]

    @property
    def ends(self) -> datetime:
        """The first moment after the last day."""
        return clock.day_bounds(self.first, self.last)[1]

    def holds(self, at: datetime) -> bool:
        """Whether the moment lies in the period."""
        return self.starts <= at < self.ends

    def year_before(self) -> Period:
        """The same days a year earlier; 29 February answers to 28."""
        return Period(_year_before(self.first), _year_before(self.last))

    def __str__(self) -> str:
        """A whole month by its name, any other span by its days."""
        whole = self.first.day == 1 and self.last.day == monthrange(self.last.year, self.last.month)[1]
        if not whole or (self.first.year, self.first.month) != (self.last.year, self.last.month):
            return f"{show_day(self.first)} – {show_day(self.last)}"
        language = spoken() if spoken() in MONTH_NAMES else "en"
        name = MONTH_NAMES[language][self.first.month - 1]
        if language == "kk":
            return f"{self.first.year} жылғы {name}"
        return f"{name} {self.first.year}" + (" года" if language == "ru" else "")


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
