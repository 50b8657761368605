"""A report, or a list, as a spreadsheet: numbers as numbers, words as words, and nothing that a program would run."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from familydesk.core.i18n import _, speaking, translate
from familydesk.core.show import show_day, show_moment
from familydesk.reports.figure import Cell, Figure, Share, cell_text
from familydesk.reports.month import LEFT_OUT, Report
from familydesk.reports.source import Section
from familydesk.reports.table import Table

FORBIDDEN_IN_NAMES = str.maketrans("[]:*?/\\'", "        ")
LONGEST_NAME = 31


@contextmanager
def workbook(target: Any) -> Iterator[Any]:
    """A workbook whose texts are never taken for formulas, numbers or links. It holds no author."""
    # Loaded only when a file is written: it costs a start 60 ms.
    import xlsxwriter

    plain = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, {"in_memory": True, **plain})
    try:
        yield book
    finally:
        book.close()


def draw(report: Report, language: str) -> bytes:
    """The report as a workbook, a sheet for each section."""
    memory = io.BytesIO()
    with speaking(language), workbook(memory) as book:
        formats = _formats(book)
        for section in report.sections:
            _write_section(book, section, report, formats)
    return memory.getvalue()


def sheet_name(text: str) -> str:
    """A name that a spreadsheet program accepts."""
    return " ".join(text.translate(FORBIDDEN_IN_NAMES).split())[:LONGEST_NAME].strip() or "1"


def _formats(book: Any) -> dict[str, Any]:
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "table": book.add_format({"bold": True, "font_size": 11}),
        "head": book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"}),
        "label": book.add_format({"text_wrap": True, "valign": "top"}),
        "total": book.add_format({"bold": True, "top": 1}),
        "share": book.add_format({"num_format": "0.0%"}),
        "share_total": book.add_format({"num_format": "0.0%", "bold": True, "top": 1}),
        "mark": book.add_format({"align": "right"}),
        "note": book.add_format({"italic": True, "font_color": "#5B6B70"}),
    }


def _write_section(book: Any, section: Section, report: Report, formats: dict[str, Any]) -> None:
    sheet = book.add_worksheet(sheet_name(translate(section.title)))
    sheet.set_column(0, 0, 52)
    sheet.set_column(1, 20, 13)
    row = 0
    for text in _heading(section, report):
        sheet.write_string(row, 0, text, formats["title"] if row == 0 else formats["note"])
        row += 1
    for table in section.tables:
        row = _write_table(sheet, table, row + 1, formats)


def _heading(section: Section, report: Report) -> Iterator[str]:
    yield translate(section.title)
    span = _("From {first} to {last}, both days counted.")
    yield span.format(first=show_day(report.period.first), last=show_day(report.period.last))
    yield _("Counted on {moment}").format(moment=show_moment(report.made_at))
    if report.shared:
        yield _("Version for other bodies")
    if report.in_progress:
        yield _("The period is not over: these are the figures as of {moment}.").format(
            moment=show_moment(report.made_at)
        )
    if report.heading.left_out:
        yield translate(LEFT_OUT)
    if not report.agrees:
        yield _("This is a draft: its numbers do not agree with each other.")
        yield from map(str, report.faults)


def _write_table(sheet: Any, table: Table, row: int, formats: dict[str, Any]) -> int:
    """The table from `row` down; gives back the first free row."""
    sheet.write_string(row, 0, translate(table.title), formats["table"])
    for column, label in enumerate((table.stub, *table.columns)):
        sheet.write_string(row + 1, column, translate(label), formats["head"])
    row += 2
    for line in table.rows:
        sheet.write_string(row, 0, translate(line.label), formats["total"] if line.total else formats["label"])
        for column, cell in enumerate(line.cells, 1):
            _write_cell(sheet, row, column, cell, line.total, formats)
        row += 1
    for note in table.notes:
        sheet.write_string(row, 0, translate(note), formats["note"])
        row += 1
    return row


def _write_cell(sheet: Any, row: int, column: int, cell: Cell, total: bool, formats: dict[str, Any]) -> None:
    strong = formats["total"] if total else None
    if isinstance(cell, Figure):
        sheet.write_number(row, column, cell.count, strong)
    elif isinstance(cell, Share) and cell.percent is not None:
        sheet.write_number(row, column, float(cell.percent) / 100, formats["share_total" if total else "share"])
    else:
        sheet.write_string(row, column, cell_text(cell), strong or formats["mark"])
