"""A hub that shows people different histories is found out by what they tell one another; its clock is compared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from founded import FoundedCenter
from hub_in_hand import HubInHand

from familydesk.core import clock
from familydesk.store.database import Database
from familydesk.sync import acquaintance, gossip
from familydesk.sync.gossip import CLOCK_WRONG, held_against
from familydesk.sync.http import HubPeer
from familydesk.sync.hub_memory import OTHER_HISTORY, Memory
from familydesk.sync.wire.body import Clock, HubMemory

OTHER = bytes([1]) * 16


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database.create(tmp_path / "desk.db", bytes(range(32)))
    yield made
    made.close()


@pytest.fixture
def peer(on_sqlite: HubInHand, center: FoundedCenter) -> HubPeer:
    """A hub with three envelopes, just met."""
    on_sqlite.found(center).push(center.laptop.write_many(3))
    met = on_sqlite.peer(center.laptop)
    met.meet({}, "")
    return met


def hear(database: Database, memory: HubMemory, device: bytes = OTHER) -> None:
    with database.connection(write=True) as connection:
        gossip.hear(connection, device, memory)


def texts(database: Database, peer: object) -> list[str]:
    return [problem.text for problem in held_against(database, peer)]


def at(peer: HubPeer, position: int) -> HubMemory:
    """What a laptop remembers that was told the truth."""
    head = peer.head(position)
    assert head is not None
    return HubMemory(head.hub, position, head.chain)


def test_what_others_were_shown_at_the_same_places_is_no_news(database, peer):
    hear(database, at(peer, 2))
    hear(database, at(peer, 3), bytes([2]) * 16)
    assert texts(database, peer) == []


@pytest.mark.parametrize("position", [2, 3, 9])
def test_a_hub_that_showed_a_colleague_something_else_is_found_out_once(database, peer, position):
    hub = at(peer, 1).hub
    hear(database, HubMemory(hub, position, bytes([7]) * 32))
    hear(database, at(peer, 2), bytes([2]) * 16)
    assert texts(database, peer) == [OTHER_HISTORY]
    assert texts(database, peer) == []


def test_of_each_laptop_the_newest_word_counts(database, peer):
    hear(database, HubMemory(at(peer, 1).hub, 1, bytes([7]) * 32))
    hear(database, at(peer, 2))
    assert texts(database, peer) == []


def test_what_is_told_of_another_hub_waits_for_that_one(database, peer):
    hear(database, HubMemory(bytes([9]) * 32, 2, bytes([7]) * 32))
    assert texts(database, peer) == []
    with database.connection() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM meta WHERE key LIKE 'hub_heard.%'").scalar() == 1


def test_what_could_not_be_asked_is_asked_at_the_next_meeting(database, peer, on_sqlite, center):
    hear(database, HubMemory(at(peer, 1).hub, 2, bytes([7]) * 32))
    on_sqlite.stop()
    assert texts(database, peer) == []
    on_sqlite.start()
    again = on_sqlite.peer(center.laptop)
    again.meet({}, "")
    assert texts(database, again) == [OTHER_HISTORY]


def test_of_a_folder_nothing_is_asked(database):
    assert texts(database, object()) == []


def test_a_laptop_tells_where_it_stands_in_the_log_of_the_hub_it_met_last(database, peer):
    told = at(peer, 3)
    with database.connection(write=True) as connection:
        assert gossip.remembered(connection) is None
        for name, memory in (("https://hub", str(Memory(told.hub, 3, told.chain))), ("/media/stick", "mark.7")):
            acquaintance.go_on(connection, name, memory)
            acquaintance.part(connection, name, {}, {})
        assert gossip.remembered(connection) == told


def test_a_clock_that_agrees_with_the_hubs_is_worth_more_for_a_day(database, peer, monkeypatch):
    assert texts(database, peer) == []
    now = clock.now()
    with database.connection() as connection:
        assert gossip.worth(connection, behind=False) is Clock.COMPARED
        assert gossip.worth(connection, behind=True) is Clock.BEHIND
        monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=2))
        assert gossip.worth(connection, behind=False) is Clock.UNKNOWN


def test_a_clock_that_is_wrong_is_told(database, peer, monkeypatch):
    held_against(database, peer)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now - timedelta(minutes=30))
    (said,) = held_against(database, peer)
    assert said.text == CLOCK_WRONG
    assert said.values["minutes"] in (29, 30)
    with database.connection() as connection:
        assert gossip.worth(connection, behind=False) is Clock.UNKNOWN
