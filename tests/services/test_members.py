"""The people of one store: who may open it and as what, and what somebody inside could write and could not."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from nacl.public import PublicKey
from nacl.signing import SigningKey
from sqlalchemy import delete, select, update

from familydesk.core import clock
from familydesk.core.errors import Refused, Unsaid, Weather
from familydesk.core.settings import Settings
from familydesk.records.consultation import ConsultationForm, ConsultationKind
from familydesk.services import front_door
from familydesk.services.front_door import WrongPassphrase
from familydesk.services.journal import Deed
from familydesk.services.members import Added, MemberState, Role
from familydesk.services.office import Office
from familydesk.services.rights import NOTHING, RIGHTS
from familydesk.services.temporary_passphrase import CONSONANTS, SYLLABLES, VOWELS, WORDS, made_up
from familydesk.store.derivation import Cost
from familydesk.store.keys import KeyFile, Opened
from familydesk.store.privileged import Privileged
from familydesk.store.proof import OTHER_LIST
from familydesk.store.slots import PassphraseSlot, RecoverySlot
from familydesk.store.tables import JOURNAL, STATEMENT
from familydesk.sync.member_list import MemberList, row_of
from familydesk.sync.wire.statement import Person, Statement, decode

CHEAP = Cost(1, 8192)
HERS, BOTAS = "Көктемде жаңбыр жауды", "бота өз сөзін айтты"
BOTA = "Бекова Бота Серікқызы"
NOTE = "Ол түнде үйге қайтпады"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A store made once, and its recovery key."""
    folder = tmp_path_factory.mktemp("made") / "store"
    settings = Settings(folder.parent / "settings.json")
    created = front_door.create_store(folder, "Орталық", "Оспанова Гүлнар", "head", HERS, settings=settings, cost=CHEAP)
    created.office.close()
    return folder, created.recovery_key


@pytest.fixture
def folder(made: tuple[Path, str], tmp_path: Path) -> Path:
    return Path(shutil.copytree(made[0], tmp_path / "store"))


@pytest.fixture
def paper(made: tuple[Path, str]) -> str:
    return made[1]


@pytest.fixture
def enter(folder: Path, tmp_path: Path) -> Iterator[Callable[..., Office]]:
    """Opens the store for one person after another, closing it before the next."""
    opened: list[Office] = []
    settings = Settings(tmp_path / "settings.json")

    def open_store(login: str = "head", passphrase: str = HERS, **way: object) -> Office:
        if opened:
            opened.pop().close()
        opened.append(front_door.unlock(folder, passphrase, login=login, settings=settings, least=CHEAP, **way))  # type: ignore[arg-type]
        return opened[-1]

    yield open_store
    for office in opened:
        office.close()


def add_bota(office: Office, role: Role = Role.PSYCHOLOGIST) -> Added:
    return office.members.add("bota", BOTA, role, cost=CHEAP)


def settle(enter: Callable[..., Office], added: Added, own: str = BOTAS) -> Office:
    """Open with the temporary passphrase and choose one's own."""
    office = enter(added.login, added.temporary_passphrase)
    office.account.change_passphrase(added.temporary_passphrase, own, cost=CHEAP)
    return office


def write_note(office: Office) -> object:
    person = office.desk.save("person", {"surname": "Ж", "given": "М", "iin_absence": "NOT_RECORDED"}).id
    values = {
        "person_id": person,
        "held_at": clock.local(2026, 11, 2, 10),
        "kind": ConsultationKind.PSYCHOLOGICAL,
        "form": ConsultationForm.IN_PERSON,
        "specialist_note": NOTE,
    }
    return office.desk.save("consultation", values).id


def note_of(office: Office, consultation: object) -> str | None:
    return office.desk.get("consultation", consultation).specialist_note  # type: ignore[arg-type, attr-defined]


# Adding


def test_who_makes_the_store_is_its_first_member_and_its_head(enter: Callable[..., Office]) -> None:
    office = enter()
    (head,) = office.members.list()
    assert (head.account, head.login, head.role, head.added_by) == (office.me, "head", Role.HEAD, office.me)
    key = office.account.signing_key()
    assert key
    assert office.members.signing_public(office.me) == bytes(key.verify_key) == office.account.anchor


