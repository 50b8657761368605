"""The frozen form of envelopes and keys (docs/wire.md): files of the first day open as they did, for ever.

`envelope-first.fde`: a new person in the center's stream, and a field of a case. `envelope-vouched.fde`: the next one
of the same laptop, whose author another person vouches for, with a section whose key nobody has. `stream-keys.fdk`: the
keys of both streams. The keys are those of `letters`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from letters import (
    CASE,
    CASE_KEY,
    CENTER,
    CENTER_KEY,
    DEVICE,
    DEVICE_KEY,
    EPOCH_KEY,
    HEADER,
    PERSON,
    PERSON_KEY,
    STAMP,
    Known,
    change,
    small_letter,
)

from familydesk.sync.identity import CENTER_STREAM
from familydesk.sync.opening import Opened, opened, verified
from familydesk.sync.wire import body as bodies
from familydesk.sync.wire import envelope
from familydesk.sync.wire.body import Clock, HubMemory
from familydesk.sync.wire.change import Version
from familydesk.sync.wire.dictionary import DICTIONARY
from familydesk.sync.wire.stream_key import bundle, unbundled

FROZEN = Path(__file__).parents[1] / "reference" / "wire"
BUNDLE = "a7843b857da78061477265010ddf5b9a"
ENVELOPES = ("envelope-first.fde", "envelope-vouched.fde")


def frozen(name: str) -> bytes:
    return (FROZEN / name).read_bytes()


def read(name: str) -> Opened:
    knows = Known()
    return opened(verified(frozen(name), CENTER, knows), knows, knows)


def test_the_first_envelope_opens_as_it_was_written():
    found = read("envelope-first.fde")
    assert found.envelope.header == HEADER
    assert (found.author, found.signer) == (PERSON, PERSON)
    assert (found.body.wall, found.body.clock, found.body.hub) == (1_800_000_000_000, Clock.UNKNOWN, None)
    assert [(one.stream, one.key) for one in found.body.sections] == [
        (CENTER_STREAM, CENTER_KEY.id),
        (CASE, CASE_KEY.id),
    ]
    assert found.changes == (
        change(1, value='{"surname":"Омарова"}'),
        change(2, "remarks", '"тек күндіз"', (Version(STAMP - 1, DEVICE),)),
    )


def test_the_second_envelope_opens_as_it_was_written():
    found, first = read("envelope-vouched.fde"), read("envelope-first.fde")
    assert found.envelope.header.follows(1, first.envelope.hash)
    assert (found.author, found.signer) == (UUID(int=77), PERSON)
    assert found.body.heads == bytes([13]) * 32
    assert found.body.hub == HubMemory(bytes([15]) * 32, 7, bytes([14]) * 32)
    assert found.body.clock is Clock.BEHIND
    former = (Version(STAMP + 1, DEVICE), Version(STAMP - 5, bytes([77]) * 16))
    assert found.changes == (change(3, "surname", '"Ахметова"', former), change(4, "archived", "1"))
    assert [one.key for one in found.opaque] == [bytes([11]) * 16]


def test_the_bundle_of_keys_opens_as_it_was_written():
    keys = unbundled(BUNDLE, frozen("stream-keys.fdk"))
    assert {key.epoch for key in keys} == {1}
    assert {key.opened(CENTER, EPOCH_KEY) for key in keys} == {CENTER_KEY, CASE_KEY}
    assert bundle(keys) == (BUNDLE, frozen("stream-keys.fdk"))


@pytest.mark.parametrize("name", ENVELOPES)
def test_an_envelope_written_today_has_the_form_of_the_first_day(name, monkeypatch):
    was = read(name)
    header = was.envelope.header
    plain = was.envelope.opened(EPOCH_KEY)
    again = was.body.signed(header, PERSON_KEY)
    assert plain.startswith(again)
    monkeypatch.setattr(envelope, "random", nonce_of(frozen(name)[81:105]))
    assert envelope.sealed(header, again, EPOCH_KEY, DEVICE_KEY).content == frozen(name)


def nonce_of(former: bytes) -> Callable[[int], bytes]:
    """Chance, as it fell on the first day."""
    return lambda size: former[:size]


def test_a_header_is_laid_out_as_the_document_says():
    content = frozen("envelope-first.fde")
    parts = [content[start:end] for start, end in ((0, 5), (5, 21), (21, 37), (37, 45), (45, 77), (77, 81))]
    assert parts == [b"FDE1\x01", CENTER, DEVICE, bytes(7) + b"\x01", bytes(32), bytes(3) + b"\x01"]
    assert int.from_bytes(content[105:109], "big") == len(content) - 109 - 64


def test_a_body_is_laid_out_as_the_document_says():
    plain = read("envelope-first.fde").envelope.opened(EPOCH_KEY)
    length = int.from_bytes(plain[64:68], "big")
    assert plain[68 + length :].strip(b"\0") == b""
    assert bodies.read(plain).spelled == plain[68 : 68 + length]


def test_keys_are_laid_out_as_the_document_says():
    content = frozen("stream-keys.fdk")
    size = 4 + 16 + 4 + 24 + 16 + 32 + 16
    ids = sorted([CENTER_KEY.id, CASE_KEY.id])
    assert len(content) == 2 * size
    assert [content[start : start + 24] for start in (0, size)] == [b"FDK1" + id + bytes(3) + b"\x01" for id in ids]


def test_the_words_that_everybody_has_are_those_of_the_first_day():
    digest = hashlib.blake2b(DICTIONARY, digest_size=16).hexdigest()
    assert (len(DICTIONARY), digest) == (8_707, "417ed67a9b548de25c013d2bc71a0509")


def test_what_is_written_today_opens_like_what_was_written_then():
    knows = Known()
    today = opened(verified(small_letter().content, CENTER, knows), knows, knows)
    assert today.changes == read("envelope-first.fde").changes
