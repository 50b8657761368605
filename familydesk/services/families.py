"""A family on one page: a fixed number of queries, whatever the family went through."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from familydesk.core import clock
from familydesk.core.errors import Refused
from familydesk.core.i18n import N_
from familydesk.core.record import Record
from familydesk.law.ages import age_on
from familydesk.law.phone import mask
from familydesk.records.application import Application
from familydesk.records.appointment import Appointment, Kept
from familydesk.records.case import Case
from familydesk.records.consent import Consent
from familydesk.records.errand import Errand
from familydesk.records.family import Family
from familydesk.records.family_member import FamilyMember, FamilyRole
from familydesk.records.incident import Incident
from familydesk.records.kinship import Kinship
from familydesk.records.person import Person
from familydesk.records.person_address import PersonAddress
from familydesk.records.person_phone import PersonPhone, SafeToCall
from familydesk.records.protective_order import ProtectiveOrder
from familydesk.records.referral import Referral
from familydesk.services.family_page import Contact, FamilyPage, FamilyRow, Member
from familydesk.services.family_tree import unions
from familydesk.services.timeline import events
from familydesk.services.withdrawals import stops

if TYPE_CHECKING:
    from familydesk.services.office import Office

R = TypeVar("R", bound=Record)


class Families:
    """Families, each on one page, and in lists."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def family_page(self, id: UUID, case_id: UUID | None = None) -> FamilyPage:
        """The page of a family, or of the family of a case, by either's id. Refused if there is neither.

        The case in the foreground is `case_id`, or the case asked for, or the newest that is open.
        """
        today = clock.today()
        with self._office.database.read() as session:
            household = _household(session, id)
            page = self._page(session, household, case_id or id, today)
            session.expunge_all()
        sheet, seen = ("family", page.family.id) if page.family else ("case", id)
        self._office.journal.viewed(sheet, seen, page.case.id if page.case else None)
        return page

    def found(self, case_id: UUID, person_id: UUID, name: str) -> UUID:
        """A family called `name` with this person as its client and the case in it: all three or nothing."""
        desk = self._office.desk
        with self._office.database.write() as session:
            family = desk.save_in(session, "family", {"name": name, "registered_on": clock.today()}).id
            place = {"family_id": family, "person_id": person_id, "relation": FamilyRole.CLIENT}
            desk.save_in(session, "family_member", place)
            desk.save_in(session, "case", {"family_id": family}, case_id)
        return family

    def number_of(self, phone_id: UUID) -> str:
        """A telephone number in full, for whoever has read its conditions."""
        return str(self._office.desk.get("person_phone", phone_id).values()["number"])

    def rows(self, ids: Iterable[UUID]) -> dict[UUID, FamilyRow]:
        """Families for a list, by id: four queries for any number of them."""
        wanted = list(ids)
        count = select(FamilyMember.family_id, func.count()).where(
            FamilyMember.family_id.in_(wanted), ~FamilyMember.archived
        )
        with self._office.database.read() as session:
            families = list(session.scalars(select(Family).where(Family.id.in_(wanted))))
            people = {family: n for family, n in session.execute(count.group_by(FamilyMember.family_id)) if family}
            cases = {case.family_id: case for case in _listed(session, Case, Case.family_id.in_(wanted))}
            session.expunge_all()
        staff = {case.responsible_id for case in cases.values() if case.responsible_id}
        names = self._office.desk.names("staff_member", staff)
        return {one.id: _row(one, people.get(one.id, 0), cases.get(one.id), names) for one in families}

    def _page(self, session: Session, household: _Household, wanted: UUID, today: date) -> FamilyPage:
        cases = household.cases
        ids = [case.id for case in cases]
        case = _foreground(cases, wanted)
        people = list(household.people)
        orders = tuple(self._office.orders.standing(_listed_ids(session, ProtectiveOrder, ids)).values())
        referrals = _listed(session, Referral, Referral.case_id.in_(ids))
        consents = tuple(_listed(session, Consent, _theirs(Consent, ids, people)))
        return FamilyPage(
            family=household.family,
            case=case,
            cases=tuple(cases),
            responsible=self._office.desk.name_of("staff_member", case.responsible_id) if case else "",
            members=_members(household, _sides(session, ids), today),
            unions=unions(household.members, _kinships(session, people)),
            contacts=tuple(map(_contact, _listed(session, PersonPhone, PersonPhone.person_id.in_(people)))),
            dues=tuple(self._office.deadlines.of(ids, household.loose)),
            events=events(session, cases, people, orders),
            orders=orders,
            referrals=tuple(referrals),
            destinations=self._destinations(referrals),
            consents=consents,
            errands=tuple(_listed(session, Errand, Errand.case_id.in_(ids), Errand.done_on.is_(None))),
            appointments=tuple(_coming(session, ids, people)),
            address_hidden=_hidden(session, people),
            contacts_hidden=bool(self._office.account.beyond(session).people.intersection(people)),
            processing_stopped=bool(case and stops(consents, case, today)),
            restricted=bool(case and self._office.restricted.opens(case.id)),
        )

    def _destinations(self, referrals: list[Referral]) -> dict[UUID, str]:
        return self._office.desk.names(
            "organisation", {one.organisation_id for one in referrals if one.organisation_id}
        )


