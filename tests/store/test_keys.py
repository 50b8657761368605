from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from two_people import ANA, BOTA, BOTAS, CHEAP, HERS

from familydesk.core.errors import Refused, Weather
from familydesk.store import derivation, durable, key_file
from familydesk.store.derivation import FLOOR, Cost
from familydesk.store.folder import StoreFolder
from familydesk.store.keys import KeyFile, Opened, WrongPassphrase
from familydesk.store.slots import PassphraseSlot, RecoverySlot


def text_of(file: KeyFile, folder: Path) -> bytes:
    file.write(folder / "desk.keys")
    return (folder / "desk.keys").read_bytes()


def sentence(failing: object, *given: object) -> str:
    with pytest.raises((Weather, Refused)) as caught:
        failing(*given)  # type: ignore[operator]
    assert str(caught.value).endswith(".")
    return str(caught.value)


# Ways in


def test_the_passphrase_opens_what_was_sealed(file: KeyFile, opened: Opened, place: StoreFolder) -> None:
    file.write(place.keys)
    assert KeyFile.read(place.keys).by_passphrase(HERS, least=CHEAP) == opened


def test_the_same_letters_typed_on_another_system_open_too(file: KeyFile, opened: Opened) -> None:
    composed = file.with_person(opened, ANA, "", "Майдағы й", CHEAP)
    assert composed.by_passphrase("Маи\u0306дағы и\u0306", least=CHEAP) == opened


@pytest.mark.parametrize("wrong", ["", "көктемде жаңбыр жауды", HERS + " ", "x" * 5000])
def test_another_passphrase_opens_nothing(file: KeyFile, wrong: str) -> None:
    with pytest.raises(WrongPassphrase):
        file.by_passphrase(wrong, least=CHEAP)


def test_the_paper_opens_the_store_and_everyones_notes(two: KeyFile, opened: Opened, paper: bytes) -> None:
    bota = two.by_passphrase(BOTAS, least=CHEAP)
    by_paper = two.by_paper(paper)
    assert by_paper.store_key == opened.store_key
    assert by_paper.privileged == {**opened.privileged, **bota.privileged}


def test_a_forgotten_passphrase_loses_no_note(file: KeyFile, opened: Opened, paper: bytes) -> None:
    again = file.with_person(file.by_paper(paper), ANA, "", "жаңа құпия сөз", CHEAP)
    assert again.by_passphrase("жаңа құпия сөз", "ana", CHEAP).privileged == opened.privileged
    with pytest.raises(WrongPassphrase):
        again.by_passphrase(HERS, least=CHEAP)


def test_another_stores_paper_opens_nothing(file: KeyFile) -> None:
    other = KeyFile.new(ANA, "ana", HERS, CHEAP)[2]
    assert "another store" in sentence(file.by_paper, other)


def test_a_remembered_secret_opens_until_it_is_forgotten(file: KeyFile, opened: Opened) -> None:
    remembering, secret = file.remembering(opened)
    assert remembering.by_secret(secret) == opened
    assert remembering.forgetting(opened).by_secret(secret) is None


@pytest.mark.parametrize("secret", [b"", bytes(32), bytes(31)])
def test_another_secret_opens_nothing(file: KeyFile, opened: Opened, secret: bytes) -> None:
    assert file.remembering(opened)[0].by_secret(secret) is None


def test_a_new_passphrase_keeps_the_store_key_and_the_identity(file: KeyFile, opened: Opened) -> None:
    changed = file.with_person(opened, ANA, "", "жаңа құпия сөз", CHEAP)
    assert changed.by_passphrase("жаңа құпия сөз", least=CHEAP) == opened
    assert len(changed.of_kind(PassphraseSlot)) == 1


# Many people


def test_each_person_opens_by_her_login_and_has_keys_of_her_own(two: KeyFile, opened: Opened) -> None:
    bota = two.by_passphrase(BOTAS, "Bota", CHEAP)
    assert (bota.account, bota.store_key) == (BOTA, opened.store_key)
    assert bota.privileged[BOTA] != opened.privileged[ANA]
    assert bota.secrets
    assert opened.secrets
    assert bota.secrets.signing_seed != opened.secrets.signing_seed


def test_a_passphrase_opens_nothing_under_a_colleagues_login(two: KeyFile) -> None:
    with pytest.raises(WrongPassphrase):
        two.by_passphrase(HERS, "bota", CHEAP)


def test_no_login_lies_open_in_the_file(two: KeyFile, place: StoreFolder) -> None:
    assert b"bota" not in text_of(two, place.root).lower()


# The floor


def test_what_is_made_without_a_word_reaches_the_floor() -> None:
    assert derivation.measured().reaches(FLOOR)


@pytest.mark.parametrize("cost", [CHEAP, Cost(2, FLOOR.memory), Cost(3, FLOOR.memory - 1)])
def test_a_slot_below_the_floor_is_refused_even_with_the_right_passphrase(cost: Cost) -> None:
    weak = KeyFile.new(ANA, "ana", HERS, cost)[0]
    assert "changed by another hand" in sentence(weak.by_passphrase, HERS)


