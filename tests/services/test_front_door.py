from __future__ import annotations

import base64
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from keyring.errors import KeyringLocked

from familydesk.core import clock, i18n
from familydesk.core.errors import Refused, Weather
from familydesk.core.settings import BACKUP_FOLDER, BACKUPS_KEPT, LAST_STORE, Settings
from familydesk.records.consultation import ConsultationForm, ConsultationKind
from familydesk.services import backups, front_door
from familydesk.services.front_door import State, TooSoon, WrongPassphrase
from familydesk.services.office import Office
from familydesk.store import remembered
from familydesk.store.derivation import FLOOR, Cost

CHEAP = Cost(1, 8192)
PASSPHRASE = "Көктемде жаңбыр жауды"
CENTER = "«Үміт» отбасын қолдау орталығы"
HEAD = "Оспанова Гүлнар Ерланқызы"


@pytest.fixture(autouse=True)
def english() -> None:
    i18n.use("en")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A store made once, and its recovery key."""
    folder = tmp_path_factory.mktemp("made")
    settings = Settings(folder.parent / "settings.json")
    created = front_door.create_store(folder, CENTER, HEAD, "head", PASSPHRASE, settings=settings, cost=CHEAP)
    created.office.close()
    return folder, created.recovery_key


@pytest.fixture
def folder(made: tuple[Path, str], tmp_path: Path) -> Path:
    return Path(shutil.copytree(made[0], tmp_path / "desk"))


@pytest.fixture
def paper(made: tuple[Path, str]) -> str:
    return made[1]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "settings.json")


@pytest.fixture
def enter(folder: Path, settings: Settings) -> Iterator[Callable[..., Office]]:
    """Opens the store; whatever was opened is closed at the end."""
    opened: list[Office] = []

    def open_store(passphrase: str = PASSPHRASE, **way: object) -> Office:
        opened.append(front_door.unlock(folder, passphrase, settings=settings, least=CHEAP, **way))  # type: ignore[arg-type]
        return opened[-1]

    yield open_store
    for office in opened:
        office.close()


def add_person(office: Office, surname: str = "Жұмабаева") -> object:
    return office.desk.save("person", {"surname": surname, "given": "Мөлдір", "iin_absence": "NOT_RECORDED"}).id


def surnames(office: Office) -> list[str]:
    return [person.surname for person in office.desk.find("person")]


# Making


def test_a_new_store_knows_its_center_its_head_and_the_law(enter: Callable[..., Office]) -> None:
    office = enter()
    assert office.who().title_text() == HEAD
    assert office.who().role.name == "HEAD"
    (center,) = office.desk.find("center")
    assert (center.name_kk, center.code) == (CENTER, "ҮОҚО")
    for sheet in ("response_term", "legal_reference", "calendar_day", "calculation_index", "region"):
        assert office.desk.count(sheet) > 2
    assert office.history.of("staff_member", office.me)


def test_a_new_store_finds_its_head_by_search(enter: Callable[..., Office]) -> None:
    assert [hit.sheet for hit in enter().search.find("Оспанова")] == ["staff_member"]


def test_a_store_is_never_made_over_another(folder: Path, settings: Settings) -> None:
    before = (folder / "desk.keys").read_bytes()
    with pytest.raises(Refused, match="already"):
        front_door.create_store(folder, CENTER, HEAD, "head", PASSPHRASE, settings=settings, cost=CHEAP)
    assert (folder / "desk.keys").read_bytes() == before


@pytest.mark.parametrize(
    ("field", "given"),
    [("person", {"person": "Оспанова"}), ("name_kk", {"center": "  "}), ("passphrase", {"passphrase": "қысқа"})],
)
def test_what_is_missing_is_told_at_its_field(
    tmp_path: Path, settings: Settings, field: str, given: dict[str, str]
) -> None:
    words = {"center": CENTER, "person": HEAD, "login": "head", "passphrase": PASSPHRASE, **given}
    with pytest.raises(Refused) as caught:
        front_door.create_store(tmp_path / "new", **words, settings=settings, cost=CHEAP)  # type: ignore[arg-type]
    assert [problem.field for problem in caught.value.problems] == [field]
    assert front_door.state_of(tmp_path / "new") is State.NONE


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a second process is made by fork")
def test_killed_while_it_is_made_there_is_no_store_or_a_whole_one(tmp_path: Path, settings: Settings) -> None:
    states = set()
    for turn in range(8):
        there = tmp_path / str(turn)
        child = os.fork()
        if child == 0:
            front_door.create_store(there, CENTER, HEAD, "head", PASSPHRASE, settings=settings, cost=CHEAP)
            os._exit(0)
        time.sleep(0.1 * turn)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        states.add(state := front_door.state_of(there))
        if state is State.READY:
            front_door.unlock(there, PASSPHRASE, settings=settings, least=CHEAP).close()
        else:
            made = front_door.create_store(there, CENTER, HEAD, "head", PASSPHRASE, settings=settings, cost=CHEAP)
            made.office.close()
    assert states <= {State.NONE, State.READY}
    assert State.NONE in states


# Opening


def test_the_store_opened_last_is_remembered_as_the_usual_one(
    enter: Callable[..., Office], folder: Path, settings: Settings
) -> None:
    enter()
    assert front_door.usual_folder(settings) == folder.resolve()
    assert settings.get(LAST_STORE) == str(folder.resolve())


def test_a_wrong_passphrase_is_told_and_the_wait_grows(enter: Callable[..., Office]) -> None:
    for _ in range(2):
        with pytest.raises(WrongPassphrase) as first:
            enter("басқа сөз мүлдем")
        assert first.value.wait == 0
    with pytest.raises(WrongPassphrase) as third:
        enter("басқа сөз мүлдем")
    assert 1 <= third.value.wait <= 2
    with pytest.raises(TooSoon, match="waits") as fourth:
        enter(PASSPHRASE)
    assert str(fourth.value.wait) in str(fourth.value)


def test_after_the_wait_the_right_passphrase_opens_and_all_is_forgiven(
    enter: Callable[..., Office], folder: Path
) -> None:
    for _ in range(3):
        with pytest.raises(WrongPassphrase):
            enter("басқа сөз мүлдем")
    time.sleep(2)
    enter().close()
    assert not (folder / "delay.json").exists()


def test_the_recovery_key_opens_whatever_is_waiting(enter: Callable[..., Office], paper: str) -> None:
    for _ in range(3):
        with pytest.raises(WrongPassphrase):
            enter("басқа сөз мүлдем")
    assert enter("", recovery=paper.lower().replace("-", " ")).account.by_paper


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in another way")
def test_only_the_user_herself_may_read_the_files(folder: Path, enter: Callable[..., Office]) -> None:
    enter()
    assert {path.name: path.stat().st_mode & 0o077 for path in folder.iterdir() if path.is_file()} == dict.fromkeys(
        ("desk.db", "desk.db-wal", "desk.db-shm", "desk.heads", "desk.keys", "desk.lock"), 0
    )


def test_a_second_window_or_command_is_turned_away(enter: Callable[..., Office]) -> None:
    enter()
    with pytest.raises(Weather, match="already open"):
        enter()


def test_a_store_that_did_not_open_can_be_tried_again_at_once(enter: Callable[..., Office]) -> None:
    with pytest.raises(WrongPassphrase):
        enter("басқа сөз мүлдем")
    assert enter().me


def test_a_slot_cheaper_than_the_floor_is_refused_as_shipped(folder: Path, settings: Settings) -> None:
    with pytest.raises(Weather, match="changed by another hand"):
        front_door.unlock(folder, PASSPHRASE, settings=settings)


def test_a_store_made_at_the_floor_opens_as_shipped(tmp_path: Path, settings: Settings) -> None:
    there = tmp_path / "there"
    front_door.create_store(there, CENTER, HEAD, "head", PASSPHRASE, settings=settings, cost=FLOOR).office.close()
    front_door.unlock(there, PASSPHRASE, settings=settings).close()


def test_each_thing_that_is_missing_has_its_state_and_its_sentence(
    folder: Path, enter: Callable[..., Office], tmp_path: Path, settings: Settings
) -> None:
    assert front_door.state_of(folder) is State.READY
    keys = (folder / "desk.keys").rename(folder / "keys.away")
    assert front_door.state_of(folder) is State.KEYS_MISSING
    with pytest.raises(Weather, match="key file of this store is missing"):
        enter()
    (folder / "desk.db").rename(folder / "db.away")
    assert front_door.state_of(folder) is State.NONE
    keys.rename(folder / "desk.keys")
    assert front_door.state_of(folder) is State.DATABASE_MISSING
    with pytest.raises(Weather, match="no store"):
        enter()
    with pytest.raises(Weather, match="no store"):
        front_door.unlock(tmp_path / "nowhere", PASSPHRASE, settings=settings)
    assert not (tmp_path / "nowhere").exists()


def test_the_key_file_of_another_store_is_told_as_such(folder: Path, tmp_path: Path, settings: Settings) -> None:
    other = tmp_path / "other"
    front_door.create_store(other, CENTER, HEAD, "head", PASSPHRASE, settings=settings, cost=CHEAP).office.close()
    shutil.copy(other / "desk.keys", folder / "desk.keys")
    with pytest.raises(Weather, match="do not belong together"):
        front_door.unlock(folder, PASSPHRASE, settings=settings, least=CHEAP)


def test_opening_loads_nothing_that_a_start_does_not_need(folder: Path, settings: Settings) -> None:
    code = (
        "import sys; from pathlib import Path; from familydesk.services import front_door;"
        "from familydesk.core.settings import Settings; from familydesk.store.derivation import Cost;"
        "front_door.unlock(Path(sys.argv[1]), sys.argv[2], settings=Settings(Path(sys.argv[3])), least=Cost(1, 8192));"
        "slow = {'alembic', 'keyring', 'holidays', 'reportlab', 'zxcvbn', 'xlsxwriter', 'rapidfuzz'};"
        "print(sorted(slow & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code, str(folder), PASSPHRASE, str(settings.path)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "[]\n"


# One's own account


def test_a_changed_passphrase_opens_and_the_old_one_does_not(enter: Callable[..., Office]) -> None:
    office = enter()
    person = add_person(office)
    office.account.change_passphrase(PASSPHRASE, "жаңа құпия сөз", cost=CHEAP)
    office.close()
    with pytest.raises(WrongPassphrase):
        enter(PASSPHRASE)
    assert enter("жаңа құпия сөз").desk.get("person", person)


@pytest.mark.parametrize(
    ("old", "new", "field"), [("мүлдем басқа", "жаңа құпия сөз", "old"), (PASSPHRASE, "жаңа", "passphrase")]
)
def test_a_passphrase_is_not_changed_without_the_old_one_or_to_a_short_one(
    enter: Callable[..., Office], folder: Path, old: str, new: str, field: str
) -> None:
    before = (folder / "desk.keys").read_bytes()
    with pytest.raises(Refused) as caught:
        enter().account.change_passphrase(old, new, cost=CHEAP)
    assert [problem.field for problem in caught.value.problems] == [field]
    assert (folder / "desk.keys").read_bytes() == before


def test_after_a_forgotten_passphrase_the_paper_brings_every_note_back(
    enter: Callable[..., Office], paper: str
) -> None:
    office = enter()
    values = {
        "person_id": add_person(office),
        "held_at": clock.local(2026, 11, 2, 10),
        "kind": ConsultationKind.PSYCHOLOGICAL,
        "form": ConsultationForm.IN_PERSON,
        "specialist_note": "Ол түнде үйге қайтпады",
    }
    consultation = office.desk.save("consultation", values).id
    office.close()
    office = enter("", recovery=paper)
    assert office.desk.get("consultation", consultation).specialist_note == values["specialist_note"]
    office.account.set_passphrase("жаңа құпия сөз", cost=CHEAP)
    office.close()
    assert enter("жаңа құпия сөз").desk.get("consultation", consultation).specialist_note == values["specialist_note"]


def test_the_paper_is_drilled_without_opening_anything(folder: Path, paper: str) -> None:
    assert front_door.drill_recovery_key(folder, paper)
    other = "0" if paper[0] != "0" else "1"
    with pytest.raises(Refused, match="Group 1 "):
        front_door.drill_recovery_key(folder, other + paper[1:])


def test_another_stores_paper_does_not_pass_the_drill(folder: Path, tmp_path: Path, settings: Settings) -> None:
    other = front_door.create_store(tmp_path / "o", CENTER, HEAD, "head", PASSPHRASE, settings=settings, cost=CHEAP)
    other.office.close()
    assert not front_door.drill_recovery_key(folder, other.recovery_key)


class Ring:
    """A keyring that keeps its secrets in memory: the interface of the real ones."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, secret: str) -> None:
        self.kept[service, name] = secret

    def delete_password(self, service: str, name: str) -> None:
        del self.kept[service, name]


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Ring:
    made = Ring()
    monkeypatch.setattr(remembered, "keyring", lambda: made)
    return made


