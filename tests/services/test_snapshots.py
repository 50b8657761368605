"""A new laptop takes in a snapshot and the tail, and holds what the whole log would have given it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from small_center import NOW, Center

from familydesk.core import clock
from familydesk.services import joining, snapshots
from familydesk.services.members import Role
from familydesk.services.office import Office
from familydesk.sync import shelf
from familydesk.sync.state import state_of, told
from familydesk.sync.wire.snapshot import endorsement, is_manifest, read_manifest

sys.path.append(str(Path(__file__).parents[1] / "sync"))
from colleagues import BOTA, CHEAP, COLLEAGUES, desk_of, made, rows


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("both")
    made(place)
    return place


class Road:
    """The laptops of one test, and the stick between them."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.stick = place / "stick"
        self.stick.mkdir()
        self.offices: list[Office] = []

    def open(self, name: str) -> Office:
        self.offices.append(desk_of(self.place, name).open())
        return self.offices[-1]

    def meet(self, *offices: Office, stick: Path | None = None) -> list[Any]:
        return [office.syncing.sync(str(stick or self.stick)) for office in offices]

    def admitted(self, head: Office, name: str, stick: Path | None = None) -> Office:
        """A laptop that was just admitted and has met nobody yet."""
        there = str(stick or self.stick)
        asked = joining.ask(self.place / name, there, COLLEAGUES[name], BOTA, cost=CHEAP)
        head.admissions.admit(there, asked.request, asked.fingerprint, Role.CASE_MANAGER)
        head.syncing.sync(there)
        joining.arrive(self.place / name, BOTA, least=CHEAP, cost=CHEAP)
        return self.open(name)

    def lying(self) -> list[str]:
        return sorted(file.name for file in self.stick.glob("*/object/snapshot/*") if not file.suffix)

    def manifests(self) -> list[str]:
        return [name for name in self.lying() if is_manifest(name)]


@pytest.fixture
def road(both: Path, tmp_path: Path) -> Iterator[Road]:
    for name in ("one", "two"):
        shutil.copytree(both / name, tmp_path / name)
    found = Road(tmp_path)
    with clock.stopped(NOW):
        yield found
    for office in found.offices:
        office.close()


@pytest.fixture(autouse=True)
def worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "WORTH_IT", 10)


def worked(head: Office, bota: Office, road: Road) -> tuple[UUID, UUID]:
    """A case with some work of two laptops in it, fields that both wrote, one of them settled; all handed over."""
    center = Center(head)
    client = center.person("Жұмабаева")
    case = center.case(client, responsible_id=bota.me)
    road.meet(head, bota)
    for number in range(6):
        center.add("case_note", case_id=case, written_at=NOW, text=f"сөз {number}")
    head.desk.save("person", {"given": "Айша", "remarks": "бір"}, client)
    bota.desk.save("person", {"given": "Мария", "remarks": "екі"}, client)
    bota.desk.save("case", {"situation": "оның сөзі"}, case)
    road.meet(head, bota, head)
    settled = next(one for one in head.conflicts.open() if one.field.name == "given")
    head.conflicts.settle(settled.id, "take")
    road.meet(head, bota, head)
    return client, case


def table(office: Office, query: str) -> list[tuple[object, ...]]:
    with office.database.connection() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


FRONTS = """SELECT front.record, front.field, device.device, change.clock, front.stands FROM front
    JOIN change ON change.seq = front.seq JOIN device ON device.number = change.device
    WHERE (SELECT count(*) FROM front AS other WHERE other.record = front.record AND other.field = front.field) > 1
    ORDER BY 1, 2, 3, 4"""
"""Of a field of one version alone the row only says that the log has it in another order: rows tell what stands."""
LOG = """SELECT sheet, record, field, value, clock, device.device, txn, actor FROM change
    JOIN device ON device.number = change.device ORDER BY clock, 6"""
CONFLICTS = "SELECT id, sheet, record, field FROM conflict WHERE loser IS NOT NULL AND settled IS NULL ORDER BY id"


