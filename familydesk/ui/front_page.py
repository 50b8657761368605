"""What stands in front of a store: one calm card in the middle of the window, with a language to choose above it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from familydesk.core.i18n import LANGUAGES, _, spoken
from familydesk.ui.parts import Card, button, column, held, row, scrolled, text
from familydesk.ui.theme import Theme
from familydesk.ui.top_bar import OWN_NAMES

WIDTH = 520


class FrontPage(QWidget):
    """A card to fill; `problem` is where it says what went wrong."""

    language_wanted = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setProperty("ground", "page")
        self.card = Card(theme)
        self.card.setMaximumWidth(theme.px(WIDTH))
        self.card.setMinimumWidth(min(theme.px(WIDTH), 660))
        self.problem = text("", "problem", wrap=True)
        self.problem.hide()
        middle = row(theme, None, self.card, None)
        whole = column(theme, self._languages(), None, middle, None, None, gap=16)
        whole.setContentsMargins(*(theme.px(edge) for edge in (28, 20, 28, 20)))
        self.setLayout(column(theme, scrolled(held(whole)), gap=0))

    def complain(self, sentence: str) -> None:
        """Say what went wrong; an empty sentence takes it back."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        self.problem.setAccessibleName(sentence)

    def _languages(self) -> QWidget:
        line = row(self.theme, None, gap=8)
        for language in LANGUAGES:
            choose = button(self.theme, OWN_NAMES[language], role="chip")
            choose.setCheckable(True)
            choose.setChecked(language == spoken())
            choose.clicked.connect(lambda _on, language=language: self.language_wanted.emit(language))
            line.addWidget(choose)
        return held(line)


def labelled(theme: Theme, words: str, line: QWidget, help_text: str = "") -> QVBoxLayout:
    """A line under its label, named for a screen reader."""
    label: QLabel = text(words, "label", wrap=True)
    label.setBuddy(line)
    line.setAccessibleName(words)
    below = [text(help_text, "small", wrap=True)] if help_text else []
    return column(theme, label, line, *below, gap=4)


def secret_line() -> QLineEdit:
    """A line that shows dots."""
    line = QLineEdit()
    line.setEchoMode(QLineEdit.EchoMode.Password)
    line.setInputMethodHints(
        Qt.InputMethodHint.ImhHiddenText
        | Qt.InputMethodHint.ImhNoPredictiveText
        | Qt.InputMethodHint.ImhNoAutoUppercase
        | Qt.InputMethodHint.ImhSensitiveData
    )
    return line


def eye(theme: Theme, *lines: QLineEdit) -> QWidget:
    """A button that shows what is typed into `lines` for as long as it is pressed in."""
    made = button(theme, _("Show what I type"), role="chip")
    made.setCheckable(True)

    def turn(on: bool) -> None:
        for line in lines:
            line.setEchoMode(QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password)

    made.toggled.connect(turn)
    return made