def test_a_computer_that_remembers_opens_without_a_passphrase_until_told_to_forget(
    enter: Callable[..., Office], folder: Path, ring: Ring
) -> None:
    office = enter()
    office.account.remember()
    office.close()
    assert front_door.is_remembered(folder)
    office = enter("", remembered_here=True)
    kept = dict(ring.kept)
    office.account.forget()
    office.close()
    assert ring.kept == {}
    assert not front_door.is_remembered(folder)
    ring.kept.update(kept)
    with pytest.raises(Weather, match="does not remember"):
        enter("", remembered_here=True)


def test_the_keyring_is_given_neither_the_passphrase_nor_a_key_of_the_store(
    enter: Callable[..., Office], ring: Ring
) -> None:
    office = enter()
    office.account.remember()
    (secret,) = (base64.b64decode(kept) for kept in ring.kept.values())
    assert secret != office.database.key
    assert PASSPHRASE.encode() not in secret


def test_without_a_keyring_everything_else_works(
    enter: Callable[..., Office], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "keyring", lambda: None)
    assert not front_door.is_remembered(folder)
    office = enter()
    assert not office.account.can_be_remembered()
    with pytest.raises(Weather, match="no keyring"):
        office.account.remember()


def test_a_keyring_that_fails_is_no_way_in_and_no_obstacle(
    enter: Callable[..., Office], folder: Path, ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*given: object) -> None:
        raise RuntimeError("the collection is locked")

    for verb in ("get_password", "set_password", "delete_password"):
        monkeypatch.setattr(ring, verb, locked)
    assert not front_door.is_remembered(folder)
    office = enter()
    with pytest.raises(Weather, match="no keyring"):
        office.account.remember()
    office.account.forget()


