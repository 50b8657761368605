"""Record: what every sheet is. A sheet is one mapped class; its fields, rules, stream and duties are all there is
to know of it.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Boolean, MetaData, Uuid, false
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from familydesk.core.errors import Problem
from familydesk.core.fields import Field, Kind
from familydesk.core.i18n import N_, translate
from familydesk.core.ids import new_id

CONVENTION = {"ix": "ix_%(column_0_label)s", "pk": "pk_%(table_name)s"}


class StreamKind(enum.Enum):
    """Which key a sheet's records travel under, whose rights they follow and what an erasure takes with it."""

    CENTER = "center"
    CASE = "case"
    PRIVILEGED = "privileged"
    REFERRAL = "referral"


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream; `path` leads from the record to its case, field by field (`order_id.case_id`)."""

    kind: StreamKind
    path: str = ""

    @classmethod
    def center(cls) -> Stream:
        """The center's own directory."""
        return cls(StreamKind.CENTER)

    @classmethod
    def case(cls, path: str = "case_id") -> Stream:
        """The case that `path` leads to."""
        return cls(StreamKind.CASE, path)

    @classmethod
    def referral(cls, path: str = "case_id") -> Stream:
        """A stream of its own for each referral, so that one can travel to another center without its case."""
        return cls(StreamKind.REFERRAL, path)


@dataclass(frozen=True, slots=True)
class Duty:
    """A deadline that records of a sheet bring with them. Field names only, so that a database can find what is open.

    `term` is the kind of response term; `starts` the field whose value starts it; `ended_by` the field whose value ends
    it, on this sheet (`answered_on`) or on one that refers to it (`assessment.done_on`); `excused_by`, beside that
    field, ends it too. A record brings the duty if one of `given` is set (or none is named) and none of `unless` is.
    Of the records that refer to it, only those with these `only` values end it. `due_field` holds a due moment that
    wins over the reckoned one. `every` repeats the term after each ending. When the value of `until` is past, nothing
    is owed.
    """

    term: str
    starts: str
    ended_by: str
    excused_by: str = ""
    given: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    only: tuple[tuple[str, str], ...] = ()
    due_field: str = ""
    every: bool = False
    until: str = ""


class Record(DeclarativeBase):
    """The base of every sheet: an id, an archived flag, and what a sheet may say of itself."""

    metadata = MetaData(naming_convention=CONVENTION)

    title: ClassVar[str]
    """One record's name, marked: "Protective order"."""
    plural: ClassVar[str]
    """Many records' name, marked."""
    stream: ClassVar[Stream]
    title_fields: ClassVar[tuple[str, ...]] = ()
    """Fields whose values, joined by a space, name a record in a list."""
    parent: ClassVar[str] = ""
    """The reference through which a child record hangs on its parent's screen."""
    sections: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = ()
    """Layout hints: (marked heading, field names). Fields left out follow at the end."""
    duties: ClassVar[tuple[Duty, ...]] = ()
    numbered: ClassVar[tuple[str, str]] = ("", "")
    """The field that the program fills with the next number of this sheet's series if it is empty, and the number's
    pattern over `code` (the center's), `block` (the laptop's), `year` and `count`."""
    searched: ClassVar[bool] = True
    """Whether the desk's search finds records of this sheet by themselves."""

    programs_own: ClassVar[frozenset[str]] = frozenset()
    """Fields that the program alone writes, since it acts upon what stands there or has read it from elsewhere. Those
    that stand in `sections` are shown, and not to be written in."""

    covered = frozenset[str]()
    """Fields that the reader may not see; they hold nothing here and are not written back."""

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    archived: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())

    @classmethod
    def sheet(cls) -> str:
        """Table name, module name and wire name: one word."""
        return str(cls.__tablename__)

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        """The fields, in the order in which the sheet was written."""
        return _fields(cls)

    @classmethod
    def field(cls, name: str) -> Field:
        """One field by name; KeyError if the sheet has none of that name."""
        return _by_name(cls)[name]

    def rules(self) -> Iterator[Problem]:
        """The sheet's own rules. Override; required fields and impossible references are checked for you."""
        return iter(())

    def problems(self) -> list[Problem]:
        """Every broken rule, required fields first."""
        missing = [
            Problem(field.name, N_("This cannot be left empty."))
            for field in self.fields()
            if field.required and is_empty(getattr(self, field.name))
        ]
        return missing or list(self.rules())

    def values(self) -> dict[str, Any]:
        """Field values by name."""
        return {field.name: getattr(self, field.name) for field in self.fields()}

    def title_text(self) -> str:
        """The record's name in lists: its title fields, those that are filled, joined by a space."""
        from familydesk.core.show import HIDDEN, show

        shown = (show(self.field(name), getattr(self, name)) for name in self.title_fields)
        hidden = translate(HIDDEN) if self.covered & set(self.title_fields) else ""
        return " ".join(part for part in shown if part) or hidden

    def shown(self, name: str) -> str:
        """One field as text; what the reader may not see is said to be hidden."""
        from familydesk.core.show import HIDDEN, show

        return translate(HIDDEN) if name in self.covered else show(self.field(name), getattr(self, name))


def is_empty(value: object) -> bool:
    """Nothing there: None, an empty text or an empty set. False and 0 are values."""
    return value is None or value == "" or value == ()


@cache
def _fields(sheet: type[Record]) -> tuple[Field, ...]:
    columns = sheet.__table__.columns
    return tuple(column.info["field"].named(column.name) for column in columns if "field" in column.info)


@cache
def _by_name(sheet: type[Record]) -> dict[str, Field]:
    return {field.name: field for field in _fields(sheet)}


def references(sheet: type[Record], target: str) -> list[Field]:
    """The fields of `sheet` that point to `target`."""
    return [field for field in sheet.fields() if field.kind is Kind.REFERENCE and field.target == target]
