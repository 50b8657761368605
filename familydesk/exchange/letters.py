"""Letters of one alphabet typed for those of another, as a keyboard left in the wrong layout leaves them."""

from __future__ import annotations

import re

_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_FOREIGN = re.compile(r"[A-Za-zƏəƟɵ03]")
_LOOKALIKE = str.maketrans("ABCEHIKMOPTXYƏƟaceohikmpxyuəɵ03", "АВСЕНІКМОРТХУӘӨасеоһікмрхуиәөОЗ")
_ONLY_LOOKALIKE = frozenset("ABCEHIKMOPTXYƏƟaceohikpxyəɵ")


def repaired(word: str) -> str:
    """Look-alikes inside a Cyrillic word become what they look like; a truly Latin word is left alone."""
    if not _FOREIGN.search(word) or not _CYRILLIC.search(word):
        return word
    mended = word.translate(_LOOKALIKE)
    return mended[0] + mended[1:].lower() if word[1:].lower() == word[1:] else mended


def repaired_words(words: list[str]) -> list[str]:
    """As `repaired`; a word spelled in look-alikes alone follows the alphabet of its neighbours."""
    cyrillic = any(map(_CYRILLIC.search, words))
    return [
        _moved(word) if cyrillic and _ONLY_LOOKALIKE.issuperset(word.strip(".-")) else repaired(word) for word in words
    ]


def _moved(word: str) -> str:
    return word.translate(_LOOKALIKE)