def test_a_locked_keyring_is_said_to_be_locked(
    enter: Callable[..., Office], folder: Path, ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = enter()
    office.account.remember()

    def locked(*given: object) -> None:
        raise KeyringLocked("Failed to unlock the collection!")

    for verb in ("get_password", "set_password", "delete_password"):
        monkeypatch.setattr(ring, verb, locked)
    with pytest.raises(Weather, match="is locked"):
        office.account.remember()
    office.close()
    assert not front_door.is_remembered(folder)
    with pytest.raises(Weather, match="is locked"):
        enter("", remembered_here=True)
    enter()


def test_only_keyrings_of_the_operating_system_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """`keyring` itself would take whatever is installed, a file in the open included."""
    import keyring
    from keyring.backends import null

    keyring.set_keyring(null.Keyring())
    remembered.keyring.cache_clear()
    chosen = remembered.keyring()
    names = {f"{module}.{name}" for rings in remembered.ALLOWED.values() for module, name in rings}
    assert chosen is None or f"{type(chosen).__module__}.{type(chosen).__name__}" in names


# Backups


def test_a_backup_comes_back_with_the_passphrase_of_its_day_and_nothing_is_lost(
    enter: Callable[..., Office], folder: Path, tmp_path: Path
) -> None:
    office = enter()
    add_person(office, "Бірінші")
    copy = office.backups.make(tmp_path / "desk.backup")
    add_person(office, "Екінші")
    office.account.change_passphrase(PASSPHRASE, "жаңа құпия сөз", cost=CHEAP)
    office.close()
    with pytest.raises(WrongPassphrase):
        backups.restore(copy, folder, "жаңа құпия сөз", least=CHEAP)
    with pytest.raises(Refused, match="stands in this folder"):
        backups.restore(copy, folder, PASSPHRASE, least=CHEAP)
    aside = backups.restore(copy, folder, PASSPHRASE, present="жаңа құпия сөз", least=CHEAP)
    assert surnames(enter()) == ["Бірінші"]
    assert aside
    kept = front_door.unlock(aside, "жаңа құпия сөз", settings=Settings(tmp_path / "x"), least=CHEAP)
    assert surnames(kept) == ["Бірінші", "Екінші"]
    kept.close()


def test_a_backup_comes_back_with_the_recovery_key_on_an_empty_computer(
    enter: Callable[..., Office], tmp_path: Path, paper: str
) -> None:
    office = enter()
    add_person(office)
    copy = office.backups.make(tmp_path / "desk.backup")
    there = tmp_path / "elsewhere" / "desk"
    assert backups.restore(copy, there, recovery=paper) is None
    brought = front_door.unlock(there, PASSPHRASE, settings=Settings(tmp_path / "x"), least=CHEAP)
    assert surnames(brought) == ["Жұмабаева"]
    brought.close()


def test_a_restore_that_failed_leaves_nothing_and_the_next_one_finds_nothing_to_keep(
    enter: Callable[..., Office], tmp_path: Path, paper: str
) -> None:
    copy = enter().backups.make(tmp_path / "desk.backup")
    empty, there = tmp_path / "empty", tmp_path / "new" / "desk"
    empty.mkdir()
    for folder in (empty, there):
        with pytest.raises(WrongPassphrase):
            backups.restore(copy, folder, "басқа құпия сөз", least=CHEAP)
    assert list(empty.iterdir()) == []
    assert not there.exists()
    assert backups.restore(copy, there, recovery=paper) is None
    assert {path.name for path in there.iterdir()} <= {"desk.db", "desk.keys", "desk.lock", "numbers.json"}


def test_tries_counted_beside_no_store_are_no_store_to_keep(
    enter: Callable[..., Office], tmp_path: Path, paper: str
) -> None:
    copy = enter().backups.make(tmp_path / "desk.backup")
    there = tmp_path / "there"
    there.mkdir()
    (there / "delay.json").write_text('{"tries": 1, "wait": 0, "since": 0}')
    assert backups.restore(copy, there, recovery=paper) is None
    assert not (there / "delay.json").exists()


def test_a_wrong_passphrase_at_a_restore_over_a_store_is_counted_there(
    enter: Callable[..., Office], folder: Path, tmp_path: Path
) -> None:
    office = enter()
    copy = office.backups.make(tmp_path / "desk.backup")
    office.close()
    with pytest.raises(WrongPassphrase):
        backups.restore(copy, folder, "басқа құпия сөз", least=CHEAP)
    assert (folder / "delay.json").exists()
    assert not (folder / "arriving").exists()


def test_a_store_that_could_not_be_made_leaves_nothing(tmp_path: Path, settings: Settings) -> None:
    folder = tmp_path / "desk"
    with pytest.raises(Refused):
        front_door.create_store(folder, CENTER, "", "head", PASSPHRASE, settings=settings, cost=CHEAP)
    assert not folder.exists()


def test_the_recovery_key_typed_for_the_passphrase_is_known_for_what_it_is(
    enter: Callable[..., Office], tmp_path: Path, paper: str
) -> None:
    copy = enter().backups.make(tmp_path / "desk.backup")
    slip = paper[:-1] + ("0" if paper[-1] != "0" else "1")
    for typed in (paper, paper.lower().replace("-", " "), slip):
        with pytest.raises(WrongPassphrase, match="--recovery"):
            backups.restore(copy, tmp_path / "there", typed, least=CHEAP)


def test_a_backup_is_never_written_over_a_file_that_is_there(enter: Callable[..., Office], tmp_path: Path) -> None:
    office = enter()
    copy = office.backups.make(tmp_path / "desk.backup")
    before = copy.read_bytes()
    add_person(office)
    with pytest.raises(Refused, match="already"):
        office.backups.make(copy)
    assert copy.read_bytes() == before
    # In the window the system's own question has been answered.
    office.backups.make(copy, instead=True)
    assert copy.read_bytes() != before


def test_two_restores_of_one_second_keep_both_stores(
    enter: Callable[..., Office], folder: Path, tmp_path: Path
) -> None:
    office = enter()
    copy = office.backups.make(tmp_path / "desk.backup")
    office.close()
    with clock.stopped(clock.local(2026, 11, 22, 12)):
        kept = [backups.restore(copy, folder, PASSPHRASE, least=CHEAP) for _ in range(2)]
    assert len(set(kept)) == 2
    assert all(place and (place / "desk.db").exists() and (place / "desk.keys").exists() for place in kept)


def test_an_open_store_is_not_restored_over(enter: Callable[..., Office], folder: Path, tmp_path: Path) -> None:
    copy = enter().backups.make(tmp_path / "desk.backup")
    with pytest.raises(Weather, match="already open"):
        backups.restore(copy, folder, PASSPHRASE, least=CHEAP)


def test_a_damaged_backup_changes_nothing(enter: Callable[..., Office], folder: Path, tmp_path: Path) -> None:
    office = enter()
    copy = office.backups.make(tmp_path / "desk.backup")
    office.close()
    content = bytearray(copy.read_bytes())
    content[len(content) // 2] ^= 1
    copy.write_bytes(content)
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    with pytest.raises(Weather, match="damaged"):
        backups.restore(copy, folder, PASSPHRASE, least=CHEAP)
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


def test_a_daily_backup_is_made_once_a_day_and_the_oldest_go(
    enter: Callable[..., Office], settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "copies").mkdir()
    settings.put(BACKUP_FOLDER, str(tmp_path / "copies"))
    settings.put(BACKUPS_KEPT, 7)
    office = enter()
    first = office.backups.daily()
    assert first
    for day in range(1, 13):
        shutil.copy(first, first.with_name(f"desk-2026-01-{day:02}.backup"))
    by_hand = Path(shutil.copy(first, first.with_name("before the move.backup")))
    first.unlink()
    half = first.with_name("desk-2026-01-13.backup.part")
    half.touch()
    assert office.backups.daily() == first
    assert not half.exists()
    assert office.backups.daily() is None
    assert [found.path.name for found in office.backups.found()][:2] == [first.name, "desk-2026-01-12.backup"]
    assert len(office.backups.found()) == 7
    assert by_hand.exists()


# Nothing in the open


def test_neither_passphrase_nor_recovery_key_nor_a_name_lies_in_any_file(
    enter: Callable[..., Office], folder: Path, tmp_path: Path, paper: str
) -> None:
    office = enter()
    add_person(office, "Құпияновтегі")
    office.account.change_passphrase(PASSPHRASE, "жаңа құпия сөз", cost=CHEAP)
    office.backups.daily()
    planted = [PASSPHRASE, "жаңа құпия сөз", paper, paper.replace("-", ""), "Құпияновтегі", HEAD.split()[0]]
    for content in (path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()):
        for text in planted:
            for spelled in (text, text.lower(), text.upper()):
                for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
                    assert spelled.encode(encoding) not in content
                assert base64.b64encode(spelled.encode())[:-4] not in content
        assert office.database.key not in content
        assert office.database.key.hex().encode() not in content.lower()
