"""Statements of the membership log: one spelling, one name, and no byte that could be another."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from familydesk.sync.wire.bounds import STATEMENT, Defect
from familydesk.sync.wire.coding import encoded
from familydesk.sync.wire.statement import (
    WHAT,
    Cut,
    Epoch,
    Keys,
    Laptop,
    Person,
    Said,
    Statement,
    Unread,
    decode,
    statement_id,
)

KEY = SigningKey(bytes(range(32)))
ANCHOR = bytes(KEY.verify_key)
GOLDEN = Path(__file__).parent.parent / "reference" / "wire"

accounts = st.uuids()
public = st.binary(min_size=32, max_size=32)
sealed = st.binary(max_size=200)
numbers = st.integers(1, 2**53 - 1)
said = st.one_of(
    st.builds(
        Person,
        accounts,
        sealed,
        st.sampled_from(["HEAD", "LAWYER"]),
        public,
        public,
        st.sampled_from(["ACTIVE", "DISABLED"]),
    ),
    st.builds(Laptop, public, accounts, numbers),
    st.builds(Cut, st.binary(min_size=16, max_size=16), st.integers(0, 2**53 - 1), public),
    st.builds(Epoch, numbers, st.lists(st.tuples(accounts, sealed), max_size=4).map(tuple), sealed),
    st.builds(Keys, accounts, st.lists(st.tuples(numbers, sealed), max_size=4).map(tuple)),
)
answers = st.sets(public, max_size=4).map(lambda ids: tuple(sorted(ids)))
statements = st.builds(Statement, st.just(ANCHOR), answers, numbers, accounts, st.integers(0, 2**53 - 1), said)

EACH_KIND: dict[str, Said] = {
    "person": Person(UUID(int=1), b"sealed login", "HEAD", bytes([1]) * 32, bytes([2]) * 32),
    "device": Laptop(bytes([3]) * 32, UUID(int=1), 2),
    "cut": Cut(bytes([4]) * 16, 77, bytes([5]) * 32),
    "epoch": Epoch(4097, ((UUID(int=1), bytes([6]) * 112), (UUID(int=2), bytes([7]) * 112)), bytes([8]) * 112),
    "keys": Keys(UUID(int=2), ((4097, bytes([9]) * 112), (8194, bytes([10]) * 112))),
}


def example(kind: str) -> Statement:
    prev = (bytes([11]) * 32, bytes([12]) * 32)
    return Statement(ANCHOR, prev, 3, UUID(int=1), 1_793_000_000_000, EACH_KIND[kind]).signed(KEY)


@given(statements)
def test_a_statement_reads_back_as_it_was_said(one: Statement) -> None:
    one = one.signed(KEY)
    found = decode(one.content)
    assert (found, found.id) == (one, one.id)
    assert found.signed_by(ANCHOR)


@pytest.mark.parametrize("kind", EACH_KIND)
def test_no_byte_of_a_statement_can_be_another(kind: str) -> None:
    content = example(kind).content
    for place in range(len(content)):
        for bit in (1, 128):
            spoiled = bytearray(content)
            spoiled[place] ^= bit
            try:
                found = decode(bytes(spoiled))
            except Defect:
                continue
            assert not found.signed_by(ANCHOR)
            assert found.id != example(kind).id


@pytest.mark.parametrize("kind", EACH_KIND)
def test_the_form_is_frozen(kind: str) -> None:
    assert example(kind).content.hex() == (GOLDEN / f"statement-{kind}.hex").read_text().strip()


@given(st.binary(max_size=400))
def test_bytes_that_are_no_statement_are_a_defect_and_nothing_else(content: bytes) -> None:
    with pytest.raises(Defect):
        decode(content)


def test_what_a_later_version_says_is_kept_as_it_came() -> None:
    facts = [WHAT, ANCHOR, 77, [], 1, bytes(16), 0, ["something", {"new": 1}]]
    body = encoded(facts)
    content = body + KEY.sign(body).signature
    found = decode(content)
    assert isinstance(found.said, Unread)
    assert found.content == content
    assert found.signed_by(ANCHOR)
    assert found.id == statement_id(content)


@pytest.mark.parametrize(
    "facts",
    [
        [WHAT, ANCHOR, 2, [], 1, bytes(16), 0],
        ["familydesk statement 2", ANCHOR, 2, [], 1, bytes(16), 0, [bytes(32), bytes(16), 1]],
        [WHAT, ANCHOR, 2, [], 0, bytes(16), 0, [bytes(32), bytes(16), 1]],
        [WHAT, ANCHOR, 2, [], True, bytes(16), 0, [bytes(32), bytes(16), 1]],
        [WHAT, ANCHOR, 2, [], 2**53, bytes(16), 0, [bytes(32), bytes(16), 1]],
        [WHAT, ANCHOR, 2, [b"b" * 32, b"a" * 32], 1, bytes(16), 0, [bytes(32), bytes(16), 1]],
        [WHAT, ANCHOR, 2, [b"a" * 32, b"a" * 32], 1, bytes(16), 0, [bytes(32), bytes(16), 1]],
        [WHAT, ANCHOR, 2, [], 1, bytes(15), 0, [bytes(32), bytes(16), 1]],
        [WHAT, ANCHOR, 2, [], 1, bytes(16), 0, [bytes(31), bytes(16), 1]],
        [WHAT, ANCHOR, 1, [], 1, bytes(16), 0, [bytes(16), b"", "HEAD", bytes(32), bytes(32), "ASLEEP"]],
        [WHAT, ANCHOR, 1, [], 1, bytes(16), 0, [bytes(16), b"", "H" * 65, bytes(32), bytes(32), "ACTIVE"]],
        {"what": WHAT},
    ],
)
def test_a_statement_of_another_form_is_a_defect(facts: object) -> None:
    body = encoded(facts)
    with pytest.raises(Defect):
        decode(body + KEY.sign(body).signature)


def test_a_statement_is_no_larger_than_it_may_be() -> None:
    with pytest.raises(Defect):
        decode(bytes(STATEMENT + 1))
