"""What people type, made into values: one reader a kind for text, one tidier a kind for every value on its way to
the store.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from familydesk.core.clock import ZONE
from familydesk.core.errors import Problem, Refused
from familydesk.core.fields import Field, Kind, Secrecy
from familydesk.core.i18n import N_
from familydesk.core.record import is_empty
from familydesk.law import phone as phones

LONGEST = {Kind.LINE: 33_000, Kind.NOTE: 100_000}
LONGEST_ELSE = 1_000
"""Characters. A cell of any register fits into a line; what is longer was pasted by mistake."""
YEARS = range(1800, 2200)
"""Years of which a center's records may speak; any other is a slip of the hand."""
WRONG_YEAR = N_("This year cannot be right.")
LONGEST_DAY = len("2026-03-19")
LARGEST = 10**12
"""No count and no sum in tenge is so large."""
TOO_LONG = N_("This text is too long: {most} characters at most.")
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")

YES = {"yes", "true", "1", "да", "иә"}
NO = {"no", "false", "0", "нет", "жоқ"}


def read(field: Field, text: str) -> Any:
    """The value of `field` that `text` spells; an empty text is no value. Refused with a sentence if it spells none."""
    text = text.strip()
    if not text:
        return None
    _refuse_longer(field, text)
    try:
        return READERS[field.kind](field, text)
    except (ValueError, InvalidOperation):
        raise Refused(Problem(field.name, UNREADABLE[field.kind])) from None


def tidy(field: Field, value: Any) -> Any:
    """`value` as the store keeps it: composed letters, no stray spaces, one spelling for one telephone number.

    Refused if no field of its kind can hold it: a text too long, a year or a number out of all reach.
    """
    if is_empty(value):
        return None
    tidier = TIDIERS.get(field.kind)
    return tidier(field, value) if tidier else value


def _refuse_longer(field: Field, text: str) -> None:
    if len(text) > (most := LONGEST.get(field.kind, LONGEST_ELSE)):
        raise Refused(Problem(field.name, TOO_LONG, {"most": most}))


def _choice(field: Field, text: str) -> enum.Enum:
    assert field.choices is not None
    try:
        return field.choices[text.upper()]
    except KeyError:
        raise ValueError from None


def _many(field: Field, text: str) -> tuple[enum.Enum, ...]:
    named = {_choice(field, part.strip()) for part in text.split(",") if part.strip()}
    assert field.choices is not None
    return tuple(member for member in field.choices if member in named)


def moment(text: str) -> datetime:
    """A moment in ISO 8601; without an offset it is one of the desk's own clock. ValueError if it is none, and for a
    day alone: a term that nobody meant to begin at midnight would end on a wrong one.
    """
    if len(text) <= LONGEST_DAY:
        raise ValueError("a day is no moment")
    read_at = datetime.fromisoformat(text)
    return read_at if read_at.tzinfo else read_at.replace(tzinfo=ZONE)


def _yes_no(field: Field, text: str) -> bool:
    word = text.casefold()
    if word not in YES | NO:
        raise ValueError
    return word in YES


def _tidy_text(field: Field, value: str) -> str | None:
    return " ".join(_written(field, value).split()) or None


def _tidy_note(field: Field, value: str) -> str | None:
    return _written(field, value.replace("\r\n", "\n").replace("\r", "\n")).strip() or None


def _written(field: Field, value: str) -> str:
    """The text without signs that nobody can see: they reorder names on paper and steer terminals."""
    if _SURROGATE.search(value):
        raise Refused(Problem(field.name, N_("This text holds signs that cannot be read: write it in UTF-8.")))
    text = _UNSEEN.sub("", unicodedata.normalize("NFC", value))
    _refuse_longer(field, text)
    return text


def _tidy_day(field: Field, value: date) -> date:
    if value.year not in YEARS:
        raise Refused(Problem(field.name, WRONG_YEAR))
    return value


def _tidy_moment(field: Field, value: datetime) -> datetime:
    """To the second, by the desk's clock; one without its zone is left for the store to refuse."""
    _tidy_day(field, value)
    return value.astimezone(ZONE).replace(microsecond=0) if value.tzinfo else value


def _tidy_number(field: Field, value: int) -> int:
    if abs(value) >= LARGEST:
        raise Refused(Problem(field.name, UNREADABLE[Kind.NUMBER]))
    return value


def _tidy_amount(field: Field, value: Decimal) -> Decimal:
    if not value.is_finite() or abs(value) >= LARGEST:
        raise Refused(Problem(field.name, UNREADABLE[Kind.AMOUNT]))
    return value.quantize(Decimal("0.01"))


def _tidy_phone(field: Field, value: str) -> str:
    try:
        # An organisation's number may be a short one (102, 111); a person's never is.
        return phones.normalise(value, short=field.secrecy is Secrecy.PLAIN)
    except ValueError:
        raise Refused(Problem(field.name, UNREADABLE[Kind.PHONE])) from None


def _tidy_iin(field: Field, value: str) -> str | None:
    return "".join(value.split()) or None


def _tidy_many(field: Field, value: Any) -> tuple[Any, ...]:
    assert field.choices is not None
    given = set(value)
    return tuple(member for member in field.choices if member in given) + tuple(
        item for item in value if isinstance(item, str)
    )


READERS: dict[Kind, Callable[[Field, str], Any]] = {
    Kind.LINE: lambda field, text: text,
    Kind.NOTE: lambda field, text: text,
    Kind.DAY: lambda field, text: date.fromisoformat(text),
    Kind.MOMENT: lambda field, text: moment(text),
    Kind.CHOICE: _choice,
    Kind.MANY: _many,
    Kind.YES_NO: _yes_no,
    Kind.NUMBER: lambda field, text: int(text),
    Kind.AMOUNT: lambda field, text: Decimal(text.replace(",", ".").replace(" ", "")),
    Kind.PHONE: lambda field, text: text,
    Kind.IIN: lambda field, text: text,
    Kind.REFERENCE: lambda field, text: UUID(text),
}

TIDIERS: dict[Kind, Callable[[Field, Any], Any]] = {
    Kind.LINE: _tidy_text,
    Kind.NOTE: _tidy_note,
    Kind.DAY: _tidy_day,
    Kind.MOMENT: _tidy_moment,
    Kind.NUMBER: _tidy_number,
    Kind.AMOUNT: _tidy_amount,
    Kind.PHONE: _tidy_phone,
    Kind.IIN: _tidy_iin,
    Kind.MANY: _tidy_many,
}

_OTHER = N_("This value cannot be read.")
UNREADABLE: dict[Kind, str] = dict.fromkeys(Kind, _OTHER) | {
    Kind.DAY: N_("A day is written as YYYY-MM-DD."),
    Kind.MOMENT: N_("A moment is written as YYYY-MM-DDTHH:MM+05:00."),
    Kind.CHOICE: N_("This is not one of the choices."),
    Kind.MANY: N_("This is not one of the choices."),
    Kind.YES_NO: N_("Write yes or no."),
    Kind.NUMBER: N_("Write a whole number."),
    Kind.AMOUNT: N_("Write a sum in tenge."),
    Kind.PHONE: N_("This is not a telephone number of Kazakhstan."),
    Kind.REFERENCE: N_("This is not the id of a record."),
}