@dataclass(frozen=True, slots=True)
class _Household:
    """The people of a page, the client first, their cases, and applications of theirs that stand outside any case."""

    family: Family | None
    members: list[FamilyMember]
    people: dict[UUID, Person]
    cases: list[Case]
    loose: frozenset[UUID]


def _household(session: Session, id: UUID) -> _Household:
    family, case = session.get(Family, id), None
    if family is None:
        case = session.get(Case, id)
        if case is None:
            raise Refused(N_("There is no such record."))
        family = session.get(Family, case.family_id) if case.family_id else None
    members = _listed(session, FamilyMember, FamilyMember.family_id == family.id) if family else []
    clients = [case.client_id] if case and case.client_id else []
    ids = list(dict.fromkeys([*(one.person_id for one in members if one.person_id), *clients]))
    found = {person.id: person for person in session.scalars(select(Person).where(Person.id.in_(ids)))}
    cases = _listed(session, Case, Case.family_id == family.id) if family else [case] if case else []
    return _Household(family, members, {one: found[one] for one in ids if one in found}, cases, _loose(session, ids))


def _loose(session: Session, people: list[UUID]) -> frozenset[UUID]:
    query = select(Application.id).where(Application.person_id.in_(people), Application.case_id.is_(None))
    return frozenset(session.scalars(query.where(~Application.archived)))


def _foreground(cases: list[Case], wanted: UUID) -> Case | None:
    """The case asked for, else the newest open one, else the newest."""
    asked = [case for case in cases if case.id == wanted]
    still_open = [case for case in cases if not case.closed_on]
    return next(iter(asked or still_open[::-1] or cases[::-1]), None)


def _members(household: _Household, sides: tuple[set[UUID], set[UUID]], today: date) -> tuple[Member, ...]:
    places = {one.person_id: one for one in household.members}
    victims, offenders = sides
    return tuple(
        Member(
            person_id=person.id,
            member_id=place.id if place else None,
            name=person.title_text(),
            given=person.given or "",
            sex=person.sex,
            born_on=person.born_on,
            age=age_on(person.born_on, today) if person.born_on and person.born_on <= today else None,
            place=place.relation if place else None,
            lives_together=place.lives_together if place else None,
            victim=person.id in victims,
            offender=person.id in offenders or bool(place and place.offender),
        )
        for person in household.people.values()
        for place in [places.get(person.id)]
    )


def _sides(session: Session, cases: list[UUID]) -> tuple[set[UUID], set[UUID]]:
    """Victims and offenders of the incidents in these cases."""
    rows = _listed(session, Incident, Incident.case_id.in_(cases))
    return {row.victim_id for row in rows if row.victim_id}, {row.offender_id for row in rows if row.offender_id}


def _kinships(session: Session, people: list[UUID]) -> list[Kinship]:
    return _listed(session, Kinship, or_(Kinship.person_id.in_(people), Kinship.relative_id.in_(people)))


def _contact(phone: PersonPhone) -> Contact:
    assert phone.person_id
    safe = phone.safe_to_call if isinstance(phone.safe_to_call, SafeToCall) else SafeToCall.UNKNOWN
    told = (phone.safe_hours or "", phone.introduce_as or "", phone.who_may_answer or "")
    return Contact(phone.id, phone.person_id, mask(phone.number or ""), safe, *told, bool(phone.covered))


def _coming(session: Session, cases: list[UUID], people: list[UUID]) -> list[Appointment]:
    table = Appointment
    planned = or_(table.kept.is_(None), table.kept == Kept.PLANNED)
    return _listed(session, table, _theirs(table, cases, people), table.starts_at >= clock.now(), planned)


def _hidden(session: Session, people: list[UUID]) -> bool:
    query = select(func.count()).where(PersonAddress.person_id.in_(people), PersonAddress.kept_secret.is_(True))
    return bool(session.scalar(query.where(~PersonAddress.archived)))


def _theirs(table: Any, cases: list[UUID], people: list[UUID]) -> Any:
    return or_(table.case_id.in_(cases), table.case_id.is_(None) & table.person_id.in_(people))


def _listed(session: Session, sheet: type[R], *conditions: Any) -> list[R]:
    """Records in the order in which they were made."""
    return list(session.scalars(select(sheet).where(*conditions, ~sheet.archived).order_by(sheet.id)))


def _listed_ids(session: Session, sheet: Any, cases: list[UUID]) -> list[UUID]:
    return list(session.scalars(select(sheet.id).where(sheet.case_id.in_(cases), ~sheet.archived)))


def _row(family: Family, people: int, case: Case | None, names: dict[UUID, str]) -> FamilyRow:
    if case is None:
        return FamilyRow(family.id, family.name or "", people, None, "", None, None, "")
    responsible = names.get(case.responsible_id, "") if case.responsible_id else ""
    return FamilyRow(
        family.id, family.name or "", people, case.id, case.number or "", case.stage, case.danger, responsible
    )
