"""Fronts: how a local edit takes its place among versions that several laptops wrote."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from familydesk.records.person import Person
from familydesk.store import front
from familydesk.store.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database.create(tmp_path / "desk.db", os.urandom(32))
    yield made
    made.close()


@pytest.fixture
def person(database: Database) -> UUID:
    """A person whose name was written twice; the second version stands, the first is an open conflict."""
    with database.write() as session:
        made = Person(surname="Омарова", given="Әйгерім")
        session.add(made)
    edit(database, made.id, given="Дана")
    edit(database, made.id, given="Аида")
    put(database, made.id, {2: front.CONFLICT, 3: front.STANDS})
    return made.id


def edit(database: Database, id: UUID, **values: object) -> None:
    with database.write() as session:
        for name, value in values.items():
            setattr(session.get(Person, id), name, value)


def put(database: Database, id: UUID, rows: dict[int, int], field: str = "given") -> None:
    with database.connection(write=True) as connection:
        connection.exec_driver_sql("DELETE FROM front")
        for seq, stands in rows.items():
            connection.exec_driver_sql("INSERT INTO front VALUES(?, ?, ?, ?)", (id.hex, field, seq, stands))


def all_of(database: Database, query: str) -> list[tuple[object, ...]]:
    with database.connection() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def test_an_edit_takes_the_place_of_what_stood_and_leaves_the_conflict_open(database: Database, person: UUID) -> None:
    put(database, person, {2: front.STANDS, 3: front.CONFLICT})
    edit(database, person, given="Мадина")
    assert all_of(database, "SELECT seq, replaces FROM change WHERE seq = 4") == [(4, 2)]
    assert all_of(database, "SELECT seq, stands FROM front ORDER BY seq") == [(3, front.CONFLICT), (4, front.STANDS)]


def test_an_edit_replaces_all_that_held_the_same_as_what_stood(database: Database, person: UUID) -> None:
    put(database, person, {1: front.SAME, 2: front.SAME, 3: front.STANDS})
    edit(database, person, given="Мадина")
    assert all_of(database, "SELECT seq, former FROM replaced ORDER BY former") == [(4, 1), (4, 2)]
    assert all_of(database, "SELECT * FROM front") == []


def test_a_field_with_one_version_has_no_front_after_an_edit(database: Database, person: UUID) -> None:
    put(database, person, {2: front.STANDS})
    edit(database, person, given="Мадина")
    assert all_of(database, "SELECT replaces FROM change WHERE seq = 4") == [(2,)]
    assert all_of(database, "SELECT * FROM front") == []


def test_putting_a_record_away_names_the_newest_version_of_each_of_its_fields(database: Database, person: UUID) -> None:
    edit(database, person, surname="Ахметова")
    edit(database, person, archived=True)
    assert all_of(database, "SELECT former FROM replaced WHERE seq = 5 ORDER BY former") == [(2,), (3,), (4,)]


def test_bringing_a_record_back_names_nothing_but_what_it_replaces(database: Database, person: UUID) -> None:
    edit(database, person, archived=True)
    edit(database, person, archived=False)
    assert all_of(database, "SELECT replaces FROM change WHERE seq = 5") == [(4,)]
    assert all_of(database, "SELECT former FROM replaced WHERE seq = 5") == []


def test_an_edit_of_a_record_that_is_away_names_its_putting_away(database: Database, person: UUID) -> None:
    edit(database, person, archived=True)
    edit(database, person, surname="Ахметова")
    assert all_of(database, "SELECT former FROM replaced WHERE seq = 5") == [(4,)]


def test_an_edit_does_not_name_a_putting_away_that_does_not_stand(database: Database, person: UUID) -> None:
    edit(database, person, archived=True)
    put(database, person, {1: front.STANDS, 4: front.CONFLICT}, field="archived")
    edit(database, person, surname="Ахметова")
    assert all_of(database, "SELECT former FROM replaced WHERE seq = 5") == []


def test_a_settlement_replaces_every_version_and_tells_them_as_they_travel(database: Database, person: UUID) -> None:
    with database.write() as session:
        connection = session.connection()
        seq = front.confirm(connection, 3, "given", '"Аида"')
        front.settle(connection, person.hex, "given", seq)
        clocks = {row[0]: row[1] for row in connection.exec_driver_sql("SELECT seq, clock FROM change")}
        assert front.stamps(connection, [2, seq]) == {2: [(1, clocks[1])], seq: [(1, clocks[3]), (1, clocks[2])]}


def test_what_followed_an_erased_version_replaces_what_that_one_had_replaced(database: Database, person: UUID) -> None:
    with database.connection(write=True) as connection:
        front.bridge(connection, [2])
    assert all_of(database, "SELECT seq, former FROM replaced") == [(3, 1)]
    assert all_of(database, "SELECT seq FROM front") == [(3,)]


def test_what_stands_is_told_where_it_is_not_the_newest(database: Database, person: UUID) -> None:
    put(database, person, {2: front.STANDS, 3: front.CONFLICT})
    with database.connection() as connection:
        assert front.standing(connection, person.hex) == {"given": 2}
