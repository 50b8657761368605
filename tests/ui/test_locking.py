"""Locking, with the program in a process of its own: what is gone from memory, what is kept, where she stands."""

from __future__ import annotations

import mmap
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from io import RawIOBase
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from desk_in_hand import DeskInHand
from logind_in_hand import Login, needs_bus, private_bus
from PySide6.QtCore import Qt

from familydesk.core.settings import Settings
from familydesk.records.person import IinAbsence, Sex
from familydesk.services import front_door
from familydesk.services.office import Office
from familydesk.store.derivation import FLOOR
from familydesk.ui.lock import FAILED, NAME, Stance, WayBack, stance_of
from familydesk.ui.theme import Theme
from familydesk.ui.window import Window

PASSPHRASE = "жеті қара тас төбеде"
SURNAME = "Құрманғазыұлықызы"
Store = tuple[Path, UUID]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads another process through /proc")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A real store with one person in it."""
    folder = tmp_path_factory.mktemp("made") / "store"
    settings = Settings(folder.parent / "settings.json")
    office = front_door.create_store(
        folder, "Орталық", "Оспанова Гүлнар", "head", PASSPHRASE, settings=settings, cost=FLOOR
    ).office
    values = {"surname": SURNAME, "given": "Мөлдір", "born_on": date(1890, 2, 1), "sex": Sex.FEMALE}
    person = office.desk.save("person", {**values, "iin_absence": IinAbsence.NO_DOCUMENT}).id
    office.close()
    return folder, person


@pytest.fixture
def folder(made: Store, tmp_path: Path) -> Path:
    """A copy of that store."""
    return Path(shutil.copytree(made[0], tmp_path / "store"))


@pytest.fixture
def desk(folder: Path, tmp_path: Path) -> Iterator[DeskInHand]:
    """The program at its unlock screen."""
    desk = DeskInHand(folder, tmp_path)
    yield desk
    desk.end()


def opened(folder: Path, tmp_path: Path) -> Office:
    return front_door.unlock(folder, PASSPHRASE, settings=Settings(tmp_path / "other.json"))


def lock(desk: DeskInHand) -> dict[str, object]:
    desk.ask("lock")
    return desk.until(lambda said: said["page"] is None and said["front"] == "UnlockPage")


# Memory


def writable_memory(pid: int) -> Iterator[bytes]:
    """All of a process's memory that anybody could have written to; the process stands still meanwhile."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield from read_regions(pid)
    finally:
        os.kill(pid, signal.SIGCONT)


def read_regions(pid: int) -> Iterator[bytes]:
    with open(f"/proc/{pid}/maps") as maps:
        regions = [line.split()[:2] for line in maps if "[v" not in line]
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for span, rights in regions:
            if rights.startswith("rw"):
                start, end = (int(side, 16) for side in span.split("-"))
                yield read_whole(memory, start, end)


def read_whole(memory: RawIOBase, start: int, end: int) -> bytes:
    """From `start` to `end`; a page that belongs to a device cannot be read and holds nothing of the program's."""
    found = bytearray()
    while (at := start + len(found)) < end:
        memory.seek(at)
        try:
            found += memory.read(end - at) or b""
        except OSError:
            found += bytes(mmap.PAGESIZE)
    return bytes(found)


def in_memory(pid: int, secrets: dict[str, list[bytes]]) -> set[str]:
    """Which secrets stand in the memory of a process, in any of their forms."""
    found: set[str] = set()
    for region in writable_memory(pid):
        found |= {name for name, forms in secrets.items() if any(form in region for form in forms)}
    return found


def as_text(text: str) -> list[bytes]:
    """How Python, Qt and the disk keep a text."""
    return [text.encode(code) for code in ("utf-8", "utf-16-le", "utf-32-le")]


def as_key(key: bytes) -> list[bytes]:
    return [key, *as_text(key.hex()), *as_text(key.hex().upper())]


