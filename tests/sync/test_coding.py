"""CBOR, zstd and padding: one spelling of each value, and nothing that unfolds without bound."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import cbor2
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from familydesk.sync.wire import bounds
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.coding import decoded, deflated, encoded, inflated
from familydesk.sync.wire.padding import padded, padded_size

MIB = 1024 * 1024
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.binary(max_size=40) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.integers(0, 99), inner, max_size=4),
    max_leaves=12,
)


def peak(action: Callable[[], object]) -> int:
    """The most bytes that were held at once while it was refused."""
    tracemalloc.start()
    try:
        with pytest.raises(Defect):
            action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@given(PLAIN)
def test_what_was_encoded_is_decoded(value):
    assert decoded(encoded(value)) == value


@given(st.binary(max_size=200))
def test_any_other_bytes_are_a_value_in_its_one_spelling_or_a_defect(content):
    try:
        value = decoded(content)
    except Defect:
        return
    assert encoded(value) == content


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x01\x01", id="something after it"),
        pytest.param(b"\x18\x01", id="a number longer than need be"),
        pytest.param(b"\xa2\x02\x01\x01\x01", id="keys out of order"),
        pytest.param(b"\xa2\x01\x01\x01\x01", id="a key twice"),
        pytest.param(b"\x9f\x01\xff", id="a list without a length"),
        pytest.param(b"\x7f\x61a\xff", id="a text in pieces"),
        pytest.param(b"\x62\xff\xff", id="a text that is none"),
        pytest.param(cbor2.dumps(cbor2.CBORTag(35, "(a+)+")), id="a pattern"),
        pytest.param(cbor2.dumps(2**80), id="a number without bound"),
        pytest.param(cbor2.dumps(cbor2.CBORTag(99_999, 1)), id="an unknown tag"),
        pytest.param(b"\xd8\x1c\x81\xd8\x1d\x00", id="a list that holds itself"),
    ],
)
def test_what_is_spelled_in_any_other_way_is_refused(content):
    with pytest.raises(Defect):
        decoded(content)


@pytest.mark.parametrize("head", [b"\x5b", b"\x7b", b"\x9b", b"\xbb"])
def test_a_length_of_a_terabyte_takes_up_no_room(head):
    content = head + (2**40).to_bytes(8, "big") + b"\x01" * 100
    assert peak(lambda: decoded(content)) < MIB


def test_what_nests_too_deep_is_refused():
    assert decoded(b"\x81" * (bounds.DEPTH - 1) + b"\x80")
    with pytest.raises(Defect):
        decoded(b"\x81" * 200 + b"\x80")
    assert peak(lambda: decoded(b"\x81" * 1_000_000)) < 4 * MIB


@given(st.binary(max_size=5_000) | st.text(max_size=40_000).map(str.encode))
def test_what_was_deflated_is_inflated(content):
    assert inflated(deflated(content), bounds.INFLATED) == content


def bomb(size: int) -> bytes:
    """So many zero bytes, compressed piece by piece."""
    press = zstandard.ZstdCompressor(level=1).compressobj(size=size)
    return b"".join(press.compress(bytes(4 * MIB)) for _ in range(size // (4 * MIB))) + press.flush()


def test_a_frame_that_would_unfold_to_a_gigabyte_takes_up_no_room():
    frame = bomb(1024 * MIB)
    assert len(frame) < 128 * 1024
    assert peak(lambda: inflated(frame, bounds.INFLATED)) < MIB


def test_a_frame_that_says_less_than_it_holds_is_refused_with_no_more_room_than_it_says():
    frame = bomb(64 * MIB)
    place = frame.index((64 * MIB).to_bytes(4, "little"))
    lying = frame[:place] + (1_000).to_bytes(4, "little") + frame[place + 4 :]
    assert peak(lambda: inflated(lying, bounds.INFLATED)) < MIB


def test_a_frame_that_does_not_say_its_size_is_refused():
    frame = zstandard.ZstdCompressor(write_content_size=False).compress(b"some words")
    with pytest.raises(Defect):
        inflated(frame, bounds.INFLATED)


@pytest.mark.parametrize("spoil", [lambda frame: frame[:-1], lambda frame: frame + b"x", lambda frame: frame * 2])
def test_a_frame_that_is_torn_or_has_a_tail_is_refused(spoil):
    with pytest.raises(Defect):
        inflated(spoil(deflated(b"some words" * 20)), bounds.INFLATED)


@given(st.integers(0, 2 * bounds.ENVELOPE))
def test_padding_adds_an_eighth_at_most_and_is_padded_already(size):
    grown = padded_size(size)
    assert size <= grown <= size + size // 8
    assert padded_size(grown) == grown


def test_padding_is_zero_bytes_after_the_content():
    assert padded(b"x" * 1_000) == b"x" * 1_000 + bytes(24)
