"""Copied and restored disks, with real stores: each laptop ends under an identity of its own, and nothing is lost."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from test_meeting_by_hub import Hub

from familydesk.core.errors import Weather
from familydesk.core.settings import Settings
from familydesk.services import backups, front_door
from familydesk.services.office import Office
from familydesk.services.renaming import RENAMED, WAITS
from familydesk.services.syncing import Outcome
from familydesk.store import number_block
from familydesk.store.journal import Deed
from familydesk.sync import outcome as told
from familydesk.sync import packing, shelf
from familydesk.sync.folder import FolderPeer

sys.path.append(str(Path(__file__).parents[1] / "sync"))
from colleagues import BOTA, CHEAP, HEAD, Desk, desk_of, made, rows


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("both")
    made(place)
    return place


class Laptops:
    """Those of the head and of Bota, copies of their disks, and a stick or a hub."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.stick = str(place / "stick")
        Path(self.stick).mkdir()
        self._open: dict[str, Office] = {}

    def __getitem__(self, name: str) -> Office:
        if name not in self._open:
            usual = desk_of(self.place, name if (self.place / name).exists() and name in ("one", "two") else "one")
            login, words = ("head", HEAD) if name in ("one", "one-copy") else (usual.login, usual.passphrase)
            if name == "two-copy":
                login, words = desk_of(self.place, "two").login, BOTA
            self._open[name] = Desk(self.place / name, login, words).open()
        return self._open[name]

    def close(self, *names: str) -> None:
        for name in names or list(self._open):
            if name in self._open:
                self._open.pop(name).close()

    def copy(self, name: str) -> str:
        """The disk of a laptop, as it is at this moment."""
        self.close(name)
        shutil.copytree(self.place / name, self.place / f"{name}-copy")
        return f"{name}-copy"

    def meet(self, name: str, peer: str = "") -> Outcome:
        return self[name].syncing.sync(peer or self.stick)

    def round(self, *names: str) -> list[Outcome]:
        """All of them twice in turn, so that each has heard of each."""
        return [self.meet(name) for name in names * 2]

    def admit(self, met: Outcome, peer: str = "") -> None:
        """The head does what the sentence says."""
        (waits,) = [one for one in met.warnings if one.text == WAITS]
        print_ = waits.values["fingerprint"]
        admissions, peer = self["one"].admissions, peer or self.stick
        admitted = admissions.admit(peer, admissions.request_of(peer, print_), print_, None)
        assert not admitted.keys_missing


@pytest.fixture
def laptops(both: Path, tmp_path: Path) -> Iterator[Laptops]:
    for name in ("one", "two"):
        shutil.copytree(both / name, tmp_path / name)
    found = Laptops(tmp_path)
    yield found
    found.close()


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    found = Hub(tmp_path / "hub")
    yield found
    found.stop()


def texts(met: Outcome) -> list[str]:
    return [warning.text for warning in met.warnings]


def person(office: Office, surname: str, given: str = "Мөлдір") -> UUID:
    return office.desk.save("person", {"surname": surname, "given": given, "iin_absence": "NOT_RECORDED"}).id


def given(office: Office, id: UUID) -> object:
    return office.desk.get("person", id).values()["given"]


def own(office: Office) -> bytes:
    identity = office.center.identity
    assert identity is not None
    return identity.device


def unpacked(office: Office) -> int:
    with office.database.connection() as connection:
        return packing.waiting(connection, office.database.device)


def beginnings(office: Office, id: UUID) -> int:
    """How often the log tells that a record was begun."""
    with office.database.connection() as connection:
        query = "SELECT count(*) FROM change WHERE record = ? AND field = ''"
        return int(connection.exec_driver_sql(query, (id.hex,)).scalar_one())


def block(office: Office) -> int:
    with office.database.connection() as connection:
        return int(number_block.of(connection))


def assert_equal(*offices: Office) -> None:
    first, *others = offices
    for other in others:
        assert rows(other) == rows(first)
        assert {one.id for one in other.conflicts.open()} == {one.id for one in first.conflicts.open()}
    for office in offices:
        with pytest.MonkeyPatch.context() as patched:
            # A caseworker may not check her journal. That it is whole has to be true of hers too.
            patched.setattr(office.account, "require", lambda _verb: None)
            assert office.journal.verify().whole


