"""Two files change when somebody is added, put out or readmitted: whenever the program dies, the store opens, nobody is
let in who should not be, and the step can be taken again.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from familydesk.core.errors import Refused, Weather
from familydesk.core.settings import Settings
from familydesk.services import front_door, members
from familydesk.services.backups import restore
from familydesk.services.members import MemberState, Role
from familydesk.services.office import Office
from familydesk.store import durable, guards, remembered
from familydesk.store.delay import Delay
from familydesk.store.derivation import Cost
from familydesk.store.keys import KeyFile, WrongPassphrase
from familydesk.store.proof import OTHER_LIST

CHEAP = Cost(1, 8192)
HERS, BOTAS = "Көктемде жаңбыр жауды", "бота өз сөзін айтты"

forking = pytest.mark.skipif(not hasattr(os, "fork"), reason="a second process is made by fork")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a head and a colleague who has chosen her passphrase."""
    folder = tmp_path_factory.mktemp("made") / "store"
    settings = Settings(folder.parent / "settings.json")
    created = front_door.create_store(folder, "О", "Оспанова Гүлнар", "head", HERS, settings=settings, cost=CHEAP)
    (folder.parent / "paper").write_text(created.recovery_key)
    office = created.office
    given = office.members.add("bota", "Бекова Бота", Role.LAWYER, cost=CHEAP).temporary_passphrase
    office.close()
    office = front_door.unlock(folder, given, login="bota", settings=settings, least=CHEAP)
    office.account.set_passphrase(BOTAS, cost=CHEAP)
    office.close()
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "store"))


def enter(folder: Path, login: str = "head", passphrase: str = HERS) -> Office:
    settings = Settings(folder.parent / "settings.json")
    return front_door.unlock(folder, passphrase, login=login, settings=settings, least=CHEAP)


def add_dina(office: Office) -> None:
    office.members.add("dina", "Динова Дина", Role.LAWYER, cost=CHEAP)


def disable_bota(office: Office) -> None:
    office.members.disable("bota")


def readmit_bota(office: Office) -> None:
    office.members.readmit("bota", cost=CHEAP)


def killed_at(step: int, folder: Path, verb: Callable[[Office], None]) -> bool:
    """Let a second process do it, and kill it at its `step`-th line in the list's own verbs or in a file's exchange."""
    child = os.fork()
    if child == 0:
        office = enter(folder)
        left = iter(range(step))
        places = {
            members.__file__: {"add", "disable", "readmit", "_say", "_changing"},
            durable.__file__: {"replace", "staged"},
        }

        def trace(frame: FrameType, event: str, argument: Any) -> Any:
            if frame.f_code.co_name not in places.get(frame.f_code.co_filename, ()):
                return None
            if event == "line" and next(left, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)
            return trace

        sys.settrace(trace)
        verb(office)
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@forking
@pytest.mark.parametrize("verb", [add_dina, disable_bota, readmit_bota])
def test_killed_at_any_step_the_store_opens_and_the_step_can_be_taken_again(
    made: Path, tmp_path: Path, verb: Callable[[Office], None]
) -> None:
    steps = 0
    while killed_at(steps, shutil.copytree(made, there := tmp_path / str(steps)), verb):
        steps += 1
        office = enter(there)
        assert office.members.broken == 0
        states = {one.login: one.state for one in office.members.list()}
        assert slot_opens(there) <= (states["bota"] is MemberState.ACTIVE)
        if "dina" not in states:
            verb(office)
            assert KeyFile.read(there / "desk.keys").people == len(active(office))
        office.close()
    assert steps > 8


def by_another_program(folder: Path, statement: str) -> None:
    """What a colleague can do who has the store key, while nobody is in."""
    key = KeyFile.read(folder / "desk.keys").by_passphrase(BOTAS, "bota", CHEAP).store_key
    with guards.plain_connection(folder / "desk.db", key) as connection:
        connection.execute(statement)


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM statement WHERE seq = 1",
        "UPDATE statement SET id = 'x' WHERE seq = 1",
        "UPDATE statement SET content = x'00' WHERE seq = 1",
    ],
)
def test_a_list_that_lost_its_first_line_says_what_to_do_and_that_helps(
    made: Path, folder: Path, damage: str, tmp_path: Path
) -> None:
    office = enter(folder)
    office.backups.make(tmp_path / "copy.fdb")
    office.close()
    by_another_program(folder, damage)
    for login, passphrase in (("head", HERS), ("bota", BOTAS)):
        with pytest.raises(Refused, match="backup back with the recovery key"):
            enter(folder, login, passphrase)
    with pytest.raises(Refused, match="into another folder"):
        restore(tmp_path / "copy.fdb", folder, HERS, least=CHEAP)
    restore(tmp_path / "copy.fdb", tmp_path / "another", HERS, least=CHEAP)
    enter(tmp_path / "another").close()
    restore(tmp_path / "copy.fdb", folder, recovery=(made.parent / "paper").read_text(), least=CHEAP)
    enter(folder).close()


