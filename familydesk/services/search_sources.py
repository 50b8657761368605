"""What the search reads off the sheets: which fields are found in which way, and which records a person leads to.

Nothing here names a sheet but the person. A field more secret than PERSONAL is never indexed, and a reference more
secret than that is never followed: looking for one side of a conflict must not show the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import CompoundSelect, Connection, bindparam, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from familydesk.core.fields import Field, Kind, Secrecy
from familydesk.core.record import Record
from familydesk.records import SHEETS, sheet_of
from familydesk.store.search_entry import Entry, EntryKind
from familydesk.store.search_index import Document

PERSON = "person"


class Path(NamedTuple):
    """A way from a person to a record of `sheet`: rows whose column `person` is she have its id in the column `id`."""

    sheet: str
    id: Any
    person: Any
    archived: Any


def parent_of(sheet: type[Record]) -> type[Record] | None:
    """The sheet on whose record's screen a searched child sheet stands; None for sheets with a screen of their own."""
    return sheet_of(sheet.field(sheet.parent).target or "") if sheet.parent else None


@cache
def roots() -> tuple[type[Record], ...]:
    """The sheets whose records are found as themselves."""
    return tuple(sheet for sheet in SHEETS if sheet.searched and not sheet.parent)


@cache
def indexed() -> tuple[type[Record], ...]:
    """Those of them of which anything may be found by its own words; the others are found through people only."""
    return tuple(root for root in roots() if _found_by(root) or any(map(_found_by, _searched_children(root))))


@cache
def paths() -> tuple[Path, ...]:
    """Every way from a person to a record that is found through her, in the order of the sheets."""
    found = [
        Path(root.sheet(), target, getattr(sheet, field.name), sheet.archived)
        for root in roots()
        for sheet, target in [(root, root.id), *((child, getattr(child, child.parent)) for child in _children(root))]
        for field in people_of(sheet)
        if root.sheet() != PERSON
    ]
    return tuple(found)


@cache
def led_to(wanted: frozenset[str] | None) -> CompoundSelect[Any] | None:
    """A query for what the people in `people` lead to: the number of the path, the person, the record's id."""
    ways = [
        select(literal(number), path.person, path.id).where(
            path.person.in_(bindparam("people", expanding=True)), path.archived.is_(False)
        )
        for number, path in enumerate(paths())
        if wanted is None or path.sheet in wanted
    ]
    return union_all(*ways) if ways else None


@cache
def people_of(sheet: type[Record]) -> tuple[Field, ...]:
    """The references of a sheet to people that may be followed."""
    return tuple(field for field in sheet.fields() if field.target == PERSON and field.secrecy <= Secrecy.PERSONAL)


def documents(connection: Connection, sheet: type[Record], ids: list[UUID]) -> tuple[list[Document], list[UUID]]:
    """What is to be indexed of these records of a root sheet; and the ids of which nothing may be found any more."""
    entries = _entries(connection, sheet, sheet.id, ids)
    for child in _searched_children(sheet):
        for id_, found in _entries(connection, child, getattr(child, child.parent), entries).items():
            entries[id_] += found
    return [(sheet.sheet(), id_, found) for id_, found in entries.items()], [id_ for id_ in ids if id_ not in entries]


def _entries(
    connection: Connection, sheet: type[Record], owner: InstrumentedAttribute[UUID], ids: Iterable[UUID]
) -> dict[UUID, list[Entry]]:
    """By owner, what stands in the rows of one sheet that are not put away."""
    kinds = _found_by(sheet)
    columns = [getattr(sheet, name) for name in kinds]
    rows: Any = connection.execute(select(owner, *columns).where(owner.in_(list(ids)), sheet.archived.is_(False)))
    entries: defaultdict[UUID, list[Entry]] = defaultdict(list)
    for owner_id, *values in rows:
        entries[owner_id] += [(kind, value) for kind, value in zip(kinds.values(), values, strict=True) if value]
    return dict(entries)


@cache
def _found_by(sheet: type[Record]) -> dict[str, EntryKind]:
    """How each field of a sheet that may be found is found, by its name."""
    open_fields = [field for field in sheet.fields() if field.secrecy <= Secrecy.PERSONAL]
    return {field.name: kind for field in open_fields if (kind := _kind(sheet, field)) is not None}


def _kind(sheet: type[Record], field: Field) -> EntryKind | None:
    if field.kind is Kind.PHONE:
        return EntryKind.PHONE
    if field.kind is Kind.IIN:
        return EntryKind.IIN
    if field.kind is not Kind.LINE:
        return None
    if field.name in (sheet.numbered[0], "number"):
        return EntryKind.NUMBER
    # What a list shows is what people call the record by.
    return EntryKind.NAME if field.listed else EntryKind.TEXT


@cache
def _children(root: type[Record]) -> tuple[type[Record], ...]:
    return tuple(sheet for sheet in SHEETS if sheet.parent and parent_of(sheet) is root)


@cache
def _searched_children(root: type[Record]) -> tuple[type[Record], ...]:
    return tuple(child for child in _children(root) if child.searched and _found_by(child))
