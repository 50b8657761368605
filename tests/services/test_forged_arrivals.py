"""A member, or whoever holds her keys, sends what no program writes: it stops nobody, and laptops stay equal."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from laptop import Laptop, whole_case
from met_desks import take_in

from familydesk.core import clock
from familydesk.records.person import IinAbsence
from familydesk.services import syncing
from familydesk.services.members import Role
from familydesk.services.office import Office
from familydesk.services.restriction import Why
from familydesk.services.syncing import Outcome
from familydesk.sync import outcome as told
from familydesk.sync import packing
from familydesk.sync.wire.change import Change, Version
from familydesk.sync.wire.section import Section
from familydesk.sync.wire.stream_key import StreamKey, WrappedKey, bundle, unbundled

sys.path.append(str(Path(__file__).parents[1] / "sync"))
from colleagues import desk_of, made
from forging import Forger, keys_on, lay, lay_key
from samples import values


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("center")
    made(place, "two", "three")
    return place


class Scene:
    """The head's laptop "one", two colleagues' laptops, and sticks; who writes by hand holds the keys of "two"."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.stick = self.other_stick("stick")
        self.desks: dict[str, Office] = {}
        self.meet("two")
        self.forger = Forger(self.desk("two"))

    def desk(self, name: str) -> Office:
        if name not in self.desks:
            self.desks[name] = desk_of(self.place, name).open()
        return self.desks[name]

    def other_stick(self, name: str) -> Path:
        (self.place / name).mkdir()
        return self.place / name

    def meet(self, name: str, stick: Path | None = None) -> Outcome:
        return self.desk(name).syncing.sync(str(stick or self.stick))

    def person(self, name: str, surname: str = "Жұмабаева") -> UUID:
        values = {"surname": surname, "given": "Мөлдір", "iin_absence": IinAbsence.NOT_RECORDED}
        return self.desk(name).desk.save("person", values).id

    def surname(self, name: str, record: bytes) -> str | None:
        query = "SELECT surname FROM person WHERE id = ?"
        with self.desk(name).database.connection() as connection:
            found: str | None = connection.exec_driver_sql(query, (record.hex(),)).scalar()
            return found


@pytest.fixture
def scene(center: Path, tmp_path: Path) -> Iterator[Scene]:
    for name in ("one", "two", "three"):
        shutil.copytree(center / name, tmp_path / name)
    found = Scene(tmp_path)
    yield found
    for office in found.desks.values():
        office.close()


def texts(outcome: Outcome) -> list[str]:
    return [problem.text for problem in outcome.warnings]


def junk(section: Section) -> Section:
    return Section(section.stream, section.key, os.urandom(len(section.sealed)))


# One bad thing ends no meeting


def test_a_section_that_turns_out_to_be_junk_when_its_key_comes_stops_nothing(scene: Scene) -> None:
    late = StreamKey.fresh(uuid4().bytes)
    section = scene.forger.section([scene.forger.begun(uuid4().bytes, "Жоқ")], late)
    lay(scene.stick, scene.forger.envelope(junk(section)))
    assert scene.meet("one").parked == 1
    lay_key(scene.stick, scene.forger.center, *scene.forger.bundle(late))
    scene.person("one")
    met = scene.meet("one")
    assert (met.parked, texts(met)) == (0, [told.SPOILED])
    one = scene.desk("one").database
    with one.connection() as connection:
        assert packing.waiting(connection, one.device) == 0
    assert texts(scene.meet("one")) == []


def test_what_honest_people_write_behind_a_forged_change_arrives(scene: Scene) -> None:
    person, honest = uuid4().bytes, uuid4().bytes
    forger = scene.forger
    begun = forger.begun(person, "Бар")
    itself = forger.clock + 2
    bad = [
        forger.change(person, "surname", '"\\ud800"'),
        forger.change(person, "given", '"Өз"', [Version(itself, forger.device)], clock=itself),
    ]
    sent = [forger.envelope(forger.section([begun])), *(forger.envelope(forger.section([one])) for one in bad)]
    lay(scene.stick, *sent, forger.envelope(forger.section([forger.begun(honest, "Адал")])))
    for _ in range(2):
        scene.meet("one")
    assert (scene.surname("one", person), scene.surname("one", honest)) == ("Бар", "Адал")


