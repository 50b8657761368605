"""Telephone numbers of Kazakhstan: kept as E.164, `+7` and ten digits of which the first is 7."""

from __future__ import annotations

import enum
import re

from familydesk.core.i18n import N_
from familydesk.core.show import show_phone
from familydesk.law.fault import NumberFault, digits_of

SHORT = frozenset({*(str(number) for number in range(101, 113)), "150", "1414", "11616"})
"""Emergency and help lines, 111 among them: numbers of organisations, never of a person."""

PUNCTUATION = re.compile(r"[\s().\-‐‑‒–—/]+")


class Fault(enum.Enum):
    """What is wrong with a text that is no telephone number."""

    EMPTY = N_("Enter a telephone number.")
    SIGNS = N_("A telephone number consists of digits; put anything else into the remarks.")
    LENGTH = N_("A telephone number of Kazakhstan has ten digits after +7 or 8.")
    COUNTRY = N_("This is not a number of Kazakhstan: after +7 or 8 comes 7.")


class PhoneFault(NumberFault):
    """The text is no telephone number; `reason` is a `Fault`."""


def normalise(text: str, short: bool = False) -> str:
    """`text` as E.164; with `short`, a help line's short number stays as it is. Raises `PhoneFault`."""
    plain = PUNCTUATION.sub("", text)
    if not plain:
        raise PhoneFault(Fault.EMPTY)
    digits = digits_of(plain.removeprefix("+"))
    if not digits:
        raise PhoneFault(Fault.SIGNS)
    if short and plain in SHORT:
        return plain
    return "+7" + _national(digits, abroad=plain.startswith("+"))


def mask(phone: str) -> str:
    """+7 ••• ••• •• 67: enough to tell two numbers apart, too little to call. Help lines are no secret."""
    if phone in SHORT:
        return phone
    shown = show_phone(phone)
    hidden = 3 if shown.startswith("+7 ") else 0
    kept = max(hidden, len(shown) - 2)
    return shown[:hidden] + re.sub(r"\S", "•", shown[hidden:kept]) + shown[kept:]


def _national(digits: str, abroad: bool) -> str:
    """The ten digits after the country's code; a number written with a plus has no long-distance 8."""
    if len(digits) == 11 and digits[0] in ("7" if abroad else "78"):
        digits = digits[1:]
    elif abroad:
        raise PhoneFault(Fault.LENGTH if digits.startswith("7") else Fault.COUNTRY)
    if len(digits) != 10:
        raise PhoneFault(Fault.LENGTH)
    if digits[0] != "7":
        raise PhoneFault(Fault.COUNTRY)
    return digits
