"""The other side of an incident, a colleague's case, a relative's case: every road to them that is closed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from small_center import NOW, Center
from two_sides import NUMBER, Sides

from familydesk.core.errors import Refused
from familydesk.core.i18n import translate
from familydesk.records.family_member import FamilyRole
from familydesk.records.person import Sex
from familydesk.records.staff_member import Role
from familydesk.services.intake import Conversation
from familydesk.services.sides import KNOWN, SERVES_OTHER


@pytest.fixture
def sides(center: Center) -> Sides:
    return Sides(center)


def test_who_serves_the_offender_does_not_find_the_victim_by_her_telephone(sides: Sides) -> None:
    def found() -> set[UUID]:
        with sides.seat(sides.hers):
            hits = sides.office.search.find("701 555 01 99")
            alike = sides.office.people.duplicates({"phones": [NUMBER]})
        return {hit.id for hit in hits} | {one.person.id for one in alike}

    assert sides.victim in found()
    sides.serve()
    assert not found() & {sides.victim, sides.case, sides.child}


@pytest.mark.parametrize("how", ["consultation", "appointment", "errand", "assessment"])
def test_who_works_in_the_offenders_case_serves_him_too(sides: Sides, how: str) -> None:
    case = sides.serve(responsible_id=sides.staff("Динара"))
    values: dict[str, dict[str, Any]] = {
        "consultation": {"specialist_id": sides.hers, "held_at": NOW, "kind": "LEGAL", "form": "PHONE"},
        "appointment": {"staff_id": sides.hers, "starts_at": NOW, "kind": "PSYCHOLOGIST"},
        "errand": {"who_id": sides.hers, "what": "Қоңырау", "due_on": NOW.date()},
        "assessment": {
            "done_by_id": sides.hers,
            "done_on": NOW.date(),
            "conclusion": "NOT_DIFFICULT",
        },
    }
    if how == "assessment":
        values[how]["application_id"] = sides.center.application(sides.offender, case_id=case)
    person = {"person_id": sides.offender} if how in ("consultation", "appointment") else {}
    sides.center.add(how, case_id=case, **person, **values[how])
    with sides.seat(sides.hers), pytest.raises(Refused, match="no such record"):
        sides.office.desk.get("person_phone", sides.phone)


def test_a_guessed_id_neither_shows_nor_changes_how_the_victim_is_reached(sides: Sides) -> None:
    sides.serve()
    with sides.seat(sides.hers):
        for sheet, id in (("person_phone", sides.phone), ("person_address", sides.address)):
            for attempt in (
                lambda sheet=sheet, id=id: sides.office.desk.get(sheet, id),
                lambda sheet=sheet, id=id: sides.office.desk.save(sheet, {"person_id": sides.offender}, id),
                lambda sheet=sheet, id=id: sides.office.desk.archive(sheet, id),
                lambda sheet=sheet, id=id: sides.office.history.of(sheet, id),
            ):
                with pytest.raises(Refused, match="no such record"):
                    attempt()
            assert sides.office.desk.find(sheet, {"id": id}) == []
        assert sides.office.desk.count("person_phone", {"number": NUMBER}) == 0
        incident = sides.office.desk.get("incident", sides.incident)
    assert incident.covered == {"place"}
    assert incident.values()["place"] is None


def test_the_page_says_that_it_is_hidden_and_not_that_nothing_is_known(sides: Sides) -> None:
    sides.serve()
    with sides.seat(sides.hers):
        page = sides.office.families.family_page(sides.family)
    assert page.contacts == ()
    assert page.contacts_hidden


def test_what_was_hidden_is_there_again_once_the_offender_has_another_worker(sides: Sides) -> None:
    case = sides.serve()
    sides.office.desk.save("case", {"responsible_id": sides.staff("Динара")}, case)
    with sides.seat(sides.hers):
        assert sides.office.desk.get("person_phone", sides.phone).values()["number"] == NUMBER


def test_even_the_head_does_not_see_where_the_victim_is_while_she_serves_the_offender(sides: Sides) -> None:
    sides.serve(responsible_id=sides.office.me)
    with pytest.raises(Refused, match="no such record"):
        sides.office.desk.get("person_address", sides.address)


# A colleague's case


@pytest.fixture
def address(sides: Sides) -> UUID:
    """A colleague's client's hidden place, far from any offender."""
    client = sides.center.person("Қасым", "Нұрила")
    sides.center.case(client)
    return sides.center.add("person_address", person_id=client, kind="SAFE_PLACE", street="Бөлек 5").id


def test_nobody_brings_a_hidden_record_into_her_own_case(sides: Sides, address: UUID) -> None:
    own = sides.center.person("Оразов", "Ерлан")
    sides.center.case(own, responsible_id=sides.hers)
    with sides.seat(sides.hers):
        assert sides.office.desk.get("person_address", address).values()["street"] is None
        with pytest.raises(Refused, match="open to you"):
            sides.office.desk.save("person_address", {"person_id": own}, address)


def test_nobody_brings_a_colleagues_client_into_the_family_of_her_own_case(sides: Sides, address: UUID) -> None:
    own = sides.center.add("family", name="Оразов", registered_on=NOW.date()).id
    sides.center.case(sides.center.person("Оразов", "Ерлан"), family_id=own, responsible_id=sides.hers)
    stranger = sides.office.desk.get("person_address", address).values()["person_id"]
    with sides.seat(sides.hers), pytest.raises(Refused, match="open to you"):
        sides.office.desk.save("family_member", {"family_id": own, "person_id": stranger, "relation": FamilyRole.CHILD})


def test_nobody_takes_a_colleagues_case_but_who_hands_cases_over(sides: Sides) -> None:
    with sides.seat(sides.hers), pytest.raises(Refused, match="open to you"):
        sides.office.desk.save("case", {"responsible_id": sides.hers}, sides.case)
    manager = sides.staff("Ахмет", "CASE_MANAGER")
    with sides.seat(manager):
        assert sides.office.desk.save("case", {"responsible_id": manager}, sides.case).record.id == sides.case


def test_a_mediator_does_not_let_herself_into_a_case_by_writing_herself_into_it(sides: Sides) -> None:
    mediator = sides.staff("Тілеу", "MEDIATOR")
    with sides.seat(mediator), pytest.raises(Refused, match="open to you"):
        sides.office.desk.save(
            "errand", {"case_id": sides.case, "who_id": mediator, "what": "Кездесу", "due_on": NOW.date()}
        )


def test_two_people_are_not_joined_by_who_sees_more_of_one_than_of_the_other(sides: Sides, address: UUID) -> None:
    stranger = sides.office.desk.get("person_address", address).values()["person_id"]
    made_up = sides.center.person("Қасым", "Нурила")
    with sides.seat(sides.hers), pytest.raises(Refused, match="colleague's case"):
        sides.office.people.merge(made_up, stranger)
    manager = sides.office.me
    with sides.seat(manager):
        assert sides.office.people.merge(made_up, stranger)


def test_what_she_may_not_see_she_cannot_write_over(sides: Sides, address: UUID) -> None:
    with sides.seat(sides.hers):
        seen = sides.office.desk.seen("person_address", address)
        assert "street" in seen.covered
        with pytest.raises(Refused, match="does not see"):
            sides.office.desk.save("person_address", {"street": "Басқа 1"}, address, seen)
        with pytest.raises(Refused, match="does not see"):
            sides.office.desk.find("person_address", {"street": "Бөлек 5"})
    assert sides.office.desk.get("person_address", address).values()["street"] == "Бөлек 5"


# A relative's case


def test_who_is_related_neither_takes_nor_finds_the_case(sides: Sides) -> None:
    office, number = sides.office, sides.office.desk.get("case", sides.case).values()["number"]
    office.desk.save("case", {"kept_from_id": sides.hers}, sides.case)
    with pytest.raises(Refused, match="related"):
        office.desk.save("case", {"responsible_id": sides.hers}, sides.case)
    with pytest.raises(Refused, match="related"):
        office.handover.hand_over(sides.center.worker, sides.hers)
    with sides.seat(sides.hers):
        for sheet, id in (("case", sides.case), ("incident", sides.incident), ("person_phone", sides.phone)):
            with pytest.raises(Refused, match="no such record"):
                office.desk.get(sheet, id)
        assert office.desk.find("case") == office.desk.find("incident") == []
        assert sides.case not in {hit.id for hit in office.search.find(number)}
        assert sides.case not in {due.case_id for due in office.deadlines.all(NOW)}
        with pytest.raises(Refused, match="not in the store"):
            office.desk.save("case_note", {"case_id": sides.case, "written_at": NOW, "text": "Сұрақ"})


# At intake


def test_a_person_known_from_the_other_side_is_told_of_while_her_name_is_typed(sides: Sides) -> None:
    taken = sides.office.intake.take_in(
        Conversation(application={"channel": _choice("channel"), "reason": _choice("reason")}, person_id=sides.offender)
    )
    assert KNOWN in [problem.text for problem in taken.warnings]
    (alike,) = [
        one
        for one in sides.office.people.duplicates({"surname": "Жұмабаев", "given": "Ермек"})
        if one.person.id == sides.offender
    ]
    assert alike.other_side
    stranger = sides.center.person("Қасым", "Нұрила", sex=Sex.FEMALE)
    taken = sides.office.intake.take_in(
        Conversation(application={"channel": _choice("channel"), "reason": _choice("reason")}, person_id=stranger)
    )
    assert KNOWN not in [problem.text for problem in taken.warnings]


def test_a_responsible_who_serves_the_other_side_is_warned_of(sides: Sides) -> None:
    sides.center.case(sides.victim, responsible_id=sides.staff("Динара"))
    saved = sides.center.add("case", client_id=sides.offender, responsible_id=sides.center.worker, opened_on=NOW.date())
    assert [(problem.field, problem.text) for problem in saved.warnings] == [("responsible_id", SERVES_OTHER)]
    assert "other side" in translate(SERVES_OTHER)
    other = sides.center.add("case", client_id=sides.offender, responsible_id=sides.hers, opened_on=NOW.date())
    assert other.warnings == ()


def _choice(name: str) -> Any:
    from familydesk.records import sheet_of

    choices = sheet_of("application").field(name).choices
    assert choices
    return choices["SELF" if name == "channel" else "DOMESTIC_VIOLENCE"]


def test_somebody_without_a_role_reads_nothing(sides: Sides) -> None:
    with sides.seat(UUID(int=7)), pytest.raises(Refused, match="opens no records"):
        sides.office.desk.find("person")
    assert Role.HEAD is sides.office.who().role
