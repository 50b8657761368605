"""One laptop that went mad, or a stranger, does not stop the others; each is told when to come again."""

from __future__ import annotations

from collections import deque
from pathlib import Path

import pytest
from founded import FoundedCenter
from hub_in_hand import UNHURRIED, HubInHand, state

from familydesk.core.errors import Weather
from familydesk.hub import limits
from familydesk.hub.faults import Rejected
from familydesk.hub.limits import Buckets, Rate, Rates
from familydesk.hub.storage import sqlite_file_url
from familydesk.sync.peer import ObjectKind


class Watch:
    """A clock that goes on when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_gives_what_is_in_it_and_fills_again() -> None:
    watch = Watch()
    buckets = Buckets(Rate(3, 0.5), watch)
    for _ in range(3):
        buckets.take("one")
    buckets.take("other")
    with pytest.raises(Rejected) as told:
        buckets.take("one")
    assert (told.value.status, told.value.headers) == (429, {"Retry-After": "2"})
    watch.now = 2.0
    buckets.take("one")
    with pytest.raises(Rejected):
        buckets.take("one")


def test_more_than_a_full_bucket_is_given_once_and_paid_back() -> None:
    watch = Watch()
    buckets = Buckets(Rate(10, 1), watch)
    buckets.take("one", 25)
    watch.now = 20.0
    with pytest.raises(Rejected):
        buckets.take("one", 10)
    watch.now = 25.0
    buckets.take("one", 10)


def test_those_who_came_longest_ago_are_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REMEMBERED", 2)
    buckets = Buckets(Rate(1, 0.001), Watch())
    for who in ("one", "two", "three"):
        buckets.take(who)
    buckets.take("one")
    with pytest.raises(Rejected):
        buckets.take("three")


def hurried(**rates: Rate) -> Rates:
    usual = {name: getattr(UNHURRIED, name) for name in Rates.__slots__}
    return Rates(**{**usual, **rates})


def test_a_laptop_that_asks_too_often_is_told_when_to_come_again_and_others_are_served(
    tmp_path: Path, center: FoundedCenter
) -> None:
    colleague = center.add_laptop()
    with HubInHand(sqlite_file_url(tmp_path / "hub.db"), hurried(requests=Rate(12, 0.01))) as hub:
        peer = hub.found(center)
        with pytest.raises(Weather, match="cannot do this now"):
            deque((peer.meet({}, "") for _ in range(20)), maxlen=0)
        assert hub.peer(colleague).meet({}, "").have == {}


def test_a_laptop_that_hands_over_too_much_at_once_waits_as_long_as_it_is_told(
    tmp_path: Path, center: FoundedCenter
) -> None:
    with HubInHand(sqlite_file_url(tmp_path / "hub.db"), hurried(envelopes=Rate(4, 4))) as hub:
        peer = hub.found(center)
        assert len(peer.push(center.laptop.write_many(4))) == 4
        assert len(peer.push(center.laptop.write_many(4))) == 4


def test_strangers_are_slowed_down_and_laptops_are_not(tmp_path: Path, center: FoundedCenter) -> None:
    with HubInHand(sqlite_file_url(tmp_path / "hub.db"), hurried(strangers=Rate(8, 0.01))) as hub:
        peer = hub.found(center)
        place = f"/v1/center/{center.id.hex()}/object/admission/ab"
        assert {hub.ask("GET", place).status_code for _ in range(12)} == {404, 429}
        assert peer.meet({}, "").warnings == ()
        center.add_laptop()
        state(peer, center)
        assert len(peer.names(ObjectKind.STATEMENT)) == len(center.statements)
