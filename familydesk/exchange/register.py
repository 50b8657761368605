"""A center's register of applications, read: every row typed, with what is wrong with it. No database.

The rows can be read any number of times, each time from the first; they are never all in memory at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from familydesk.core import clock
from familydesk.core.errors import Refused
from familydesk.core.i18n import N_
from familydesk.exchange.left_out import LeftOut
from familydesk.exchange.problems import Fault, own_words
from familydesk.exchange.row import Row, read_row
from familydesk.exchange.table import Table
from familydesk.exchange.workbook import open_sheets


@dataclass
class Numbers:
    """What has been seen so far: rows by content, and which content each number had."""

    contents: set[bytes] = field(default_factory=set)
    by_number: dict[str, bytes] = field(default_factory=dict)

    def is_repeat(self, row: Row) -> bool:
        """The very same row stands above."""
        content = blake2b(row.fingerprint + repr(row.extras).encode(), digest_size=12).digest()
        if content in self.contents:
            return True
        self.contents.add(content)
        return False

    def is_taken(self, row: Row) -> bool:
        """Another row above has this number and says something else."""
        return bool(row.number) and self.by_number.setdefault(row.number, row.fingerprint) != row.fingerprint


class Register:
    """A register file, open. Raises `Weather` if the file cannot be read, `Refused` if no sheet holds a register."""

    def __init__(self, path: Path) -> None:
        self._today = clock.today()
        self._tables: list[Table] = []
        self.other_sheets = 0
        for sheet in open_sheets(path):
            table = Table(sheet, self._today, self._tables[-1].layout if self._tables else None)
            if table.layout is None or sheet.name in own_words():
                self.other_sheets += 1
            else:
                self._tables.append(table)
        self._leave_lists()
        if not self._tables:
            raise Refused(N_("No register was found in this file: no table with a date and a name in its columns."))

    def _leave_lists(self) -> None:
        """Beside a journal, a sheet with names and dates but nothing of applications is a list of something else."""
        layouts = {table: table.layout for table in self._tables if table.layout}
        if all(layout.tells_of_applications < 2 for layout in layouts.values()):
            return
        kept = [table for table, layout in layouts.items() if layout.tells_of_applications > 1 or layout.is_whole]
        self.other_sheets += len(self._tables) - len(kept)
        self._tables = kept

    @property
    def height(self) -> int:
        """How many lines the sheets have, rows of the register or not: the measure of progress."""
        return sum(table.sheet.height for table in self._tables)

    @property
    def left_out(self) -> list[LeftOut]:
        """Lines that are no rows of the register (titles, totals, headers again); complete once the rows have been
        read.
        """
        return [left for table in self._tables for left in table.left_out]

    @property
    def labels(self) -> tuple[str, ...]:
        """The header texts of the first table."""
        return self._tables[0].layout.labels if self._tables[0].layout else ()

    def rows(self) -> Iterator[Row]:
        """Every row in the order of the file. `repeat` is set on the second of two rows that say the same."""
        seen = Numbers()
        above = 0
        for table in self._tables:
            for line, cells, layout in table.lines():
                row = read_row(cells, layout, self._today)
                row.sheet, row.line, row.position = table.sheet.position, line, above + line
                row.repeat = seen.is_repeat(row)
                if not row.repeat and seen.is_taken(row):
                    row.faults = (*row.faults, Fault.NUMBER_TWICE)
                yield row
            above += table.sheet.height
