"""Two real stores of one center exchange a day's work through a folder, and end equal."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from familydesk.core import clock
from familydesk.core.errors import Refused, Weather
from familydesk.core.ids import new_id
from familydesk.records import sheet_of
from familydesk.records.person import Person
from familydesk.services import front_door
from familydesk.services.office import Office
from familydesk.services.syncing import Outcome
from familydesk.store.journal import Deed
from familydesk.sync import device, packing
from familydesk.sync import outcome as told

sys.path.append(str(Path(__file__).parents[1] / "sync"))
from colleagues import desk_of, made, rows


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("both")
    made(place)
    return place


class Pair:
    """The head's laptop, Bota's, and a stick."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.one, self.two = desk_of(place, "one"), desk_of(place, "two")
        self.stick = place / "stick"
        self.stick.mkdir(exist_ok=True)
        self.offices: list[Office] = []

    def open(self) -> tuple[Office, Office]:
        self.offices = [self.one.open(), self.two.open()]
        return self.offices[0], self.offices[1]

    def close(self) -> None:
        for office in self.offices:
            office.close()
        self.offices = []

    def meet(self, office: Office) -> Outcome:
        return office.syncing.sync(str(self.stick))

    def round(self) -> list[Outcome]:
        """Both meet the stick until neither has anything for the other."""
        head, bota = self.offices
        return [self.meet(office) for office in (head, bota, head)]


@pytest.fixture
def pair(both: Path, tmp_path: Path) -> Iterator[Pair]:
    for name in ("one", "two"):
        shutil.copytree(both / name, tmp_path / name)
    found = Pair(tmp_path)
    yield found
    found.close()


def texts(outcome: Outcome) -> list[str]:
    return [warning.text for warning in outcome.warnings]


def save(office: Office, sheet: str, id: UUID | None = None, **values: Any) -> UUID:
    """A record; choices may be given by NAME."""
    known = {name: sheet_of(sheet).field(name).choices for name in values}
    given = {
        name: choices[value] if (choices := known[name]) and isinstance(value, str) else value
        for name, value in values.items()
    }
    return office.desk.save(sheet, given, id).id


def person(office: Office, surname: str, **values: Any) -> UUID:
    absent = {} if values.get("iin") else {"iin_absence": "NOT_RECORDED"}
    return save(office, "person", surname=surname, **{"given": "Мөлдір", **absent, **values})


def given_name(office: Office, id: UUID) -> str | None:
    return office.desk.get("person", id).values()["given"]  # type: ignore[return-value]


def test_a_days_work_of_two_colleagues_ends_equal_on_both_laptops(pair: Pair) -> None:
    head, bota = pair.open()
    pair.round()
    with clock.stopped(clock.local(2026, 11, 20, 10)):
        client = person(head, "Жұмабаева")
        case = save(head, "case", client_id=client, responsible_id=bota.me, opened_on=clock.today())
        other = person(bota, "Саматова")
        save(bota, "application", person_id=other, received_at=clock.now(), channel="SELF", reason="DOMESTIC_VIOLENCE")
        first, *_ = pair.round()
        save(bota, "case_note", case_id=case, author_id=bota.me, written_at=clock.now(), text="Бірінші кездесу")
        save(bota, "person", client, given="Айша")
        last = pair.round()
    assert (first.sent, first.waiting) == (2, 0)
    assert all((one.waiting, one.parked, texts(one)) == (0, 0, []) for one in last)
    assert rows(head) == rows(bota)
    assert given_name(head, client) == "Айша"
    assert [found.title for found in head.search.find("Саматова")][:1] == ["Саматова Мөлдір"]
    nothing = pair.round()
    assert [(one.sent, one.received) for one in nothing] == [(0, 0)] * 3


def test_a_field_that_both_wrote_is_a_conflict_on_both_until_one_settles_it(pair: Pair) -> None:
    head, bota = pair.open()
    client = person(head, "Жұмабаева")
    pair.round()
    save(head, "person", client, given="Айша")
    save(bota, "person", client, given="Мария")
    met = pair.round()
    assert [one.conflicts for one in met] == [0, 1, 1]
    assert rows(head) == rows(bota)
    mine, theirs = head.conflicts.open(), bota.conflicts.open()
    assert [(one.before, one.mine, one.theirs) for one in mine] == [("Мөлдір", "Айша", "Мария")]
    assert [(one.before, one.mine, one.theirs) for one in theirs] == [("Мөлдір", "Мария", "Айша")]
    bota.conflicts.settle(theirs[0].id, "take")
    pair.meet(bota)
    pair.round()
    assert given_name(head, client) == given_name(bota, client) == "Айша"
    assert head.conflicts.open() == bota.conflicts.open() == []


def test_one_woman_registered_on_both_laptops_is_one_pair_to_look_at(pair: Pair) -> None:
    head, bota = pair.open()
    iin = {"iin": "500101100000", "born_on": clock.local(1850, 1, 1).date(), "sex": "MALE"}
    one, other = person(head, "Жұмабаева", **iin), person(bota, "Жумабаева", **iin)
    pair.round()
    pair.round()
    assert rows(head) == rows(bota)
    assert [{pair.one.id, pair.other.id} for pair in head.people.possible()] == [{one, other}]