@pytest.fixture
def secrets(folder: Path, tmp_path: Path) -> dict[str, list[bytes]]:
    """What must not be found, by name."""
    office = opened(folder, tmp_path)
    signing = office.account.signing_key()
    assert signing
    found = {
        "store key": as_key(office.database.key),
        "signing key": as_key(bytes(signing)),
        "passphrase": as_text(PASSPHRASE),
        "name": as_text(SURNAME),
    }
    office.close()
    return found


def may_read_memory(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/mem", "rb") as memory:
            return memory.readable()
    except PermissionError:
        return False


def test_after_a_lock_no_key_passphrase_or_name_is_left_in_memory(
    desk: DeskInHand, made: Store, secrets: dict[str, list[bytes]]
) -> None:
    desk.until(lambda said: said["front"] == "UnlockPage")
    pid = desk.process.pid
    if not may_read_memory(pid):
        pytest.skip("the program keeps its memory from its own user: this test has to run as root")
    desk.ask("type", text=PASSPHRASE)
    assert in_memory(pid, secrets) == {"passphrase"}
    desk.ask("enter")
    desk.until(lambda said: said["page"] is not None)
    desk.ask("read_record", sheet="person", record=str(made[1]))
    before = desk.until(lambda said: said["record"])
    assert in_memory(pid, secrets) >= {"store key", "signing key", "name"}
    after = lock(desk)
    assert after["pid"] == before["pid"] == pid
    assert in_memory(pid, secrets) == set()


def test_other_programs_of_the_same_user_cannot_read_the_memory_and_no_crash_is_written_out() -> None:
    code = """
import ctypes, resource
from familydesk import __main__
__main__._leave_no_core()
PR_GET_DUMPABLE = 3
print(ctypes.CDLL(None).prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), resource.getrlimit(resource.RLIMIT_CORE))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0 (0, 0)"


# The new process


def test_after_a_lock_the_window_stands_where_it_stood_and_she_where_she_stood(
    desk: DeskInHand, made: Store, folder: Path
) -> None:
    desk.unlock(PASSPHRASE)
    desk.ask("speak", language="ru")
    desk.ask("move", place=[30, 40, 730, 500])
    desk.ask("read_record", sheet="person", record=str(made[1]))
    locked = lock(desk)
    assert (locked["place"], locked["language"], locked["shown"]) == ([30, 40, 730, 500], "ru", True)
    assert desk.unlock(PASSPHRASE)["page"] == f"person/{made[1]}"


def test_the_new_process_is_told_nothing_that_is_anybodys_secret(desk: DeskInHand, made: Store) -> None:
    desk.unlock(PASSPHRASE)
    desk.ask("read_record", sheet="person", record=str(made[1]))
    lock(desk)
    told = Path(f"/proc/{desk.process.pid}/cmdline").read_bytes() + told_by_environment(desk.process.pid)
    assert NAME.encode() in told
    # The words it was started with do not come again: another command than the window would be done once more.
    assert b"--store" not in Path(f"/proc/{desk.process.pid}/cmdline").read_bytes()
    assert not [form for form in (*as_text(SURNAME), *as_text(str(made[1])), made[1].hex.encode()) if form in told]


def told_by_environment(pid: int) -> bytes:
    return Path(f"/proc/{pid}/environ").read_bytes()


def test_a_lock_leaves_no_file_of_the_store_open_and_the_folder_to_others(
    desk: DeskInHand, folder: Path, tmp_path: Path
) -> None:
    desk.unlock(PASSPHRASE)
    assert files_open(desk.process.pid, folder)
    descriptors = len(os.listdir(f"/proc/{desk.process.pid}/fd"))
    lock(desk)
    assert not files_open(desk.process.pid, folder)
    assert not [file for file in folder.iterdir() if file.name.endswith(("-wal", "-shm"))]
    opened(folder, tmp_path).close()
    desk.unlock(PASSPHRASE)
    assert len(os.listdir(f"/proc/{desk.process.pid}/fd")) <= descriptors + 2


def files_open(pid: int, folder: Path) -> list[str]:
    targets = [os.readlink(one) for one in Path(f"/proc/{pid}/fd").iterdir() if one.is_symlink()]
    return [target for target in targets if target.startswith(str(folder))]


def test_a_lock_leaves_no_temporary_file_behind(desk: DeskInHand, tmp_path: Path) -> None:
    desk.until(lambda said: said["front"] == "UnlockPage")
    first = sorted((tmp_path / "temporary").iterdir())
    desk.unlock(PASSPHRASE)
    lock(desk)
    assert len(list((tmp_path / "temporary").iterdir())) == len(first)
    assert not any(path.exists() for path in first)


@needs_bus
def test_sleep_waits_until_the_process_that_knew_the_keys_is_gone(folder: Path, tmp_path: Path) -> None:
    with private_bus() as bus:
        login = Login(bus)
        desk = DeskInHand(folder, tmp_path, DBUS_SYSTEM_BUS_ADDRESS=bus)
        try:
            desk.unlock(PASSPHRASE)
            wait_for(lambda: "Inhibit sleep workspace Saving delay" in login.heard)
            login.tell("sleep")
            desk.until(lambda said: said["page"] is None and said["front"] == "UnlockPage")
            wait_for(lambda: "released" in login.heard)
        finally:
            desk.end()
            login.end()


def wait_for(condition: Callable[[], bool], seconds: float = 10) -> None:
    last = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < last
        time.sleep(0.02)


def test_a_system_that_cannot_start_the_program_again_ends_it() -> None:
    code = """
import sys
from familydesk.ui.lock import WayBack, begin_anew
sys.executable = "/nowhere/at/all"
begin_anew(WayBack("store", "settings.json", "kk"))
"""
    assert subprocess.run([sys.executable, "-c", code], timeout=30).returncode == FAILED


def test_the_way_back_is_taken_once_and_anything_else_in_its_place_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    back = WayBack("/дүкен\udcff", "/settings.json", "kk", "01d9", "behind")
    monkeypatch.setenv(NAME, back.packed())
    assert WayBack.taken() == back
    assert WayBack.taken() is None
    for wrong in ("", "nonsense", "[]", "{}", '{"store": 1}', '{"store": "x"}', back.packed().replace("store", "door")):
        monkeypatch.setenv(NAME, wrong)
        assert WayBack.taken() is None


def test_a_window_that_was_minimised_or_behind_others_comes_back_so(qtbot: Any, theme: Theme, tmp_path: Path) -> None:
    window = Window(Settings(tmp_path / "settings.json"), theme)
    qtbot.addWidget(window)
    WayBack("", "", "en", stance=Stance.MINIMIZED).show(window)
    assert window.isMinimized()
    assert stance_of(window) is Stance.MINIMIZED
    WayBack("", "", "en", stance=Stance.BEHIND).show(window)
    assert window.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    WayBack("", "", "en").show(window)
    assert not window.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)


# What was typed


@pytest.mark.parametrize("step", ["leave", "finish", "close", "execve"])
def test_a_program_killed_in_the_middle_of_a_lock_has_lost_nothing(
    desk: DeskInHand, made: Store, folder: Path, tmp_path: Path, step: str
) -> None:
    desk.unlock(PASSPHRASE)
    desk.ask("read_record", sheet="person", record=str(made[1]))
    desk.until(lambda said: said["record"])
    desk.ask("write_in", field="occupation", text="Тігінші")
    # The pause after which what is typed is kept.
    time.sleep(1.2)
    desk.ask("die_at", step=step)
    desk.ask("lock")
    assert desk.process.wait(30) == -9
    office = opened(folder, tmp_path)
    draft = office.drafts.load("person", made[1])
    assert draft
    assert draft.values["occupation"] == "Тігінші"
    assert office.bookmark.get() == (f"person/{made[1]}", made[1])
    office.close()
