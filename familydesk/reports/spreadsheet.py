"""A plain list as a spreadsheet: words stay words, whatever they begin with; numbers and days can be sorted."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from familydesk.core.clock import ZONE
from familydesk.reports.xlsx import sheet_name, workbook

Value = str | int | float | Decimal | date | datetime | None

LONGEST_TEXT = 32_767
"""What the file format allows in one cell."""
WIDTHS = (12, 44)
EARLIEST = date(1900, 3, 1)
"""Before it, spreadsheet programs disagree about the days."""


def draw_list(name: str, heads: Sequence[str], rows: Iterable[Sequence[Value]], about: Iterable[str] = ()) -> bytes:
    """A head that stays in sight, and rows, taken one by one; `about` are lines of a second sheet."""
    memory = io.BytesIO()
    with workbook(memory) as book:
        formats = {
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            "day": book.add_format({"num_format": "dd.mm.yyyy"}),
            "moment": book.add_format({"num_format": "dd.mm.yyyy hh:mm"}),
            "amount": book.add_format({"num_format": "#,##0.00"}),
        }
        sheet = book.add_worksheet(sheet_name(name))
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, formats["head"])
            sheet.set_column(column, column, min(max(WIDTHS[0], len(head) + 6), WIDTHS[1]))
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                _write(sheet, number, column, value, formats)
        _about(book, list(about))
    return memory.getvalue()


def _about(book: Any, lines: list[str]) -> None:
    if lines:
        sheet = book.add_worksheet("i")
        sheet.set_column(0, 0, 90)
        for row, line in enumerate(lines):
            sheet.write_string(row, 0, line)


def _write(sheet: Any, row: int, column: int, value: Value, formats: dict[str, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, datetime):
        sheet.write_datetime(row, column, value.astimezone(ZONE).replace(tzinfo=None), formats["moment"])
    elif isinstance(value, date):
        if value < EARLIEST:
            sheet.write_string(row, column, value.strftime("%d.%m.%Y"))
        else:
            sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), formats["day"])
    elif isinstance(value, Decimal):
        sheet.write_number(row, column, float(value), formats["amount"])
    elif isinstance(value, str):
        sheet.write_string(row, column, value[:LONGEST_TEXT])
    else:
        sheet.write_number(row, column, value)
