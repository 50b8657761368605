from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from familydesk.store.delay import FREE_TRIES, LONGEST, Delay
from familydesk.store.folder import StoreFolder


class Wall:
    """A clock on the wall that anyone may set."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def delay(place: StoreFolder, wall: Wall) -> Delay:
    return Delay(place.delay, wall)


def tried(delay: Delay, times: int) -> int:
    for _ in range(times):
        delay.count_try()
    return delay.left()


def test_the_first_mistakes_cost_nothing(delay: Delay) -> None:
    assert tried(delay, FREE_TRIES) == 0


def test_each_further_mistake_doubles_the_wait_up_to_a_quarter_of_an_hour(delay: Delay) -> None:
    tried(delay, FREE_TRIES)
    assert [tried(delay, 1) for _ in range(11)] == [2, 4, 8, 16, 32, 64, 128, 256, 512, LONGEST, LONGEST]


def test_the_wait_ends_when_its_time_has_passed(delay: Delay, wall: Wall) -> None:
    tried(delay, FREE_TRIES + 3)
    wall.now += 7.5
    assert delay.left() == 1
    wall.now += 0.5
    assert delay.left() == 0


def test_another_start_of_the_program_waits_just_as_long(delay: Delay, place: StoreFolder, wall: Wall) -> None:
    assert tried(delay, FREE_TRIES + 4) == Delay(place.delay, wall).left() == 16


def test_the_right_passphrase_ends_it(delay: Delay) -> None:
    tried(delay, 20)
    delay.clear()
    assert tried(delay, FREE_TRIES) == 0


@given(st.floats(1, 10**9))
def test_a_clock_set_back_shortens_no_wait_and_makes_none_endless(seconds: float) -> None:
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        wall = Wall()
        delay = Delay(Path(folder) / "delay.json", wall)
        tried(delay, FREE_TRIES + 5)
        wall.now -= seconds
        assert delay.left() == 32
        wall.now += 32
        assert delay.left() == 0


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"tries": "x"}', b'{"tries": 1, "wait": 1e999, "since": 0}', b"\xff"]
)
def test_a_damaged_file_locks_nobody_out(delay: Delay, place: StoreFolder, content: bytes) -> None:
    place.delay.write_bytes(content)
    assert 0 <= delay.left() <= LONGEST


def test_the_file_holds_numbers_alone(delay: Delay, place: StoreFolder) -> None:
    tried(delay, 5)
    assert set(place.delay.read_text()) <= set('{}": ,.0123456789eE+-trieswaitsince')
