"""Attachments as pictures: decoded in memory, no larger than they are shown, and never through a file."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageIOHandler, QImageReader

from familydesk.exchange.pdf import ONE_AT_A_TIME
from familydesk.records.attachment import MediaType
from familydesk.services.attachments import damaged
from familydesk.ui.special.pdf_pages import picture_of

LARGEST_DECODED = 320
"""Megabytes that one picture may take while it is decoded; more than the limit of what is taken in needs."""
WIDEST = 4096
"""Dots: what is shown larger is shown coarser."""


def page_picture(content: bytes, media_type: MediaType | None, page: int, width: int, enlarged: bool = False) -> QImage:
    """A page `width` dots wide, or a picture no wider than that and, unless `enlarged`, no wider than it is.

    Weather if it cannot be decoded.
    """
    width = max(1, min(width, WIDEST))
    if media_type is MediaType.PDF:
        return _of_document(content, page, width)
    found = _of_picture(content, QSize(width, WIDEST))
    if enlarged and found.width() < width:
        return found.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
    return found


def thumbnail(content: bytes, media_type: MediaType | None, box: QSize) -> QImage:
    """The first page as large as fits into `box`."""
    if media_type is MediaType.PDF:
        shown = _of_document(content, 0, box.width())
        return shown.scaled(box, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    return _of_picture(content, box)


def encoded(picture: QImage) -> bytes:
    """A picture from the clipboard as PNG."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def _of_picture(content: bytes, box: QSize) -> QImage:
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAllocationLimit(LARGEST_DECODED)
    reader.setAutoTransform(True)
    size = reader.size()
    turned = reader.transformation() & QImageIOHandler.Transformation.TransformationRotate90
    room = box.transposed() if turned else box
    if size.isValid() and (size.width() > room.width() or size.height() > room.height()):
        reader.setScaledSize(size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio))
    found = reader.read()
    if found.isNull():
        raise damaged()
    return found


def _of_document(content: bytes, page: int, width: int) -> QImage:
    import pypdfium2  # type: ignore[import-untyped]

    with ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError:
            raise damaged() from None
        try:
            one = document[page]
            wide, high = one.get_size()
            # A page may claim any size: what is drawn of it is bounded both ways.
            return picture_of(one, min(width / max(wide, 1.0), WIDEST / max(high, 1.0)))
        except pypdfium2.PdfiumError:
            raise damaged() from None
        finally:
            document.close()