def holds(office: Office) -> tuple[object, ...]:
    """Rows, fronts, log, open conflicts and state of a store, in words that every laptop has."""
    with office.database.connection() as connection:
        state = state_of(told(connection)).digest()
    return rows(office), *(table(office, query) for query in (FRONTS, LOG, CONFLICTS)), state


def envelopes(office: Office) -> int:
    return int(str(table(office, "SELECT count(*) FROM envelope")[0][0]))


def test_a_new_laptop_holds_by_snapshot_and_tail_what_the_whole_log_gives(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    head, bota = road.open("one"), road.open("two")
    client, _case = worked(head, bota, road)
    assert len(road.manifests()) == 1
    whole = road.place / "whole"
    whole.mkdir()
    road.meet(head, stick=whole)
    shutil.rmtree(next(whole.glob("*/object/snapshot")))
    bota.desk.save("person", {"patronymic": "Ерланқызы"}, client)
    road.meet(bota)
    road.meet(bota, stick=whole)
    dina, saule = road.admitted(head, "three"), road.admitted(head, "four", whole)
    road.meet(head)
    road.meet(head, stick=whole)
    shutil.rmtree(next(whole.glob("*/object/snapshot")), ignore_errors=True)
    came, read = *road.meet(dina), *road.meet(saule, stick=whole)
    assert envelopes(dina) < envelopes(saule)
    for one in (came, read):
        assert (one.parked, one.waiting, one.warnings) == (0, 0, [])
    assert dina.conflicts.open()
    assert holds(dina) == holds(saule)
    assert rows(dina) == rows(head)
    assert dina.search.find("Жұмабаева")
    monkeypatch.setattr(dina.account, "require", lambda _verb: None)
    assert dina.journal.verify().whole


def test_it_goes_on_from_there_like_any_laptop(road: Road) -> None:
    head, bota = road.open("one"), road.open("two")
    client, case = worked(head, bota, road)
    dina = road.admitted(head, "three")
    road.meet(dina)
    dina.desk.save("case", {"situation": "Динаның сөзі"}, case)
    head.desk.save("person", {"patronymic": "Ерланқызы"}, client)
    met = road.meet(dina, head, bota, dina)
    assert all((one.parked, one.waiting, one.warnings) == (0, 0, []) for one in met)
    assert rows(dina) == rows(head) == rows(bota)


def test_another_laptop_endorses_what_it_has_reckoned_anew(road: Road) -> None:
    head, bota = road.open("one"), road.open("two")
    client, _case = worked(head, bota, road)
    bota.desk.save("person", {"patronymic": "Ерланқызы"}, client)
    road.meet(bota)
    assert [name for name in road.lying() if "-" in name] == [
        f"{road.manifests()[0]}-{bota.center.identity.device.hex()}"  # type: ignore[union-attr]
    ]


def test_what_another_laptop_would_not_say_it_does_not_endorse(road: Road) -> None:
    head, bota = road.open("one"), road.open("two")
    worked(head, bota, road)
    shutil.rmtree(next(road.stick.glob("*/object/snapshot")))
    with head.database.connection(write=True) as connection:
        connection.exec_driver_sql(
            "UPDATE change SET value = '\"басқа сөз\"' WHERE field = 'situation' AND value IS NOT NULL"
        )
    road.meet(head, bota)
    assert len(road.manifests()) == 1
    assert [name for name in road.lying() if "-" in name] == []


def test_only_a_heads_laptop_makes_one_and_only_hers_is_believed(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    head, bota = road.open("one"), road.open("two")
    worked(head, bota, road)
    shutil.rmtree(next(road.stick.glob("*/object/snapshot")))
    road.meet(bota)
    assert road.manifests() == []
    with monkeypatch.context() as forging:
        forging.setattr(snapshots.Snapshots, "_leads_here", lambda _self: True)
        road.meet(bota)
    assert len(road.manifests()) == 1
    monkeypatch.setattr(snapshots, "WORTH_IT", 10**6)
    dina = road.admitted(head, "three")
    road.meet(dina)
    assert table(dina, "SELECT count(*) FROM base") == [(0,)]
    assert rows(dina) == rows(head)


@pytest.mark.parametrize("signer", ["head", "bota"])
def test_who_works_at_a_heads_laptop_makes_up_no_history_there(road: Road, signer: str) -> None:
    head, bota = road.open("one"), road.open("two")
    worked(head, bota, road)
    dina = road.admitted(head, "three")
    (folder,) = road.stick.glob("*/object/snapshot")
    true = read_manifest((folder / road.manifests()[0]).read_bytes())
    there, hers = head.center.identity, bota.center.identity
    said = replace(true, reached=tuple(replace(one, seq=10**6) for one in true.reached), wall=true.wall + 1)
    said = replace(said, signer=(there if signer == "head" else hers).account).signed(hers.person_key, there.device_key)
    for file in (folder / true.name, *folder.glob("*-*")):
        file.unlink()
    (folder / said.name).write_bytes(said.content)
    name, content = endorsement(said.id, hers.device, hers.device_key)
    (folder / name).write_bytes(content)
    road.meet(dina)
    assert table(dina, "SELECT count(*) FROM base") == [(0,)]
    assert rows(dina) == rows(head)


def test_one_that_no_second_laptop_endorsed_is_not_taken_in(road: Road) -> None:
    head, bota = road.open("one"), road.open("two")
    worked(head, bota, road)
    dina = road.admitted(head, "three")
    for file in road.stick.glob("*/object/snapshot/*-*"):
        file.unlink()
    assert len(road.manifests()) == 1
    road.meet(dina)
    assert table(dina, "SELECT count(*) FROM base") == [(0,)]
    assert rows(dina) == rows(head)


@pytest.mark.parametrize("at", [0, 40, -1])
def test_a_piece_that_was_changed_is_not_taken_in_and_the_log_is_read_instead(road: Road, at: int) -> None:
    head, bota = road.open("one"), road.open("two")
    worked(head, bota, road)
    piece = next(road.stick.glob("*/object/snapshot/*_0"))
    content = bytearray(piece.read_bytes())
    content[at] ^= 1
    piece.write_bytes(bytes(content))
    dina = road.admitted(head, "three")
    road.meet(dina)
    assert table(dina, "SELECT count(*) FROM base") == [(0,)]
    assert rows(dina) == rows(head)


def test_nothing_that_is_said_in_the_center_can_be_read_in_a_snapshot(road: Road) -> None:
    head, bota = road.open("one"), road.open("two")
    worked(head, bota, road)
    everything = b"".join(file.read_bytes() for file in road.stick.rglob("*") if file.is_file())
    for word in ("Жұмабаева", "сөз", "Айша", "case_note", "situation"):
        assert word.encode() not in everything


def test_a_new_snapshot_takes_the_place_of_the_former_one(road: Road) -> None:
    head, bota = road.open("one"), road.open("two")
    worked(head, bota, road)
    (former,) = road.manifests()
    for number in range(12):
        head.desk.save("case_note", {"text": f"тағы {number}"}, head.desk.ids("case_note")[0])
    road.meet(head)
    road.meet(head)
    (newer,) = road.manifests()
    assert newer != former
    pieces = read_manifest((next(road.stick.glob("*/object/snapshot")) / newer).read_bytes()).names()
    assert {name for name in road.lying() if "-" not in name} == pieces


def test_none_is_made_while_anything_waits(road: Road) -> None:
    head, bota = road.open("one"), road.open("two")
    client = Center(head).person("Жұмабаева")
    for number in range(12):
        head.desk.save("person", {"remarks": str(number)}, client)
    with head.database.connection(write=True) as connection:
        connection.exec_driver_sql(
            "INSERT INTO parked(reason, device, envelope, waits_for, content) VALUES('SECTION', '', 0, '00', x'80')"
        )
    road.meet(head, bota)
    assert road.manifests() == []


def test_a_laptop_that_has_the_log_installs_nothing(road: Road) -> None:
    head, bota = road.open("one"), road.open("two")
    worked(head, bota, road)
    road.meet(bota, head)
    for office in (head, bota):
        with office.database.connection() as connection:
            assert shelf.bases(connection) == {}
