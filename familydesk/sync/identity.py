"""Who meets: this laptop and the person at it, and what a laptop must know of the others to believe them."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from nacl.signing import SigningKey

CENTER_STREAM = bytes(16)
"""The stream of whatever belongs to no case."""


@dataclass(frozen=True, slots=True)
class Identity:
    """This laptop in its center, with the person who is at the desk."""

    center: bytes
    """16 bytes, from the key that began the list of members."""
    device: bytes
    """16 bytes, from the public half of `device_key`."""
    device_key: SigningKey = field(repr=False)
    account: UUID
    person_key: SigningKey | None = field(repr=False)
    """None after the recovery key: then nothing is signed, and nothing sent."""


class Standing(enum.Enum):
    """What becomes of an envelope that a device has signed."""

    ACCEPTED = "accepted"
    UNKNOWN = "nobody has vouched for this device yet: kept until somebody does"
    QUARANTINED = "written after the device was cut off: kept aside, never applied"


@dataclass(frozen=True, slots=True)
class Device:
    """A laptop of the center. After a cut only envelopes up to `last_seq` count, and that one only with `last_hash`."""

    id: bytes
    public: bytes
    account: UUID
    block: int
    last_seq: int | None = None
    last_hash: bytes = b""


class Trust(Protocol):
    """What the membership log says."""

    def device(self, device: bytes) -> Device | None:
        """A laptop that a head has vouched for, cut off or not."""

    def signing_publics(self, account: UUID) -> frozenset[bytes]:
        """Every key by which a person's signature is or was known (Ed25519)."""

    def standing(self, device: bytes, seq: int, hash: bytes) -> Standing:
        """What becomes of this envelope: the same on every laptop that knows the same statements."""


class Keyring(Protocol):
    """The keys at hand."""

    def epoch(self) -> int:
        """The epoch in which this laptop writes now."""

    def epoch_key(self, epoch: int) -> bytes | None:
        """32 bytes; None if it was not given to who is at the desk."""

    def stream_key(self, stream: bytes, key: bytes) -> bytes | None:
        """The 32 bytes of key `key` (16 bytes) of a stream; None if it has not come, or was destroyed."""

    def writing_key(self, stream: bytes) -> tuple[bytes, bytes]:
        """The id and the key under which this laptop seals now; a new one is made where there is none."""

    def bundle(self) -> None:
        """Make ready to travel what keys were made."""
