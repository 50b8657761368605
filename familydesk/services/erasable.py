"""What stands against erasing a person, and what of hers lies where no reference leads: drafts and families' names."""

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
from familydesk.core.i18n import N_
from familydesk.core.record import references
from familydesk.core.show import show_day, show_moment
from familydesk.records import SHEETS
from familydesk.records.case import Case
from familydesk.records.family import Family
from familydesk.records.family_member import FamilyMember
from familydesk.records.person import Person
from familydesk.records.protective_order import ProtectiveOrder
from familydesk.services.telltale import STEM, Telltale, texts_in
from familydesk.services.withdrawals import stopped_in
from familydesk.store.reach import FAMILY, PERSON, Reach
from familydesk.store.tables import DRAFT

if TYPE_CHECKING:
    from familydesk.services.drafts import Draft
    from familydesk.services.office import Office

OPEN_CASE = N_("Case {number} is open and speaks of this person. Close it first; then her data can be erased.")
IN_FORCE = N_("Protective order {number} is in force until {moment}. Until then nothing about its people is erased.")
KEPT = N_("The center has confirmed that file {number} is kept until {day}. It is destroyed by an act after that day.")


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


def drafts_naming(office: Office, reach: Reach, known: Telltale) -> tuple[list[dict[str, str]], int]:
    """The keys of unsaved forms of whoever is at the desk that speak of her; and how many of colleagues are sealed."""
    gone = {UUID(id) for ids in reach.going.values() for id in ids}
    mine = [
        {"owner": office.me.hex, "sheet": draft.sheet, "record": draft.record.hex if draft.record else ""}
        for draft in office.drafts.typed()
        if gone & {value for value in draft.values.values() if isinstance(value, UUID)} or _speaks(draft, known)
    ]
    return mine, _sealed_drafts(office, gone)


def _speaks(draft: Draft, known: Telltale) -> bool:
    """A form in which a name is filled in says whom it is about; a namesake's stays."""
    text = " ".join(texts_in(draft.values.values()))
    return known.closely(text) if draft.values.get("surname") else known.likely(text)


def _sealed_drafts(office: Office, gone: set[UUID]) -> int:
    """Forms of colleagues, but for those of records that go: they go with them."""
    with office.database.read(whole=True) as session:
        records = session.scalars(select(DRAFT.c.record).where(DRAFT.c.owner != office.me.hex))
        return sum(not record or UUID(record) not in gone for record in records)


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
