"""A hybrid logical clock: wall milliseconds in the upper 48 bits, a counter in the lower 16. It never goes back."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from familydesk.core.clock import ZONE

COUNTER_BITS = 16
AHEAD = 48 * 3_600_000
"""Milliseconds by which another laptop's clock may lead this one at most."""


class HybridClock:
    """Ticks once for each change. A wall clock set back, even by years, only makes the counter run."""

    def __init__(self, last: int = 0) -> None:
        self.last = last

    def wall(self) -> int:
        """The wall clock, in milliseconds."""
        return time.time_ns() // 1_000_000

    def tick(self) -> int:
        """The next stamp, larger than every stamp before."""
        self.last = max(self.wall() << COUNTER_BITS, self.last + 1)
        return self.last

    def receive(self, stamp: int) -> bool:
        """Go on after a stamp that came from elsewhere; False if it lies too far ahead to be followed all the way."""
        limit = self.wall() + AHEAD << COUNTER_BITS
        self.last = max(self.last, min(stamp, limit))
        return stamp <= limit

    def behind(self) -> bool:
        """Whether the wall clock stands before the last stamp by more than ten minutes: terms are then doubtful."""
        return (self.last >> COUNTER_BITS) - self.wall() > 600_000


def wall_time(stamp: int) -> datetime:
    """The wall time in a stamp."""
    return datetime.fromtimestamp((stamp >> COUNTER_BITS) / 1000, UTC).astimezone(ZONE)
