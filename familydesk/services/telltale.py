"""By what a text tells who somebody is: her name in any order, ending or spelling, her IIN, her telephone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from familydesk.core.fold import fold
from familydesk.core.fold import words as spelled
from familydesk.records.person import Person
from familydesk.records.person_phone import PersonPhone
from familydesk.records.staff_member import StaffMember
from familydesk.store.reach import PERSON, Reach

STEM = 4
"""Letters of a surname that its forms share at least: a husband's and a wife's differ in their endings."""
_ENDING = 2
NATIONAL = 10
"""Digits of a telephone without the country's."""
_INITIAL = re.compile(r"\b([^\W\d_])\.")
_DISPUTED = frozenset("әғқңөұүһіёйыиеэ")
"""Letters in whose place a keyboard without Kazakh letters, or another habit, writes another one."""


@dataclass(frozen=True, slots=True)
class _Name:
    surname: str
    given: str


class Telltale:
    """What is known of the people whom a reach takes, read before they go."""

    def __init__(self, session: Session, reach: Reach) -> None:
        self._session = session
        self._going = {UUID(id) for id in reach.going[PERSON]}
        people = list(session.scalars(select(Person).where(Person.id.in_(self._going))))
        phones = session.scalars(select(PersonPhone.number).where(PersonPhone.person_id.in_(self._going)))
        self.names = [_Name(one.surname or "", one.given or "") for one in people]
        national = {number[-NATIONAL:] for number in phones if number and len(number) >= NATIONAL}
        self.numbers = national | {one.iin for one in people if one.iin}

    def by_surname(self, text: str) -> bool:
        """Whether a surname, an IIN or a telephone of theirs stands in the text: nobody else may be meant by it."""
        told = spelled(text)
        return self._by_number(text) or any(_says(told, one.surname) for one in self.names)

    def closely(self, text: str) -> bool:
        """Whether it is certainly one of them: surname and given name, an IIN or a telephone."""
        told = spelled(text)
        return self._by_number(text) or any(_says(told, one.surname) and _says(told, one.given) for one in self.names)

    def likely(self, text: str) -> bool:
        """The same by an initial in place of the given name, or by a surname that nobody else here bears."""
        told = spelled(text)
        return self._by_number(text) or any(
            _says(told, one.surname) and (_says(told, one.given) or _initialled(text, one) or self._alone(one))
            for one in self.names
        )

    def patterns(self) -> list[str]:
        """For SQL's LIKE: every text that speaks of them in Cyrillic letters or digits matches one of these."""
        stems = {part[: _stem(part)] for one in self.names for part in re.findall(r"\w+", one.surname)}
        written = (form for stem in sorted(stems) for form in (_loose(stem.lower()), _loose(stem.upper())))
        return [*written, *(f"%{number[-4:-2]}%{number[-2:]}%" for number in sorted(self.numbers))]

    def _by_number(self, text: str) -> bool:
        digits = "".join(filter(str.isdigit, text))
        return any(number in digits for number in self.numbers)

    def _alone(self, one: _Name) -> bool:
        """Whether nobody who stays, client or colleague, bears this surname, and it is too long for a common word."""
        own = fold(one.surname)
        return len(own) >= STEM and not any(other.startswith(own[: _stem(own)]) for other in self._others)

    @cached_property
    def _others(self) -> frozenset[str]:
        people = self._session.execute(select(Person.id, Person.surname))
        staying = {surname for id, surname in people if id not in self._going}
        colleagues = self._session.scalars(select(StaffMember.surname))
        return frozenset(fold(surname or "") for surname in {*staying, *colleagues})


def texts_in(values: Iterable[object]) -> Iterator[str]:
    """Those of some values that are texts."""
    return (value for value in values if isinstance(value, str))


def _says(told: list[str], name: str) -> bool:
    """Whether every part of a name stands in it, with any ending; a short one must be the word, or it would stand in
    many.
    """
    parts = spelled(name)
    return bool(parts) and all(
        any(word == part or (len(part) >= STEM and word.startswith(part[: _stem(part)])) for word in told)
        for part in parts
    )


def _initialled(text: str, one: _Name) -> bool:
    """Whether a single letter with a point is that of her given name."""
    given = fold(one.given)
    return bool(given) and any(fold(letter) == given[0] for letter in _INITIAL.findall(text))


def _stem(name: str) -> int:
    """How many letters of a name stand before its endings."""
    return len(name) if len(name) < STEM + _ENDING else len(name) - _ENDING


def _loose(stem: str) -> str:
    """A pattern for a stem in one case: its first letter may be of either, a disputed one is any letter."""
    rest = "".join("_" if letter.lower() in _DISPUTED else letter for letter in stem[1:])
    return f"%_{rest}%"
