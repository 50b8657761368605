"""What is wrong with a number that somebody typed."""

from __future__ import annotations

import enum

from familydesk.core.i18n import translate


class NumberFault(ValueError):
    """A text is not the number it should be. `reason` says why; the typed text is in no part of the exception."""

    def __init__(self, reason: enum.Enum) -> None:
        self.reason = reason
        super().__init__(reason.value)

    @property
    def sentence(self) -> str:
        """What to tell the person who typed it, marked for translation."""
        return str(self.reason.value)

    def __str__(self) -> str:
        return translate(self.sentence)


def digits_of(text: str) -> str | None:
    """`text` without its spaces, where only digits of the common kind remain; otherwise None."""
    plain = "".join(text.split())
    return plain if not plain or (plain.isascii() and plain.isdigit()) else None
