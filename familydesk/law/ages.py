"""Ages that the law speaks of, and the age bands of statistics; both dated tables."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from familydesk.core.i18n import N_
from familydesk.law.dated import Dated, covers, newest

_CHECKED = date(2026, 11, 22)
_CODE_BEGINS = date(2012, 1, 17)
_BANDS_BEGIN = date(1991, 12, 16)
"""Early enough for any incident that a center may still record."""


class Representation(enum.Enum):
    """Who stands in for a person in law."""

    GUARDIANSHIP = N_("Guardianship (under 14)")
    TRUSTEESHIP = N_("Trusteeship (14 to 18)")


class AgeKind(enum.Enum):
    """What begins at an age."""

    CHILD_CONSENT = N_("Consent of the child is asked")
    TRUSTEESHIP = N_("Guardianship becomes trusteeship")
    PROTECTIVE_ORDER = N_("A protective order may be issued against a person")
    ADULT = N_("Adulthood")


@dataclass(frozen=True, slots=True)
class LegalAge:
    """From its `years` on, `kind` holds."""

    kind: AgeKind
    years: int
    valid_from: date
    valid_to: date | None
    source: str
    checked_on: date
    confirmed: bool


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Whole years from `first` to `last`, both counted; the oldest band has no last year."""

    first: int
    last: int | None
    valid_from: date
    valid_to: date | None
    source: str
    checked_on: date

    @property
    def name(self) -> str:
        """Its NAME in files: AGE_14_17, AGE_61_AND_OVER."""
        return f"AGE_{self.first}_AND_OVER" if self.last is None else f"AGE_{self.first}_{self.last}"

    def __str__(self) -> str:
        """10–13, 63+: the same in every language."""
        return f"{self.first}+" if self.last is None else f"{self.first}–{self.last}"


class AgeRow(Dated, Protocol):
    """A row of the table of legal ages, wherever it is kept."""

    @property
    def kind(self) -> AgeKind: ...  # noqa: D102

    @property
    def years(self) -> int: ...  # noqa: D102


Row = TypeVar("Row", bound=AgeRow)


def in_force(rows: Iterable[Row], kind: AgeKind, on: date) -> Row | None:
    """The legal age for `kind` on the day `on`; None if the table has none."""
    return newest((row for row in rows if row.kind is kind), on)


def age_on(born: date, day: date) -> int:
    """Whole years on `day`; who was born on 29 February turns on 1 March in a common year.

    Raises ValueError for a day before the birth.
    """
    if day < born:
        raise ValueError("there is no age before birth")
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def representation(born: date, day: date, rows: Iterable[AgeRow] | None = None) -> Representation | None:
    """Guardianship or trusteeship, by the age on `day` and never stored; None for an adult.

    The change at 14 comes by itself, without a new decision (Code on Marriage and Family, Art 130).
    """
    table = tuple(SEED if rows is None else rows)
    age = age_on(born, day)
    adult, trustee = (in_force(table, kind, day) for kind in (AgeKind.ADULT, AgeKind.TRUSTEESHIP))
    if adult is None or trustee is None:
        raise LookupError("the table of legal ages does not cover this day")
    if age >= adult.years:
        return None
    return Representation.TRUSTEESHIP if age >= trustee.years else Representation.GUARDIANSHIP


def band_of(age: int, on: date, bands: Iterable[AgeBand] | None = None) -> AgeBand | None:
    """The band of statistics for an age, by the table of the day `on`; None if the table leaves it out."""
    for band in BANDS if bands is None else bands:
        if covers(band, on) and band.first <= age and (band.last is None or age <= band.last):
            return band
    return None


def _age(kind: AgeKind, years: int, source: str, confirmed: bool) -> LegalAge:
    return LegalAge(kind, years, _CODE_BEGINS, None, source, _CHECKED, confirmed)


SEED: tuple[LegalAge, ...] = (
    _age(AgeKind.CHILD_CONSENT, 10, "Code on Marriage and Family, Art 136 and 137-4", True),
    _age(AgeKind.TRUSTEESHIP, 14, "Code on Marriage and Family, Art 130", True),
    _age(AgeKind.PROTECTIVE_ORDER, 16, "law of 2009; compare with Law 245-VIII Art 60", False),
    _age(AgeKind.ADULT, 18, "Law of 8 August 2002 on the rights of the child, Art 1", True),
)

_FIRST_YEARS = (0, 3, 7, 10, 14, 16, 18, 21, 30, 40, 50, 58, 63)
_BAND_SOURCE = "the center's own bands; they keep every age that the law speaks of"

BANDS: tuple[AgeBand, ...] = tuple(
    AgeBand(first, after - 1 if after else None, _BANDS_BEGIN, None, _BAND_SOURCE, _CHECKED)
    for first, after in zip(_FIRST_YEARS, (*_FIRST_YEARS[1:], None), strict=True)
)