def test_a_copy_of_the_heads_disk_goes_on_under_an_identity_of_its_own(laptops: Laptops) -> None:
    laptops.round("one", "two")
    client = person(laptops["one"], "Жұмабаева")
    copy = laptops.copy("one")
    assert own(laptops["one"]) == own(laptops[copy])
    mine, theirs = person(laptops["one"], "Саматова"), person(laptops[copy], "Тілеуова")
    laptops["one"].desk.save("person", {"given": "Айша"}, client)
    laptops[copy].desk.save("person", {"given": "Мария"}, client)
    assert texts(laptops.meet("one")) == []
    met = laptops.meet(copy)
    assert texts(met) == [RENAMED]
    assert (met.sent, met.waiting, met.conflicts) == (2, 0, 1)
    assert own(laptops["one"]) != own(laptops[copy])
    last = laptops.round("one", copy, "two")[3:]
    assert [texts(one) for one in last] == [[], [], []]
    assert_equal(laptops["one"], laptops[copy], laptops["two"])
    assert len(laptops["two"].conflicts.open()) == 1
    assert all(given(laptops[name], id) == "Мөлдір" for name in ("one", copy, "two") for id in (mine, theirs))


def test_what_was_packed_before_it_was_noticed_lies_beside_the_store_and_goes_under_the_new_identity(
    laptops: Laptops,
) -> None:
    laptops.round("one", "two")
    copy = laptops.copy("one")
    for surname in ("Саматова", "Қуанова"):
        person(laptops["one"], surname)
        laptops.meet("one")
    kept = []
    for surname in ("Тілеуова", "Омарова", "Әлиева"):
        kept.append(person(laptops[copy], surname))
        laptops.close(copy)
    former = own(laptops[copy])
    met = laptops.meet(copy)
    assert (texts(met), met.sent, met.waiting) == ([RENAMED], 3, 0)
    (aside,) = (laptops.place / copy).glob("unsent-*")
    left = FolderPeer(aside, laptops[copy].center.id, former).meet({}, "")
    assert len(left.batch.envelopes) == 3
    assert b"".join(left.batch.envelopes).find("Тілеуова".encode()) == -1
    last = laptops.round("one", "two", copy)[3:]
    assert [texts(one) for one in last] == [[], [], []]
    assert_equal(laptops["one"], laptops[copy], laptops["two"])
    assert all(given(laptops["two"], id) == "Мөлдір" for id in kept)


def test_a_colleagues_copy_goes_on_working_and_is_heard_when_the_head_has_admitted_it(laptops: Laptops) -> None:
    laptops.round("one", "two")
    copy = laptops.copy("two")
    before = block(laptops["two"])
    person(laptops["two"], "Саматова")
    laptops.meet("two")
    id = person(laptops[copy], "Тілеуова")
    met = laptops.meet(copy)
    assert texts(met) == [RENAMED, WAITS]
    assert block(laptops[copy]) > before
    assert not laptops[copy].deliveries.standing().confirmed
    later = person(laptops[copy], "Омарова")
    laptops.close(copy)
    met = laptops.meet(copy)
    assert texts(met) == [WAITS]
    assert told.STRANGERS in texts(laptops.meet("one"))
    laptops.admit(met)
    last = laptops.round("one", copy, "two")[3:]
    assert [texts(one) for one in last] == [[], [], []]
    assert_equal(laptops["one"], laptops[copy], laptops["two"])
    assert [given(laptops["one"], one) for one in (id, later)] == ["Мөлдір", "Мөлдір"]
    blocks = [block(laptops[name]) % 100 for name in ("one", "two", copy)]
    assert len(set(blocks)) == 3
    assert laptops[copy].deliveries.standing().confirmed


