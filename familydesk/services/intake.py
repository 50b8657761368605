"""Intake: everything that a first conversation brings, saved in one transaction or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from familydesk.core import clock
from familydesk.core.errors import Problem, Refused
from familydesk.core.i18n import N_
from familydesk.law import phone as phones
from familydesk.records.case import Case, Danger
from familydesk.records.family_member import FamilyMember, FamilyRole
from familydesk.records.person_phone import PersonPhone
from familydesk.services import sides
from familydesk.services.saving import Saved

if TYPE_CHECKING:
    from familydesk.services.office import Office

Values = Mapping[str, Any]

FILLED_HERE = frozenset({"person_id", "client_id", "victim_id", "family_id", "case_id"})
"""References between the records of one intake: empty only because the record they lead to was refused itself."""


@dataclass(frozen=True)
class Conversation:
    """What was typed, by sheet. Whoever is in the directory already is named by `person_id`; values of `person` beside
    it are written over what her record holds.

    `family` and `case` are given where a case is to be opened (an empty mapping will do); a case that exists is named
    by `case_id`. `incident` holds the facts of violence, if there was any; it needs a case.
    """

    application: Values
    person: Values | None = None
    person_id: UUID | None = None
    phones: Sequence[Values] = ()
    address: Values | None = None
    family: Values | None = None
    case: Values | None = None
    case_id: UUID | None = None
    incident: Values | None = None


@dataclass(frozen=True, slots=True)
class TakenIn:
    """The records that an intake made or used, and warnings that may stand (`person.born_on`, `phones.0.number`)."""

    person_id: UUID
    application_id: UUID
    application_number: str
    case_id: UUID | None = None
    family_id: UUID | None = None
    incident_id: UUID | None = None
    warnings: tuple[Problem, ...] = field(default=())


class Intake:
    """Takes a family in."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def take_in(self, told: Conversation) -> TakenIn:
        """Save all of it. Refused with fields named by their place (`person.surname`); nothing is then saved."""
        with self._office.database.write() as session:
            return self.take_in_with(session, told)

    def take_in_with(self, session: Session, told: Conversation) -> TakenIn:
        """The same inside a larger transaction."""
        return _Taking(self._office, session, told).run()


class _Taking:
    """One intake under way."""

    def __init__(self, office: Office, session: Session, told: Conversation) -> None:
        self._office = office
        self._session = session
        self._told = told
        self._warnings: list[Problem] = []
        self._faults: list[Problem] = []

    def run(self) -> TakenIn:
        told = self._told
        person = self._person()
        if person:
            self._telephones(person)
            if sides.other_side_is_here(self._session.connection(), person):
                self._warnings.append(Problem("person", sides.KNOWN, warning=True))
        if told.address and person:
            self._save("address", "person_address", {**told.address, "person_id": person})
        case, family = self._case(person)
        application = self._application(person, case)
        incident = self._incident(person, case)
        if self._faults or not (person and application):
            raise Refused(*self._faults)
        number = application.record.values()["number"] or ""
        return TakenIn(person, application.id, number, case, family, incident, tuple(self._warnings))

    def _person(self) -> UUID | None:
        if self._told.person_id and not self._told.person:
            return self._told.person_id
        saved = self._save("person", "person", self._told.person or {}, self._told.person_id)
        return saved.id if saved else None

    def _telephones(self, person: UUID) -> None:
        """The numbers that she gave, but for those that stand with her already."""
        query = select(PersonPhone.number).where(PersonPhone.person_id == person, ~PersonPhone.archived)
        known = set(self._session.scalars(query))
        for place, telephone in enumerate(self._told.phones):
            if _normalised(telephone.get("number")) not in known:
                self._save(f"phones.{place}", "person_phone", {**telephone, "person_id": person})

    def _case(self, person: UUID | None) -> tuple[UUID | None, UUID | None]:
        """The case to work in and its family: an old one, a new one, or none."""
        if self._told.case_id:
            case = self._session.get(Case, self._told.case_id)
            return self._told.case_id, case.family_id if case else None
        if self._told.case is None or person is None:
            return None, None
        family = self._family(person)
        values = {"opened_on": clock.today(), "responsible_id": self._me(), **self._told.case}
        if self._told.application.get("threat_to_life"):
            values.setdefault("danger", Danger.EXTREME)
        saved = self._save("case", "case", {**values, "client_id": person, "family_id": family})
        return (saved.id if saved else None), family

    def _family(self, person: UUID) -> UUID | None:
        """The family she belongs to, or a new one named after her with her as its client."""
        query = select(FamilyMember.family_id).where(FamilyMember.person_id == person, ~FamilyMember.archived)
        known = self._session.scalars(query.order_by(FamilyMember.id.desc())).first()
        if known:
            return known
        name = self._office.desk.get_in(self._session, "person", person).values()["surname"]
        values = {"name": name, "registered_on": clock.today(), **(self._told.family or {})}
        saved = self._save("family", "family", values)
        if saved:
            place = {"family_id": saved.id, "person_id": person, "relation": FamilyRole.CLIENT}
            self._save("family", "family_member", place)
        return saved.id if saved else None

    def _application(self, person: UUID | None, case: UUID | None) -> Saved | None:
        values = {"received_at": clock.now(), "taken_by_id": self._me(), **self._told.application}
        return self._save("application", "application", {**values, "person_id": person, "case_id": case})

    def _incident(self, person: UUID | None, case: UUID | None) -> UUID | None:
        if self._told.incident is None:
            return None
        if self._told.case is None and self._told.case_id is None:
            self._faults.append(Problem("case", N_("An incident is kept in a case: open one, or choose one.")))
        values = {"victim_id": person, "learned_at": clock.now(), **self._told.incident, "case_id": case}
        saved = self._save("incident", "incident", values)
        return saved.id if saved else None

    def _me(self) -> UUID | None:
        """Who is at the desk; nobody where the program itself is at work."""
        return self._office.me if self._office.me.int else None

    def _save(self, place: str, sheet: str, values: Values, id: UUID | None = None) -> Saved | None:
        """Save one of the records; its faults are collected, so that she sees all of them at once."""
        try:
            saved = self._office.desk.save_in(self._session, sheet, values, id)
        except Refused as refused:
            faults = (problem for problem in refused.problems if problem.field not in FILLED_HERE)
            self._faults += (replace(problem, field=f"{place}.{problem.field}") for problem in faults)
            return None
        self._warnings += (replace(problem, field=f"{place}.{problem.field}") for problem in saved.warnings)
        return saved


def _normalised(number: str | None) -> str:
    """The number as the store keeps it; one that cannot be read stays for its rule to refuse."""
    try:
        return phones.normalise(number or "")
    except phones.PhoneFault:
        return number or ""
