"""Who leaves takes nothing along that opens the store of tomorrow: it gets another key, at the next opening."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any
from uuid import UUID

import pytest
from laptop import CHEAP, PASSPHRASES, Laptop, whole_case
from nacl.public import PrivateKey

from familydesk.core.errors import Refused, Weather
from familydesk.services.members import Role
from familydesk.services.office import Office
from familydesk.services.restriction import Why
from familydesk.store import arrival, durable, guards, remembered, renewal, renewed_keys
from familydesk.store.folder import StoreFolder
from familydesk.store.keys import KeyFile, Opened, WrongPassphrase
from familydesk.store.slots import RecoverySlot


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Laptop:
    """Three people; the key file of that day is in everybody's pocket."""
    return Laptop.made(tmp_path_factory.mktemp("made") / "store")


@pytest.fixture
def laptop(made: Laptop, tmp_path: Path) -> Laptop:
    return made.copied(tmp_path / "here" / "store")


def pocketed(laptop: Laptop, login: str = "saule") -> Opened:
    """What she opens with the key file of today and her passphrase: what any backup of the day would give her too."""
    return KeyFile.read(laptop.folder / "desk.keys").by_passphrase(PASSPHRASES[login], login, CHEAP)


def disabled(laptop: Laptop, login: str = "saule") -> Opened:
    """She is disabled, with the keys of that day in her pocket; the head has gone."""
    taken = pocketed(laptop, login)
    laptop.enter("head").members.disable(login)
    laptop.leave()
    return taken


def opens(folder: Path, key: bytes) -> bool:
    """Whether a tool of one's own reads the database with this key."""
    try:
        with guards.plain_connection(folder / "desk.db", key) as connection:
            return bool(connection.execute("SELECT count(*) FROM person").fetchone())
    except Weather:
        return False


def saved(office: Office) -> object:
    return office.desk.save("person", {"surname": "Ж", "given": "М", "iin_absence": "NOT_RECORDED"}).id


def test_who_was_disabled_opens_nothing_with_an_old_key_file_and_her_old_passphrase(laptop: Laptop) -> None:
    taken = disabled(laptop)
    assert opens(laptop.folder, taken.store_key)
    person = saved(laptop.enter("head"))
    laptop.leave()
    assert not opens(laptop.folder, taken.store_key)
    assert laptop.enter("bota").desk.get("person", person)  # type: ignore[arg-type]


def test_an_old_key_file_put_back_at_once_does_not_keep_the_former_key_alive(laptop: Laptop) -> None:
    old = (laptop.folder / "desk.keys").read_bytes()
    taken = disabled(laptop)
    (laptop.folder / "desk.keys").write_bytes(old)
    with pytest.raises(Refused, match="disabled"):
        laptop.enter("saule")
    laptop.enter("head")
    laptop.leave()
    assert not opens(laptop.folder, taken.store_key)
    with pytest.raises(WrongPassphrase):
        laptop.enter("saule")


def test_an_old_key_file_put_back_later_opens_the_door_for_nobody(laptop: Laptop) -> None:
    old = (laptop.folder / "desk.keys").read_bytes()
    disabled(laptop)
    laptop.enter("head")
    laptop.leave()
    new = (laptop.folder / "desk.keys").read_bytes()
    (laptop.folder / "desk.keys").write_bytes(old)
    with pytest.raises(Weather, match="do not belong together"):
        laptop.enter("saule")
    (laptop.folder / "desk.keys").write_bytes(new)
    assert laptop.enter("bota")


@pytest.mark.parametrize("first", ["head", "bota"])
def test_whoever_comes_first_renews_the_key_for_all_who_stay(laptop: Laptop, first: str) -> None:
    taken = disabled(laptop)
    for login in (first, "head", "bota", "head"):
        office = laptop.enter(login)
        assert office.journal.arrival.told() == ""
    assert office.journal.verify().whole
    laptop.leave()
    assert not opens(laptop.folder, taken.store_key)
    assert not (laptop.folder / renewal.ASIDE).exists()


def test_the_paper_opens_the_store_under_its_new_key_and_gives_everybody_back(laptop: Laptop) -> None:
    taken = disabled(laptop)
    office = laptop.enter("bota", recovery=laptop.paper)
    office.account.set_passphrase("мүлдем басқа бір сөз", cost=CHEAP)
    assert laptop.enter("bota", "мүлдем басқа бір сөз").members.role_of(laptop.people["bota"]) is Role.PSYCHOLOGIST
    assert laptop.enter("head")
    laptop.leave()
    assert not opens(laptop.folder, taken.store_key)


def test_a_passphrase_chosen_after_a_renewal_opens_the_next_one_too(laptop: Laptop) -> None:
    disabled(laptop)
    laptop.enter("bota").account.change_passphrase(PASSPHRASES["bota"], "екінші сөзім ұзақ", cost=CHEAP)
    key = laptop.enter("bota", "екінші сөзім ұзақ").database.key
    given = laptop.enter("head").members.add("dina", "Динова Дина", Role.LAWYER, cost=CHEAP).temporary_passphrase
    laptop.enter("dina", given).account.change_passphrase(given, "дина келді міне", cost=CHEAP)
    laptop.enter("head").members.disable("dina")
    assert laptop.enter("bota", "екінші сөзім ұзақ").database.key != key
    assert laptop.enter("head").database.key == laptop.enter("bota", "екінші сөзім ұзақ").database.key


