"""How long the center keeps what, and from which day the time is counted.

The law on personal data (Art 12) ends keeping with its purpose unless another law sets a term; the terms themselves
stand in the national list of typical documents, whose text was not at hand. So every row says "confirm with the
archive", and a term bars an erasure that somebody asks for only once the center has confirmed it.
"""

from __future__ import annotations

import enum
from calendar import isleap
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from familydesk.core.i18n import N_
from familydesk.law.ages import age_on

MAJORITY = 18


class Kept(enum.Enum):
    """What is kept for a term."""

    CASE_FILE = N_("Case file")
    CHILD_CASE = N_("Case file of a child")
    CONSENT = N_("Consents")
    JOURNAL = N_("Journals of applications and consultations")
    ACCESS_LOG = N_("Journal of who opened what")
    STATISTICS = N_("Yearly statistical reports")


class Since(enum.Enum):
    """The day from which the years are counted."""

    CLOSING = N_("Day on which the case was closed")
    MAJORITY = N_("Day on which the child turns 18")
    CONSENT_END = N_("End of the consent")
    ENTRY = N_("Day of the entry")


@dataclass(frozen=True, slots=True)
class Retention:
    """So many years from a day; no years: for good. `most` caps them, in years after the case was closed."""

    kind: Kept
    years: int | None
    since: Since
    norm: str
    source: str
    valid_from: date
    valid_to: date | None
    checked_on: date
    most: int | None = None
    confirmed: bool = False


class RetentionRow(Protocol):
    """A row of the table, wherever it is kept."""

    @property
    def years(self) -> int | None: ...  # noqa: D102

    @property
    def most(self) -> int | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the arithmetic: kept for `years` from `begins`, the last day is `until`."""

    kind: Kept
    since: Since
    begins: date
    years: int
    until: date
    capped: bool = False


def line(kind: Kept, since: Since, begins: date, row: RetentionRow, closed_on: date | None = None) -> Line | None:
    """The arithmetic of one term; None where it is kept for good. A cap counts from the closing."""
    if row.years is None:
        return None
    until = years_after(begins, row.years)
    last = years_after(closed_on, row.most) if row.most is not None and closed_on else until
    return Line(kind, since, begins, row.years, min(until, last), until > last)


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 28 February for a 29th that the year does not have."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def majority(born_on: date) -> date:
    """The day on which a child born then is of age; who was born on 29 February, on 1 March of a common year."""
    year = born_on.year + MAJORITY
    return (
        date(year, 3, 1) if (born_on.month, born_on.day) == (2, 29) and not isleap(year) else born_on.replace(year=year)
    )


def is_child(born_on: date | None, on: date) -> bool:
    """Whether somebody born then was a child on that day; nobody knows of one whose birth is not known."""
    return born_on is not None and born_on <= on and age_on(born_on, on) < MAJORITY


def is_over(until: date, today: date) -> bool:
    """Whether the term is over: its last day still counts."""
    return today >= until + timedelta(days=1)


_LIST = "ҚР МСМ 2017 ж. 29.09. № 263 бұйрығы / приказ МКС РК от 29.09.2017 № 263"
"""The list of typical documents with their terms; its text was not at hand."""
_SOURCE = "мұрағатпен растаңыз / подтвердите в архиве"
_SINCE = date(2018, 1, 1)
_CHECKED = date(2026, 11, 22)


def _row(kind: Kept, years: int | None, since: Since, most: int | None = None) -> Retention:
    return Retention(kind, years, since, _LIST, _SOURCE, _SINCE, None, _CHECKED, most)


SEED: tuple[Retention, ...] = (
    _row(Kept.CASE_FILE, 5, Since.CLOSING),
    _row(Kept.CHILD_CASE, 5, Since.MAJORITY, most=25),
    _row(Kept.CONSENT, 3, Since.CONSENT_END),
    _row(Kept.JOURNAL, 5, Since.ENTRY),
    _row(Kept.ACCESS_LOG, 3, Since.ENTRY),
    _row(Kept.STATISTICS, None, Since.ENTRY),
)
