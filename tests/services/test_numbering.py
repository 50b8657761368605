"""Numbers that the program gives: none that is borne already, none that a backup has forgotten."""

from pathlib import Path

import pytest

from familydesk.core import clock
from familydesk.services import backups, front_door
from familydesk.services.office import Office
from familydesk.store.derivation import Cost
from familydesk.store.folder import StoreFolder

CHEAP = Cost(1, 8 * 1024 * 1024)
PASSPHRASE = "таңғы шық пен кешкі самал 7"


@pytest.fixture(autouse=True)
def day():
    with clock.stopped(clock.local(2026, 11, 18, 10)):
        yield


def case_number(office: Office) -> str:
    client = office.desk.save("person", {"surname": "Жұмабаева", "given": "Мөлдір", "iin_absence": _refused()}).id
    return office.desk.save("case", {"client_id": client, "opened_on": clock.today()}).record.number  # type: ignore


def _refused():
    from familydesk.records.person import IinAbsence

    return IinAbsence.REFUSED


def test_a_number_that_was_typed_is_stepped_over(office):
    client = office.desk.save("person", {"surname": "Жұмабаева", "given": "Мөлдір", "iin_absence": _refused()}).id
    for number in ("КО-01-2026-0002", "КО-01-2026-0003"):
        office.desk.save("case", {"client_id": client, "opened_on": clock.today(), "number": number})
    assert [case_number(office), case_number(office)] == ["КО-01-2026-0001", "КО-01-2026-0004"]


def test_after_a_restore_no_printed_number_is_given_again(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder, copy = tmp_path / "desk", tmp_path / "copy.backup"
    made = front_door.create_store(folder, "Орталық", "Оспанова Гүлнар", "head", PASSPHRASE, code="КО", cost=CHEAP)
    printed = [case_number(made.office)]
    made.office.backups.make(copy)
    printed.append(case_number(made.office))
    made.office.close()
    for _ in range(2):
        backups.restore(copy, folder, PASSPHRASE, least=CHEAP)
        office = front_door.unlock(folder, PASSPHRASE, least=CHEAP)
        printed += [case_number(office), case_number(office)]
        office.close()
    assert printed[:2] == ["КО-01-2026-0001", "КО-01-2026-0002"]
    assert printed[2:] == ["КО-02-2026-0002", "КО-02-2026-0003", "КО-03-2026-0002", "КО-03-2026-0003"]
    assert len(set(printed)) == len(printed)


def test_every_file_and_folder_of_a_store_is_its_owners_alone(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = tmp_path / "desk"
    made = front_door.create_store(folder, "Орталық", "Оспанова Гүлнар", "head", PASSPHRASE, cost=CHEAP)
    case_number(made.office)
    made.office.backups.daily()
    copy = next(StoreFolder(folder).backups.iterdir())
    open_to_others = [path.name for path in (folder, *folder.rglob("*")) if path.stat().st_mode & 0o077]
    made.office.close()
    backups.restore(copy, folder, PASSPHRASE, least=CHEAP)
    open_to_others += [path.name for path in (folder, *folder.rglob("*")) if path.stat().st_mode & 0o077]
    assert open_to_others == []
