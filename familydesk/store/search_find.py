"""Finding records by a typed line.

Each term of the line gives every record it may mean a weight; the weights of the terms add up. So a term that is wrong
beyond recognition does not hide a record that the other terms name, and order does not matter. The best few hundred are
then weighed exactly: each word of the record may answer only one term.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nlargest
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from familydesk.core.fold import words
from familydesk.store.search_entry import EntryKind, code_queries
from familydesk.store.search_index import cursor_of, word_ids
from familydesk.store.search_lexicon import Vocabulary
from familydesk.store.search_query import STARTS_ENOUGH, Term, terms_of

_POSTINGS = 60_000
"""Records a term may bring in; beyond that it says too little to be worth the time."""
_BEGINNINGS = 400
"""Words that a beginning may stand for."""
_CODES = 2_000
_WEIGHED = 400
_TIED = 6_000
_ENOUGH = 60
_FITS_WELL = 0.8
_TERM_IN_DOUBT = 0.55
_TERM_MAY_MISS = 1.05
_LEAST = 0.45
_LEAST_OF_BEST = 0.6
_ORDER_KEPT = 0.002
_WORD_UNASKED = 0.001
_IN_FRONT = 0.01
"""A record's first word (a person's surname) is what a few letters are most often meant for; worth ten words more."""

_Weights = dict[int, float]
"""Weight by record (row of search_doc)."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A record found, and how well it fits: 1 is everything asked for, as it was spelled."""

    sheet: str
    record_id: UUID
    score: float


@dataclass(frozen=True, slots=True)
class _Doc:
    id: int
    sheet: str
    record: bytes
    words: tuple[int, ...]


def find(
    connection: Connection,
    vocabulary: Vocabulary,
    text: str,
    limit: int = 20,
    sheets: Iterable[str] | None = None,
) -> list[Hit]:
    """The records that fit a typed line best, the best first, newest first among equals."""
    cursor = cursor_of(connection)
    vocabulary.refresh(cursor)
    asked = _Question(cursor, vocabulary, terms_of(text))
    wanted = None if sheets is None else frozenset(sheets)
    docs = [doc for doc in _load(cursor, asked.shortlist(wide=wanted is not None)) if not wanted or doc.sheet in wanted]
    scored = nlargest(limit, ((asked.score(doc), doc.id, doc) for doc in docs), key=lambda found: found[:2])
    least = max(_LEAST, scored[0][0] * _LEAST_OF_BEST) if scored else 0.0
    return [Hit(doc.sheet, UUID(bytes=doc.record), score) for score, _, doc in scored if score >= least]


