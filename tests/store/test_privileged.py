from __future__ import annotations

import base64
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from familydesk.store.privileged import MARK, Privileged, is_sealed, owner_of

ANA, BOTA, RECORD = UUID(int=1), UUID(int=2), UUID(int=3)
ANAS = Privileged(ANA, {ANA: b"a" * 32})
BOTAS = Privileged(BOTA, {BOTA: b"b" * 32})
NOTE = "Ол түнде үйге қайтпады"


def sealed(text: str = NOTE) -> str:
    token = ANAS.seal("consultation", RECORD, "specialist_note", text)
    assert token
    return token


@given(st.text(min_size=1))
def test_what_was_sealed_opens_for_its_owner(text: str) -> None:
    assert ANAS.open("consultation", RECORD, "specialist_note", sealed(text)) == text


@pytest.mark.parametrize("nothing", ["", None])
def test_nothing_stays_nothing(nothing: str | None) -> None:
    assert ANAS.seal("consultation", RECORD, "specialist_note", nothing) is None
    assert ANAS.open("consultation", RECORD, "specialist_note", nothing) is None


def test_a_colleague_reads_nothing_and_gets_no_error() -> None:
    assert BOTAS.open("consultation", RECORD, "specialist_note", sealed()) is None
    assert not BOTAS.reads(sealed())


def test_a_colleague_who_signs_as_the_owner_reads_nothing() -> None:
    impostor = Privileged(ANA, {ANA: b"b" * 32})
    assert impostor.open("consultation", RECORD, "specialist_note", sealed()) is None


@pytest.mark.parametrize(
    ("sheet", "record", "field"),
    [
        ("case_note", RECORD, "specialist_note"),
        ("consultation", uuid4(), "specialist_note"),
        ("consultation", RECORD, "summary"),
    ],
)
def test_a_text_moved_to_another_place_does_not_open(sheet: str, record: UUID, field: str) -> None:
    assert ANAS.open(sheet, record, field, sealed()) is None


def test_a_text_given_to_another_owner_does_not_open() -> None:
    both = Privileged(ANA, {ANA: b"a" * 32, BOTA: b"a" * 32})
    assert both.open("consultation", RECORD, "specialist_note", sealed().replace(ANA.hex, BOTA.hex)) is None


def test_every_changed_byte_opens_nothing() -> None:
    head, _, body = sealed().rpartition(":")
    raw = base64.urlsafe_b64decode(body)
    for offset in range(len(raw)):
        changed = bytearray(raw)
        changed[offset] ^= 1
        token = f"{head}:{base64.urlsafe_b64encode(changed).decode()}"
        assert ANAS.open("consultation", RECORD, "specialist_note", token) is None


@given(st.text())
def test_any_text_opens_as_nothing_without_an_error(text: str) -> None:
    for token in (text, MARK + text, f"{MARK}{ANA.hex}:{text}"):
        assert ANAS.open("consultation", RECORD, "specialist_note", token) is None


def test_the_recovery_key_reads_everyones() -> None:
    everyone = Privileged(BOTA, {ANA: b"a" * 32, BOTA: b"b" * 32})
    assert everyone.open("consultation", RECORD, "specialist_note", sealed()) == NOTE


def test_a_sealed_text_is_plain_ascii_and_says_whose_it_is() -> None:
    token = sealed()
    assert token.isascii()
    assert is_sealed(token)
    assert owner_of(token) == ANA
    assert not is_sealed(NOTE)
    assert owner_of(NOTE) is None


def test_the_same_text_never_looks_the_same_twice() -> None:
    assert sealed() != sealed()
