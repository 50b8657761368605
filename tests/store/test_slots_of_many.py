"""Slots of several people: what each opens, what stays when one is taken away, and files of the first format."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from nacl.public import PrivateKey
from two_people import ANA, BOTA, BOTAS, CHEAP, HERS

from familydesk.core.errors import Refused, Weather
from familydesk.store.derivation import Cost
from familydesk.store.folder import StoreFolder
from familydesk.store.keys import KeyFile, Opened, WrongPassphrase
from familydesk.store.slots import DormantSlot, PassphraseSlot, RecoverySlot, Secrets

NEW = "мүлдем жаңа сөз"

FIRST_FORMAT = Path(__file__).with_name("first_format.keys").read_bytes()
"""Written by the program when it knew one person: Ana, opened by `HERS`, and remembered."""
FIRST_PAPER = bytes.fromhex("762bd0f7c8deed4e289027b93bba42e153782b684022d9817e828b0c81345e59")
FIRST_STORE_KEY = bytes.fromhex("eb669463bdc47b0b6d96163f4429e25b19e8b496b99f9ca07a45aa5c267f370c")
FIRST_PRIVILEGED = bytes.fromhex("573f8f54d34f4e7ccbe2af63926d40ad3f4470b803bceb34bf21dffb18a5e574")
FIRST_REMEMBERED = bytes.fromhex("12265b97b59d3eb07126d25aca11c7851a8af5e9cf407fbb583131ae6d434e69")


@pytest.fixture
def ana(opened: Opened) -> Opened:
    return opened


@pytest.fixture
def bota(two: KeyFile) -> Opened:
    return two.by_passphrase(BOTAS, "bota", CHEAP)


# A temporary passphrase


def test_a_temporary_passphrase_says_so_and_her_own_does_not(two: KeyFile, ana: Opened) -> None:
    file, secrets = two.with_temporary(ana, BOTA, "bota", "made-up", CHEAP)
    opened = file.by_passphrase("made-up", "bota", CHEAP)
    assert (opened.temporary, opened.secrets) == (True, secrets)
    settled = file.with_person(opened, BOTA, "", NEW, CHEAP).by_passphrase(NEW, "bota", CHEAP)
    assert not settled.temporary
    assert settled.secrets == secrets


def test_a_computer_remembers_neither_a_temporary_passphrase_nor_the_paper(
    two: KeyFile, ana: Opened, paper: bytes
) -> None:
    file, _ = two.with_temporary(ana, BOTA, "bota", "made-up", CHEAP)
    for opened in (file.by_passphrase("made-up", "bota", CHEAP), file.by_paper(paper)):
        with pytest.raises(ValueError, match="passphrase of her own"):
            file.remembering(opened)


def test_the_mark_of_a_temporary_passphrase_cannot_be_taken_off_the_slot(
    two: KeyFile, ana: Opened, place: StoreFolder
) -> None:
    two.with_temporary(ana, BOTA, "bota", "made-up", CHEAP)[0].write(place.keys)
    found = json.loads(place.keys.read_bytes())
    for slot in found["slots"]:
        slot.pop("temporary", None)
    with pytest.raises(WrongPassphrase):
        KeyFile.parse(json.dumps(found).encode()).by_passphrase("made-up", "bota", CHEAP)


# A slot that was taken away


def test_who_was_put_out_has_no_way_in_and_the_others_have_theirs(two: KeyFile, ana: Opened, bota: Opened) -> None:
    remembering, secret = two.remembering(bota)
    without = remembering.without_person(ana, BOTA)
    with pytest.raises(WrongPassphrase):
        without.by_passphrase(BOTAS, "bota", CHEAP)
    assert without.by_secret(secret) is None
    assert without.people == 1
    assert without.by_passphrase(HERS, "ana", CHEAP) == ana


def test_what_lies_dormant_holds_no_store_key(two: KeyFile, ana: Opened, paper: bytes) -> None:
    without = two.without_person(ana, BOTA)
    (dormant,) = without.of_kind(DormantSlot)
    by_her, by_paper = dormant.open(without.store, BOTAS), dormant.in_escrow(without.store, PrivateKey(paper))
    assert by_her
    assert by_her == by_paper
    assert ana.store_key not in by_her


def test_her_former_passphrase_brings_her_notes_back(two: KeyFile, ana: Opened, bota: Opened) -> None:
    back, _ = two.without_person(ana, BOTA).with_temporary(ana, BOTA, "bota", "made-up", CHEAP)
    opened = back.by_passphrase("made-up", "bota", CHEAP)
    assert bota.secrets
    assert opened.secrets
    assert not opened.secrets.knows(bota.secrets.privileged_key)
    settled = back.with_person(opened, BOTA, "", BOTAS, CHEAP)
    secrets = settled.by_passphrase(BOTAS, "bota", CHEAP).secrets
    assert secrets
    assert secrets.knows(bota.secrets.privileged_key)
    assert secrets.privileged_key == opened.secrets.privileged_key
    assert not settled.of_kind(DormantSlot)


def test_another_passphrase_leaves_her_notes_asleep_for_the_paper(
    two: KeyFile, ana: Opened, bota: Opened, paper: bytes
) -> None:
    back, _ = two.without_person(ana, BOTA).with_temporary(ana, BOTA, "bota", "made-up", CHEAP)
    settled = back.with_person(back.by_passphrase("made-up", "bota", CHEAP), BOTA, "", NEW, CHEAP)
    assert settled.dormant(BOTA)
    recovered = settled.with_person(settled.by_paper(paper, "bota"), BOTA, "", "тағы бір сөз", CHEAP)
    secrets = recovered.by_passphrase("тағы бір сөз", "bota", CHEAP).secrets
    assert bota.secrets
    assert secrets
    assert secrets.knows(bota.secrets.privileged_key)
    assert not recovered.dormant(BOTA)


def test_with_the_paper_she_comes_back_with_all_her_keys(two: KeyFile, ana: Opened, bota: Opened, paper: bytes) -> None:
    back, secrets = two.without_person(ana, BOTA).with_temporary(ana, BOTA, "bota", "made-up", CHEAP, paper)
    assert secrets == bota.secrets
    assert not back.of_kind(DormantSlot)


def test_put_out_twice_both_her_keys_wait_for_the_paper(two: KeyFile, ana: Opened, bota: Opened, paper: bytes) -> None:
    once, between = two.without_person(ana, BOTA).with_temporary(ana, BOTA, "bota", "made-up", CHEAP)
    twice = once.without_person(ana, BOTA)
    kept = twice.in_escrow(paper)[BOTA].keys()
    assert bota.secrets
    assert kept == [between.privileged_key, bota.secrets.privileged_key]


# The paper, for one of many


def test_the_paper_gives_back_the_whole_identity(two: KeyFile, bota: Opened, paper: bytes) -> None:
    by_paper = two.by_paper(paper, "Bota")
    assert by_paper.account == BOTA
    assert by_paper.secrets is None
    recovered = two.with_person(by_paper, BOTA, "", NEW, CHEAP)
    assert recovered.by_passphrase(NEW, "bota", CHEAP) == bota


def test_the_paper_without_a_word_speaks_for_who_began_the_store(two: KeyFile, ana: Opened, paper: bytes) -> None:
    assert two.by_paper(paper).account == ANA
    changed = two.with_person(ana, ANA, "", NEW, CHEAP)
    assert changed.by_paper(paper).account == ANA


def test_when_who_began_it_is_gone_it_has_to_be_said_for_whom(
    two: KeyFile, ana: Opened, bota: Opened, paper: bytes
) -> None:
    more = two.with_person(ana, UUID(int=3), "dina", NEW, CHEAP).without_person(bota, ANA)
    with pytest.raises(Refused, match="for whom"):
        more.by_paper(paper)
    with pytest.raises(Refused, match="by that login"):
        more.by_paper(paper, "ana")
    assert more.by_paper(paper, "dina").account == UUID(int=3)


# What others inside could write, and what they could not


def test_a_stranger_paper_put_in_by_somebody_inside_is_noticed_by_everyone_else(two: KeyFile, ana: Opened) -> None:
    theirs = RecoverySlot.make(two.store, PrivateKey.generate().public_key, ana.store_key)
    kept = [slot for slot in two.slots if not isinstance(slot, RecoverySlot)]
    # The tag is right: whoever is inside can make one. `forgetting` makes it, for want of anything to forget.
    forged = replace(two, slots=(theirs, *kept)).forgetting(ana)
    for login, passphrase in (("ana", HERS), ("bota", BOTAS)):
        with pytest.raises(Weather, match="changed by another hand"):
            forged.by_passphrase(passphrase, login, CHEAP)


def test_an_anchor_exchanged_in_the_file_changes_nothing_for_who_has_her_own(two: KeyFile, ana: Opened) -> None:
    forged = replace(two, anchor=bytes(32)).forgetting(ana)
    assert forged.by_passphrase(BOTAS, "bota", CHEAP).anchor == ana.anchor


def test_a_login_that_nobody_has_costs_a_derivation_too(two: KeyFile, monkeypatch: pytest.MonkeyPatch) -> None:
    from familydesk.store import keys

    asked: list[Cost] = []
    monkeypatch.setattr(keys, "derive", lambda _phrase, _salt, cost: asked.append(cost))
    with pytest.raises(WrongPassphrase):
        two.by_passphrase(HERS, "nobody", CHEAP)
    assert asked == [CHEAP]


def test_every_byte_of_a_file_with_every_kind_of_slot_is_guarded(
    two: KeyFile, ana: Opened, bota: Opened, place: StoreFolder
) -> None:
    remembering = two.remembering(ana)[0].without_person(ana, BOTA)
    remembering.with_temporary(ana, UUID(int=3), "dina", "made-up", CHEAP)[0].write(place.keys)
    content = place.keys.read_bytes()
    assert {slot["kind"] for slot in json.loads(content)["slots"]} == {
        "RECOVERY",
        "PASSPHRASE",
        "REMEMBERED",
        "DORMANT",
    }
    for offset in range(len(content)):
        flipped = bytearray(content)
        flipped[offset] ^= 1 + offset % 127
        try:
            found = KeyFile.parse(bytes(flipped)).by_passphrase(HERS, "ana", CHEAP)
        except Weather:
            continue
        # White space, or a letter of a number in hexadecimal written large: the same file in other words.
        assert found == ana


# The first format


def test_a_file_of_the_first_format_opens_and_is_written_anew_with_the_same_keys() -> None:
    file = KeyFile.parse(FIRST_FORMAT)
    opened = file.by_passphrase(HERS, "ana", CHEAP)
    assert (opened.store_key, opened.privileged) == (FIRST_STORE_KEY, {ANA: FIRST_PRIVILEGED})
    assert opened.anchor == b""
    renewed, now = file.renewed(opened, HERS)
    assert renewed.by_passphrase(HERS, "ana", CHEAP) == now
    assert now.secrets
    assert opened.secrets
    assert now.anchor == opened.secrets.signing_public
    assert (now.store_key, now.privileged) == (opened.store_key, opened.privileged)
    assert renewed.by_paper(FIRST_PAPER).escrow[ANA].secrets(FIRST_STORE_KEY, now.anchor, now.paper) == now.secrets


def test_the_paper_of_the_first_format_loses_no_note() -> None:
    file = KeyFile.parse(FIRST_FORMAT)
    recovered = file.with_person(file.by_paper(FIRST_PAPER), ANA, "", NEW, CHEAP)
    opened = recovered.by_passphrase(NEW, "ana", CHEAP)
    assert opened.privileged == {ANA: FIRST_PRIVILEGED}
    assert opened.secrets
    assert opened.anchor == opened.secrets.signing_public


def test_a_computer_that_remembered_in_the_first_format_asks_for_the_passphrase_once() -> None:
    assert KeyFile.parse(FIRST_FORMAT).by_secret(FIRST_REMEMBERED) is None


def cut(packed: bytes) -> bytes:
    return packed[:-1]


@pytest.mark.parametrize("spoil", [cut, lambda _packed: b"", lambda packed: packed[:96]])
def test_secrets_that_are_no_row_of_keys_are_refused(spoil: Callable[[bytes], bytes]) -> None:
    with pytest.raises(ValueError, match="row of keys"):
        Secrets.unpack(spoil(Secrets.fresh(paper=bytes(32)).pack()))


def test_a_slot_keeps_its_place_in_the_file_when_a_passphrase_is_changed(two: KeyFile, ana: Opened) -> None:
    changed = two.with_person(ana, ANA, "", NEW, CHEAP)
    assert [slot.account for slot in changed.of_kind(PassphraseSlot)] == [ANA, BOTA]
