"""A spreadsheet file as sheets of cells, whatever its kind: .xlsx, .xls, .xlsb, .ods, comma-separated text, a web page.

The kind is told by the content, not by the name. Nothing in the file is ever computed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from familydesk.core.errors import Weather
from familydesk.core.i18n import N_
from familydesk.exchange import plain_tables
from familydesk.exchange.cells import Cell
from familydesk.exchange.formulas import Formulas, SheetXml

Merge = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell of a merged range, each as row and column from zero."""

_TOO_WIDE = 30_000_000
_SAVE_AS = N_("Open it in a spreadsheet program and save it as .xlsx.")
_COMPOUND = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Sheet:
    """One sheet. `rows` begins anew at each call and gives every row from the first line of the sheet on."""

    position: int
    name: str = field(repr=False)
    height: int
    rows: Callable[[], Iterator[list[Cell]]]
    merged: Sequence[Merge] = ()


def open_sheets(path: Path) -> list[Sheet]:
    """The sheets of a file, in its order; charts and empty sheets left out.

    Raises `Weather` for a file that is missing, locked, empty, protected by a password, damaged or no spreadsheet
    at all.
    """
    try:
        with path.open("rb") as file:
            return _sheets(path, file)
    except FileNotFoundError:
        raise Weather(N_("There is no such file."), N_("Choose the file again.")) from None
    except IsADirectoryError:
        raise Weather(N_("This is a folder, not a file."), N_("Choose the file again.")) from None
    except OSError:
        raise Weather(
            N_("The file cannot be read."), N_("If it is open in another program, close it there and try again.")
        ) from None


def _sheets(path: Path, file: IO[bytes]) -> list[Sheet]:
    head = file.read(1 << 16)
    if not head.strip(b"\0 \r\n\t"):
        raise Weather(N_("The file is empty."), N_("Choose another file."))
    if head.startswith((b"PK", _COMPOUND)):
        file.seek(0)
        return _binary(file, head.startswith(_COMPOUND))
    encoding = plain_tables.encoding_of(head)
    if encoding is None or head.lstrip().startswith((b"%PDF", b"{\\rtf", b"<?xml")):
        raise Weather(N_("This file is not a spreadsheet."), _SAVE_AS)
    return [_text(path, encoding, plain_tables.is_page(head))]


def _text(path: Path, encoding: str, page: bool) -> Sheet:
    if page:
        rows = plain_tables.html_rows(path, encoding)
        return Sheet(1, path.stem, len(rows), lambda: iter([list(row) for row in rows]))
    height = sum(1 for _row in plain_tables.csv_rows(path, encoding))
    return Sheet(1, path.stem, height, lambda: (list(row) for row in plain_tables.csv_rows(path, encoding)))


def _binary(file: IO[bytes], compound: bool) -> list[Sheet]:
    # Read where it is needed: a start without an import pays nothing for the reader.
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

    content = SheetXml(file)
    try:
        _check_reach(content)
        file.seek(0)
        book = CalamineWorkbook.from_filelike(file)
        kinds = [known.typ for known in book.sheets_metadata]
        found = [
            book.get_sheet_by_index(at) if kind is SheetTypeEnum.WorkSheet else None for at, kind in enumerate(kinds)
        ]
    except PasswordError:
        raise _protected() from None
    except CalamineError:
        raise _protected() if compound and _is_encrypted(file) else _unreadable() from None
    except BaseException as fault:
        # The reader's own defects on damaged files arrive as a class that is no Exception.
        if type(fault).__name__ != "PanicException":
            raise
        raise _unreadable() from None
    return [
        _calamine(at, sheet, content.formulas(at)) for at, sheet in enumerate(found) if sheet is not None and sheet.end
    ]


def _calamine(at: int, sheet: Any, formulas: Formulas) -> Sheet:
    # The reader leaves out empty columns before the table; merges and formulas count them.
    left = sheet.start[1]
    formulas = {(row, column - left): formula for (row, column), formula in formulas.items()}
    merged = [
        ((top, first - left), (bottom, last - left)) for (top, first), (bottom, last) in sheet.merged_cell_ranges or ()
    ]

    def rows() -> Iterator[list[Cell]]:
        for index, row in enumerate(sheet.iter_rows()):
            yield _with_formulas(index, row, formulas) if formulas else row

    return Sheet(at + 1, sheet.name, sheet.end[0] + 1, rows, [range_ for range_ in merged if range_[0][1] >= 0])


def _with_formulas(index: int, row: list[Cell], formulas: Formulas) -> list[Cell]:
    return [formulas.get((index, column), cell) if cell == "" else cell for column, cell in enumerate(row)]


def _check_reach(content: SheetXml) -> None:
    """A stray cell in the last corner of a sheet would make the reader ask for memory that no computer has."""
    if any(content.area(index) > _TOO_WIDE for index in range(content.count)):
        raise Weather(
            N_("A sheet of this file has cells very far from its table."),
            N_("Copy the table into a new spreadsheet and import that one."),
        )


def _is_encrypted(file: IO[bytes]) -> bool:
    """An encrypted .xlsx lies in an old container under this name."""
    file.seek(0)
    return "EncryptedPackage".encode("utf-16-le") in file.read()


def _protected() -> Weather:
    return Weather(
        N_("This file is protected by a password."),
        N_("Open it in a spreadsheet program, take the password off, save it and import it again."),
    )


def _unreadable() -> Weather:
    return Weather(N_("This file is damaged or not a spreadsheet."), _SAVE_AS)
