"""Keys of streams as they travel beside the log, so that they can be destroyed: wrapped under a key of the center.

All numbers big-endian (docs/wire.md); an object is a bundle of such keys, in the order of their ids:

    magic "FDK1" | id of the key 16 | epoch u32 | nonce 24 | ciphertext 64

The ciphertext holds the stream's id (16) and the key (32): which stream a key is for, nobody sees but the center. The
id is a digest of both, so that nobody can hand different keys of one name to different laptops, which would then read
different things in one envelope.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from nacl.exceptions import CryptoError
from nacl.secret import Aead
from nacl.utils import random

from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.digests import ID_BYTES, digest

MAGIC = b"FDK1"
KEY_BYTES = 32
BUNDLE = 512
"""Keys in one object, at most."""
_KEY = struct.Struct(">4s16sI88s")
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
        """Its bytes."""
        return _KEY.pack(MAGIC, self.id, self.epoch, self.sealed)

    @classmethod
    def read(cls, content: bytes) -> WrappedKey:
        """From its bytes. Defect if they have another form."""
        if len(content) != _KEY.size:
            raise Defect("a key of another length")
        magic, id, epoch, sealed = _KEY.unpack(content)
        if magic != MAGIC:
            raise Defect("a key of another form")
        return cls(id, epoch, sealed)


def bundle(keys: Iterable[WrappedKey]) -> tuple[str, bytes]:
    """One object with these keys, and its name: half a digest of it, in hex."""
    content = b"".join(key.packed() for key in sorted(keys, key=lambda key: key.id))
    return bundle_name(content), content


def unbundled(name: str, content: bytes) -> list[WrappedKey]:
    """The keys in the object of that name. Defect if it is no bundle, or another one."""
    if not 0 < len(content) <= BUNDLE * _KEY.size or name != bundle_name(content):
        raise Defect("a bundle of keys of another name or length")
    keys = [WrappedKey.read(content[start : start + _KEY.size]) for start in range(0, len(content), _KEY.size)]
    if any(one.id >= other.id for one, other in pairwise(keys)):
        raise Defect("a bundle with a key out of its order, or twice")
    return keys


def bundle_name(content: bytes) -> str:
    """How an object with these bytes is called."""
    return digest(content, b"fd-stream-keys")[:ID_BYTES].hex()


def _context(center: bytes, id: bytes, epoch: int) -> bytes:
    return _CONTEXT + center + id + epoch.to_bytes(4, "big")
