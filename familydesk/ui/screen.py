"""A screen: one page of the window, loaded when first seen and again when what it shows was touched."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from familydesk.ui.flow import Flow
from familydesk.ui.parts import Pair, column, row, text
from familydesk.ui.workplace import Workplace


class Screen(QWidget):
    """Override `refresh`; name in `follows` the sheets whose change makes the screen stale."""

    follows: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.place, self.office, self.theme = place, place.office, place.theme
        self.setProperty("ground", "page")
        self.stale = True
        place.touched.connect(self._on_touched)

    def refresh(self) -> None:
        """Load what is shown. Called in the GUI thread; the loading itself belongs into a `Task`."""

    def leave(self) -> None:
        """Before the screen is rebuilt or the desk locked: keep whatever was typed."""

    def state(self) -> object:
        """What to come back to after a rebuild (ids and names only, never a record's values)."""
        return None

    def restore(self, state: object) -> None:
        """Go back to `state`."""

    def followed(self) -> frozenset[str]:
        """The sheets followed; generated screens reckon them from their sheet."""
        return self.follows

    def showEvent(self, event: QShowEvent) -> None:
        """Seen: load if stale."""
        super().showEvent(event)
        self._refresh_if_stale()

    def _on_touched(self, sheets: frozenset[str]) -> None:
        if sheets & self.followed():
            self.stale = True
            if self.isVisible():
                QTimer.singleShot(0, self, self._refresh_if_stale)

    def _refresh_if_stale(self) -> None:
        if self.stale:
            self.stale = False
            self.refresh()


ROOM = 560
"""From this width on, in drawn pixels, a page's buttons stand beside its title."""


class PageHead(QWidget):
    """The head of a page: its title, one quiet line under it, chips, and buttons, the main one last."""

    def __init__(self, place: Workplace, title: str, *buttons: QPushButton, back: QPushButton | None = None) -> None:
        super().__init__()
        self.title = text(title, "title", wrap=True)
        self.line = text("", "muted", wrap=True)
        self.line.hide()
        self.chips = Flow(place.theme.px(8))
        words: QVBoxLayout = column(place.theme, self.title, self.line, self.chips, gap=4)
        first = [back] if back else []
        said = row(place.theme, *first, words, gap=12)
        said.setStretch(len(first), 1)
        self.buttons = row(place.theme, *buttons, None, gap=12)
        self.setLayout(row(place.theme, Pair(place.theme, said, self.buttons, ROOM), gap=0))

    def add(self, made: QPushButton) -> None:
        """One more button, before the others."""
        self.buttons.insertWidget(0, made)

    def say(self, title: str, line: str = "") -> None:
        """Another title and line."""
        self.title.setText(title)
        self.line.setText(line)
        self.line.setVisible(bool(line))
