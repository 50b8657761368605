"""One invented family with everything that a page can show, saved through the desk as a worker would."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from familydesk.core import clock
from familydesk.core.settings import Settings
from familydesk.services.office import Office
from familydesk.store.database import Database
from familydesk.store.privileged import Privileged

KEY = bytes(range(32))
HEAD = UUID("01900000-0000-7000-8000-000000000001")
"""Key and head of the small center's store."""


def opened(path: Path) -> Office:
    """The head at the desk of the store at `path`."""
    database = Database.open(path, KEY)
    database.actor = HEAD
    database.privileged = Privileged(HEAD, {HEAD: KEY})
    return Office(database, path.parent, Settings(path.parent / "settings.json"))


@dataclass(frozen=True)
class Ids:
    """Where to find what was saved."""

    family: UUID
    case: UUID
    mother: UUID
    father: UUID
    daughter: UUID
    order: UUID
    lone_case: UUID
    colleague: UUID


class Furnishing:
    """Saves records by choice NAMES, so that a fixture reads like a file card."""

    def __init__(self, office: Office) -> None:
        self.desk = office.desk

    def put(self, sheet: str, **values: Any) -> UUID:
        """Save one record; texts stand for members of vocabularies."""
        from familydesk.records import sheet_of

        kind = sheet_of(sheet)
        for name, value in values.items():
            choices = kind.field(name).choices
            if choices and isinstance(value, str):
                values[name] = choices[value]
            elif choices and isinstance(value, tuple):
                values[name] = tuple(choices[one] for one in value)
        return self.desk.save(sheet, values).id

    def person(self, surname: str, given: str, born: int, sex: str, **more: Any) -> UUID:
        """A person without an IIN."""
        born_on = date(born, 3, 14)
        return self.put(
            "person", surname=surname, given=given, born_on=born_on, sex=sex, iin_absence="NO_DOCUMENT", **more
        )


def furnish(office: Office) -> Ids:
    """A family of four, their case, and a second case of somebody who stands alone."""
    make = Furnishing(office)
    now = clock.now()
    ago = lambda **span: now - timedelta(**span)  # noqa: E731 - read as words below
    staff = make.put("staff_member", surname="Сериков", given="Бауыржан", role="PSYCHOLOGIST")
    mother = make.person("Жұмабаева", "Мөлдір", 1990, "FEMALE", patronymic="Ерланқызы")
    father = make.person("Жұмабаев", "Серік", 1985, "MALE")
    daughter = make.person("Жұмабаева", "Айша", 2015, "FEMALE")
    son = make.person("Жұмабаев", "Әли", 2020, "MALE")
    family = make.put("family", name="Жұмабаевтар", kind="FULL", registered_on=ago(days=80).date())
    for person, relation, together in (
        (mother, "CLIENT", True),
        (father, "SPOUSE", False),
        (daughter, "CHILD", True),
        (son, "CHILD", True),
    ):
        make.put("family_member", family_id=family, person_id=person, relation=relation, lives_together=together)
    make.put("kinship", person_id=mother, kind="FORMER_SPOUSE", relative_id=father)
    for parent in (mother, father):
        for child in (daughter, son):
            make.put("kinship", person_id=parent, kind="PARENT", relative_id=child)
    for number, safe, hours, name in (
        ("+77011234542", "WITH_CARE", "10:00-16:00", "анасының досы"),
        ("+77162551515", "NO", "", ""),
        ("+77770001122", "YES", "", ""),
    ):
        make.put(
            "person_phone", person_id=mother, number=number, safe_to_call=safe, safe_hours=hours, introduce_as=name
        )
    case = make.put(
        "case",
        client_id=mother,
        family_id=family,
        opened_on=ago(days=21).date(),
        danger="HIGH",
        map_level="D",
        map_level_on=ago(days=19).date(),
        map_level_source="ЦКС",
        responsible_id=office.me,
    )
    _what_happened(make, office, case, mother, father)
    order = make.put(
        "protective_order",
        case_id=case,
        number="412",
        issued_at=ago(days=21, hours=3),
        issued_by="Полиция басқармасы",
        victim_id=mother,
        offender_id=father,
        served_at=ago(days=21),
        served_how="SIGNED",
    )
    make.put("order_check", order_id=order, checked_at=ago(days=7, hours=2), checked_by="учаскелік", finding="KEPT")
    lone, lone_case = _others(make, office, staff)
    make.put("possible_duplicate", person_id=mother, other_id=lone, why="NAME_AND_FACT")
    return Ids(family, case, mother, father, daughter, order, lone_case, staff)


