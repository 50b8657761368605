"""The signed head, frames and the login as bytes: frozen, and refused when a single byte is another one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from familydesk.sync.hub_memory import Memory
from familydesk.sync.wire import certificate, frames, head, login
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.head import START, Head, lengthened

FROZEN = Path(__file__).parents[1] / "reference" / "wire"
HUB = SigningKey(bytes(range(32)))
PUBLIC = bytes(HUB.verify_key)
CENTER = bytes(range(16))
VISITED = "https://hub.example.kz"
CHAIN = lengthened(lengthened(START, bytes([1]) * 32), bytes([2]) * 32)
FOUND = Head(PUBLIC, CENTER, 2, CHAIN, 1_790_000_000_000)


def test_a_head_has_the_bytes_that_it_always_had() -> None:
    assert FOUND.signed(HUB) == (FROZEN / "head.fdh").read_bytes()


def test_a_frozen_head_is_read() -> None:
    assert head.read((FROZEN / "head.fdh").read_bytes()) == FOUND


def test_an_answer_to_a_challenge_has_the_bytes_that_it_always_had() -> None:
    answer = login.answer(HUB, PUBLIC, VISITED, CENTER, bytes(16), b"challenge")
    assert answer.hex() == (FROZEN / "login.hex").read_text().strip()
    assert login.answered(PUBLIC, answer, PUBLIC, VISITED, CENTER, bytes(16), b"challenge")


def test_a_head_of_which_one_byte_is_another_is_none() -> None:
    for place in range(head.BYTES):
        changed = bytearray(FOUND.signed(HUB))
        changed[place] ^= 1
        with pytest.raises(Defect):
            head.read(bytes(changed))


@given(st.binary(max_size=2 * head.BYTES))
def test_bytes_of_any_kind_are_no_head(content: bytes) -> None:
    with pytest.raises(Defect):
        head.read(content)


def test_a_login_binds_every_part_apart_from_the_next() -> None:
    answer = login.answer(HUB, PUBLIC, VISITED, CENTER, b"device", b"challenge")
    assert not login.answered(PUBLIC, answer, PUBLIC, VISITED, CENTER, b"devicec", b"hallenge")
    assert not login.answered(PUBLIC, answer, CENTER, VISITED, PUBLIC, b"device", b"challenge")
    assert not login.answered(PUBLIC, answer, PUBLIC, "https://elsewhere.example", CENTER, b"device", b"challenge")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("https://Hub.Example.kz:443/fd/", "https://hub.example.kz"),
        ("http://127.0.0.1:8440", "http://127.0.0.1:8440"),
        ("http://hub.example.kz.:80", "http://hub.example.kz"),
        ("https://[::1]:8440/", "https://[::1]:8440"),
        ("https://орталық.қаз", "https://xn--80awhik0d67a.xn--80ao21a"),
    ],
)
def test_an_address_has_one_origin_however_it_was_typed(typed: str, meant: str) -> None:
    assert login.origin(typed) == meant


@pytest.mark.parametrize(
    "typed", ["", "stick", "ftp://hub.example.kz", "https://", "https://hub:port", "https://[", "http://а..b"]
)
def test_what_is_no_address_has_no_origin(typed: str) -> None:
    with pytest.raises(ValueError, match="."):
        login.origin(typed)


@given(st.lists(st.binary(max_size=40), max_size=12))
def test_frames_come_apart_as_they_were_joined(pieces: list[bytes]) -> None:
    assert frames.parted(frames.joined(pieces), 12) == pieces


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_frames_or_refused(content: bytes) -> None:
    try:
        found = frames.parted(content, 10)
    except Defect:
        return
    assert frames.joined(found) == content


@given(st.binary(min_size=32, max_size=32), st.integers(0, 2**63 - 1), st.binary(max_size=60))
def test_what_is_remembered_of_a_hub_is_read_as_it_was_written(key: bytes, number: int, challenge: bytes) -> None:
    memory = Memory(key, number, key, number, key, challenge)
    assert Memory.of(str(memory)) == memory


@given(st.text(max_size=60))
def test_anything_else_is_remembered_as_nothing(said: str) -> None:
    assert Memory.of(said) == Memory()


@pytest.mark.parametrize(
    "content", [b"", b"familydesk center 1 ab\n", b"x" * 300, b"familydesk center 2 " + b"ab" * 32]
)
def test_what_is_no_certificate_is_refused(content: bytes) -> None:
    with pytest.raises(Defect):
        certificate.read(content)


def test_a_certificate_is_read_as_it_was_written() -> None:
    for one in (certificate.Certificate(PUBLIC), certificate.Certificate(PUBLIC, CENTER * 2)):
        assert certificate.read(one.content) == one