def test_a_line_that_was_put_on_another_account_is_found(folder: Path) -> None:
    count = len(rows_of(folder))
    for seq in range(1, count + 1):
        there = Path(shutil.copytree(folder, folder.parent / str(seq)))
        by_another_program(there, f"UPDATE statement SET account = '{'f' * 32}' WHERE seq = {seq}")
        office = enter(there)
        assert office.members.broken == 1
        assert office.journal.verify().broken.why == OTHER_LIST
        office.close()
    assert count > 3


def rows_of(folder: Path) -> list[int]:
    office = enter(folder)
    with office.database.connection() as connection:
        found = list(connection.exec_driver_sql("SELECT seq FROM statement").scalars())
    office.close()
    return found


def slot_opens(folder: Path) -> bool:
    try:
        return bool(KeyFile.read(folder / "desk.keys").by_passphrase(BOTAS, "bota", CHEAP))
    except WrongPassphrase:
        return False


def active(office: Office) -> list[str]:
    return [one.login for one in office.members.list() if one.state is MemberState.ACTIVE]


def lets_bota_in(folder: Path) -> bool:
    try:
        enter(folder, "bota", BOTAS).close()
    except (Weather, Refused):
        return False
    return True


# The key file


def test_the_key_file_of_another_laptop_opens_nothing_here(folder: Path, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "o.json")
    front_door.create_store(
        tmp_path / "o", "О", "Басқа Адам", "head", HERS, settings=settings, cost=CHEAP
    ).office.close()
    shutil.copy(tmp_path / "o" / "desk.keys", folder / "desk.keys")
    with pytest.raises(Weather) as caught:
        enter(folder, "")
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("length", [0, 1, 400, -2])
def test_a_key_file_that_was_cut_short_is_told_and_left_alone(folder: Path, length: int) -> None:
    content = (folder / "desk.keys").read_bytes()
    (folder / "desk.keys").write_bytes(content[:length])
    with pytest.raises(Weather, match="damaged"):
        enter(folder)
    assert (folder / "desk.keys").read_bytes() == content[:length]


def test_a_key_file_that_went_missing_while_the_store_was_open_is_told(folder: Path) -> None:
    office = enter(folder)
    try:
        (folder / "desk.keys").rename(folder / "away")
        with pytest.raises(Weather, match="missing"):
            disable_bota(office)
        (folder / "away").rename(folder / "desk.keys")
        disable_bota(office)
    finally:
        office.close()


