"""One center's fixed keys, and envelopes written with them, for tests of the wire alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from nacl.signing import SigningKey

from familydesk.sync.identity import CENTER_STREAM, Device, Standing
from familydesk.sync.wire import envelope
from familydesk.sync.wire.body import Body, Clock, HubMemory
from familydesk.sync.wire.change import Change, Version
from familydesk.sync.wire.digests import center_id, device_id
from familydesk.sync.wire.envelope import Envelope, Header
from familydesk.sync.wire.section import Section
from familydesk.sync.wire.stream_key import StreamKey

CENTER = center_id(bytes([1]) * 32)
EPOCH_KEY = bytes([2]) * 32
DEVICE_KEY = SigningKey(bytes([3]) * 32)
PERSON_KEY = SigningKey(bytes([4]) * 32)
PERSON = UUID(int=5)
DEVICE = device_id(bytes(DEVICE_KEY.verify_key))
CASE = bytes([6]) * 16
CENTER_KEY, CASE_KEY = StreamKey(CENTER_STREAM, bytes([9]) * 32), StreamKey(CASE, bytes([10]) * 32)
KEYS = {(key.stream, key.id): key.secret for key in (CENTER_KEY, CASE_KEY)}
HEADER = Header(CENTER, DEVICE, 1, envelope.FIRST, 1)
STAMP = 117_681_924_558_553_088


@dataclass
class Known:
    """What a laptop knows of the center: trust and keys."""

    devices: dict[bytes, bytes] = field(default_factory=lambda: {DEVICE: bytes(DEVICE_KEY.verify_key)})
    people: dict[UUID, frozenset[bytes]] = field(
        default_factory=lambda: {PERSON: frozenset({bytes(PERSON_KEY.verify_key)})}
    )
    epochs: dict[int, bytes] = field(default_factory=lambda: {1: EPOCH_KEY})
    keys: dict[tuple[bytes, bytes], bytes] = field(default_factory=lambda: dict(KEYS))

    def device(self, device: bytes) -> Device | None:
        public = self.devices.get(device)
        return Device(device, public, PERSON, 1) if public else None

    def signing_publics(self, account: UUID) -> frozenset[bytes]:
        return self.people.get(account, frozenset())

    def standing(self, device: bytes, seq: int, hash: bytes) -> Standing:
        return Standing.ACCEPTED if device in self.devices else Standing.UNKNOWN

    def epoch(self) -> int:
        return max(self.epochs)

    def epoch_key(self, epoch: int) -> bytes | None:
        return self.epochs.get(epoch)

    def stream_key(self, stream: bytes, key: bytes) -> bytes | None:
        return self.keys.get((stream, key))

    def writing_key(self, stream: bytes) -> tuple[bytes, bytes]:
        return next((key, secret) for (one, key), secret in self.keys.items() if one == stream)


def change(clock: int, field: str = "", value: str | None = "{}", replaces: Sequence[Version] = ()) -> Change:
    """A change of a person's record."""
    version = Version(STAMP + clock, DEVICE)
    return Change("person", bytes([clock % 256]) * 16, field, value, version, tuple(replaces), STAMP)


def body(sections: Iterable[Section], hub: HubMemory | None = None, author: UUID = PERSON) -> Body:
    """A body of the person at the desk."""
    return Body(author.bytes, PERSON.bytes, bytes(32), 1_800_000_000_000, Clock.UNKNOWN, hub, tuple(sections))


def section(changes: Sequence[Change], stream: bytes = CENTER_STREAM, header: Header = HEADER) -> Section:
    """A section of one of the two streams."""
    return Section.seal(header, stream, Known().writing_key(stream), changes)


def letter(*sections: Section, header: Header = HEADER) -> Envelope:
    """An envelope of the person at the desk."""
    return envelope.sealed(header, body(sections).signed(header, PERSON_KEY), EPOCH_KEY, DEVICE_KEY)


def small_letter() -> Envelope:
    """A new person, and a field of a case's record written anew."""
    former = (Version(STAMP - 1, DEVICE),)
    new, edit = change(1, value='{"surname":"Омарова"}'), change(2, "remarks", '"тек күндіз"', former)
    return letter(section([new]), section([edit], CASE))
