from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from small_center import Center

from familydesk.records.possible_duplicate import Alike
from familydesk.services import same_iin
from familydesk.services.duplicates import Candidate, Likeness
from familydesk.services.office import Office

BORN = date(1987, 5, 4)


@pytest.fixture
def known(center: Center) -> UUID:
    person = center.person("Жұмабаева", "Мөлдір", patronymic="Серікқызы", born_on=BORN)
    center.add("person_phone", person_id=person, number="87011234542")
    return person


def found(office: Office, **values: object) -> list[Candidate]:
    return office.people.duplicates(values)


def likenesses(office: Office, **values: object) -> tuple[Likeness, ...]:
    (candidate,) = found(office, **values)
    return candidate.likenesses


def test_nothing_typed_finds_nobody(office: Office, known: UUID) -> None:
    assert found(office) == []
    assert found(office, surname="Ж", given="М") == []
    assert found(office, surname=None, given=None, iin=None, phones=()) == []


@pytest.mark.parametrize("surname", ["Жұмабаева", "Жумабаева", "Zhumabayeva", "ЖУМАБАЕВА"])
def test_the_same_name_in_any_spelling_is_found(office: Office, known: UUID, surname: str) -> None:
    assert likenesses(office, surname=surname, given="Мөлдір") == (Likeness.NAME,)
    assert likenesses(office, surname=surname, given="Молдир", born_on=BORN) == (Likeness.NAME_AND_BIRTH,)


def test_one_letter_wrong_is_similar_and_two_are_another(office: Office, known: UUID) -> None:
    assert likenesses(office, surname="Жумабоева", given="Молдир") == (Likeness.SIMILAR_NAME,)
    assert likenesses(office, surname="Жумабоева", given="Молдир", born_on=BORN) == (Likeness.SIMILAR_NAME_AND_BIRTH,)
    assert found(office, surname="Жумобоева", given="Молдыр") == []


def test_surname_and_given_name_may_have_changed_places(office: Office, known: UUID) -> None:
    assert likenesses(office, surname="Мөлдір", given="Жұмабаева") == (Likeness.NAME,)


def test_another_date_of_birth_is_another_person(office: Office, known: UUID) -> None:
    assert found(office, surname="Жұмабаева", given="Мөлдір", born_on=date(1990, 1, 1)) == []


def test_another_patronymic_is_another_person(office: Office, known: UUID) -> None:
    assert found(office, surname="Жұмабаева", given="Мөлдір", patronymic="Болатқызы") == []


def test_a_telephone_leads_to_its_owner(office: Office, known: UUID) -> None:
    assert likenesses(office, phone="+7 (701) 123-45-42") == (Likeness.PHONE,)
    assert likenesses(office, phones=["8 701 123 45 42"], surname="Жұмабаева", given="Мөлдір") == (
        Likeness.PHONE,
        Likeness.NAME,
    )
    assert found(office, phone="701 12") == []


def test_one_iin_is_one_person(office: Office, center: Center) -> None:
    person = center.person("Есенова", "Дана", iin=nineteenth_century_iin())
    (candidate,) = found(office, iin=nineteenth_century_iin(), surname="Иванова", given="Анна")
    assert candidate.person.id == person
    assert candidate.certain
    assert candidate.why == "The same IIN"


def test_another_iin_is_another_person_of_the_same_name(office: Office, center: Center) -> None:
    center.person("Есенова", "Дана", iin=nineteenth_century_iin())
    assert found(office, surname="Есенова", given="Дана", iin=nineteenth_century_iin(serial=2)) == []


def test_the_person_being_edited_and_archived_people_are_left_out(office: Office, known: UUID) -> None:
    values = {"surname": "Жұмабаева", "given": "Мөлдір"}
    assert office.people.duplicates(values, exclude=known) == []
    office.desk.archive("person", known)
    assert office.people.duplicates(values | {"phone": "87011234542"}) == []


def test_a_candidate_brings_the_family_and_case_to_open(office: Office, center: Center, known: UUID) -> None:
    family = center.add("family", name="Жұмабаевтар").id
    center.add("family_member", family_id=family, person_id=known, relation="CLIENT")
    case = center.case(known, family_id=family)
    (candidate,) = found(office, surname="Жұмабаева", given="Мөлдір")
    assert (candidate.family_id, candidate.case_id) == (family, case)
    assert candidate.case_number == office.desk.get("case", case).number


def test_the_stronger_likeness_stands_first(office: Office, center: Center, known: UUID) -> None:
    other = center.person("Жумабаева", "Молдир")
    order = [one.person.id for one in found(office, surname="Жұмабаева", given="Мөлдір", born_on=BORN)]
    assert order == [known, other]


def pairs(office: Office) -> list[tuple[UUID, UUID, Alike]]:
    return [(pair.person_id, pair.other_id, pair.why) for pair in office.desk.find("possible_duplicate")]


def test_a_second_person_with_an_iin_is_saved_with_a_warning_and_a_pair_to_look_at(
    office: Office, center: Center
) -> None:
    first = center.add("person", surname="Есенова", given="Дана", iin=nineteenth_century_iin())
    second = center.add("person", surname="Иванова", given="Анна", iin=nineteenth_century_iin())
    assert first.warnings == ()
    assert [(problem.field, problem.text) for problem in second.warnings] == [("iin", same_iin.HELD)]
    assert pairs(office) == [(first.id, second.id, Alike.IIN)]


def test_a_pair_is_noted_once_and_not_again_after_it_was_settled(office: Office, center: Center) -> None:
    center.person("Есенова", "Дана", iin=nineteenth_century_iin())
    second = center.person("Иванова", "Анна", iin=nineteenth_century_iin(serial=2))
    assert pairs(office) == []
    office.desk.save("person", {"iin": nineteenth_century_iin()}, second)
    office.people.different(office.people.possible()[0].id)
    office.desk.save("person", {"occupation": "Мұғалім"}, second)
    assert len(pairs(office)) == 1
    assert office.people.possible() == []


def test_somebody_put_away_holds_no_iin(office: Office, center: Center) -> None:
    office.desk.archive("person", center.person("Есенова", "Дана", iin=nineteenth_century_iin()))
    assert center.add("person", surname="Иванова", given="Анна", iin=nineteenth_century_iin()).warnings == ()
    assert pairs(office) == []


def nineteenth_century_iin(serial: int = 1) -> str:
    """An IIN of a woman born on 1 January 1890."""
    from familydesk.law.iin import is_valid

    start = f"9001012{serial:04d}"
    return next(start + str(digit) for digit in range(10) if is_valid(start + str(digit)))
