"""The recovery key on paper: the paper room's sheet, printed or saved while the first run shows the key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from familydesk.core.errors import Weather
from familydesk.core.i18n import _, spoken
from familydesk.ui.special import pdf_pages

PRINTER_DOTS = 300


class RecoverySheet:
    """Prints the key, or saves it as a PDF where she says; between the two it is only in memory."""

    def __init__(self, owner: QWidget, key: str, tell: Callable[[str], None]) -> None:
        self.owner, self.key, self.tell = owner, key, tell

    def drawn(self) -> bytes:
        """The sheet as a PDF, in the language of the screen or, where papers have none, in the state language."""
        # The typesetter is loaded by whoever prints.
        from familydesk.services.prints import recovery_sheet

        return recovery_sheet(self.key, spoken() if spoken() in ("kk", "ru") else "kk")

    def print(self) -> None:
        """Through the system's own dialog."""
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName("-")
        printer.setResolution(PRINTER_DOTS)
        if QPrintDialog(printer, self.owner).exec() == QPrintDialog.DialogCode.Accepted:
            pdf_pages.put_on(printer, pdf_pages.pictures(self.drawn(), PRINTER_DOTS / pdf_pages.SCREEN_DOTS))

    def save(self) -> None:
        """Ask where, and write it there."""
        from PySide6.QtWidgets import QFileDialog

        path, _kind = QFileDialog.getSaveFileName(self.owner, _("Save as PDF"), "key.pdf", "*.pdf")
        if path:
            try:
                self.write(Path(path))
            except Weather as weather:
                self.tell(str(weather))

    def write(self, path: Path) -> None:
        """Write the sheet whole, for its owner alone."""
        from familydesk.services.prints import write_whole

        write_whole(path, self.drawn())
