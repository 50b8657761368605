"""After an erasure nobody who has all keys of the center reads of her anywhere: the log is cut once all have agreed."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from decrypted import left
from small_center import NOW, Center
from test_meeting_by_hub import Hub

from familydesk.core import clock
from familydesk.hub import admin
from familydesk.hub.storage import Storage, sqlite_file_url
from familydesk.services import joining, snapshots
from familydesk.services.members import Role
from familydesk.services.office import Office
from familydesk.sync import opening, shelf
from familydesk.sync.keyring import StreamKeys
from familydesk.sync.opening import opened
from familydesk.sync.wire import envelope
from familydesk.sync.wire.bounds import Defect

sys.path.append(str(Path(__file__).parents[1] / "sync"))
from colleagues import BOTA, CHEAP, COLLEAGUES, desk_of, made, rows

SURNAME, GIVEN, WORDS = "Құпиябаева", "Ғазизәгүл", "оның жылап айтқаны осылай"
REASON = "келісімін кері алды"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("both")
    made(place)
    return place


class Road:
    """The laptops of one test, and where they meet."""

    def __init__(self, place: Path, peer: str) -> None:
        self.place, self.peer = place, peer
        self.offices: list[Office] = []

    def open(self, name: str) -> Office:
        self.offices.append(desk_of(self.place, name).open())
        return self.offices[-1]

    def meet(self, *offices: Office, peer: str = "") -> list[Any]:
        return [office.syncing.sync(peer or self.peer) for office in offices]

    def admitted(self, head: Office, name: str) -> Office:
        asked = joining.ask(self.place / name, self.peer, COLLEAGUES[name], BOTA, cost=CHEAP)
        head.admissions.admit(self.peer, asked.request, asked.fingerprint, Role.CASE_MANAGER)
        head.syncing.sync(self.peer)
        joining.arrive(self.place / name, BOTA, least=CHEAP, cost=CHEAP)
        return self.open(name)


@pytest.fixture
def road(both: Path, tmp_path: Path) -> Iterator[Road]:
    for name in ("one", "two"):
        shutil.copytree(both / name, tmp_path / name)
    (tmp_path / "stick").mkdir()
    found = Road(tmp_path, str(tmp_path / "stick"))
    yield found
    for office in found.offices:
        office.close()


@pytest.fixture
def hub(road: Road, tmp_path: Path) -> Iterator[Hub]:
    folder = tmp_path / "hub"
    folder.mkdir()
    found = Hub(folder)
    head = desk_of(tmp_path, "one").open()
    head.admissions.certificate(tmp_path / "center.txt")
    head.close()
    found.add(tmp_path / "center.txt")
    road.peer = found.url
    yield found
    found.stop()


def planted(head: Office, bota: Office, road: Road) -> UUID:
    center = Center(head)
    person = center.person(SURNAME, GIVEN, iin="880615200009", sex="FEMALE", remarks=WORDS)
    center.case(person, responsible_id=bota.me, closed_on=NOW.date(), closing_reason="GOAL_REACHED", situation=WORDS)
    other = center.person("Сапаров", "Ерлан", remarks=f"{SURNAME} {GIVEN} келді")
    head.desk.save("person", {"remarks": "жалғыз келді"}, other)
    road.meet(head, bota)
    bota.desk.save("person", {"remarks": WORDS + "!"}, person)
    road.meet(bota, head)
    return person


def somebody(office: Office, surname: str) -> None:
    office.desk.save("person", {"surname": surname, "given": "Мөлдір", "iin_absence": "NOT_RECORDED"})


def records(office: Office, contents: Iterable[bytes]) -> set[bytes]:
    """What can be read in envelopes with all keys of the center that are left."""
    center, found = office.center, set()
    with office.database.connection() as connection:
        keys = StreamKeys(connection, center.id, center.epoch_keys)
        for content in filter(None, contents):
            with suppress(Defect, opening.Waiting):
                found |= {change.record for change in opened(envelope.read(content), center.trust, keys).changes}
    return found


def on_stick(road: Road) -> list[bytes]:
    return [file.read_bytes() for file in (road.place / "stick").rglob("*.fde")]


def on_shelf(office: Office) -> list[bytes]:
    with office.database.connection() as connection:
        return list(connection.exec_driver_sql("SELECT content FROM envelope").scalars())


def at_hub(hub: Hub) -> list[bytes]:
    with sqlite3.connect(hub.folder / "hub.db") as database:
        return [content for (content,) in database.execute("SELECT content FROM envelope")]


def agree(road: Road, *offices: Office) -> list[Any]:
    """Everybody hears of the erasure, then of the snapshot, then of everybody's word."""
    return [one for _ in range(3) for one in road.meet(*offices)]


