"""Those who wait for one lock share a turn, each hears what became of her own, and centers do not wait for others."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from founded import FoundedCenter
from hub_in_hand import HubInHand

from familydesk.core.errors import Refused
from familydesk.hub import admin
from familydesk.hub.turns import AT_ONCE, Turns
from familydesk.sync.peer import Receipt

ONE, OTHER = b"one", b"other"


class Slow:
    """Work that goes on until it is let go, with a note of who shared each turn."""

    def __init__(self) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.turns: list[tuple[bytes, int]] = []

    def __call__(self, center: bytes, together: Sequence[int]) -> None:
        self.turns.append((center, len(together)))
        if center == ONE:
            self.begun.set()
            assert self.go_on.wait(10)
        if -1 in together:
            raise LookupError


def waiting(turns: Turns[int]) -> int:
    return len(turns._lines[ONE].waiting)


def test_whoever_came_while_another_worked_shares_the_next_turn() -> None:
    slow = Slow()
    turns = Turns(slow)
    with ThreadPoolExecutor(AT_ONCE + 4) as pool:
        done = [pool.submit(turns.take, ONE, 0)]
        assert slow.begun.wait(10)
        done += [pool.submit(turns.take, ONE, number) for number in range(AT_ONCE + 3)]
        while waiting(turns) < AT_ONCE + 3:
            threading.Event().wait(0.001)
        turns.take(OTHER, 1)
        slow.go_on.set()
        for one in done:
            one.result(10)
    assert slow.turns == [(ONE, 1), (OTHER, 1), (ONE, AT_ONCE), (ONE, 3)]


def test_what_goes_wrong_is_told_to_each_who_shared_the_turn_and_to_nobody_else() -> None:
    slow = Slow()
    turns = Turns(slow)
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(turns.take, ONE, 0)
        assert slow.begun.wait(10)
        shared = [pool.submit(turns.take, ONE, number) for number in (-1, 2)]
        while waiting(turns) < 2:
            threading.Event().wait(0.001)
        slow.go_on.set()
        first.result(10)
        for one in shared:
            with pytest.raises(LookupError):
                one.result(10)
    turns.take(ONE, 3)


def test_a_laptop_that_is_shut_out_is_refused_alone(on_sqlite: HubInHand, center: FoundedCenter) -> None:
    good = [center.add_laptop(center.head) for _ in range(5)]
    bad = center.add_laptop(center.head)
    on_sqlite.found(center)
    peers = [on_sqlite.peer(writer) for writer in (*good, bad)]
    for peer in peers:
        peer.meet({}, "")
    admin.retire(on_sqlite.storage, center.id, bad.id)
    with ThreadPoolExecutor(6) as pool:
        pushed = [pool.submit(peer.push, [writer.write()]) for peer, writer in zip(peers, (*good, bad), strict=True)]
        assert [one.result(10) for one in pushed[:5]] == [[Receipt.STORED]] * 5
        with pytest.raises(Refused):
            pushed[5].result(10)
