"""Coming and going: what is noted, and whether an older or another store is noticed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from familydesk.core.errors import Refused
from familydesk.core.ids import new_id
from familydesk.core.settings import Settings
from familydesk.records.person import IinAbsence, Person
from familydesk.records.staff_member import Role
from familydesk.services import front_door
from familydesk.services.backups import restore
from familydesk.services.front_door import create_store, unlock
from familydesk.services.journal import Deed
from familydesk.services.office import Office
from familydesk.services.sitting import Standing
from familydesk.store import guards, heads
from familydesk.store.database import Database
from familydesk.store.derivation import Cost
from familydesk.store.journal import Chain, Entry
from familydesk.store.keys import KeyFile
from familydesk.store.proof import AUTHOR, FORGED, NOBODY
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
    assert "recovery key" in verdict.notices[0].told()
    office.close()
    office = front_door.unlock(place, PASSPHRASE, settings=settings, least=CHEAP)
    assert office.journal.arrival.standing is Standing.SAME
    office.close()


def test_who_makes_the_others_events_nobodys_is_found_out_at_the_door_and_by_the_check(
    folder: Path, enter: Enter, as_dana: Enter
) -> None:
    """All that somebody inside can do: her own events signed anew, the others' unsigned, their memory dropped."""
    office = as_dana()
    store, key = office.journal._store, office.database.key
    me = office.me.hex
    with office.database.connection(write=True) as connection:
        office.journal.flush()
        head = Entry(Deed.VIEWED, "2026-11-26T10:00:00+05:00", office.members.list()[0].account.hex)
        Chain(connection, store, 1).append(head, None)
    office.close()
    memory = heads.read(folder / "desk.heads", store, key)
    heads.write(folder / "desk.heads", store, key, {me: memory[me]})
    office = enter()
    assert office.journal.arrival.standing is Standing.FORGOTTEN
    assert office.journal.verify().broken.why == NOBODY
    office.close()
    office = enter()
    assert office.journal.arrival.standing is Standing.SAME
    office.close()


def put_behind_the_end(office: Office, deed: Deed = Deed.EXPORTED) -> int:
    """While nobody is in, by who has the store key: an event in the head's name, right in all but the signature."""
    store, key, head = office.journal._store, office.database.key, office.members.list()[0].account
    folder = office.folder
    office.close()
    database = Database(folder / "desk.db", key)
    with database.connection(write=True) as connection:
        entry = Entry(deed, "2026-11-26T10:00:00+05:00", head.hex, reason="жала")
        seq = Chain(connection, store, 1).append(entry, SigningKey.generate()).seq
    database.close()
    return seq


def test_what_was_put_behind_the_end_in_the_name_of_who_opens_next_is_told_at_the_door_and_by_the_check(
    enter: Enter, as_dana: Enter
) -> None:
    forged = put_behind_the_end(as_dana())
    office = enter()
    assert office.journal.arrival.standing is Standing.FORGED
    assert office.journal.verify().broken == Broken(forged, FORGED)
    office.close()
    office = enter()
    assert office.journal.arrival.standing is Standing.SAME
    assert office.journal.verify().broken == Broken(forged, FORGED)
    office.close()


def test_it_is_told_to_a_colleague_and_behind_a_backup_that_was_brought_back_too(
    folder: Path, enter: Enter, as_dana: Enter, tmp_path: Path
) -> None:
    put_behind_the_end(as_dana(), Deed.LOCKED)
    office = as_dana()
    assert office.journal.arrival.standing is Standing.FORGED
    office.close()
    put_behind_the_end(enter())
    key = KeyFile.read(folder / "desk.keys").by_passphrase(PASSPHRASE, "head", CHEAP).store_key
    with guards.plain_connection(folder / "desk.db", key) as connection:
        told = json.dumps({"instead_of": 1, "by": ""})
        connection.execute("INSERT OR REPLACE INTO meta(key, value) VALUES(?, ?)", (heads.BROUGHT_BACK, told))
    office = enter()
    assert office.journal.arrival.standing is Standing.FORGED
    office.close()


@pytest.mark.parametrize("killed", [False, True])
@pytest.mark.parametrize("by_the_paper", [False, True])
def test_a_sitting_with_the_paper_and_a_killed_program_leave_an_end_of_which_nothing_is_told(
    tmp_path: Path, killed: bool, by_the_paper: bool
) -> None:
    place, settings = tmp_path / "store", Settings(tmp_path / "settings.json")
    created = create_store(place, "Орталық", "Оспанова Гүлнар", "head", PASSPHRASE, settings=settings, cost=CHEAP)
    created.office.close()
    way = {"recovery": created.recovery_key} if by_the_paper else {"passphrase": PASSPHRASE}
    office = unlock(place, **way, settings=settings, least=CHEAP)
    office.journal.note(Deed.EXPORTED)
    if killed:
        shutil.copytree(place, tmp_path / "as it lay")
    office.close()
    for _time in range(2):
        lying = tmp_path / "as it lay" if killed else place
        office = unlock(lying, PASSPHRASE, login="head", settings=settings, least=CHEAP)
        assert office.journal.arrival.standing is Standing.SAME
        assert office.journal.verify().whole
        office.close()