# In whatever order keys come


@pytest.mark.parametrize("spoiled", [False, True], ids=["twice", "junk"])
def test_an_envelope_means_the_same_whether_a_key_comes_with_it_or_later(scene: Scene, spoiled: bool) -> None:
    without, record = scene.other_stick("without"), uuid4().bytes
    scene.meet("two", without)
    late = StreamKey.fresh(uuid4().bytes)
    begun = [scene.forger.begun(record, "Жарты")]
    other = scene.forger.section(begun, late)
    sent = scene.forger.envelope(scene.forger.section(begun), junk(other) if spoiled else other)
    lay(without, sent)
    scene.meet("three", without)
    lay(scene.stick, sent)
    lay_key(scene.stick, scene.forger.center, *scene.forger.bundle(late))
    met = [scene.meet(name) for name in ("one", "three")]
    assert [scene.surname(name, record) for name in ("one", "three")] == ["Жарты"] * 2
    assert [told.SPOILED in texts(one) for one in met] == [spoiled] * 2


# Where a record lies


def test_a_second_beginning_that_names_a_restricted_case_leaves_the_record_where_it_lies(laptop: Laptop) -> None:
    office = laptop.enter("head")
    closed, opened = (whole_case(office, laptop.people["bota"])["case"] for _ in range(2))
    note = office.desk.save("case_note", values(office, "case_note") | {"case_id": opened}).id
    office = laptop.enter("bota")
    office.restricted.restrict(closed, Why.THREAT, [office.me])
    with office.database.connection() as connection:
        query = "SELECT value FROM change WHERE record = ? AND field = ''"
        begun = json.loads(connection.exec_driver_sql(query, (note.hex,)).scalar_one())
    second = {**begun, "case_id": closed.hex, "text": "Екінші бастау"}
    stamp = int(time.time() * 1000 + 1000) << 16
    change = Change("case_note", note.bytes, "", json.dumps(second), Version(stamp, b"7" * 16), (), stamp)
    take_in(office, b"7" * 16, [change])
    with office.database.connection() as connection:
        row = connection.exec_driver_sql("SELECT text, case_id FROM main.case_note WHERE id = ?", (note.hex,)).one()
        sealed = connection.exec_driver_sql("SELECT 1 FROM sealed_record WHERE record = ?", (note.hex,)).all()
    assert (tuple(row), sealed) == (("Екінші бастау", closed.hex), [])


# What no role of hers may write


def test_what_only_the_head_keeps_is_put_aside_and_told_where_a_colleague_sends_it(scene: Scene) -> None:
    scene.meet("one")
    query = """SELECT one.id, one.years, change.clock, device.device FROM retention_term AS one
        JOIN change ON change.record = one.id JOIN device ON device.number = change.device
        WHERE change.field = '' AND one.years > 0 LIMIT 1"""
    with scene.desk("one").database.connection() as connection:
        id, years, clock, device = connection.exec_driver_sql(query).one()
    forger, person = scene.forger, uuid4().bytes
    forger.clock += 1
    stands = Version(clock, bytes.fromhex(device))
    version = Version(forger.clock, forger.device)
    term = Change("retention_term", bytes.fromhex(id), "years", "0", version, (stands,), forger.clock)
    lay(scene.stick, forger.envelope(forger.section([term, forger.begun(person, "Адал")])))
    for name in ("one", "three"):
        met = scene.meet(name)
        assert [one.text for one in met.warnings] == [syncing.UNENTITLED]
        assert met.warnings[0].values == {"count": 1}
        with scene.desk(name).database.connection() as connection:
            query = "SELECT years FROM retention_term WHERE id = ?"
            assert connection.exec_driver_sql(query, (id,)).scalar() == years
        assert scene.surname(name, person) == "Адал"
        assert scene.meet(name).warnings == []
    scene.desk("one").members.set_role("бекова", Role.HEAD)
    for name in ("one", "three"):
        scene.meet(name)
        with scene.desk(name).database.connection() as connection:
            assert connection.exec_driver_sql("SELECT years FROM retention_term WHERE id = ?", (id,)).scalar() == 0


