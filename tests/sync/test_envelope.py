"""The envelope: what was written is read, and whatever was changed on the way is refused."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from random import Random
from uuid import UUID

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from letters import (
    CASE,
    CASE_KEY,
    CENTER,
    CENTER_KEY,
    DEVICE,
    DEVICE_KEY,
    EPOCH_KEY,
    HEADER,
    KEYS,
    PERSON,
    PERSON_KEY,
    Known,
    body,
    change,
    letter,
    section,
    small_letter,
)
from nacl.secret import Aead
from nacl.signing import SigningKey

from familydesk.sync.identity import CENTER_STREAM
from familydesk.sync.opening import Opened, Waiting, laid_aside, opened, taken_up, verified
from familydesk.sync.wire import body as bodies
from familydesk.sync.wire import bounds, envelope
from familydesk.sync.wire.body import Clock, HubMemory
from familydesk.sync.wire.bounds import Defect, TooLarge
from familydesk.sync.wire.change import Change, Version
from familydesk.sync.wire.coding import deflated, encoded
from familydesk.sync.wire.digests import device_id, digest
from familydesk.sync.wire.envelope import Header
from familydesk.sync.wire.section import Section
from familydesk.sync.wire.stream_key import BUNDLE, StreamKey, WrappedKey, bundle, unbundled

REFUSED = (Defect, Waiting)
OTHER = SigningKey(bytes([99]) * 32)
OTHER_DEVICE = bytes([98]) * 16

IDS = st.binary(min_size=16, max_size=16)
STAMPS = st.integers(0, 2**63 - 1)
VERSIONS = st.builds(Version, STAMPS, IDS)
CHANGES = st.builds(
    Change,
    st.text(max_size=20),
    IDS,
    st.text(max_size=20),
    st.none() | st.text(max_size=200),
    st.builds(Version, STAMPS, st.just(DEVICE)),
    st.lists(VERSIONS, max_size=3).map(tuple),
    STAMPS,
)
SEVERAL = st.lists(CHANGES, min_size=1, max_size=8, unique_by=lambda one: one.version)
HUBS = st.none() | st.builds(
    HubMemory, st.binary(min_size=32, max_size=32), STAMPS, st.binary(min_size=32, max_size=32)
)


def read(content: bytes, known: Known | None = None) -> Opened:
    """As a laptop of the center reads what came."""
    knows = known or Known()
    return opened(verified(content, CENTER, knows), knows, knows)


def resealed(plain: bytes, header: Header = HEADER, key: SigningKey = DEVICE_KEY) -> bytes:
    """By somebody with the laptop's key and the center's, who is not the author."""
    return envelope.sealed(header, plain, EPOCH_KEY, key).content


def signed(*sections: Section) -> bytes:
    """A body of the person at the desk, signed."""
    return body(sections).signed(HEADER, PERSON_KEY)


# What was written


@settings(max_examples=60)
@given(SEVERAL, st.integers(1, 8), HUBS, st.integers(1, 2**40), st.sampled_from(Clock), IDS)
def test_what_was_written_is_read(changes, first, hub, seq, clock, author):
    prev = envelope.FIRST if seq == 1 else bytes([1]) * 32
    header = Header(CENTER, DEVICE, seq, prev, 1)
    of_case = [section(changes[first:], CASE, header)] if changes[first:] else []
    sections = (section(changes[:first], header=header), *of_case)
    said = replace(body(sections, hub, UUID(bytes=author)), clock=clock)
    found = read(envelope.sealed(header, said.signed(header, PERSON_KEY), EPOCH_KEY, DEVICE_KEY).content)
    assert (found.envelope.header, found.body) == (header, said)
    assert found.changes == tuple(sorted(changes, key=lambda one: one.version))


def test_changes_of_several_streams_are_read_in_the_order_in_which_they_were_written():
    first, second, third = change(1), change(2), change(3)
    found = read(letter(section([first, third]), section([second], CASE)).content)
    assert found.changes == (first, second, third)


def test_who_vouches_for_what_another_wrote_is_told_from_the_author():
    said = body([section([change(1)])], author=UUID(int=77))
    found = read(resealed(said.signed(HEADER, PERSON_KEY)))
    assert (found.author, found.signer) == (UUID(int=77), PERSON)


@pytest.mark.parametrize(("ahead", "doubtful"), [(9, False), (11, True)])
def test_a_clock_that_runs_ahead_is_doubted(ahead, doubtful):
    found = read(small_letter().content)
    assert found.doubtful(found.body.wall - ahead * 60_000) is doubtful


# What was changed on the way


def test_every_changed_byte_is_refused():
    content = small_letter().content
    for place in range(len(content)):
        spoiled = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
        with pytest.raises(REFUSED):
            read(spoiled)


@settings(max_examples=200)
@given(st.data())
def test_any_changed_byte_is_refused(data):
    content = small_letter().content
    place = data.draw(st.integers(0, len(content) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != content[place]))
    with pytest.raises(REFUSED):
        read(content[:place] + bytes([other]) + content[place + 1 :])


def test_every_byte_that_a_colleague_with_the_laptop_changes_inside_is_refused():
    plain = small_letter().opened(EPOCH_KEY)
    for place in range(len(plain)):
        spoiled = plain[:place] + bytes([plain[place] ^ 1]) + plain[place + 1 :]
        with pytest.raises(REFUSED):
            read(resealed(spoiled))


def test_a_colleague_cannot_put_her_words_under_the_name_of_another():
    forged = body([section([change(1, value='{"surname":"forged"}')])]).signed(HEADER, OTHER)
    with pytest.raises(Waiting):
        read(resealed(forged))


def test_what_somebody_signed_cannot_be_put_into_another_envelope():
    plain = signed(section([change(1)]))
    later = replace(HEADER, seq=2, prev=bytes([1]) * 32)
    with pytest.raises(Waiting):
        read(resealed(plain, later))


def test_a_section_moved_to_another_envelope_does_not_open():
    later = replace(HEADER, seq=2, prev=bytes([1]) * 32)
    moved = body([section([change(1)])]).signed(later, PERSON_KEY)
    with pytest.raises(Defect):
        read(resealed(moved, later))


def test_a_section_under_another_stream_does_not_open():
    moved = replace(section([change(1)]), stream=CASE, key=CASE_KEY.id)
    with pytest.raises(Defect):
        read(resealed(signed(moved)))


@pytest.mark.parametrize("cut", [0, 1, 4, 109, 188, -65, -64, -1])
def test_a_torn_envelope_is_refused(cut):
    with pytest.raises(Defect):
        envelope.read(small_letter().content[:cut])


def test_an_envelope_with_something_after_it_is_refused():
    with pytest.raises(Defect):
        envelope.read(small_letter().content + b"\0")


@settings(max_examples=300)
@given(st.binary(max_size=2_000))
def test_nothing_but_a_defect_comes_of_any_bytes(content):
    for start in (b"", small_letter().content[:105]):
        with pytest.raises(Defect):
            read(start + content)


@settings(max_examples=300)
@given(st.binary(max_size=500))
def test_nothing_but_a_defect_comes_of_any_body(said):
    with pytest.raises(Defect):
        bodies.read(bytes(64) + len(said).to_bytes(4, "big") + said)


def inside(pressed: bytes) -> Section:
    """A section of whoever has all keys and writes her own bytes into it."""
    context = b"familydesk section 1" + CENTER + DEVICE + (1).to_bytes(8, "big") + CENTER_STREAM + CENTER_KEY.id
    return Section(CENTER_STREAM, CENTER_KEY.id, bytes(Aead(CENTER_KEY.secret).encrypt(pressed, context)))


@settings(max_examples=300)
@given(st.recursive(st.none() | st.integers() | st.binary(max_size=17) | st.text(), st.lists, max_leaves=9))
def test_nothing_but_a_defect_comes_of_rows_of_another_form(row):
    with pytest.raises(Defect):
        read(resealed(signed(inside(deflated(encoded([row]))))))


def test_a_member_who_sends_a_bomb_takes_up_no_room():
    press = zstandard.ZstdCompressor(level=1).compressobj(size=2**30)
    pressed = b"".join(press.compress(bytes(2**22)) for _ in range(2**8)) + press.flush()
    content = resealed(signed(inside(pressed)))
    tracemalloc.start()
    with pytest.raises(Defect):
        read(content)
    assert tracemalloc.get_traced_memory()[1] < 2**22
    tracemalloc.stop()


def test_many_sections_take_up_no_more_room_than_one():
    bomb = section([change(1, value="0" * (bounds.INFLATED // 2))])
    with pytest.raises(Defect):
        read(letter(*[bomb] * 30).content)
    assert len(read(letter(bomb).content).changes) == 1


def test_what_a_section_may_unfold_to_is_the_same_when_its_key_comes_later():
    without = Known(keys={place: key for place, key in KEYS.items() if place[0] == CENTER_STREAM})
    chance = Random(1)
    bomb = section([change(1, value="0" * (bounds.INFLATED // 2))], CASE)
    other = section([change(clock, value=chance.randbytes(64).hex()) for clock in range(2, 50)])
    (aside,) = read(letter(bomb, other).content, without).opaque
    with pytest.raises(Defect):
        taken_up(laid_aside(aside), HEADER, Known())
    assert read(letter(bomb, other).content).spoiled == 1


def test_a_change_that_replaces_more_than_there_is_is_refused():
    many = tuple(Version(clock, OTHER_DEVICE) for clock in range(bounds.REPLACES + 1))
    with pytest.raises(TooLarge):
        section([replace(change(9), replaces=many)])
    row = ["person", bytes(16), "", None, 9, [[OTHER_DEVICE, 1]] * (bounds.REPLACES + 1), 9]
    with pytest.raises(Defect):
        read(resealed(signed(inside(deflated(encoded([row]))))))


# Who is not who they say


def test_another_centers_envelope_is_refused():
    other = replace(HEADER, center=bytes(16))
    with pytest.raises(Defect):
        read(letter(section([change(1)], header=other), header=other).content)


def test_a_device_that_nobody_vouched_for_waits():
    stranger = replace(HEADER, device=device_id(bytes(OTHER.verify_key)))
    content = envelope.sealed(stranger, signed(section([change(1)])), EPOCH_KEY, OTHER).content
    with pytest.raises(Waiting):
        verified(content, CENTER, Known())


def test_an_envelope_signed_by_another_device_is_refused():
    content = envelope.sealed(HEADER, signed(section([change(1)])), EPOCH_KEY, OTHER).content
    with pytest.raises(Defect):
        verified(content, CENTER, Known())


def test_a_key_that_is_not_the_devices_own_is_refused():
    knows = Known(devices={DEVICE: bytes(OTHER.verify_key)})
    content = envelope.sealed(HEADER, signed(section([change(1)])), EPOCH_KEY, OTHER).content
    with pytest.raises(Defect):
        verified(content, CENTER, knows)


def test_an_envelope_of_an_epoch_whose_key_has_not_come_waits():
    with pytest.raises(Waiting):
        read(small_letter().content, Known(epochs={2: EPOCH_KEY}))


def test_an_envelope_sealed_under_another_key_is_refused():
    with pytest.raises(Defect):
        read(small_letter().content, Known(epochs={1: bytes(32)}))


def test_an_envelope_follows_the_one_whose_hash_it_names():
    first = small_letter()
    second = replace(HEADER, seq=2, prev=first.hash)
    assert HEADER.follows(0, envelope.FIRST)
    assert second.follows(1, first.hash)
    assert not second.follows(1, bytes(32))
    assert not second.follows(2, first.hash)


@pytest.mark.parametrize(("seq", "prev"), [(0, envelope.FIRST), (1, bytes([1]) * 32), (2, envelope.FIRST)])
def test_an_envelope_without_a_place_among_its_devices_is_refused(seq, prev):
    with pytest.raises(Defect):
        letter(header=replace(HEADER, seq=seq, prev=prev))


@pytest.mark.parametrize("field", ["center", "device", "prev"])
def test_a_header_holds_whole_ids(field):
    with pytest.raises(Defect):
        replace(HEADER, **{field: b"short"})


# What is not known here yet


def test_a_section_without_a_key_stays_as_it_is_and_the_rest_is_read():
    sent = small_letter()
    knows = Known(keys={place: key for place, key in KEYS.items() if place[0] == CENTER_STREAM})
    found = read(sent.content, knows)
    assert [one.field for one in found.changes] == [""]
    assert [one.stream for one in found.opaque] == [CASE]
    assert found.envelope.content == sent.content


def test_a_section_that_was_laid_aside_is_read_when_its_key_has_come():
    without = Known(keys={place: key for place, key in KEYS.items() if place[0] == CENTER_STREAM})
    (aside,) = read(small_letter().content, without).opaque
    kept = laid_aside(aside)
    assert taken_up(kept, HEADER, without) is None
    assert [one.field for one in taken_up(kept, HEADER, Known()) or ()] == ["remarks"]


def test_a_body_of_a_newer_form_waits_for_the_upgrade():
    spelled = encoded({1: bodies.FORM + 1, 2: "what only it knows"})
    with pytest.raises(Waiting):
        read(resealed(bytes(64) + len(spelled).to_bytes(4, "big") + spelled))


# How large it may be


def test_a_section_of_more_changes_than_there_may_be_is_refused():
    many = [change(clock) for clock in range(1, bounds.CHANGES + 2)]
    with pytest.raises(Defect):
        read(letter(section(many)).content)


def test_sections_count_as_if_their_keys_came_one_by_one():
    many = [change(clock) for clock in range(1, bounds.CHANGES + 2)]
    found = read(letter(section(many), section(many[-2:], CASE), section(many[-2:-1])).content)
    assert (found.changes, found.spoiled) == (tuple(many[-2:]), 1)


def test_what_is_too_large_is_refused_by_who_sends_it_and_by_who_reads_it():
    with pytest.raises(TooLarge):
        envelope.sealed(HEADER, bytes(bounds.ENVELOPE), EPOCH_KEY, DEVICE_KEY)
    with pytest.raises(TooLarge):
        section([change(1, value="0" * (bounds.INFLATED + 1))])
    with pytest.raises(Defect):
        envelope.read(bytes(bounds.ENVELOPE + 1))


def test_lengths_tell_little_of_what_was_written():
    chance = Random(1)
    notes = ["".join(chance.choices("абвгдеёжзийклмнопрстуфхцчшщ ", k=length)) for length in range(0, 1_500, 5)]
    sizes = {len(letter(section([change(1, value=note)])).content) for note in notes}
    assert len(notes) == 300
    assert len(sizes) < 50


def test_nothing_that_was_written_stands_in_the_open():
    content = small_letter().content
    for word in ("Омарова", "тек күндіз", "surname", "person", "remarks"):
        assert word.encode() not in content
    assert CASE not in content
    assert PERSON.bytes not in content


# Keys of streams


def opened_key(name: str, content: bytes) -> StreamKey:
    """The only key of a bundle."""
    (key,) = unbundled(name, content)
    return key.opened(CENTER, EPOCH_KEY)


def test_a_streams_key_is_wrapped_and_opened():
    name, content = bundle([CASE_KEY.wrapped(CENTER, 3, EPOCH_KEY)])
    assert opened_key(name, content) == CASE_KEY
    assert CASE not in content


def test_every_changed_byte_of_a_wrapped_key_is_refused():
    name, content = bundle([CASE_KEY.wrapped(CENTER, 3, EPOCH_KEY)])
    for place in range(len(content)):
        spoiled = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
        with pytest.raises(Defect):
            unbundled(name, spoiled)
        with pytest.raises(Defect):
            WrappedKey.read(spoiled).opened(CENTER, EPOCH_KEY)


def test_a_wrapped_key_of_another_center_is_refused():
    with pytest.raises(Defect):
        CASE_KEY.wrapped(CENTER, 3, EPOCH_KEY).opened(bytes(16), EPOCH_KEY)


def test_a_bundle_has_the_same_name_in_whatever_order_its_keys_came():
    keys = [key.wrapped(CENTER, 3, EPOCH_KEY) for key in (CASE_KEY, CENTER_KEY)]
    assert bundle(keys) == bundle(keys[::-1])
    assert {key.id for key in unbundled(*bundle(keys))} == {CASE_KEY.id, CENTER_KEY.id}


@pytest.mark.parametrize("size", [0, 111, 113, 112 * (BUNDLE + 1)])
def test_a_bundle_of_another_length_is_refused(size):
    content = bytes(size)
    with pytest.raises(Defect):
        unbundled(digest(content, b"fd-stream-keys")[:16].hex(), content)


def test_another_key_cannot_be_handed_out_under_a_keys_name():
    other = StreamKey(CASE, bytes([2]) * 32)
    context = b"familydesk stream key 1" + CENTER + CASE_KEY.id + (3).to_bytes(4, "big")
    sealed = bytes(Aead(EPOCH_KEY).encrypt(other.stream + other.secret, context))
    with pytest.raises(Defect):
        WrappedKey(CASE_KEY.id, 3, sealed).opened(CENTER, EPOCH_KEY)