def test_a_slot_at_the_floor_opens_as_shipped() -> None:
    file, opened, _ = KeyFile.new(ANA, "ana", HERS, FLOOR)
    assert file.by_passphrase(HERS) == opened


def test_a_slot_whose_cost_was_lowered_in_the_file_does_not_open(file: KeyFile, place: StoreFolder) -> None:
    found = json.loads(text_of(file, place.root))
    slot = next(slot for slot in found["slots"] if slot["kind"] == "PASSPHRASE")
    slot["passes"] = 2
    with pytest.raises(Weather):
        KeyFile.parse(json.dumps(found).encode()).by_passphrase(HERS, least=CHEAP)


def test_a_damaged_cost_does_not_eat_the_computers_memory(file: KeyFile, place: StoreFolder) -> None:
    found = json.loads(text_of(file, place.root))
    found["slots"][-1]["memory"] = 2**40
    assert "damaged" in sentence(KeyFile.parse, json.dumps(found).encode())


# Damage and other hands


def test_every_flipped_bit_opens_the_same_store_or_is_told_in_a_sentence(
    two: KeyFile, opened: Opened, place: StoreFolder
) -> None:
    content = text_of(two, place.root)
    for offset in range(len(content)):
        for bit in range(8):
            flipped = bytearray(content)
            flipped[offset] ^= 1 << bit
            try:
                found = KeyFile.parse(bytes(flipped)).by_passphrase(HERS, least=CHEAP)
            except Weather:
                continue
            assert found == opened


def test_no_part_of_a_key_file_opens(two: KeyFile, place: StoreFolder) -> None:
    content = text_of(two, place.root)
    for length in range(0, len(content) - 1, 7):
        assert sentence(KeyFile.parse, content[:length])


def test_a_papers_public_key_exchanged_from_outside_is_noticed(file: KeyFile) -> None:
    stranger = KeyFile.new(ANA, "ana", HERS, CHEAP)[0].of_kind(RecoverySlot)[0]
    kept = [slot for slot in file.slots if not isinstance(slot, RecoverySlot)]
    exchanged = replace(file, slots=(stranger, *kept))
    assert "changed by another hand" in sentence(exchanged.by_passphrase, HERS, "", CHEAP)


def test_a_slot_added_from_outside_is_noticed(file: KeyFile, opened: Opened) -> None:
    more = replace(file.with_person(opened, BOTA, "bota", BOTAS, CHEAP), tag=file.tag)
    assert "changed by another hand" in sentence(more.by_passphrase, HERS, "", CHEAP)


def test_a_slot_does_not_open_in_another_store(file: KeyFile) -> None:
    with pytest.raises(WrongPassphrase):
        replace(file, store=uuid4()).by_passphrase(HERS, least=CHEAP)


def test_a_missing_file_and_a_newer_file_have_sentences_of_their_own(file: KeyFile, place: StoreFolder) -> None:
    assert "missing" in sentence(KeyFile.read, place.keys)
    newer = text_of(file, place.root).replace(b'"version": 2', b'"version": 3')
    assert "newer version" in sentence(KeyFile.parse, newer)


def test_secrets_do_not_show_themselves(opened: Opened, file: KeyFile) -> None:
    for shown in (repr(opened), repr(opened.secrets), repr(file)):
        assert opened.store_key.hex() not in shown
        assert repr(opened.store_key) not in shown


# Rewriting


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a second process is made by fork")
def test_killed_at_any_line_of_a_rewrite_the_old_or_the_new_passphrase_opens(
    file: KeyFile, opened: Opened, place: StoreFolder
) -> None:
    changed = file.with_person(opened, ANA, "", "жаңа құпия сөз", CHEAP)
    found = set()
    for line in range(200):
        file.write(place.keys)
        if not killed_at(line, changed.write, place.keys):
            break
        found.add(which_opens(KeyFile.read(place.keys)))
    else:
        pytest.fail("the rewrite never ended")
    assert line > 15
    assert found == {"old", "new"}
    assert which_opens(KeyFile.read(place.keys)) == "new"


def which_opens(file: KeyFile) -> str:
    try:
        file.by_passphrase(HERS, least=CHEAP)
    except WrongPassphrase:
        file.by_passphrase("жаңа құпия сөз", least=CHEAP)
        return "new"
    return "old"


def killed_at(line: int, work: object, *given: object) -> bool:
    """Do the work in a second process and kill it at its `line`-th line in the modules that write."""
    child = os.fork()
    if child == 0:
        left = iter(range(line))

        def trace(frame: object, event: str, argument: object) -> object:
            if frame.f_code.co_filename not in (durable.__file__, key_file.__file__):  # type: ignore[attr-defined]
                return None
            if event == "line" and next(left, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)
            return trace

        sys.settrace(trace)  # type: ignore[arg-type]
        work(*given)  # type: ignore[operator]
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def test_a_full_disk_leaves_the_old_file(file: KeyFile, place: StoreFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write(place.keys)
    before = place.keys.read_bytes()

    def no_space(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    assert "disk is full" in sentence(file.write, place.keys)
    assert place.keys.read_bytes() == before
    assert [path.name for path in place.root.iterdir()] == ["desk.keys"]
