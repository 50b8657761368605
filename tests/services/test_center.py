"""This laptop in its center: its identity, the center's keys, and what a head's laptop does by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from nacl.public import PrivateKey
from newcomers import BOTA, BOTA_NAMED, CHEAP, DINA, DINA_NAMED, HEAD, Desk, Place

from familydesk.core.errors import Refused
from familydesk.services.members import WAITS, MemberState, Role
from familydesk.services.office import Office
from familydesk.store import number_block, recovery_code
from familydesk.sync import sealed_keys
from familydesk.sync.identity import Standing
from familydesk.sync.wire.digests import center_id, device_id
from familydesk.sync.wire.statement import Person


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The head's laptop, with Bota as a second head and Dina."""
    place = Place.made(tmp_path_factory.mktemp("made") / "place")
    for login, name, words, role in (("bota", BOTA_NAMED, BOTA, Role.HEAD), ("dina", DINA_NAMED, DINA, Role.LAWYER)):
        added = place.head.open().members.add(login, name, role, cost=CHEAP)
        office = place.head.open(login, added.temporary_passphrase)
        office.account.change_passphrase(added.temporary_passphrase, words, cost=CHEAP)
    place.head.leave()
    return place


@pytest.fixture
def desk(made: Place, tmp_path: Path) -> Iterator[Desk]:
    place = made.copied(tmp_path / "place")
    yield place.head
    place.head.leave()


def bota(desk: Desk) -> Office:
    return desk.open("bota", BOTA)


def dina(desk: Desk) -> Office:
    return desk.open("dina", DINA)


def test_a_laptop_is_vouched_for_from_the_day_on_which_the_center_begins(desk: Desk) -> None:
    office = desk.open()
    identity = office.center.identity
    assert identity
    assert identity.center == center_id(office.account.anchor)
    assert identity.device == device_id(bytes(identity.device_key.verify_key))
    assert identity.person_key == office.account.signing_key()
    assert office.center.vouched
    assert not office.center.several
    assert office.center.trust.standing(identity.device, 1, bytes(32)) is Standing.ACCEPTED
    assert office.center.trust.standing(bytes(16), 1, bytes(32)) is Standing.UNKNOWN


def test_it_is_one_laptop_whoever_sits_at_it(desk: Desk) -> None:
    devices = {office.center.identity.device for office in map(lambda enter: enter(desk), (Desk.open, bota, dina))}  # type: ignore[union-attr]
    assert len(devices) == 1


def test_everybody_has_every_key_of_the_center_and_the_paper_too(desk: Desk) -> None:
    head = desk.open()
    number, _key = head.center.draw_key()
    signer = head.account.signing_key()
    assert signer
    with head.members.changing() as session:
        head.center.begin_epoch(session, number, signer)
    keys = dict(head.center.epoch_keys)
    assert len(keys) == 2
    for enter in (bota, dina):
        assert enter(desk).center.epoch_keys == keys
    epoch = head.center.log.epochs[number]
    assert len(epoch.copies) == 3


def test_with_the_paper_alone_the_keys_come_back(tmp_path: Path) -> None:
    from familydesk.core.settings import Settings
    from familydesk.services import front_door

    settings = Settings(tmp_path / "settings.json")
    created = front_door.create_store(
        tmp_path / "s", "О", "Оспанова Гүлнар", "head", HEAD, settings=settings, cost=CHEAP
    )
    office, paper = created.office, PrivateKey(recovery_code.read(created.recovery_key))
    found = {
        number: sealed_keys.epoch_key_from_paper(office.center.id, number, epoch.paper, paper)
        for number, epoch in office.center.log.epochs.items()
    }
    assert found == dict(office.center.epoch_keys)
    office.close()


def test_logins_lie_sealed_in_the_log_and_open_with_the_centers_keys(desk: Desk) -> None:
    office = dina(desk)
    assert [one.login for one in office.members.list()] == ["head", "bota", "dina"]
    for one in office.center.held():
        assert all(login not in one.content for login in (b"bota", b"dina", b"head"))


def test_who_leaves_has_no_later_key_and_the_rest_have(desk: Desk) -> None:
    kept = dict(dina(desk).center.epoch_keys)
    desk.open().members.disable("dina")
    office = bota(desk)
    assert not office.center.log.epoch_due
    later = office.center.epoch_keys.keys() - kept.keys()
    assert later == {office.center.log.epoch}
    hers = next(one.account for one in office.members.list() if one.login == "dina")
    assert {copy.epoch for copy in office.center.log.copies[hers]} == kept.keys()


