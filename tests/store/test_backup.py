from __future__ import annotations

import json
import os
import signal
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from familydesk.core.errors import Weather
from familydesk.records import sheet_of
from familydesk.store import arrival, backup
from familydesk.store.database import Database
from familydesk.store.derivation import Cost
from familydesk.store.folder import StoreFolder
from familydesk.store.keys import KeyFile

KEYS, OPENED, PAPER = KeyFile.new(UUID(int=1), "ana", "Көктемде жаңбыр жауды", Cost(1, 8192))
PLANTED = "Жұмабаева"


def region(number: int) -> object:
    return sheet_of("region")(kato=f"{number:09}", name_kk=PLANTED * 20, name_ru="Б" * 200)


@pytest.fixture
def database(place: StoreFolder) -> Database:
    KEYS.write(place.keys)
    made = Database.create(place.database, OPENED.store_key)
    with made.write() as session:
        session.add_all(region(number) for number in range(300))
    yield made
    made.close()


@pytest.fixture
def copy(database: Database, place: StoreFolder, tmp_path: Path) -> Path:
    out = tmp_path / "desk.backup"
    backup.make(place, OPENED.store_key, out)
    return out


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def brought_back(file: Path, folder: Path) -> int:
    """How many regions the backup holds when it is unpacked and opened by the passphrase of its day."""
    there = StoreFolder(folder)
    folder.mkdir()
    backup.unpack(file, there)
    opened = KeyFile.read(there.keys).by_passphrase("Көктемде жаңбыр жауды", least=Cost(1, 8192))
    backup.check(there, opened.store_key)
    database = Database.open(there.database, opened.store_key)
    with database.read() as session:
        found = session.query(sheet_of("region")).count()
    database.close()
    return found


def test_a_backup_opens_with_its_own_keys_and_holds_every_row(copy: Path, tmp_path: Path) -> None:
    assert brought_back(copy, tmp_path / "there") == 300


def test_a_backup_leaves_no_scraps(copy: Path, place: StoreFolder, tmp_path: Path) -> None:
    assert names_in(tmp_path) == {"desk", "desk.backup"}
    assert names_in(place.root) <= {"desk.db", "desk.db-wal", "desk.db-shm", "desk.keys"}


def test_a_backup_made_while_others_write_is_one_moment(database: Database, place: StoreFolder, tmp_path: Path) -> None:
    """Rows are written in pairs: a copy with an odd number of them would be no moment that ever was."""
    stop, begun = threading.Event(), threading.Event()

    def keep_writing() -> None:
        while not stop.is_set():
            with database.write() as session:
                session.add_all([region(1), region(2)])
            begun.set()

    writer = threading.Thread(target=keep_writing)
    writer.start()
    begun.wait()
    try:
        for number in range(3):
            backup.make(place, OPENED.store_key, tmp_path / f"{number}.backup")
    finally:
        stop.set()
        writer.join()
    counts = [brought_back(tmp_path / f"{number}.backup", tmp_path / str(number)) for number in range(3)]
    assert all(count % 2 == 0 for count in counts)
    assert 300 < counts[0] <= counts[1] <= counts[2]


def test_nothing_readable_lies_in_a_backup(copy: Path) -> None:
    content = copy.read_bytes()
    for encoding in ("utf-8", "utf-16-le", "cp1251"):
        assert PLANTED.encode(encoding, "ignore") not in content
    assert OPENED.store_key not in content
    assert OPENED.store_key.hex().encode() not in content


def test_the_manifest_counts_no_people(copy: Path) -> None:
    with zipfile.ZipFile(copy) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert set(manifest) == {"format", "version", "program", "schema", "made_at", "files"}


