"""What of a value goes into the index, and in what shape.

Names and text become folded words. Numbers become codes: short keys, one for each way in which a person remembers a
number, so that any of them is the beginning of a key and is found by one range of a tree.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator

from familydesk.core.fold import fold, words

SHORTEST_RUN = 4
"""Digits of a phone or an IIN below this find too many people to be of use."""

_PIECE = re.compile(r"[^\W\d_]+|\d+")
_NO_DIGIT = re.compile(r"\D+")
_LONGEST_WORD = 64
_LONGEST_NUMBER = 64
_IIN_DIGITS = 12


class EntryKind(enum.IntEnum):
    """How a value may be found. Values are stored in the index: names and text keep separate vocabularies."""

    NAME = 0
    """Any spelling, any order, two typing errors."""
    TEXT = 1
    """Beginnings of words, one typing error."""
    NUMBER = 2
    """A case's or order's number: from its beginning, or from any of its dashed parts."""
    PHONE = 3
    """Any run of four digits or more."""
    IIN = 4
    """Either end, four digits or more."""


Entry = tuple[EntryKind, str]
"""A kind and the value as it stands in the record."""


def words_in(entry: Entry) -> list[tuple[int, str]]:
    """The vocabulary's words in an entry, as (kind, word), in their order; a name borne twice stands twice."""
    kind, text = entry
    return [(int(kind), word[:_LONGEST_WORD]) for word in _spelled(text)] if kind <= EntryKind.TEXT else []


def codes_of(entries: Iterable[Entry]) -> list[str]:
    """The keys under which the numbers in these entries are found, each once, sorted."""
    makers = {EntryKind.NUMBER: _number_codes, EntryKind.PHONE: _phone_codes, EntryKind.IIN: _iin_codes}
    return sorted({code for kind, text in entries if kind in makers for code in makers[kind](text[:_LONGEST_NUMBER])})


def code_queries(text: str) -> Iterator[str]:
    """The beginnings of keys that a typed number may stand for."""
    key = number_key(text)
    if key:
        yield "n" + key
    digits = _NO_DIGIT.sub("", text)
    if not digits or not key.replace("-", "").isdigit():
        return
    yield "d" + digits
    if len(digits) < SHORTEST_RUN:
        return
    yield "p" + digits
    if digits[0] in "78" and len(digits) > SHORTEST_RUN:
        yield "p" + digits[1:]
    if len(digits) <= _IIN_DIGITS:
        yield "i" + digits
        yield "t" + digits[::-1]


def number_key(text: str) -> str:
    """A number's canonical spelling: folded pieces with a dash between, without leading zeros.

    `КД-2026/0012`, `kd 2026 12` and `КД2026-12` are one number.
    """
    return "-".join(piece.lstrip("0") or "0" for piece in _PIECE.findall(fold(text)))


def _spelled(text: str) -> list[str]:
    """The words, and each hyphened word also in one piece: Нур-Султан is Нурсултан to many."""
    found = words(text)
    if "-" in text:
        found += [fold(word.replace("-", "")) for word in text.split() if "-" in word.strip("-")]
    return [word for whole in found for word in whole.split()]


def _number_codes(text: str) -> Iterator[str]:
    pieces = number_key(text).split("-")
    for start in range(len(pieces)):
        if pieces[start]:
            yield "n" + "-".join(pieces[start:])
    digits = _NO_DIGIT.sub("", text)
    if digits:
        yield "d" + digits


def _phone_codes(text: str) -> Iterator[str]:
    digits = _NO_DIGIT.sub("", text)
    if len(digits) == 11 and digits[0] in "78":
        digits = digits[1:]
    if digits:
        for start in range(max(len(digits) - SHORTEST_RUN, 0) + 1):
            yield "p" + digits[start:]


def _iin_codes(text: str) -> Iterator[str]:
    digits = _NO_DIGIT.sub("", text)
    if digits:
        yield "i" + digits
        yield "t" + digits[::-1]
