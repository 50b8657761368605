"""Several pieces of bytes in one body: each behind its length, four bytes big-endian."""

from __future__ import annotations

import struct
from collections.abc import Iterable

from familydesk.sync.wire.bounds import Defect

MEDIA_TYPE = "application/vnd.familydesk.frames"

_LENGTH = struct.Struct(">I")


def joined(pieces: Iterable[bytes]) -> bytes:
    """One body of them all."""
    return b"".join(part for piece in pieces for part in (_LENGTH.pack(len(piece)), piece))


def parted(content: bytes, most: int) -> list[bytes]:
    """The pieces of a body, `most` at most. Defect if a length leads beyond its end."""
    pieces: list[bytes] = []
    at = 0
    while at < len(content):
        if len(pieces) == most or at + _LENGTH.size > len(content):
            raise Defect("more pieces than there may be, or a length cut short")
        (length,) = _LENGTH.unpack_from(content, at)
        at += _LENGTH.size
        if at + length > len(content):
            raise Defect("a piece that is cut short")
        pieces.append(content[at : at + length])
        at += length
    return pieces