def test_a_restored_backup_takes_back_what_it_had_handed_over_and_loses_nothing_new(laptops: Laptops) -> None:
    laptops.round("one", "two")
    client = person(laptops["one"], "Жұмабаева")
    backup = laptops["one"].backups.make(laptops.place / "monday.fdbackup")
    laptops["one"].desk.save("person", {"given": "Айша"}, client)
    lost = person(laptops["one"], "Саматова")
    laptops.round("one", "two")
    laptops["two"].desk.save("person", {"given": "Мария"}, client)
    laptops.close("one")
    backups.restore(backup, laptops.place / "one", HEAD, least=CHEAP)
    former = own(laptops["two"]), own(laptops["one"])
    laptops["one"].desk.save("person", {"given": "Дана"}, client)
    new = person(laptops["one"], "Тілеуова")
    met = laptops.meet("one")
    assert texts(met) == [RENAMED]
    assert (met.waiting, met.received > 0) == (0, True)
    assert own(laptops["one"]) not in former
    last = laptops.round("two", "one")[2:]
    assert [texts(one) for one in last] == [[], []]
    assert_equal(laptops["one"], laptops["two"])
    assert all(given(laptops[name], id) == "Мөлдір" for name in ("one", "two") for id in (lost, new))
    wanted = {"Айша", "Мария", "Дана"}
    for name in ("one", "two"):
        assert wanted <= {entry.after for entry in laptops[name].history.of("person", client)}


def test_a_conflict_that_was_opened_before_the_new_name_is_the_same_on_all_laptops(laptops: Laptops) -> None:
    client = person(laptops["one"], "Жұмабаева")
    laptops.round("one", "two")
    copy = laptops.copy("one")
    person(laptops["one"], "Саматова")
    laptops.meet("one")
    laptops[copy].desk.save("person", {"given": "Дана"}, client)
    laptops["two"].desk.save("person", {"given": "Мария"}, client)
    laptops.meet("two")
    assert texts(laptops.meet(copy)) == [RENAMED]
    laptops.round("one", "two", copy)
    assert_equal(laptops["one"], laptops["two"], laptops[copy])
    (found,) = laptops[copy].conflicts.open()
    assert (found.mine, found.theirs) == ("Дана", "Мария")
    laptops["two"].conflicts.settle(laptops["two"].conflicts.open()[0].id, "take")
    laptops.round("two", copy, "one")
    assert {given(laptops[name], client) for name in ("one", "two", copy)} == {"Дана"}
    assert not any(laptops[name].conflicts.open() for name in ("one", "two", copy))


def test_what_the_backup_held_unpacked_and_others_have_is_not_written_twice(laptops: Laptops) -> None:
    laptops.round("one", "two")
    client = person(laptops["one"], "Жұмабаева")
    backup = laptops["one"].backups.make(laptops.place / "monday.fdbackup")
    person(laptops["one"], "Саматова")
    laptops.round("one", "two")
    copy = "one-copy"
    backups.restore(backup, laptops.place / copy, HEAD, least=CHEAP)
    person(laptops[copy], "Тілеуова")
    assert unpacked(laptops[copy]) == 2
    assert laptops.meet(copy).sent == 1
    assert [beginnings(laptops[name], client) for name in ("one", copy)] == [1, 1]
    laptops["one"].desk.save("person", {"given": "Айша"}, client)
    last = laptops.round("one", copy, "two")
    assert sum(one.conflicts for one in last) == 0
    assert_equal(laptops["one"], laptops[copy], laptops["two"])


def test_both_copies_that_were_on_different_sticks_come_to_the_same(laptops: Laptops) -> None:
    laptops.round("one", "two")
    copy = laptops.copy("one")
    other = str(laptops.place / "other")
    Path(other).mkdir()
    mine, theirs = person(laptops["one"], "Саматова"), person(laptops[copy], "Тілеуова")
    laptops.meet("one")
    assert texts(laptops.meet(copy, other)) == []
    assert RENAMED in texts(laptops.meet("one", other))
    assert RENAMED in texts(laptops.meet(copy))
    for _ in range(2):
        for peer in (laptops.stick, other):
            for name in ("one", copy, "two"):
                laptops.meet(name, peer)
    assert len({own(laptops[name]) for name in ("one", copy)}) == 2
    assert_equal(laptops["one"], laptops[copy], laptops["two"])
    assert all(given(laptops[name], id) == "Мөлдір" for name in ("one", copy, "two") for id in (mine, theirs))


