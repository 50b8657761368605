"""A table of figures on paper: labels on the left, numbers on the right of their columns, a head on every page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from reportlab.platypus import Flowable

from familydesk.core.i18n import translate
from familydesk.reports.figure import NOT_SHOWN, cell_text
from familydesk.reports.press import Press
from familydesk.reports.table import Row, Table

PAD = 2.2
GAP = 6.0
LABEL_WIDTH = 190.0
NUMBER_WIDTH = 62.0
LEAST_LABEL = 150.0
LEAST_NUMBER = 22.0
QUIET = 0.55
"""The grey of a nought: there to be seen, not in the way."""


def width_of(table: Table) -> float:
    """How wide the table is, given room."""
    return LABEL_WIDTH + len(table.columns) * NUMBER_WIDTH


def _shown(head: str) -> list[str]:
    """The words of a heading in the language in force."""
    return translate(head).split()


@dataclass(frozen=True, slots=True)
class Line:
    """One row laid out: the lines of each cell, and its height."""

    cells: tuple[list[str], ...]
    height: float
    total: bool = False


class Grid(Flowable):
    """A table that breaks between rows. It is as wide as its columns need, up to the page."""

    def __init__(self, table: Table, press: Press) -> None:
        super().__init__()
        self.table, self.press = table, press
        self.rows = list(table.rows)
        self.head_type = press.type(press.strong_face, 7.2, 9.0, 0.2)
        self.label_type = press.type(press.text_face, 8.4, 10.6)
        self.strong_type = press.type(press.strong_face, 8.4, 10.6)
        self.quiet_type = press.type(press.text_face, 8.4, 10.6, QUIET)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Widths of the columns, lines of the rows."""
        self.width = min(width, width_of(self.table))
        self.numbers = self._numbers(width)
        self.label = self.width - sum(self.numbers)
        self.head = self._line((self.table.stub, *self.table.columns), self.head_type)
        self.lines = [self._row(row) for row in self.rows]
        self.height = self.head.height + sum(line.height for line in self.lines)
        return self.width, self.height

    def _numbers(self, width: float) -> list[float]:
        """The widths of the columns of numbers: all alike or, in a crowded table, as wide as the longest word above."""
        count = len(self.table.columns)
        if width_of(self.table) <= width:
            return [NUMBER_WIDTH] * count
        words = ([self.press.measure(word, self.head_type) for word in _shown(head)] for head in self.table.columns)
        wanted = [max(LEAST_NUMBER, *measures) + GAP for measures in words]
        spare = (width - LEAST_LABEL - sum(wanted)) / count
        return [one + spare for one in wanted] if spare < 0 else [one + min(spare, GAP) for one in wanted]

    def _row(self, row: Row) -> Line:
        kind = self.strong_type if row.total else self.label_type
        line = self._line((row.label,), kind)
        return replace(line, cells=(*line.cells, *([cell_text(cell)] for cell in row.cells)), total=row.total)

    def _line(self, texts: tuple[str, ...], kind: Any) -> Line:
        rooms = (self.label, *self.numbers[: len(texts) - 1])
        cells = tuple(
            self.press.break_lines(translate(text), kind, room - GAP) if text else []
            for text, room in zip(texts, rooms, strict=True)
        )
        return Line(cells, max(map(len, cells)) * kind.leading + 2 * PAD)

    def split(self, width: float, height: float) -> list[Flowable]:
        """What fits and what remains, the head on both; never fewer than two rows on either side."""
        self.wrap(width, height)
        room, fits = height - self.head.height, 0
        for line in self.lines:
            room -= line.height
            if room < 0:
                break
            fits += 1
        if fits == len(self.rows):
            return [self]
        fits = min(fits, len(self.rows) - 2)
        return [self._part(self.rows[:fits]), self._part(self.rows[fits:])] if fits >= 2 else []

    def _part(self, rows: list[Row]) -> Grid:
        other = Grid(self.table, self.press)
        other.rows = rows
        return other

    def draw(self) -> None:
        """The head, then the rows."""
        top = self.height
        self.press.rule(self.canv, 0, top, self.width, 0.8, 0.0)
        self._draw_line(self.head, top, self.head_type, self.head_type)
        top -= self.head.height
        self.press.rule(self.canv, 0, top, self.width, 0.8, 0.0)
        for line in self.lines:
            kind = self.strong_type if line.total else self.label_type
            if line.total:
                self.press.rule(self.canv, 0, top, self.width, 0.6, 0.2)
            self._draw_line(line, top, kind, kind)
            top -= line.height
            self.press.rule(self.canv, 0, top, self.width, 0.3, 0.7)

    def _draw_line(self, line: Line, top: float, label: Any, number: Any) -> None:
        with self.press.writing(self.canv) as writing:
            writing.lines(0, top - PAD, line.cells[0], label)
            right = self.label
            for lines, wide in zip(line.cells[1:], self.numbers, strict=True):
                right += wide
                kind = self.quiet_type if lines in (["0"], [NOT_SHOWN]) and not line.total else number
                under = top - PAD
                for text in lines:
                    writing.lines(right - self.press.measure(text, kind), under, [text], kind)
                    under -= kind.leading
