"""PDF documents on their way in: counted by the reader that will show them, and rid of places in the photos they hold.

A document is otherwise kept as it came, its author and program with it: taking a PDF apart would break the signatures
that courts and the state's portal put on theirs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from threading import Lock
from typing import Any

BEGINNING = b"%PDF-"
_ABOUT_A_PHOTO = re.compile(rb"\xff\xe1(..)(Exif\0\0|http://ns\.adobe\.com/xap/1\.0/\0)", re.DOTALL)
"""The head of a JPEG's metadata segment inside a document."""
ONE_AT_A_TIME = Lock()
"""The PDF reader is one for the whole program and not made for two threads."""


class Locked(ValueError):
    """It opens only with a password."""


@dataclass(frozen=True, slots=True)
class Document:
    """How many pages, none if it cannot be read, and the dots of the largest picture on them, as its head claims."""

    pages: int
    dots: int = 0


def looked_at(content: bytes, most_pages: int) -> Document:
    """What a document says of itself; of more than `most_pages` only their number. Locked if it wants a password."""
    # Loaded when a document comes in, not when the desk opens.
    import pypdfium2  # type: ignore[import-untyped]

    with ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            if "password" in str(error).lower():
                raise Locked from None
            return Document(0)
        try:
            count = len(document)
            return Document(count, max(map(_dots, document), default=0) if count <= most_pages else 0)
        except pypdfium2.PdfiumError:
            return Document(0)
        finally:
            document.close()


def _dots(page: Any) -> int:
    """Of the largest picture on a page; nothing is decoded."""
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE  # type: ignore[import-untyped]

    sizes = (picture.get_px_size() for picture in page.get_objects(filter=(FPDF_PAGEOBJ_IMAGE,)))
    return max((width * height for width, height in sizes), default=0)


def without_places(content: bytes) -> bytes:
    """The same document of the same length, with the metadata of the photos in it overwritten by noughts.

    It writes over bytes and moves none, so that everything else is found where it was.
    """
    mended = bytearray(content)
    for found in _ABOUT_A_PHOTO.finditer(content):
        end = min(found.start() + 2 + int.from_bytes(found[1], "big"), len(content))
        if end > found.end():
            mended[found.end() : end] = bytes(end - found.end())
    return bytes(mended)
