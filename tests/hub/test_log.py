"""The log of a hub, on SQLite and on PostgreSQL, over real connections: in order, once, signed, and never two ways."""

from __future__ import annotations

import threading

import pytest
from founded import FoundedCenter, Writer
from hub_in_hand import HubInHand, state
from nacl.signing import SigningKey
from postgres_server import Postgres

from familydesk.core.errors import Refused
from familydesk.hub import admin
from familydesk.sync.http import HubPeer
from familydesk.sync.peer import Have, Receipt
from familydesk.sync.wire import head
from familydesk.sync.wire.head import START, lengthened


def everything(peer: HubPeer, have: Have | None = None) -> list[bytes]:
    """All pages."""
    batch = peer.meet(have or {}, "").batch
    found = list(batch.envelopes)
    while batch.more:
        batch = peer.pull(have or {}, batch.after)
        found += batch.envelopes
    return found


def test_what_one_laptop_hands_over_the_other_gets_in_order(hub: HubInHand, center: FoundedCenter) -> None:
    mine, colleague = center.laptop, center.add_laptop()
    written = mine.write_many(3)
    with_founder = hub.found(center)
    assert with_founder.push(written) == [Receipt.STORED] * 3
    assert everything(hub.peer(colleague)) == written
    assert hub.peer(colleague).meet({}, "").have == {mine.id: 3}


def test_an_envelope_handed_over_again_is_known_and_stands_once(hub: HubInHand, center: FoundedCenter) -> None:
    peer = hub.found(center)
    written = center.laptop.write_many(2)
    peer.push(written)
    assert peer.push([*written, written[0]]) == [Receipt.KNOWN] * 3
    assert everything(peer) == written


def test_the_same_envelope_twice_in_one_batch_is_taken_once(hub: HubInHand, center: FoundedCenter) -> None:
    peer = hub.found(center)
    one = center.laptop.write()
    assert peer.push([one, one]) == [Receipt.STORED, Receipt.KNOWN]


def test_another_envelope_at_a_taken_place_is_a_fork_and_kept_as_evidence(
    hub: HubInHand, center: FoundedCenter
) -> None:
    peer = hub.found(center)
    clone = Writer(center.id, center.laptop.key, center.head, 1)
    written = center.laptop.write_many(2)
    peer.push(written)
    assert peer.push([clone.write()]) == [Receipt.FORK]
    assert everything(peer) == written
    assert [one.forks for one in admin.centers(hub.storage)] == [1]


def test_an_envelope_that_follows_another_history_is_a_fork(hub: HubInHand, center: FoundedCenter) -> None:
    peer = hub.found(center)
    clone = Writer(center.id, center.laptop.key, center.head, 1)
    clone.write()
    peer.push([center.laptop.write()])
    assert peer.push([clone.write()]) == [Receipt.FORK]


def test_one_bad_envelope_stops_no_other(hub: HubInHand, center: FoundedCenter) -> None:
    stranger = Writer(center.id, SigningKey.generate(), center.head, 9)
    peer = hub.found(center)
    good = center.laptop.write_many(2)
    changed = bytearray(center.laptop.write(seq=3))
    changed[-100] ^= 1
    elsewhere = center.laptop.write(center=bytes(16))
    sent = [b"", good[0], bytes(changed), stranger.write(), elsewhere, good[1]]
    bad, stored = Receipt.BAD, Receipt.STORED
    assert peer.push(sent) == [bad, stored, bad, bad, bad, stored]


def test_an_envelope_after_a_gap_waits_for_those_before_it(hub: HubInHand, center: FoundedCenter) -> None:
    peer = hub.found(center)
    first, second, third = center.laptop.write_many(3)
    assert peer.push([first, third]) == [Receipt.STORED, Receipt.BAD]
    assert peer.push([second, third]) == [Receipt.STORED] * 2


def test_a_laptop_hands_on_what_a_colleague_wrote(hub: HubInHand, center: FoundedCenter) -> None:
    colleague = center.add_laptop()
    peer = hub.found(center)
    assert peer.push(colleague.write_many(2)) == [Receipt.STORED] * 2


def test_beyond_a_cut_nothing_is_taken_and_what_is_before_it_is(hub: HubInHand, center: FoundedCenter) -> None:
    lost = center.add_laptop()
    written = lost.write_many(3)
    center.cut(lost, 2)
    peer = hub.found(center)
    assert peer.push(written) == [Receipt.STORED, Receipt.STORED, Receipt.REVOKED]


