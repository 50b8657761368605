"""The table on one sheet: where it begins, what its columns mean, and its rows one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice

from familydesk.exchange.cells import Cell, is_blank, text
from familydesk.exchange.dates import read_date
from familydesk.exchange.guesses import completed
from familydesk.exchange.headers import NAMED, Column, Layout, find_header, may_be_header, read_header
from familydesk.exchange.left_out import Kind, LeftOut, kind_of
from familydesk.exchange.merged import Spread, filled_right
from familydesk.exchange.workbook import Sheet

_TOP = 60
_SAMPLE = 40
_BANNER = 3
"""A lone text merged over this many more columns is a heading, not a record."""
_KEYS = (Column.NUMBER, Column.DATE, Column.NAME, Column.SURNAME, Column.IIN)

Line = tuple[int, list[Cell], Layout]
"""A row's number as the spreadsheet program shows it, its cells, and the layout in force there."""


class Table:
    """The register's rows on one sheet, or none if the sheet holds something else (`layout` is None then)."""

    def __init__(self, sheet: Sheet, today: date, before: Layout | None = None) -> None:
        self.sheet = sheet
        self.left_out: list[LeftOut] = []
        self._banners = {top for (top, left), (_bottom, right) in sheet.merged if right - left >= _BANNER}
        self._today = today
        top = list(islice(sheet.rows(), _TOP + _SAMPLE))
        found = find_header(filled_right(top[:_TOP], sheet.merged))
        first, self._start = (found[0], found[1] + 1) if found else (0, 0)
        self._titles, self._headings = _words(top[:first]), _words(top[first : self._start])
        self._above = [
            LeftOut(sheet.position, at + 1, Kind.TITLE if at < first else Kind.HEADER)
            for at in range(self._start)
            if not all(map(is_blank, top[at]))
        ]
        self.layout = self._layout(found[2] if found else None, before, top[self._start :])

    def lines(self) -> Iterator[Line]:
        """The rows that count, from the first; what was left out stands in `left_out` afterwards."""
        self.left_out = list(self._above)
        before: Line | None = None
        for line in self._counted():
            if before and self._goes_on(before, line):
                before = (before[0], _put_together(before[1], line[1]), before[2])
                continue
            if before:
                yield before
            before = line
        if before:
            yield before

    def _layout(self, found: Layout | None, before: Layout | None, sample: Sequence[Sequence[Cell]]) -> Layout | None:
        """The header's own, or the one of the sheet before if these rows fit it, or what the cells themselves tell."""
        if found:
            return completed(found, sample, self._today)
        if before and _fits(before, sample, self._today):
            return before
        guessed = completed(Layout({}, ()), sample, self._today)
        return guessed if Column.DATE in guessed.columns and NAMED & guessed.columns.keys() else None

    def _counted(self) -> Iterator[Line]:
        layout, spread = self.layout, Spread(self.sheet.merged)
        if layout is None:
            return
        self._spread_over: dict[int, set[int]] = {}
        for index, cells in enumerate(self.sheet.rows()):
            if index < self._start:
                continue
            own_blank = all(map(is_blank, cells))
            added = spread.fill(index, cells)
            if own_blank:
                continue
            layout = self._header_again(cells) or layout
            kind = kind_of(cells, layout, self._headings, self._titles, self._today)
            if kind is None and index in self._banners and sum(not is_blank(cell) for cell in cells) == 1:
                kind = Kind.SECTION
            if kind is None:
                self._spread_over = {index + 1: added}
                yield index + 1, cells, layout
            elif kind is not Kind.BLANK:
                self.left_out.append(LeftOut(self.sheet.position, index + 1, kind))

    def _header_again(self, cells: Sequence[Cell]) -> Layout | None:
        """A second table further down, its columns in another order; its header row is learned and left out."""
        if not may_be_header(cells):
            return None
        shown = [text(cell) for cell in cells]
        if sum(map(bool, shown)) < 4:
            return None
        layout = read_header(shown)
        if not layout.is_register or len(layout.columns) < 4 or self.layout is None:
            return None
        self._headings |= frozenset(filter(None, shown))
        return layout.after(self.layout) if len(layout.columns) >= len(self.layout.columns) - 2 else None

    def _goes_on(self, before: Line, line: Line) -> bool:
        """A second line of one record: its number or name is the merged cell of the row above, and only other cells
        are its own.
        """
        added = self._spread_over.get(line[0])
        if not added:
            return False
        keys = {index for column in _KEYS for index in line[2].columns.get(column, ())}
        own = {index for index, cell in enumerate(line[1]) if index not in added and not is_blank(cell)}
        names = {index for column in (Column.NUMBER, Column.NAME) for index in line[2].columns.get(column, ())}
        return line[0] == before[0] + 1 and bool(added & names) and not own & keys


def _words(rows: Sequence[Sequence[Cell]]) -> frozenset[str]:
    return frozenset(shown for row in rows for cell in row if (shown := text(cell)))


def _put_together(above: list[Cell], below: list[Cell]) -> list[Cell]:
    return [_both(cell, more) for cell, more in zip(above, below, strict=False)]


def _both(cell: Cell, more: Cell) -> Cell:
    if is_blank(cell) or is_blank(more) or cell == more:
        return more if is_blank(cell) else cell
    return f"{text(cell)}\n{text(more)}"


def _fits(layout: Layout, rows: Sequence[Sequence[Cell]], today: date) -> bool:
    """Most of these rows have a date where the layout expects one."""
    places = layout.columns.get(Column.DATE, ())
    filled = [row for row in rows if not all(map(is_blank, row))]
    dated = [
        row for row in filled if any(at < len(row) and isinstance(read_date(row[at], today), date) for at in places)
    ]
    return len(dated) * 2 > len(filled)
