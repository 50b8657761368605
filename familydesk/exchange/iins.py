"""The IIN cell of a register: digits hurt by spreadsheets and by hands, or a word that says why there are none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from familydesk.exchange.cells import Cell, text, unquoted
from familydesk.exchange.problems import Fault
from familydesk.law import iin as law

_LETTERS_FOR_DIGITS = str.maketrans("OoОоlI|ІЗз", "0000111133")
_MARKS = re.compile(r"[\s'’`ʼ´\"‘_-]+")
_LABEL = re.compile(r"^(?:иин|жсн|iin)\b[\s:№.-]*", re.IGNORECASE)
_ZERO_TAIL = re.compile(r"[.,]0*$")
_SCIENTIFIC = re.compile(r"(\d)[.,](\d+)[eе]\+?0*(\d+)", re.IGNORECASE)
_SEVERAL = re.compile(r"[;/\n]+|,(?!\d+[eEеЕ])|\s{2,}(?=\d{12})|(?<=\d{12})\s+(?=\d{12})")
_RUN = re.compile(r"(?<!\d)\d{12}(?!\d)")
_ABSENCE: tuple[tuple[str, str], ...] = (
    ("новорожд", "NEWBORN"),
    ("жаңа туған", "NEWBORN"),
    ("иностран", "FOREIGNER"),
    ("граждан", "FOREIGNER"),
    ("шетел", "FOREIGNER"),
    ("отказ", "REFUSED"),
    ("бас тарт", "REFUSED"),
    ("документ", "NO_DOCUMENT"),
    ("утер", "NO_DOCUMENT"),
    ("құжат", "NO_DOCUMENT"),
    ("экстрен", "EMERGENCY"),
    ("шұғыл", "EMERGENCY"),
)


@dataclass(frozen=True, slots=True)
class IinReading:
    """A valid number, or what was written and why it is not one. `absence` is the NAME of a reason."""

    iin: str = ""
    written: str = ""
    absence: str = ""
    fault: Fault | None = None
    several: bool = False


@lru_cache(maxsize=256, typed=True)
def read_iin(cell: Cell, today: date) -> IinReading:
    """Read the cell. A number lost its leading zeros to the spreadsheet and gets them back; a text never does."""
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return _from_number(cell, today)
    written = text(cell)
    if not any(map(str.isalnum, written)):
        return IinReading(absence="NOT_RECORDED", fault=Fault.NO_IIN)
    bare = _LABEL.sub("", unquoted(str(cell)).strip())
    # One number broken over two lines comes before two numbers in one cell.
    whole = next((one for one in (figures(bare), figures(_SEVERAL.sub(" ", bare))) if is_known(one, today)), "")
    if whole:
        return IinReading(whole, written)
    numbers = [part for part in _SEVERAL.split(bare) if part.strip()]
    digits = [figures(part) for part in numbers]
    if digits and is_known(digits[0], today):
        return IinReading(digits[0], written, several=len(numbers) > 1)
    return _without(written)


def is_known(digits: str, today: date) -> bool:
    """Whether the digits are an IIN of somebody already born."""
    # Zeros alone would pass as the number of a foreigner without a date of birth; they only fill the cell.
    if len(digits) != 12 or not digits.strip("0"):
        return False
    try:
        born_on = law.read(digits).born_on
    except law.IinFault:
        return False
    return born_on is None or born_on <= today


def figures(written: str) -> str:
    """The digits that a text stands for: marks between them gone, letters typed for digits put right, ".0" cut off."""
    bare = _MARKS.sub("", text(_LABEL.sub("", text(written))))
    if match := _SCIENTIFIC.fullmatch(bare):
        # Only a number written with all twelve figures is still the number that was typed.
        return "".join(match.groups()[:2]) if len(match[2]) == int(match[3]) == 11 else bare
    return _ZERO_TAIL.sub("", bare).translate(_LETTERS_FOR_DIGITS).strip(".№")


def find_iin(written: str, today: date) -> str:
    """A valid number standing somewhere in a longer text; empty if there is none or more than one."""
    found = {run for run in _RUN.findall(written) if is_known(run, today)}
    return found.pop() if len(found) == 1 else ""


def _from_number(number: float, today: date) -> IinReading:
    written = text(number)
    digits = f"{int(number):012d}" if 0 < number < 1e12 and number == int(number) else ""
    # Of zeros put back only a date of birth is proof: else every eleventh serial number would be a foreigner's.
    if is_known(digits, today) and (len(written) == 12 or law.read(digits).born_on):
        return IinReading(digits, written)
    return IinReading(written=written, absence="NOT_RECORDED", fault=Fault.BAD_IIN)


def _without(written: str) -> IinReading:
    """Words instead of a number are a reason; digits that make no IIN are a wrong number, kept as they stand."""
    lowered = written.lower()
    absence = next((name for stem, name in _ABSENCE if stem in lowered), "NOT_RECORDED")
    if sum(map(str.isdigit, written)) >= 4:
        return IinReading(written=written, absence=absence, fault=Fault.BAD_IIN)
    return IinReading(written=written, absence=absence, fault=Fault.NO_IIN)
