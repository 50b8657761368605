"""A hub that was put back, tells two stories, or is another one: noticed by who met it before, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from founded import FoundedCenter
from hub_in_hand import HubInHand
from nacl.signing import SigningKey
from sqlalchemy import update

from familydesk.core.errors import Weather
from familydesk.hub import copying
from familydesk.hub.storage import Storage, sqlite_file_url
from familydesk.hub.tables import ENVELOPE
from familydesk.sync.hub_memory import ANOTHER_HUB, OTHER_HISTORY, PUT_BACK
from familydesk.sync.peer import ObjectKind, Receipt


@pytest.fixture
def put_back(hub: HubInHand, tmp_path: Path) -> Callable[[], None]:
    """Keep the hub as it is now; what is given back brings that state back, into another database of SQLite."""
    kept, brought = tmp_path / "yesterday.db", tmp_path / "brought.db"

    def bring() -> None:
        storage = Storage(sqlite_file_url(brought))
        copying.bring_back(kept, storage)
        storage.close()
        hub.restart(sqlite_file_url(brought))

    def keep() -> Callable[[], None]:
        copying.back_up(hub.storage, kept)
        return bring

    return keep


def test_a_hub_put_back_to_yesterday_says_so_and_is_filled_again(
    hub: HubInHand, center: FoundedCenter, put_back: Callable[[], Callable[[], None]]
) -> None:
    peer = hub.found(center)
    written = center.laptop.write_many(3)
    peer.push(written[:2])
    bring = put_back()
    peer.push(written[2:])
    peer.put(ObjectKind.KEY, "ab", b"wrapped")
    after = peer.meet({}, "").batch.after
    bring()
    again = hub.peer(center.laptop)
    meeting = again.meet({center.laptop.id: 3}, after)
    assert (meeting.warnings, meeting.known, meeting.all_objects) == ((PUT_BACK,), True, True)
    assert meeting.have == {center.laptop.id: 2}
    assert ObjectKind.KEY not in meeting.objects
    assert again.push(written[2:]) == [Receipt.STORED]
    assert again.meet({center.laptop.id: 3}, meeting.batch.after).warnings == ()


def test_a_hub_put_back_that_has_gone_on_shows_another_history(
    hub: HubInHand, center: FoundedCenter, put_back: Callable[[], Callable[[], None]]
) -> None:
    colleague = center.add_laptop()
    peer = hub.found(center)
    peer.push(center.laptop.write_many(2))
    bring = put_back()
    peer.push(center.laptop.write_many(1))
    before = peer.meet({}, "")
    bring()
    hub.peer(colleague).push(colleague.write_many(2))
    again = hub.peer(center.laptop)
    meeting = again.meet({center.laptop.id: 3}, before.batch.after)
    assert meeting.warnings == (OTHER_HISTORY,)
    assert meeting.batch.envelopes == tuple(one.content for one in colleague.envelopes)
    assert again.push([center.laptop.envelopes[2].content]) == [Receipt.STORED]


def test_two_who_met_a_hub_with_two_histories_find_out_by_its_own_signatures(
    hub: HubInHand, center: FoundedCenter, put_back: Callable[[], Callable[[], None]]
) -> None:
    colleague = center.add_laptop()
    peer = hub.found(center)
    bring = put_back()
    peer.push(center.laptop.write_many(1))
    shown_to_one = peer.head(1)
    bring()
    other = hub.peer(colleague)
    other.push(colleague.write_many(1))
    shown_to_other = other.head(1)
    assert shown_to_one is not None
    assert shown_to_other is not None
    assert (shown_to_one.hub, shown_to_one.position) == (shown_to_other.hub, shown_to_other.position)
    assert shown_to_one.chain != shown_to_other.chain


def test_another_hub_at_the_same_address_is_told_of(hub: HubInHand, center: FoundedCenter) -> None:
    peer = hub.found(center)
    peer.push(center.laptop.write_many(2))
    after = peer.meet({}, "").batch.after
    hub.seed = bytes(SigningKey.generate())
    hub.restart()
    meeting = hub.peer(center.laptop).meet({}, after)
    assert (meeting.warnings, meeting.known) == ((ANOTHER_HUB,), False)


def test_a_log_in_which_somebody_exchanged_an_envelope_is_not_believed(hub: HubInHand, center: FoundedCenter) -> None:
    peer = hub.found(center)
    written = center.laptop.write_many(2)
    peer.push(written)
    with hub.storage.writing() as connection:
        connection.execute(update(ENVELOPE).where(ENVELOPE.c.position == 1).values(content=written[1]))
    with pytest.raises(Weather):
        peer.meet({}, "")


def test_a_new_laptop_reads_a_log_that_was_put_back_like_any_other(
    hub: HubInHand, center: FoundedCenter, put_back: Callable[[], Callable[[], None]]
) -> None:
    colleague = center.add_laptop()
    peer = hub.found(center)
    written = center.laptop.write_many(2)
    peer.push(written)
    put_back()()
    assert hub.peer(colleague).meet({}, "").batch.envelopes == tuple(written)
