"""JPEG without metadata (ISO/IEC 10918-1, Exif 2.3): no place, no moment, no camera, no small copy of what was cut off.

Kept are the tables, the frame, the scans, and the two marks that colours depend on; how the camera was held is written
anew, or a photo would lie on its side.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from familydesk.exchange.picture import BrokenPicture, Picture

BEGINNING = b"\xff\xd8\xff"
_SOI, _EOI, _SOS, _COM, _APP0, _APP1, _APP2, _APP14 = 0xD8, 0xD9, 0xDA, 0xFE, 0xE0, 0xE1, 0xE2, 0xEE
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of a frame's head, which says how large the picture is."""
_MARKER_IN_SCAN = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")
"""What ends a scan's data: a marker that is neither a stuffed byte nor a restart."""
_ORIENTATION = 0x0112
_MOST_SCANS = 100
"""A picture comes in about ten; in thousands of empty ones it would be decoded for minutes."""


def cleaned(content: bytes) -> Picture:
    """The picture alone. BrokenPicture if it has no frame or no end."""
    kept, orientation, frame, scans = [b"\xff\xd8"], 1, None, 0
    for marker, segment in _segments(content):
        scans += marker == _SOS
        if marker in _FRAMES:
            frame = _size_of(segment) if frame is None else _broken()
        if marker == _APP1 and segment[4:10] == b"Exif\0\0":
            orientation = _orientation(segment[10:])
        if _stays(marker, segment):
            kept.append(segment)
    if frame is None or not 0 < scans <= _MOST_SCANS:
        raise BrokenPicture
    if orientation != 1:
        kept.insert(1, _turned(orientation))
    return Picture(b"".join(kept), *frame)


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker segments in order, a scan with its data; ends with the end marker, whatever follows it."""
    at = 2
    while at + 2 <= len(content):
        if content[at] != 0xFF:
            raise BrokenPicture
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == _EOI:
            yield marker, b"\xff\xd9"
            return
        end = _end_of(content, at, marker)
        yield marker, content[at:end]
        at = end
    raise BrokenPicture


def _end_of(content: bytes, at: int, marker: int) -> int:
    if at + 4 > len(content) or marker in (0x00, 0x01, _SOI) or 0xD0 <= marker <= 0xD7:
        raise BrokenPicture
    (length,) = struct.unpack_from(">H", content, at + 2)
    end = at + 2 + length
    if length < 2 or end > len(content):
        raise BrokenPicture
    if marker != _SOS:
        return end
    following = _MARKER_IN_SCAN.search(content, end)
    if following is None:
        raise BrokenPicture
    return following.start()


def _stays(marker: int, segment: bytes) -> bool:
    if marker == _APP0:
        return segment[4:9] == b"JFIF\0" and segment[16:18] == b"\0\0"
    if marker == _APP2:
        return segment[4:16] == b"ICC_PROFILE\0"
    if marker == _APP14:
        return segment[4:9] == b"Adobe"
    return not (_APP0 <= marker <= 0xEF or marker == _COM)


def _size_of(segment: bytes) -> tuple[int, int]:
    if len(segment) < 10:
        raise BrokenPicture
    height, width = struct.unpack_from(">HH", segment, 5)
    if not height or not width:
        raise BrokenPicture
    return width, height


def _broken() -> tuple[int, int]:
    raise BrokenPicture


def _orientation(tiff: bytes) -> int:
    """1 to 8 from the first directory of an Exif block; 1 if it says nothing that can be read."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    try:
        (first,) = struct.unpack_from(order + "I", tiff, 4)
        (entries,) = struct.unpack_from(order + "H", tiff, first)
        for at in range(first + 2, first + 2 + 12 * entries, 12):
            tag, _kind, _count, value = struct.unpack_from(order + "HHIH", tiff, at)
            if tag == _ORIENTATION:
                return int(value) if 1 <= value <= 8 else 1
    except struct.error:
        return 1
    return 1


def _turned(orientation: int) -> bytes:
    """An Exif block that says how the picture stands and nothing else."""
    entry = struct.pack(">HHIHH", _ORIENTATION, 3, 1, orientation, 0)
    tiff = b"MM" + struct.pack(">HIH", 42, 8, 1) + entry + struct.pack(">I", 0)
    body = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
