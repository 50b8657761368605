"""What travels of a snapshot: read as it was written, and refused with any byte changed."""

from __future__ import annotations

from uuid import UUID

import pytest
from nacl.signing import SigningKey

from familydesk.sync.erasure_order import AT_ONCE, Order, read, together
from familydesk.sync.state import State
from familydesk.sync.wire import snapshot
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.change import Change, Version
from familydesk.sync.wire.digests import device_id
from familydesk.sync.wire.snapshot import Base, Manifest, Place, Reached, Told
from familydesk.sync.wire.statement import ORDERED

KEY = SigningKey(bytes(range(32)))
HER_KEY = SigningKey(bytes(range(32, 64)))
DEVICE = device_id(bytes(KEY.verify_key))
CENTER, STREAM, SECRET, EPOCH = bytes(16), b"s" * 16, b"k" * 32, b"e" * 32
PLACE = Place(CENTER, DEVICE, 3)


def manifest() -> Manifest:
    reached = (Reached(DEVICE, 7, b"h" * 32, 2**60),)
    facts = CENTER, DEVICE, 1_800_000_000_000, 1, reached, b"d" * 32, 2, 1, (b"p" * 32,), (Base(DEVICE, 2, b"b" * 32),)
    return Manifest(*facts, UUID(int=5)).signed(HER_KEY, KEY)


def told(clock: int, value: str | None, *replaces: Version) -> Told:
    change = Change("person", b"r" * 16, "given", value, Version(clock, DEVICE), replaces, clock)
    return Told(change, UUID(int=5), UUID(int=6) if clock % 2 else None)


def test_a_manifest_is_read_as_it_was_written() -> None:
    one = manifest()
    assert snapshot.read_manifest(one.content) == one
    assert one.signed_by(bytes(KEY.verify_key))
    assert one.said_by(bytes(HER_KEY.verify_key))
    assert not one.said_by(bytes(KEY.verify_key))


def test_a_manifest_with_any_byte_changed_is_refused_or_unsigned() -> None:
    content = manifest().content
    for at in range(len(content)):
        changed = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
        try:
            found = snapshot.read_manifest(changed)
        except Defect:
            continue
        assert not found.signed_by(bytes(KEY.verify_key))


def test_a_piece_opens_in_its_place_alone_and_with_its_bytes_alone() -> None:
    rows = [(0, told(1, '"Айша"')), (2, told(2, None, Version(1, DEVICE)))]
    part = snapshot.seal_part(PLACE, STREAM, (b"i" * 16, SECRET), rows)
    piece = snapshot.seal_piece(PLACE, [part], EPOCH)
    (opened,) = snapshot.open_piece(PLACE, piece, EPOCH)
    assert snapshot.open_part(PLACE, opened, SECRET) == rows
    elsewhere = Place(CENTER, DEVICE, 4)
    with pytest.raises(Defect):
        snapshot.open_piece(elsewhere, piece, EPOCH)
    with pytest.raises(Defect):
        snapshot.open_part(elsewhere, opened, SECRET)
    for at in range(len(piece)):
        changed = piece[:at] + bytes([piece[at] ^ 1]) + piece[at + 1 :]
        with pytest.raises(Defect):
            snapshot.open_piece(PLACE, changed, EPOCH)


def test_an_endorsement_is_its_laptops_for_one_snapshot() -> None:
    id = manifest().id
    name, content = snapshot.endorsement(id, DEVICE, KEY)
    assert snapshot.endorsed_by(id, name) == DEVICE
    assert snapshot.endorsed_by(bytes(16), name) is None
    assert snapshot.is_endorsed(id, DEVICE, bytes(KEY.verify_key), content)
    assert not snapshot.is_endorsed(bytes(16), DEVICE, bytes(KEY.verify_key), content)
    assert not snapshot.is_endorsed(id, bytes(16), bytes(KEY.verify_key), content)


def test_a_state_is_the_same_in_any_order_and_another_with_any_difference() -> None:
    one, two = told(1, '"Айша"'), told(2, '"Ая"', Version(1, DEVICE), Version(9, b"x" * 16))

    def digest(*changes: Told) -> tuple[int, bytes]:
        state = State()
        for change in changes:
            state.add(change)
        return state.digest()

    assert digest(one, two) == digest(two, one)
    # What a change replaces that is in no state of this center, because it was erased, is no difference.
    assert digest(one, two) == digest(one, told(2, '"Ая"', Version(1, DEVICE)))
    assert digest(one, two) != digest(one, told(2, '"Ая"'))
    assert digest(one, two) != digest(one, told(2, '"Ая!"', Version(1, DEVICE)))
    assert digest(one, two) != digest(one)


def test_an_order_to_erase_is_read_as_it_was_said_however_long_it_is() -> None:
    order = Order(
        {"person": frozenset({f"{number:032x}" for number in range(2 * AT_ONCE)})},
        frozenset({"0" * 32}),
        {("case", "1" * 32): frozenset({"situation", "client_id"})},
        frozenset({Version(5, DEVICE)}),
        {Version(6, DEVICE): frozenset({"remarks"})},
    )
    said = order.said(CENTER, 1, EPOCH)
    assert len(said) == 3
    assert max(len(one.sealed) for one in said) <= ORDERED
    found = [read(CENTER, one, {1: EPOCH}) for one in said]
    assert together([one for one in found if one]) == order
    assert read(CENTER, said[0], {1: SECRET}) is None
    assert read(CENTER, said[0], {}) is None
