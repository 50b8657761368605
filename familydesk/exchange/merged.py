"""Merged cells: the value stands in the first, and belongs to all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from familydesk.exchange.cells import Cell, is_blank
from familydesk.exchange.workbook import Merge

_TALLEST = 2_000
"""A range of more rows is a sheet's decoration, not one value for all of them."""


class Spread:
    """Fills the cells below the first of a merged range, row after row from the top of the sheet."""

    def __init__(self, merged: Sequence[Merge]) -> None:
        self._starting: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._open: dict[int, tuple[int, Cell]] = {}
        for (top, left), (bottom, _right) in merged:
            if top < bottom <= top + _TALLEST:
                self._starting[top].append((left, bottom))

    def fill(self, index: int, cells: list[Cell]) -> set[int]:
        """Fill the row in place; gives the columns that got their value from above."""
        filled = set()
        for column, (bottom, value) in list(self._open.items()):
            if index > bottom:
                del self._open[column]
            elif column < len(cells) and is_blank(cells[column]):
                cells[column] = value
                filled.add(column)
        for column, bottom in self._starting.get(index, ()):
            if column < len(cells) and not is_blank(cells[column]):
                self._open[column] = (bottom, cells[column])
        return filled


def filled_right(rows: Sequence[Sequence[Cell]], merged: Sequence[Merge]) -> list[list[Cell]]:
    """The rows of a header with merged cells filled in all directions; a title across most of the sheet stays one
    cell.
    """
    filled = [list(row) for row in rows]
    width = max(map(len, filled), default=0)
    for (top, left), (bottom, right) in merged:
        if top >= len(filled) or (right - left + 1) * 5 > width * 3 or bottom - top > 3 or left >= len(filled[top]):
            continue
        for row in filled[top : bottom + 1]:
            row[left : right + 1] = [filled[top][left]] * (min(right, len(row) - 1) - left + 1)
    return filled
