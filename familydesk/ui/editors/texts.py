"""Editors of plain text: one line, or as many as it takes."""

from __future__ import annotations

import unicodedata
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSizePolicy

from familydesk.core.fields import Field
from familydesk.ui.editors.editor import Editor
from familydesk.ui.parts import column, row
from familydesk.ui.workplace import Workplace


class LineEditor(Editor):
    """One line."""

    def __init__(self, field: Field, place: Workplace) -> None:
        super().__init__(field, place)
        self.line = QLineEdit()
        self._name(self.line)
        self.line.textEdited.connect(self._note_change)
        self.beside = row(self.theme, self.line, gap=4)
        self.setLayout(column(self.theme, self.beside, gap=0))

    def main(self) -> QLineEdit:
        """The line."""
        return self.line

    def read(self) -> str | None:
        """The text without stray spaces; nothing for nothing."""
        return " ".join(unicodedata.normalize("NFC", self.line.text()).split()) or None

    def show_value(self, value: Any) -> None:
        """The text itself."""
        self.line.setText(value or "")
        self.line.setCursorPosition(0)

    def set_read_only(self, read_only: bool) -> None:
        """A line that is only read can still be selected and copied."""
        self.line.setReadOnly(read_only)


class GrowingText(QPlainTextEdit):
    """Three lines high at first, then as high as its text, up to fourteen. Tab leaves it."""

    FEWEST, MOST = 3, 14

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().documentLayout().documentSizeChanged.connect(lambda: self.fit())

    def fit(self) -> None:
        """As high as the text wants."""
        lines = int(self.document().size().height())
        height = self.fontMetrics().lineSpacing() * min(max(lines, self.FEWEST), self.MOST)
        self.setFixedHeight(height + int(self.fontMetrics().lineSpacing() * 1.2))

    def sizeHint(self) -> QSize:
        """Wide enough for a sentence."""
        return QSize(self.fontMetrics().averageCharWidth() * 40, self.height())


class NoteEditor(Editor):
    """Any length of text."""

    wide = True

    def __init__(self, field: Field, place: Workplace) -> None:
        super().__init__(field, place)
        self.text = GrowingText()
        self._name(self.text)
        self.text.installEventFilter(self)
        self._showing = False
        self.text.textChanged.connect(self._on_changed)
        self.setLayout(column(self.theme, self.text, gap=0))
        self.text.fit()

    def main(self) -> GrowingText:
        """The text."""
        return self.text

    def read(self) -> str | None:
        """The text without spaces at its ends; nothing for nothing."""
        return unicodedata.normalize("NFC", self.text.toPlainText()).strip() or None

    def show_value(self, value: Any) -> None:
        """The text itself."""
        self._showing = True
        self.text.setPlainText(value or "")
        self._showing = False

    def set_read_only(self, read_only: bool) -> None:
        """A text that is only read can still be selected and copied."""
        self.text.setReadOnly(read_only)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+Enter goes on to the next field, as Tab does."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.focusNextChild()
                return True
        return super().eventFilter(watched, event)

    def _on_changed(self) -> None:
        if not self._showing:
            self._note_change()
