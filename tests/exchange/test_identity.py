from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from familydesk.exchange.identity import Identities, Known, facts_of, may_be_one, name_key, place_key
from familydesk.exchange.names import PersonName

MOLDIR = PersonName("Жұмабаева", "Мөлдір", "Серікқызы")
PHONE = "+77017461568"
ABAI = "г. Кокшетау, ул. Абая, 112, кв. 15"


def known(people: Identities, name: PersonName, phones=(), address: str = "", **told) -> Known:
    person = Known(uuid4(), **told)
    people.add(person)
    people.note(person, name, facts_of(phones, address))
    return person


@pytest.mark.parametrize(
    "address",
    [
        "Кокшетау қ., Абая к-сі, 112-15",
        "город Кокшетау, улица Абая, дом 112, квартира 15",
        "КОКШЕТАУ АБАЯ 112/15",
        "Көкшетау қаласы, Абая көшесі 112 үй 15 пәтер",
    ],
)
def test_one_address_in_every_abbreviation(address):
    assert place_key(address) == place_key(ABAI)


@pytest.mark.parametrize("address", ["", "г. Кокшетау", "с. Зеренда", "15", "без определённого места жительства"])
def test_a_place_without_a_house_is_no_second_fact(address):
    assert facts_of([], address) == []


def test_the_order_and_the_letters_of_a_name_do_not_matter():
    assert name_key(MOLDIR) == name_key(PersonName("Молдир", "Жумабаева", "Сериккызы"))


def test_a_fact_of_someone_with_another_name_is_not_hers():
    people = Identities()
    known(people, PersonName("Жұмабаев", "Серік"), [PHONE], ABAI)
    assert people.fitting(MOLDIR, facts_of([PHONE], ABAI)) is None


def test_a_name_learned_later_goes_with_the_facts_learned_before():
    people = Identities()
    person = known(people, PersonName("Жұмабаева", "Мөлдір"), [PHONE], iin="1")
    people.note(person, MOLDIR, [])
    assert people.fitting(MOLDIR, facts_of([PHONE], "")) is person


def test_a_telephone_and_an_address_of_two_namesakes_fit_nobody():
    people = Identities()
    known(people, MOLDIR, [PHONE])
    known(people, MOLDIR, (), ABAI)
    assert people.fitting(MOLDIR, facts_of([PHONE], ABAI)) is None


def test_those_who_share_a_fact_are_shown_first_and_only_a_few():
    people = Identities()
    for _time in range(5):
        known(people, MOLDIR)
    near = known(people, PersonName("Жұмабаева", "М.", "С."), [PHONE])
    new = known(people, MOLDIR, [PHONE])
    found = people.alike(new, without_iin=False)
    assert found[0] == (near, True)
    assert len(found) == 3


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        (PersonName("Жумабаева", "Молдир"), True),
        (PersonName("Жұмабаева", "М."), True),
        (PersonName("Жұмабаева", "Мөлдір", "С."), True),
        (PersonName("Жұмабаева", "Мөлдір", "Маратқызы"), False),
        (PersonName("Жұмабаева", "Меруерт", "Серікқызы"), False),
        (PersonName("Ахметова", "Мөлдір", "Серікқызы"), False),
    ],
)
def test_who_is_like_whom(other, alike):
    people = Identities()
    known(people, other)
    new = known(people, MOLDIR)
    assert bool(people.alike(new, without_iin=False)) is alike


def test_people_with_an_iin_are_not_like_each_other():
    people = Identities()
    known(people, MOLDIR, iin="1")
    assert people.alike(known(people, MOLDIR, iin="2"), without_iin=True) == []


def test_a_new_surname_after_a_marriage_is_no_other_person():
    assert may_be_one(PersonName("Ахметова", "Мөлдір", "Серікқызы"), MOLDIR)
    assert not may_be_one(PersonName("Пак", "Виктор"), MOLDIR)


def test_the_fullest_spelling_is_her_name_and_of_equal_ones_the_kazakh():
    person = Known(uuid4())
    for name in (PersonName("Жумабаева", "Молдир", "Сериккызы"), PersonName("Жұмабаева", "М."), MOLDIR):
        person.names[name] += 1
    assert person.name == MOLDIR


words = st.text("абвгдежзиклмнопрстуәғқңөұүһі", min_size=2, max_size=8)
people_of_a_village = st.lists(
    st.tuples(st.sampled_from("АБВ"), st.sampled_from(["Абая 1", "Абая 2", ""])), max_size=12
)


@given(people_of_a_village, st.sampled_from("АБВ"), st.sampled_from(["Абая 1", "Абая 2", ""]))
def test_whoever_fits_is_the_only_one_of_that_name_at_that_address(village, letter, address):
    people = Identities()
    for theirs, place in village:
        known(people, PersonName("Ким", f"{theirs}нна"), (), place)
    found = people.fitting(PersonName("Ким", f"{letter}нна"), facts_of([], address))
    assert (found is not None) == (bool(address) and village.count((letter, address)) == 1)
