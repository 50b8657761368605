"""A card of rows that shows the first few and the rest on demand: a bad month has hundreds of deadlines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from familydesk.core.i18n import _
from familydesk.core.show import show_number
from familydesk.ui.parts import Card, button, column, emptied, held, row, rule, text
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
        self._rows: list[QWidget] = []
        self._rest: QWidget | None = None

    def show_all(self, things: Sequence[Any]) -> None:
        """Show these things, as many as were on show before."""
        shown = max(AT_FIRST, min(self._shown(), len(things)))
        self.things = things
        emptied(self.list)
        self._rows, self._rest = [], None
        if not things:
            self.list.addWidget(text(self.empty, "muted", wrap=True))
        self._add(things[:shown])

    def more(self) -> None:
        """Show some more of them."""
        shown = self._shown()
        self._drop_rest()
        self._add(self.things[shown : shown + MORE])

    def rows(self) -> list[QWidget]:
        """The rows on show."""
        return list(self._rows)

    def _shown(self) -> int:
        return len(self._rows)

    def _add(self, things: Sequence[Any]) -> None:
        for thing in things:
            if self.list.count():
                self.list.addWidget(rule())
            self._rows.append(self._make(thing))
            self.list.addWidget(self._rows[-1])
        left = len(self.things) - self._shown()
        if left > 0:
            words = _("Show more, {count} left").format(count=show_number(left))
            self._rest = held(row(self.theme, button(self.theme, words, self.more, role="link"), None))
            self.list.addWidget(self._rest)

    def _drop_rest(self) -> None:
        if self._rest:
            self.list.removeWidget(self._rest)
            self._rest.hide()
            self._rest.deleteLater()
            self._rest = None
