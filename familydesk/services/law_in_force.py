"""The law as the center's tables hold it: terms, citations and working days, each by the day it was in force."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from familydesk.core.i18n import spoken
from familydesk.core.record import Record
from familydesk.law.arithmetic import Reckoning
from familydesk.law.calendar import Calendar, DayKind
from familydesk.law.dated import newest
from familydesk.law.terms import Unit, reckon
from familydesk.records.calendar_day import CalendarDay
from familydesk.records.legal_reference import LegalReference
from familydesk.records.response_term import ResponseTerm
from familydesk.store.database import Database

TABLES = frozenset({"response_term", "legal_reference", "calendar_day"})


@dataclass(frozen=True, slots=True)
class TermInForce:
    """A row of the table of response terms. An open beginning or end is told by the first or by no day."""

    kind: str
    amount: int
    unit: Unit
    reference_code: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Citation:
    """A row of the table of legal references; `titles` by language."""

    code: str
    titles: dict[str, str]
    valid_from: date
    valid_to: date | None

    def __str__(self) -> str:
        """The citation in the language in force, or in the state language where that one is missing."""
        return self.titles.get(spoken()) or self.titles["kk"]


class LawInForce:
    """The dated tables, read once and again after each change to them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tables: _Tables | None = None
        self._commits = 0
        database.listen(self._forget)

    @property
    def calendar(self) -> Calendar:
        """The working days that the center's calendar knows."""
        return self._read().calendar

    def term(self, kind: str, on: date) -> TermInForce | None:
        """The term in force on the day `on`; None where no law sets one."""
        return newest(self._read().terms.get(kind, ()), on)

    def cited(self, code: str, on: date) -> Citation | None:
        """The norm that a document of the day `on` cites."""
        return newest(self._read().citations.get(code, ()), on)

    def reckon(self, kind: str, start: datetime) -> Reckoning | None:
        """When the term that `start` begins ends; None where no law sets one."""
        tables = self._read()
        if (kind, start) not in tables.reckoned:
            term = self.term(kind, start.date())
            tables.reckoned[kind, start] = reckon(term, start, tables.calendar) if term else None
        return tables.reckoned[kind, start]

    def begins(self, kind: str) -> date:
        """The day from which the table knows a term of this kind."""
        return min(row.valid_from for row in self._read().terms[kind])

    def kinds(self) -> frozenset[str]:
        """The kinds of term that the table knows."""
        return frozenset(self._read().terms)

    def _read(self) -> _Tables:
        # Kept in a local name: another thread may forget the tables meanwhile.
        tables = self._tables
        if tables is None:
            commits = self._commits
            with self._database.read() as session:
                tables = _Tables.of(session)
            if commits == self._commits:
                self._tables = tables
        return tables

    def _forget(self, touched: frozenset[str]) -> None:
        if touched & TABLES:
            self._commits += 1
            self._tables = None


@dataclass(frozen=True, slots=True)
class _Tables:
    terms: dict[str, list[TermInForce]]
    citations: dict[str, list[Citation]]
    calendar: Calendar
    reckoned: dict[tuple[str, datetime], Reckoning | None]

    @classmethod
    def of(cls, session: Session) -> _Tables:
        """A row whose unit or kind only a newer program knows is passed over: there is nothing to reckon with."""
        terms: dict[str, list[TermInForce]] = {}
        for row in _rows(session, ResponseTerm):
            if isinstance(row.unit, Unit):
                terms.setdefault(row.kind, []).append(_term(row))
        citations: dict[str, list[Citation]] = {}
        for row in _rows(session, LegalReference):
            titles = {"kk": row.title_kk, "ru": row.title_ru, "en": row.title_en or ""}
            since = row.valid_from or date.min
            citations.setdefault(row.code, []).append(Citation(row.code, titles, since, row.valid_to))
        days = {row.day: row.kind for row in _rows(session, CalendarDay) if isinstance(row.kind, DayKind)}
        return cls(terms, citations, Calendar(days), {})


def _rows(session: Session, sheet: type[Record]) -> Iterable[Any]:
    return session.execute(select(*sheet.__table__.columns).where(sheet.archived.is_(False)))


def _term(row: Any) -> TermInForce:
    return TermInForce(row.kind, row.amount, row.unit, row.reference_code, row.valid_from or date.min, row.valid_to)
