"""The head of a hub's log, signed by the hub: how many envelopes of a center it holds, and the digest of all in order.

All numbers big-endian (docs/hub.md):

    magic "FDH1" | suite 1 | hub's key 32 | center 16 | position u64 | chain 32 | at u64, ms | Ed25519 signature 64

A laptop remembers the last head. A hub that later shows fewer envelopes, or others at those places, has been put back
or tells two stories, and its own signature says so.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey

from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.digests import DIGEST_BYTES, ID_BYTES, digest

MAGIC = b"FDH1"
SUITE = 1
START = bytes(DIGEST_BYTES)
"""The chain of a log that holds nothing."""
KEY_BYTES = 32
BYTES = 4 + 1 + KEY_BYTES + ID_BYTES + 8 + DIGEST_BYTES + 8 + 64

_FORM = struct.Struct(">4sB32s16sQ32sQ")


@dataclass(frozen=True, slots=True)
class Head:
    """What a hub says of a center's log. `at` is the hub's clock in milliseconds since 1970."""

    hub: bytes
    center: bytes
    position: int
    chain: bytes
    at: int

    def signed(self, key: SigningKey) -> bytes:
        """As it travels. `key` is the hub's own."""
        said = _FORM.pack(MAGIC, SUITE, self.hub, self.center, self.position, self.chain, self.at)
        return said + key.sign(said).signature


def read(content: bytes) -> Head:
    """The head, its signature checked against the key in it: whether that is the right hub's is for the reader to say.

    Defect if it is no head, or was changed.
    """
    if len(content) != BYTES:
        raise Defect("a head of another length")
    magic, suite, hub, center, position, chain, at = _FORM.unpack_from(content)
    if magic != MAGIC or suite != SUITE:
        raise Defect("not a head of this form")
    try:
        VerifyKey(hub).verify(content[: _FORM.size], content[_FORM.size :])
    except (CryptoError, ValueError) as error:
        raise Defect("a head that its hub has not signed") from error
    return Head(hub, center, position, chain, at)


def lengthened(chain: bytes, envelope: bytes) -> bytes:
    """The chain after one more envelope, given by its hash."""
    return digest(chain + envelope, b"fd-chain")
