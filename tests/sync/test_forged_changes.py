"""Changes that no program writes reach a store: what is beside them is applied, and laptops end equal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from stores import Laptop

from familydesk.records.person import Person
from familydesk.sync.wire.change import Change, Version


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Laptop, Laptop]]:
    made = Laptop(tmp_path, 1), Laptop(tmp_path, 2)
    yield made
    for one in made:
        one.close()


def edited(begun: Change, name: str, value: str, clock: int, *replaces: Version) -> Change:
    """An edit of the record that was begun so, by the same laptop."""
    return replace(begun, field=name, value=value, version=Version(clock, begun.version.device), replaces=replaces)


def test_what_waited_and_cannot_be_applied_takes_nothing_with_it(two: tuple[Laptop, Laptop]) -> None:
    here, there = two
    here.add(Person, surname="Омарова", given="Әйгерім")
    (begun,) = here.written()
    later = begun.version.clock + 1
    there.take(here, [edited(begun, "surname", '"Құлайды"', later), edited(begun, "given", '"Дана"', later + 1)])
    with there.database.connection(write=True) as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER falls BEFORE INSERT ON change WHEN new.value = '\"Құлайды\"' "
            "BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    applied = there.take(here, [begun])
    (person,) = _people(there)
    assert (person.surname, person.given) == ("Омарова", "Дана")
    assert (applied.parked, there.parked()) == (-1, 1)


def _people(laptop: Laptop) -> list[Person]:
    with laptop.database.read(whole=True) as session:
        return list(session.scalars(select(Person)))
