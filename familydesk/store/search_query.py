"""A typed line taken apart into terms, and how well a word fits one of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from familydesk.core.fold import words
from familydesk.store.search_entry import EntryKind

MOST_TERMS = 8
INITIAL = 2
"""A word of so few folded letters is an initial, or a name that must fit exactly."""
STARTS_ENOUGH = 3
"""From so many letters on, the beginning of a word finds it."""

_LETTER = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Term:
    """One thing looked for: a folded word, or a number as it was typed (`pieces` if blanks part it)."""

    word: str = ""
    number: str = ""
    pieces: tuple[str, ...] = ()
    last: bool = False
    """She may still be typing it."""

    @property
    def initial(self) -> bool:
        """Too short to be looked for by itself among other terms."""
        return bool(self.word) and len(self.word) <= INITIAL

    @property
    def exact(self) -> bool:
        """No letter may be wrong: an initial, or a number within a text."""
        return self.initial or not self.word.isalpha()

    def edits(self) -> int:
        """How many wrong letters a word of this length may have and still be looked up."""
        return 0 if self.exact else 1 if len(self.word) < 6 else 2

    def fits(self, word: str, kind: int) -> float:
        """How well an indexed word fits, 0 to 1; names fit better than other text."""
        if kind == EntryKind.NAME:
            return self._likeness(word)
        likeness = self._likeness(word)
        return likeness * 0.8 if likeness >= 0.75 else 0.0

    def _likeness(self, word: str) -> float:
        typed = self.word
        if typed == word:
            return 1.0
        if self.exact and word.startswith(typed):
            return 0.9
        if self.exact and not (len(typed) == INITIAL and typed.isalpha()):
            return 0.0
        # Only a search needs it: the window must not wait for it at start.
        from rapidfuzz.distance import OSA

        likeness = OSA.normalized_similarity(typed, word, score_cutoff=0.5)
        return max(likeness, self._begins(word))

    def _begins(self, word: str) -> float:
        """Иванов fits Иванова nearly as well as itself; Ив fits it while it is being typed."""
        if len(self.word) < STARTS_ENOUGH or not word.startswith(self.word):
            return 0.0
        if len(word) - len(self.word) <= 2:
            return 0.93
        return 0.88 if self.last else 0.6


def terms_of(text: str) -> list[Term]:
    """The terms of a typed line, at most `MOST_TERMS`.

    Digits parted only by blanks are one number, however a phone is spaced; words keep together so that a patronymic
    written apart is joined.
    """
    terms: list[Term] = []
    run: list[str] = []
    numeric = False
    for chunk in [*text.split(), ""]:
        is_number = bool(_DIGIT.search(chunk))
        if run and (not chunk or is_number != numeric or _LETTER.search(chunk + run[-1]) and numeric):
            terms += _run_terms(run, numeric)
            run = []
        run.append(chunk)
        numeric = is_number
    if terms and terms[-1].word and not text.endswith(" "):
        terms[-1] = Term(word=terms[-1].word, last=True)
    return terms[:MOST_TERMS]


def _run_terms(run: list[str], numeric: bool) -> list[Term]:
    if numeric:
        return [Term(number=" ".join(run), pieces=tuple(run) if len(run) > 1 else ())]
    return [Term(word=word) for word in words(" ".join(run))]