def test_a_third_head_waits_for_the_second_one(desk: Desk) -> None:
    desk.open().members.set_role("dina", Role.HEAD)
    assert dina(desk).account.rights.casework
    assert not any(one.login == "dina" and one.leads for one in desk.open().members.list())
    office = bota(desk)
    assert [(one.login, one.role, one.waiting) for one in office.members.people()][-1] == ("dina", Role.LAWYER, True)
    office.members.confirm("dina")
    assert dina(desk).members.people()


def test_somebody_new_who_is_to_be_a_head_enters_when_both_have_spoken(desk: Desk) -> None:
    added = desk.open().members.add("eva", "Ержанова Ева", Role.HEAD, cost=CHEAP)
    with pytest.raises(Refused) as caught:
        desk.open("eva", added.temporary_passphrase)
    assert [problem.text for problem in caught.value.problems] == [WAITS]
    bota(desk).members.confirm("eva")
    office = desk.open("eva", added.temporary_passphrase)
    assert office.account.temporary
    assert office.center.epoch_keys.keys() == office.center.log.epochs.keys()


def test_what_another_head_said_elsewhere_arrives_and_changes_rights_at_once(desk: Desk, made: Place) -> None:
    office = dina(desk)
    assert office.account.rights.casework
    other = made.copied(desk.folder.parent.parent / "other").head.open()
    other.members.disable("dina")
    contents = [one.content for one in other.center.held()]
    with office.database.write() as session:
        new = office.center.take_in(session, contents)
    assert new >= 2
    assert not office.account.rights.casework
    again = [one.content for one in office.center.held()]
    with office.database.write() as session:
        assert office.center.take_in(session, again) == 0
    assert office.center.learned()
    other.close()


def test_two_heads_who_each_shut_somebody_out_leave_an_epoch_that_the_next_head_makes(desk: Desk, made: Place) -> None:
    one = desk.open()
    other = made.copied(desk.folder.parent.parent / "other").head.open("bota", BOTA)
    one.members.add("eva", "Ержанова Ева", Role.LAWYER, cost=CHEAP)
    one.members.disable("dina")
    other.members.add("zara", "Зарова Зара", Role.LAWYER, cost=CHEAP)
    other.members.disable("zara")
    with one.members.changing() as session:
        one.center.take_in(session, [said.content for said in other.center.held()])
    assert one.center.log.epoch_due or one.center.log.epoch in one.center.log.epochs
    assert one.center.learned() == []
    assert not one.center.log.epoch_due
    newest = one.center.log.epochs[one.center.log.epoch]
    active = {said.account for said in one.members.list() if said.state is MemberState.ACTIVE}
    assert {account for account, _sealed in newest.copies} <= active
    assert all(not one.center.log.lacking(account) for account in active)
    other.close()


def test_a_block_that_two_laptops_have_is_one_laptops_only(desk: Desk) -> None:
    """As after two heads have admitted a laptop each at the same time, or after a backup was brought back."""
    office = desk.open()
    signer = office.account.signing_key()
    assert signer
    from nacl.signing import SigningKey

    from familydesk.sync.wire.statement import Laptop

    with office.members.changing() as session:
        office.center.say(session, Laptop(bytes(SigningKey.generate().verify_key), office.me, 2), signer)
    place = office.account.place
    blocks = []
    for began in (1, 2, 3, 101, 102):
        with office.database.connection(write=True) as connection:
            number_block.move(place, connection, began)
        office.center.settle_block()
        with office.database.connection() as connection:
            blocks.append(number_block.of(connection))
    assert blocks == ["01", "101", "101", "101", "201"]
    assert office.center.block_for_another() == 3


def test_a_word_on_oneself_is_refused_by_every_other_laptop(desk: Desk) -> None:
    office = dina(desk)
    key, member = office.account.signing_key(), office.center.log.people[office.me]
    assert key
    word = Person(office.me, member.login, "HEAD", *member.keys)
    claim = office.center.log.next(office.account.anchor, office.me, 0, word).signed(key)
    head = desk.open()
    with head.database.write() as session:
        assert head.center.take_in(session, [claim.content, replace(claim, anchor=bytes(32)).content]) == 0
    assert head.members.broken == 0
