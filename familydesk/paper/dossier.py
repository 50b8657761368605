"""A dossier: the records that a paper is drawn from, already redacted, and the law by the day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar, cast
from uuid import UUID

from familydesk.core.fields import Kind
from familydesk.core.i18n import ngettext, spoken, translate
from familydesk.core.record import Record
from familydesk.core.show import show, show_day, show_moment
from familydesk.law.ages import age_on
from familydesk.records import sheet_of
from familydesk.records.center import Center
from familydesk.records.staff_member import StaffMember

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class OpenDeadline:
    """One open deadline as a paper shows it: of which kind and record; what, by when, on what ground, how it stands."""

    kind: str
    record_id: UUID
    title: str
    due: datetime
    ground: str
    state: str


@dataclass(frozen=True, slots=True)
class AccessLine:
    """One line of the access sheet: who did what with the file, and why or for whom."""

    at: datetime
    who: str
    done: str
    why: str


Law = Callable[[str, date], str]
"""A norm's code and a day, answered by the citation in force on that day in the language spoken, or by nothing."""


@dataclass(frozen=True)
class Dossier:
    """What a form is drawn from. `subject` is the record that it starts from; a blank dossier has empty records."""

    subject: Record
    drawn_at: datetime
    law: Law
    records: Mapping[type[Record], tuple[Record, ...]] = field(default_factory=dict)
    deadlines: tuple[OpenDeadline, ...] = ()
    blank: bool = False
    permission: str = ""
    """Why LOCATION may be printed here; empty if it may not."""
    accesses: tuple[AccessLine, ...] = ()
    proof: str = ""
    """Who printed it, and where the journal ended then: an old paper proves that nothing was written anew since."""

    def all(self, sheet: type[R]) -> tuple[R, ...]:
        """Every record of a sheet, in the order in which they were gathered."""
        return cast(tuple[R, ...], self.records.get(sheet, ()))

    def one(self, sheet: type[R]) -> R:
        """The first record of a sheet, or an empty one."""
        return next(iter(self.all(sheet)), None) or sheet()

    def of(self, sheet: type[R], name: UUID | None) -> R:
        """The record of that id, or an empty one: it may not have reached this laptop yet."""
        found = self._by_id.get(name)
        return found if isinstance(found, sheet) else sheet()

    def where(self, sheet: type[R], **values: Any) -> list[R]:
        """The records of a sheet whose fields hold exactly these values."""
        return [it for it in self.all(sheet) if all(getattr(it, name) == value for name, value in values.items())]

    @cached_property
    def _by_id(self) -> dict[UUID | None, Record]:
        return {record.id: record for records in self.records.values() for record in records}

    @property
    def center(self) -> Center:
        """The center whose paper it is."""
        return self.one(Center)

    def text(self, record: Record, name: str) -> str:
        """A field's value as text; a reference as the name of what it points to."""
        its = record.field(name)
        value = getattr(record, name)
        if its.kind is Kind.REFERENCE and its.target:
            return self.name(sheet_of(its.target), value)
        shown = show(its, value)
        return f"{shown} {translate(its.unit)}" if shown and its.kind is Kind.NUMBER and its.unit else shown

    def name(self, sheet: type[Record], reference: UUID | None) -> str:
        """The name of a record in the language of the paper; nothing if it is not known here."""
        record = self._by_id.get(reference)
        if not isinstance(record, sheet):
            return ""
        if isinstance(record, StaffMember):
            return initials(record)
        return bilingual(record) or record.title_text()

    def cite(self, code: str, on: date | None = None) -> str:
        """The norm called `code` as a paper of the day `on` cites it (by default of the day of drawing)."""
        return self.law(code, on or self.drawn_at.date())


def bilingual(record: Record) -> str:
    """The name of a body or a place in the language of the paper, in Kazakh where that one is missing."""
    ours = getattr(record, f"name_{spoken()}", None)
    return str(ours or getattr(record, "name_kk", None) or "")


def initials(person: Any) -> str:
    """A. B. Surname, as under a signature; nothing for nobody."""
    letters = "".join(f"{name[0]}." for name in (person.given, person.patronymic) if name)
    return " ".join(part for part in (letters, person.surname) if part)


def full_name(person: Any) -> str:
    """Surname, given name, patronymic, those that there are."""
    return " ".join(part for part in (person.surname, person.given, person.patronymic) if part)


def moment_text(value: datetime | None) -> str:
    """A moment, or nothing."""
    return show_moment(value) if value else ""


def day_text(value: date | None) -> str:
    """A day, or nothing."""
    return show_day(value) if value else ""


def joined(parts: Iterable[str], by: str = ", ") -> str:
    """Those parts that say something."""
    return by.join(part for part in parts if part)


def age_text(born_on: date | None, on: date) -> str:
    """Whole years in words: 34 years; nothing if unknown."""
    if not born_on or born_on > on:
        return ""
    years = age_on(born_on, on)
    return ngettext("{count} year", "{count} years", years).format(count=years)
