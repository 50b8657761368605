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


@pytest.mark.parametrize(
    "value", ['"\\ud800"', '"\\uD800х"', "[" * 100_000, '{"b":' * 100_000], ids=["half", "capital", "deep", "deeper"]
)
def test_a_value_that_no_file_takes_is_laid_aside_and_the_rest_applied(two: tuple[Laptop, Laptop], value: str) -> None:
    here, there = two
    here.add(Person, surname="Омарова", given="Әйгерім")
    (begun,) = here.written()
    later = begun.version.clock + 1
    applied = there.take(
        here, [begun, edited(begun, "surname", value, later), edited(begun, "given", '"Дана"', later + 1)]
    )
    assert (applied.received, applied.parked) == (2, 1)


def test_half_a_sign_in_a_list_or_in_the_name_of_a_field_is_laid_aside(two: tuple[Laptop, Laptop]) -> None:
    here, there = two
    here.add(Person, surname="Омарова", given="Әйгерім")
    (begun,) = here.written()
    languages = edited(begun, "languages", '"[\\"\\\\ud800\\"]"', begun.version.clock + 1)
    named = replace(begun, record=bytes(16), value='{"\\ud800":1,"archived":0}', version=Version(9, here.id))
    applied = there.take(here, [begun, languages, named])
    assert (applied.received, applied.parked) == (1, 2)


def test_a_sign_that_is_spelled_in_two_halves_is_a_sign(two: tuple[Laptop, Laptop]) -> None:
    here, there = two
    here.add(Person, surname="Омарова", given="Әйгерім")
    (begun,) = here.written()
    there.take(here, [begun, edited(begun, "surname", '"\\ud83c\\udf38"', begun.version.clock + 1)])
    (person,) = _people(there)
    assert person.surname == "🌸"


def test_versions_that_replace_each_other_are_a_conflict_in_whatever_order_they_come(
    two: tuple[Laptop, Laptop], tmp_path: Path
) -> None:
    here, there = two
    here.add(Person, surname="Омарова", given="Әйгерім")
    (begun,) = here.written()
    first, second = Version(begun.version.clock + 1, here.id), Version(begun.version.clock + 2, here.id)
    ring = [
        edited(begun, "surname", '"Бірінші"', first.clock, second),
        edited(begun, "surname", '"Екінші"', second.clock, first),
    ]
    third = Laptop(tmp_path, 3)
    for laptop, order in ((there, ring), (third, ring[::-1])):
        laptop.take(here, [begun])
        for change in order:
            laptop.take(here, [change])
        (person,) = _people(laptop)
        assert person.surname == "Екінші"
        assert len(laptop.conflicts()) == 1
    assert there.state() == third.state()
    third.close()


def _people(laptop: Laptop) -> list[Person]:
    with laptop.database.read(whole=True) as session:
        return list(session.scalars(select(Person)))
