"""The individual identification number (IIN): date of birth, century and sex, serial number, check digit."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from familydesk.core.i18n import N_
from familydesk.law.checksum import closes
from familydesk.law.fault import NumberFault, digits_of

Sex = Literal["FEMALE", "MALE"]

CENTURIES: dict[str, tuple[int, Sex]] = {
    "1": (1800, "MALE"),
    "2": (1800, "FEMALE"),
    "3": (1900, "MALE"),
    "4": (1900, "FEMALE"),
    "5": (2000, "MALE"),
    "6": (2000, "FEMALE"),
}
UNKNOWN_CENTURY = "0"
"""Given to foreigners whose full data of birth were not known: neither date nor sex can be read."""


class Fault(enum.Enum):
    """What is wrong with a number that is no IIN."""

    LENGTH = N_("An IIN has 12 digits.")
    NOT_DIGITS = N_("An IIN consists of digits only.")
    DATE = N_("The first six digits of this IIN are not a date.")
    CENTURY = N_("The seventh digit of an IIN is a number from 0 to 6.")
    CHECK_DIGIT = N_("This IIN is mistyped: its check digit does not fit.")


class IinFault(NumberFault):
    """The text is no IIN; `reason` is a `Fault`."""


@dataclass(frozen=True, slots=True)
class Iin:
    """A well-formed number and what it tells. `warnings` are marked sentences about what it cannot tell."""

    digits: str = field(repr=False)
    born_on: date | None
    sex: Sex | None
    warnings: tuple[str, ...] = ()


def read(text: str) -> Iin:
    """The IIN in `text`, spaces ignored. Raises `IinFault`."""
    digits = digits_of(text)
    if digits is None:
        raise IinFault(Fault.NOT_DIGITS)
    if len(digits) != 12:
        raise IinFault(Fault.LENGTH)
    born_on, sex = _birth(digits)
    if not closes(digits):
        raise IinFault(Fault.CHECK_DIGIT)
    unknown = (N_("This IIN tells neither the date of birth nor the sex: check the document."),)
    return Iin(digits, born_on, sex, () if sex else unknown)


def is_valid(text: str) -> bool:
    """Whether `text` is an IIN."""
    try:
        read(text)
    except IinFault:
        return False
    return True


def disagreements(known: Iin, born_on: date | None, sex: str | None) -> Iterator[tuple[str, str]]:
    """Where data given elsewhere contradict the IIN: pairs of field (`born_on`, `sex`) and marked sentence.

    Numbers with a wrong date were issued, so a contradiction is a warning and no proof of a typing error.
    """
    if born_on and known.born_on and born_on != known.born_on:
        yield "born_on", N_("The date of birth differs from the one in the IIN.")
    if sex and known.sex and sex != known.sex:
        yield "sex", N_("The sex differs from the one in the IIN.")


def _birth(digits: str) -> tuple[date | None, Sex | None]:
    if digits[6] == UNKNOWN_CENTURY:
        return None, None
    if digits[6] not in CENTURIES:
        raise IinFault(Fault.CENTURY)
    century, sex = CENTURIES[digits[6]]
    try:
        return date(century + int(digits[:2]), int(digits[2:4]), int(digits[4:6])), sex
    except ValueError:
        raise IinFault(Fault.DATE) from None
