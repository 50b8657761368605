"""A laptop joins its center by a folder: who is compared with whom, what it gets, and what stands between them."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from nacl.public import PublicKey
from newcomers import BOTA, BOTA_NAMED, CHEAP, DINA, DINA_NAMED, HEAD, Desk, Place

from familydesk.core import clock
from familydesk.core.errors import Refused
from familydesk.services import front_door
from familydesk.services.admissions import NO_REQUEST, NOT_FOR_US, NOT_THE_SAME
from familydesk.services.joining import FALSE_ADMISSION, KEYS_AWAITED, NOT_CONFIRMED, OTHER_PASSPHRASE
from familydesk.services.members import Role
from familydesk.services.rights import RIGHTS
from familydesk.services.roads import ANOTHER, NO_CENTER_THERE, SEVERAL
from familydesk.store import hybrid_clock
from familydesk.store.keys import WrongPassphrase
from familydesk.store.slots import PassphraseSlot, Secrets
from familydesk.sync import outcome


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place.made(tmp_path_factory.mktemp("made") / "place")


@pytest.fixture
def place(made: Place, tmp_path: Path) -> Iterator[Place]:
    place = made.copied(tmp_path / "place")
    yield place
    place.head.leave()


@pytest.fixture(scope="module")
def settled(made: Place, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """With Bota and her laptop."""
    place = made.copied(tmp_path_factory.mktemp("settled") / "place")
    place.admitted("bota", BOTA, BOTA_NAMED, "PSYCHOLOGIST")
    return place


@pytest.fixture
def two(settled: Place, tmp_path: Path) -> Iterator[tuple[Place, Desk]]:
    place = settled.copied(tmp_path / "place")
    bota = place.desk("bota", BOTA)
    yield place, bota
    place.head.leave()
    bota.leave()


def told(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [problem.text for problem in refused.value.problems]


def person(desk: Desk, surname: str) -> object:
    values = {"surname": surname, "given": "М", "iin_absence": "NOT_RECORDED"}
    saved = desk.open().desk.save("person", values).id
    desk.leave()
    return saved


# A new colleague


def test_a_new_colleague_joins_with_her_laptop_and_both_have_the_same(two: tuple[Place, Desk]) -> None:
    place, bota = two
    id = person(bota, "Жаңа")
    assert bota.sync(place.stick)["sent"]
    assert place.head.sync(place.stick)["received"]
    head, hers = place.head.open(), bota.open()
    assert head.desk.get("person", id).surname == "Жаңа"  # type: ignore[attr-defined, arg-type]
    assert hers.account.rights == RIGHTS[Role.PSYCHOLOGIST]
    assert hers.who().title_text() == BOTA_NAMED
    assert [(one.login, one.account) for one in hers.members.list()] == [
        (one.login, one.account) for one in head.members.list()
    ]
    assert hers.account.anchor == head.account.anchor
    assert hers.account.opened.paper == head.account.opened.paper
    assert head.members.broken == hers.members.broken == 0
    assert head.journal.verify().whole


def test_a_clock_that_was_wrong_is_told_of_until_it_is_set_right(
    two: tuple[Place, Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    place, bota = two
    years = timedelta(days=3660)
    nanoseconds = int(years.total_seconds()) * 10**9
    with monkeypatch.context() as wrong, clock.stopped(clock.now() + years):
        wrong.setattr(hybrid_clock, "time", SimpleNamespace(time_ns=lambda: time.time_ns() + nanoseconds))
        person(bota, "Болашақ")
        bota.sync(place.stick)
    assert place.head.sync(place.stick)["warnings"] == [outcome.CLOCK_AHEAD]
    later = person(bota, "Қазір")
    bota.sync(place.stick)
    assert place.head.sync(place.stick)["warnings"] == []
    assert place.head.open().desk.get("person", later).surname == "Қазір"  # type: ignore[attr-defined, arg-type]


def test_each_laptop_gives_numbers_of_its_own_block(two: tuple[Place, Desk]) -> None:
    place, bota = two
    from familydesk.store import number_block

    blocks = []
    for desk in (place.head, bota):
        with desk.open().database.connection() as connection:
            blocks.append(number_block.of(connection))
        desk.leave()
    assert blocks == ["01", "02"]


def test_until_a_head_has_admitted_it_a_laptop_is_not_confirmed_and_opens_nothing(place: Place) -> None:
    bota = place.desk("bota", BOTA)
    bota.ask(place.stick, BOTA_NAMED)
    assert front_door.state_of(bota.folder) is front_door.State.READY
    with pytest.raises(Refused) as caught:
        bota.open()
    assert told(caught) == [NOT_CONFIRMED]
    with pytest.raises(WrongPassphrase):
        bota.open(passphrase="мүлдем басқа сөз")
    assert sorted(path.name for path in bota.folder.iterdir() if path.name != "delay.json") == [
        "desk.joining",
        "desk.lock",
    ]


def test_who_asks_is_shown_to_a_head_by_name_and_without_the_fingerprint(place: Place) -> None:
    bota = place.desk("bota", BOTA)
    asked = bota.ask(place.stick, BOTA_NAMED)
    (found,) = place.head.open().admissions.requests(str(place.stick))
    assert (found.request, found.person, found.login) == (asked.request, BOTA_NAMED, "")
    assert not hasattr(found, "fingerprint")


def test_no_name_and_no_login_lies_readable_on_the_stick(two: tuple[Place, Desk]) -> None:
    place, _bota = two
    place.desk("dina", DINA).ask(place.stick, DINA_NAMED, login="bota")
    for path in (path for path in place.stick.rglob("*") if path.is_file()):
        content = path.read_bytes()
        for word in ("Бекова", "бекова", "Динова", "bota", "head\x00", "Оспанова"):
            assert word.encode() not in content, path


def test_the_head_can_admit_once_more_what_did_not_reach_the_stick(place: Place) -> None:
    bota = place.desk("bota", BOTA)
    asked = bota.ask(place.stick, BOTA_NAMED)
    (request,) = place.stick.rglob(f"request/{asked.request}")
    kept = request.read_bytes()
    head = place.head.open()
    first = head.admissions.admit(str(place.stick), asked.request, asked.fingerprint, Role.LAWYER)
    shutil.rmtree(request.parent)
    shutil.rmtree(request.parent.parent / "admission")
    request.parent.mkdir()
    request.write_bytes(kept)
    before = head.center.known.last
    again = head.admissions.admit(str(place.stick), asked.request, asked.fingerprint, Role.LAWYER)
    assert (again, head.center.known.last) == (first, before)
    assert bota.arrive()


def test_killed_before_the_request_was_put_away_it_is_at_the_next_opening(place: Place) -> None:
    bota = place.desk("bota", BOTA)
    asked = bota.ask(place.stick, BOTA_NAMED)
    place.head.open().admissions.admit(str(place.stick), asked.request, asked.fingerprint, Role.LAWYER)
    waiting = bota.folder / "desk.joining"
    kept = waiting.read_bytes()
    bota.arrive()
    assert not waiting.exists()
    waiting.write_bytes(kept)
    bota.open()
    assert not waiting.exists()
    bota.leave()


def test_a_namesakes_login_gets_a_number(two: tuple[Place, Desk]) -> None:
    place, _bota = two
    dina = place.desk("dina", DINA)
    asked = dina.ask(place.stick, "Бекова Дана")
    admitted = place.head.open().admissions.admit(str(place.stick), asked.request, asked.fingerprint, Role.LAWYER)
    assert admitted.login == "бекова2"


# Somebody between them


def test_another_fingerprint_admits_nobody(place: Place) -> None:
    bota = place.desk("bota", BOTA)
    asked = bota.ask(place.stick, BOTA_NAMED)
    head = place.head.open()
    before = head.center.known.last
    for wrong in ("AAAAA-AAAAA-AAAAA-AAAAA", "", asked.fingerprint[:-1], asked.center):
        with pytest.raises(Refused) as caught:
            head.admissions.admit(str(place.stick), asked.request, wrong, Role.LAWYER)
        assert told(caught) == [NOT_THE_SAME]
    assert head.center.known.last == before
    spoken = asked.fingerprint.replace("-", " ").lower()
    assert head.admissions.admit(str(place.stick), asked.request, spoken, Role.LAWYER)


def test_a_request_that_was_put_in_place_of_hers_has_another_fingerprint(place: Place) -> None:
    asked = place.desk("bota", BOTA).ask(place.stick, BOTA_NAMED)
    theirs = place.desk("thief", DINA).ask(place.stick, BOTA_NAMED)
    folder = next(place.stick.rglob("request"))
    shutil.copy(folder / theirs.request, folder / asked.request)
    with pytest.raises(Refused) as caught:
        place.head.open().admissions.admit(str(place.stick), asked.request, asked.fingerprint, Role.LAWYER)
    assert told(caught) == [NOT_THE_SAME]


def test_a_false_center_makes_another_fingerprint_than_the_head_reckons(place: Place, tmp_path: Path) -> None:
    """The road shows a center of its own, and carries the request over to the true one."""
    false = Place.made(tmp_path / "false")
    bota = place.desk("bota", BOTA)
    asked = bota.ask(false.stick, BOTA_NAMED)
    (request,) = false.stick.rglob(f"request/{asked.request}")
    beside = next(place.stick.rglob("object")) / "request"
    beside.mkdir(exist_ok=True)
    shutil.copy(request, beside / asked.request)
    head = place.head.open()
    with pytest.raises(Refused) as caught:
        head.admissions.admit(str(place.stick), asked.request, asked.fingerprint, Role.LAWYER)
    assert told(caught)[0] in (NOT_THE_SAME, NOT_FOR_US)
    assert not head.admissions.requests(str(place.stick))
    true = head.admissions.certificate(tmp_path / "certificate")
    assert asked.center != true
    with pytest.raises(Refused) as caught:
        place.desk("other", DINA).ask(false.stick, DINA_NAMED, pinned=true)
    assert told(caught) == [ANOTHER]


def test_an_admission_of_another_center_makes_no_store(place: Place, tmp_path: Path) -> None:
    """A false head takes the request over and answers it before the true one."""
    from familydesk.sync.enrolment import Admission, read_request

    bota = place.desk("bota", BOTA)
    asked = bota.ask(place.stick, BOTA_NAMED)
    (file,) = place.stick.rglob(f"request/{asked.request}")
    request = read_request(file.read_bytes())
    false = Place.made(tmp_path / "false").head.open()
    said = tuple(one.content for one in false.center.held())
    sealed = Admission(false.me, false.account.opened.paper, said).sealed(request)
    answers = file.parent.parent / "admission"
    answers.mkdir()
    (answers / request.answer).write_bytes(sealed)
    with pytest.raises(Refused) as caught:
        bota.arrive()
    assert told(caught) == [NOT_CONFIRMED]
    (answers / request.answer).write_bytes(os.urandom(400))
    with pytest.raises(Refused) as caught:
        bota.arrive()
    assert told(caught) == [FALSE_ADMISSION]
    assert not (bota.folder / "desk.db").exists()
    false.close()


def test_where_no_center_or_several_are_to_be_found_it_is_told(place: Place, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    bota = place.desk("bota", BOTA)
    with pytest.raises(Refused) as caught:
        bota.ask(empty, BOTA_NAMED)
    assert told(caught) == [NO_CENTER_THERE]
    other = Place.made(tmp_path / "other")
    for folder in other.stick.iterdir():
        shutil.copytree(folder, place.stick / folder.name)
    with pytest.raises(Refused) as caught:
        bota.ask(place.stick, BOTA_NAMED)
    assert told(caught) == [SEVERAL]
    pinned = place.head.open().admissions.certificate(tmp_path / "certificate")
    assert bota.ask(place.stick, BOTA_NAMED, pinned=pinned.lower()).center == pinned


def test_statements_that_somebody_planted_on_the_stick_found_no_center(place: Place, tmp_path: Path) -> None:
    (folder,) = place.stick.rglob("statement")
    for file in folder.iterdir():
        file.write_bytes(os.urandom(300))
    with pytest.raises(Refused) as caught:
        place.desk("bota", BOTA).ask(place.stick, BOTA_NAMED)
    assert told(caught) == [NO_CENTER_THERE]


# Who may


def test_nobody_but_a_head_admits_revokes_or_sees_who_asks(two: tuple[Place, Desk]) -> None:
    place, bota = two
    asked = place.desk("dina", DINA).ask(place.stick, DINA_NAMED)
    hers, stick = bota.open().admissions, str(place.stick)
    for verb in (
        lambda: hers.requests(stick),
        lambda: hers.admit(stick, asked.request, asked.fingerprint, Role.HEAD),
        lambda: hers.revoke("head", stick),
        hers.laptops,
    ):
        with pytest.raises(Refused, match="Your role may not do this"):
            verb()


def test_a_request_that_is_not_there_is_told(place: Place) -> None:
    with pytest.raises(Refused) as caught:
        place.head.open().admissions.admit(str(place.stick), "00" * 16, "A", Role.LAWYER)
    assert told(caught) == [NO_REQUEST]


def test_a_new_head_is_confirmed_by_the_second_one_before_her_laptop_is(place: Place) -> None:
    place.admitted("bota", BOTA, BOTA_NAMED, "HEAD")
    dina = place.desk("dina", DINA)
    asked = dina.ask(place.stick, DINA_NAMED)
    admitted = place.head.open().admissions.admit(str(place.stick), asked.request, asked.fingerprint, Role.HEAD)
    assert admitted.waiting
    with pytest.raises(Refused) as caught:
        dina.arrive()
    assert told(caught) == [NOT_CONFIRMED]
    bota = place.desk("bota", BOTA)
    bota.sync(place.stick)
    office = bota.open()
    assert [(one.login, one.waiting) for one in office.members.people()][-1] == (admitted.login, True)
    office.members.set_role(admitted.login, Role.HEAD)
    bota.leave()
    bota.sync(place.stick)
    dina.arrive()
    dina.sync(place.stick)
    office = dina.open()
    assert office.account.rights == RIGHTS[Role.HEAD]
    assert office.journal.verify().whole
    dina.leave()


# A second laptop


def test_a_member_with_a_second_laptop_keeps_her_identity_and_her_notes(place: Place) -> None:
    from familydesk.core import clock
    from familydesk.records.consultation import ConsultationForm, ConsultationKind

    head = place.head.open()
    added = head.members.add("bota", BOTA_NAMED, Role.PSYCHOLOGIST, cost=CHEAP)
    first = place.head.open("bota", added.temporary_passphrase)
    first.account.change_passphrase(added.temporary_passphrase, BOTA, cost=CHEAP)
    whose = first.desk.save("person", {"surname": "Ж", "given": "М", "iin_absence": "NOT_RECORDED"}).id
    note = first.desk.save(
        "consultation",
        {
            "person_id": whose,
            "held_at": clock.local(2026, 11, 2, 10),
            "kind": ConsultationKind.PSYCHOLOGICAL,
            "form": ConsultationForm.IN_PERSON,
            "specialist_note": "Ол түнде үйге қайтпады",
        },
    ).id
    key = first.account.signing_key()
    place.head.leave()
    second = place.desk("bota", BOTA)
    asked = second.ask(place.stick, BOTA_NAMED, login="Bota")
    admitted = place.head.open().admissions.admit(str(place.stick), asked.request, asked.fingerprint, None)
    assert (admitted.account, admitted.login) == (added.account, "bota")
    place.head.leave()
    place.head.sync(place.stick)
    second.arrive()
    second.sync(place.stick)
    office = second.open()
    assert office.me == added.account
    assert office.account.signing_key() == key
    assert office.desk.get("consultation", note).specialist_note == "Ол түнде үйге қайтпады"  # type: ignore[attr-defined]
    assert len(office.center.log.laptops) == 2
    second.leave()


def test_a_second_laptop_takes_the_passphrase_of_the_first(place: Place) -> None:
    second = place.desk("second", DINA)
    asked = second.ask(place.stick, "Оспанова Гүлнар", login="head")
    place.head.open().admissions.admit(str(place.stick), asked.request, asked.fingerprint, None)
    with pytest.raises(Refused) as caught:
        second.arrive()
    assert told(caught) == [OTHER_PASSPHRASE]


def test_the_keys_for_a_second_laptop_come_from_where_its_owner_works(two: tuple[Place, Desk]) -> None:
    place, bota = two
    second = place.desk("second", BOTA)
    asked = second.ask(place.stick, BOTA_NAMED, login="бекова")
    head = place.head.open()
    assert head.admissions.admit(str(place.stick), asked.request, asked.fingerprint, None).keys_missing
    assert not head.admissions.requests(str(place.stick))
    place.head.leave()
    with pytest.raises(Refused) as caught:
        second.arrive()
    assert told(caught) == [KEYS_AWAITED]
    hers = bota.open()
    with pytest.raises(Refused) as caught:
        hers.admissions.hand_over_keys(str(place.stick), asked.request, asked.fingerprint[:-1])
    assert told(caught) == [NOT_THE_SAME]
    hers.admissions.hand_over_keys(str(place.stick), asked.request, asked.fingerprint)
    key = hers.account.signing_key()
    bota.leave()
    second.arrive()
    second.sync(place.stick)
    office = second.open()
    assert (office.account.signing_key(), office.who().title_text()) == (key, BOTA_NAMED)
    second.leave()


def test_keys_that_somebody_else_left_in_her_place_make_no_store(two: tuple[Place, Desk]) -> None:
    """A colleague with the same passphrase hands over her own, so that the new laptop would sign as she."""
    from familydesk.sync.enrolment import OwnKeys, read_request

    place, bota = two
    second = place.desk("second", BOTA)
    asked = second.ask(place.stick, BOTA_NAMED, login="бекова")
    (file,) = place.stick.rglob(f"request/{asked.request}")
    request = read_request(file.read_bytes())
    place.head.open().admissions.admit(str(place.stick), asked.request, asked.fingerprint, None)
    hers = bota.open()
    account, keys = hers.account, hers.account.keys
    slot = PassphraseSlot.make(keys.store, hers.me, b"", BOTA, Secrets.fresh(), CHEAP, PublicKey(account.opened.paper))
    (file.parent.parent / "admission" / request.keys_answer).write_bytes(
        OwnKeys.of(keys.store, slot).sealed_to(request)
    )
    bota.leave()
    with pytest.raises(Refused) as caught:
        second.arrive()
    assert told(caught) == [FALSE_ADMISSION]
    assert not (second.folder / "desk.db").exists()


# Leaving


def test_a_stolen_laptop_is_revoked_in_one_step_and_what_it_writes_later_is_kept_aside(two: tuple[Place, Desk]) -> None:
    place, bota = two
    known = person(bota, "Бұрын")
    bota.sync(place.stick)
    place.head.sync(place.stick)
    head = place.head.open()
    laptop = next(one for one in head.admissions.laptops() if not one.own)
    epochs = head.center.log.epoch
    head.admissions.revoke(laptop.id[:10], str(place.stick))
    assert head.center.log.epoch > epochs
    assert [one.state for one in head.admissions.laptops()] == ["ACTIVE", "REVOKED"]
    place.head.leave()
    later = person(bota, "Кейін")
    bota.open().syncing.pack()
    bota.leave()
    for file in list(bota.folder.glob("*.json")):
        assert file.name in ("delay.json", "numbers.json")
    assert any("revoked" in str(one) for one in bota.sync(place.stick)["warnings"])  # type: ignore[attr-defined]
    place.head.sync(place.stick)
    head = place.head.open()
    assert head.desk.get("person", known).surname == "Бұрын"  # type: ignore[attr-defined, arg-type]
    with pytest.raises(Refused, match="no such record"):
        head.desk.get("person", later)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="not confirmed"):
        bota.open().syncing.sync(str(place.stick))


@pytest.mark.parametrize("whom", ["laptop", "login"])
def test_work_that_lies_on_the_stick_is_taken_in_before_its_laptop_is_revoked(
    two: tuple[Place, Desk], whom: str
) -> None:
    place, bota = two
    place.head.sync(place.stick)
    honest = person(bota, "Адал")
    bota.sync(place.stick)
    head = place.head.open()
    laptop = next(one for one in head.admissions.laptops() if not one.own)
    assert head.admissions.revoke(laptop.id if whom == "laptop" else laptop.login, str(place.stick)) == []
    assert head.desk.get("person", honest).surname == "Адал"  # type: ignore[attr-defined, arg-type]
    place.head.leave()
    assert place.head.sync(place.stick)["warnings"] == []


def test_what_one_heads_laptop_had_taken_in_before_it_heard_of_the_cut_counts_on_all(two: tuple[Place, Desk]) -> None:
    """Two heads' laptops: one has Bota's last work, the other revokes her laptop without knowing it."""
    place, bota = two
    other = place.desk("other", HEAD, "head")
    asked = other.ask(place.stick, "Оспанова Гүлнар", login="head")
    place.head.open().admissions.admit(str(place.stick), asked.request, asked.fingerprint, None)
    place.head.leave()
    other.arrive()
    last = person(bota, "Соңғы")
    bota.sync(place.stick)
    other.sync(place.stick)
    head = place.head.open()
    head.admissions.revoke(next(one.id for one in head.admissions.laptops() if one.block == 2))
    place.head.leave()
    place.head.sync(place.stick)
    with pytest.raises(Refused, match="no such record"):
        place.head.open().desk.get("person", last)  # type: ignore[arg-type]
    place.head.leave()
    for desk in (other, other, place.head):
        desk.sync(place.stick)
    for desk in (place.head, other):
        assert desk.open().desk.get("person", last).surname == "Соңғы"  # type: ignore[attr-defined, arg-type]
        desk.leave()


def test_who_is_revoked_is_shut_out_with_her_laptops_and_gets_no_later_key(two: tuple[Place, Desk]) -> None:
    place, bota = two
    head = place.head.open()
    head.admissions.revoke("бекова", str(place.stick))
    newest = head.center.log.epoch
    assert not head.center.log.epoch_due
    assert [one.state.name for one in head.members.people()] == ["ACTIVE", "DISABLED"]
    assert [one.state for one in head.admissions.laptops()] == ["ACTIVE", "REVOKED"]
    hers = bota.open()
    assert any("disabled" in str(one) for one in hers.syncing.sync(str(place.stick)).warnings)
    assert newest in hers.center.log.epochs
    assert newest not in hers.center.epoch_keys
    assert not hers.account.rights.casework
    with pytest.raises(Refused, match="disabled"):
        bota.open()


def test_who_is_revoked_and_readmitted_has_other_keys_than_the_laptop_that_was_stolen(two: tuple[Place, Desk]) -> None:
    place, bota = two
    head = place.head.open()
    before = head.center.log.epoch
    head.admissions.revoke("бекова", str(place.stick))
    head.members.readmit("бекова")
    assert {one.state.name for one in head.members.people()} == {"ACTIVE"}
    later = person(place.head, "Кейін")
    place.head.sync(place.stick)
    stolen = bota.open()
    stolen.syncing.sync(str(place.stick))
    assert before in stolen.center.epoch_keys
    assert not any(epoch > before for epoch in stolen.center.epoch_keys)
    with pytest.raises(Refused, match="no such record"):
        stolen.desk.get("person", later)  # type: ignore[arg-type]


def test_the_laptop_at_which_one_sits_and_what_is_none_are_not_revoked(two: tuple[Place, Desk]) -> None:
    place, _bota = two
    head = place.head.open()
    own = next(one for one in head.admissions.laptops() if one.own)
    for whom in (own.id, "", "00", "nobody", "ff" * 16):
        with pytest.raises(Refused):
            head.admissions.revoke(whom)
    assert [one.state for one in head.admissions.laptops()] == ["ACTIVE", "ACTIVE"]


def test_whoever_made_the_store_leaves_and_her_laptop_stays_in_the_center(place: Place) -> None:
    added = place.head.open().members.add("bota", BOTA_NAMED, Role.HEAD, cost=CHEAP)
    bota = place.head.open("bota", added.temporary_passphrase)
    bota.account.change_passphrase(added.temporary_passphrase, BOTA, cost=CHEAP)
    bota = place.head.open("bota", BOTA)
    bota.members.disable("head")
    (laptop,) = bota.admissions.laptops()
    assert (laptop.login, laptop.state, bota.center.vouched) == ("bota", "ACTIVE", True)
    assert bota.syncing.sync(str(place.stick)).warnings == []
    with pytest.raises(WrongPassphrase):
        place.head.open("head", HEAD)


# A disk that was brought back


def test_a_laptop_brought_back_from_a_backup_is_replaced_by_a_new_one_and_nothing_handed_over_is_lost(
    place: Place, tmp_path: Path
) -> None:
    from familydesk.services import backups

    office = place.head.open()
    office.backups.make(tmp_path / "day.backup")
    place.head.leave()
    later = person(place.head, "Кейін")
    place.head.sync(place.stick)
    backups.restore(tmp_path / "day.backup", place.head.folder, HEAD, least=CHEAP)
    assert any("brought back" in str(one) for one in place.head.sync(place.stick)["warnings"])  # type: ignore[attr-defined]
    fresh = place.desk("fresh", HEAD, "head")
    asked = fresh.ask(place.stick, "Оспанова Гүлнар", login="head")
    place.head.open().admissions.admit(str(place.stick), asked.request, asked.fingerprint, None)
    place.head.leave()
    fresh.arrive()
    assert fresh.sync(place.stick)["warnings"] == []
    office = fresh.open()
    assert office.desk.get("person", later).surname == "Кейін"  # type: ignore[attr-defined, arg-type]
    # Its identity of before the backup, and the one that it took at its first meeting afterwards.
    for old in [one for one in office.admissions.laptops() if not one.own]:
        office.admissions.revoke(old.id, str(place.stick))
    assert [one.state for one in office.admissions.laptops()] == ["REVOKED", "REVOKED", "ACTIVE"]
    assert office.syncing.sync(str(place.stick)).warnings == []
    fresh.leave()
