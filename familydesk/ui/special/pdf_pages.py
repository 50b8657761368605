"""Pages of a PDF as pictures, on the screen and on a printer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPageLayout, QPainter

from familydesk.exchange.pdf import ONE_AT_A_TIME

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

POINTS, SCREEN_DOTS = 72, 96
"""Points of a PDF and dots of a screen at its natural size, both to the inch."""


def pictures(pdf: bytes, scale: float) -> list[QImage]:
    """Every page, `scale` times its natural size on a screen."""
    # Loaded when a paper is looked at, not when the desk opens.
    import pypdfium2  # type: ignore[import-untyped]

    with ONE_AT_A_TIME:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return [picture_of(document[at], scale * SCREEN_DOTS / POINTS) for at in range(len(document))]
        finally:
            document.close()


def width_of(pdf: bytes) -> float:
    """The width of the widest page at its natural size on a screen, in dots."""
    import pypdfium2

    with ONE_AT_A_TIME:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return max(document.get_page_size(at)[0] for at in range(len(document))) * SCREEN_DOTS / POINTS
        finally:
            document.close()


def put_on(printer: QPrinter, pages: list[QImage]) -> None:
    """Print the pages, each as large as the paper; a wide page turns the paper."""
    painter = QPainter()
    for at, picture in enumerate(pages):
        wide = picture.width() > picture.height()
        printer.setPageOrientation(QPageLayout.Orientation.Landscape if wide else QPageLayout.Orientation.Portrait)
        if at:
            printer.newPage()
        else:
            painter.begin(printer)
        paper = printer.paperRect(printer.Unit.DevicePixel)
        shown = picture.size().scaled(paper.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        # The paper's own margins are part of its drawing: the printer adds none.
        origin = printer.pageRect(printer.Unit.DevicePixel).topLeft().toPoint()
        painter.drawImage(QRect(-origin, shown), picture)
    painter.end()


def picture_of(page: object, scale: float) -> QImage:
    """One page of an open document, `scale` dots to the point. Under the reader's lock."""
    bitmap = page.render(scale=scale, prefer_bgrx=True)  # type: ignore[attr-defined]
    shared = QImage(bitmap.buffer, bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGB32)
    return shared.copy()
