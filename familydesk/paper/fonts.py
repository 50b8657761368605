"""The faces that papers are set in, embedded in every document so that a Kazakh letter is one on any machine."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from familydesk.core.places import resources

# reportlab keeps the first font registered under a name, silently: the prefix keeps these apart from anybody else's.
TEXT = "FamilyDesk-Text"
STRONG = "FamilyDesk-Strong"
HEAD = "FamilyDesk-Head"
MARKS = "FamilyDesk-Marks"

FILES = {
    TEXT: "NotoSans-Regular.ttf",
    STRONG: "NotoSans-Bold.ttf",
    HEAD: "NotoSerif-Bold.ttf",
    MARKS: "NotoSansSymbols2-Regular.ttf",
}

SPELLED_OUT = str.maketrans(
    {"→": "->", "←": "<-", "−": "–", "≤": "<=", "≥": ">=", "≠": "<>", "≈": "~", "☐": "[ ]", "☑": "[x]", "✓": "v"}
    | {"\t": " ", "\u00ad": "", "\u200b": "", "\ufeff": ""}
)
"""Signs that the text faces lack, as a typist would write them, and invisible ones, as nothing."""


@cache
def face(name: str) -> TTFont:
    """The registered font of that name; read from its file once a process."""
    font = TTFont(name, resources() / "fonts" / FILES[name])
    pdfmetrics.registerFont(font)
    return font


def register() -> None:
    """Make every face known to reportlab; have it write streams as bytes, smaller and faster than seven-bit text."""
    rl_config.useA85 = 0
    for name in FILES:
        face(name)


class Widths(dict[str, float]):
    """Advance widths of one face's letters at one point, measured when first met."""

    def __init__(self, name: str) -> None:
        self.font = face(name)

    def __missing__(self, letter: str) -> float:
        self[letter] = width = self.font.face.getCharWidth(ord(letter)) / 1000
        return width

    def of(self, text: str) -> float:
        """The width of `text` at one point."""
        return sum(map(self.__getitem__, text))


@cache
def widths(name: str) -> Widths:
    """The table of widths of the face `name`."""
    return Widths(name)


@cache
def _known(name: str) -> frozenset[int]:
    return frozenset(face(name).face.charToGlyph)


def printable(text: Any, name: str = TEXT) -> str:
    """`text` as the face can set it: composed letters (NFC), no control signs, U+FFFD for what the face lacks."""
    text = unicodedata.normalize("NFC", str(text)).translate(SPELLED_OUT)
    known = _known(name)
    if all(ord(letter) in known for letter in text):
        return text
    return "".join(
        letter if letter == "\n" or ord(letter) in known else "" if letter < " " else "\N{REPLACEMENT CHARACTER}"
        for letter in text.replace("\r\n", "\n")
    )