def test_a_colleague_chooses_her_own_passphrase_before_anything_else(enter: Callable[..., Office]) -> None:
    added = add_bota(enter())
    office = enter("bota", added.temporary_passphrase)
    assert office.account.rights == NOTHING
    with pytest.raises(Refused):
        office.desk.find("person")
    office.account.change_passphrase(added.temporary_passphrase, BOTAS, cost=CHEAP)
    assert office.account.rights == RIGHTS[Role.PSYCHOLOGIST]
    with pytest.raises(WrongPassphrase):
        enter("bota", added.temporary_passphrase)
    assert enter("bota", BOTAS).who().title_text() == BOTA


def test_the_public_keys_on_the_list_are_those_of_her_slot(enter: Callable[..., Office]) -> None:
    office = settle(enter, add_bota(enter()))
    signing, sealing = office.account.signing_key(), office.account.sealing_key()
    assert signing
    assert sealing
    assert office.members.signing_public(office.me) == bytes(signing.verify_key)
    assert office.members.sealing_public(office.me) == bytes(sealing.public_key)


def test_a_record_of_staff_without_an_account_is_used_and_a_second_namesake_is_not(
    enter: Callable[..., Office],
) -> None:
    office = enter()
    values = {"surname": "Бекова", "given": "Бота", "patronymic": "Серікқызы", "role": Role.LAWYER}
    known = office.desk.save("staff_member", values).id
    assert add_bota(office).account == known
    record = office.desk.get("staff_member", known)
    assert (record.role, record.login) == (Role.PSYCHOLOGIST, "bota")  # type: ignore[attr-defined]
    assert office.members.add("bota2", BOTA, Role.LAWYER, cost=CHEAP).account != known


@pytest.mark.parametrize(
    ("login", "person", "field"),
    [
        ("head", BOTA, "login"),
        ("HEAD", BOTA, "login"),
        ("two words", BOTA, "login"),
        ("", BOTA, "login"),
        ("б" * 41, BOTA, "login"),
        ("bota", "Бекова", "person"),
    ],
)
def test_what_cannot_be_added_is_told_and_leaves_nothing(
    enter: Callable[..., Office], folder: Path, login: str, person: str, field: str
) -> None:
    office = enter()
    before = (folder / "desk.keys").read_bytes()
    with pytest.raises(Refused) as caught:
        office.members.add(login, person, Role.LAWYER, cost=CHEAP)
    assert [problem.field for problem in caught.value.problems] == [field]
    assert (folder / "desk.keys").read_bytes() == before
    assert (len(office.members.list()), office.desk.count("staff_member")) == (1, 1)


