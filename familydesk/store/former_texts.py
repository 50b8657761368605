"""Texts that stay and speak of who is to be erased, and the former versions of such texts, which only the log holds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from familydesk.core.fields import Kind, Secrecy
from familydesk.core.record import Record
from familydesk.records import SHEETS, sheet_of
from familydesk.store.capture import WHOLE
from familydesk.store.case_keys import is_token
from familydesk.store.privileged import is_sealed
from familydesk.store.reach import Reach

Tells = Callable[[str], bool]
"""Whether a text tells who somebody is."""
Place = tuple[str, str]
"""A sheet's name and a record's id (hex)."""


@dataclass(frozen=True, slots=True)
class Former:
    """Versions that were replaced since: changes to be emptied, and by its number what a record's beginning loses."""

    places: set[Place] = field(default_factory=set)
    changes: set[int] = field(default_factory=set)
    beginnings: dict[int, set[str]] = field(default_factory=dict)


def mentions(connection: Connection, reach: Reach, patterns: Sequence[str], tells: Tells) -> list[Place]:
    """Rows that stay and of which a text tells, and conflicts about rows that stay. Every text of every sheet is held
    against the patterns (for LIKE); for a question before an erasure, not for a list.
    """
    found: dict[Place, None] = {}
    for sheet, id, *texts in (*_rows(connection, patterns), *_conflicts(connection, patterns)):
        if id not in reach.going[sheet] and any(map(tells, filter(None, texts))):
            found[sheet, id] = None
    return list(found)


def _rows(connection: Connection, patterns: Sequence[str]) -> Iterator[Sequence[Any]]:
    for sheet in SHEETS if patterns else ():
        if texts := _texts(sheet):
            columns = ", ".join(f'"{name}"' for name in texts)
            alike = " OR ".join(_alike(f'"{name}"', patterns) for name in texts)
            query = f"SELECT '{sheet.sheet()}', id, {columns} FROM \"{sheet.sheet()}\" WHERE {alike}"
            yield from connection.exec_driver_sql(query, tuple(patterns) * len(texts))


def _conflicts(connection: Connection, patterns: Sequence[str]) -> Iterator[Sequence[Any]]:
    if not patterns:
        return
    held = "coalesce(before, '') || ' ' || coalesce(mine, '') || ' ' || coalesce(theirs, '')"
    query = f"SELECT sheet, record, {held} FROM conflict WHERE {_alike(held, patterns)}"
    for sheet, record, text in connection.exec_driver_sql(query, tuple(patterns)):
        if not is_token(text):
            yield sheet, record, text


def former(connection: Connection, reach: Reach, patterns: Sequence[str], tells: Tells) -> Former:
    """Versions of texts of records that stay which tell, and which the record does not hold any more."""
    found = Former()
    for seq, sheet, record, name, value in _replaced(connection, patterns):
        if record in reach.going[sheet] or is_token(value):
            continue
        held = json.loads(value)
        parts = held if name == WHOLE else {name: held}
        telling = {part for part in _texts(sheet_of(sheet)) if _told(parts.get(part), tells)}
        if name == WHOLE:
            telling &= _changed_since(connection, record)
        if telling:
            found.places.add((sheet, record))
            if name == WHOLE:
                found.beginnings[seq] = telling
            else:
                found.changes.add(seq)
    return found


def _replaced(connection: Connection, patterns: Sequence[str]) -> Sequence[Any]:
    """Changes that are alike and not the newest of their field; of beginnings, those after which anything changed."""
    if not patterns:
        return ()
    query = (
        "SELECT seq, sheet, record, field, value FROM change AS former "
        f"WHERE sheet != '' AND ({_alike('value', patterns)}) AND EXISTS (SELECT 1 FROM change AS later "
        "WHERE later.record = former.record AND later.seq > former.seq "
        f"AND (later.field = former.field OR former.field = '{WHOLE}')) "
        "AND NOT EXISTS (SELECT 1 FROM front WHERE front.seq = former.seq AND front.stands = 1)"
    )
    return connection.exec_driver_sql(query, tuple(patterns)).all()


def _changed_since(connection: Connection, record: str) -> set[str]:
    return set(connection.exec_driver_sql("SELECT DISTINCT field FROM change WHERE record = ?", (record,)).scalars())


def _told(text: object, tells: Tells) -> bool:
    return isinstance(text, str) and not is_sealed(text) and tells(text)


def _alike(column: str, patterns: Sequence[str]) -> str:
    return " OR ".join(f"{column} LIKE ?" for _pattern in patterns)


def _texts(sheet: type[Record]) -> list[str]:
    kinds = (Kind.LINE, Kind.NOTE, Kind.PHONE, Kind.IIN)
    return [known.name for known in sheet.fields() if known.kind in kinds and known.secrecy > Secrecy.PLAIN]
