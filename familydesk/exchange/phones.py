"""Telephone numbers that stand in a cell of their own or in the middle of an address."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from familydesk.law.phone import normalise

_PHONE = re.compile(
    r"(?<![\d+])(?:(?:\+?7|8)[ \-(.]*[67](?:[ \-).(]*\d){9}|\(?[67]\d{2}\)?[ \-]?\d{3}[ \-]?\d{2}[ \-]?\d{2})(?!\d)"
)
_WORD = re.compile(
    r"(?:\b(?:тел(?:ефон(?:ы)?)?|сот(?:овый)?|моб(?:ильный)?|дом(?:ашний)?|раб(?:очий)?|тел\.?\s*сот|т)\b[.:\s]*)+$",
    re.IGNORECASE,
)
_EDGES = " ,;:.-–/"


def take_phones(written: Iterable[str]) -> tuple[tuple[str, ...], str]:
    """The numbers on these lines in E.164, each once, and what is left of the lines, joined by commas."""
    taken = [_taken(line) for line in written]
    found = dict.fromkeys(number for numbers, _left in taken for number in numbers)
    return tuple(found), ", ".join(left for _numbers, left in taken if left)


@lru_cache(maxsize=1024)
def _taken(line: str) -> tuple[tuple[str, ...], str]:
    """A line's numbers, and the line without them; a run of digits that no telephone has stays where it is."""
    found: list[str] = []
    left, at = "", 0
    for match in _PHONE.finditer(line):
        number = _normal(match[0])
        if number:
            found.append(number)
            left, at = left + _WORD.sub("", line[at : match.start()]), match.end()
    rest = left + line[at:]
    return tuple(found), rest.strip(_EDGES if found else " ,;")


def _normal(written: str) -> str:
    try:
        return normalise(written)
    except ValueError:
        return ""