def test_a_key_file_that_cannot_be_written_adds_nobody(
    enter: Callable[..., Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    office = enter()

    def no_space(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(os, "fsync", no_space)
        with pytest.raises(Weather, match="disk is full"):
            add_bota(office)
    assert (len(office.members.list()), office.desk.count("staff_member")) == (1, 1)
    add_bota(office)
    assert [one.login for one in office.members.list()] == ["head", "bota"]


def test_temporary_passphrases_are_words_to_type_and_hard_to_guess() -> None:
    assert (len(CONSONANTS) * len(VOWELS)) ** (SYLLABLES * WORDS) > 2**60
    phrases = {made_up() for _ in range(200)}
    assert len(phrases) == 200
    assert all(len(word) == 2 * SYLLABLES and word.isalpha() for phrase in phrases for word in phrase.split("-"))


# Disabling and readmitting


def test_who_is_disabled_opens_nothing_and_stays_on_the_list(enter: Callable[..., Office]) -> None:
    settle(enter, add_bota(enter()))
    office = enter()
    office.members.disable("bota")
    assert [one.state for one in office.members.people()] == [MemberState.ACTIVE, MemberState.DISABLED]
    with pytest.raises(WrongPassphrase):
        enter("bota", BOTAS)


def test_an_old_key_file_put_back_lets_nobody_in_who_was_disabled(enter: Callable[..., Office], folder: Path) -> None:
    settle(enter, add_bota(enter()))
    old = (folder / "desk.keys").read_bytes()
    enter().members.disable("bota")
    (folder / "desk.keys").write_bytes(old)
    with pytest.raises(Refused, match="disabled"):
        enter("bota", BOTAS)
    assert enter().members.list()


def test_readmitted_she_has_her_notes_by_her_former_passphrase(enter: Callable[..., Office]) -> None:
    note = write_note(settle(enter, add_bota(enter())))
    head = enter()
    assert note_of(head, note) is None
    head.members.disable("bota")
    back = settle(enter, head.members.readmit("bota", cost=CHEAP), BOTAS)
    assert note_of(enter("bota", BOTAS), note) == NOTE
    assert back.account.rights == RIGHTS[Role.PSYCHOLOGIST]


def test_readmitted_with_another_passphrase_her_notes_wait_for_the_paper(
    enter: Callable[..., Office], paper: str
) -> None:
    note = write_note(settle(enter, add_bota(enter())))
    other = settle(enter, enter().members.readmit("bota", cost=CHEAP), "мүлдем жаңа сөз")
    other = enter("bota", "мүлдем жаңа сөз")
    assert note_of(other, note) is None
    later = write_note(other)
    enter("bota", "", recovery=paper).account.set_passphrase("тағы бір жаңа сөз", cost=CHEAP)
    recovered = enter("bota", "тағы бір жаңа сөз")
    assert (note_of(recovered, note), note_of(recovered, later)) == (NOTE, NOTE)


def test_readmitted_by_the_paper_she_keeps_every_key(enter: Callable[..., Office], paper: str) -> None:
    bota = settle(enter, add_bota(enter()))
    note, key = write_note(bota), bota.members.signing_public(bota.me)
    head = enter()
    head.members.disable("bota")
    settle(enter, head.members.readmit("bota", paper, cost=CHEAP), "мүлдем жаңа сөз")
    back = enter("bota", "мүлдем жаңа сөз")
    assert note_of(back, note) == NOTE
    assert key in back.members.signing_publics(back.me)


def test_another_stores_paper_readmits_nobody(enter: Callable[..., Office], tmp_path: Path) -> None:
    settings = Settings(tmp_path / "o.json")
    other = front_door.create_store(tmp_path / "o", "О", "Оспанова Гүлнар", "head", HERS, settings=settings, cost=CHEAP)
    other.office.close()
    add_bota(enter())
    with pytest.raises(Refused, match="does not open this store"):
        enter().members.readmit("bota", other.recovery_key, cost=CHEAP)


def test_nobody_changes_her_own_account_so_a_head_always_stays(enter: Callable[..., Office]) -> None:
    office = enter()
    for change in (office.members.disable, office.members.readmit):
        with pytest.raises(Refused, match="her own account"):
            change("head")
    with pytest.raises(Refused, match="her own account"):
        office.members.set_role("head", Role.ANALYST)


def test_who_began_the_store_can_leave_and_another_head_goes_on(enter: Callable[..., Office], paper: str) -> None:
    settle(enter, add_bota(enter(), Role.HEAD))
    bota = enter("bota", BOTAS)
    bota.members.disable("head")
    bota.members.add("dina", "Динова Дина", Role.LAWYER, cost=CHEAP)
    again = enter("bota", BOTAS)
    assert [(one.login, one.state.name) for one in again.members.people()] == [
        ("head", "DISABLED"),
        ("bota", "ACTIVE"),
        ("dina", "ACTIVE"),
    ]
    assert again.members.broken == 0


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.HEAD])
def test_nobody_but_a_head_touches_the_list(enter: Callable[..., Office], role: Role) -> None:
    office = settle(enter, add_bota(enter(), role))
    verbs: tuple[Callable[[], object], ...] = (
        office.members.people,
        lambda: office.members.add("dina", "Динова Дина", Role.HEAD, cost=CHEAP),
        lambda: office.members.disable("head"),
        lambda: office.members.readmit("head", cost=CHEAP),
        lambda: office.members.set_role("head", Role.ANALYST),
    )
    for verb in verbs:
        with pytest.raises(Refused, match="Your role may not do this"):
            verb()


def test_by_the_paper_nobody_is_added(enter: Callable[..., Office], paper: str) -> None:
    with pytest.raises(Refused, match="Choose a passphrase"):
        add_bota(enter("", "", recovery=paper))


# Roles


def test_a_role_is_changed_on_the_list_and_in_her_record_alike(enter: Callable[..., Office]) -> None:
    added = add_bota(enter())
    office = enter()
    office.members.set_role("bota", Role.LAWYER)
    assert office.desk.get("staff_member", added.account).role is Role.LAWYER  # type: ignore[attr-defined]
    assert settle(enter, added).account.rights == RIGHTS[Role.LAWYER]


@pytest.mark.parametrize("values", [{"role": Role.HEAD}, {"login": "other"}])
def test_her_record_alone_changes_neither_role_nor_login(
    enter: Callable[..., Office], values: dict[str, object]
) -> None:
    added = add_bota(enter())
    office = enter()
    with pytest.raises(Refused, match="has an account"):
        office.desk.save("staff_member", values, added.account)
    office.desk.save("staff_member", {"position": "Аға маман"}, added.account)


def test_a_role_written_into_her_record_by_another_hand_gives_nothing(enter: Callable[..., Office]) -> None:
    added = add_bota(enter())
    office = settle(enter, added)
    with office.database.connection(write=True) as connection:
        connection.exec_driver_sql("UPDATE staff_member SET role = 'HEAD' WHERE id = ?", (added.account.hex,))
    assert enter("bota", BOTAS).account.rights == RIGHTS[Role.PSYCHOLOGIST]


# What somebody inside could write


def forge(office: Office, old: bytes = b"", new: bytes = b"", **changed: str) -> None:
    """Somebody inside writes into the row that speaks last of a person."""
    with office.database.connection(write=True) as connection:
        row = connection.execute(
            select(STATEMENT).where(STATEMENT.c.account != "").order_by(STATEMENT.c.seq.desc()).limit(1)
        ).one()
        content = bytes.fromhex(row.content)
        assert old in content
        values = {"content": content.replace(old, new).hex(), **changed}
        connection.execute(update(STATEMENT).where(STATEMENT.c.seq == row.seq).values(**values))


def plant(office: Office, *planted: Statement) -> None:
    """Somebody inside adds rows."""
    last = office.center.known.last
    with office.database.connection(write=True) as connection:
        for seq, one in enumerate(planted, start=last + 1):
            connection.execute(STATEMENT.insert().values(row_of(seq, one)))


def claimed(office: Office, account: UUID, key: SigningKey, **changed: object) -> Statement:
    """What somebody at the desk could say of somebody, signed with a key of her own."""
    one = office.center.log.people[account]
    word = Person(account, one.login, one.role, one.signing_public, one.sealing_public, one.state)
    bare = office.center.log.next(office.account.anchor, office.me, 0, replace(word, **changed))  # type: ignore[arg-type]
    return bare.signed(key)


def without_copies(office: Office) -> None:
    """Somebody inside takes out of the journal what it tells of the list."""
    with office.database.connection(write=True) as connection:
        connection.exec_driver_sql(
            "UPDATE journal SET detail = '', salt = NULL WHERE deed LIKE 'MEMBER%' OR deed = 'PASSPHRASE_CHANGED'"
        )


FORGERIES = pytest.mark.parametrize(
    "changed",
    [
        {"old": b"lPSYCHOLOGIST", "new": b"dHEAD"},
        {"old": b"ACTIVE", "new": b"ACTIVF"},
        {"content": ""},
        {"content": "00" * 200},
        {"content": "short"},
        {"id": "11" * 32},
    ],
)


@FORGERIES
def test_a_row_edited_by_another_hand_changes_nothing_and_is_told(
    enter: Callable[..., Office], changed: dict[str, Any]
) -> None:
    """The journal tells what the head had stated."""
    forge(settle(enter, add_bota(enter())), **changed)
    assert enter("bota", BOTAS).account.rights == RIGHTS[Role.PSYCHOLOGIST]
    head = enter()
    assert head.members.broken == 1
    assert head.journal.verify().broken.why == OTHER_LIST


@FORGERIES
def test_a_row_edited_by_another_hand_that_the_journal_does_not_tell_either_gives_no_rights(
    enter: Callable[..., Office], changed: dict[str, Any]
) -> None:
    bota = settle(enter, add_bota(enter()))
    forge(bota, **changed)
    without_copies(bota)
    with pytest.raises(Refused, match="not signed by a head"):
        enter("bota", BOTAS)
    head = enter()
    # With the word on her keys goes what she signed with them: the center's key, sealed to her new one.
    assert head.members.broken == 2
    assert [one.login for one in head.members.list()] == ["head"]


def test_who_was_struck_from_the_list_by_another_hand_is_added_anew_as_the_same_person(
    enter: Callable[..., Office],
) -> None:
    bota = settle(enter, add_bota(enter()))
    account, note = bota.me, write_note(bota)
    with bota.database.connection(write=True) as connection:
        connection.execute(update(STATEMENT).where(STATEMENT.c.account == account.hex).values(content="00"))
    without_copies(bota)
    again = add_bota(enter())
    assert again.account == account
    settle(enter, again, BOTAS)
    back = enter("bota", BOTAS)
    assert note_of(back, note) == NOTE
    assert back.account.rights == RIGHTS[Role.PSYCHOLOGIST]


def test_every_key_that_was_hers_is_known_so_that_what_she_signed_stays_proved(enter: Callable[..., Office]) -> None:
    bota = settle(enter, add_bota(enter()))
    first = bota.members.signing_public(bota.me)
    back = settle(enter, enter().members.readmit("bota", cost=CHEAP))
    second = back.members.signing_public(back.me)
    assert first != second
    assert back.members.signing_publics(back.me) >= {first, second}


def test_a_row_that_she_signs_herself_makes_her_no_head_and_the_head_can_mend_it(enter: Callable[..., Office]) -> None:
    bota = settle(enter, add_bota(enter()))
    key = bota.account.signing_key()
    assert key
    plant(bota, claimed(bota, bota.me, key, role="HEAD"))
    with pytest.raises(Refused, match="not signed by a head"):
        enter("bota", BOTAS)
    head = enter()
    assert [(one.login, one.sound) for one in head.members.people()] == [("head", True), ("bota", False)]
    head.members.set_role("bota", Role.PSYCHOLOGIST)
    assert enter("bota", BOTAS).account.rights == RIGHTS[Role.PSYCHOLOGIST]


def test_a_row_planted_for_who_began_the_store_keeps_her_from_nothing(enter: Callable[..., Office]) -> None:
    head = enter()
    plant(head, claimed(head, head.me, SigningKey.generate(), role="ANALYST"))
    again = enter()
    assert again.account.rights == RIGHTS[Role.HEAD]
    assert again.members.broken == 1


def test_a_row_that_was_taken_out_is_missed(enter: Callable[..., Office]) -> None:
    add_bota(enter())
    head = enter()
    head.members.set_role("bota", Role.LAWYER)
    with head.database.connection(write=True) as connection:
        first = select(STATEMENT.c.seq).where(STATEMENT.c.account != "").order_by(STATEMENT.c.seq).offset(1).limit(1)
        connection.execute(delete(STATEMENT).where(STATEMENT.c.seq == first.scalar_subquery()))
    assert enter().members.broken == 1


def test_a_readmission_taken_out_of_the_list_lets_nobody_in_by_the_older_line(enter: Callable[..., Office]) -> None:
    readmitted = settle(enter, add_bota(enter())).center.known.last
    settle(enter, enter().members.readmit("bota", cost=CHEAP))
    head = enter()
    with head.database.connection(write=True) as connection:
        connection.execute(delete(STATEMENT).where(STATEMENT.c.seq > readmitted))
    without_copies(head)
    with pytest.raises(Refused, match="not signed by a head"):
        enter("bota", BOTAS)


def cut(office: Office) -> None:
    """Somebody inside takes the last word on a person out of the list, and what was said with it."""
    with office.database.connection(write=True) as connection:
        last = "(SELECT max(seq) FROM statement WHERE account <> '')"
        connection.exec_driver_sql(f"DELETE FROM statement WHERE seq >= {last}")


def test_who_was_disabled_stays_out_though_the_end_of_the_list_is_gone_and_her_old_keys_are_back(
    enter: Callable[..., Office], folder: Path, tmp_path: Path
) -> None:
    settle(enter, add_bota(enter()))
    shutil.copy(folder / "desk.keys", tmp_path / "old.keys")
    head = enter()
    head.members.disable("bota")
    cut(head)
    head.close()
    today = (folder / "desk.keys").read_bytes()
    shutil.copy(tmp_path / "old.keys", folder / "desk.keys")
    with pytest.raises((Refused, Weather)):
        enter("bota", BOTAS)
    (folder / "desk.keys").write_bytes(today)
    head = enter()
    assert head.members.broken == 2
    assert head.journal.verify().broken.why == OTHER_LIST


def test_a_head_who_is_none_any_more_is_none_though_the_end_of_the_list_is_gone(enter: Callable[..., Office]) -> None:
    settle(enter, add_bota(enter()))
    head = enter()
    for role in (Role.HEAD, Role.SOCIAL_WORKER):
        head.members.set_role("bota", role)
    cut(head)
    bota = enter("bota", BOTAS)
    assert bota.account.rights == RIGHTS[Role.SOCIAL_WORKER]
    with pytest.raises(Refused):
        bota.members.add("dos", "Досов Дос", Role.HEAD, cost=CHEAP)


def test_what_the_journal_tells_of_the_list_counts_only_if_a_head_has_signed_it(enter: Callable[..., Office]) -> None:
    bota = settle(enter, add_bota(enter()))
    key = bota.account.signing_key()
    assert key
    planted = row_of(bota.center.known.last + 1, claimed(bota, bota.me, key, role="HEAD"))
    bota.journal.note(Deed.MEMBER_ROLE, "staff_member", bota.me, detail={"said": [planted, {**planted, "account": 7}]})
    assert enter("bota", BOTAS).account.rights == RIGHTS[Role.PSYCHOLOGIST]
    assert enter().members.broken == 0


def test_a_store_of_the_first_format_begins_its_list_when_its_owner_opens_it(
    enter: Callable[..., Office], folder: Path
) -> None:
    office = enter()
    secrets, keys, place = office.account.opened.secrets, office.account.keys, office.account.place
    assert secrets
    with office.database.connection(write=True) as connection:
        connection.execute(delete(STATEMENT))
    plain = replace(secrets, anchor=b"", paper=b"")
    (hers,), papers = keys.of_kind(PassphraseSlot), keys.of_kind(RecoverySlot)
    slot = PassphraseSlot.make(keys.store, office.me, hers.login_mark, HERS, plain, CHEAP, PublicKey(secrets.paper))
    KeyFile(keys.store, (*papers, slot)).forgetting(Opened.by(office.me, plain)).write(place.keys)
    assert b'"version": 1' in place.keys.read_bytes()
    again = enter("")
    assert again.account.rights == RIGHTS[Role.HEAD]
    assert again.account.anchor == again.members.signing_public(again.me) == secrets.signing_public
    assert b'"version": 2' in place.keys.read_bytes()
    settle(enter, add_bota(again))
    assert enter("bota", BOTAS).account.rights == RIGHTS[Role.PSYCHOLOGIST]


def test_a_list_begun_anew_by_somebody_inside_is_believed_by_nobody_else(enter: Callable[..., Office]) -> None:
    bota = settle(enter, add_bota(enter()))
    key = bota.account.signing_key()
    assert key
    mine = bytes(key.verify_key)
    word = Person(bota.me, b"", "HEAD", mine, bytes(32))
    with bota.database.connection(write=True) as connection:
        connection.execute(delete(STATEMENT))
        for anchor in (mine, bota.account.anchor):
            row = row_of(1, Statement(anchor, (), 1, bota.me, 0, word).signed(key))
            connection.execute(STATEMENT.insert().values({**row, "seq": 1 + (anchor == mine)}))
    with pytest.raises(Refused, match="first line of the list"):
        enter("bota", BOTAS)
    with pytest.raises(Refused, match="first line of the list"):
        enter()


# The door


def test_with_two_people_a_login_is_asked_for(enter: Callable[..., Office]) -> None:
    enter("").close()
    add_bota(enter())
    with pytest.raises(Unsaid, match="login"):
        enter("")
    assert enter("Head").who().login == "head"


def test_a_passphrase_opens_nothing_under_another_login(enter: Callable[..., Office]) -> None:
    add_bota(enter())
    with pytest.raises(WrongPassphrase):
        enter("bota", HERS)


def test_a_lost_laptop_comes_back_from_a_backup_and_the_paper(
    enter: Callable[..., Office], folder: Path, paper: str, tmp_path: Path
) -> None:
    bota = settle(enter, add_bota(enter()))
    note, signing = write_note(bota), bota.account.signing_key()
    head = enter()
    head_key = head.account.signing_key()
    head.backups.make(tmp_path / "stick.backup")
    head.close()
    shutil.rmtree(folder)
    from familydesk.services import backups

    backups.restore(tmp_path / "stick.backup", folder, recovery=paper, least=CHEAP)
    enter("", "", recovery=paper).account.set_passphrase("бастықтың жаңа сөзі", cost=CHEAP)
    back = enter("head", "бастықтың жаңа сөзі")
    assert back.account.signing_key() == head_key
    assert [one.login for one in back.members.people()] == ["head", "bota"]
    assert back.account.rights == RIGHTS[Role.HEAD]
    enter("bota", "", recovery=paper).account.set_passphrase("ботаның жаңа сөзі", cost=CHEAP)
    hers = enter("bota", "ботаның жаңа сөзі")
    assert (note_of(hers, note), hers.account.signing_key()) == (NOTE, signing)


def test_changing_a_passphrase_rewrites_one_slot_and_no_record(enter: Callable[..., Office], folder: Path) -> None:
    office = settle(enter, add_bota(enter()))
    before = {slot.id: slot for slot in KeyFile.read(folder / "desk.keys").slots}
    with office.database.read(whole=True) as session:
        changes = session.connection().exec_driver_sql("SELECT count(*) FROM change").scalar_one()
    office.account.change_passphrase(BOTAS, "мүлдем жаңа сөз", cost=CHEAP)
    after = {slot.id: slot for slot in KeyFile.read(folder / "desk.keys").slots}
    assert len(after) == len(before)
    assert [id for id, slot in before.items() if after.get(id) != slot] == list(before.keys() - after.keys())
    assert len(before.keys() - after.keys()) == 1
    with office.database.read(whole=True) as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM change").scalar_one() == changes


def test_a_key_file_exchanged_while_the_store_is_open_is_not_written_on(
    enter: Callable[..., Office], folder: Path
) -> None:
    office = enter()
    content = (folder / "desk.keys").read_text()
    (folder / "desk.keys").write_text(content.replace('"passes": 1', '"passes": 2'))
    with pytest.raises(Weather, match="changed by another hand"):
        office.account.set_passphrase("мүлдем жаңа сөз", cost=CHEAP)


# The journal


def test_every_change_of_the_list_stands_in_the_journal_signed_by_who_made_it(enter: Callable[..., Office]) -> None:
    added = add_bota(enter())
    settle(enter, added)
    head = enter()
    head.members.set_role("bota", Role.LAWYER)
    head.members.disable("bota")
    head.members.readmit("bota", cost=CHEAP)
    with head.database.read(whole=True) as session:
        rows = session.execute(
            select(JOURNAL.c.deed, JOURNAL.c.account, JOURNAL.c.record)
            .where(JOURNAL.c.deed.like("MEMBER%") | (JOURNAL.c.deed == "PASSPHRASE_CHANGED"))
            .order_by(JOURNAL.c.seq)
        ).all()
    bota, me = added.account.hex, head.me.hex
    assert [tuple(row) for row in rows] == [
        ("MEMBER_ADDED", me, bota),
        ("PASSPHRASE_CHANGED", bota, bota),
        ("MEMBER_ROLE", me, bota),
        ("MEMBER_DISABLED", me, bota),
        ("MEMBER_READMITTED", me, bota),
    ]


def test_a_drill_that_opens_is_noted_and_one_that_does_not_is_not(
    enter: Callable[..., Office], paper: str, tmp_path: Path
) -> None:
    settings = Settings(tmp_path / "o.json")
    other = front_door.create_store(tmp_path / "o", "О", "Оспанова Гүлнар", "head", HERS, settings=settings, cost=CHEAP)
    other.office.close()
    office = enter()
    assert not office.account.drill(other.recovery_key)
    assert office.account.drill(paper)
    with office.database.read(whole=True) as session:
        drills = session.scalars(select(JOURNAL.c.account).where(JOURNAL.c.deed == "RECOVERY_DRILLED")).all()
    assert drills == [office.me.hex]


# A temporary passphrase in other hands


def opened_by(office: Office, folder: Path, passphrase: str) -> Opened:
    """What somebody's tool opens with a copy of the key file, the passphrase and nothing else."""
    office.close()
    return KeyFile.read(folder / "desk.keys").by_passphrase(passphrase, "bota", CHEAP)


def test_a_temporary_passphrase_with_the_key_file_of_its_day_opens_no_later_note(
    enter: Callable[..., Office], folder: Path
) -> None:
    head = enter()
    added = add_bota(head)
    old = opened_by(head, folder, added.temporary_passphrase)
    note = write_note(settle(enter, added))
    bota = enter("bota", BOTAS)
    with bota.database.connection() as connection:
        token = connection.exec_driver_sql("SELECT specialist_note FROM consultation").scalar()
    place = ("consultation", note, "specialist_note", token)
    assert bota.database.privileged.open(*place) == NOTE  # type: ignore[arg-type]
    assert Privileged(old.account, old.privileged).open(*place) is None  # type: ignore[arg-type]


def test_whoever_kept_a_temporary_key_signs_and_receives_nothing_in_her_name(
    enter: Callable[..., Office], folder: Path
) -> None:
    head = enter()
    added = add_bota(head)
    old = opened_by(head, folder, added.temporary_passphrase).secrets
    assert old
    bota = settle(enter, added)
    assert bota.members.sealing_public(bota.me) not in (None, old.sealing_public)
    plant(bota, claimed(bota, bota.me, SigningKey(old.signing_seed), signing_public=old.signing_public))
    assert enter().members.broken == 1


def test_new_keys_of_hers_are_her_own_word_and_a_role_is_not(enter: Callable[..., Office]) -> None:
    bota = settle(enter, add_bota(enter()))
    again = enter("bota", BOTAS)
    assert (again.members.broken, again.members.role_of(bota.me)) == (0, Role.PSYCHOLOGIST)
    member, key = again.members.get(bota.me), again.account.signing_key()
    assert member
    assert key
    assert member.added_by == bota.me
    for claim in ({"role": "LAWYER"}, {"login": b"bota2"}):
        said = claimed(again, again.me, key, signing_public=bytes(32), **claim)
        spoken = [row_of(seq, one) for seq, one in enumerate((*_statements(again), said), start=1)]
        assert MemberList.read(spoken, again.account.anchor).broken == 1


def test_in_the_sitting_in_which_she_chose_it_her_notes_and_signature_are_the_new_ones(
    enter: Callable[..., Office],
) -> None:
    bota = settle(enter, add_bota(enter()))
    note = write_note(bota)
    assert note_of(bota, note) == NOTE
    assert note_of(enter("bota", BOTAS), note) == NOTE
    assert enter().journal.verify().whole


def _statements(office: Office) -> list[Statement]:
    with office.database.connection() as connection:
        contents = connection.execute(select(STATEMENT.c.content).order_by(STATEMENT.c.seq)).scalars().all()
    return [decode(bytes.fromhex(content)) for content in contents]
