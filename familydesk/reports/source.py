"""Where the sections of a report take their records from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, Executable, Row, String, and_, type_coerce
from sqlalchemy.orm import Session

from familydesk.core import clock
from familydesk.core.errors import Problem
from familydesk.core.record import Record
from familydesk.law.arithmetic import Reckoning
from familydesk.reports.figure import Figure
from familydesk.reports.period import Period
from familydesk.reports.table import Relation, Table

T = TypeVar("T")
SECOND = timedelta(seconds=1)
BY_THE_MOMENT = object()
"""A day on which a term's end depends on the hour at which it begins."""

Reckon = Callable[[str, datetime], Reckoning | None]
"""When the term of a kind that begins at a moment ends, by the law in force then; None where no law sets one."""


@dataclass(frozen=True, slots=True)
class Source:
    """An open session, the span of days, the moment of asking and the law's terms."""

    session: Session
    period: Period
    now: datetime
    reckon: Reckon
    found: dict[Any, Any] = field(default_factory=dict, repr=False)

    def once(self, find: Callable[[Source], T]) -> T:
        """What `find` finds, asked of the database once however many tables are made of it."""
        key = (find, self.period)
        if key not in self.found:
            self.found[key] = find(self)
        return cast(T, self.found[key])

    def due(self, term: str, start: datetime) -> datetime | None:
        """When a term begun at `start` ends; None where no law sets one.

        If it ends at one moment whether it began with the first or with the last second of a day, that day is reckoned
        once for all its records.
        """
        day = start.astimezone(clock.ZONE).date()
        key = (term, day)
        if key not in self.found:
            first, after = clock.day_bounds(day, day)
            ends = {
                reckoning.due if reckoning else None
                for reckoning in map(partial(self.reckon, term), (first, after - SECOND))
            }
            self.found[key] = ends.pop() if len(ends) == 1 else BY_THE_MOMENT
        due = self.found[key]
        if due is not BY_THE_MOMENT:
            return cast("datetime | None", due)
        reckoning = self.reckon(term, start)
        return reckoning.due if reckoning else None

    def rows(self, query: Executable) -> list[Row[Any]]:
        """Every row the query finds."""
        return list(self.session.execute(query).all())

    def year_before(self) -> Source:
        """The same for the same days of the year before."""
        return replace(self, period=self.period.year_before())


@dataclass(frozen=True, slots=True)
class Section:
    """A titled group of tables. `faults` say why its numbers cannot stand, `at_fault` opens the records behind that."""

    name: str
    title: str
    tables: tuple[Table, ...]
    relations: tuple[Relation, ...] = field(default=(), repr=False)
    faults: tuple[Problem, ...] = ()
    at_fault: Figure | None = None

    def table(self, name: str) -> Table:
        """One table by its name."""
        return next(table for table in self.tables if table.name == name)


def columns_of(sheet: type[Record]) -> Any:
    """The columns of a sheet, without the mapper: its rows are plain."""
    return sheet.__table__.columns


def raw(column: Any) -> ColumnElement[str | None]:
    """A column as it lies in the file: ids as 32 digits, choices by NAME. Half the time of a long report is saved."""
    return type_coerce(column, String)


def standing(sheet: type[Record], *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Records of the sheet that are not put away and meet the conditions."""
    return and_(sheet.archived.is_(False), *conditions)


def within(column: Any, period: Period) -> ColumnElement[bool]:
    """A column of moments that lie in the period; the last day counts."""
    return and_(column >= period.starts, column < period.ends)


def between(column: Any, period: Period) -> ColumnElement[bool]:
    """A column of days that lie in the period, both ends counted."""
    return and_(column >= period.first, column <= period.last)
