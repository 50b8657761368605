"""One honest window for a defect of the program. It holds where the program failed, and no value of any record."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Any

from PySide6.QtCore import QObject, Qt, QThread, Signal
from PySide6.QtWidgets import QApplication, QDialog, QPlainTextEdit, QWidget

import familydesk
from familydesk.core.errors import Refused, Weather
from familydesk.core.i18n import _
from familydesk.ui.parts import button, column, row, text
from familydesk.ui.theme import Theme

log = logging.getLogger(__name__)


def report_of(kind: type[BaseException], trace: TracebackType | None) -> str:
    """Where the program failed: files, lines and functions. Never the error's own words, which may hold a value."""
    frames = traceback.extract_tb(trace)
    lines = [f"{_inside(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    version = getattr(familydesk, "__version__", "")
    return "\n".join([f"{kind.__name__} {version} {sys.platform} {sys.version.split()[0]}", *lines])


def _inside(path: str) -> str:
    """The path from the package on: where the program is installed is nobody's business."""
    _before, mark, after = path.replace("\\", "/").rpartition("/familydesk/")
    return f"familydesk/{after}" if mark else path.replace("\\", "/").rpartition("/")[2]


class CrashWindow(QDialog):
    """Says that something went wrong and that what was saved is safe."""

    def __init__(self, theme: Theme, report: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Workspace"))
        self.setProperty("ground", "page")
        words = _(
            "The program made a mistake and could not finish what you asked. Everything saved is safe, and what you "
            "typed is kept as a draft. The report below holds no names and no contents."
        )
        self.report = QPlainTextEdit(report)
        self.report.setReadOnly(True)
        self.report.setMinimumSize(theme.px(520), theme.px(180))
        self.report.setAccessibleName(_("Report"))
        copy = button(theme, _("Copy the report"), self.copy, icon="copy")
        go_on = button(theme, _("Go on working"), self.accept, role="primary")
        title = text(_("Something went wrong"), "title", wrap=True)
        sentence = text(words, wrap=True)
        sentence.setMinimumWidth(theme.px(520))
        self.setLayout(column(theme, title, sentence, self.report, row(theme, go_on, copy, None), gap=12, edge=24))

    def copy(self) -> None:
        """The report into the clipboard."""
        QApplication.clipboard().setText(self.report.toPlainText())


class CrashHandler(QObject):
    """Takes over `sys.excepthook`: weather is told on the board, a defect gets its window, once at a time."""

    happened = Signal(str)

    def __init__(self, theme: Theme, tell: Callable[[Exception], Any]) -> None:
        super().__init__()
        self.theme, self.tell = theme, tell
        self.window: CrashWindow | None = None
        self.happened.connect(self.show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """From now on every uncaught error comes here."""
        sys.excepthook = self.handle

    def handle(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """An error that nobody caught."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        app = QApplication.instance()
        in_front = app is not None and QThread.currentThread() is app.thread()
        if isinstance(error, Refused | Weather) and in_front:
            self.tell(error)
            return
        report = report_of(kind, trace)
        log.error("defect: %s", report)
        self.happened.emit(report)

    def show(self, report: str) -> None:
        """Show the window, unless one is open already."""
        if self.window is None:
            self.window = CrashWindow(self.theme, report)
            self.window.finished.connect(self._on_closed)
            self.window.show()

    def _on_closed(self) -> None:
        self.window = None
