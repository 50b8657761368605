"""Letters between centers: what was sealed opens whole for whom it was meant, and for nobody else at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.public import PrivateKey
from nacl.signing import SigningKey

from familydesk.store.sealing import seal_to
from familydesk.sync import letter as letters
from familydesk.sync.letter import (
    Answer,
    Ground,
    Letter,
    Newer,
    Referral,
    Sender,
    TooLong,
    Verdict,
    object_name,
    opened,
)
from familydesk.sync.return_token import Way
from familydesk.sync.wire import bounds
from familydesk.sync.wire.bounds import Defect, TooLarge
from familydesk.sync.wire.coding import encoded
from familydesk.sync.wire.digests import center_id
from familydesk.sync.wire.padding import padded
from familydesk.sync.wire.statement import ACTIVE, DISABLED, Person, Statement

FROZEN = Path(__file__).parents[1] / "reference" / "wire"
HEAD_KEY, BOTA_KEY, STRANGER = (SigningKey(bytes([n]) * 32) for n in (1, 2, 3))
HEAD, BOTA = UUID(int=11), UUID(int=12)
ANCHOR = bytes(HEAD_KEY.verify_key)
RECEIVING, OTHER = PrivateKey(bytes([4]) * 32), PrivateKey(bytes([5]) * 32)
TO = center_id(bytes([6]) * 32)
SENDING = bytes([7]) * 16
EPOCHS = {1: bytes([8]) * 32, 4096: bytes([9]) * 32}
SEALING = bytes([10]) * 32
AT = 1_800_000_000_000


def statement(said: Person, key: SigningKey = HEAD_KEY, *prev: Statement) -> Statement:
    seq = 1 + max((one.seq for one in prev), default=0)
    return Statement(ANCHOR, tuple(sorted(one.id for one in prev)), seq, HEAD, AT, said).signed(key)


BEGINNING = statement(Person(HEAD, b"", "HEAD", ANCHOR, SEALING))
WITH_BOTA = statement(Person(BOTA, b"", "LAWYER", bytes(BOTA_KEY.verify_key), SEALING), HEAD_KEY, BEGINNING)
WITHOUT_HER = statement(Person(BOTA, b"", "LAWYER", bytes(BOTA_KEY.verify_key), SEALING, DISABLED), HEAD_KEY, WITH_BOTA)
SHOWN = Sender(ANCHOR, SEALING, 4096, "Алматы орталығы", (BEGINNING.content, WITH_BOTA.content))
GROUND = Ground("", "", "2026-03-02")
FIELDS = (("surname", '"Құндызбаева"'), ("given", '"Мөлдір"'))
REFERRAL = Referral(bytes([13]) * 112, GROUND, (("person", FIELDS), ("referral", (("request", '"Баспана"'),))))
ANSWER = Answer(bytes([13]) * 112, Verdict.REFUSED, "Орын жоқ", "2026-03-04")


def written(said: Any = REFERRAL, key: SigningKey = BOTA_KEY, **other: Any) -> Letter:
    bare = Letter(SHOWN, TO, SENDING, BOTA, AT, said)
    return replace(bare, **other).signed(key)


def sealed(one: Letter | None = None) -> bytes:
    return (one or written()).sealed(bytes(RECEIVING.public_key))


def read(content: bytes, key: PrivateKey = RECEIVING, to: bytes = TO) -> Letter | None:
    found = opened(content, to, [OTHER, key])
    if found:
        found.check(found.sender.log())
    return found


@pytest.mark.parametrize("said", [REFERRAL, ANSWER])
def test_a_letter_opens_as_it_was_written(said: Any) -> None:
    assert read(sealed(written(said))) == written(said)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(st.lists(st.tuples(texts, st.lists(st.tuples(texts, texts), max_size=4).map(tuple)), max_size=4), texts)
def test_whatever_was_chosen_arrives_letter_for_letter(records: list[Any], words: str) -> None:
    said = Referral(b"token", Ground("OTHER_LAW", words, ""), tuple(records))
    found = read(sealed(written(said)))
    assert found is not None
    assert found.said == said


def test_any_byte_that_was_changed_spoils_it() -> None:
    content = sealed(written(ANSWER))
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 1
        with_defect = None
        try:
            with_defect = read(bytes(changed))
        except Defect:
            continue
        assert with_defect is None, place


def test_a_part_of_it_or_more_than_it_is_no_letter() -> None:
    content = sealed()
    for other in (content[:-1], content + b"\0", content[:20], content[:21], b"", b"FDR1"):
        try:
            assert read(other) is None
        except Defect:
            continue


def test_nobody_else_opens_it() -> None:
    assert opened(sealed(), TO, [OTHER]) is None
    assert opened(sealed(), TO, []) is None


def test_a_letter_to_another_center_is_refused() -> None:
    elsewhere = center_id(bytes([66]) * 32)
    with pytest.raises(Defect):
        read(sealed(), to=elsewhere)


def test_a_letter_that_was_sealed_anew_for_another_center_is_refused() -> None:
    """Whoever receives it cannot pass it on as if the sender had written to a third one."""
    elsewhere = center_id(bytes([66]) * 32)
    content = inside(written())
    again = b"FDR1" + elsewhere + seal_to(OTHER.public_key, {"what": letters.WHAT, "to": elsewhere.hex()}, content)
    with pytest.raises(Defect):
        read(again, OTHER, elsewhere)


def inside(one: Letter) -> bytes:
    return padded(len(one.body).to_bytes(4, "big") + one.body + one.signature)


def boxed(content: bytes) -> bytes:
    return b"FDR1" + TO + seal_to(RECEIVING.public_key, {"what": letters.WHAT, "to": TO.hex()}, content)


@pytest.mark.parametrize("key", [STRANGER, HEAD_KEY])
def test_a_letter_that_another_key_signed_is_refused(key: SigningKey) -> None:
    with pytest.raises(Defect):
        read(sealed(written(key=key)))


def test_a_letter_of_somebody_whom_the_center_does_not_know_is_refused() -> None:
    with pytest.raises(Defect):
        read(sealed(written(by=UUID(int=99), key=STRANGER)))


def test_nobody_puts_herself_on_another_centers_list() -> None:
    hers = statement(Person(BOTA, b"", "LAWYER", bytes(STRANGER.verify_key), SEALING), STRANGER, BEGINNING)
    shown = replace(SHOWN, statements=(BEGINNING.content, hers.content))
    with pytest.raises(Defect):
        read(sealed(written(sender=shown, key=STRANGER)))


def test_a_log_of_another_center_proves_nothing() -> None:
    shown = replace(SHOWN, anchor=bytes(STRANGER.verify_key))
    with pytest.raises(Defect):
        read(sealed(written(sender=shown)))


def test_whoever_was_disabled_writes_no_more_even_if_she_shows_the_log_of_yesterday() -> None:
    found = opened(sealed(), TO, [RECEIVING])
    assert found is not None
    found.check(found.sender.log())
    with pytest.raises(Defect):
        found.check(found.sender.log([WITHOUT_HER.content]))


def a_long_log() -> Sender:
    said = [WITH_BOTA]
    while len(said) < letters.OF_A_STRANGER:
        said.append(statement(Person(UUID(int=1000 + len(said)), b"", "LAWYER", ANCHOR, SEALING), HEAD_KEY, said[-1]))
    return replace(SHOWN, statements=tuple(one.content for one in (BEGINNING, *said)))


def test_of_a_stranger_no_log_without_end_is_read() -> None:
    with pytest.raises(TooLong):
        a_long_log().log()
    assert BOTA in a_long_log().log(frozenset()).people


def test_of_a_stranger_no_log_is_read_in_which_heads_come_and_go_without_end() -> None:
    said = [WITH_BOTA]
    for place in range(letters.REMOVALS + 1):
        for state in (ACTIVE, DISABLED):
            one = Person(UUID(int=1000 + place), b"", "HEAD", bytes(STRANGER.verify_key), SEALING, state)
            said.append(statement(one, HEAD_KEY, said[-1]))
    shown = replace(SHOWN, statements=tuple(one.content for one in (BEGINNING, *said)))
    with pytest.raises(TooLong):
        shown.log()
    assert replace(shown, statements=shown.statements[:-2]).log().holds(WITH_BOTA.id)
    assert shown.log(frozenset()).holds(said[-1].id)


def test_what_a_member_writes_that_is_no_letter_is_refused() -> None:
    for body in (b"", b"\xff" * 40, encoded([]), encoded([letters.WHAT, 1]), encoded({"what": letters.WHAT})):
        with pytest.raises(Defect):
            read(boxed(padded(len(body).to_bytes(4, "big") + body + bytes(64))))


def test_what_a_later_version_writes_is_told_apart_from_what_is_broken() -> None:
    parts = [letters.WHAT, 3, [], TO, SENDING, BOTA.bytes, AT, []]
    for body in (encoded(parts), encoded(["familydesk letter 2", *parts[1:]])):
        with pytest.raises(Newer):
            read(boxed(padded(len(body).to_bytes(4, "big") + body + bytes(64))))


def test_a_letter_that_nests_without_end_is_refused() -> None:
    body = b"\x81" * 100_000 + b"\x80"
    with pytest.raises(Defect):
        read(boxed(padded(len(body).to_bytes(4, "big") + body + bytes(64))))


def test_lengths_that_lie_are_refused() -> None:
    one = written()
    for length in (0, 1, len(one.body) - 1, len(one.body) + 1, 2**32 - 1):
        with pytest.raises(Defect):
            read(boxed(padded(length.to_bytes(4, "big") + one.body + one.signature)))


def test_what_stands_after_a_letter_is_refused() -> None:
    content = inside(written())
    with pytest.raises(Defect):
        read(boxed(content[:-1] + b"x" if content[-1:] == b"\0" else content + b"x"))


def test_a_letter_that_nobody_would_take_is_not_sealed() -> None:
    long = Referral(b"", GROUND, tuple(("case", (("situation", "а" * letters.TEXT),)) for _ in range(20)))
    with pytest.raises(TooLarge):
        sealed(written(long))
    with pytest.raises(Defect):
        opened(b"FDR1" + TO + bytes(bounds.OBJECT), TO, [RECEIVING])


def test_letters_of_many_lengths_have_few_sizes() -> None:
    said = [Answer(b"", Verdict.ANSWERED, "а" * n, "2026-03-04") for n in range(300)]
    assert len({len(sealed(written(one))) for one in said}) < 30


def test_nothing_of_it_can_be_read_on_its_way() -> None:
    content = sealed()
    for word in ("Құндызбаева", "Мөлдір", "Баспана", "Алматы", "person", "surname", "LAWYER", "HEAD"):
        assert word.encode() not in content
    for known in (ANCHOR, SEALING, BOTA.bytes, SENDING, bytes(BOTA_KEY.verify_key)):
        assert known not in content


def test_the_name_of_its_object_tells_to_whom_and_nothing_else() -> None:
    one, other = object_name(TO), object_name(TO)
    assert one != other
    assert one.startswith(TO.hex() + "-")
    assert len(one) == 65


# The way back

WAY = Way(UUID(int=21), TO, SENDING)
OWN = center_id(ANCHOR)


def test_a_token_is_read_by_every_laptop_of_its_center() -> None:
    token = WAY.token(OWN, {1: EPOCHS[1]})
    assert Way.read(token, OWN, EPOCHS) == WAY
    assert Way.read(WAY.token(OWN, EPOCHS), OWN, EPOCHS) == WAY


def test_a_token_whose_key_is_not_here_waits() -> None:
    assert Way.read(WAY.token(OWN, EPOCHS), OWN, {1: EPOCHS[1]}) is None


def test_a_token_that_was_changed_or_made_up_is_refused() -> None:
    token = WAY.token(OWN, EPOCHS)
    for place in range(8, len(token)):
        changed = bytearray(token)
        changed[place] ^= 1
        with pytest.raises(Defect):
            Way.read(bytes(changed), OWN, EPOCHS)
    with pytest.raises(Defect):
        Way.read(token, TO, EPOCHS)


# The frozen form


def test_letters_of_the_first_day_open_as_they_were_written() -> None:
    assert read((FROZEN / "letter-referral.fdr").read_bytes()) == written(REFERRAL)
    assert read((FROZEN / "letter-answer.fdr").read_bytes()) == written(ANSWER)