def _what_happened(make: Furnishing, office: Office, case: UUID, mother: UUID, father: UUID) -> None:
    now = clock.now()
    make.put(
        "application",
        person_id=mother,
        case_id=case,
        received_at=now - timedelta(days=21, hours=5),
        channel="POLICE",
        reason="DOMESTIC_VIOLENCE",
        threat_to_life=True,
        taken_by_id=office.me,
    )
    for days, severity, children in ((95, "UNKNOWN", None), (62, "BEATING", 1), (21, "LIGHT", 2)):
        source = None if severity == "UNKNOWN" else "FORENSIC"
        make.put(
            "incident",
            case_id=case,
            victim_id=mother,
            offender_id=father,
            offender_relation="SPOUSE",
            happened_at=now - timedelta(days=days, hours=4),
            learned_at=now - timedelta(days=min(days, 21)),
            forms=("PHYSICAL", "PSYCHOLOGICAL"),
            severity=severity,
            severity_source=source,
            children_present=children,
            child_harmed=bool(children and children > 1),
        )
    for days in (19, 12, 5):
        held = now - timedelta(days=days)
        make.put(
            "consultation",
            case_id=case,
            person_id=mother,
            held_at=held,
            kind="PSYCHOLOGICAL",
            form="IN_PERSON",
            minutes=50,
            specialist_id=office.me,
        )
    given = (now - timedelta(days=20)).date()
    consent = make.put(
        "consent",
        case_id=case,
        person_id=mother,
        given_on=given,
        form="WRITTEN",
        collected=("NAMES", "CONTACTS"),
        third_parties=("HEALTH",),
        purpose="Көмек көрсету",
        cross_border=False,
        published=False,
        term=given + timedelta(days=365),
    )
    make.put(
        "referral",
        case_id=case,
        person_id=mother,
        destination_kind="HEALTH",
        request="Медициналық куәландыру",
        consent_id=consent,
        sent_on=(now - timedelta(days=12)).date(),
    )
    make.put("errand", case_id=case, what="Жеке жоспарды бекіту", who_id=office.me, due_on=now.date())
    for hour, kind, minutes in ((10, "PSYCHOLOGIST", 60), (11, "LAWYER", 45), (15, "SOCIAL_WORKER", 90)):
        starts = now.replace(hour=hour, minute=30)
        make.put(
            "appointment",
            case_id=case,
            person_id=mother,
            starts_at=starts,
            kind=kind,
            minutes=minutes,
            staff_id=office.me,
        )


def _others(make: Furnishing, office: Office, staff: UUID) -> tuple[UUID, UUID]:
    now = clock.now()
    lone = make.person("Джумабаева", "Молдир", 1990, "FEMALE")
    make.put("person_phone", person_id=lone, number="+77770001122", safe_to_call="UNKNOWN")
    case = make.put("case", client_id=lone, opened_on=(now - timedelta(days=9)).date(), responsible_id=staff)
    received = now - timedelta(days=9)
    make.put(
        "application",
        person_id=lone,
        case_id=case,
        received_at=received,
        channel="SELF",
        reason="ALIMONY",
        taken_by_id=staff,
    )
    make.put(
        "protective_order",
        case_id=case,
        number="415",
        issued_at=now - timedelta(days=1),
        issued_by="Полиция басқармасы",
        victim_id=lone,
    )
    near = now - timedelta(days=28, hours=5)
    make.put(
        "protective_order",
        case_id=case,
        number="398",
        issued_at=near,
        issued_by="Полиция басқармасы",
        victim_id=lone,
        served_at=near,
        served_how="REFUSED",
    )
    return lone, case
