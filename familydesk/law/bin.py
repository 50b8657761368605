"""The business identification number (BIN) of an organisation."""

from __future__ import annotations

import enum

from familydesk.core.i18n import N_
from familydesk.law.checksum import closes
from familydesk.law.fault import NumberFault, digits_of

ENTITIES = frozenset("456")
"""The fifth digit: a legal person of residents, of non-residents, a joint entrepreneur."""


class Fault(enum.Enum):
    """What is wrong with a number that is no BIN."""

    LENGTH = N_("A BIN has 12 digits.")
    NOT_DIGITS = N_("A BIN consists of digits only.")
    ENTITY = N_("The fifth digit of a BIN is 4, 5 or 6. Is this a person's IIN?")
    CHECK_DIGIT = N_("This BIN is mistyped: its check digit does not fit.")


class BinFault(NumberFault):
    """The text is no BIN; `reason` is a `Fault`."""


def read(text: str) -> str:
    """The twelve digits of the BIN in `text`, spaces ignored. Raises `BinFault`."""
    digits = digits_of(text)
    if digits is None:
        raise BinFault(Fault.NOT_DIGITS)
    if len(digits) != 12:
        raise BinFault(Fault.LENGTH)
    if digits[4] not in ENTITIES:
        raise BinFault(Fault.ENTITY)
    if not closes(digits):
        raise BinFault(Fault.CHECK_DIGIT)
    return digits


def is_valid(text: str) -> bool:
    """Whether `text` is a BIN."""
    try:
        read(text)
    except BinFault:
        return False
    return True
