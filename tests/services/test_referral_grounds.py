"""What may leave with a referral, and on what ground: nothing else does, and nothing without one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from neighbours import CONTACT, IIN, NOW, SITUATION, SURNAME, consented, referral, save

from familydesk.core import clock
from familydesk.core.errors import Refused
from familydesk.core.fields import Kind, Secrecy
from familydesk.core.vocabulary import DestinationKind, LegalException
from familydesk.records import sheet_of
from familydesk.records.consent import DataKind, ThirdParty
from familydesk.records.staff_member import Role
from familydesk.services import chosen_fields, grounds, referring, withdrawals
from familydesk.services.account import NOT_FOR_HER
from familydesk.services.chosen_fields import offered
from familydesk.services.office import Office
from familydesk.services.saving import UNSEEN

sys.path.append(str(Path(__file__).parents[1] / "house"))
from samples import values as sampled


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.stopped(NOW):
        yield


def refusal(office: Office, id: UUID, *fields: str, reason: str = "") -> list[str]:
    with pytest.raises(Refused) as refused:
        office.referring.plan(id, fields, reason)
    return [problem.text for problem in refused.value.problems]


def consent_of(office: Office, id: UUID) -> UUID:
    found: UUID = office.desk.get("referral", id).values()["consent_id"]
    return found


def with_consent(office: Office, **values: Any) -> UUID:
    """A referral whose consent is another than usual."""
    id = referral(office)
    save(office, "consent", consent_of(office, id), **values)
    return id


def held(office: Office, id: UUID, *fields: str, reason: str = "") -> dict[str, dict[str, str]]:
    records = office.referring.plan(id, fields, reason).passage.records
    return {sheet: dict(pairs) for sheet, pairs in records}


# The ground


def test_a_consent_in_force_that_names_other_centers_is_a_ground(office: Office) -> None:
    ground = office.referring.plan(referral(office)).ground
    assert (ground.exception, ground.day) == ("", "2026-03-02")


@pytest.mark.parametrize(
    "values",
    [
        {"withdrawn_on": NOW.date()},
        {"given_on": NOW.date() - timedelta(days=9), "term": NOW.date() - timedelta(days=1)},
        {"given_on": NOW.date() + timedelta(days=1)},
    ],
)
def test_a_consent_that_is_not_in_force_is_none(office: Office, values: dict[str, Any]) -> None:
    assert refusal(office, with_consent(office, **values)) == [grounds.NOT_IN_FORCE]


def test_a_consent_that_was_put_away_is_none(office: Office) -> None:
    id = referral(office)
    office.desk.archive("consent", consent_of(office, id))
    assert refusal(office, id) == [grounds.NOT_IN_FORCE]


def test_a_consent_for_the_police_is_none_for_a_center(office: Office) -> None:
    id = with_consent(office, third_parties=(ThirdParty.POLICE, ThirdParty.NGO))
    assert refusal(office, id) == [grounds.NOT_TO_CENTERS]
    save(office, "referral", id, destination_kind=DestinationKind.NGO)
    assert office.referring.plan(id).ground.day


def test_somebody_elses_consent_is_none(office: Office) -> None:
    id = referral(office)
    other = save(office, "person", surname="Саматова", given="Сәуле", iin_absence="NOT_RECORDED")
    save(office, "referral", id, consent_id=save(office, "consent", person_id=other, **consented()))
    assert refusal(office, id) == [grounds.OF_SOMEBODY_ELSE]


def test_what_a_consent_does_not_cover_stays_here(office: Office) -> None:
    id = with_consent(office, collected=(DataKind.NAMES, DataKind.CONTACTS))
    assert office.referring.plan(id, ["person_phone.number"])
    assert refusal(office, id, "person.iin", "case.situation") == [grounds.NOT_COVERED]


def test_an_exception_with_its_words_is_a_ground_and_is_named(office: Office) -> None:
    id = referral(office, consent_id=None, exception="THREAT_TO_LIFE", grounds="Өміріне қауіп бар")
    ground = office.referring.plan(id, ["person.iin", "case.situation"]).ground
    assert (ground.exception, ground.words) == ("THREAT_TO_LIFE", "Өміріне қауіп бар")
    assert grounds.told(ground) == "Threat to life or health: Өміріне қауіп бар"


@pytest.mark.parametrize("exception", [one for one in LegalException if one is not LegalException.OTHER_LAW])
def test_an_exception_without_its_words_is_none(office: Office, exception: LegalException) -> None:
    id = referral(office, consent_id=None, exception=exception)
    assert refusal(office, id) == [grounds.WITHOUT_WORDS]


def test_statistics_names_nobody(office: Office) -> None:
    id = referral(office, consent_id=None, exception="STATISTICS", grounds="Есеп үшін")
    assert refusal(office, id) == [grounds.WITHOUT_WORDS]


def test_a_case_whose_client_has_withdrawn_passes_on_nothing_about_her_child_either(office: Office) -> None:
    id = referral(office)
    about = office.desk.get("referral", id).values()
    child = save(office, "person", surname=SURNAME, given="Бала", iin_absence="NOT_RECORDED")
    consent = save(office, "consent", person_id=child, case_id=about["case_id"], **consented())
    save(office, "referral", id, person_id=child, consent_id=consent)
    assert office.referring.plan(id).ground.day
    save(office, "consent", about["consent_id"], withdrawn_on=NOW.date())
    assert refusal(office, id) == [withdrawals.STOPPED]


def test_a_withdrawn_consent_leaves_the_legal_exception(office: Office) -> None:
    id = with_consent(office, withdrawn_on=NOW.date())
    save(office, "referral", id, exception="COURT_OR_POLICE", grounds="Сот сұрауы")
    assert office.referring.plan(id).ground.exception == "COURT_OR_POLICE"


# The fields


def test_the_least_that_helps_goes_by_itself(office: Office) -> None:
    found = held(office, referral(office))
    assert set(found) == {"person", "referral"}
    assert set(found["person"]) == {"surname", "given", "born_on"}
    assert not {"iin", "contact_care"} & set(found["person"])


def test_chosen_fields_go_and_no_others(office: Office) -> None:
    found = held(office, referral(office), "person.iin", "case.danger")
    assert found["person"] == {"surname": f'"{SURNAME}"', "given": '"Мөлдірай"', "iin": f'"{IIN}"'}
    assert found["case"] == {"danger": '"HIGH"'}
    assert set(found["referral"]) == {"request"}
    assert SITUATION not in str(found)


def test_where_she_is_leaves_only_by_name_and_with_a_reason(office: Office) -> None:
    id = referral(office)
    assert refusal(office, id, "person.contact_care") == [chosen_fields.NEEDS_REASON]
    assert CONTACT in held(office, id, "person.contact_care", reason="Түнде барады")["person"]["contact_care"]
    assert CONTACT not in str(held(office, id, reason="Түнде барады"))


def test_what_is_sealed_for_its_writer_is_not_even_offered() -> None:
    assert all(known.secrecy < Secrecy.PRIVILEGED for known in offered().values())
    assert all(known.kind is not Kind.REFERENCE for known in offered().values())


@pytest.mark.parametrize("name", ["person.id", "person.kk", "case.number", "consultation.notes", "", "person", "x.y.z"])
def test_what_is_not_offered_cannot_be_chosen(office: Office, name: str) -> None:
    assert refusal(office, referral(office), name) == [chosen_fields.NO_SUCH]


def test_only_a_number_that_is_safe_to_call_goes_along(office: Office) -> None:
    id = referral(office)
    [phone] = [dict(pairs) for sheet, pairs in _records(office, id, "person_phone.number") if sheet == "person_phone"]
    assert phone == {"number": '"+77010000001"', "safe_to_call": '"YES"'}


def _records(office: Office, id: UUID, *fields: str) -> Any:
    return office.referring.plan(id, fields).passage.records


def test_a_case_tells_of_its_client_alone(office: Office) -> None:
    id = referral(office)
    child = save(office, "person", surname=SURNAME, given="Бала", iin_absence="NOT_RECORDED")
    case = office.desk.get("referral", id).values()["case_id"]
    consent = save(office, "consent", person_id=child, case_id=case, **consented())
    save(office, "referral", id, person_id=child, consent_id=consent)
    assert held(office, id)["person"]["given"] == '"Бала"'
    assert refusal(office, id, "case.situation") == [chosen_fields.NOT_HER_CASE]


def test_every_field_that_is_offered_arrives_as_it_was(office: Office) -> None:
    id = referral(office)
    about = office.desk.get("referral", id).values()
    for sheet, of in (("person", about["person_id"]), ("case", about["case_id"]), ("referral", id)):
        wanted = {name.partition(".")[2] for name in offered() if name.startswith(f"{sheet}.")}
        given = {name: value for name, value in sampled(office, sheet).items() if name in wanted}
        save(office, sheet, of, **given)
    plan = office.referring.plan(id, list(offered()), "Түнде барады")
    assert set(plan.passage.names) >= set(offered()) - {"person_phone.number"}
    for one in chosen_fields.read(plan.passage.records):
        assert not one.unknown
        if one.sheet != "person_phone":
            of = {"person": about["person_id"], "case": about["case_id"], "referral": id}[one.sheet]
            stands = office.desk.get(one.sheet, of).values()
            assert all(stands[name] == value for name, value in one.values.items())


NO_VALUES = ("", "{}", "[1]", "2", "null", '"ЖОҚ"', "1e999", '"2026-99-99"', "[[" * 5000, "NaN", '["ЖОҚ"]')


@pytest.mark.parametrize("text", NO_VALUES)
def test_what_is_no_value_of_its_field_is_kept_as_it_was_written(text: str) -> None:
    """Another center's program wrote it: nothing of it is believed."""
    for name, known in offered().items():
        if not (text.startswith('"') and known.kind in (Kind.LINE, Kind.NOTE, Kind.PHONE, Kind.IIN)):
            [one] = chosen_fields.read([(name.partition(".")[0], ((known.name, text),))])
            assert (dict(one.values), one.unknown) == ({}, ((known.name, text),)), name


