"""What stands against erasing a person, and what of hers lies where no reference leads: names in texts and drafts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from familydesk.core import clock
from familydesk.core.errors import Problem
from familydesk.core.fold import fold
from familydesk.core.fold import words as spelled
from familydesk.core.i18n import N_
from familydesk.core.record import references
from familydesk.core.show import show_day, show_moment
from familydesk.records import SHEETS
from familydesk.records.case import Case
from familydesk.records.family import Family
from familydesk.records.family_member import FamilyMember
from familydesk.records.person import Person
from familydesk.records.person_phone import PersonPhone
from familydesk.records.protective_order import ProtectiveOrder
from familydesk.services.withdrawals import stopped_in
from familydesk.store import erasure
from familydesk.store.reach import FAMILY, PERSON, Reach
from familydesk.store.tables import DRAFT

if TYPE_CHECKING:
    from familydesk.services.office import Office

OPEN_CASE = N_("Case {number} is open and speaks of this person. Close it first; then her data can be erased.")
IN_FORCE = N_("Protective order {number} is in force until {moment}. Until then nothing about its people is erased.")
KEPT = N_("The center has confirmed that file {number} is kept until {day}. It is destroyed by an act after that day.")
STEM = 4
"""Letters of a surname that its forms share at least: a husband's and a wife's differ in their endings."""


# What forbids it


def open_matters(session: Session, reach: Reach) -> Iterator[Problem]:
    """Open cases that speak of her, and orders in force that protect her or bind her.

    A case in which she has stopped the processing forbids nothing: there is no ground left to go on with it.
    """
    people = [UUID(id) for id in reach.going[PERSON]]
    query = select(Case.id, Case.number).where(Case.id.in_(_cases_of(session, people)), Case.closed_on.is_(None))
    still_open: dict[UUID, str | None] = {id: number for id, number in session.execute(query.where(~Case.archived))}
    stopped = stopped_in(session, still_open.keys())
    for named in sorted(number or "" for id, number in still_open.items() if id not in stopped):
        yield Problem("", OPEN_CASE, {"number": named})
    order = ProtectiveOrder
    theirs = or_(order.victim_id.in_(people), order.offender_id.in_(people))
    standing = select(order.number, order.valid_to).where(
        theirs, order.served_at.is_not(None), order.valid_to > clock.now(), order.cancelled_at.is_(None)
    )
    for number, valid_to in session.execute(standing.where(~order.archived)):
        yield Problem("", IN_FORCE, {"number": number or "", "moment": show_moment(valid_to) if valid_to else ""})


def kept(number: str, until: date) -> Problem:
    """A confirmed term that is not over."""
    return Problem("", KEPT, {"number": number, "day": show_day(until)})


def numbers(session: Session, cases: Iterable[str]) -> list[str]:
    """The numbers of these cases."""
    return sorted(filter(None, session.scalars(select(Case.number).where(Case.id.in_([UUID(id) for id in cases])))))


def _cases_of(session: Session, people: list[UUID]) -> set[UUID | None]:
    """Cases of which one of them is the client, those of her families, and those with a record that names her."""
    families = select(FamilyMember.family_id).where(FamilyMember.person_id.in_(people))
    own = select(Case.id).where(or_(Case.client_id.in_(people), Case.family_id.in_(families)))
    found: set[UUID | None] = set(session.scalars(own))
    for sheet in SHEETS:
        named = [getattr(sheet, field.name).in_(people) for field in references(sheet, PERSON)]
        if named and sheet.stream.path == "case_id":
            column: Any = getattr(sheet, "case_id")  # noqa: B009
            found.update(session.scalars(select(column).where(or_(*named))))
    return found


# Where no reference leads


def named_in(session: Session, reach: Reach, text: str, *, closely: bool = False) -> bool:
    """Whether a text tells who she is: by surname (`closely`: and given name), IIN or telephone, however spelled."""
    told, digits = spelled(text), "".join(filter(str.isdigit, text))
    people = _people(session, reach)
    return any(number in digits for number in _digits(session, people)) or any(
        _says(told, one.surname) and (not closely or _says(told, one.given)) for one in people
    )


def _says(told: list[str], name: str | None) -> bool:
    """Whether every part of a name begins a word; a short one must be the word, or it would stand in many."""
    parts = spelled(name or "")
    return bool(parts) and all(
        any(word == part or (len(part) >= STEM and word.startswith(part)) for word in told) for part in parts
    )


def mentions(session: Session, reach: Reach) -> Iterator[tuple[str, UUID]]:
    """Texts that stay and hold her full name, her IIN or her telephone as it was written."""
    found = erasure.mentions(session.connection(), reach, words(session, reach))
    return ((sheet, UUID(id)) for sheet, id in found)


def words(session: Session, reach: Reach) -> list[str]:
    """By what a text tells who she is: full name, IIN, telephones, as they are written on her card."""
    people = _people(session, reach)
    told = {one.iin for one in people} | {f"{one.surname} {one.given}" for one in people}
    return sorted(filter(None, told | {phone.number for phone in _phones(session, people)}))


def drafts_naming(office: Office, session: Session, reach: Reach) -> tuple[list[dict[str, str]], int]:
    """The keys of unsaved forms of whoever is at the desk that speak of her; and how many of colleagues are sealed."""
    gone = {UUID(id) for ids in reach.going.values() for id in ids}
    mine = [
        {"owner": office.me.hex, "sheet": draft.sheet, "record": ""}
        for draft in office.drafts.all()
        if draft.record is None
        and (gone & _ids(draft.values) or named_in(session, reach, " ".join(_texts(draft.values)), closely=True))
    ]
    sealed = select(DRAFT.c.owner).where(DRAFT.c.owner != office.me.hex, DRAFT.c.record == "")
    return mine, len(session.execute(sealed).all())


def family_names(session: Session, reach: Reach) -> dict[str, str]:
    """New names for families that stay and bear her surname alone: the surname of somebody who stays, or none."""
    renamed = {}
    surnames = {fold(one.surname or "") for one in _people(session, reach)} - {""}
    for family in _families(session, reach):
        kin = (
            select(Person.surname, Person.id)
            .join(FamilyMember, FamilyMember.person_id == Person.id)
            .where(FamilyMember.family_id == family)
        )
        left = [surname or "" for surname, id in session.execute(kin) if id.hex not in reach.going[PERSON]]
        name = session.scalar(select(Family.name).where(Family.id == family)) or ""
        for stem in {surname[: max(STEM, len(surname) - 2)] for surname in surnames}:
            if stem in fold(name) and not any(fold(surname).startswith(stem) for surname in left):
                renamed[family.hex] = next(filter(None, left), "—")
    return renamed


def _families(session: Session, reach: Reach) -> set[UUID]:
    members = [UUID(id) for id in reach.going["family_member"]]
    found = session.scalars(select(FamilyMember.family_id).where(FamilyMember.id.in_(members)))
    return {family for family in found if family and family.hex not in reach.going[FAMILY]}


def _people(session: Session, reach: Reach) -> list[Person]:
    return list(session.scalars(select(Person).where(Person.id.in_([UUID(id) for id in reach.going[PERSON]]))))


def _phones(session: Session, people: list[Person]) -> Iterable[PersonPhone]:
    return session.scalars(select(PersonPhone).where(PersonPhone.person_id.in_([one.id for one in people])))


def _digits(session: Session, people: list[Person]) -> Iterator[str]:
    """Her numbers as they would stand in any text: the last ten digits of a telephone."""
    yield from (one.iin for one in people if one.iin)
    yield from (phone.number[-10:] for phone in _phones(session, people) if phone.number and len(phone.number) >= 10)


def _ids(values: Any) -> set[UUID]:
    return {value for value in values.values() if isinstance(value, UUID)}


def _texts(values: Any) -> Iterator[str]:
    return (value for value in values.values() if isinstance(value, str))
