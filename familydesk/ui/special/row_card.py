"""A card of rows that shows the first few and the rest on demand: a bad month has hundreds of deadlines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from familydesk.core.i18n import _
from familydesk.core.show import show_number
from familydesk.ui.parts import Card, button, column, emptied, row, rule, text
from familydesk.ui.theme import Theme

AT_FIRST, MORE = 8, 40


class RowCard(Card):
    """A title, rows made one by one from things, and a sentence where there are none."""

    def __init__(self, theme: Theme, title: str, empty: str, make: Callable[[Any], QWidget]) -> None:
        super().__init__(theme, title)
        self.setAccessibleName(title)
        self.empty, self._make = empty, make
        self.things: Sequence[Any] = ()
        self.list = column(theme, gap=0)
        self.add(self.list)

    def show_all(self, things: Sequence[Any]) -> None:
        """Show these things, as many as were on show before."""
        shown = max(AT_FIRST, min(self._shown(), len(things)))
        self.things = things
        emptied(self.list)
        if not things:
            self.list.addWidget(text(self.empty, "muted", wrap=True))
        self._add(things[:shown])

    def more(self) -> None:
        """Show some more of them."""
        shown = self._shown()
        self._drop_last()
        self._add(self.things[shown : shown + MORE])

    def rows(self) -> list[QWidget]:
        """The rows on show."""
        items = (self.list.itemAt(at) for at in range(self.list.count()))
        made = (item.widget() for item in items if item)
        return [widget for widget in made if widget is not None and widget.property("thing")]

    def _shown(self) -> int:
        return len(self.rows())

    def _add(self, things: Sequence[Any]) -> None:
        for thing in things:
            if self.list.count():
                self.list.addWidget(rule())
            made = self._make(thing)
            made.setProperty("thing", True)
            self.list.addWidget(made)
        left = len(self.things) - self._shown()
        if left > 0:
            words = _("Show more, {count} left").format(count=show_number(left))
            self.list.addLayout(row(self.theme, button(self.theme, words, self.more, role="link"), None))

    def _drop_last(self) -> None:
        item = self.list.takeAt(self.list.count() - 1)
        layout = item.layout() if item else None
        if layout:
            emptied(layout)
