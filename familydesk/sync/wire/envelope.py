"""The envelope FDE1, outside: what a hub reads of it, and the layer under the center's epoch key.

All numbers big-endian (docs/wire.md):

    magic "FDE1" | suite 1 | center 16 | device 16 | seq u64 | prev 32 | epoch u32 | nonce 24 | length u32
    | ciphertext, `length` bytes | Ed25519 signature 64 of the device over all before

Suite 1 is Ed25519, XChaCha20-Poly1305, BLAKE2b-256 and zstd. Everything before the ciphertext is bound to it as
associated data. `seq` is dense and begins at 1; `prev` is the hash of the device's envelope before, zero at first.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from functools import cached_property

from nacl.exceptions import CryptoError
from nacl.secret import Aead
from nacl.signing import SigningKey, VerifyKey
from nacl.utils import random

from familydesk.sync.wire import bounds
from familydesk.sync.wire.bounds import Defect, TooLarge
from familydesk.sync.wire.digests import DIGEST_BYTES, ID_BYTES, digest
from familydesk.sync.wire.padding import padded, padded_size

MAGIC = b"FDE1"
SUITE = 1
FIRST = bytes(DIGEST_BYTES)
"""`prev` of a device's first envelope."""

_HEADER = struct.Struct(">4sB16s16sQ32sI24sI")
_BEFORE_NONCE = struct.Struct(">4sB16s16sQ32sI").size
_NONCE = 24
_SIGNATURE = 64
_TAG = 16
_PURPOSE = b"fd-envelope"


@dataclass(frozen=True, slots=True)
class Header:
    """What stands in clear."""

    center: bytes
    device: bytes
    seq: int
    prev: bytes
    epoch: int

    def __post_init__(self) -> None:
        if [len(self.center), len(self.device), len(self.prev)] != [ID_BYTES, ID_BYTES, DIGEST_BYTES]:
            raise Defect("a header with an id of another length")

    def follows(self, seq: int, hash: bytes) -> bool:
        """Whether it is the device's next one after number `seq` with that hash; 0 and FIRST where there is none."""
        return (self.seq, self.prev) == (seq + 1, hash)

    def packed(self) -> bytes:
        """As it begins the envelope; the person who signs what is inside binds these bytes as well."""
        return _HEADER.pack(*self._first(), bytes(_NONCE), 0)[:_BEFORE_NONCE]

    def before(self, nonce: bytes, length: int) -> bytes:
        """All that stands before the ciphertext."""
        return _HEADER.pack(*self._first(), nonce, length)

    def _first(self) -> tuple[bytes, int, bytes, bytes, int, bytes, int]:
        return MAGIC, SUITE, self.center, self.device, self.seq, self.prev, self.epoch


@dataclass(frozen=True)
class Envelope:
    """One envelope as it came, of which only the header was read. `content` is all its bytes."""

    header: Header
    content: bytes = field(repr=False)

    @cached_property
    def hash(self) -> bytes:
        """32 bytes: `prev` of the device's next envelope."""
        return digest(self.content, _PURPOSE)

    def signed_by(self, public: bytes) -> bool:
        """Whether the device with this key (Ed25519, 32 bytes) signed it, all of it."""
        try:
            VerifyKey(public).verify(self.content[:-_SIGNATURE], self.content[-_SIGNATURE:])
        except (CryptoError, ValueError):
            return False
        return True

    def opened(self, epoch_key: bytes) -> bytes:
        """What was sealed, with its padding. Defect if the key is another one, or anything was changed."""
        before, nonce = self.content[: _HEADER.size], self.content[_BEFORE_NONCE : _BEFORE_NONCE + _NONCE]
        try:
            return Aead(epoch_key).decrypt(self.content[_HEADER.size : -_SIGNATURE], before, nonce)
        except (CryptoError, ValueError) as error:
            raise Defect("an envelope that this key does not open") from error


def read(content: bytes) -> Envelope:
    """The envelope, its form checked, no signature yet. Defect if it is no envelope of this form and size."""
    if len(content) > bounds.ENVELOPE:
        raise Defect("an envelope that is too large")
    if len(content) < _HEADER.size + _TAG + _SIGNATURE:
        raise Defect("an envelope that is too short")
    magic, suite, center, device, seq, prev, epoch, _nonce, length = _HEADER.unpack_from(content)
    if magic != MAGIC or suite != SUITE:
        raise Defect("not an envelope of this form")
    if length != len(content) - _HEADER.size - _SIGNATURE or length - _TAG != padded_size(length - _TAG):
        raise Defect("an envelope of another length than it says")
    if seq < 1 or (seq == 1) != (prev == FIRST):
        raise Defect("an envelope without a place among its device's")
    return Envelope(Header(center, device, seq, prev, epoch), content)


def sealed(header: Header, body: bytes, epoch_key: bytes, device_key: SigningKey) -> Envelope:
    """An envelope around `body`, which is padded here. TooLarge if nobody would take it."""
    plain, nonce = padded(body), random(_NONCE)
    if _HEADER.size + len(plain) + _TAG + _SIGNATURE > bounds.ENVELOPE:
        raise TooLarge("an envelope that is too large")
    before = header.before(nonce, len(plain) + _TAG)
    ciphertext = Aead(epoch_key).encrypt(plain, before, nonce).ciphertext
    said = before + ciphertext
    return read(said + device_key.sign(said).signature)
