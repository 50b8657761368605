"""How a query is kept to what the reader may be led to: rows left out for her, and columns that are never taken alone.

A record that was read is covered field by field; a column that is asked for by itself has no record to cover. So a
query of a reading session may take a column alone only if every record shows it to her.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, with_loader_criteria
from sqlalchemy.orm.interfaces import ORMOption
from sqlalchemy.sql import visitors

from familydesk.core.fields import Secrecy
from familydesk.core.record import Record, StreamKind
from familydesk.records import BY_NAME, sheet_of
from familydesk.records.person_address import PersonAddress
from familydesk.records.person_phone import PersonPhone
from familydesk.services.rights import OPEN_TO_ALL

REACHING: tuple[type[Any], ...] = (PersonPhone, PersonAddress)
"""Sheets that tell how somebody is reached and where she is: of those she must not be led to, none is there."""


@dataclass(frozen=True, slots=True)
class Beyond:
    """What is not there for a reader: cases with all that belongs to them, and how these people are reached."""

    cases: frozenset[UUID] = frozenset()
    people: frozenset[UUID] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.cases or self.people)

    def criteria(self, statement: Any) -> list[ORMOption]:
        """Conditions for a query, wherever in it the sheets stand, subqueries included."""
        if not self:
            return []
        return [one for name in _shape(statement).tables for one in _criteria(name, self.cases, self.people)]


@lru_cache(maxsize=256)
def _criteria(name: str, cases: frozenset[UUID], people: frozenset[UUID]) -> tuple[ORMOption, ...]:
    sheet: Any = BY_NAME.get(name)
    found = []
    if people and sheet in REACHING:
        found.append(_not_of(sheet.person_id, people))
    if cases and sheet and sheet.stream.kind is not StreamKind.CENTER:
        found.append(_outside(sheet, cases))
    return tuple(with_loader_criteria(sheet, one, include_aliases=True) for one in found)


@cache
def above(sheet: type[Record], word: Secrecy) -> frozenset[str]:
    """The names of the fields that are more secret than `word`; PRIVILEGED ones open by their owner's key alone."""
    if sheet.sheet() in OPEN_TO_ALL:
        return frozenset()
    return frozenset(field.name for field in sheet.fields() if word < field.secrecy < Secrecy.PRIVILEGED)


def too_secret(statement: Any, seen: Secrecy) -> list[str]:
    """Columns above `seen` that a query gives out without their record, bare or inside an expression."""
    return sorted(name for name, secrecy in _shape(statement).alone if secrecy > seen)


class _Shape(NamedTuple):
    """The tables that a query names, in its subqueries too, and what it takes without a record."""

    tables: tuple[str, ...]
    alone: tuple[tuple[str, Secrecy], ...]


_SHAPES: WeakKeyDictionary[Any, _Shape] = WeakKeyDictionary()
"""Large queries are built once and asked again and again."""


def _shape(statement: Any) -> _Shape:
    shape = _SHAPES.get(statement)
    if shape is None:
        alone = {(column.name, _secrecy(column)) for column in _taken_alone(statement)}
        shape = _SHAPES[statement] = _Shape(tuple(sorted(_tables(statement))), tuple(alone))
    return shape


def _taken_alone(statement: Any) -> Iterator[Any]:
    for part in getattr(statement, "selects", (statement,)):
        for taken in part.column_descriptions if isinstance(part, Select) else ():
            if not isinstance(taken["expr"], type):
                yield from _columns_in(taken["expr"])


def _columns_in(expression: Any) -> Iterator[Any]:
    if isinstance(expression, InstrumentedAttribute):
        expression = expression.expression
    return (part for part in visitors.iterate(expression) if part.__visit_name__ == "column")


def _secrecy(column: Any) -> Secrecy:
    field = getattr(column, "info", {}).get("field")
    return field.secrecy if field and column.table.name not in OPEN_TO_ALL else Secrecy.PLAIN


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


def _tables(statement: Any) -> set[str]:
    """The names of all tables that a query names, in its subqueries too."""
    found = set()
    for part in visitors.iterate(statement):
        table = part if part.__visit_name__ == "table" else getattr(part, "table", None)
        found.add(getattr(table, "name", ""))
    return found
