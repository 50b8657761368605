"""The check digit that people's (IIN) and organisations' (BIN) numbers share."""

from __future__ import annotations

FIRST_PASS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
SECOND_PASS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)


def check_digit(eleven: str) -> int | None:
    """The twelfth digit that belongs to the first eleven; None where none exists: no such number is issued.

    A weight of 11 is nothing modulo 11: the first pass is blind to the eleventh digit, the second to the ninth.
    """
    for weights in (FIRST_PASS, SECOND_PASS):
        digit = sum(int(d) * weight for d, weight in zip(eleven, weights, strict=True)) % 11
        if digit < 10:
            return digit
    return None


def closes(digits: str) -> bool:
    """Whether the last of twelve digits is the check digit of the others."""
    return check_digit(digits[:11]) == int(digits[11])