def test_a_full_disk_disables_nobody_by_halves(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(handle: int) -> None:
        raise OSError(28, "No space left on device")

    office = enter(folder)
    with monkeypatch.context() as full:
        full.setattr(os, "fsync", no_space)
        with pytest.raises(Weather, match="disk is full"):
            disable_bota(office)
    office.close()
    assert lets_bota_in(folder)


def opens(folder: Path, login: str, passphrase: str) -> bool:
    try:
        enter(folder, login, passphrase).close()
    except WrongPassphrase:
        return False
    return True


def with_room_for(pages: int, disk: Path) -> Path:
    """Fills the disk up to so many pages of 4 KiB; gives back what fills it."""
    film = disk / "film"
    film.write_bytes(bytes((os.statvfs(disk).f_bavail - pages) * os.statvfs(disk).f_frsize))
    return film


def test_a_passphrase_is_changed_or_is_not_however_little_room_the_disk_has(made: Path, small_disk: Path) -> None:
    own, seen = "ботаның мүлдем жаңа сөзі", set()
    for pages in range(0, 26, 2):
        folder = Path(shutil.copytree(made, small_disk / "store"))
        head = enter(folder)
        given = head.members.readmit("bota", cost=CHEAP).temporary_passphrase
        head.close()
        bota = enter(folder, "bota", given)
        film = with_room_for(pages, small_disk)
        told = ""
        try:
            bota.account.set_passphrase(own, cost=CHEAP)
        except Weather as weather:
            told = weather.text
        film.unlink()
        bota.close()
        seen.add((told, opens(folder, "bota", given), opens(folder, "bota", own)))
        shutil.rmtree(folder)
    assert seen == {("The disk is full, so nothing more can be written.", True, False), ("", False, True)}


def test_a_disk_without_room_to_open_the_store_is_told_as_full(made: Path, small_disk: Path) -> None:
    for pages in range(8):
        folder = Path(shutil.copytree(made, small_disk / "store"))
        film = with_room_for(pages, small_disk)
        with pytest.raises(Weather, match="disk is full"):
            enter(folder)
        film.unlink()
        shutil.rmtree(folder)


def test_a_second_window_changes_nothing_while_the_first_is_open(folder: Path) -> None:
    office = enter(folder)
    with pytest.raises(Weather, match="already open"):
        enter(folder, "bota", BOTAS)
    office.close()
    assert lets_bota_in(folder)


# The keyring


class Ring:
    """A keyring that keeps its secrets in memory: the interface of the real ones."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def set_password(self, service: str, name: str, secret: str) -> None:
        self.kept[service, name] = secret

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def delete_password(self, service: str, name: str) -> None:
        del self.kept[service, name]


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Ring:
    ring = Ring()
    monkeypatch.setattr(remembered, "keyring", lambda: ring)
    return ring


def remembered_bota(folder: Path) -> None:
    office = enter(folder, "bota", BOTAS)
    office.account.remember()
    office.close()


def recall(folder: Path) -> Office:
    settings = Settings(folder.parent / "settings.json")
    return front_door.unlock(folder, remembered_here=True, settings=settings, least=CHEAP)


def test_a_computer_that_remembers_opens_for_her_until_she_is_disabled(folder: Path, ring: Ring) -> None:
    remembered_bota(folder)
    office = recall(folder)
    assert office.members.role_of(office.me) is Role.LAWYER
    office.close()
    office = enter(folder)
    disable_bota(office)
    office.close()
    with pytest.raises(Weather, match="does not remember"):
        recall(folder)


def test_two_people_on_one_computer_are_remembered_and_forgotten_each_for_herself(folder: Path, ring: Ring) -> None:
    remembered_bota(folder)
    office = enter(folder)
    head = office.me
    assert not front_door.is_remembered(folder, head)
    office.account.remember()
    assert len(ring.kept) == 2
    office.close()
    office = recall(folder)
    assert office.me == head
    office.account.forget()
    office.close()
    assert not front_door.is_remembered(folder, head)
    office = recall(folder)
    assert office.members.role_of(office.me) is Role.LAWYER
    office.close()


@pytest.mark.parametrize("secret", ["", "bm90IGl0", "no base 64", "AAAA" * 11])
def test_a_keyring_whose_secret_was_changed_opens_nothing_and_the_passphrase_still_does(
    folder: Path, ring: Ring, secret: str
) -> None:
    remembered_bota(folder)
    ring.kept = dict.fromkeys(ring.kept, secret)
    with pytest.raises(Weather, match="does not remember"):
        recall(folder)
    assert lets_bota_in(folder)


# The clock


def test_switching_the_computer_off_and_on_shortens_no_wait_and_lengthens_none_for_ever(tmp_path: Path) -> None:
    now = [1_000_000.0]
    delay = Delay(tmp_path / "delay.json", lambda: now[0])
    for _ in range(6):
        delay.count_try()
    assert delay.left() == 16
    now[0] = 0.0
    assert delay.left() == 16
    now[0] += 16
    assert delay.left() == 0


def test_a_clock_set_back_keeps_nobody_from_the_list(folder: Path) -> None:
    from familydesk.core import clock

    with clock.stopped(clock.local(2001, 1, 1)):
        office = enter(folder)
        disable_bota(office)
        add_dina(office)
        office.close()
    office = enter(folder)
    assert (office.members.broken, len(office.members.list())) == (0, 3)
    office.close()


def test_every_slot_that_is_written_reaches_the_floor_unless_a_test_says_otherwise(folder: Path) -> None:
    office = enter(folder)
    office.members.add("dina", "Динова Дина", Role.LAWYER)
    office.close()
    with pytest.raises(Weather, match="changed by another hand"):
        front_door.unlock(folder, HERS, login="head", settings=Settings(folder.parent / "s.json"))
    assert KeyFile.read(folder / "desk.keys").people == 3
