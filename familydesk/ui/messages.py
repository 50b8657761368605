"""What the desk tells a person without standing in her way: a strip above the page, with at most one thing to press."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QChildEvent, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from familydesk.core.i18n import _
from familydesk.ui.parts import button, row, standing, text
from familydesk.ui.tasks import Task
from familydesk.ui.theme import Theme

STAYS = 12_000
"""Milliseconds that a message about something done stays; anything that asks for a decision stays until answered."""
LATE = 700
"""Milliseconds after which work is worth a strip that says how far it is."""


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence; `tone` is good, quiet, due or overdue; `offer` is the word on a button and `do` what it does."""

    text: str
    tone: str = "good"
    offer: str = ""
    do: Callable[[], Any] | None = None
    stays: bool = False


class Strip(QFrame):
    """One message on screen."""

    def __init__(self, theme: Theme, message: Message) -> None:
        super().__init__()
        self.message = message
        self.setProperty("strip", message.tone)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        words = text(message.text, wrap=True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setAccessibleName(message.text)
        line: QHBoxLayout = row(theme, words, gap=8)
        line.setContentsMargins(theme.px(16), theme.px(6), theme.px(8), theme.px(6))
        line.setStretch(0, 1)
        if message.offer and message.do:
            line.addWidget(button(theme, message.offer, self._accept))
        line.addWidget(button(theme, _("Close"), self.deleteLater, icon="x", role="flat"))
        self.setLayout(line)
        if not message.stays and message.tone in ("good", "quiet"):
            QTimer.singleShot(STAYS, self, self.deleteLater)

    def _accept(self) -> None:
        if self.message.do:
            self.message.do()
        self.deleteLater()


class ProgressStrip(QFrame):
    """Work that takes longer than a second: how far it is, and a way to stop it."""

    def __init__(self, theme: Theme, words: str, task: Task[Any]) -> None:
        super().__init__()
        self.setProperty("strip", "quiet")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(words)
        line = row(theme, text(words, wrap=True), self.bar, button(theme, _("Stop"), task.cancel), gap=16)
        line.setContentsMargins(theme.px(16), theme.px(6), theme.px(8), theme.px(6))
        line.setStretch(0, 1)
        line.setStretch(1, 1)
        self.setLayout(line)
        self.setVisible(False)
        QTimer.singleShot(LATE, self, self.show)
        if task.progress:
            task.progress.reported.connect(self._on_reported)
        task.ended(self.deleteLater)

    def _on_reported(self, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)


class MessageBoard(QWidget):
    """Where strips stand, the newest on top; three at most."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.px(8))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def say(self, message: Message) -> Strip:
        """Show `message`."""
        for old in self.strips()[2:]:
            old.deleteLater()
        for same in self.strips():
            if same.message.text == message.text:
                same.deleteLater()
        strip = Strip(self.theme, message)
        self.put(strip)
        return strip

    def put(self, widget: QWidget) -> None:
        """Show a strip of any kind on top. Without strips the board takes no room."""
        self.column.insertWidget(0, widget)
        self.show()

    def childEvent(self, event: QChildEvent) -> None:
        """A strip has gone. Seen to afterwards: a board that is dying itself must not be shown or hidden any more."""
        super().childEvent(event)
        if event.removed():
            QTimer.singleShot(0, self, self._fit)

    def _fit(self) -> None:
        self.setVisible(self.column.count() > 0)

    def strips(self) -> list[Strip]:
        """The messages on screen, newest first."""
        return [widget for widget in standing(self.column) if isinstance(widget, Strip)]

    def watch(self, words: str, task: Task[Any]) -> None:
        """Show how far `task` is, once it takes longer than a moment."""
        strip = ProgressStrip(self.theme, words, task)
        self.column.insertWidget(0, strip)
        # Not before the strip itself is seen: work that ends within a moment must not make the page jump.
        QTimer.singleShot(LATE, self, self._fit)