def test_what_she_leaves_she_has_signed(pair: Pair) -> None:
    head, bota = pair.open()
    pair.round()
    client, me = person(bota, "Саматова"), bota.me
    bota.close()
    pair.offices = [head, bota := pair.two.open()]
    with bota.database.connection() as connection:
        assert packing.waiting(connection, bota.database.device) == 0
    assert pair.meet(bota).sent == 1
    pair.meet(head)
    assert {entry.actor for entry in head.history.of("person", client)} == {me}


def test_the_journal_vouches_for_what_came_and_tells_of_what_went(pair: Pair) -> None:
    head, bota = pair.open()
    person(bota, "Саматова")
    pair.meet(bota)
    came = pair.meet(head)
    assert came.received
    assert head.journal.verify().whole
    assert Deed.RECEIVED.name in _deeds(head)
    assert Deed.SENT.name in _deeds(bota)


def _deeds(office: Office) -> set[str]:
    with office.database.connection() as connection:
        return set(connection.exec_driver_sql("SELECT deed FROM journal").scalars())


def test_no_name_is_in_any_byte_of_a_stick(pair: Pair) -> None:
    head, bota = pair.open()
    client = person(head, "Жасырынтегі", given="Құпияесім")
    save(head, "case", client_id=client, responsible_id=head.me, opened_on=clock.today())
    pair.round()
    left = b"".join(one.read_bytes() for one in pair.stick.rglob("*") if one.is_file())
    names = "".join(str(one) for one in pair.stick.rglob("*"))
    for word in ("Жасырынтегі", "Құпияесім", "Бекова", "Оспанова", "Орталық", "head", "bota"):
        assert word.encode() not in left.replace(b"familydesk statement", b"")
        assert word not in names.replace(str(pair.place), "")


def test_a_laptop_that_nobody_has_admitted_exchanges_nothing(pair: Pair) -> None:
    office = pair.two.open()
    pair.offices = [office]
    with office.database.connection(write=True) as connection:
        connection.exec_driver_sql("DELETE FROM meta WHERE key = 'device_seed'")
        connection.exec_driver_sql("DELETE FROM device WHERE number = 1")
        device.own_key(connection, 1)
    office.center.forget()
    with pytest.raises(Refused, match="not confirmed"):
        pair.meet(office)
    assert list(pair.stick.iterdir()) == []


def test_a_stick_that_is_not_in_loses_nothing(pair: Pair) -> None:
    head, _ = pair.open()
    client = person(head, "Жұмабаева")
    with pytest.raises(Weather, match="not there"):
        head.syncing.sync(str(pair.place / "media" / "stick"))
    assert given_name(head, client) == "Мөлдір"
    assert pair.meet(head).sent


def test_files_that_were_torn_or_planted_stop_nothing_and_are_brought_again(pair: Pair) -> None:
    head, bota = pair.open()
    pair.round()
    for _ in range(3):
        person(head, "Жұмабаева")
        pair.meet(head)
    newest = sorted(pair.stick.rglob("*.fde"), key=lambda one: (one.parent, one.name))[-2]
    newest.write_bytes(newest.read_bytes()[:100])
    (newest.parent / "000000000999.fde").write_bytes(b"planted")
    person(bota, "Саматова")
    met = pair.meet(bota)
    assert told.DAMAGED in texts(met)
    assert (met.sent, met.waiting) == (1, 0)
    pair.round()
    pair.round()
    assert rows(head) == rows(bota)


def test_a_stick_put_back_to_an_earlier_day_is_told_of_and_filled_up(pair: Pair) -> None:
    head, bota = pair.open()
    pair.round()
    shutil.copytree(pair.stick, pair.place / "yesterday")
    person(head, "Жұмабаева")
    person(bota, "Саматова")
    pair.round()
    shutil.rmtree(pair.stick)
    shutil.copytree(pair.place / "yesterday", pair.stick)
    met = pair.meet(head)
    assert texts(met) == [told.PUT_BACK]
    assert (met.sent, met.waiting) == (2, 0)


def test_two_meetings_at_once_are_one_too_many(pair: Pair) -> None:
    head, _ = pair.open()
    inner: list[str] = []

    def again(_: object) -> None:
        with pytest.raises(Refused) as refused:
            pair.meet(head)
        inner.append(str(refused.value))

    head.syncing.sync(str(pair.stick), again)
    assert inner


def test_whoever_came_in_by_the_recovery_key_receives_and_sends_nothing(pair: Pair, both: Path) -> None:
    head, bota = pair.open()
    person(bota, "Саматова")
    pair.meet(bota)
    head.close()
    paper = (both / "paper").read_text(encoding="utf-8")
    office = front_door.unlock(pair.one.folder, recovery=paper)
    pair.offices = [office, bota]
    person(office, "Жұмабаева")
    met = pair.meet(office)
    assert met.received
    assert met.waiting
    assert told.NO_SIGNATURE in texts(met)


def test_a_text_that_is_too_long_to_travel_is_told_of_and_stops_nothing(pair: Pair) -> None:
    head, bota = pair.open()
    stays, goes = new_id(), person(head, "Жұмабаева")
    with head.database.write() as session:
        session.add(Person(id=stays, surname="Саматова", given="Мөлдір", remarks=os.urandom(1_500_000).hex()))
    assert packing.TOO_LONG in texts(pair.meet(head))
    assert texts(pair.meet(bota)) == []
    known = {cell for row in rows(bota)["person"] for cell in row}
    assert goes.hex in known
    assert stays.hex not in known