def test_every_changed_byte_is_found_or_does_no_harm(copy: Path, tmp_path: Path) -> None:
    content = copy.read_bytes()
    harmless = 0
    for turn, offset in enumerate(range(0, len(content), max(1, len(content) // 150))):
        changed = bytearray(content)
        changed[offset] ^= 1
        file = tmp_path / "changed.backup"
        file.write_bytes(changed)
        try:
            harmless += brought_back(file, tmp_path / f"turn{turn}") == 300
        except Weather:
            continue
    assert harmless < 10


@pytest.mark.parametrize("part", [0, 1, 100, 0.5, 0.99])
def test_a_file_cut_short_is_no_backup(copy: Path, tmp_path: Path, part: float) -> None:
    content = copy.read_bytes()
    copy.write_bytes(content[: int(part * len(content)) if part < 1 else int(part)])
    with pytest.raises(Weather):
        brought_back(copy, tmp_path / "there")


@pytest.mark.parametrize("name", ["../desk.db", "/tmp/desk.db", "desk.db.exe"])
def test_a_backup_with_strange_names_in_it_is_no_backup(tmp_path: Path, place: StoreFolder, name: str) -> None:
    file = tmp_path / "strange.backup"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, b"x")
        facts = {"bytes": 1, "blake2b": ""}
        manifest = {
            "format": "familydesk-backup",
            "version": 1,
            "schema": 1,
            "files": {name: facts, "desk.keys": facts},
        }
        archive.writestr("manifest.json", json.dumps(manifest))
    with pytest.raises(Weather, match="no backup of this program"):
        backup.unpack(file, place)
    assert not names_in(place.root)


def test_a_backup_of_a_newer_program_is_told_as_such(copy: Path, tmp_path: Path) -> None:
    newer = tmp_path / "newer.backup"
    with zipfile.ZipFile(copy) as old, zipfile.ZipFile(newer, "w") as new:
        for name in ("desk.db", "desk.keys"):
            new.writestr(name, old.read(name))
        manifest = json.loads(old.read("manifest.json")) | {"version": 2}
        new.writestr("manifest.json", json.dumps(manifest))
    with pytest.raises(Weather, match="newer version"):
        brought_back(newer, tmp_path / "there")


def test_a_damaged_store_makes_no_backup_that_looks_whole(
    database: Database, place: StoreFolder, tmp_path: Path
) -> None:
    database.close()
    content = bytearray(place.database.read_bytes())
    content[len(content) // 2] ^= 1
    place.database.write_bytes(content)
    with pytest.raises(Weather, match="damaged"):
        backup.make(place, OPENED.store_key, tmp_path / "desk.backup")
    assert names_in(tmp_path) == {"desk"}


def test_a_full_disk_leaves_no_half_file_and_keeps_the_old_one(
    database: Database, place: StoreFolder, small_disk: Path
) -> None:
    out = small_disk / "desk.backup"
    backup.make(place, OPENED.store_key, out)
    before = out.read_bytes()
    (small_disk / "film").write_bytes(bytes(4_000_000 - 2 * len(before)))
    with database.write() as session:
        session.add_all(region(number) for number in range(2000))
    with pytest.raises(Weather, match="disk is full"):
        backup.make(place, OPENED.store_key, out)
    assert names_in(small_disk) == {"desk.backup", "film"}
    assert out.read_bytes() == before


def test_a_folder_that_is_not_there(database: Database, place: StoreFolder, tmp_path: Path) -> None:
    with pytest.raises(Weather, match="does not exist"):
        backup.make(place, OPENED.store_key, tmp_path / "gone" / "desk.backup")


def test_a_read_only_folder(
    database: Database, place: StoreFolder, tmp_path: Path, make_read_only: Callable[[Path], None]
) -> None:
    (tmp_path / "locked").mkdir()
    make_read_only(tmp_path / "locked")
    with pytest.raises(Weather, match="cannot be written"):
        backup.make(place, OPENED.store_key, tmp_path / "locked" / "desk.backup")


def test_somebody_elses_file_is_not_written_over(database: Database, place: StoreFolder, tmp_path: Path) -> None:
    letter = tmp_path / "letter.odt"
    letter.write_text("хат")
    with pytest.raises(Weather, match="is no backup"):
        backup.make(place, OPENED.store_key, letter)
    assert letter.read_text() == "хат"


def test_a_cancelled_backup_leaves_nothing(database: Database, place: StoreFolder, tmp_path: Path) -> None:
    def cancel(done: int, steps: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backup.make(place, OPENED.store_key, tmp_path / "desk.backup", cancel)
    assert names_in(tmp_path) == {"desk"}
    assert "copying" not in names_in(place.root)


# A store moves in


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a second process is made by fork")
def test_killed_at_any_step_of_moving_in_one_whole_store_stands_there_and_the_other_is_kept(
    copy: Path, database: Database, place: StoreFolder, tmp_path: Path
) -> None:
    database.close()
    outcomes = set()
    for step in range(40):
        folder = StoreFolder(tmp_path / f"try{step}")
        folder.root.mkdir()
        for name in ("desk.db", "desk.keys"):
            (folder.root / name).write_bytes(b"old " + name.encode())
        (folder.root / "desk.db-wal").write_bytes(b"old log")
        ended = not killed_at_rename(step, folder, copy)
        arrival.finish(folder)
        outcome = standing(folder)
        outcomes.add(outcome)
        if ended:
            assert outcome == "new"
            break
    assert step > 5
    assert outcomes == {"old", "new"}


def killed_at_rename(step: int, folder: StoreFolder, copy: Path) -> bool:
    child = os.fork()
    if child == 0:
        left = iter(range(step))
        rename = os.replace

        def counted(source: Path, target: Path) -> None:
            if next(left, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)
            rename(source, target)
            if next(left, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)

        os.replace = counted  # type: ignore[assignment]
        backup.unpack(copy, arrival.begin(folder))
        arrival.admit(folder, "aside")
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def standing(folder: StoreFolder) -> str:
    """Which whole store stands in the folder; if it is the new one, the old one lies aside, whole."""
    if folder.database.read_bytes() == b"old desk.db":
        assert folder.keys.read_bytes() == b"old desk.keys"
        assert (folder.root / "desk.db-wal").read_bytes() == b"old log"
        return "old"
    backup.check(folder, OPENED.store_key)
    assert KeyFile.read(folder.keys) == KEYS
    assert not (folder.root / "desk.db-wal").exists()
    aside = folder.root / "aside"
    assert {path.name: path.read_bytes() for path in aside.iterdir()} == {
        "desk.db": b"old desk.db",
        "desk.db-wal": b"old log",
        "desk.keys": b"old desk.keys",
    }
    return "new"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a second process is made by fork")
def test_killed_at_any_moment_a_backup_is_absent_or_whole(
    database: Database, place: StoreFolder, tmp_path: Path
) -> None:
    database.close()
    whole = 0
    for turn in range(12):
        out = tmp_path / f"{turn}.backup"
        child = os.fork()
        if child == 0:
            backup.make(place, OPENED.store_key, out)
            os._exit(0)
        time.sleep(turn * 0.012)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        if out.exists():
            assert brought_back(out, tmp_path / str(turn)) == 300
            whole += 1
    backup.make(place, OPENED.store_key, tmp_path / "last.backup")
    assert whole < 12
    assert "copying" not in names_in(place.root)
