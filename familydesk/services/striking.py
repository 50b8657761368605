"""Striking other people out of a text that is given to one of them: their names in any spelling and case, their
numbers, their addresses.

What cannot be known by comparing stays to be read by a person: a nickname, or somebody who is not in the store.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from familydesk.core.fold import fold, words

GONE = "[…]"
"""What stands where a number or an address of somebody else stood."""

_RUSSIAN = "а я у ю е и ы ой ей ою ею ом ем ым им ого его ому ему ых их ами ями ах ях ам ям ов ин ина ине ину иной"
_KAZAKH = (
    "ға ге қа ке на не ны ні ды ді ты ті н ның нің дың дің тың тің нан нен дан ден тан тен да де та те мен бен пен "
    "сы сі ы і нікі дікі тікі лар лер дар дер тар тер мын мін сың сің жан тай ке"
)
_ENDINGS = sorted(
    {folded for one in (_RUSSIAN + " " + _KAZAKH).split() if (folded := fold(one))}, key=len, reverse=True
)
_ENDED = re.compile(f"(?:{'|'.join(_ENDINGS)}){{0,2}}")
"""At most a plural and a case, or a suffix of endearment and a case."""
_VOWELS = "аеиоуэюя"
_WORD = re.compile(r"[^\W\d_]+(?:[-'’ʼ][^\W\d_]+)*")
_DIGITS = re.compile(r"\+?\d(?:[\s()\-]{0,2}\d){5,}")
_PHONE, _IIN = 11, 12
"""Digits of a telephone number with its country, and of an IIN."""


@dataclass(frozen=True, slots=True)
class Marks:
    """By what somebody is recognised in a text. `words` is what is said in place of her name."""

    names: tuple[str, ...]
    words: str = ""
    numbers: tuple[str, ...] = ()
    """Telephone numbers, IIN, the number of a document."""
    places: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    """Those of the places that are kept secret."""


@dataclass(frozen=True)
class Striking:
    """Takes `others` out of texts and leaves `own` in; her own hidden places only if it `tells_where` she is."""

    own: Marks
    others: tuple[Marks, ...]
    tells_where: bool = True
    _stems: tuple[tuple[str, str], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        own = {word for name in self.own.names for word in words(name)}
        stems = dict(_stems_of(self.others, own))
        object.__setattr__(self, "_stems", tuple(sorted(stems.items(), key=lambda pair: -len(pair[0]))))

    def struck(self, text: str) -> str:
        """`text` without anybody but the one it is for."""
        text = self._without_places(text)
        text = _DIGITS.sub(lambda found: self._number(found[0]), text)
        text = _WORD.sub(lambda found: self._word(found[0]), text)
        # A full name is three words and one person.
        return re.sub(r"(\[[^\]]+\])(?:\s+\1)+", r"\1", text)

    def _without_places(self, text: str) -> str:
        hidden = () if self.tells_where else self.own.hidden
        own = {fold(place) for place in self.own.places} - {fold(place) for place in hidden}
        for place in (*hidden, *(place for other in self.others for place in other.places)):
            if len(place) > 3 and fold(place) not in own:
                text = re.sub(r"\s+".join(map(re.escape, place.split())), GONE, text, flags=re.IGNORECASE)
        return text

    def _number(self, typed: str) -> str:
        digits = _ending(typed)
        if digits in {_ending(one) for one in self.own.numbers}:
            return typed
        known = any(digits == _ending(one) for other in self.others for one in other.numbers)
        count = sum(map(str.isdigit, typed))
        unknown = count == _IIN or (count == _PHONE and typed.lstrip("+")[0] in "78")
        return GONE if known or unknown else typed

    def _word(self, typed: str) -> str:
        for part in words(typed):
            for stem, said in self._stems:
                if _is_form_of(part, stem):
                    return f"[{said}]" if said else GONE
        return typed


def _stems_of(others: Iterable[Marks], own: set[str]) -> Iterator[tuple[str, str]]:
    for other in others:
        for name in other.names:
            for word in words(name):
                stem = word.rstrip(_VOWELS) if len(word) > 3 else word
                stem = stem if len(stem) >= 3 else word
                if len(word) > 1 and not any(_is_form_of(mine, stem) for mine in own):
                    yield stem, other.words


def _is_form_of(word: str, stem: str) -> bool:
    if not word.startswith(stem):
        return False
    return word == stem if len(stem) < 3 else _ENDED.fullmatch(word, len(stem)) is not None


def _ending(number: str) -> str:
    """The last ten digits: +7 and 8 before a number are one."""
    return "".join(filter(str.isdigit, number))[-10:]