def test_who_was_readmitted_comes_in_under_the_new_key(laptop: Laptop) -> None:
    disabled(laptop)
    given = laptop.enter("head").members.readmit("saule", cost=CHEAP).temporary_passphrase
    laptop.enter("saule", given).account.change_passphrase(given, "сәуле қайта келді", cost=CHEAP)
    assert laptop.enter("saule", "сәуле қайта келді").account.rights.casework


def test_readmitted_by_the_paper_she_reads_her_restricted_case_with_her_fresh_key(laptop: Laptop) -> None:
    case = whole_case(laptop.enter("head"), laptop.people["bota"])["case"]
    office = laptop.enter("bota")
    office.restricted.restrict(case, Why.THREAT, [office.me])
    given = laptop.enter("head").members.readmit("bota", laptop.paper, cost=CHEAP).temporary_passphrase
    laptop.enter("bota", given).account.change_passphrase(given, "бота қайта келді", cost=CHEAP)
    office = laptop.enter("bota", "бота қайта келді")
    assert office.database.case_keys.open_cases() == [case.hex]
    assert office.desk.get("case", case)


def test_a_computer_that_remembers_goes_on_remembering(laptop: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[tuple[UUID, UUID], bytes] = {}
    monkeypatch.setattr(remembered, "keyring", lambda: kept)
    monkeypatch.setattr(remembered, "keep", lambda store, account, secret: kept.update({(store, account): secret}))
    monkeypatch.setattr(remembered, "recall", lambda *of: kept.get(of))
    laptop.enter("bota").account.remember()
    disabled(laptop)
    for _ in range(2):
        assert laptop.enter("", remembered_here=True).me == laptop.people["bota"]
    laptop.enter("bota").account.change_passphrase(PASSPHRASES["bota"], "екінші сөзім ұзақ", cost=CHEAP)
    assert laptop.enter("", remembered_here=True).me == laptop.people["bota"]


def rewritten(laptop: Laptop, store_key: bytes, **changed: Any) -> None:
    """Somebody inside writes another key file, tag and all."""
    path = laptop.folder / "desk.keys"
    keys = replace(KeyFile.read(path), **changed)
    keys._tagged(list(keys.slots), store_key).write(path)


def test_a_recovery_key_that_was_planted_by_who_left_gets_no_new_key(laptop: Laptop) -> None:
    mine, inside = PrivateKey.generate(), pocketed(laptop)
    keys = KeyFile.read(laptop.folder / "desk.keys")
    planted = RecoverySlot.make(keys.store, mine.public_key, inside.store_key)
    rewritten(laptop, inside.store_key, slots=(*keys.slots, planted))
    disabled(laptop)
    laptop.enter("head")
    laptop.leave()
    with pytest.raises(Refused):
        KeyFile.read(laptop.folder / "desk.keys").by_paper(bytes(mine), "head")
    assert laptop.enter("head", recovery=laptop.paper)


def test_a_renewal_that_was_meant_for_other_keys_is_told_as_tampering(laptop: Laptop) -> None:
    disabled(laptop)
    key, bota = laptop.enter("head").database.key, laptop.people["bota"]
    laptop.leave()
    keys = KeyFile.read(laptop.folder / "desk.keys")
    strange = renewed_keys.sealed(keys.store, {bota: bytes(PrivateKey.generate().public_key)}, key)
    rewritten(laptop, key, renewals={**keys.renewals, **strange})
    with pytest.raises(Weather, match="another hand"):
        laptop.enter("bota")
    assert laptop.enter("head")


def test_a_full_disk_keeps_nobody_out_and_the_renewal_is_made_up_for(
    laptop: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = disabled(laptop)

    def no_space(*_anything: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(durable, "create_closed", no_space)
        person = saved(laptop.enter("head"))
        laptop.leave()
    assert opens(laptop.folder, taken.store_key)
    assert not StoreFolder(laptop.folder).arriving.exists()
    assert laptop.enter("head").desk.get("person", person)  # type: ignore[arg-type]
    laptop.leave()
    assert not opens(laptop.folder, taken.store_key)


# A process killed in the middle

STEPS = {"replace", "move", "rmtree", "unlink"}
"""What changes something on the disk, while a store moves in or is made ready to."""
INSIDE = {renewal.__file__, arrival.__file__, durable.__file__}


def killed_at(step: int, laptop: Laptop) -> bool:
    """Let a second process open the store, and kill it before the `step`-th change on the disk in the renewal."""
    child = os.fork()
    if child == 0:
        left = iter(range(step))

        def trace(frame: FrameType, event: str, argument: Any) -> Any:
            caller = frame.f_back.f_code.co_filename if frame.f_back else ""
            if frame.f_code.co_name in STEPS and caller in INSIDE and next(left, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.settrace(trace)
        laptop.enter("head")
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a second process is made by fork")
def test_killed_at_any_step_everybody_opens_the_store_and_who_left_does_not(made: Laptop, tmp_path: Path) -> None:
    due = made.copied(tmp_path / "due" / "store")
    taken = disabled(due)
    steps = 0
    while killed_at(steps, there := due.copied(tmp_path / str(steps) / "store")):
        office = there.enter("head")
        assert (office.members.broken, office.journal.arrival.told()) == (0, "")
        assert pocketed(there, "bota").store_key == office.database.key != taken.store_key
        there.leave()
        assert not opens(there.folder, taken.store_key)
        assert not [*there.folder.glob("arriving/*"), *there.folder.glob(f"{renewal.ASIDE}*")]
        shutil.rmtree(there.folder.parent)
        steps += 1
    assert steps > 12
