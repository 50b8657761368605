"""The envelope FDE1, inside: who wrote, what her laptop had taken in, and the sections; the person's signature on it.

    signature 64 | length u32, big-endian | CBOR map, `length` bytes | zero bytes up to the padded size

The person signs the map as it is spelled here, together with the envelope's header: what she wrote cannot be put into
another envelope, nor under another name.
"""

from __future__ import annotations

import enum
import struct
from dataclasses import dataclass
from typing import Any, NamedTuple

from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey

from familydesk.sync.wire import bounds
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.coding import decoded, encoded
from familydesk.sync.wire.digests import DIGEST_BYTES, ID_BYTES, digest
from familydesk.sync.wire.envelope import Header
from familydesk.sync.wire.padding import padded_size
from familydesk.sync.wire.section import Section, shared

FORM = 1
"""The newest form of a body that is known here."""

KEY_BYTES = 32
_BEFORE = struct.Struct(">64sI")
_PURPOSE = b"fd-author"
_FORM, _AUTHOR, _SIGNER, _HEADS, _WALL, _CLOCK, _HUB, _SECTIONS = 1, 2, 3, 5, 6, 7, 8, 9


class Newer(Defect):
    """Written by a newer program in a form that is not known here: to be kept until this one is upgraded."""


class Clock(enum.IntEnum):
    """How much the wall time in a body is worth."""

    UNKNOWN = 0
    COMPARED = 1
    """It agreed with a hub's within the last day."""
    BEHIND = 2
    """It stood before what the laptop had written or received already."""


class HubMemory(NamedTuple):
    """Up to which position of a hub's log the laptop had read, and the chain there, so that a hub which shows others
    another history is found out; `hub` is the hub's key. Key and chain are 32 bytes each.
    """

    hub: bytes
    position: int
    chain: bytes


@dataclass(frozen=True, slots=True)
class Body:
    """What one person wrote. If `signer` is not `author`, she vouches for what the author left unsigned on the laptop.

    Both are ids of accounts, 16 bytes; an author of zero bytes is the program itself, as it made the store.
    """

    author: bytes
    signer: bytes
    heads: bytes
    """32 bytes: digest of the newest envelope of each device that the laptop had taken in."""
    wall: int
    """Milliseconds since 1970 by the laptop's clock."""
    clock: Clock
    hub: HubMemory | None
    sections: tuple[Section, ...]

    def spelled(self) -> bytes:
        """The map that is signed."""
        return encoded(
            {
                _FORM: FORM,
                _AUTHOR: self.author,
                _SIGNER: self.signer,
                _HEADS: self.heads,
                _WALL: self.wall,
                _CLOCK: int(self.clock),
                _HUB: list(self.hub) if self.hub else None,
                _SECTIONS: [section.packed() for section in self.sections],
            }
        )

    def signed(self, header: Header, key: SigningKey) -> bytes:
        """What goes into the envelope with this header."""
        spelled = self.spelled()
        return _BEFORE.pack(key.sign(_signed(header, spelled)).signature, len(spelled)) + spelled


@dataclass(frozen=True, slots=True)
class SignedBody:
    """A body as it came."""

    body: Body
    spelled: bytes
    signature: bytes

    def signed_by(self, header: Header, public: bytes) -> bool:
        """Whether the person with this key (Ed25519, 32 bytes) signed it, for this envelope."""
        try:
            VerifyKey(public).verify(_signed(header, self.spelled), self.signature)
        except (CryptoError, ValueError):
            return False
        return True


def read(plain: bytes) -> SignedBody:
    """What an envelope held, its form checked, not its signature. Newer if a newer program wrote it, Defect if nobody
    writes so.
    """
    if len(plain) < _BEFORE.size:
        raise Defect("a body that is too short")
    signature, length = _BEFORE.unpack_from(plain)
    end = _BEFORE.size + length
    if len(plain) != padded_size(end) or any(plain[end:]):
        raise Defect("a body that is not padded as it is written")
    spelled = plain[_BEFORE.size : end]
    return SignedBody(_body(decoded(spelled)), spelled, signature)


def _signed(header: Header, spelled: bytes) -> bytes:
    return digest(header.packed() + spelled, _PURPOSE)


def _body(said: Any) -> Body:
    if not isinstance(said, dict) or type(said.get(_FORM)) is not int:
        raise Defect("a body of another form")
    if said[_FORM] > FORM:
        raise Newer("a body in a form that is not known here")
    if set(said) != {_FORM, _AUTHOR, _SIGNER, _HEADS, _WALL, _CLOCK, _HUB, _SECTIONS} or said[_FORM] != FORM:
        raise Defect("a body of another form")
    author, signer = _bytes(said[_AUTHOR], ID_BYTES), _bytes(said[_SIGNER], ID_BYTES)
    heads, hub = _bytes(said[_HEADS], DIGEST_BYTES), _hub(said[_HUB])
    return Body(author, signer, heads, _count(said[_WALL]), _clock(said[_CLOCK]), hub, _sections(said[_SECTIONS]))


def _hub(found: Any) -> HubMemory | None:
    if found is None:
        return None
    if not isinstance(found, list) or len(found) != 3:
        raise Defect("a hub's end of another form")
    hub, position, chain = found
    return HubMemory(_bytes(hub, KEY_BYTES), _count(position), _bytes(chain, DIGEST_BYTES))


def _clock(found: Any) -> Clock:
    try:
        return Clock(_count(found))
    except ValueError as error:
        raise Defect("a clock of another form") from error


def _sections(found: Any) -> tuple[Section, ...]:
    if not isinstance(found, list) or len(found) > bounds.CHANGES:
        raise Defect("sections of another form")
    return shared([Section.read(row) for row in found])


def _bytes(found: Any, length: int) -> bytes:
    if type(found) is not bytes or len(found) != length:
        raise Defect("a value of another form")
    return found


def _count(found: Any) -> int:
    if type(found) is not int or not 0 <= found < 2**63:
        raise Defect("a number of another form")
    return found
