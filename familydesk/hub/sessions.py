"""Letting laptops in: a challenge that is answered once, and a pass for an hour. The hub keeps no secret of either.

A challenge and a pass carry their own time and the mark of this hub, so they need no row. Of the answered challenges
only the newest time is kept by device: a challenge not younger than that is spent, however often it is sent again.
"""

from __future__ import annotations

import struct
import threading
import time
from collections.abc import Callable
from hmac import compare_digest

from sqlalchemy import Connection, insert, select, update

from familydesk.hub.faults import Rejected
from familydesk.hub.identity import HubKey
from familydesk.hub.tables import CENTER, DEVICE
from familydesk.sync.wire.digests import ID_BYTES
from familydesk.sync.wire.envelope import FIRST

CHALLENGE_LIVES = 14 * 24 * 3600
"""Seconds. A laptop takes one home for its next visit, so that a visit without news is one request."""
PASS_LIVES = 3600
"""Seconds."""

_TIME = struct.Struct(">Q")
_MICRO = 1_000_000


class Sessions:
    """Challenges and passes of one hub."""

    def __init__(self, key: HubKey, now: Callable[[], float] = time.time) -> None:
        self._key, self._now = key, now
        self._last, self._lock = 0, threading.Lock()

    def challenge(self, center: bytes, device: bytes) -> bytes:
        """A fresh one for this device; it is no secret, and of no use without the device's key."""
        when = _TIME.pack(self._tick())
        return when + self._key.mark(center + device + when, b"fd-challenge")

    def spend(self, connection: Connection, center: bytes, device: bytes, challenge: bytes) -> None:
        """Take the challenge back, answered. Rejected if it is not this hub's, too old, or was answered before."""
        when = challenge[: _TIME.size]
        if not compare_digest(challenge, when + self._key.mark(center + device + when, b"fd-challenge")):
            raise self.ask(center, device)
        (issued,) = _TIME.unpack(when)
        too_old = issued < (self._now() - CHALLENGE_LIVES) * _MICRO
        if too_old or not _spent(connection, center, device, issued):
            raise self.ask(center, device)

    def ask(self, center: bytes, device: bytes) -> Rejected:
        """The answer to whoever has to sign first: what, and for which hub."""
        given = {"challenge": self.challenge(center, device).hex(), "hub": self._key.public.hex()}
        return Rejected(401, "challenge", "Sign this challenge with the device's key.", given)

    def ticket(self, center: bytes, device: bytes) -> bytes:
        """A pass for who has answered."""
        ends = _TIME.pack(int(self._now()) + PASS_LIVES)
        return device + ends + self._key.mark(center + device + ends, b"fd-pass")

    def device_of(self, center: bytes, ticket: bytes) -> bytes:
        """Whose pass this is. Rejected if it is not of this hub and center, or has ended."""
        device, ends = ticket[:ID_BYTES], ticket[ID_BYTES : ID_BYTES + _TIME.size]
        if not compare_digest(ticket, device + ends + self._key.mark(center + device + ends, b"fd-pass")):
            raise Rejected(401, "pass", "This pass is not valid here.")
        if _TIME.unpack(ends)[0] < self._now():
            raise Rejected(401, "pass", "This pass has ended.")
        return device

    def _tick(self) -> int:
        """Microseconds, never the same twice, so that a challenge given later is always the younger one."""
        with self._lock:
            self._last = max(self._last + 1, int(self._now() * _MICRO))
            return self._last


def _spent(connection: Connection, center: bytes, device: bytes, issued: int) -> bool:
    """Whether the device had answered none as young as this; from now on it has."""
    own = (DEVICE.c.center == center, DEVICE.c.id == device)
    moved = update(DEVICE).where(*own, DEVICE.c.spent < issued).values(spent=issued)
    if connection.execute(moved).rowcount:
        return True
    # It may be its first visit, twice at the same moment, or while another laptop brings its envelopes.
    connection.execute(select(CENTER.c.id).where(CENTER.c.id == center).with_for_update())
    if connection.execute(moved).rowcount:
        return True
    if connection.execute(select(DEVICE.c.id).where(*own)).first():
        return False
    connection.execute(insert(DEVICE).values(center=center, id=device, seq=0, hash=FIRST, spent=issued))
    return True
