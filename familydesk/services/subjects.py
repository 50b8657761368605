"""Whose file a look goes into: the case of a record, or, of what belongs to none, the people and families it names.

A client's address or telephone stands outside every case, and a list shows many at once. So an event of such a look
names whom it is about, and who opened a file is found by them.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection

from familydesk.core.record import Record, references
from familydesk.services.nearness import case_of, people_of

ABOUT = "about"
"""In the detail of an event: the ids, in hex, of the cases, people and families whose records were shown."""


def subjects(connection: Connection, records: Iterable[Record]) -> set[UUID]:
    """The cases that these records belong to; of those outside any case, everybody and every family they speak of."""
    found: set[UUID] = set()
    for record in records:
        case = case_of(connection, record)
        found |= {case} if case else people_of(record) | _families_of(record)
    return found


def about(found: Iterable[UUID]) -> dict[str, list[str]]:
    """The same for an event's detail; nothing of nobody."""
    told = sorted(id.hex for id in found)
    return {ABOUT: told} if told else {}


def _families_of(record: Record) -> set[UUID]:
    named = {getattr(record, field.name) for field in references(type(record), "family")}
    return {one for one in named | ({record.id} if record.sheet() == "family" else set()) if one}
