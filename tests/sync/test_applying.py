"""Real stores that meet: whatever the order, they end with the same rows, the same fronts and the same conflicts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert
from stores import Laptop, Make, exchange

from familydesk.records.case import Case, Danger
from familydesk.records.case_note import CaseNote
from familydesk.records.person import Language, Person, Sex
from familydesk.store import front
from familydesk.store.database import SCHEMA, Database
from familydesk.store.hybrid_clock import COUNTER_BITS
from familydesk.store.overlay import LOADING, Overlay
from familydesk.store.taking_out import empty_changes
from familydesk.sync.applying import replay_parked
from familydesk.sync.parking import Origin, Parked, Reason, park
from familydesk.sync.wire.change import Change, Version


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[Laptop] = []

    def laptop(number: int) -> Laptop:
        made.append(Laptop(tmp_path, number))
        return made[-1]

    yield laptop
    for one in made:
        one.close()


@pytest.fixture
def two(make: Make) -> tuple[Laptop, Laptop]:
    return make(1), make(2)


def met(two: tuple[Laptop, Laptop]) -> UUID:
    """A person whom both know."""
    here, there = two
    person = here.add(Person, surname="Омарова", given="Әйгерім")
    there.take(here)
    return person


def same(*laptops: Laptop) -> bool:
    return all(one.state() == laptops[0].state() for one in laptops[1:])


def test_a_new_record_comes_over_whole(two: tuple[Laptop, Laptop]) -> None:
    here, there = two
    here.add(Person, surname="Омарова", sex=Sex.FEMALE, languages=(Language.KAZAKH,), born_on=date(1850, 1, 2))
    applied = there.take(here)
    assert (applied.received, applied.conflicts, applied.parked) == (1, 0, 0)
    assert applied.touched == {"person"}
    assert same(here, there)


def test_what_comes_twice_is_known(two: tuple[Laptop, Laptop]) -> None:
    here, there = two
    person = met(two)
    here.edit(Person, person, given="Дана")
    there.take(here)
    before = there.state()
    assert there.take(here).received == 0
    assert there.state() == before


def test_edits_of_two_fields_do_not_meet(two: tuple[Laptop, Laptop]) -> None:
    here, there = two
    person = met(two)
    here.edit(Person, person, given="Дана")
    there.edit(Person, person, surname="Ахметова")
    exchange(two)
    assert same(here, there)
    assert not here.conflicts()
    assert (here.get(Person, person).title_text()) == "Ахметова Дана"


def test_edits_of_one_field_are_a_conflict_on_both_laptops_and_one_stands(two: tuple[Laptop, Laptop]) -> None:
    here, there = two
    person = met(two)
    here.edit(Person, person, given="Дана")
    there.edit(Person, person, given="Аида")
    exchange(two)
    assert same(here, there)
    assert len(here.conflicts()) == 1
    assert here.get(Person, person).given == "Аида"


def test_the_same_value_written_twice_is_no_conflict_and_stays_none_when_it_is_edited(
    two: tuple[Laptop, Laptop],
) -> None:
    here, there = two
    person = met(two)
    for one in two:
        one.edit(Person, person, given="Дана")
    exchange(two)
    here.edit(Person, person, given="Аида")
    exchange(two)
    assert same(here, there)
    assert not here.conflicts()
    assert there.get(Person, person).given == "Аида"


def test_of_two_levels_of_danger_the_higher_one_stands_and_a_knowing_edit_lowers_it(make: Make) -> None:
    one, two, three = make(1), make(2), make(3)
    case = one.add(Case, number="КО-1", danger=Danger.UNKNOWN)
    exchange((one, two, three))
    low, high = list(Danger)[1], list(Danger)[-1]
    two.edit(Case, case, danger=high)
    one.edit(Case, case, danger=low)
    exchange((one, two, three))
    assert [laptop.get(Case, case).danger for laptop in (one, two, three)] == [high] * 3
    three.edit(Case, case, danger=list(Danger)[2])
    exchange((one, two, three))
    assert same(one, two, three)
    assert one.get(Case, case).danger == list(Danger)[2]


def test_an_edit_here_that_protects_less_than_an_open_conflict_gives_way_to_it_here_too(
    two: tuple[Laptop, Laptop],
) -> None:
    here, there = two
    levels = list(Danger)
    case = here.add(Case, number="КО-1", danger=levels[0])
    exchange(two)
    here.edit(Case, case, danger=levels[-1])
    there.edit(Case, case, danger=levels[2])
    exchange(two)
    here.edit(Case, case, danger=levels[1])
    assert here.get(Case, case).danger == levels[2]
    exchange(two)
    assert same(here, there)


def test_an_edit_beats_an_archiving_of_the_same_day(two: tuple[Laptop, Laptop]) -> None:
    here, there = two
    person = met(two)
    there.edit(Person, person, given="Дана")
    here.edit(Person, person, archived=True)
    exchange(two)
    assert same(here, there)
    assert not here.get(Person, person).archived
    assert {row[3] for row in here.conflicts()} == {"archived"}


def test_a_record_that_was_put_away_knowingly_stays_away(two: tuple[Laptop, Laptop]) -> None:
    here, there = two
    person = met(two)
    there.edit(Person, person, given="Дана")
    exchange(two)
    here.edit(Person, person, archived=True)
    exchange(two)
    there.edit(Person, person, surname="Ахметова")
    exchange(two)
    assert same(here, there)
    assert there.get(Person, person).archived
    assert not there.conflicts()


def test_a_note_waits_for_its_case_and_comes_alive_with_it(make: Make) -> None:
    one, two, three = make(1), make(2), make(3)
    case = one.add(Case, number="КО-1")
    two.take(one)
    note = two.add(CaseNote, case_id=case, text="Келді.")
    two.edit(CaseNote, note, text="Келді, сөйлесті.")
    assert three.take(two).parked == 2
    assert three.get(CaseNote, note) is None
    applied = three.take(one)
    assert (applied.received, applied.parked, three.parked()) == (3, -2, 0)
    assert three.get(CaseNote, note).text == "Келді, сөйлесті."
    exchange((one, two, three))
    assert same(one, two, three)


def test_what_waits_twice_is_parked_once(make: Make) -> None:
    one, two, three = make(1), make(2), make(3)
    two.take(one)
    case = one.add(Case, number="КО-1")
    two.take(one)
    two.add(CaseNote, case_id=case, text="Келді.")
    assert three.take(two).parked == 1
    assert three.take(two).parked == 0


def test_a_sheet_and_a_field_of_a_newer_program_wait(two: tuple[Laptop, Laptop]) -> None:
    here, there = two
    person = met(two)
    known = here.written()[0]
    version = Version(known.version.clock + 1, here.id)
    unknown = replace(known, sheet="dream", version=version)
    field = replace(known, field="star_sign", value='"Таразы"', version=Version(version.clock + 1, here.id))
    whole = '{"surname":"Есенова","star_sign":"Таразы","archived":0}'
    grown = replace(known, record=os.urandom(16), value=whole, version=Version(version.clock + 2, here.id))
    applied = there.take(here, [unknown, field, grown])
    assert (applied.received, applied.parked) == (1, 3)
    assert there.get(Person, UUID(bytes=grown.record)).surname == "Есенова"
    assert there.get(Person, person).given == "Әйгерім"


@pytest.mark.parametrize(
    "value",
    [
        '{"surname":{"a":1},"archived":0}',
        '{"born_on":"жаз","archived":0}',
        '{"languages":"[1]","archived":0}',
        "[",
        "3",
    ],
)
def test_a_value_that_no_column_could_give_back_is_laid_aside(two: tuple[Laptop, Laptop], value: str) -> None:
    here, there = two
    met(two)
    bad = replace(here.written()[0], record=os.urandom(16), value=value, version=Version(9, here.id))
    good = replace(bad, record=os.urandom(16), value='{"surname":"Есенова","archived":0}', version=Version(10, here.id))
    applied = there.take(here, [bad, good])
    assert (applied.received, applied.parked) == (1, 1)


def test_a_version_that_was_replaced_before_it_came_is_history_only(make: Make) -> None:
    one, two, three = make(1), make(2), make(3)
    person = one.add(Person, surname="Омарова", given="Әйгерім")
    exchange((one, two, three))
    one.edit(Person, person, given="Дана")
    two.take(one)
    two.edit(Person, person, given="Аида")
    three.take(two)
    assert three.get(Person, person).given == "Аида"
    three.take(one)
    assert three.get(Person, person).given == "Аида"
    assert not three.conflicts()
    three.edit(Person, person, given="Мадина")
    exchange((one, two, three))
    assert same(one, two, three)
    assert one.get(Person, person).given == "Мадина"
    assert not one.conflicts()


def test_a_version_that_was_erased_does_not_raise_the_one_before_it(two: tuple[Laptop, Laptop]) -> None:
    here, there = two
    person = met(two)
    for given in ("Дана", "Аида", "Мадина"):
        here.edit(Person, person, given=given)
    there.take(here)
    with there.database.connection(write=True) as connection:
        middle = connection.exec_driver_sql("SELECT seq FROM change WHERE value = '\"Аида\"'").scalar_one()
        front.bridge(connection, [middle])
        empty_changes(connection, [middle])
    here.edit(Person, person, given="Айша")
    there.take(here, here.written()[-1:])
    assert there.get(Person, person).given == "Айша"
    assert not there.conflicts()


def test_a_clock_years_ahead_is_not_followed_all_the_way_and_is_told(two: tuple[Laptop, Laptop]) -> None:
    here, there = two
    person = met(two)
    far = (10 * 366 * 86_400_000 << COUNTER_BITS) + here.database.clock.last
    edit = replace(here.written()[0], field="given", value='"Дана"', version=Version(far, here.id))
    edit = replace(edit, replaces=(here.written()[0].version,))
    assert there.take(here, [edit]).ahead
    assert there.database.clock.last < far
    assert there.get(Person, person).given == "Дана"
    there.edit(Person, person, given="Аида")
    assert there.get(Person, person).given == "Аида"


def test_the_clock_never_goes_back_when_a_store_is_opened_again(two: tuple[Laptop, Laptop]) -> None:
    here, there = two
    met(two)
    ahead = (3_600_000 << COUNTER_BITS) + here.database.clock.last
    edit = replace(here.written()[0], field="given", value='"Дана"', version=Version(ahead, here.id))
    there.take(here, [edit])
    again = Database.open(there.database.path, there.database.key)
    assert again.clock.tick() > ahead
    again.close()


def test_conflicts_that_a_doubtful_clock_has_won_say_so(two: tuple[Laptop, Laptop]) -> None:
    here, there = two
    person = met(two)
    there.edit(Person, person, given="Аида")
    here.edit(Person, person, given="Дана")
    there.take(here, doubtful=True)
    with there.database.connection() as connection:
        assert connection.exec_driver_sql("SELECT by_clock FROM conflict").scalars().all() == [1]


def test_what_a_laptop_ahead_of_time_wrote_stays_in_doubt_when_another_one_comes(make: Make) -> None:
    one, two, three = make(1), make(2), make(3)
    person = one.add(Person, surname="Омарова", given="Әйгерім")
    exchange((one, two, three))
    one.edit(Person, person, given="Дана")
    two.edit(Person, person, given="Аида")
    tomorrow = (two.database.clock.last >> COUNTER_BITS) + 86_400_000
    assert three.take(two, wall=tomorrow).conflicts == 0
    three.take(one)
    assert three.get(Person, person).given == "Аида"
    with three.database.connection() as connection:
        assert connection.exec_driver_sql("SELECT by_clock FROM conflict").scalars().all() == [1]


def test_a_field_that_this_program_learns_is_filled_from_the_beginning_of_the_record(
    two: tuple[Laptop, Laptop],
) -> None:
    here, there = two
    person = here.add(Person, surname="Омарова", remarks="Көрші")
    (begun,) = here.written()
    there.take(here)
    with there.database.write(whole=True) as session:
        connection = session.connection()
        with Overlay.of(connection).mode(LOADING):
            connection.exec_driver_sql("UPDATE person SET remarks = NULL")
        part = replace(begun, field="remarks", value='"Көрші"')
        park(connection, [Parked.change(Origin(here.id, UUID(int=1), 1), Reason.FIELD, "person.remarks", part)])
        assert replay_parked(there.database, connection).parked == -1
    assert there.get(Person, person).remarks == "Көрші"
    assert same(here, there)


def test_a_value_that_did_not_fit_is_tried_again_by_a_newer_program_only(two: tuple[Laptop, Laptop]) -> None:
    here, there = two
    person = met(two)
    bad = replace(here.written()[0], field="born_on", value='"жаз"', version=Version(1 << 60, here.id))
    assert there.take(here, [bad]).parked == 1
    with there.database.write(whole=True) as session:
        assert replay_parked(there.database, session.connection()).parked == 0
        session.connection().exec_driver_sql("UPDATE parked SET waits_for = '0'")
        assert replay_parked(there.database, session.connection()).parked == 0
        assert session.connection().exec_driver_sql("SELECT waits_for FROM parked").scalar() == str(SCHEMA)
    assert there.get(Person, person).born_on is None


@pytest.mark.parametrize("seed", range(4))
def test_stores_that_hear_each_other_in_any_order_end_the_same(make: Make, seed: int) -> None:
    chance = Random(seed)
    laptops = [make(number) for number in (1, 2, 3)]
    people = [laptops[0].add(Person, surname="Омарова", given=f"Ә{n}") for n in range(3)]
    case = laptops[0].add(Case, number="КО-1", danger=Danger.UNKNOWN)
    exchange(laptops)
    for _ in range(40):
        play(chance, laptops, people, case)
    for _ in range(2):
        for here in chance.sample(laptops, 3):
            for there in chance.sample(laptops, 3):
                if here is not there:
                    here.take(there)
    assert same(*laptops)
    assert not any(one.parked() for one in laptops)
    replayed = make(9)
    for one in chance.sample(laptops, 3):
        replayed.take(one)
    for one in laptops:
        replayed.take(one)
    assert (replayed.rows(), replayed.conflicts()) == (laptops[0].rows(), laptops[0].conflicts())


def play(chance: Random, laptops: list[Laptop], people: list[UUID], case: UUID) -> None:
    """Something happens on some laptop: an edit, a new record, a meeting of two over a bad road."""
    here, there = chance.sample(laptops, 2)
    what = chance.random()
    if what < 0.45:
        values: dict[str, Any] = {"given": chance.choice("АӘБВ"), "archived": chance.random() < 0.2}
        name = chance.choice(list(values))
        here.edit(Person, chance.choice(people), **{name: values[name]})
    elif what < 0.6:
        here.edit(Case, case, danger=chance.choice(list(Danger)))
    elif what < 0.7:
        here.add(CaseNote, case_id=case, text=f"жазба {chance.randint(0, 9)}")
    else:
        changes: list[Change] = there.written()
        some = changes[: chance.randint(0, len(changes))]
        here.take(there, [*some, *some[: len(some) // 3]])


def test_two_thousand_new_records_come_at_once(two: tuple[Laptop, Laptop]) -> None:
    here, there = two
    rows = [{"surname": f"С{n}", "given": "Ә", "archived": False} for n in range(2000)]
    with here.database.write() as session:
        session.execute(insert(Person), rows)
    assert there.take(here).received == 2000
    assert same(here, there)


WRITER = Path(__file__).with_name("applying_process.py")


def test_a_process_killed_while_it_applies_has_applied_all_of_a_meeting_or_nothing(make: Make, tmp_path: Path) -> None:
    here, there = make(1), make(2)
    with here.database.write() as session:
        session.execute(insert(Person), [{"surname": f"С{n}", "archived": False} for n in range(600)])
    there.close()
    for after in (0.0, 0.05, 0.1, 0.2):
        words = [sys.executable, str(WRITER), str(here.database.path), here.database.key.hex()]
        with subprocess.Popen(
            [*words, str(there.database.path), there.database.key.hex()], stdout=subprocess.PIPE
        ) as process:
            assert process.stdout
            process.stdout.readline()
            try:
                process.wait(after)
            except subprocess.TimeoutExpired:
                os.kill(process.pid, signal.SIGKILL)
        again = Database.open(there.database.path, there.database.key)
        with again.connection() as connection:
            people = connection.exec_driver_sql("SELECT count(*) FROM person").scalar()
            changes = connection.exec_driver_sql("SELECT count(*) FROM change").scalar()
            assert people == changes
            assert people in (0, 600)
        again.close()
