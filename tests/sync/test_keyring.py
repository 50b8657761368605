"""Keys of streams: made once, found again, handed on, and destroyed for good; the laptop's own key."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from packing_laptop import Center, Laptop

from familydesk.core.ids import new_id
from familydesk.records.case import Case
from familydesk.sync import device
from familydesk.sync.keyring import StreamKeys
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.digests import device_id

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
        return laptop.keys(connection, epochs).writing_key(stream)


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
        assert two.keys(connection, later).stream_key(CASE, name) == secret
        assert two.keys(connection, later).stream_key(bytes(16), name) is None


def test_a_key_lies_wrapped_in_the_file(laptop):
    name, secret = writing(laptop)
    with laptop.writing() as connection:
        stored = connection.exec_driver_sql("SELECT key, wrapped FROM stream_key").one()
    assert stored.key == name.hex()
    assert secret not in stored.wrapped


def test_an_object_that_is_no_key_is_refused(laptops):
    one, two = laptops
    writing(one)
    with one.writing() as connection:
        keys = one.keys(connection)
        (name,) = keys.names()
        content = keys.content(name) or b""
    with two.writing() as connection, pytest.raises(Defect):
        two.keys(connection).take(name, content[:-1] + bytes([content[-1] ^ 1]))
    assert two.count("stream_key") == 0


def test_a_destroyed_key_opens_nothing_any_more_and_does_not_come_back(laptops):
    one, two = laptops
    case = Case(id=new_id())
    one.save(case)
    one.pack()
    one.give_keys(two)
    (content,) = one.shelf()
    with one.writing() as connection:
        keys = one.keys(connection)
        names = keys.destroy(case.id.bytes)
        assert keys.names() == frozenset()
        assert keys.destroyed() == frozenset(names)
        assert keys.content(names[0]) is None
    two.give_keys(one)
    assert one.open(content).changes == ()
    with one.writing() as connection:
        assert connection.exec_driver_sql("SELECT wrapped, destroyed FROM stream_key").all() == [(b"", 1)]


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
