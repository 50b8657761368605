"""Envelopes of invented laptops, for roads that never look inside."""

from __future__ import annotations

from nacl.signing import SigningKey

from familydesk.sync.wire import envelope
from familydesk.sync.wire.digests import device_id
from familydesk.sync.wire.envelope import Envelope, Header

CENTER = bytes(range(16))
EPOCH_KEY = bytes(range(32))


class Chain:
    """The envelopes of one laptop, one behind the other."""

    def __init__(self, seed: int, center: bytes = CENTER) -> None:
        self.key = SigningKey(bytes([seed]) * 32)
        self.device = device_id(self.key.verify_key.encode())
        self.center = center
        self.written: list[Envelope] = []

    def grow(self, count: int, body: bytes = b"sealed") -> list[bytes]:
        """The next `count` envelopes."""
        for _ in range(count):
            prev = self.written[-1].hash if self.written else envelope.FIRST
            header = Header(self.center, self.device, len(self.written) + 1, prev, 1)
            self.written.append(envelope.sealed(header, body, EPOCH_KEY, self.key))
        return [one.content for one in self.written[-count:]]
