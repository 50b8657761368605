"""PNG without metadata (W3C PNG, third edition): the picture's own chunks and those that colours depend on."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from familydesk.exchange.picture import BrokenPicture, Picture

BEGINNING = b"\x89PNG\r\n\x1a\n"
_KEPT = frozenset((b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"pHYs"))
_HEAD_BYTES = 13


def cleaned(content: bytes) -> Picture:
    """The picture alone. BrokenPicture if a chunk is damaged, or the head or the end is missing."""
    kept, size = [BEGINNING], None
    for kind, whole in _chunks(content):
        if (kind == b"IHDR") != (size is None):
            raise BrokenPicture
        if kind == b"IHDR":
            size = _size_of(whole[8:-4])
        if kind in _KEPT:
            kept.append(whole)
    if size is None:
        raise BrokenPicture
    return Picture(b"".join(kept), *size)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Chunks up to the end, whatever follows it."""
    at = len(BEGINNING)
    while at + 12 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        end = at + 12 + length
        if end > len(content):
            raise BrokenPicture
        (told,) = struct.unpack_from(">I", content, end - 4)
        if zlib.crc32(memoryview(content)[at + 4 : end - 4]) != told:
            raise BrokenPicture
        yield kind, content[at:end]
        if kind == b"IEND":
            return
        at = end
    raise BrokenPicture


def _size_of(head: bytes) -> tuple[int, int]:
    if len(head) != _HEAD_BYTES:
        raise BrokenPicture
    width, height = struct.unpack_from(">II", head)
    if not width or not height:
        raise BrokenPicture
    return width, height
