"""The order of letters: the Kazakh Cyrillic alphabet, which holds the Russian one."""

from __future__ import annotations

ALPHABET = "АӘБВГҒДЕЁЖЗИЙКҚЛМНҢОӨПРСТУҰҮФХҺЦЧШЩЪЫІЬЭЮЯ"

_FIRST = 0x0400
_ORDER = {ord(letter): _FIRST + place for place, letter in enumerate(ALPHABET)}
_ORDER |= {ord(letter.lower()): _FIRST + place for place, letter in enumerate(ALPHABET)}


def sort_key(text: str | None) -> str | None:
    """`text` as a key that sorts by the alphabet, capitals beside small letters; None sorts first, as SQL has it."""
    return None if text is None else text.casefold().translate(_ORDER)
