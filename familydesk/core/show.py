"""A value as text, in the language in force. One formatter a kind; a reference is shown by whoever can look it up."""

from __future__ import annotations

import enum
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from familydesk.core.clock import ZONE
from familydesk.core.fields import Field, Kind
from familydesk.core.i18n import N_, spoken, translate

NARROW = "\N{NO-BREAK SPACE}"

MONTHS = {
    "kk": [
        "қаңтар",
        "ақпан",
        "наурыз",
        "сәуір",
        "мамыр",
        "маусым",
        "шілде",
        "тамыз",
        "қыркүйек",
        "қазан",
        "қараша",
        "желтоқсан",
    ],
    "ru": [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}


HIDDEN = N_("Hidden from your role")
"""What stands in place of a value that the reader may not see: never nothing, which would look like an empty field."""


def show(field: Field, value: Any) -> str:
    """`value` of `field` as text; nothing for nothing. A value this version does not know is shown as it is."""
    if value is None or value == ():
        return ""
    return SHOWN[field.kind](value)


def show_day(value: date) -> str:
    """22.11.2026: the same in all three languages, as the field's papers write it."""
    return value.strftime("%d.%m.%Y")


def show_moment(value: datetime) -> str:
    """22.11.2026 14:20, by the desk's wall clock."""
    return value.astimezone(ZONE).strftime("%d.%m.%Y %H:%M")


def show_day_in_words(value: date) -> str:
    """2026 жылғы 22 қараша · 22 ноября 2026 года · 22 November 2026, as a letter's head has it."""
    language = spoken() if spoken() in MONTHS else "en"
    month = MONTHS[language][value.month - 1]
    if language == "kk":
        return f"{value.year} жылғы {value.day} {month}"
    return f"{value.day} {month} {value.year}" + (" года" if language == "ru" else "")


def show_number(value: int) -> str:
    """Thousands apart by a space that does not break."""
    return f"{value:,}".replace(",", NARROW)


def show_amount(value: Decimal) -> str:
    """1 234 567,89 ₸."""
    return f"{value:,.2f}".replace(",", NARROW).replace(".", ",") + f"{NARROW}₸"


def show_choice(value: enum.Enum | str) -> str:
    """The label of a vocabulary's member."""
    return translate(value.value) if isinstance(value, enum.Enum) else str(value)


def show_phone(value: str) -> str:
    """+7 701 123 45 67; short numbers as they are."""
    if not value.startswith("+7") or len(value) != 12:
        return value
    return f"+7 {value[2:5]} {value[5:8]} {value[8:10]} {value[10:]}"


def mask(text: str, shown: int = 4) -> str:
    """All but the last `shown` characters hidden; nothing at all of a text that short."""
    return "•" * max(0, len(text) - shown) + text[-shown:] if len(text) > shown else "•" * len(text)


def _show_yes_no(value: bool) -> str:
    return translate(N_("Yes") if value else N_("No"))


def _show_reference(value: UUID | str) -> str:
    return str(value)


SHOWN: dict[Kind, Callable[[Any], str]] = {
    Kind.LINE: str,
    Kind.NOTE: str,
    Kind.DAY: show_day,
    Kind.MOMENT: show_moment,
    Kind.CHOICE: show_choice,
    Kind.MANY: lambda values: ", ".join(show_choice(value) for value in values),
    Kind.YES_NO: _show_yes_no,
    Kind.NUMBER: show_number,
    Kind.AMOUNT: show_amount,
    Kind.PHONE: show_phone,
    Kind.IIN: str,
    Kind.REFERENCE: _show_reference,
}
