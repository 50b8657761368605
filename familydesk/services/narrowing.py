"""How a query is kept to what the reader may be led to: rows left out for her, and columns that are never taken alone.

A record that was read is covered field by field; a column that is asked for by itself has no record to cover. So a
query of a reading session may take a column alone only if every record shows it to her.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, with_loader_criteria
from sqlalchemy.orm.interfaces import ORMOption
from sqlalchemy.sql import visitors

from familydesk.core.fields import Secrecy
from familydesk.core.record import Record, StreamKind
from familydesk.records import SHEETS, sheet_of
from familydesk.records.person_address import PersonAddress
from familydesk.records.person_phone import PersonPhone

REACHING: tuple[type[Any], ...] = (PersonPhone, PersonAddress)
"""Sheets that tell how somebody is reached and where she is: of those she must not be led to, none is there."""


@dataclass(frozen=True, slots=True)
class Beyond:
    """What is not there for a reader: cases with all that belongs to them, and how these people are reached."""

    cases: frozenset[UUID] = frozenset()
    people: frozenset[UUID] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.cases or self.people)

    def criteria(self) -> Iterator[ORMOption]:
        """Conditions for every query, wherever in it the sheets stand, subqueries included."""
        if self.people:
            for kind in REACHING:
                yield with_loader_criteria(kind, _not_of(kind.person_id, self.people), include_aliases=True)
        if self.cases:
            for sheet in _of_cases():
                yield with_loader_criteria(sheet, _outside(sheet, self.cases), include_aliases=True)


def too_secret(statement: Any, seen: Secrecy, open_to_all: Container[str]) -> list[str]:
    """Columns above `seen` that a query gives out without their record, bare or inside an expression."""
    return sorted({str(column) for column in _taken_alone(statement) if _secrecy(column, open_to_all) > seen})


def _taken_alone(statement: Any) -> Iterator[Any]:
    for part in getattr(statement, "selects", (statement,)):
        for taken in part.column_descriptions if isinstance(part, Select) else ():
            if not isinstance(taken["expr"], type):
                yield from _columns_in(taken["expr"])


def _columns_in(expression: Any) -> Iterator[Any]:
    if isinstance(expression, InstrumentedAttribute):
        expression = expression.expression
    return (part for part in visitors.iterate(expression) if part.__visit_name__ == "column")


def _secrecy(column: Any, open_to_all: Container[str]) -> Secrecy:
    field = getattr(column, "info", {}).get("field")
    return field.secrecy if field and column.table.name not in open_to_all else Secrecy.PLAIN


def _outside(sheet: type[Record], cases: frozenset[UUID]) -> ColumnElement[bool]:
    """Rows of `sheet` whose path does not end at one of these cases."""
    step, _, beyond = sheet.stream.path.partition(".")
    column = getattr(sheet, step)
    if not beyond:
        return _not_of(column, cases)
    parent = sheet_of(sheet.field(step).target or "").__table__.columns
    return or_(column.is_(None), column.not_in(select(parent["id"]).where(parent[beyond].in_(cases))))


def _not_of(column: Any, ids: frozenset[UUID]) -> ColumnElement[bool]:
    # A comparison with nothing is neither true nor false, and would take the row away.
    return or_(column.is_(None), column.not_in(ids))


@cache
def _of_cases() -> tuple[type[Record], ...]:
    return tuple(sheet for sheet in SHEETS if sheet.stream.kind is not StreamKind.CENTER)
