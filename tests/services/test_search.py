from __future__ import annotations

from uuid import UUID

import pytest
from small_center import Center

from familydesk.records.family_member import FamilyRole
from familydesk.records.person import IinAbsence
from familydesk.services.office import Office
from familydesk.services.search import Found


def places(found: list[Found]) -> list[tuple[str, UUID]]:
    return [(one.sheet, one.id) for one in found]


@pytest.fixture
def aigerim(center: Center) -> UUID:
    for surname, given in (("Иванова", "Анна"), ("Ким", "Ольга"), ("Айдарова", "Айгүл")):
        center.person(surname, given)
    return center.person("Сәрсенбаева", "Әйгерім", patronymic="Нұрланқызы", iin="850312201232")


@pytest.mark.parametrize(
    "typed", ["Айгерим", "Aigerim", "Äigerim Sarsenbaeva", "сарсенбаева айгерим", "Айгеирм Сарсенбаева", "201232"]
)
def test_a_person_is_found_however_she_is_spelled(office: Office, aigerim: UUID, typed: str) -> None:
    first = office.search.find(typed)[0]
    assert (first.sheet, first.id, first.title) == ("person", aigerim, "Сәрсенбаева Әйгерім Нұрланқызы")


def test_a_telephone_is_found_as_the_person_who_has_it(office: Office, center: Center, aigerim: UUID) -> None:
    center.add("person_phone", person_id=aigerim, number="+77051234567")
    for typed in ("8 705 123 45 67", "1234567", "Айгерим 4567"):
        assert places(office.search.find(typed))[0] == ("person", aigerim)


def test_a_telephone_put_away_is_not_found(office: Office, center: Center, aigerim: UUID) -> None:
    number = center.add("person_phone", person_id=aigerim, number="+77051234567").id
    office.desk.archive("person_phone", number)
    assert office.search.find("7051234567") == []
    office.desk.bring_back("person_phone", number)
    assert places(office.search.find("7051234567")) == [("person", aigerim)]


def test_a_case_is_found_by_its_number_and_told_by_its_client(office: Office, center: Center, aigerim: UUID) -> None:
    case = center.case(aigerim, number="АСТ-02-2026-0012")
    center.case(number="АСТ-02-2026-0120")
    for typed in ("АСТ-02-2026-0012", "2026-12", "0012"):
        found = office.search.find(typed)[0]
        assert (found.sheet, found.id, found.hint) == ("case", case, "Сәрсенбаева Әйгерім Нұрланқызы")


def test_a_person_brings_her_family_and_cases_after_herself(office: Office, center: Center, aigerim: UUID) -> None:
    case = center.case(aigerim)
    family = center.add("family", name="Сәрсенбаевтар").id
    center.add("family_member", family_id=family, person_id=aigerim, relation=FamilyRole.CLIENT)
    found = places(office.search.find("Айгерим Нурланкызы"))
    assert found[0] == ("person", aigerim)
    assert {("case", case), ("family", family)} <= set(found)


def test_a_list_of_cases_is_narrowed_by_its_clients(office: Office, center: Center, aigerim: UUID) -> None:
    case = center.case(aigerim)
    center.case()
    assert places(office.search.find("сарсенбаева", sheets=["case"])) == [("case", case)]


def test_looking_for_the_offender_does_not_show_the_other_side(office: Office, center: Center, aigerim: UUID) -> None:
    offender = center.person("Тестов", "Пётр")
    case = center.case(aigerim)
    center.order(case, aigerim, offender_id=offender)
    center.incident(case, aigerim, offender_id=offender)
    assert places(office.search.find("Тестов Петр")) == [("person", offender)]


def test_where_a_person_lives_is_not_found(office: Office, center: Center, aigerim: UUID) -> None:
    center.add("person_address", person_id=aigerim, kind="ACTUAL", street="Тұранжолы 12", as_written="Тұранжолы")
    assert office.search.find("Туранжолы") == []


def test_a_changed_name_is_found_and_the_old_one_is_not(office: Office, aigerim: UUID) -> None:
    office.desk.save("person", {"surname": "Қуатбекова"}, aigerim)
    assert places(office.search.find("Куатбекова")) == [("person", aigerim)]
    assert office.search.find("Сарсенбаева") == []


def test_a_person_put_away_leaves_the_search_until_she_is_brought_back(office: Office, aigerim: UUID) -> None:
    office.desk.archive("person", aigerim)
    assert ("person", aigerim) not in places(office.search.find("Айгерим Сарсенбаева"))
    office.desk.bring_back("person", aigerim)
    assert places(office.search.find("Айгерим Сарсенбаева"))[0] == ("person", aigerim)


def test_of_two_that_fold_alike_the_one_spelled_as_typed_comes_first(office: Office, center: Center) -> None:
    kazakh, russian = center.person("Қасымова", "Әлия"), center.person("Касымова", "Алия")
    assert places(office.search.find("Қасымова Әлия"))[:2] == [("person", kazakh), ("person", russian)]
    assert places(office.search.find("Касымова Алия"))[:2] == [("person", russian), ("person", kazakh)]


def test_a_save_that_failed_leaves_nothing_to_find(office: Office, center: Center) -> None:
    values = {"surname": "Жоғалған", "given": "Дана", "iin_absence": IinAbsence.NOT_RECORDED}

    def saved_and_failed() -> None:
        with office.database.write() as session:
            office.desk.save_in(session, "person", values)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        saved_and_failed()
    assert office.search.find("Жоғалған") == []


def test_the_index_built_anew_finds_what_the_old_one_found(office: Office, center: Center, aigerim: UUID) -> None:
    center.add("person_phone", person_id=aigerim, number="+77051234567")
    center.case(aigerim, number="АСТ-02-2026-0012")
    asked = ("Айгерим", "4567", "2026-12", "Иванова")
    before = [office.search.find(text) for text in asked]
    told: list[tuple[int, int]] = []
    done = office.search.rebuild(lambda now, total: told.append((now, total)))
    assert [office.search.find(text) for text in asked] == before
    assert told[-1] == (done, done)


def test_no_more_than_was_asked_for(office: Office, center: Center) -> None:
    for _ in range(5):
        center.case(center.person("Бірдей", "Есім"))
    assert len(office.search.find("Бирдеи Есим", limit=3)) == 3
    assert office.search.find("   ") == []
