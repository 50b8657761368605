"""Coming and going: what is noted, and whether an older or another store is noticed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from familydesk.core.settings import Settings
from familydesk.records.staff_member import Role
from familydesk.services import front_door
from familydesk.services.backups import restore
from familydesk.services.front_door import create_store, unlock
from familydesk.services.journal import Deed
from familydesk.services.office import Office
from familydesk.services.sitting import Standing
from familydesk.store.derivation import Cost
from familydesk.store.journal import Chain, Entry
from familydesk.store.proof import FORGED
from familydesk.store.verdict import Broken

PASSPHRASE = "таудағы жұлдыз"
CHEAP = Cost(1, 8 * 1024 * 1024)
Enter = Callable[[], Office]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A new store, opened once and closed."""
    place = tmp_path / "store"
    settings = Settings(tmp_path / "settings.json")
    created = create_store(place, "Орталық", "Оспанова Гүлнар", "head", PASSPHRASE, settings=settings, cost=CHEAP)
    created.office.close()
    return place


@pytest.fixture
def enter(folder: Path, tmp_path: Path) -> Enter:
    """Open it with the passphrase."""
    return lambda: unlock(folder, PASSPHRASE, login="head", settings=Settings(tmp_path / "settings.json"), least=CHEAP)


@pytest.fixture
def as_dana(enter: Enter, folder: Path, tmp_path: Path) -> Enter:
    """Open it as a lawyer whom the head has added."""
    office = enter()
    phrase = office.members.add("dana", "Сәрсенова Дана", Role.LAWYER, cost=CHEAP).temporary_passphrase
    office.close()
    settings = Settings(tmp_path / "settings.json")
    return lambda: unlock(folder, phrase, login="dana", settings=settings, least=CHEAP)


def deeds(office: Office) -> list[str]:
    """Every deed in the journal, in order."""
    with office.database.connection() as connection:
        return list(connection.exec_driver_sql("SELECT deed FROM journal ORDER BY seq").scalars())


def test_every_opening_and_closing_is_noted(enter: Enter) -> None:
    enter().close()
    office = enter()
    assert deeds(office) == ["UNLOCKED", "LOCKED", "UNLOCKED", "LOCKED", "UNLOCKED"]
    assert office.journal.arrival.standing is Standing.SAME
    assert office.journal.verify().whole
    office.close()


def test_an_older_copy_in_place_of_the_store_is_noticed_once(folder: Path, enter: Enter, tmp_path: Path) -> None:
    kept = tmp_path / "older.db"
    shutil.copy(folder / "desk.db", kept)
    enter().close()
    shutil.copy(kept, folder / "desk.db")
    office = enter()
    assert office.journal.arrival.standing is Standing.OLDER
    assert office.journal.verify().whole
    office.close()
    office = enter()
    assert office.journal.arrival.standing is Standing.SAME
    office.close()