def test_an_erased_woman_is_in_no_envelope_on_any_laptop_or_stick(road: Road) -> None:
    head, bota = road.open("one"), road.open("two")
    person = planted(head, bota, road)
    everywhere = [on_stick(road), on_shelf(head), on_shelf(bota)]
    assert all(person.bytes in records(head, contents) for contents in everywhere)
    head.keeping.erase(person, REASON)
    met = agree(road, head, bota)
    everywhere = [on_stick(road), on_shelf(head), on_shelf(bota)]
    assert not any(person.bytes in records(head, contents) for contents in everywhere)
    assert all((one.parked, one.waiting, one.warnings) == (0, 0, []) for one in met)
    for office in (head, bota):
        assert left(office.database.path, office.database.key, SURNAME, GIVEN, WORDS) == set()
    assert rows(bota) == rows(head)


def test_work_goes_on_after_the_cut_and_a_new_laptop_has_everything(road: Road) -> None:
    head, bota = road.open("one"), road.open("two")
    person = planted(head, bota, road)
    head.keeping.erase(person, REASON)
    agree(road, head, bota)
    somebody(head, "Жұмабаева")
    somebody(bota, "Саматова")
    met = road.meet(head, bota, head)
    dina = road.admitted(head, "three")
    met += road.meet(dina, head, bota)
    assert all((one.parked, one.waiting, one.warnings) == (0, 0, []) for one in met)
    assert rows(dina) == rows(head) == rows(bota)
    assert len(head.desk.ids("person")) == 3


def test_a_new_stick_gets_a_snapshot_and_the_tail(road: Road) -> None:
    head, bota = road.open("one"), road.open("two")
    person = planted(head, bota, road)
    head.keeping.erase(person, REASON)
    agree(road, head, bota)
    somebody(head, "Жұмабаева")
    (road.place / "another").mkdir()
    road.peer = str(road.place / "another")
    first = road.meet(head, bota, head)
    dina = road.admitted(head, "three")
    came = road.meet(dina, head, bota, dina)
    assert [one.warnings for one in (*first, *came)] == [[]] * 7
    assert rows(dina) == rows(head) == rows(bota)


def test_nothing_is_cut_before_every_laptop_has_agreed(road: Road) -> None:
    head, bota = road.open("one"), road.open("two")
    person = planted(head, bota, road)
    dina = road.admitted(head, "three")
    road.meet(dina)
    head.keeping.erase(person, REASON)
    agree(road, head, bota)
    for office in (head, bota):
        with office.database.connection() as connection:
            assert shelf.bases(connection) == {}
    agree(road, dina, head, bota)
    assert not any(person.bytes in records(head, on_shelf(office)) for office in (head, bota, dina))


def test_nothing_is_cut_without_an_erasure_until_it_is_old(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "WORTH_IT", 10)
    head, bota = road.open("one"), road.open("two")
    center = Center(head)
    for number in range(12):
        center.person(f"Сапаров{number}")
    agree(road, head, bota)
    assert on_shelf(head)
    with head.database.connection() as connection:
        assert shelf.bases(connection) == {}
    with clock.stopped(clock.now().replace(year=clock.now().year + 2)):
        agree(road, head, bota)
    with head.database.connection() as connection:
        assert shelf.bases(connection)
    assert rows(bota) == rows(head)


def test_a_hub_keeps_no_readable_envelope_of_hers_either(road: Road, hub: Hub) -> None:
    head, bota = road.open("one"), road.open("two")
    person = planted(head, bota, road)
    assert person.bytes in records(head, at_hub(hub))
    head.keeping.erase(person, REASON)
    met = agree(road, head, bota)
    assert person.bytes not in records(head, at_hub(hub))
    assert not all(at_hub(hub))
    somebody(bota, "Саматова")
    met += road.meet(bota, head)
    assert all((one.parked, one.waiting, one.warnings) == (0, 0, []) for one in met)
    dina = road.admitted(head, "three")
    (came,) = road.meet(dina)
    assert (came.parked, came.waiting, came.warnings) == (0, 0, [])
    road.meet(head, dina, bota)
    assert rows(dina) == rows(head) == rows(bota)
    storage = Storage(sqlite_file_url(hub.folder / "hub.db"))
    assert [one.broken for one in admin.checked(storage)] == [None]
    storage.close()


def test_a_new_hub_begins_with_a_snapshot_where_the_log_was_cut(road: Road, hub: Hub) -> None:
    head, bota = road.open("one"), road.open("two")
    address, road.peer = road.peer, str(road.place / "stick")
    person = planted(head, bota, road)
    head.keeping.erase(person, REASON)
    agree(road, head, bota)
    somebody(head, "Жұмабаева")
    road.peer = address
    agree(road, head, bota)
    somebody(bota, "Саматова")
    met = road.meet(head, bota, head)
    assert [(one.waiting, one.warnings) for one in met] == [(0, [])] * 3
    dina = road.admitted(head, "three")
    road.meet(dina, head, dina)
    assert rows(dina) == rows(head)
