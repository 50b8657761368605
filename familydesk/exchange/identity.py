"""Who of a register's rows is whom: one person by a valid IIN, or by the whole name together with a second fact.

A name alone never makes two rows one person. What cannot be told for certain becomes a new person, beside those who are
like her, for somebody to look at.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import chain, islice
from uuid import UUID

from familydesk.core.fold import words
from familydesk.exchange.names import PersonName

_LIKE = 3
"""How many people like a new one are shown: enough to find her, few enough to be looked at."""
_LOOKED_AT = 500
"""Of so many namesakes nobody would look at more; without an end, each of them would be compared with all."""
_PARTS_OF_ADDRESS = (
    "ул улица к-сі көше көшесі көш кв квартира пәт пәтер г город қ қала қаласы с село а ауыл ауылы аул д дом үй п пос "
    "поселок пер переулок мкр микрорайон мөлтек пр проспект даңғ даңғылы кент кенті обл область облысы р-н район "
    "ауданы аудан"
)
_STREET_WORDS = frozenset(word for written in _PARTS_OF_ADDRESS.split() for word in words(written))
_KAZAKH = frozenset("әғқңөұүһіӘҒҚҢӨҰҮҺІ")
_CHILD_OF = re.compile(r"(?<=..)(?:кизи|ули|[ое]вна|[ое]вич)$")
"""How a folded patronymic ends, in Kazakh or Russian: one woman is Ерболқызы in one paper and Ерболовна in another."""


_Folded = tuple[str, str, str]
"""Surname, given name and patronymic, folded."""


@dataclass(slots=True, eq=False)
class Known:
    """A person of the store (`stored`) or of the rows, with every name and fact seen of her."""

    id: UUID
    iin: str = ""
    stored: bool = False
    born_on: date | None = None
    names: Counter[PersonName] = field(default_factory=Counter)
    facts: set[str] = field(default_factory=set)

    @property
    def name(self) -> PersonName:
        """Of all spellings the fullest; of equally full ones the most frequent, and the one in Kazakh letters."""
        return max(self.names, key=lambda name: (*fullness(name), self.names[name], _kazakh_letters(name)))


class Identities:
    """Everybody known so far."""

    def __init__(self) -> None:
        self.by_iin: dict[str, Known] = {}
        self._by_fact: dict[tuple[str, str], list[Known]] = defaultdict(list)
        self._namesakes: dict[tuple[str, str], dict[tuple[Known, _Folded], None]] = defaultdict(dict)
        self._given: dict[tuple[str, str], set[str]] = defaultdict(set)

    def add(self, known: Known) -> None:
        """Make a person known by her IIN, names and facts."""
        if known.iin:
            self.by_iin.setdefault(known.iin, known)
        for name in list(known.names):
            self._note_name(known, name, known.facts)

    def note(self, known: Known, name: PersonName, facts: Iterable[str]) -> None:
        """One more row about a person: a name and facts that belong together."""
        new = known.names[name] == 0
        known.names[name] += 1
        fresh = [fact for fact in facts if fact not in known.facts]
        known.facts.update(fresh)
        if new:
            self._note_name(known, name, known.facts)
        for other in known.names if fresh else ():
            self._note_facts(known, other, fresh)

    def fitting(self, name: PersonName, facts: Sequence[str], born_on: date | None = None) -> Known | None:
        """The only person with this whole name and one of these facts; a telephone decides before an address does."""
        if name.initials:
            return None
        given = list(facts)
        phone, place = (
            self._holding(name, [fact for fact in given if fact.startswith(kind)], born_on) for kind in _KINDS
        )
        if phone:
            return phone[0] if len(phone) == 1 and (not place or phone[0] in place) else None
        return place[0] if len(place) == 1 else None

    def alike(self, known: Known, without_iin: bool) -> list[tuple[Known, bool]]:
        """A few people whose names are like hers, those who share a fact first; `without_iin` narrows to those who
        have none.
        """
        folded = _folded(known.name)
        found = {
            other: bool(other.facts & known.facts)
            for other, theirs in islice(self._called_like(folded), _LOOKED_AT)
            if other is not known and not (without_iin and other.iin) and _are_alike(folded, theirs)
        }
        return sorted(found.items(), key=lambda pair: not pair[1])[:_LIKE]

    def _called_like(self, folded: _Folded) -> Iterator[tuple[Known, _Folded]]:
        """Who has this surname and this given name, or only its initial in place of one."""
        surname, given, _father = folded
        initial = given[:1]
        others = sorted(self._given[surname, initial]) if given == initial else [given, initial]
        return chain.from_iterable(self._namesakes.get((surname, other), ()) for other in others)

    def _holding(self, name: PersonName, facts: list[str], born_on: date | None) -> list[Known]:
        key = name_key(name)
        found = {id(known): known for fact in facts for known in self._by_fact.get((key, fact), ())}
        return [known for known in found.values() if not (born_on and known.born_on and born_on != known.born_on)]

    def _note_name(self, known: Known, name: PersonName, facts: Iterable[str]) -> None:
        folded = _folded(name)
        self._namesakes[folded[:2]][known, folded] = None
        self._given[folded[0], folded[1][:1]].add(folded[1])
        self._note_facts(known, name, facts)

    def _note_facts(self, known: Known, name: PersonName, facts: Iterable[str]) -> None:
        if name.initials:
            return
        key = name_key(name)
        for fact in facts:
            holders = self._by_fact[key, fact]
            if known not in holders:
                holders.append(known)


_KINDS = _PHONE, _PLACE = "tel ", "at "


def facts_of(phones: Iterable[str], address: str) -> list[str]:
    """The second facts of a row: each telephone, and an address that tells the house."""
    place = place_key(address)
    return [*(_PHONE + phone for phone in phones), *([_PLACE + place] if place else [])]


@lru_cache(maxsize=4096)
def place_key(address: str) -> str:
    """One spelling for an address however its parts are abbreviated; empty if no house number stands in it."""
    told = [word for word in words(address) if word not in _STREET_WORDS]
    return " ".join(told) if len(told) > 1 and any(map(str.isdigit, "".join(told))) else ""


@lru_cache(maxsize=4096)
def name_key(name: PersonName) -> str:
    """The folded words of a name, whatever their order."""
    return " ".join(sorted(words(name.whole)))


@lru_cache(maxsize=4096)
def _folded(name: PersonName) -> _Folded:
    return _one(name.surname), _one(name.given), _one(name.patronymic)


def fullness(name: PersonName) -> tuple[bool, bool, bool]:
    """Sorts a full name after one with initials, and one with a patronymic after one without."""
    return not name.initials, len(name.patronymic.rstrip(".")) > 1, bool(name.patronymic)


def _kazakh_letters(name: PersonName) -> int:
    return sum(letter in _KAZAKH for letter in name.whole)


def _are_alike(one: _Folded, other: _Folded) -> bool:
    """The same surname, and given name and patronymic that do not contradict: equal, an initial, not told, or of the
    same father in Kazakh and in Russian.
    """
    fathers = not one[2] or not other[2] or _agree(one[2], other[2]) or _father(one[2]) == _father(other[2])
    return fathers and one[0] == other[0] and _agree(one[1], other[1])


def may_be_one(one: PersonName, other: PersonName) -> bool:
    """As `are_alike`; a surname changes with a marriage, so a given name that agrees is enough."""
    return _agree(_folded(one)[1], _folded(other)[1]) or name_key(one) == name_key(other)


def _agree(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) == 1 and long.startswith(short))


def _father(patronymic: str) -> str:
    return _CHILD_OF.sub("", patronymic)


def _one(part: str) -> str:
    return "".join(words(part))
