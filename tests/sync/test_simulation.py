"""Months of a center with five laptops and three sticks, on roads that fail, with clocks that are wrong by years.

Whatever happens on the way, once everybody has met every stick all laptops hold the same, everything that anybody ever
typed is in every laptop's history, and what contradicts itself is an open conflict on all of them. Each run has a seed;
`SIMULATION_SEED=N` plays one again.
"""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from types import SimpleNamespace
from uuid import UUID

import pytest
from colleagues import Desk, desk_of, made, rows
from fake_peer import RoughRoad

from familydesk.core import clock
from familydesk.core.errors import Refused, Weather
from familydesk.records.person import Person
from familydesk.records.person_phone import SafeToCall
from familydesk.services.office import Office
from familydesk.services.syncing import OfficeSide
from familydesk.store import hybrid_clock
from familydesk.sync import disk
from familydesk.sync.folder import FolderPeer
from familydesk.sync.loop import Loop
from familydesk.sync.outcome import Outcome

LAPTOPS = ("one", "two", "three", "four", "five")
STICKS = ("red", "green", "blue")
START = clock.local(2026, 3, 2, 9)
STEPS = 60
"""The budget of a run, in steps and not in seconds: a seed plays the same day on every machine."""
ABSENT = Person.field("iin_absence").choices or {}
SEEDS = [os.environ["SIMULATION_SEED"]] if "SIMULATION_SEED" in os.environ else ["1", "2", "another each time"]


class Killed(BaseException):
    """The process ends here."""


class Laptop:
    """One store that is opened, closed and killed; its clock is wrong by `skew`."""

    def __init__(self, desk: Desk, skew: timedelta) -> None:
        self.desk = desk
        self.skew = skew
        self._office: Office | None = None

    @property
    def office(self) -> Office:
        if self._office is None:
            self._office = self.desk.open()
        return self._office

    def leave(self) -> None:
        if self._office is not None:
            self._office.close()
            self._office = None

    def die(self) -> None:
        """As the end of the process does it: nothing is packed, noted or tidied up."""
        if self._office is not None:
            self._office.journal._late.stop()
            self._office.database.close()
            self._office._close()
            self._office = None


