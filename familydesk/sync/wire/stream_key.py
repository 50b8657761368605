"""A stream's key as it travels beside the log, so that it can be destroyed: wrapped under an epoch key of the center.

All numbers big-endian (docs/wire.md):

    magic "FDK1" | id of the key 16 | epoch u32 | nonce 24 | ciphertext 64

The ciphertext holds the stream's id (16) and the key (32): which stream a key is for, nobody sees but the center. The
id is a digest of both, so that nobody can hand different keys of one name to different laptops, which would then read
different things in one envelope.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from nacl.exceptions import CryptoError
from nacl.secret import Aead
from nacl.utils import random

from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.digests import ID_BYTES, digest

MAGIC = b"FDK1"
KEY_BYTES = 32
_OBJECT = struct.Struct(">4s16sI88s")
_CONTEXT = b"familydesk stream key 1"


@dataclass(frozen=True, slots=True)
class StreamKey:
    """A stream's key, opened. A stream may have several."""

    stream: bytes
    secret: bytes = field(repr=False)

    @classmethod
    def fresh(cls, stream: bytes) -> StreamKey:
        """A new key for a stream."""
        return cls(stream, random(KEY_BYTES))

    @property
    def id(self) -> bytes:
        """16 bytes that name it and no other."""
        return digest(self.stream + self.secret, b"fd-stream-key")[:ID_BYTES]

    def wrapped(self, center: bytes, epoch: int, epoch_key: bytes) -> WrappedKey:
        """As it travels."""
        content = self.stream + self.secret
        return WrappedKey(self.id, epoch, bytes(Aead(epoch_key).encrypt(content, _context(center, self.id, epoch))))


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A stream's key as it travels."""

    id: bytes
    epoch: int
    sealed: bytes = field(repr=False)

    @property
    def name(self) -> str:
        """The name of the object: the key's id in hex."""
        return self.id.hex()

    def opened(self, center: bytes, epoch_key: bytes) -> StreamKey:
        """The key. Defect if it was changed, was wrapped for another center or epoch, or bears the name of another."""
        try:
            content = Aead(epoch_key).decrypt(self.sealed, _context(center, self.id, self.epoch))
        except (CryptoError, ValueError) as error:
            raise Defect("a key that the center's key does not open") from error
        key = StreamKey(content[:ID_BYTES], content[ID_BYTES:])
        if key.id != self.id:
            raise Defect("a key under the name of another")
        return key

    def packed(self) -> bytes:
        """The object."""
        return _OBJECT.pack(MAGIC, self.id, self.epoch, self.sealed)

    @classmethod
    def read(cls, name: str, content: bytes) -> WrappedKey:
        """The object of that name. Defect if it has another form or belongs under another name."""
        if len(content) != _OBJECT.size:
            raise Defect("a key of another length")
        magic, id, epoch, sealed = _OBJECT.unpack(content)
        if magic != MAGIC or id.hex() != name:
            raise Defect("a key of another form or name")
        return cls(id, epoch, sealed)


def _context(center: bytes, id: bytes, epoch: int) -> bytes:
    return _CONTEXT + center + id + epoch.to_bytes(4, "big")
