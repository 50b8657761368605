"""A cell as a spreadsheet keeps it, and as text a person would read in it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache

Cell = str | int | float | bool | date | datetime | time | timedelta
"""What a reader hands over: a number stays a number, a date a date; an empty cell is an empty text."""

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"))
_UNTIDY = re.compile("[^\\S ]|  |^ | $|[\u200b-\u200f\u2060\ufeff\u00ad]")
_TEXT_FORMULA = re.compile(r'\s*="([^"]*)"\s*')
_SPACES = re.compile(r"\s+")
_BREAKS = re.compile(r"[\n\r]")
_BLANK_LINES = re.compile(r"\s*\n\s*")
_ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#Н/Д", "#ССЫЛКА!", "#ЗНАЧ!", "#ИМЯ?"}
)


# A row's cells are asked for several times while it is read; more than the rows at hand would only fill memory.
@lru_cache(maxsize=512)
def text(cell: Cell) -> str:
    """The cell on one line: spaces single, invisible letters gone, a whole number without its ".0", a broken formula
    empty.
    """
    if isinstance(cell, str):
        cell = unquoted(cell)
        if not _UNTIDY.search(cell) and unicodedata.is_normalized("NFC", cell):
            return cell if cell not in _ERRORS else ""
        return _SPACES.sub(" ", _visible(cell)).strip()
    return _plain(cell)


def lines(cell: Cell) -> list[str]:
    """The cell's lines, each as `text` would give it; blank ones left out."""
    if not isinstance(cell, str) or not _BREAKS.search(cell):
        return [shown] if (shown := text(cell)) else []
    parts = _BLANK_LINES.split(_visible(unquoted(cell)).replace("\r", "\n"))
    return [shown for part in parts if (shown := text(part))]


def is_blank(cell: Cell) -> bool:
    """Nothing that a person would see."""
    return cell == "" or (isinstance(cell, str) and not text(cell))


def unquoted(written: str) -> str:
    """The text inside `="..."`: how programs make a spreadsheet keep the zeros of a number. Nothing is computed."""
    found = _TEXT_FORMULA.fullmatch(written) if '="' in written else None
    return found[1] if found else written


def _visible(written: str) -> str:
    return unicodedata.normalize("NFC", written.translate(_INVISIBLE))


def _plain(cell: object) -> str:
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%d.%m.%Y") + (f" {cell:%H:%M}" if cell.time() != time() else "")
    if isinstance(cell, date):
        return cell.strftime("%d.%m.%Y")
    return str(cell)
