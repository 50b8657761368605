"""The words a sheet is written in: each returns a mapped column whose `info` holds one frozen `Field`.

Everything a room needs to know of a field is said here once: label, kind, whether it is required or listed, its
choices or target, how secret it is and how two laptops' versions of it merge.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Date, Integer, String, Text, Uuid
from sqlalchemy.orm import Mapped, MappedColumn, mapped_column

from familydesk.core.columns import Amount, Choice, Many, Moment


class Kind(enum.Enum):
    """What sort of value a field holds. Every table keyed by kind must know each of them."""

    LINE = "line"
    NOTE = "note"
    DAY = "day"
    MOMENT = "moment"
    CHOICE = "choice"
    MANY = "many"
    YES_NO = "yes_no"
    NUMBER = "number"
    AMOUNT = "amount"
    PHONE = "phone"
    IIN = "iin"
    REFERENCE = "reference"


class Secrecy(enum.IntEnum):
    """How secret a value is, least first. Decides masks, redaction, rights, logs and the key it travels under."""

    PLAIN = 1
    PERSONAL = 2
    SPECIAL = 3
    LOCATION = 4
    PRIVILEGED = 5


class Merge(enum.Enum):
    """What two laptops do with two truly concurrent values; the loser is always kept for a person to settle."""

    LAST = "last"
    SAFEST = "safest"
    GROWS = "grows"
    KEEP_BOTH = "keep_both"


@dataclass(frozen=True, slots=True)
class Field:
    """What every room knows of one field.

    `choices` is an Enum whose NAMES are stored and sent and whose values are marked labels; for SAFEST the members
    stand least protective first. `safest` is the protective value of a yes/no. `target` is the sheet a reference
    points to; `apart_from` names a field of the same record that never holds the same reference.
    """

    label: str
    kind: Kind
    name: str = ""
    required: bool = False
    listed: bool = False
    choices: type[enum.Enum] | None = None
    target: str | None = None
    apart_from: str = ""
    secrecy: Secrecy = Secrecy.PERSONAL
    merge: Merge = Merge.LAST
    safest: bool | None = None
    help: str = ""
    unit: str = ""

    def named(self, name: str) -> Field:
        """The same field under its column's name."""
        return replace(self, name=name)


def line(label: str, **words: Any) -> Mapped[Any]:
    """One line of text."""
    return _column(String, Kind.LINE, label, words)


def note(label: str, **words: Any) -> Mapped[Any]:
    """A text of any length; both versions are kept when two laptops wrote different ones."""
    words.setdefault("merge", Merge.KEEP_BOTH)
    words.setdefault("secrecy", Secrecy.SPECIAL)
    return _column(Text, Kind.NOTE, label, words)


def day(label: str, **words: Any) -> Mapped[date | None]:
    """A calendar day."""
    return _column(Date, Kind.DAY, label, words)


def moment(label: str, **words: Any) -> Mapped[datetime | None]:
    """A moment, aware; kept in UTC to the second."""
    return _column(Moment, Kind.MOMENT, label, words)


def choice(label: str, choices: type[enum.Enum], **words: Any) -> Mapped[Any]:
    """One member of a coded vocabulary."""
    return _column(Choice(choices), Kind.CHOICE, label, {**words, "choices": choices})


def many(label: str, choices: type[enum.Enum], **words: Any) -> Mapped[Any]:
    """Any number of members of a coded vocabulary, as a tuple in the vocabulary's order."""
    return _column(Many(choices), Kind.MANY, label, {**words, "choices": choices})


def yes_no(label: str, **words: Any) -> Mapped[bool | None]:
    """Yes, no, or not known (None)."""
    if words.get("safest") is not None:
        words.setdefault("merge", Merge.SAFEST)
    return _column(Boolean, Kind.YES_NO, label, words)


def number(label: str, **words: Any) -> Mapped[int | None]:
    """A whole number; `unit` says of what."""
    return _column(Integer, Kind.NUMBER, label, words)


def amount(label: str, **words: Any) -> Mapped[Decimal | None]:
    """A sum in tenge, to the tiyn."""
    return _column(Amount, Kind.AMOUNT, label, {"unit": "₸", **words})


def phone(label: str, **words: Any) -> Mapped[str | None]:
    """A telephone number in E.164, or a short number of an organisation."""
    return _column(String, Kind.PHONE, label, words)


def iin(label: str, **words: Any) -> Mapped[str | None]:
    """An individual identification number: 12 digits, as text."""
    return _column(String, Kind.IIN, label, words)


def reference(label: str, target: str, **words: Any) -> Mapped[UUID | None]:
    """The id of a record on the sheet `target`. No enforced foreign key: the other record may not have arrived yet."""
    return _column(Uuid, Kind.REFERENCE, label, {**words, "target": target}, index=True)


def _column(
    kind_of_column: Any, kind: Kind, label: str, words: dict[str, Any], index: bool = False
) -> MappedColumn[Any]:
    default = words.pop("default", None)
    indexed = words.pop("indexed", index)
    field = Field(label, kind, **words)
    return mapped_column(kind_of_column, default=default, index=indexed, nullable=True, info={"field": field})
