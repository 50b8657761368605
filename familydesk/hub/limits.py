"""How much one laptop may ask of a hub, so that one that went mad does not stop the others. Kept in memory alone."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from familydesk.hub import faults

QUOTA = 20 * 1024**3
"""Bytes that a center may keep unless who runs the hub says otherwise: far more than its laptops write in ten years
with attachments.
"""
REMEMBERED = 20_000
"""Buckets kept; beyond that the one used longest ago is forgotten."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, and so many a second from then on."""

    burst: float
    each_second: float


@dataclass(frozen=True, slots=True)
class Rates:
    """What a hub lets through. A laptop that comes home after a month brings some thousands of envelopes at once."""

    requests: Rate = Rate(600, 30)
    """Of one laptop."""
    envelopes: Rate = Rate(50_000, 50)
    """Handed over by one laptop."""
    strangers: Rate = Rate(300, 5)
    """Requests to one center by whoever has not shown who they are."""
    addresses: Rate = Rate(600, 10)
    """Requests of strangers from one address, to any center."""


class Buckets:
    """A bucket of tokens for each who asks, filled evenly."""

    def __init__(self, rate: Rate, now: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._now = rate, now
        self._left: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, who: Hashable, count: float = 1) -> None:
        """Take so many tokens, more than there are only from a full bucket. Rejected with the seconds to wait."""
        with self._lock:
            now = self._now()
            left, since = self._left.pop(who, (self._rate.burst, now))
            left = min(self._rate.burst, left + (now - since) * self._rate.each_second)
            need = min(count, self._rate.burst)
            enough = left >= need
            self._left[who] = (left - count if enough else left, now)
            if len(self._left) > REMEMBERED:
                self._left.popitem(last=False)
        if not enough:
            raise faults.later((need - left) / self._rate.each_second)


class Limits:
    """All buckets of a hub."""

    def __init__(self, rates: Rates) -> None:
        self._requests, self._envelopes = Buckets(rates.requests), Buckets(rates.envelopes)
        self._strangers, self._addresses = Buckets(rates.strangers), Buckets(rates.addresses)

    def stranger(self, center: bytes, address: str) -> None:
        """Somebody asks who has not shown who she is."""
        self._addresses.take(address)
        self._strangers.take(center)

    def laptop(self, center: bytes, device: bytes) -> None:
        """A laptop asks for something."""
        self._requests.take((center, device))

    def envelopes(self, center: bytes, device: bytes, count: int) -> None:
        """A laptop hands over so many envelopes."""
        self._envelopes.take((center, device), count)
