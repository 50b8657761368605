"""The rows that a person must look at, as a spreadsheet: where they stand, what is wrong, and the row as it was.

The columns keep the register's own headers, so that mended rows can be imported from this very workbook.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from familydesk.core.i18n import translate
from familydesk.exchange.cells import Cell
from familydesk.exchange.problems import LINE, NOT_IMPORTED, SHEET, TO_LOOK_AT, WHY, Fault
from familydesk.store import durable

_ORDER = (WHY, LINE, SHEET)


@dataclass(frozen=True, slots=True)
class Flagged:
    """A row of the register that has problems, and where it stands."""

    sheet: int
    line: int
    faults: tuple[Fault, ...]
    labels: tuple[str, ...]
    cells: tuple[Cell, ...]

    def told(self) -> str:
        """What is wrong, in the language in force."""
        imported = not any(fault.stops for fault in self.faults)
        return " ".join(fault.told(imported) for fault in self.faults)


def write_problems(path: Path, not_imported: Iterable[Flagged], to_look_at: Iterable[Flagged]) -> None:
    """Write the workbook. Nothing in it is ever a formula or a link. Raises `Weather` if the file cannot be written."""
    # Writing a workbook is rare; a start pays nothing for it.
    from xlsxwriter import Workbook

    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
        # Anywhere else its rows, names and all, would lie in the open in the system's folder of temporary files.
        "in_memory": True,
    }
    memory = io.BytesIO()
    book = Workbook(memory, options)
    for title, rows in ((NOT_IMPORTED, not_imported), (TO_LOOK_AT, to_look_at)):
        _Page(book, translate(title)).fill(rows)
    book.close()
    durable.write_whole(path, memory.getvalue())


class _Page:
    """One sheet. Its header is written anew wherever the register's own columns change."""

    def __init__(self, book: Any, title: str) -> None:
        self._sheet = book.add_worksheet(title[:31])
        self._head = book.add_format({"bold": True, "bg_color": "#E8EDF2", "text_wrap": True, "valign": "top"})
        self._plain = book.add_format({"text_wrap": True, "valign": "top"})
        self._number = book.add_format({"num_format": "0", "valign": "top"})
        self._day = book.add_format({"num_format": "dd.mm.yyyy", "valign": "top"})
        self._line = 0
        self._width = 0

    def fill(self, rows: Iterable[Flagged]) -> None:
        labels: Sequence[str] | None = None
        self._sheet.set_column(0, 30, 22)
        for row in rows:
            if labels != row.labels:
                labels = row.labels
                self._header(row)
            self._row(row)
        if labels is None:
            self._sheet.write_string(0, 0, "—")

    def _header(self, row: Flagged) -> None:
        self._width = max(len(row.labels), len(row.cells))
        for at, label in enumerate((*row.labels, *[""] * (self._width - len(row.labels)), *map(translate, _ORDER))):
            self._sheet.write_string(self._line, at, label, self._head)
        if self._line == 0:
            self._sheet.freeze_panes(1, 0)
        self._line += 1

    def _row(self, row: Flagged) -> None:
        for at, cell in enumerate(row.cells):
            self._cell(at, cell)
        for at, value in enumerate((row.told(), str(row.line), str(row.sheet)), self._width):
            self._sheet.write_string(self._line, at, value, self._plain)
        self._line += 1

    def _cell(self, at: int, cell: Cell) -> None:
        """As it was: a number stays a number and a date a date, so that an IIN can still be told from a text."""
        if isinstance(cell, str):
            if cell:
                self._sheet.write_string(self._line, at, cell[:32_767], self._plain)
        elif isinstance(cell, bool):
            self._sheet.write_boolean(self._line, at, cell)
        elif isinstance(cell, int | float):
            self._sheet.write_number(self._line, at, cell, self._number if cell == cell // 1 else self._plain)
        elif isinstance(cell, date) and cell.year >= 1900:
            self._sheet.write_datetime(self._line, at, cell, self._day)
        else:
            self._sheet.write_string(self._line, at, str(cell), self._plain)