class _Question:
    """A typed line, with the records each of its terms may mean."""

    def __init__(self, cursor: Any, vocabulary: Vocabulary, terms: list[Term]) -> None:
        self._cursor = cursor
        self._vocabulary = vocabulary
        self._words: list[tuple[Term, dict[int, float]]] = []
        self._codes: list[_Weights] = []
        self._weights: list[_Weights] = []
        alone = all(term.initial for term in terms)
        for term in terms:
            if term.number:
                self._ask_number(term)
            else:
                self._ask_word(term, alone)

    def shortlist(self, wide: bool) -> list[int]:
        """The records worth weighing exactly.

        If one fits every term well, the best few hundred. Else all that are tied with the last of these too, up to a
        limit: what tells them apart (an initial, a word wrong beyond recognition) is weighed only afterwards.
        """
        total: defaultdict[int, float] = defaultdict(float)
        for weights in self._weights:
            for doc, weight in weights.items():
                total[doc] += weight
        if not total:
            return []
        most = max(total.values())
        fits = most >= _FITS_WELL * len(self._weights) and not any(term.exact for term, _ in self._words)
        near = [(weight, doc) for doc, weight in total.items() if weight >= most - _TERM_IN_DOUBT]
        if not fits or len(near) < _ENOUGH:
            near = [(weight, doc) for doc, weight in total.items() if weight >= most - _TERM_MAY_MISS]
        best = nlargest(_WEIGHED if fits and not wide else _TIED, near)
        if fits or wide or len(best) <= _WEIGHED:
            return [doc for _, doc in best]
        tied = best[_WEIGHED - 1][0]
        return [doc for weight, doc in best if weight >= tied]

    def score(self, doc: _Doc) -> float:
        """How well a record fits: the mean over the terms, each answered by another of its words."""
        pairs = []
        for asked, (term, fits) in enumerate(self._words):
            for place, word in enumerate(doc.words):
                fit = fits.get(word)
                if fit is None:
                    fit = fits[word] = self._fit(term, word)
                if fit:
                    pairs.append((-fit, asked, place))
        pairs.sort()
        places: dict[int, int] = {}
        total = 0.0
        for unfit, asked, place in pairs:
            if asked not in places and place not in places.values():
                places[asked] = place
                total -= unfit
        total += sum(weights.get(doc.id, 0.0) for weights in self._codes)
        kept = [places[asked] for asked in sorted(places)]
        nuance = _ORDER_KEPT * (kept == sorted(kept)) - _WORD_UNASKED * (len(doc.words) - len(places))
        nuance += _IN_FRONT * (0 in places.values())
        return total / (len(self._words) + len(self._codes)) + nuance

    def _fit(self, term: Term, word: int) -> float:
        kind, text = self._vocabulary.texts.get(word, (EntryKind.NAME, ""))
        return term.fits(text, kind)

    def _ask_word(self, term: Term, alone: bool) -> None:
        fits: dict[int, float] = {}
        for kind, lexicon in self._vocabulary.lexicons.items():
            # A word that stands in the index as it was typed is seldom meant for one two letters away.
            most = 2 if kind is EntryKind.NAME and term.word not in lexicon.ids else 1
            edits = min(term.edits(), most)
            candidates = {other for other, _ in lexicon.near(term.word, edits)}
            if alone or len(term.word) >= STARTS_ENOUGH:
                candidates.update(lexicon.starting(term.word, _BEGINNINGS))
            fits.update((lexicon.ids[other], term.fits(other, kind)) for other in candidates)
        self._words.append((term, fits))
        self._weights.append(self._postings(fits))

    def _postings(self, fits: dict[int, float]) -> _Weights:
        """Records by the best weight among these words, the best words first until enough are found."""
        levels: defaultdict[float, list[int]] = defaultdict(list)
        for word, fit in fits.items():
            if fit > 0:
                levels[round(fit, 2)].append(word)
        found: _Weights = {}
        for fit in sorted(levels, reverse=True):
            room = _POSTINGS - len(found)
            if room <= 0:
                break
            ids = ",".join(map(str, levels[fit]))
            rows = self._cursor.execute(f"SELECT doc FROM search_posting WHERE word IN ({ids}) LIMIT {room}").fetchall()
            found = {**dict.fromkeys((doc for (doc,) in rows), fit), **found}
        return found

    def _ask_number(self, term: Term) -> None:
        """A number as one; else its pieces; a piece that is no number of a record may still stand in a text."""
        whole = self._coded(term.number)
        if whole:
            self._answer_number(whole)
            return
        for piece in term.pieces or (term.number,):
            found = self._coded(piece) if term.pieces else {}
            if found:
                self._answer_number(found)
            else:
                for word in words(piece):
                    self._ask_word(Term(word=word), alone=False)

    def _answer_number(self, found: _Weights) -> None:
        self._codes.append(found)
        self._weights.append(found)

    def _coded(self, number: str) -> _Weights:
        found: _Weights = {}
        for code in code_queries(number):
            rows = self._cursor.execute(
                "SELECT code, doc FROM search_code WHERE code >= ? AND code < ? LIMIT ?",
                (code, code + "\U0010ffff", _CODES),
            )
            for stored, doc in rows:
                found[doc] = max(found.get(doc, 0.0), 1.0 if stored == code else 0.9)
        return found


def _load(cursor: Any, ids: list[int]) -> list[_Doc]:
    listed = ",".join(map(str, ids))
    rows = cursor.execute(f"SELECT id, sheet, record, words FROM search_doc WHERE id IN ({listed})")
    return [_Doc(id_, sheet, record, tuple(word_ids(words))) for id_, sheet, record, words in rows]
