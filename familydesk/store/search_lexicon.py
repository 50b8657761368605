"""The vocabulary in memory: which words of the index a typed word may mean.

Even a million people share some thirty thousand words, so the fuzzy work is done on the words, never on the records:
each typed word is compared with all words of nearly its length, which takes about a millisecond.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice, takewhile
from typing import Any

from familydesk.store.search_entry import EntryKind


class Lexicon:
    """The words of one kind."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        self._by_length: defaultdict[int, list[str]] = defaultdict(list)
        self._sorted: list[str] = []

    def take(self, found: list[tuple[str, int]]) -> None:
        """Learn words and their ids."""
        fresh = [word for word, _ in found if word not in self.ids]
        self.ids.update(found)
        for word in fresh:
            self._by_length[len(word)].append(word)
        if len(fresh) < 100:
            for word in fresh:
                insort(self._sorted, word)
        else:
            self._sorted = sorted(self.ids)

    def near(self, word: str, edits: int) -> Iterator[tuple[str, int]]:
        """Words at most so many letters away, with their distance; a swap of neighbours is one letter."""
        # Only a search needs it: the window must not wait for it at start.
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        for length in range(len(word) - edits, len(word) + edits + 1):
            choices = self._by_length.get(length)
            if choices:
                for other, distance, _ in extract(word, choices, scorer=OSA.distance, score_cutoff=edits, limit=None):
                    yield other, int(distance)

    def starting(self, prefix: str, limit: int) -> Iterator[str]:
        """Words that begin so, in alphabetical order, at most `limit`."""
        ahead = islice(self._sorted, bisect_left(self._sorted, prefix), None)
        return islice(takewhile(lambda word: word.startswith(prefix), ahead), limit)


class Vocabulary:
    """All words of one file's index, read once and then only what is new."""

    def __init__(self) -> None:
        self._last = 0
        self.texts: dict[int, tuple[int, str]] = {}
        self.lexicons = _empty()

    def refresh(self, cursor: Any) -> None:
        """Read the words that came since the last time.

        Words that went stay known and find nothing. If the last word known is not there any more (it was erased, its
        transaction rolled back, the index built anew), everything is read again, so that no id means another word.
        """
        last = self._last
        row = cursor.execute("SELECT kind, word FROM search_word WHERE id = ?", (last,)).fetchone()
        if last and (row is None or self.texts.get(last) != (row[0], row[1])):
            self._last, self.texts, self.lexicons = 0, {}, _empty()
        rows = cursor.execute(
            "SELECT id, kind, word FROM search_word WHERE id > ? ORDER BY id", (self._last,)
        ).fetchall()
        if not rows:
            return
        self._last = rows[-1][0]
        self.texts.update((id_, (kind, word)) for id_, kind, word in rows)
        for kind, lexicon in self.lexicons.items():
            lexicon.take([(word, id_) for id_, of_kind, word in rows if of_kind == kind])


def _empty() -> dict[EntryKind, Lexicon]:
    return {EntryKind.NAME: Lexicon(), EntryKind.TEXT: Lexicon()}