def test_a_center_keeps_no_more_than_its_quota(hub: HubInHand, center: FoundedCenter) -> None:
    peer = hub.found(center, quota=20_000)
    written = center.laptop.write_many(3, size=8000)
    assert peer.push(written) == [Receipt.STORED, Receipt.STORED, Receipt.QUOTA]


def test_envelopes_that_one_has_are_passed_over(hub: HubInHand, center: FoundedCenter) -> None:
    peer = hub.found(center)
    written = center.laptop.write_many(5)
    peer.push(written)
    assert everything(peer, {center.laptop.id: 3}) == written[3:]


def test_a_long_log_comes_in_pages_that_hold_no_more_than_a_page_may(hub: HubInHand, center: FoundedCenter) -> None:
    peer = hub.found(center)
    written = center.laptop.write_many(13, size=400_000)
    assert peer.push(written) == [Receipt.STORED] * 13
    first = peer.meet({}, "")
    assert first.batch.more
    assert len(first.batch.envelopes) < 13
    assert everything(peer) == written


def test_the_head_is_the_chain_of_all_envelopes_signed_by_the_hub(hub: HubInHand, center: FoundedCenter) -> None:
    peer = hub.found(center)
    center.laptop.write_many(3)
    peer.push([one.content for one in center.laptop.envelopes])
    signed = peer.meet({}, "").head
    assert signed is not None
    found = head.read(signed)
    chain = START
    for one in center.laptop.envelopes:
        chain = lengthened(chain, one.hash)
    assert (found.center, found.position, found.chain) == (center.id, 3, chain)
    assert (earlier := peer.head(0)) is not None
    assert earlier.chain == START
    assert peer.head(4) is None


def test_centers_do_not_see_each_other(hub: HubInHand, center: FoundedCenter) -> None:
    other = FoundedCenter()
    peer, others = hub.found(center), hub.found(other)
    peer.push(center.laptop.write_many(2))
    assert everything(others) == []
    assert others.push([center.laptop.envelopes[0].content]) == [Receipt.BAD]


def test_many_laptops_at_once_leave_one_dense_log_that_holds(hub: HubInHand, center: FoundedCenter) -> None:
    writers = [center.add_laptop(center.head) for _ in range(6)]
    hub.found(center)

    def bring(writer: Writer) -> None:
        peer = hub.peer(writer)
        for _ in range(5):
            assert peer.push(writer.write_many(4)) == [Receipt.STORED] * 4

    threads = [threading.Thread(target=bring, args=(writer,)) for writer in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(log.envelopes, log.broken) for log in admin.checked(hub.storage)] == [(120, None)]
    found = everything(hub.peer(center.laptop))
    for writer in writers:
        own = [one.content for one in writer.envelopes]
        assert [content for content in found if content in own] == own


def test_two_hubs_on_one_database_are_one(postgres: Postgres, center: FoundedCenter) -> None:
    colleague = center.add_laptop()
    with HubInHand(postgres.emptied()) as one, HubInHand(one.database, seed=one.seed) as other:
        peer = one.found(center)
        theirs = HubPeer(other.url, center.id, colleague.key)

        def bring(peer: HubPeer, writer: Writer) -> None:
            for _ in range(5):
                assert peer.push(writer.write_many(4)) == [Receipt.STORED] * 4

        second = threading.Thread(target=bring, args=(theirs, colleague))
        second.start()
        bring(peer, center.laptop)
        second.join()
        assert [(log.envelopes, log.broken) for log in admin.checked(one.storage)] == [(40, None)]
        after = peer.meet({}, "").batch.after
        moved = HubPeer(other.url, center.id, center.laptop.key)
        assert (moved.meet({}, after).warnings, moved.meet({}, after).known) == ((), True)
        center.cut(colleague, 20)
        state(peer, center)
        with pytest.raises(Refused):
            theirs.push([colleague.write()])


def test_a_hub_that_was_started_anew_goes_on_where_it_was(hub: HubInHand, center: FoundedCenter) -> None:
    peer = hub.found(center)
    peer.push(center.laptop.write_many(2))
    after = peer.meet({}, "").batch.after
    hub.restart()
    again = hub.peer(center.laptop)
    meeting = again.meet({}, after)
    assert (meeting.batch.envelopes, meeting.warnings, meeting.known) == ((), (), True)
    assert again.push([center.laptop.write()]) == [Receipt.STORED]