@pytest.mark.parametrize("sheet", ["person", "staff_member", "center", "nothing", "consultation", ""])
def test_a_sheet_or_field_that_is_not_passed_on_is_text_and_nothing_else(sheet: str) -> None:
    [one] = chosen_fields.read([(sheet, (("login", '"head"'), ("archived", "1")))])
    assert (dict(one.values), len(one.unknown)) == ({}, 2)
    assert [label for label, _value in one.shown()] == ["login", "archived"]


# Who sends


def _now_as(office: Office, role: Role) -> UUID:
    """Somebody else sits down."""
    me = office.desk.save("staff_member", {"surname": "Бекова", "given": "Бота", "role": role}).id
    office.database.actor = me
    return me


def test_whoever_may_give_nothing_out_sends_nothing(office: Office) -> None:
    id = referral(office)
    _now_as(office, Role.MEDIATOR)
    assert refusal(office, id) == [NOT_FOR_HER]
    with pytest.raises(Refused):
        office.referring.arrived()


def test_whoever_does_not_see_a_field_cannot_send_it(office: Office) -> None:
    id = referral(office)
    responsible = save(office, "staff_member", surname="Саматова", given="Сәуле", role="SOCIAL_WORKER")
    save(office, "case", office.desk.get("referral", id).values()["case_id"], responsible_id=responsible)
    _now_as(office, Role.LAWYER)
    assert refusal(office, id, "person.contact_care", reason="Түнде барады") == [UNSEEN]


def test_whoever_serves_the_offender_does_not_send_the_victims(office: Office) -> None:
    id = referral(office)
    victim = office.desk.get("referral", id).values()["person_id"]
    offender = save(office, "person", surname="Серіков", given="Асан", iin_absence="NOT_RECORDED")
    case = save(office, "case", client_id=victim, opened_on=clock.today())
    what = {**sampled(office, "incident"), "case_id": case, "victim_id": victim, "offender_id": offender}
    save(office, "incident", **{**what, "happened_at": clock.now(), "learned_at": clock.now()})
    assert office.referring.plan(id)
    save(office, "case", client_id=offender, opened_on=clock.today(), responsible_id=office.me)
    assert refusal(office, id) == [referring.SERVES_OTHER]


def test_the_sheets_that_are_passed_on_are_of_one_person(office: Office) -> None:
    assert {name.partition(".")[0] for name in offered()} == {"person", "person_phone", "case", "referral"}
    assert all(sheet_of(name.partition(".")[0]).field(known.name) for name, known in offered().items())
