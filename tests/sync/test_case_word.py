"""Words about restricted cases: one spelling, nothing changed unnoticed, and what several of them come to."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from nacl.signing import SigningKey

from familydesk.sync.case_words import opened, sealed, standing
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.case_word import Broke, CaseWord, Closed, Copy, CopyOf, Freed, Said, decode

REFERENCE = Path(__file__).parents[1] / "reference" / "wire"
CENTER = bytes(range(16))
CASE, BOTA, HEAD = UUID(int=1), UUID(int=2), UUID(int=3)
KEY = SigningKey(bytes(range(32)))
EPOCH_KEY = bytes(range(32, 64))
COPIES = (
    Copy(CopyOf.READER, BOTA, bytes(32), b"hers"),
    Copy(CopyOf.EMERGENCY, HEAD, bytes(32), b"behind the glass"),
)
CLOSED = Closed(1, bytes(32), COPIES, "2026-11-20T10:00:00+05:00", b"facts", ((None, CASE), (HEAD, BOTA)))
ALL: list[Said] = [CLOSED, Freed(((1, bytes(32)),)), Broke("Бала жоғалды")]


def word(said: Said, *prev: CaseWord, by: UUID = BOTA) -> CaseWord:
    ids = tuple(sorted(one.id for one in prev))
    seq = max((one.seq for one in prev), default=0) + 1
    return CaseWord(CENTER, CASE, ids, seq, by, 1_700_000_000_000, said).signed(KEY)


@pytest.mark.parametrize("said", ALL)
def test_a_word_is_read_as_it_was_said(said: Said) -> None:
    one = word(said, word(CLOSED))
    assert decode(one.content) == one
    assert one.signed_by(bytes(KEY.verify_key))


@pytest.mark.parametrize("said", ALL)
def test_it_is_spelled_as_on_the_first_day(said: Said) -> None:
    kept = REFERENCE / f"case-word-{type(said).__name__.lower()}.hex"
    assert word(said).content.hex() == kept.read_text(encoding="ascii").strip()


@pytest.mark.parametrize("said", ALL)
def test_no_byte_of_a_word_can_be_another(said: Said) -> None:
    content = word(said).content
    for place in range(len(content)):
        changed = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
        assert not believed(changed), place


def believed(content: bytes) -> bool:
    try:
        return decode(content).signed_by(bytes(KEY.verify_key))
    except Defect:
        return False


@pytest.mark.parametrize("length", [0, 4, 40, 64, 100])
def test_what_is_cut_off_is_no_word(length: int) -> None:
    assert not believed(word(CLOSED).content[:length])


def test_it_opens_for_its_center_and_epoch_alone() -> None:
    one = word(CLOSED)
    content = sealed(one, 3, EPOCH_KEY)
    assert opened(content, CENTER, {3: EPOCH_KEY}) == one
    assert opened(content, CENTER, {2: EPOCH_KEY}) is None
    for center, key in ((bytes(16), EPOCH_KEY), (CENTER, bytes(32))):
        with pytest.raises(Defect):
            opened(content, center, {3: key})


def test_of_which_case_it_speaks_cannot_be_seen_on_the_way() -> None:
    content = sealed(word(CLOSED), 3, EPOCH_KEY)
    assert not any(one.bytes in content for one in (CASE, BOTA, HEAD))


# What several come to


def anybody(_word: CaseWord, _prev: object) -> bool:
    return True


def test_the_word_that_answers_the_others_stands_in_whatever_order_they_come() -> None:
    first = word(CLOSED)
    second = word(ALL[1], first)
    third = word(CLOSED, second)
    assert standing([third, first, second], anybody).last == third
    assert standing([second, first], anybody).last == second


def test_what_answers_a_word_that_has_not_come_waits_for_it() -> None:
    first = word(CLOSED)
    assert standing([word(ALL[1], first)], anybody).last is None


def test_of_two_at_once_the_one_that_closes_stands() -> None:
    first = word(CLOSED)
    freed, closed = word(ALL[1], first), word(CLOSED, first, by=HEAD)
    later = word(Freed(()), freed)
    found = standing([first, freed, closed, later], anybody)
    assert (found.last, set(found.leaves)) == (closed, {closed, later})


def test_what_rests_on_a_word_that_nobody_might_say_does_not_count() -> None:
    first = word(CLOSED)
    forged = word(ALL[1], first, by=HEAD)
    upon = word(CLOSED, forged)

    def not_hers(one: CaseWord, _prev: object) -> bool:
        return one.by != HEAD

    assert standing([first, forged, upon], not_hers).last == first


def test_a_breaking_of_the_glass_answers_nothing() -> None:
    first = word(CLOSED)
    broke = word(ALL[2], first, by=HEAD)
    found = standing([first, broke], anybody)
    assert found.last == first
    assert broke.id in found.words
