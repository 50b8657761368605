"""People who may be the one that is being typed in: found while she types, each with what makes them alike."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from familydesk.core.fold import fold
from familydesk.core.i18n import N_, translate
from familydesk.law import phone as phones
from familydesk.records.case import Case
from familydesk.records.family_member import FamilyMember
from familydesk.records.person import Person
from familydesk.records.person_phone import PersonPhone
from familydesk.services import sides

if TYPE_CHECKING:
    from familydesk.services.office import Office

NAMESAKES = 60
"""People of like names that are looked at: among more, the date of birth would have to tell them apart anyway."""
IIN_DIGITS = 12


class Likeness(enum.Enum):
    """What makes two people alike, the strongest first."""

    IIN = N_("The same IIN")
    NAME_AND_BIRTH = N_("The same name and date of birth")
    SIMILAR_NAME_AND_BIRTH = N_("A similar name and the same date of birth")
    PHONE = N_("The same telephone")
    NAME = N_("The same name")
    SIMILAR_NAME = N_("A similar name")


class _Place(NamedTuple):
    family_id: UUID | None
    case_id: UUID | None
    case_number: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who may be the same, why, and the family and case to open instead of making new ones."""

    person: Person
    likenesses: tuple[Likeness, ...]
    family_id: UUID | None
    case_id: UUID | None
    case_number: str
    other_side: bool = False
    """Whether an incident is known here whose other side is served here too."""

    @property
    def certain(self) -> bool:
        """One valid IIN is one person."""
        return Likeness.IIN in self.likenesses

    @property
    def why(self) -> str:
        """What makes them alike, in the language in force."""
        return ", ".join(translate(likeness.value) for likeness in self.likenesses)


class Duplicates:
    """Looks for people like the one whose values are given."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def of(self, values: Mapping[str, Any], exclude: UUID | None = None) -> list[Candidate]:
        """Likely candidates, the strongest likeness first. Values not typed yet may be missing or None.

        Reads `surname`, `given`, `patronymic`, `born_on`, `iin`, and `phones` (or one `phone`) as they were typed.
        """
        typed = _Typed.of(values)
        ids = self._namesakes(typed)
        with self._office.database.read() as session:
            wanted = session.scalars(_wanted(typed, ids))
            people = {person.id: person for person in wanted if person.id != exclude}
            callers = _callers(session, typed.phones, people)
            found = {id: tuple(typed.likenesses(person, id in callers)) for id, person in people.items()}
            likely = [id for id, likenesses in found.items() if likenesses]
            places = _places(session, likely)
            opposite = {id for id in likely if sides.other_side_is_here(session.connection(), id)}
            session.expunge_all()
        candidates = [Candidate(people[id], found[id], *places[id], id in opposite) for id in likely]
        return sorted(candidates, key=lambda one: (_strength(one), one.person.title_text()))

    def _namesakes(self, typed: _Typed) -> list[UUID]:
        if len(typed.surname) < 2 or len(typed.given) < 2:
            return []
        text = f"{typed.surname} {typed.given} {typed.patronymic}".strip()
        return [hit.id for hit in self._office.search.find(text, limit=NAMESAKES, sheets=("person",))]


@dataclass(frozen=True, slots=True)
class _Typed:
    """What was typed, brought to the forms that can be compared."""

    surname: str
    given: str
    patronymic: str
    born_on: date | None
    iin: str
    phones: frozenset[str]

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> _Typed:
        numbers = [*(values.get("phones") or ()), values.get("phone")]
        iin = "".join(str(values.get("iin") or "").split())
        return cls(
            fold(values.get("surname") or ""),
            fold(values.get("given") or ""),
            fold(values.get("patronymic") or ""),
            values.get("born_on"),
            iin if len(iin) == IIN_DIGITS else "",
            frozenset(_normalised(numbers)),
        )

    def likenesses(self, person: Person, caller: bool) -> Iterator[Likeness]:
        if self.iin and self.iin == person.iin:
            yield Likeness.IIN
        if caller:
            yield Likeness.PHONE
        other_iin = self.iin and person.iin and self.iin != person.iin
        other_birth = self.born_on and person.born_on and self.born_on != person.born_on
        if other_iin or other_birth:
            return
        edits = self._edits(person)
        if edits > 1:
            return
        if self.born_on and self.born_on == person.born_on:
            yield Likeness.SIMILAR_NAME_AND_BIRTH if edits else Likeness.NAME_AND_BIRTH
        else:
            yield Likeness.SIMILAR_NAME if edits else Likeness.NAME

    def _edits(self, person: Person) -> int:
        """How many letters lie between the folded names; surname and given name may have changed places."""
        # Loaded here because nobody needs it before a name is typed.
        from rapidfuzz.distance import OSA

        surname, given, patronymic = (fold(text or "") for text in (person.surname, person.given, person.patronymic))
        straight = OSA.distance(self.surname, surname) + OSA.distance(self.given, given)
        swapped = OSA.distance(self.surname, given) + OSA.distance(self.given, surname)
        told = self.patronymic and patronymic
        return min(straight, swapped) + (OSA.distance(self.patronymic, patronymic) if told else 0)


def _normalised(numbers: Iterable[str | None]) -> Iterator[str]:
    for number in numbers:
        try:
            yield phones.normalise(number or "")
        except phones.PhoneFault:
            continue


def _wanted(typed: _Typed, ids: list[UUID]) -> Any:
    """The people worth comparing: namesakes, the owner of the IIN, the owners of the telephones."""
    ways: list[ColumnElement[bool]] = [Person.id.in_(ids)]
    if typed.iin:
        ways.append(Person.iin == typed.iin)
    if typed.phones:
        owners = select(PersonPhone.person_id).where(PersonPhone.number.in_(typed.phones), ~PersonPhone.archived)
        ways.append(Person.id.in_(owners))
    return select(Person).where(or_(*ways), ~Person.archived)


def _callers(session: Session, numbers: frozenset[str], people: Iterable[UUID]) -> set[UUID]:
    if not numbers:
        return set()
    query = select(PersonPhone.person_id).where(PersonPhone.number.in_(numbers), ~PersonPhone.archived)
    return set(people).intersection(session.scalars(query))


def _places(session: Session, people: list[UUID]) -> dict[UUID, _Place]:
    """The newest family and case of each person."""
    members = select(FamilyMember.person_id, FamilyMember.family_id).where(FamilyMember.person_id.in_(people))
    rows = session.execute(members.where(~FamilyMember.archived).order_by(FamilyMember.id))
    in_family = {row.person_id: row.family_id for row in rows}
    theirs = or_(Case.client_id.in_(people), Case.family_id.in_(set(in_family.values())))
    cases = list(session.scalars(select(Case).where(theirs, ~Case.archived).order_by(Case.id)))
    by_client = {case.client_id: case for case in cases}
    by_family = {case.family_id: case for case in cases if case.family_id}
    places = {}
    for id in people:
        case = by_client.get(id) or by_family.get(in_family.get(id, id))
        family = in_family.get(id) or (case.family_id if case else None)
        places[id] = _Place(family, case.id if case else None, (case.number if case else None) or "")
    return places


def _strength(candidate: Candidate) -> int:
    order = list(Likeness)
    return min(order.index(likeness) for likeness in candidate.likenesses)
