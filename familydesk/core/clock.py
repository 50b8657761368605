"""Time as the desk sees it. One zone, from the time-zone database: Kazakhstan has had a single one only since 1
March 2024.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Almaty")

_stopped: datetime | None = None


def now() -> datetime:
    """This moment, aware, in the desk's zone, to the second (seconds are what papers and terms speak of)."""
    return (_stopped or datetime.now(UTC)).astimezone(ZONE).replace(microsecond=0)


def from_milliseconds(since_1970: int) -> datetime:
    """A moment as it travels, in the desk's zone."""
    return datetime.fromtimestamp(since_1970 // 1000, UTC).astimezone(ZONE)


def today() -> date:
    """The desk's day."""
    return now().date()


@contextmanager
def stopped(at: datetime) -> Iterator[None]:
    """Hold the clock at `at` inside the block (tests, and papers reprinted as of a day)."""
    global _stopped
    before, _stopped = _stopped, at
    try:
        yield
    finally:
        _stopped = before


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """A moment given by the wall clock of the desk."""
    return datetime(year, month, day, hour, minute, second, tzinfo=ZONE)


def between(start: datetime, end: datetime) -> timedelta:
    """The time that really passes. Of two moments in one zone Python's own difference is the wall clock's, and that
    was put back on 1 March 2024.
    """
    return end.astimezone(UTC) - start.astimezone(UTC)


def day_bounds(first: date, last: date) -> tuple[datetime, datetime]:
    """The half-open span of moments that covers `first` to `last`, both whole: the last day counts."""
    after = last + timedelta(days=1)
    return local(first.year, first.month, first.day), local(after.year, after.month, after.day)
