"""Dates as people type them into a register: seven spellings and the slips of the hand between them."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from familydesk.exchange.cells import Cell, text
from familydesk.exchange.letters import repaired
from familydesk.exchange.problems import Fault

EARLIEST = date(1992, 1, 1)
"""No register of a center is older; an earlier date is a slip (1924 for 2024) or a birthday in the wrong column."""

_DAY_ZERO = date(1899, 12, 30)
_DIGITS = str.maketrans("OoОоlIІіЗз", "0000111133")
_SEPARATORS = r"[./\-,\\ _·]+"
_NUMBERS = re.compile(rf"(\d{{1,4}}){_SEPARATORS}(\d{{1,2}}){_SEPARATORS}(\d{{1,4}})")
_DOT_LOST = re.compile(r"(\d{2})\.?(\d{2})\.?(\d{4})")
_WHOLE = re.compile(r"(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}[./-]\d{1,2}[./-]\d{1,2})(?!\d)")
_TAIL = re.compile(r"[\s.,]*(?:г(?:од(?:а|ы)?)?|ж(?:ыл(?:ы|ғы)?)?)?[\s.,]*$", re.IGNORECASE)
_CLOCK = re.compile(
    r"[\sT,]+(?:(?:в|сағ(?:ат)?|время)[.:\s]*)?(?P<hour>\d{1,2})[:.-](?P<minute>\d{2})(?:[:.]\d{2}(?:\.\d+)?)?"
    r"(?P<zone>Z|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)
_WORDS = re.compile(r"\d+|[^\W\d_]+")
_BESIDE_A_DATE = (
    "ое го ші г год года ж жыл жылы жылғы күні от th st nd rd of пн вт ср чт пт сб вс понедельник вторник среда "
    "четверг пятница суббота воскресенье дүйсенбі сейсенбі сәрсенбі бейсенбі жұма сенбі жексенбі"
)
_NO_MEANING = frozenset(_BESIDE_A_DATE.split())
_LEAD = re.compile(
    r"^(?:(?P<hour>\d{1,2}):(?P<minute>\d{2})(?=\s)|от|дата|күні|(?:пн|вт|ср|чт|пт|сб|вс)\b)[\s:.,]*", re.IGNORECASE
)
_MONTHS: tuple[tuple[str, ...], ...] = (
    ("янв", "қаң", "кан", "jan"),
    ("фев", "ақп", "акп", "feb"),
    ("мар", "нау", "mar"),
    ("апр", "сәу", "сау", "apr"),
    ("май", "мая", "мам", "may"),
    ("июн", "мау", "jun"),
    ("июл", "шіл", "шил", "jul"),
    ("авг", "там", "aug"),
    ("сен", "қыр", "кыр", "sep"),
    ("окт", "қаз", "каз", "oct"),
    ("ноя", "қар", "кар", "nov"),
    ("дек", "жел", "dec"),
)
_MONTH_OF = {stem: month for month, stems in enumerate(_MONTHS, 1) for stem in stems}


def read_date(cell: Cell, today: date) -> date | Fault:
    """The day that the cell names, or the fault: missing, unreadable or impossible, future, too long ago.

    Numbers are days of a spreadsheet's calendar or a date without separators. A year of two digits is of this century.
    Day comes before month unless the year comes first; nothing is guessed from what would fit.
    """
    found = _day(cell)
    if not isinstance(found, date):
        return found
    if found > today:
        return Fault.FUTURE_DATE
    return found if found >= EARLIEST else Fault.EARLY_DATE


def read_hour(cell: Cell) -> time | None:
    """The hour and minute that stand with the day; None if none stand there, or if they are told for another zone.

    Midnight is None too: so a spreadsheet keeps a day without an hour.
    """
    if isinstance(cell, datetime):
        found: time | None = time(cell.hour, cell.minute)
    elif isinstance(cell, float):
        found = (datetime.min + timedelta(minutes=round(cell % 1 * 24 * 60))).time()
    else:
        found = _hour_in(text(cell)) if isinstance(cell, str) else None
    return None if found == time() else found


def read_birthday(cell: Cell, today: date) -> date | None:
    """A date of birth; None if the cell holds none that a living person can have."""
    found = _day(cell)
    return found if isinstance(found, date) and found <= today and found.year >= 1850 else None


@lru_cache(maxsize=2048, typed=True)
def _day(cell: Cell) -> date | Fault:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, bool | time | timedelta):
        return Fault.BAD_DATE
    if isinstance(cell, int | float):
        return _from_number(cell) or Fault.BAD_DATE
    written = text(cell).strip("'’`\"«» ")
    if not written or not any(map(str.isalnum, written)):
        return Fault.NO_DATE
    return _from_text(written) or Fault.BAD_DATE


@lru_cache(maxsize=2048)
def _hour_in(written: str) -> time | None:
    bare = _TAIL.sub("", written.strip("'’`\"«» "))
    match = _CLOCK.search(bare) or _LEAD.match(bare)
    if match is None or match["hour"] is None or match.groupdict().get("zone"):
        return None
    hour, minute = int(match["hour"]), int(match["minute"])
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _from_text(written: str) -> date | None:
    bare = _LEAD.sub("", _TAIL.sub("", _CLOCK.sub("", _TAIL.sub("", written))))
    figures = _digits_mended(bare)
    if match := _NUMBERS.fullmatch(figures):
        return _from_parts(*match.groups())
    if (match := _DOT_LOST.fullmatch(figures)) and "." in figures:
        return _date(match[3], match[2], match[1])
    if re.fullmatch(r"\d{5,8}(?:[.,]\d+)?", figures):
        return _from_number(float(figures.replace(",", ".")))
    return _from_words(bare.lower()) or _among_words(written)


def _among_words(written: str) -> date | None:
    """The only figures in a remark are a whole date: `09.01.2024 (повторно)`."""
    found = _WHOLE.findall(written)
    if len(found) != 1 or any(map(str.isdigit, _WHOLE.sub("", written))):
        return None
    return _from_parts(*_NUMBERS.fullmatch(found[0]).groups())  # type: ignore[union-attr]


def _digits_mended(written: str) -> str:
    """Letters typed for digits, only where digits stand around them: a month's name is left alone."""
    mended = written.translate(_DIGITS)
    return mended if not any(map(str.isalpha, mended)) else written


