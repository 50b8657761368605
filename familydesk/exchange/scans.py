"""What comes in as an attachment: known by its content, never by its name; too large or too cunning is refused before
anything is decoded; where a photo was taken does not come in at all.

Pictures are not decoded and written again: their picture data stay as they were, byte for byte, and only what speaks
about them is left behind.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from familydesk.core.errors import Refused
from familydesk.core.i18n import N_
from familydesk.exchange import jpeg, pdf, png
from familydesk.exchange.picture import BrokenPicture, Picture
from familydesk.records.attachment import MediaType

LARGEST = 50 * 1024 * 1024
"""Bytes."""
MOST_PIXELS = 60_000_000
"""What is decoded at four bytes a pixel and still fits into the memory of a small laptop."""
MOST_SCANNED = 150_000_000
"""The same for a page in a document: a large sheet scanned finely has many dots of few bits."""
LONGEST_EDGE = 30_000
MOST_PAGES = 500

TOO_LARGE = N_("A file of more than 50 MB cannot be attached. Scan fewer pages, or in a lower resolution.")
EMPTY = N_("This file is empty.")
UNKNOWN = N_("Only photos (JPEG), pictures (PNG) and PDF documents can be attached. Save it as one of these first.")
BROKEN = N_("This file is damaged or unfinished. Copy it again from where it came.")
TOO_WIDE = N_("This picture has too many dots to be shown safely. Save it smaller first.")
TOO_LONG = N_("A document of more than 500 pages cannot be attached. Divide it.")
LOCKED = N_("This PDF is locked by a password. Save it without one first.")


@dataclass(frozen=True, slots=True)
class Scan:
    """A file that may be attached: its content as it will be kept, and what the content says of itself."""

    content: bytes = field(repr=False)
    media_type: MediaType
    pages: int


def taken_in(content: bytes) -> Scan:
    """What may be kept of a file. Refused, with what to do instead, if it may not be."""
    if not content:
        raise Refused(EMPTY)
    if len(content) > LARGEST:
        raise Refused(TOO_LARGE)
    try:
        if content.startswith(jpeg.BEGINNING):
            return _picture(jpeg.cleaned(content), MediaType.JPEG)
        if content.startswith(png.BEGINNING):
            return _picture(png.cleaned(content), MediaType.PNG)
    except BrokenPicture:
        raise Refused(BROKEN) from None
    if content.startswith(pdf.BEGINNING):
        return _document(content)
    raise Refused(UNKNOWN)


def _picture(picture: Picture, media_type: MediaType) -> Scan:
    if max(picture.width, picture.height) > LONGEST_EDGE or picture.width * picture.height > MOST_PIXELS:
        raise Refused(TOO_WIDE)
    return Scan(picture.content, media_type, 1)


def _document(content: bytes) -> Scan:
    try:
        found = pdf.looked_at(content, MOST_PAGES)
    except pdf.Locked:
        raise Refused(LOCKED) from None
    if not found.pages:
        raise Refused(BROKEN)
    if found.pages > MOST_PAGES:
        raise Refused(TOO_LONG)
    if found.dots > MOST_SCANNED:
        raise Refused(TOO_WIDE)
    return Scan(pdf.without_places(content), MediaType.PDF, found.pages)
