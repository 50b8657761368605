"""Two desks that joined people or put records away without knowing of each other: nothing is out of sight after it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from met_desks import Desk, meet

from familydesk.core import clock
from familydesk.records.kinship import KinshipKind
from familydesk.records.possible_duplicate import DuplicateState
from familydesk.services.office import Office

Both = tuple[Desk, Desk]


@pytest.fixture
def desks(small_store: Path, tmp_path: Path) -> Iterator[Both]:
    two = Desk(small_store, tmp_path / "one", 1), Desk(small_store, tmp_path / "two", 2)
    yield two
    for one in two:
        one.office.close()


@pytest.fixture
def twice(desks: Both) -> tuple[UUID, UUID]:
    """One woman who stands in the directory twice, known to both desks."""
    here, there = desks
    people = here.person("Жұмабаева"), here.person("Джумабаева")
    there.hear(here)
    return people


def case_of(office: Office, client: UUID) -> UUID:
    values = {"client_id": client, "responsible_id": office.me, "opened_on": clock.today()}
    return office.desk.save("case", values).id


def errand_in(office: Office, case: UUID) -> UUID:
    values = {"case_id": case, "what": "Сот ертең", "due_on": clock.today(), "who_id": office.me}
    return office.desk.save("errand", values).id


def all_met(desks: Both) -> None:
    """What a desk writes because of what it heard, the other one hears the next time."""
    for _ in range(3):
        meet(*desks)


def agreed(desks: Both, sheet: str, record: UUID, name: str) -> object:
    (value,) = {desk.value(sheet, record, name) for desk in desks}
    return value


def open_conflicts(desk: Desk) -> list[tuple[str, UUID, str]]:
    return sorted((one.sheet, one.record, one.field.name) for one in desk.office.conflicts.open())


def assert_proved(desks: Both) -> None:
    for desk in desks:
        verdict = desk.office.journal.verify()
        assert verdict.whole, verdict


# Joined


def test_people_who_were_joined_crosswise_are_both_there_and_a_pair_to_look_at(
    desks: Both, twice: tuple[UUID, UUID]
) -> None:
    here, there = desks
    one, other = twice
    here.office.people.merge(one, other, {})
    there.office.people.merge(other, one, {})
    all_met(desks)
    assert [agreed(desks, "person", who, "archived") for who in twice] == [False, False]
    for desk in desks:
        states = {pair.state for pair in desk.office.desk.find("possible_duplicate")}  # type: ignore[attr-defined]
        assert states == {DuplicateState.OPEN}
        assert {hit.id for hit in desk.office.search.find("жумабаева")} >= set(twice)
        assert open_conflicts(desk) == []
    assert_proved(desks)
    here.office.people.merge(one, other, {})
    all_met(desks)
    assert [agreed(desks, "person", who, "archived") for who in twice] == [False, True]


def test_a_pair_that_both_desks_knew_is_opened_again_without_anything_to_decide(
    desks: Both, twice: tuple[UUID, UUID]
) -> None:
    here, there = desks
    one, other = twice
    pair = here.office.desk.save("possible_duplicate", {"person_id": one, "other_id": other}).id
    there.hear(here)
    here.office.people.merge(one, other, {})
    there.office.people.merge(other, one, {})
    all_met(desks)
    assert agreed(desks, "possible_duplicate", pair, "state") is DuplicateState.OPEN
    assert [open_conflicts(desk) for desk in desks] == [[], []]
    assert [agreed(desks, "person", who, "archived") for who in twice] == [False, False]


def test_what_is_added_elsewhere_to_somebody_who_was_joined_follows_to_the_one_who_stayed(
    desks: Both, twice: tuple[UUID, UUID]
) -> None:
    here, there = desks
    one, other = twice
    here.office.people.merge(one, other, {})
    telephone = there.office.desk.save("person_phone", {"person_id": other, "number": "+77015550199"}).id
    case = case_of(there.office, other)
    all_met(desks)
    assert agreed(desks, "person_phone", telephone, "person_id") == one
    assert agreed(desks, "case", case, "client_id") == one
    assert [agreed(desks, "person", who, "archived") for who in twice] == [False, True]
    found = {hit.id for hit in here.office.search.find("77015550199")}
    assert one in found
    assert other not in found
    assert [open_conflicts(desk) for desk in desks] == [[], []]
    assert_proved(desks)


def test_it_follows_through_two_joinings(desks: Both, twice: tuple[UUID, UUID]) -> None:
    here, there = desks
    one, other = twice
    third = here.person("Жумабай")
    there.hear(here)
    here.office.people.merge(one, other, {})
    here.office.people.merge(third, one, {})
    case = case_of(there.office, other)
    all_met(desks)
    assert agreed(desks, "case", case, "client_id") == third
    assert [agreed(desks, "person", who, "archived") for who in twice] == [True, True]


def test_of_a_tie_between_two_who_were_joined_a_person_decides(desks: Both, twice: tuple[UUID, UUID]) -> None:
    here, there = desks
    one, other = twice
    here.office.people.merge(one, other, {})
    values = {"person_id": one, "kind": next(iter(KinshipKind)), "relative_id": other}
    tie = there.office.desk.save("kinship", values).id
    all_met(desks)
    assert agreed(desks, "kinship", tie, "relative_id") == other
    assert agreed(desks, "person", other, "archived") is False
    assert [open_conflicts(desk) for desk in desks] == [[("person", other, "archived")]] * 2


# Put away


def test_a_record_that_was_put_away_and_added_to_elsewhere_stays_in_sight_and_somebody_decides(
    desks: Both, twice: tuple[UUID, UUID]
) -> None:
    here, there = desks
    case = case_of(here.office, twice[0])
    there.hear(here)
    here.office.desk.archive("case", case)
    errand_in(there.office, case)
    there.hear(here)
    assert here.hear(there).conflicts == 1
    all_met(desks)
    assert agreed(desks, "case", case, "archived") is False
    assert [open_conflicts(desk) for desk in desks] == [[("case", case, "archived")]] * 2
    assert_proved(desks)
    (conflict,) = there.office.conflicts.open()
    there.office.conflicts.settle(conflict.id, "keep" if conflict.kept else "take")
    all_met(desks)
    assert agreed(desks, "case", case, "archived") is True
    assert [open_conflicts(desk) for desk in desks] == [[], []]


def test_what_was_there_when_a_record_was_put_away_leaves_it_there(desks: Both, twice: tuple[UUID, UUID]) -> None:
    here, there = desks
    case = case_of(here.office, twice[0])
    there.hear(here)
    errand_in(there.office, case)
    here.hear(there)
    here.office.desk.archive("case", case)
    all_met(desks)
    assert agreed(desks, "case", case, "archived") is True
    assert [open_conflicts(desk) for desk in desks] == [[], []]
