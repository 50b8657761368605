from __future__ import annotations

from typing import Any

import pytest
from small_center import NOW, Center

from familydesk.core.errors import Refused
from familydesk.records import SHEETS
from familydesk.records.application import ApplicationReason, Channel
from familydesk.records.case import Danger
from familydesk.records.family_member import FamilyRole
from familydesk.records.incident import Offender, ViolenceForm
from familydesk.records.person import IinAbsence
from familydesk.records.person_address import AddressKind
from familydesk.services.intake import Conversation
from familydesk.services.office import Office

PERSON = {"surname": "Жұмабаева", "given": "Мөлдір", "iin_absence": IinAbsence.NO_DOCUMENT}
ASKED = {"channel": Channel.SELF, "reason": ApplicationReason.DOMESTIC_VIOLENCE}
HURT = {"happened_at": NOW, "forms": (ViolenceForm.PHYSICAL,), "offender_relation": Offender.SPOUSE}


def counts(office: Office) -> dict[str, int]:
    return {sheet.sheet(): office.desk.count(sheet.sheet()) for sheet in SHEETS}


def test_the_shortest_intake_is_a_person_and_her_application(office: Office, center: Center) -> None:
    taken = office.intake.take_in(Conversation(ASKED, person=PERSON))
    application: Any = office.desk.get("application", taken.application_id)
    assert application.person_id == taken.person_id
    assert application.number == taken.application_number != ""
    assert application.received_at == NOW
    assert (taken.case_id, taken.family_id, taken.incident_id) == (None, None, None)


def test_everything_is_saved_together(office: Office, center: Center) -> None:
    taken = office.intake.take_in(
        Conversation(
            {**ASKED, "threat_to_life": True},
            person=PERSON,
            phones=({"number": "8 701 123 45 42"}, {"number": "8 727 123 45 42"}),
            address={"kind": AddressKind.ACTUAL, "street": "Абай 1"},
            family={},
            case={"situation": "Қиын"},
            incident=HURT,
        )
    )
    case: Any = office.desk.get("case", taken.case_id)  # type: ignore[arg-type]
    assert (case.client_id, case.family_id, case.opened_on) == (taken.person_id, taken.family_id, NOW.date())
    assert case.danger is Danger.EXTREME
    assert case.number
    incident: Any = office.desk.get("incident", taken.incident_id)  # type: ignore[arg-type]
    assert (incident.victim_id, incident.case_id, incident.learned_at) == (taken.person_id, taken.case_id, NOW)
    assert office.desk.count("person_phone", {"person_id": taken.person_id}) == 2
    assert office.desk.count("person_address", {"person_id": taken.person_id}) == 1
    (member,) = office.desk.find("family_member", {"family_id": taken.family_id})
    assert member.values()["relation"] is FamilyRole.CLIENT
    assert office.families.family_page(taken.case_id).title == "Жұмабаева"  # type: ignore[arg-type]


def test_someone_known_keeps_her_record_and_her_family(office: Office, center: Center) -> None:
    first = office.intake.take_in(Conversation(ASKED, person=PERSON, case={}))
    again = office.intake.take_in(Conversation(ASKED, person_id=first.person_id, case={}))
    assert (again.person_id, again.family_id) == (first.person_id, first.family_id)
    assert again.case_id != first.case_id
    joined = office.intake.take_in(Conversation(ASKED, person_id=first.person_id, case_id=first.case_id))
    assert (joined.case_id, joined.family_id) == (first.case_id, first.family_id)
    assert office.desk.count("person", {"surname": "Жұмабаева"}) == 1


def test_what_stands_with_her_already_is_not_written_twice(office: Office, center: Center) -> None:
    phones = ({"number": "8 701 123 45 42"},)
    first = office.intake.take_in(Conversation(ASKED, person=PERSON, phones=phones))
    more = ({"number": "+7 (701) 123-45-42"}, {"number": "8 701 999 00 00"})
    told = Conversation(ASKED, person_id=first.person_id, person={"patronymic": "Серікқызы"}, phones=more)
    assert office.intake.take_in(told).person_id == first.person_id
    numbers = [one.values()["number"] for one in office.desk.find("person_phone", {"person_id": first.person_id})]
    assert numbers == ["+77011234542", "+77019990000"]
    assert office.desk.name_of("person", first.person_id) == "Жұмабаева Мөлдір Серікқызы"


def test_faults_are_named_by_their_place_and_nothing_is_saved(office: Office, center: Center) -> None:
    before = counts(office)
    told = Conversation(
        {"channel": Channel.SELF},
        person={"given": "Мөлдір"},
        phones=({"number": "8 701 123 45 42"},),
        case={},
        incident={},
    )
    with pytest.raises(Refused) as refused:
        office.intake.take_in(told)
    fields = {problem.field for problem in refused.value.problems}
    assert {"person.surname", "application.reason", "incident.forms"} <= fields
    assert not any(field.endswith("_id") for field in fields)
    assert counts(office) == before


def test_a_wrong_telephone_is_named_by_its_row(office: Office, center: Center) -> None:
    phones = ({"number": "8 701 123 45 42"}, {"number": "12"})
    with pytest.raises(Refused) as refused:
        office.intake.take_in(Conversation(ASKED, person=PERSON, phones=phones))
    assert [problem.field for problem in refused.value.problems] == ["phones.1.number"]


def test_an_incident_needs_a_case(office: Office, center: Center) -> None:
    with pytest.raises(Refused) as refused:
        office.intake.take_in(Conversation(ASKED, person=PERSON, incident=HURT))
    assert [problem.field for problem in refused.value.problems] == ["case"]


def test_a_warning_does_not_stop_an_intake(office: Office, center: Center) -> None:
    told = {**ASKED, "reason_text": "Ұрды", "result": "Ұрды"}
    taken = office.intake.take_in(Conversation(told, person=PERSON))
    assert [problem.field for problem in taken.warnings] == ["application.result"]


def test_a_harmed_child_starts_the_notices_at_once(office: Office, center: Center) -> None:
    hurt = {**HURT, "child_harmed": True}
    office.intake.take_in(Conversation(ASKED, person=PERSON, case={}, incident=hurt))
    kinds = {due.kind for due in office.deadlines.all()}
    assert {"GUARDIANSHIP_NOTICE", "POLICE_NOTICE", "PRIMARY_ASSESSMENT"} == kinds
