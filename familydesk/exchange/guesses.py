"""Columns told by what stands in them, where a register has no header or one that says nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime

from familydesk.exchange.cells import Cell, is_blank, text
from familydesk.exchange.dates import read_date
from familydesk.exchange.headers import Column, Layout
from familydesk.exchange.iins import read_iin
from familydesk.exchange.names import is_patronymic, read_name

_NUMBER = re.compile(r"(?:[^\W\d_]{0,4}[-/. №]?)?\d{1,6}(?:[-/.]\d{1,6}){0,2}(?:[-/][^\W\d_]{1,4})?")
_ENOUGH = 3
_ANOTHER_DATE = re.compile(r"дат|күн|date|срок|рожд|туған", re.IGNORECASE)
_STAFF = re.compile(r"принял|қабылда|специалист|исполн|ответств|маман|ребен|бала|супруг", re.IGNORECASE)


def completed(layout: Layout, rows: Sequence[Sequence[Cell]], today: date) -> Layout:
    """The layout with date, IIN, name and number added where a column without a meaning plainly holds them."""
    columns = dict(layout.columns)
    width = max(map(len, rows), default=0)
    for column, holds, avoid in _TESTS:
        taken = {index for indexes in columns.values() for index in indexes}
        if column in columns or (column is Column.NAME and Column.SURNAME in columns):
            continue
        free = [index for index in range(width) if index not in taken and not _labelled(layout, index, avoid)]
        shares = [(_share([row[index] for row in rows if index < len(row)], holds, today), -index) for index in free]
        best, place = max(shares, default=(0.0, 0))
        if best >= 0.6:
            columns[column] = (-place,)
    return Layout(columns, layout.labels)


def _labelled(layout: Layout, index: int, avoid: re.Pattern[str]) -> bool:
    return index < len(layout.labels) and bool(avoid.search(layout.labels[index]))


def _share(cells: list[Cell], holds: Callable[[Cell, date], bool], today: date) -> float:
    filled = [cell for cell in cells if not is_blank(cell)]
    return sum(holds(cell, today) for cell in filled) / len(filled) if len(filled) >= _ENOUGH else 0.0


def _is_date(cell: Cell, today: date) -> bool:
    return isinstance(cell, date | datetime) or (
        isinstance(cell, str) and len(cell) >= 6 and isinstance(read_date(cell, today), date)
    )


def _is_iin(cell: Cell, today: date) -> bool:
    return bool(read_iin(cell, today).iin)


def _is_name(cell: Cell, _today: date) -> bool:
    """Two or three capitalised words, or any with a patronymic; streets and offices have digits or small words."""
    name = read_name(cell).name
    if name is None or any(map(str.isdigit, text(cell))):
        return False
    return is_patronymic(name.patronymic) or (
        len(text(cell).split()) <= 3 and all(word[0].isupper() for word in name.whole.split())
    )


def _is_number(cell: Cell, _today: date) -> bool:
    return bool(_NUMBER.fullmatch(text(cell)))


_TESTS: tuple[tuple[Column, Callable[[Cell, date], bool], re.Pattern[str]], ...] = (
    (Column.IIN, _is_iin, _STAFF),
    (Column.DATE, _is_date, _ANOTHER_DATE),
    (Column.NAME, _is_name, _STAFF),
    (Column.NUMBER, _is_number, re.compile(".")),
)
