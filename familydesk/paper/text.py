"""Lines of text: where they break, and how a word too long for its line is divided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from familydesk.paper.fonts import STRONG, TEXT, printable, widths

VOWELS = frozenset("аәеёиоөуұүыіэюяАӘЕЁИОӨУҰҮЫІЭЮЯ")
MUTE = frozenset("ъьйЪЬЙ")


class Type(NamedTuple):
    """How a text is set: face, size and leading in points, grey from 0 (black) to 1."""

    face: str = TEXT
    size: float = 9.6
    leading: float = 12.6
    grey: float = 0.0


VALUE = Type()
LABEL = Type(TEXT, 7.2, 9.0, 0.33)
SMALL = Type(TEXT, 7.8, 10.2)
CELL = Type(TEXT, 8.4, 10.8)
COLUMN = Type(STRONG, 7.4, 9.2, 0.2)
LETTER = Type(TEXT, 10.6, 15.0)


def measure(text: str, kind: Type) -> float:
    """Width of one line in points."""
    return widths(kind.face).of(text) * kind.size


def break_lines(text: str, kind: Type, room: float) -> list[str]:
    """`text` in lines no wider than `room` points; its own line ends are kept, and nothing of it is lost."""
    return [line for part in printable(text, kind.face).split("\n") for line in _fill(part, kind, room)]


def _fill(text: str, kind: Type, room: float) -> Iterator[str]:
    table = widths(kind.face)
    room = max(room / kind.size, table.of("WW-"))
    space = table[" "]
    line: list[str] = []
    used = -space
    for word in text.split(" "):
        width = table.of(word)
        if used + space + width > room and line:
            yield " ".join(line)
            line, used = [], -space
        while width > room:
            cut, hyphen = _division(word, room, kind.face)
            yield word[:cut] + hyphen
            word = word[cut:]
            width = table.of(word)
        line.append(word)
        used += space + width
    yield " ".join(line)


def _division(word: str, room: float, name: str) -> tuple[int, str]:
    """Where to divide a word wider than `room`: after its own sign, at a syllable, or at the last letter that fits."""
    table = widths(name)
    fits, used = 0, table["-"]
    while fits < len(word) and used + table[word[fits]] <= room:
        used += table[word[fits]]
        fits += 1
    fits = max(fits, 1)
    for cut in range(fits, 1, -1):
        if word[cut - 1] in "-/@._,;":
            return cut, ""
        if _begins_syllable(word, cut):
            return cut, "-"
    return fits, ""


def _begins_syllable(word: str, at: int) -> bool:
    """A consonant with its vowel begins a syllable, in Kazakh as in Russian; single letters are never left alone."""
    if not 2 <= at <= len(word) - 2:
        return False
    first, second = word[at], word[at + 1]
    opens = first.isalpha() and first not in VOWELS and first not in MUTE and second in VOWELS
    return opens and any(letter in VOWELS for letter in word[:at])
