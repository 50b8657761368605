from __future__ import annotations

import math
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from familydesk.store.delay import FREE_TRIES, LONGEST, Delay
from familydesk.store.folder import StoreFolder


class Running:
    """How long a computer has been running."""

    def __init__(self) -> None:
        self.now = 5000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def running() -> Running:
    return Running()


@pytest.fixture
def delay(place: StoreFolder, running: Running) -> Delay:
    return Delay(place.delay, running)


def tried(delay: Delay, times: int) -> int:
    for _ in range(times):
        delay.count_try()
    return delay.left()


def test_the_first_mistakes_cost_nothing(delay: Delay) -> None:
    assert tried(delay, FREE_TRIES) == 0


def test_each_further_mistake_doubles_the_wait_up_to_a_quarter_of_an_hour(delay: Delay) -> None:
    tried(delay, FREE_TRIES)
    assert [tried(delay, 1) for _ in range(11)] == [2, 4, 8, 16, 32, 64, 128, 256, 512, LONGEST, LONGEST]


def test_the_wait_ends_when_its_time_has_passed(delay: Delay, running: Running) -> None:
    tried(delay, FREE_TRIES + 3)
    running.now += 7.5
    assert delay.left() == 1
    running.now += 0.5
    assert delay.left() == 0


def test_another_start_of_the_program_waits_just_as_long(delay: Delay, place: StoreFolder, running: Running) -> None:
    assert tried(delay, FREE_TRIES + 4) == Delay(place.delay, running).left() == 16


def test_the_right_passphrase_ends_it(delay: Delay) -> None:
    tried(delay, 20)
    delay.clear()
    assert tried(delay, FREE_TRIES) == 0


@pytest.mark.parametrize("days", [-9000, -1, 1, 9000])
def test_a_clock_on_the_wall_that_is_set_shortens_no_wait_and_makes_none_longer(
    place: StoreFolder, days: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 60 < tried(Delay(place.delay), FREE_TRIES + 6) <= 64
    set_to = time.time() + days * 86_400
    monkeypatch.setattr(time, "time", lambda: set_to)
    assert 30 < Delay(place.delay).left() <= 64


@given(st.floats(0, 4999), st.lists(st.floats(0, 40)))
def test_a_restart_counts_only_the_seconds_since_it_and_the_wait_ends_all_the_same(
    up: float, looks: list[float]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        running = Running()
        delay = Delay(Path(folder) / "delay.json", running)
        tried(delay, FREE_TRIES + 5)
        running.now = up
        waits = [delay.left()]
        for more in looks:
            running.now += more
            waits.append(delay.left())
        assert waits[0] == max(0, math.ceil(32 - up))
        assert waits == sorted(waits, reverse=True)
        running.now += 32
        assert delay.left() == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b'{"tries": "x"}',
        b'{"tries": 1, "wait": 1e999, "since": 0}',
        b'{"tries": 1, "wait": 9, "since": NaN}',
        b'{"tries": 1e999, "wait": 9, "since": 0}',
        b'{"tries": 1000000000000, "wait": 9, "since": 0}',
        b"\xff",
    ],
)
def test_a_damaged_file_locks_nobody_out(delay: Delay, place: StoreFolder, content: bytes) -> None:
    place.delay.write_bytes(content)
    assert 0 <= delay.left() <= LONGEST
    assert 0 <= tried(delay, 1) <= LONGEST


def test_the_file_holds_numbers_alone(delay: Delay, place: StoreFolder) -> None:
    tried(delay, 5)
    assert set(place.delay.read_text()) <= set('{}": ,.0123456789eE+-trieswaitsince')