class World:
    """Five laptops, three sticks, and a time that passes."""

    def __init__(self, place: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.random = Random(seed)
        self.seed = seed
        self.place = place
        self.monkeypatch = monkeypatch
        self.now = START
        skews = [timedelta(0), timedelta(days=3653), timedelta(days=-3653), timedelta(hours=5), timedelta(minutes=-7)]
        self.random.shuffle(skews)
        self.laptops = [Laptop(desk_of(place, name), skew) for name, skew in zip(LAPTOPS, skews, strict=True)]
        for stick in STICKS:
            (place / stick).mkdir()
        self.typed: set[str] = set()
        self.words = 0
        self.kept: dict[str, Path] = {}

    # The clock

    @contextmanager
    def at(self, laptop: Laptop) -> Iterator[Office]:
        """At a laptop, by its own clock."""
        self.now += timedelta(minutes=self.random.randint(1, 600))
        shown = self.now + laptop.skew
        told = int(shown.timestamp() * 1e9)
        self.monkeypatch.setattr(hybrid_clock, "time", SimpleNamespace(time_ns=lambda: told))
        with clock.stopped(shown):
            yield laptop.office

    # Work

    def word(self) -> str:
        """A name that nobody typed before. It counts once it was saved."""
        self.words += 1
        return f"Сөз{self.words:04}"

    def work(self, office: Office) -> None:
        people = [one.id for one in office.desk.find("person", {})]
        verbs = (self.register, self.edit, self.edit, self.edit, self.put_away, self.settle, self.note)
        doing = self.random.choice(verbs) if people else self.register
        with suppress(Refused):
            doing(office, people)

    def register(self, office: Office, people: list[UUID]) -> None:
        values = {"surname": self.word(), "given": "Мөлдір", "iin_absence": ABSENT["NOT_RECORDED"]}
        office.desk.save("person", values)
        self.typed.add(values["surname"])

    def edit(self, office: Office, people: list[UUID]) -> None:
        if people:
            name, word = self.random.choice(("given", "patronymic", "surname")), self.word()
            office.desk.save("person", {name: word}, self.random.choice(people))
            self.typed.add(word)

    def note(self, office: Office, people: list[UUID]) -> None:
        """A telephone, and how safe one is: the word by which the more protective value holds."""
        phones = [one.id for one in office.desk.find("person_phone", {})]
        if phones:
            safe = self.random.choice(list(SafeToCall))
            office.desk.save("person_phone", {"safe_to_call": safe}, self.random.choice(phones))
        if people:
            number = f"+7701{self.random.randint(0, 9_999_999):07}"
            office.desk.save("person_phone", {"person_id": self.random.choice(people), "number": number})

    def put_away(self, office: Office, people: list[UUID]) -> None:
        if people and self.random.random() < 0.3:
            office.desk.archive("person", self.random.choice(people))

    def settle(self, office: Office, people: list[UUID]) -> None:
        found = office.conflicts.open()
        if found:
            office.conflicts.settle(self.random.choice(found).id, self.random.choice(("keep", "take")))

    # Roads

    def meet(self, laptop: Laptop, stick: str, **faults: float) -> Outcome | None:
        """Over a rough road. None if it broke off, or the laptop died."""
        office = laptop.office
        identity = office.center.identity
        assert identity
        peer = FolderPeer(self.place / stick, identity.center, identity.device, office.syncing._is_genuine)
        road = RoughRoad(peer, self.random, **faults)
        if faults:
            road.killing = self.dies
        try:
            return Loop(road, OfficeSide(office, identity), stop=lambda: bool(faults) and self.happens(0.02)).run()
        except Weather:
            return None
        except Killed:
            laptop.die()
            return None

    def dies(self) -> None:
        if self.happens(0.02):
            raise Killed

    def happens(self, chance: float) -> bool:
        return self.random.random() < chance

    @contextmanager
    def filling_up(self) -> Iterator[None]:
        """A stick that is full now and then."""
        written: Callable[..., Path] = disk._written

        def sometimes(file: Path, content: bytes, writer: str) -> Path:
            if self.happens(0.05):
                raise OSError(errno.ENOSPC, "made up")
            return written(file, content, writer)

        with self.monkeypatch.context() as patched:
            patched.setattr(disk, "_written", sometimes)
            yield

    def harm(self, stick: str) -> None:
        """A file is torn, or the stick is put back to what it held on another day."""
        place = self.place / stick
        files = sorted(place.rglob("*.fde"))
        if self.happens(0.5) and files:
            torn = self.random.choice(files)
            torn.write_bytes(torn.read_bytes()[: self.random.randint(0, 200)])
        elif stick in self.kept:
            shutil.rmtree(place)
            shutil.copytree(self.kept[stick], place)
        else:
            self.kept[stick] = self.place / f"{stick}-kept"
            shutil.copytree(place, self.kept[stick])

    # A day

    def step(self) -> None:
        laptop, stick = self.random.choice(self.laptops), self.random.choice(STICKS)
        with self.at(laptop) as office:
            for _ in range(self.random.randint(0, 2)):
                self.work(office)
            if self.happens(0.6):
                faults = {fault: self.random.choice((0, 0.1, 0.2)) for fault in ("lost", "unanswered", "twice", "late")}
                with self.filling_up():
                    self.meet(laptop, stick, **faults, shuffled=0.3)
            if self.happens(0.1):
                laptop.leave()
            elif self.happens(0.05):
                laptop.die()
        if self.happens(0.1):
            self.harm(stick)

    def come_home(self) -> list[Outcome]:
        """Everybody meets every stick, on roads that hold; the last round of it."""
        last: list[Outcome] = []
        for _ in range(3):
            last = []
            for laptop in self.laptops:
                with self.at(laptop):
                    last += [met for stick in STICKS if (met := self.meet(laptop, stick))]
        return last

    def close(self) -> None:
        for laptop in self.laptops:
            laptop.leave()


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("center")
    made(place, *LAPTOPS[1:])
    return place


@pytest.mark.parametrize("seed", SEEDS)
def test_five_laptops_and_three_sticks_end_equal_and_nothing_is_lost(
    center: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: str
) -> None:
    number = int(seed) if seed.isdecimal() else int(time.time())
    print(f"SIMULATION_SEED={number}")
    for name in LAPTOPS:
        shutil.copytree(center / name, tmp_path / name)
    world = World(tmp_path, number, monkeypatch)
    try:
        for _ in range(STEPS):
            world.step()
        last = world.come_home()
        offices = [laptop.office for laptop in world.laptops]
        assert [(met.sent, met.received, met.parked, met.waiting) for met in last] == [(0, 0, 0, 0)] * len(last)
        for office in offices:
            assert rows(office) == rows(offices[0])
            assert conflicts(office) == conflicts(offices[0])
            written = everything_written(office)
            assert [word for word in sorted(world.typed) if word not in written] == []
        assert len(world.typed) > STEPS / 6
    finally:
        world.close()


def conflicts(office: Office) -> set[tuple[str, ...]]:
    with office.database.connection() as connection:
        query = "SELECT record, field, id FROM conflict WHERE settled IS NULL AND loser IS NOT NULL"
        return {tuple(row) for row in connection.exec_driver_sql(query)}


def everything_written(office: Office) -> str:
    """The values of a whole change log."""
    with office.database.connection() as connection:
        values = connection.exec_driver_sql("SELECT value FROM change WHERE sheet = 'person'").scalars()
        return "\n".join(value for value in values if value)