def test_an_older_copy_that_was_worked_in_elsewhere_is_noticed(folder: Path, enter: Enter, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(folder, elsewhere)
    enter().close()
    settings = Settings(tmp_path / "settings.json")
    for _day in range(3):
        unlock(elsewhere, PASSPHRASE, settings=settings, least=CHEAP).close()
    shutil.copy(elsewhere / "desk.db", folder / "desk.db")
    office = enter()
    assert office.journal.arrival.standing is Standing.ANOTHER
    office.close()


def test_a_forgotten_end_is_said_and_written_down_again(folder: Path, enter: Enter) -> None:
    (folder / "desk.heads").unlink()
    office = enter()
    assert office.journal.arrival.standing is Standing.UNKNOWN
    office.close()
    office = enter()
    assert office.journal.arrival.standing is Standing.SAME
    office.close()


def test_a_damaged_memory_of_the_end_is_said(folder: Path, enter: Enter) -> None:
    content = bytearray((folder / "desk.heads").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "desk.heads").write_bytes(content)
    office = enter()
    assert office.journal.arrival.standing is Standing.ANOTHER
    office.close()


def test_the_memory_of_the_end_tells_a_stranger_nothing(folder: Path, enter: Enter) -> None:
    office = enter()
    me = office.me.hex.encode()
    office.close()
    content = (folder / "desk.heads").read_bytes()
    assert me not in content
    assert b"seq" not in content


def test_a_backup_brought_back_is_noted_and_told_as_what_it_is(folder: Path, enter: Enter, tmp_path: Path) -> None:
    office = enter()
    office.backups.make(tmp_path / "copy.fdb")
    office.close()
    enter().close()
    restore(tmp_path / "copy.fdb", folder, PASSPHRASE, least=CHEAP)
    office = enter()
    assert office.journal.arrival.standing is Standing.RESTORED
    assert deeds(office)[-2:] == ["RESTORED", "UNLOCKED"]
    assert office.journal.verify().whole
    office.close()
    office = enter()
    assert office.journal.arrival.standing is Standing.SAME
    office.close()


def test_a_backup_brought_back_into_an_empty_folder_needs_no_memory(enter: Enter, tmp_path: Path) -> None:
    office = enter()
    office.backups.make(tmp_path / "copy.fdb")
    office.close()
    other = tmp_path / "new laptop"
    restore(tmp_path / "copy.fdb", other, PASSPHRASE, least=CHEAP)
    office = unlock(other, PASSPHRASE, settings=Settings(tmp_path / "settings.json"), least=CHEAP)
    assert office.journal.arrival.standing is Standing.SAME
    assert office.journal.verify().whole
    office.close()


def test_a_paper_printed_on_the_replaced_store_names_the_restore(folder: Path, enter: Enter, tmp_path: Path) -> None:
    office = enter()
    office.backups.make(tmp_path / "copy.fdb")
    office.close()
    office = enter()
    printed = office.journal.note(Deed.PRINTED).short
    assert office.journal.verify(printed).whole
    office.close()
    restore(tmp_path / "copy.fdb", folder, PASSPHRASE, least=CHEAP)
    office = enter()
    verdict = office.journal.verify(printed)
    assert not verdict.whole
    assert verdict.broken is not None
    assert "brought back" in verdict.broken.why
    office.close()


def test_what_each_of_two_people_did_is_signed_by_her(enter: Enter, as_dana: Enter) -> None:
    as_dana().close()
    office = enter()
    assert office.journal.verify().whole
    office.members.disable("dana")
    assert office.journal.verify().whole
    office.close()


def test_a_colleague_with_the_key_of_the_store_cannot_write_the_past_anew(enter: Enter, as_dana: Enter) -> None:
    office = as_dana()
    with office.database.connection(write=True) as connection:
        connection.exec_driver_sql("DELETE FROM journal WHERE seq > 2")
        head = connection.exec_driver_sql("SELECT account FROM journal WHERE seq = 1").scalar_one()
        store = connection.exec_driver_sql("SELECT value FROM meta WHERE key = 'store'").scalar_one()
        chain = Chain(connection, store, 1)
        forged = Entry(Deed.LOCKED, "2026-11-26T10:00:00+05:00", head)
        chain.append(forged, office.account.signing_key())
    office.close()
    office = enter()
    assert office.journal.arrival.standing is not Standing.SAME
    assert office.journal.verify().broken == Broken(3, FORGED)
    office.close()


def test_each_of_two_people_is_told_once_that_the_end_was_cut_off(
    folder: Path, enter: Enter, as_dana: Enter, tmp_path: Path
) -> None:
    shutil.copy(folder / "desk.db", tmp_path / "older.db")
    enter().close()
    as_dana().close()
    shutil.copy(tmp_path / "older.db", folder / "desk.db")
    found = []
    for open_store in (enter, as_dana, enter, as_dana):
        office = open_store()
        found.append(office.journal.arrival.standing is Standing.SAME)
        office.close()
    assert found == [False, False, True, True]


def test_who_comes_in_by_the_paper_signs_nothing_and_it_is_said(tmp_path: Path) -> None:
    place, settings = tmp_path / "store", Settings(tmp_path / "settings.json")
    created = create_store(place, "Орталық", "Оспанова Гүлнар", "head", PASSPHRASE, settings=settings, cost=CHEAP)
    created.office.close()
    office = front_door.unlock(place, recovery=created.recovery_key, settings=settings, least=CHEAP)
    verdict = office.journal.verify()
    assert (verdict.whole, verdict.unsigned) == (True, 1)
    office.close()
