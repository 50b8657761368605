"""The search index brought in step with records, however they came to be here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from uuid import UUID

from sqlalchemy import Connection, select

from familydesk.core.record import Record
from familydesk.records import sheet_of
from familydesk.services.search_sources import documents, indexed, parent_of
from familydesk.store import search_arrears, search_index
from familydesk.store.database import Database
from familydesk.store.overlay import Overlay

_BATCH = 2000
_ASKED = 500
"""Parents asked about at once."""
_PORTION = 2000
"""Changes after which whoever wants to save may, while the index follows."""


def index_ids(connection: Connection, sheet: type[Record], ids: Iterable[UUID]) -> None:
    """Index records of one sheet that stands in the index for itself."""
    if sheet in indexed():
        for batch in batches(list(ids), _BATCH):
            _index(connection, sheet, batch)


def index_places(connection: Connection, records: Iterable[tuple[str, str]]) -> None:
    """Index records by their sheets and ids (hex). A child is found as its parent, so that one is indexed."""
    ids: defaultdict[type[Record], set[UUID]] = defaultdict(set)
    for sheet, of_sheet in _by_sheet(records).items():
        parent = parent_of(sheet)
        if not sheet.searched:
            continue
        if parent is None:
            ids[sheet] |= of_sheet
        else:
            ids[parent] |= _parents(connection, sheet, of_sheet)
    for sheet, of_sheet in ids.items():
        index_ids(connection, sheet, sorted(of_sheet))


def follow(database: Database) -> None:
    """Index what came from other laptops since the index was in step. Each portion counts when it is done."""
    while not _in_step(database):
        with database.connection(write=True) as connection:
            # Another thread may have done it meanwhile.
            if (first := search_arrears.first(connection)) is not None:
                records, following = search_arrears.portion(connection, first, _PORTION)
                index_places(connection, records)
                search_arrears.go_on(connection, following)


def batches(ids: list[UUID], most: int) -> Iterator[list[UUID]]:
    """So many at a time."""
    return (ids[start : start + most] for start in range(0, len(ids), most))


def _by_sheet(records: Iterable[tuple[str, str]]) -> dict[type[Record], set[UUID]]:
    """The ids of records (sheet, id in hex) by their sheets."""
    found: defaultdict[str, set[UUID]] = defaultdict(set)
    for sheet, record in records:
        found[sheet].add(UUID(record))
    return {sheet_of(sheet): ids for sheet, ids in found.items()}


def _in_step(database: Database) -> bool:
    with database.connection() as connection:
        return search_arrears.first(connection) is None


def _index(connection: Connection, sheet: type[Record], ids: list[UUID]) -> None:
    """A record that lies sealed is never indexed: the index is everybody's."""
    sealed = Overlay.of(connection).among(connection, sheet.sheet(), ids)
    found, gone = documents(connection, sheet, [id_ for id_ in ids if id_ not in sealed])
    gone += sealed
    search_index.write_many(connection, found)
    for id_ in gone:
        search_index.remove(connection, sheet.sheet(), id_)


def _parents(connection: Connection, sheet: type[Record], ids: set[UUID]) -> set[UUID]:
    column = getattr(sheet, sheet.parent)
    found: set[UUID] = set()
    for batch in batches(sorted(ids), _ASKED):
        found.update(id for id in connection.scalars(select(column).where(sheet.id.in_(batch))) if id)
    return found