def _from_parts(first: str, second: str, third: str) -> date | None:
    if len(first) == 4 and len(third) <= 2:
        return _date(first, second, third)
    return _date(third, second, first) if len(first) <= 2 and len(third) in (2, 4) else None


def _from_words(written: str) -> date | None:
    """`9 қаңтар 2024`, `2024 жылғы 9 қаңтар`, `9-янв-24`, `Jan 9, 2024`."""
    words = [repaired(word) for word in _WORDS.findall(written) if word not in _NO_MEANING]
    months = [_MONTH_OF.get(word[:3]) for word in words if word.isalpha()]
    numbers = [word for word in words if word.isdigit()]
    if len(months) != 1 or months[0] is None or len(numbers) != 2:
        return None
    first, second = numbers
    year, day = (first, second) if len(first) == 4 else (second, first)
    return _date(year, str(months[0]), day)


def _from_number(number: float) -> date | None:
    """A spreadsheet counts days from 30 December 1899; seven or eight figures are a date typed without separators."""
    if not 0 < number < 100_000_000:
        return None
    whole = int(number)
    if whole < 100_000:
        return _DAY_ZERO + timedelta(days=whole) if whole > 366 * 10 else None
    if number != whole or whole < 1_000_000:
        return None
    figures = f"{whole:08d}"
    return _plausible(figures[4:], figures[2:4], figures[:2]) or _plausible(figures[:4], figures[4:6], figures[6:])


def _plausible(year: str, month: str, day: str) -> date | None:
    found = _date(year, month, day)
    return found if found and 1900 <= found.year < 2100 else None


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year) + (2000 if len(year) <= 2 else 0), int(month), int(day))
    except ValueError:
        return None
