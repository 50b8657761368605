"""Requests to join and their answers: for whom they open, and that no byte of them can be another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.public import PrivateKey
from nacl.signing import SigningKey

from familydesk.store.derivation import Cost
from familydesk.store.slots import PassphraseSlot, Secrets
from familydesk.sync import fingerprint
from familydesk.sync.enrolment import Admission, Keys, OwnKeys, Request, read_request
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.certificate import Certificate
from familydesk.sync.wire.certificate import read as read_certificate

CENTER, ANCHOR = bytes([7]) * 16, bytes([8]) * 32
HEADS = [PrivateKey(bytes([number]) * 32) for number in (1, 2, 3)]
KEYS = Keys(SigningKey(bytes([4]) * 32), SigningKey(bytes([5]) * 32), PrivateKey(bytes([6]) * 32))
NAME = "Бекова Бота Серікқызы"
STORE, ACCOUNT = UUID(int=1), UUID(int=2)
CHEAP = Cost(1, 8192)
GOLDEN = Path(__file__).parent.parent / "reference" / "wire"


def request(login: str = "") -> Request:
    return Request.to(CENTER, [bytes(one.public_key) for one in HEADS[:2]], NAME, login, KEYS)


def test_a_request_says_who_asks_to_the_center_alone() -> None:
    asked = read_request(request("bota").content)
    assert [asked.read_by([head]) for head in HEADS] == [(NAME, "bota"), (NAME, "bota"), None]
    assert NAME.encode() not in asked.content
    assert b"bota" not in asked.content


def test_no_byte_of_a_request_can_be_another() -> None:
    content = request().content
    for place in range(0, len(content)):
        spoiled = bytearray(content)
        spoiled[place] ^= 1
        with pytest.raises(Defect):
            read_request(bytes(spoiled))


def test_a_request_that_another_signs_in_her_place_is_none() -> None:
    """Somebody takes her laptop's key for the laptop of her own."""
    thief = replace(KEYS, signing=SigningKey.generate())
    hers, theirs = request(), Request.to(CENTER, [bytes(HEADS[0].public_key)], NAME, "", thief)
    mixed = replace(theirs, signing=hers.signing)
    with pytest.raises(Defect):
        read_request(mixed.body + theirs.signatures)


@given(st.binary(max_size=600))
def test_bytes_that_are_no_request_are_a_defect_and_nothing_else(content: bytes) -> None:
    with pytest.raises(Defect):
        read_request(content)


def test_the_fingerprint_covers_every_byte_and_the_center() -> None:
    content = request().content
    print_ = fingerprint.of_request(ANCHOR, content)
    assert [len(group) for group in print_.split("-")] == [5, 5, 5, 5]
    others = {fingerprint.of_request(bytes(32), content), fingerprint.of_center(ANCHOR)}
    others |= {
        fingerprint.of_request(ANCHOR, content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        for at in range(0, len(content), 7)
    }
    assert print_ not in others
    assert fingerprint.same(print_.lower().replace("-", " "), print_)
    assert not fingerprint.same(print_[:-1], print_)


def test_signs_that_are_misheard_or_typed_in_another_alphabet_are_the_same() -> None:
    assert fingerprint.same("oil0a-АВС11", "0110A-ABC11")


def test_an_admission_opens_for_who_asked_and_for_this_request_alone() -> None:
    asked, other = request(), request("bota")
    admission = Admission(ACCOUNT, bytes([9]) * 32, (b"one", b"two"))
    sealed = admission.sealed(asked)
    assert Admission.opened(sealed, asked, KEYS.sealing) == admission
    for wrong, key in ((asked, HEADS[0]), (other, KEYS.sealing)):
        with pytest.raises(Defect):
            Admission.opened(sealed, wrong, key)
    for place in range(0, len(sealed), 5):
        with pytest.raises(Defect):
            Admission.opened(sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :], asked, KEYS.sealing)


def test_own_keys_travel_under_her_passphrase_and_without_the_key_of_the_store() -> None:
    secrets = Secrets.fresh()
    slot = PassphraseSlot.make(
        STORE, ACCOUNT, b"mark", "бота өз сөзін айтты", secrets, CHEAP, PrivateKey.generate().public_key
    )
    own = OwnKeys.of(STORE, slot)
    asked = request()
    admission = Admission(ACCOUNT, bytes([9]) * 32, (), own)
    arrived = Admission.opened(admission.sealed(asked), asked, KEYS.sealing).own
    assert arrived == own
    kept = arrived.open(ACCOUNT, "бота өз сөзін айтты")
    assert kept
    assert kept.identity == secrets.signing_seed + secrets.sealing_seed
    assert arrived.open(ACCOUNT, "мүлдем басқа сөз") is None
    assert secrets.store_key not in kept.identity + kept.privileged


def test_a_derivation_that_would_never_end_is_refused() -> None:
    with pytest.raises(Defect):
        OwnKeys.read([bytes(16), 1000, 8192, bytes(16), b""])


def test_a_certificate_reads_back_with_and_without_the_key_to_seal_to(tmp_path: Path) -> None:
    for one in (Certificate(ANCHOR), Certificate(ANCHOR, bytes([3]) * 32)):
        assert read_certificate(one.content) == one


def test_the_form_of_a_request_and_of_its_answer_is_frozen() -> None:
    """Made on the first day: seals have a part of chance, so they are opened and not made anew."""
    asked = read_request(bytes.fromhex((GOLDEN / "request.hex").read_text()))
    assert (asked.center, asked.device, asked.signing) == (
        CENTER,
        *(bytes(k.verify_key) for k in (KEYS.device, KEYS.signing)),
    )
    assert asked.read_by([HEADS[1]]) == (NAME, "bota")
    assert fingerprint.of_request(ANCHOR, asked.content) == (GOLDEN / "request-fingerprint.txt").read_text().strip()
    sealed = bytes.fromhex((GOLDEN / "admission.hex").read_text())
    admission = Admission.opened(sealed, asked, KEYS.sealing)
    assert (admission.account, admission.paper, admission.statements) == (ACCOUNT, bytes([9]) * 32, (b"one", b"two"))
    assert admission.own == OwnKeys(STORE, CHEAP, bytes([10]) * 16, b"sealed")