def test_a_copy_is_noticed_at_a_hub_too(laptops: Laptops, hub: Hub, tmp_path: Path) -> None:
    certificate = tmp_path / "center.txt"
    laptops["one"].admissions.certificate(certificate)
    hub.add(certificate)
    laptops.stick = hub.url
    laptops.round("one", "two")
    copies = [laptops.copy(name) for name in ("one", "two")]
    ids = [person(laptops[name], "Саматова") for name in ("one", "two")]
    assert [texts(laptops.meet(name)) for name in ("one", "two")] == [[], []]
    ids += [person(laptops[name], "Тілеуова") for name in copies]
    assert texts(laptops.meet(copies[0])) == [RENAMED]
    met = laptops.meet(copies[1])
    assert [one for one in texts(met) if one != told.REFUSED] == [RENAMED, WAITS]
    assert met.waiting
    laptops.admit(met)
    last = laptops.round("one", *copies, "two")[4:]
    assert [(texts(one), one.waiting) for one in last] == [([], 0)] * 4
    assert_equal(*(laptops[name] for name in ("one", "two", *copies)))
    assert all(given(laptops["one"], id) == "Мөлдір" for id in ids)


def test_a_disk_without_room_for_what_was_unsent_changes_nothing(
    laptops: Laptops, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptops.round("one", "two")
    copy = laptops.copy("one")
    person(laptops["one"], "Саматова")
    laptops.meet("one")
    person(laptops[copy], "Тілеуова")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    former = own(laptops[copy])
    with monkeypatch.context() as patched:
        patched.setattr("familydesk.sync.disk.write", full)
        with pytest.raises(Weather):
            laptops.meet(copy)
    assert (own(laptops[copy]), unpacked(laptops[copy])) == (former, 1)
    met = laptops.meet(copy)
    assert (texts(met), met.sent, met.waiting) == ([RENAMED], 1, 0)


def test_a_failure_half_way_leaves_the_laptop_as_it_was_and_the_next_meeting_begins_anew(
    laptops: Laptops, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptops.round("one", "two")
    copy = laptops.copy("one")
    person(laptops["one"], "Саматова")
    laptops.meet("one")
    person(laptops[copy], "Тілеуова")
    former = own(laptops[copy])

    def fails(*_: object) -> None:
        raise Weather("no", "no")

    with monkeypatch.context() as patched:
        patched.setattr(laptops[copy].center, "vouch_for_own", fails)
        with pytest.raises(Weather):
            laptops.meet(copy)
    assert (own(laptops[copy]), unpacked(laptops[copy])) == (former, 1)
    laptops.close(copy)
    assert texts(laptops.meet(copy)) == [RENAMED]
    assert len(list((laptops.place / copy).glob("unsent-*"))) == 2
    laptops.round("one", copy, "two")
    assert_equal(laptops["one"], laptops[copy], laptops["two"])


def test_opened_with_the_recovery_key_it_stays_silent_until_somebody_can_sign(laptops: Laptops, both: Path) -> None:
    laptops.round("one", "two")
    copy = laptops.copy("one")
    person(laptops["one"], "Саматова")
    laptops.meet("one")
    paper = (both / "paper").read_text(encoding="utf-8")
    office = front_door.unlock(laptops.place / copy, recovery=paper, settings=Settings(laptops.place / "paper.json"))
    former = own(office)
    assert told.IN_DOUBT in texts(office.syncing.sync(laptops.stick))
    assert own(office) == former
    office.close()
    assert texts(laptops.meet(copy)) == [RENAMED]


def test_the_journal_tells_of_the_new_identity_and_a_restart_keeps_it(laptops: Laptops) -> None:
    laptops.round("one", "two")
    copy = laptops.copy("one")
    person(laptops["one"], "Саматова")
    laptops.meet("one")
    former = own(laptops[copy])
    laptops.meet(copy)
    new = own(laptops[copy])
    laptops.close(copy)
    assert own(laptops[copy]) == new
    with laptops[copy].database.connection() as connection:
        deeds = list(connection.exec_driver_sql("SELECT deed FROM journal").scalars())
        assert deeds.count(Deed.LAPTOP_RENAMED.name) == 1
        assert not shelf.is_silent(connection, new)
        (detail,) = connection.exec_driver_sql(
            "SELECT detail FROM journal WHERE deed = ?", (Deed.LAPTOP_RENAMED.name,)
        ).scalars()
    assert former.hex() in detail
    assert new.hex() in detail
    assert laptops[copy].journal.verify().whole
