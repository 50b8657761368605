"""What came from other laptops is found, although the index follows only afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from met_desks import Desk

from familydesk.services import indexing
from familydesk.services.duplicates import Duplicates
from familydesk.store import search_arrears

NAMES = ("Жұмабаева", "Есенова", "Сарсенова", "Тілеубаева", "Қожахметова")


@pytest.fixture
def desks(small_store: Path, tmp_path: Path) -> Iterator[tuple[Desk, Desk]]:
    two = Desk(small_store, tmp_path / "one", 1), Desk(small_store, tmp_path / "two", 2)
    yield two
    for one in two:
        one.office.close()


@pytest.fixture
def people(desks: tuple[Desk, Desk]) -> dict[str, UUID]:
    """Written on the one laptop, heard of on the other."""
    here, there = desks
    found = {name: here.person(name) for name in NAMES}
    there.hear(here)
    return found


def indexed(desk: Desk) -> set[UUID]:
    """The people that the index itself knows."""
    with desk.office.database.connection() as connection:
        return {UUID(bytes=row[0]) for row in connection.exec_driver_sql("SELECT record FROM search_doc")}


def in_arrears(desk: Desk) -> bool:
    with desk.office.database.connection() as connection:
        return search_arrears.first(connection) is not None


def found(desk: Desk) -> dict[str, UUID]:
    return {name: hit.id for name in NAMES for hit in desk.office.search.find(name)}


def test_the_index_follows_the_meeting_and_not_the_other_way_round(
    desks: tuple[Desk, Desk], people: dict[str, UUID]
) -> None:
    there = desks[1]
    assert in_arrears(there)
    assert indexed(there).isdisjoint(people.values())
    there.office.search.catch_up()
    assert not in_arrears(there)
    assert indexed(there) >= set(people.values())


def test_whoever_asks_first_finds_everybody(desks: tuple[Desk, Desk], people: dict[str, UUID]) -> None:
    assert found(desks[1]) == people


def test_a_duplicate_is_seen_before_the_index_has_followed(desks: tuple[Desk, Desk], people: dict[str, UUID]) -> None:
    alike = Duplicates(desks[1].office).of({"surname": "Джумабаева", "given": "Мөлдір", "patronymic": ""})
    assert [one.person.id for one in alike] == [people["Жұмабаева"]]


def test_an_index_that_was_stopped_on_the_way_goes_on_from_there(
    desks: tuple[Desk, Desk], people: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    there = desks[1]
    done: list[str] = []
    monkeypatch.setattr(indexing, "_PORTION", 2)
    index_places = indexing.index_places

    def stopped(connection: object, records: frozenset[tuple[str, str]]) -> None:
        if "person" in done:
            raise KeyboardInterrupt
        done.extend(sheet for sheet, _record in records)
        index_places(connection, records)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(indexing, "index_places", stopped)
        with pytest.raises(KeyboardInterrupt):
            there.office.search.catch_up()
    assert 0 < len(indexed(there) & set(people.values())) < len(people)
    assert found(there) == people


def test_what_is_saved_here_while_the_index_lags_is_found_as_it_was_saved(
    desks: tuple[Desk, Desk], people: dict[str, UUID]
) -> None:
    there = desks[1]
    there.office.desk.save("person", {"surname": "Мұратова"}, people["Есенова"])
    assert [hit.id for hit in there.office.search.find("мұратова")] == [people["Есенова"]]
    assert there.office.search.find("есенова") == []


def test_a_second_meeting_before_the_index_has_followed_leaves_nobody_out(
    desks: tuple[Desk, Desk], people: dict[str, UUID]
) -> None:
    here, there = desks
    later = here.person("Байжанова")
    there.hear(here)
    assert found(there) == people
    assert [hit.id for hit in there.office.search.find("байжанова")] == [later]


def test_an_index_that_is_built_anew_is_in_step(desks: tuple[Desk, Desk], people: dict[str, UUID]) -> None:
    there = desks[1]
    there.office.search.rebuild()
    assert not in_arrears(there)
    assert indexed(there) >= set(people.values())
