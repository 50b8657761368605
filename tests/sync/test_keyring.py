"""Keys of streams: made once, found again, handed on, and destroyed for good; the laptop's own key."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from packing_laptop import Center, Laptop

from familydesk.core.ids import new_id
from familydesk.records.case import Case
from familydesk.sync import device, key_bundles
from familydesk.sync.keyring import StreamKeys
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.digests import device_id, digest
from familydesk.sync.wire.stream_key import BUNDLE, WrappedKey, bundle, unbundled

CASE = bytes([6]) * 16


@pytest.fixture
def center() -> Center:
    return Center()


@pytest.fixture
def laptops(tmp_path: Path, center: Center) -> Iterator[tuple[Laptop, Laptop]]:
    pair = tuple(Laptop(tmp_path / name, center, center.person()) for name in ("one", "two"))
    yield pair
    for laptop in pair:
        laptop.database.close()


@pytest.fixture
def laptop(laptops: tuple[Laptop, Laptop]) -> Laptop:
    return laptops[0]


def writing(laptop: Laptop, stream: bytes = CASE, epochs: dict[int, bytes] | None = None) -> tuple[bytes, bytes]:
    with laptop.writing() as connection:
        keys = laptop.keys(connection, epochs)
        found = keys.writing_key(stream)
        keys.bundle()
        return found


def test_a_stream_is_written_under_the_same_key_until_the_epoch_ends(laptop, center):
    first = writing(laptop)
    assert writing(laptop) == first
    center.epochs[2] = os.urandom(32)
    second = writing(laptop)
    assert second[0] != first[0]
    with laptop.writing() as connection:
        keys = laptop.keys(connection)
        assert keys.epoch() == 2
        assert keys.stream_key(CASE, first[0]) == first[1]
        assert keys.stream_key(CASE, second[0]) == second[1]


def test_two_streams_have_two_keys(laptop):
    (one, secret), (other, another) = writing(laptop), writing(laptop, bytes(16))
    assert one != other
    assert secret != another
    with laptop.writing() as connection:
        assert laptop.keys(connection).stream_key(CASE, other) is None


def test_two_laptops_that_began_a_stream_apart_agree_on_one_key_and_read_both(laptops):
    one, two = laptops
    made = {writing(one), writing(two)}
    one.give_keys(two)
    two.give_keys(one)
    assert writing(one) == writing(two)
    for laptop in laptops:
        with laptop.writing() as connection:
            assert {(name, laptop.keys(connection).stream_key(CASE, name)) for name, _ in made} == made


def test_a_key_that_came_before_its_epochs_is_kept_and_opens_later(laptops):
    one, two = laptops
    later = {**one.center.epochs, 2: os.urandom(32)}
    name, secret = writing(one, epochs=later)
    one.give_keys(two)
    with two.writing() as connection:
        assert two.keys(connection).stream_key(CASE, name) is None
        assert not two.keys(connection).bundles.names()
        two.keys(connection).bundles.look_again()
        two.keys(connection, later).bundles.look_again()
        assert len(two.keys(connection).bundles.names()) == 1
        assert two.keys(connection, later).stream_key(CASE, name) == secret
        assert two.keys(connection, later).stream_key(bytes(16), name) is None


def made_up(name: bytes, epoch: int) -> tuple[str, bytes]:
    """A bundle of somebody without any key, who has read an id in another one."""
    return bundle([WrappedKey(name, epoch, os.urandom(88))])


@pytest.mark.parametrize("epoch", [2, 2**31 - 1])
def test_a_made_up_key_stands_in_nobodys_way_and_is_not_handed_on(laptops, epoch):
    one, two = laptops
    name, secret = writing(one)
    with two.writing() as connection:
        two.keys(connection).bundles.take(*made_up(name, epoch))
    one.give_keys(two)
    with two.writing() as connection:
        later = two.keys(connection, {**two.center.epochs, 2: os.urandom(32)})
        later.bundles.look_again()
        assert later.stream_key(CASE, name) == secret
        assert len(later.bundles.names()) == 1
    assert two.count("parked WHERE reason = 'KEYS'") == (epoch != 2)


def test_a_key_beside_made_up_ones_is_used_and_their_bundle_is_not_handed_on(laptops):
    one, two = laptops
    name, secret = writing(one)
    with one.writing() as connection:
        bundles = one.keys(connection).bundles
        (content,) = (bundles.content(one_name) or b"" for one_name in bundles.names())
    mixed = bundle([WrappedKey.read(content), WrappedKey(bytes(16), 9, os.urandom(88))])
    with two.writing() as connection:
        keys = two.keys(connection)
        keys.bundles.take(*mixed)
        assert (keys.stream_key(CASE, name), keys.bundles.names()) == (secret, frozenset())


def test_made_up_keys_fill_no_disk(laptops, monkeypatch):
    _one, two = laptops
    monkeypatch.setattr(key_bundles, "ROOM", 3 * 112)
    with two.writing() as connection:
        bundles = two.keys(connection).bundles
        for number in range(3):
            bundles.take(*made_up(bytes([number]) * 16, 7))
        with pytest.raises(Defect):
            bundles.take(*made_up(bytes([9]) * 16, 7))


def test_a_key_that_is_twice_in_a_bundle_is_refused(laptops):
    one, two = laptops
    writing(one)
    with one.writing() as connection:
        bundles = one.keys(connection).bundles
        (content,) = (bundles.content(name) or b"" for name in bundles.names())
    with two.writing() as connection, pytest.raises(Defect):
        two.keys(connection).bundles.take(*bundle([WrappedKey.read(content)] * 2))


def test_a_key_lies_wrapped_in_the_file(laptop):
    name, secret = writing(laptop)
    with laptop.writing() as connection:
        stored = connection.exec_driver_sql("SELECT key, wrapped FROM stream_key").one()
    assert stored.key == name.hex()
    assert secret not in stored.wrapped


def test_an_object_that_is_no_bundle_is_refused_and_nothing_of_it_kept(laptops):
    one, two = laptops
    writing(one)
    with one.writing() as connection:
        bundles = one.keys(connection).bundles
        (name,) = bundles.names()
        content = bundles.content(name) or b""
    forged = content + content[:-1] + bytes([content[-1] ^ 1])
    for spoiled, called in (
        (content[:-1], name),
        (forged, name),
        (forged, digest(forged, b"fd-stream-keys")[:16].hex()),
    ):
        with two.writing() as connection, pytest.raises(Defect):
            two.keys(connection).bundles.take(called, spoiled)
    assert (two.count("stream_key"), two.count("key_bundle")) == (0, 0)


def test_the_keys_of_a_first_meeting_are_few_objects(laptops):
    one, two = laptops
    one.save(*(Case(id=new_id()) for _ in range(BUNDLE + 10)))
    one.pack()
    assert (one.count("stream_key"), one.count("key_bundle")) == (BUNDLE + 10, 2)
    one.give_keys(two)
    assert (two.count("stream_key"), two.count("key_bundle")) == (BUNDLE + 10, 2)
    assert all(not two.open(content).opaque for content in one.shelf())


def packed(laptop: Laptop) -> tuple[UUID, UUID, bytes]:
    """Two cases in one envelope, whose keys are in one bundle."""
    first, second = Case(id=new_id()), Case(id=new_id())
    laptop.save(first, second)
    laptop.pack()
    return first.id, second.id, laptop.shelf()[-1]


def destroy(laptop: Laptop, case: UUID) -> None:
    with laptop.writing() as connection:
        key_bundles.destroy(connection, [case.bytes])


def records(laptop: Laptop, content: bytes) -> set[UUID]:
    return {UUID(bytes=change.record) for change in laptop.open(content).changes}


def test_a_destroyed_key_opens_nothing_any_more_and_those_beside_it_do(laptop):
    first, second, content = packed(laptop)
    assert records(laptop, content) == {first, second}
    destroy(laptop, first)
    assert records(laptop, content) == {second}
    with laptop.writing() as connection:
        bundles = laptop.keys(connection).bundles
        (left,) = bundles.names()
        (gone,) = bundles.destroyed()
        assert bundles.content(gone) is None
        assert len(unbundled(left, bundles.content(left) or b"")) == 1
        assert connection.exec_driver_sql("SELECT wrapped FROM stream_key WHERE destroyed = 1").all() == [(b"",)]


def test_a_destroyed_key_does_not_come_back_with_a_bundle_of_somebody_else(laptops):
    one, two = laptops
    first, second, content = packed(one)
    one.give_keys(two)
    with one.writing() as connection:
        (name,) = one.keys(connection).bundles.names()
    destroy(one, first)
    two.give_keys(one)
    assert records(one, content) == {second}
    with one.writing() as connection:
        assert one.keys(connection).bundles.destroyed() == {name}


def test_two_laptops_that_destroy_the_same_have_the_same_bundles(laptops):
    one, two = laptops
    first, _, _ = packed(one)
    one.give_keys(two)
    for laptop in laptops:
        destroy(laptop, first)
    with one.writing() as mine, two.writing() as theirs:
        assert one.keys(mine).bundles.names() == two.keys(theirs).bundles.names()


def test_a_bundle_of_which_all_was_destroyed_is_gone(laptop):
    first, second, content = packed(laptop)
    destroy(laptop, first)
    destroy(laptop, second)
    assert records(laptop, content) == set()
    with laptop.writing() as connection:
        keys = laptop.keys(connection)
        assert keys.bundles.names() == keys.ids() == frozenset()


def test_a_laptop_that_was_given_no_key_of_its_center_makes_none(laptop):
    with laptop.writing() as connection, pytest.raises(ValueError, match="empty"):
        StreamKeys(connection, laptop.center.id, {}).writing_key(CASE)
    assert laptop.count("stream_key") == 0


def test_a_laptop_has_one_key_of_its_own_and_number_one_in_its_log(laptop):
    with laptop.writing() as connection:
        key = device.key_of(connection)
        assert device.own_key(connection, 1) == key
        rows = connection.exec_driver_sql("SELECT number, device FROM device").all()
    assert key is not None
    assert rows == [(1, device_id(bytes(key.verify_key)).hex())]


def test_a_laptop_that_never_met_anybody_has_no_key(laptop):
    with laptop.writing() as connection:
        connection.exec_driver_sql("DELETE FROM meta WHERE key = ?", (device.SEED,))
        assert device.key_of(connection) is None
