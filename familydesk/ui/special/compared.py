"""Two texts against each other: the words that only one of them has stand on a ground of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from familydesk.ui.parts import text
from familydesk.ui.theme import Theme

LONGEST = 2_000
"""Words of both texts together, beyond which nothing is marked: comparing takes the square of it."""

Piece = tuple[str, bool]
"""Words, and whether the other text lacks them."""

_WORDS = re.compile(r"\S+\s*")


def pieces(own: str, other: str) -> list[Piece]:
    """`own` in pieces, those marked that `other` has not at that place."""
    words, others = _WORDS.findall(own), _WORDS.findall(other)
    if not words or not others or len(words) + len(others) > LONGEST:
        return [(own, False)]
    return list(_told(words, [word.strip() for word in others]))


def _told(words: list[str], others: list[str]) -> Iterator[Piece]:
    matcher = SequenceMatcher(None, [word.strip() for word in words], others, autojunk=False)
    for verb, first, last, _other_first, _other_last in matcher.get_opcodes():
        if last > first:
            yield "".join(words[first:last]), verb != "equal"


def marked(theme: Theme, own: str, other: str, tint: str) -> QLabel:
    """`own` as a text that wraps, with the ground `tint` (a colour's name) behind what `other` lacks."""
    label = text("", wrap=True)
    told = pieces(own, other)
    ground, ink = getattr(theme.colors, tint), theme.colors.text
    label.setTextFormat(Qt.TextFormat.RichText)
    style = f"background-color:{ground};color:{ink}"
    label.setText("".join(_html(words, style if new else "") for words, new in told))
    label.setAccessibleName(own)
    return label


def _html(words: str, style: str) -> str:
    bare = words.rstrip()
    inside, rest = (escape(part).replace("\n", "<br>") for part in (bare, words[len(bare) :]))
    return f'<span style="{style}">{inside}</span>{rest}' if style else inside + rest