def test_an_entry_that_nobody_signed_stands_in_for_no_ones(folder: Path, enter: Enter) -> None:
    office = enter()
    store, key, me = office.journal._store, office.database.key, office.me.hex
    office.close()
    known = heads.read(folder / "desk.heads", store, key)[me]
    heads.write(folder / "desk.heads", store, key, {me: replace(known, signature="")})
    office = enter()
    assert office.journal.arrival.standing is Standing.FORGOTTEN
    office.close()


def test_what_is_written_in_the_name_of_a_colleague_is_found(enter: Enter, as_dana: Enter) -> None:
    office = as_dana()
    head = next(one.account for one in office.members.list() if one.account != office.me)
    mine, office.database.actor = office.me, head
    with office.database.write() as session:
        session.add(Person(id=new_id(), surname="Жала", given="Аты"))
    office.database.actor = mine
    office.close()
    office = enter()
    assert office.journal.verify().broken.why == AUTHOR
    office.close()


def test_events_beside_the_chain_of_this_computer_stand_on_no_access_list(enter: Enter) -> None:
    office = enter()
    named = {"surname": "Жұмабаева", "given": "Айгүл", "iin_absence": IinAbsence.NOT_RECORDED}
    client = office.desk.save("person", named).id
    case = office.desk.save("case", {"client_id": client, "opened_on": date(2026, 11, 20)}).id
    office.desk.look("case", case)
    office.journal.flush()
    with office.database.connection(write=True) as connection:
        columns = "seq, at, account, deed, sheet, record, case_id, reason, recipient, detail, words, changes, signed"
        source = f"SELECT 99, {columns}, link, signature FROM journal WHERE case_id = ?"
        connection.exec_driver_sql(f"INSERT INTO journal(device, {columns}, link, signature) {source}", (case.hex,))
    assert [one.deed for one in office.journal.access(case)] == [Deed.VIEWED]
    office.close()


def test_a_backup_that_a_colleague_brought_back_bears_her_name_and_not_of_who_opens_next(
    folder: Path, enter: Enter, as_dana: Enter, tmp_path: Path
) -> None:
    office = as_dana()
    phrase = "дананың жаңа сөзі"
    office.account.set_passphrase(phrase, cost=CHEAP)
    office.close()
    office = enter()
    office.backups.make(tmp_path / "copy.fdb")
    office.close()
    restore(tmp_path / "copy.fdb", folder, phrase, least=CHEAP)
    office = enter()
    assert "Сәрсенова" in office.journal.arrival.told()
    verdict = office.journal.verify()
    assert verdict.whole
    assert "Сәрсенова" in verdict.notices[0].told()
    office.close()


def test_a_store_is_replaced_only_by_whom_it_lets_in_today(
    folder: Path, enter: Enter, as_dana: Enter, tmp_path: Path
) -> None:
    office = as_dana()
    phrase = "дананың жаңа сөзі"
    office.account.set_passphrase(phrase, cost=CHEAP)
    office.close()
    office = enter()
    office.backups.make(tmp_path / "copy.fdb")
    office.members.disable("dana")
    office.close()
    with pytest.raises(Refused, match="stands in this folder"):
        restore(tmp_path / "copy.fdb", folder, phrase, least=CHEAP)
    assert not list(folder.glob("before-restore-*"))


def test_only_a_role_that_makes_backups_brings_one_back(folder: Path, enter: Enter, tmp_path: Path) -> None:
    office = enter()
    given = office.members.add("aida", "Аидова Аида", Role.ANALYST, cost=CHEAP).temporary_passphrase
    office.backups.make(tmp_path / "copy.fdb")
    office.close()
    with pytest.raises(Refused, match="role"):
        restore(tmp_path / "copy.fdb", folder, given, least=CHEAP)


def test_over_a_store_without_its_key_file_only_the_recovery_key_brings_a_backup(tmp_path: Path) -> None:
    place, settings = tmp_path / "store", Settings(tmp_path / "settings.json")
    created = create_store(place, "Орталық", "Оспанова Гүлнар", "head", PASSPHRASE, settings=settings, cost=CHEAP)
    created.office.backups.make(tmp_path / "copy.fdb")
    created.office.close()
    (place / "desk.keys").unlink()
    with pytest.raises(Refused, match="key file"):
        restore(tmp_path / "copy.fdb", place, PASSPHRASE, least=CHEAP)
    assert restore(tmp_path / "copy.fdb", place, recovery=created.recovery_key, least=CHEAP)