# Who has the key of a laptop that was cut off


def cut_off(scene: Scene) -> Path:
    """The laptop "two" wrote three envelopes and was revoked; a stick on which "three" hears of that alone."""
    for surname in ("Бірінші", "Екінші", "Үшінші"):
        scene.person("two", surname)
        scene.desk("two").syncing.pack()
    scene.meet("two")
    scene.meet("one")
    scene.desk("one").admissions.revoke(scene.forger.device.hex(), str(scene.stick))
    evil = scene.other_stick("evil")
    (there,) = scene.stick.iterdir()
    shutil.copytree(there / "object", evil / there.name / "object")
    shutil.copy(there / "mark", evil / there.name / "mark")
    return evil


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_what_a_thief_writes_below_the_cut_counts_nowhere_and_the_true_work_arrives(scene: Scene, count: int) -> None:
    evil = cut_off(scene)
    forged = [uuid4().bytes for _ in range(count)]
    lay(evil, *(scene.forger.envelope(scene.forger.section([scene.forger.begun(one, "Жалған")])) for one in forged))
    scene.meet("three", evil)
    assert [scene.surname("three", one) for one in forged] == [None] * count
    for _ in range(2):
        met = scene.meet("three")
    assert [scene.surname("three", one) for one in forged] == [None] * count
    query = "SELECT surname FROM person WHERE surname IN ('Бірінші', 'Екінші', 'Үшінші')"
    with scene.desk("three").database.connection() as connection:
        assert len(connection.exec_driver_sql(query).all()) == 3
    assert (met.parked, met.waiting) == (0, 0)


def test_of_a_laptop_that_was_cut_off_nothing_counts_before_its_chain_is_here(scene: Scene) -> None:
    evil = cut_off(scene)
    (log,) = scene.stick.glob(f"*/log/{scene.forger.device.hex()}")
    there = evil / log.parent.parent.name / "log" / log.name
    there.mkdir(parents=True)
    *some, last = sorted(log.iterdir())
    for file in some:
        shutil.copy(file, there / file.name)
    scene.meet("three", evil)
    query = "SELECT count(*) FROM person"
    with scene.desk("three").database.connection() as connection:
        assert connection.exec_driver_sql(query).scalar() == 0
    shutil.copy(last, there / last.name)
    scene.meet("three", evil)
    with scene.desk("three").database.connection() as connection:
        assert connection.exec_driver_sql(query).scalar() == 3


# Who has no key at all


def test_a_stick_finder_makes_no_key_unusable(scene: Scene) -> None:
    person = scene.person("two")
    values = {"client_id": person, "responsible_id": scene.desk("two").me, "opened_on": clock.today()}
    case = scene.desk("two").desk.save("case", values).id
    scene.meet("two")
    folder, aside = keys_on(scene.stick, scene.forger.center), scene.other_stick("aside")
    ids = {key.id for one in folder.iterdir() for key in unbundled(one.name, one.read_bytes())}
    for one in folder.iterdir():
        one.rename(aside / one.name)
    name, content = bundle([WrappedKey(id, 2**31 - 1, os.urandom(88)) for id in ids])
    lay_key(scene.stick, scene.forger.center, name, content)
    scene.meet("one")
    (folder / name).unlink()
    for real in aside.iterdir():
        shutil.copy(real, folder / real.name)
    met = scene.meet("one")
    assert scene.desk("one").desk.get("case", case)
    assert (met.parked, texts(met)) == (0, [])
    other = scene.other_stick("other")
    scene.meet("one", other)
    assert name not in {one.name for one in keys_on(other, scene.forger.center).iterdir()}
