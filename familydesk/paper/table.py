"""A table with a head that repeats on every page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from familydesk.paper.strips import Placed, Strip, Strips
from familydesk.paper.text import CELL, COLUMN, Type, break_lines
from familydesk.paper.writing import rule

GAP = 6.0


class Table(Strips):
    """Columns by share of the width. Filled, it has thin lines between rows; `gridded`, a cell for each word."""

    def __init__(
        self,
        columns: Sequence[tuple[str, float]],
        rows: Sequence[Sequence[str]],
        *,
        least: float = 0.0,
        gridded: bool = False,
    ) -> None:
        super().__init__()
        self.columns = columns
        self.cells = rows
        self.least = least
        self.gridded = gridded
        self.spaceAfter = 5

    def lay(self, width: float) -> None:
        """Column widths from their shares; one strip a row."""
        self.wide = width
        whole = sum(share for _, share in self.columns)
        self.edges = [0.0]
        for _, share in self.columns:
            self.edges.append(self.edges[-1] + width * share / whole)
        self.head = [self._strip([title for title, _ in self.columns], COLUMN)]
        self.rows = [self._strip(row, CELL) for row in self.cells]

    def _strip(self, texts: Sequence[str], kind: Type) -> Strip:
        placed = []
        for index, text in enumerate(texts):
            left, right = self.edges[index], self.edges[index + 1]
            inset = 0.0 if index == 0 and not self.gridded else GAP / 2
            room = right - left - inset - GAP / 2
            lines = break_lines(text, kind, room) if text else []
            placed.append(Placed(left + inset, room, [], lines, kind))
        return Strip(tuple(placed), self.least if kind is CELL else 0.0, pad=2.6)

    def rules(self, canvas: Any, strip: Strip, top: float, *, is_head: bool) -> None:
        """A strong line under the head, a thin one under each row; upright lines only where one writes by hand."""
        bottom = top - strip.height
        if is_head:
            rule(canvas, 0, top, self.wide, 0.8, 0.0)
        rule(canvas, 0, bottom, self.wide, 0.8 if is_head else 0.35, 0.0 if is_head else 0.55)
        if self.gridded:
            for edge in self.edges:
                canvas.line(edge, top, edge, bottom)
