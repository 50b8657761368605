"""Telephone numbers that every paper for a victim carries, each with its source and whether somebody has checked it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from familydesk.core.i18n import N_

_CHECKED = date(2026, 11, 22)


@dataclass(frozen=True, slots=True)
class Hotline:
    """A number and who answers it. An unconfirmed number is never printed: a card that rings out is worse than none."""

    number: str
    answers: str
    source: str
    valid_from: date
    valid_to: date | None = None
    confirmed: bool = True
    checked_on: date = _CHECKED


HOTLINES: tuple[Hotline, ...] = (
    Hotline("102", N_("Police"), "national short number", date(1992, 1, 1)),
    Hotline("112", N_("Single emergency number"), "national short number", date(2014, 1, 1)),
    Hotline("103", N_("Ambulance"), "national short number", date(1992, 1, 1)),
    Hotline(
        "111",
        N_("Contact center for family, women and children; day and night, free of charge"),
        "state contact center, round the clock since 16 October 2023",
        date(2023, 10, 16),
    ),
    Hotline(
        "150",
        N_("Trust line of the Union of Crisis Centers"),
        "in service since 2005; not confirmed that it still answers",
        date(2005, 1, 1),
        confirmed=False,
    ),
)


def to_print(on: date) -> list[Hotline]:
    """The confirmed numbers in service on a day, the most urgent first."""
    from familydesk.law.dated import covers

    return [line for line in HOTLINES if line.confirmed and covers(line, on)]
