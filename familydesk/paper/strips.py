"""Strips: rows of cells that break over pages, between rows where they can, inside a row where they must."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

from reportlab.platypus import Flowable

from familydesk.paper.text import LABEL, VALUE, Type, break_lines
from familydesk.paper.writing import Writing, rule

FEWEST_LINES = 2
"""A row is not divided so that fewer lines than these stand alone."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One value under its label, `span` columns of the twelve wide."""

    label: str
    text: str
    span: int = 4
    kind: Type = VALUE


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell laid out: where it stands in its strip and its lines."""

    x: float
    width: float
    label: list[str]
    lines: list[str]
    kind: Type

    def height(self) -> float:
        """Of label and text together."""
        return len(self.label) * LABEL.leading + len(self.lines) * self.kind.leading

    def fitting(self, room: float) -> int:
        """How many lines of the text stand within `room` under the label."""
        return max(0, int((room - len(self.label) * LABEL.leading) / self.kind.leading))

    def divided(self, at: int) -> tuple[Placed, Placed]:
        """The first `at` lines, and the rest under the same label."""
        again = [f"{self.label[0]} …"] if self.label and self.lines[at:] else []
        return replace(self, lines=self.lines[:at]), replace(self, label=again, lines=self.lines[at:])


@dataclass(frozen=True, slots=True)
class Strip:
    """One row, at least `least` points high, with `pad` points above and below its text."""

    cells: tuple[Placed, ...]
    least: float = 0.0
    pad: float = 2.0

    @property
    def height(self) -> float:
        """Of the whole row."""
        return max(self.least, max((cell.height() for cell in self.cells), default=0) + 2 * self.pad)

    def divided(self, room: float) -> tuple[Strip, Strip] | None:
        """The part that stands within `room` and the rest; None if too little would stand on either side."""
        tallest = max(self.cells, key=lambda cell: len(cell.lines))
        at = min(tallest.fitting(room - 2 * self.pad), len(tallest.lines) - FEWEST_LINES)
        if at < FEWEST_LINES:
            return None
        parts = [cell.divided(at) for cell in self.cells]
        first, rest = zip(*parts, strict=True)
        return replace(self, cells=first, least=0.0), replace(self, cells=rest, least=0.0)


class Strips(Flowable):
    """Rows under an optional head that stands again on every page. `lay` makes the rows when the width is known."""

    def __init__(self, head: Sequence[Strip] = (), rows: Sequence[Strip] = ()) -> None:
        super().__init__()
        self.head = list(head)
        self.rows = list(rows)
        self.laid = bool(rows)

    def lay(self, width: float) -> None:
        """Make `head` and `rows` for a width."""

    def rules(self, canvas: Any, strip: Strip, top: float, *, is_head: bool) -> None:
        """Draw the rules of one row whose upper edge is at `top`."""

    def part(self, rows: Sequence[Strip]) -> Strips:
        """A block like this one with other rows."""
        other = copy(self)
        other.rows, other.laid = list(rows), True
        # A block that was put off to this page must not take its remainder for one put off too often.
        other.__dict__.pop("_postponed", None)
        return other

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Size at a width."""
        if not self.laid:
            self.lay(width)
            self.laid = True
        self.width = width
        self.height = sum(strip.height for strip in (*self.head, *self.rows))
        return width, self.height

    def split(self, width: float, height: float) -> list[Strips]:
        """What fits and what remains; nothing if not even one row fits."""
        self.wrap(width, height)
        room = height - sum(strip.height for strip in self.head)
        for index, strip in enumerate(self.rows):
            if strip.height > room:
                return self._divided(index, room)
            room -= strip.height
        return [self]

    def _divided(self, index: int, room: float) -> list[Strips]:
        above, row, below = self.rows[:index], self.rows[index], self.rows[index + 1 :]
        parts = row.divided(room)
        if parts:
            return [self.part([*above, parts[0]]), self.part([parts[1], *below])]
        return [self.part(above), self.part([row, *below])] if above else []

    def draw(self) -> None:
        """Rows from the top down."""
        top = self.height
        for number, strip in enumerate((*self.head, *self.rows)):
            self.rules(self.canv, strip, top, is_head=number < len(self.head))
            with Writing(self.canv) as writing:
                for cell in strip.cells:
                    below = writing.lines(cell.x, top - strip.pad, cell.label, LABEL)
                    writing.lines(cell.x, below, cell.lines, cell.kind)
            top -= strip.height


COLUMNS = 12
GUTTER = 10.0


class Fields(Strips):
    """Labels with their values beneath, on a grid of twelve columns, each on its own line as on a form."""

    def __init__(self, rows: Sequence[Sequence[Cell]], least: float) -> None:
        super().__init__()
        self.cells = rows
        self.least = least

    def lay(self, width: float) -> None:
        """Columns of equal width with a gutter between them."""
        step = (width + GUTTER) / COLUMNS
        self.rows = [self._strip(row, step) for row in self.cells]

    def _strip(self, row: Sequence[Cell], step: float) -> Strip:
        placed, column = [], 0
        for cell in row:
            room = cell.span * step - GUTTER
            label = break_lines(cell.label, LABEL, room) if cell.label else []
            lines = break_lines(cell.text, cell.kind, room) if cell.text else []
            placed.append(Placed(column * step, room, label, lines, cell.kind))
            column += cell.span
        deepest = max(len(cell.label) for cell in placed)
        least = self.least + max(0, deepest - 1) * LABEL.leading
        return Strip(tuple(_level(cell, deepest) for cell in placed), least, pad=2.0)

    def rules(self, canvas: Any, strip: Strip, top: float, *, is_head: bool) -> None:
        """One rule under each value."""
        for cell in strip.cells:
            rule(canvas, cell.x, top - strip.height, cell.width)


def _level(cell: Placed, labels: int) -> Placed:
    """The label hung so deep that all values of a row begin on one line."""
    return replace(cell, label=[""] * (labels - len(cell.label)) + cell.label)
