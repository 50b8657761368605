"""Taking in what other laptops wrote: applied, indexed, looked through for people who are registered twice, and noted.

Everything happens in one write of the caller, `database.write(whole=True)`. It is not the doing of who sits at the
desk, so no veil is asked; what she then sees of it the veil decides, as of everything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from familydesk.core.record import Record
from familydesk.records import sheet_of
from familydesk.records.person import Person
from familydesk.services import same_iin
from familydesk.services.journal import Deed
from familydesk.services.search_sources import parent_of
from familydesk.sync.applying import Applied, Origin, apply, judge_written, replay_parked
from familydesk.sync.parking import Parked, park
from familydesk.sync.wire.change import Change

if TYPE_CHECKING:
    from familydesk.services.office import Office

__all__ = ["Applied", "Origin", "Receiving"]


class Receiving:
    """The way in for what other laptops wrote."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._database = office.database

    def take_in(self, session: Session, origin: Origin, changes: Sequence[Change]) -> Applied:
        """Apply the changes of one envelope. What is beside the sheets is brought in step by `finish`, once for all."""
        return apply(self._database, session.connection(), origin, changes)

    def park(self, session: Session, origin: Origin, key: bytes, section: bytes) -> int:
        """Keep a section whose stream key (its id, 16 bytes) is not here; how many were not kept before."""
        return park(session.connection(), [Parked.section(origin, key, section)])

    def finish(self, session: Session, applied: Iterable[Applied], devices: Iterable[bytes] = ()) -> Applied:
        """End a transaction in which envelopes of these laptops were applied: what had waited for them follows, the
        search and the possible duplicates are brought in step, and the journal vouches for all of it.

        Gives back the sum; its `parked` may be less than nothing, where more was taken up than laid aside.
        """
        total = sum(applied, Applied())
        total += replay_parked(self._database, session.connection(), total.begun)
        if total.records:
            self._index(session.connection(), total.records)
            self._note_pairs(session, total.records)
        if total.received:
            detail = {"laptops": sorted(device.hex() for device in devices), "changes": total.received}
            self._office.journal.note_in(session, Deed.RECEIVED, detail=detail)
        return total

    def replay(self) -> Applied:
        """Apply what was parked and fits by now: after an upgrade, or when a case's key has come."""
        with self._database.write(whole=True) as session:
            return self.finish(session, ())

    def judge(self, connection: Connection, places: Sequence[tuple[str, str, str]]) -> None:
        """Judge fields of several versions (sheet, record, field) that were written here; index what stands now."""
        judge_written(self._database, connection, places)
        self._index(connection, {(sheet, record) for sheet, record, _field in places})

    def _index(self, connection: Connection, records: Iterable[tuple[str, str]]) -> None:
        """A child is found as its parent, so that one is indexed."""
        ids: defaultdict[type[Record], set[UUID]] = defaultdict(set)
        for sheet, of_sheet in _by_sheet(records).items():
            parent = parent_of(sheet)
            if parent is None:
                ids[sheet] |= of_sheet
            else:
                ids[parent] |= _parents(connection, sheet, of_sheet)
        for sheet, of_sheet in ids.items():
            if sheet.searched:
                self._office.search.index_ids(connection, sheet, sorted(of_sheet))

    def _note_pairs(self, session: Session, records: Iterable[tuple[str, str]]) -> None:
        """Whoever has the IIN of somebody else here is a pair to look at."""
        same_iin.note_pairs_among(session, _by_sheet(records).get(Person, ()))


def _by_sheet(records: Iterable[tuple[str, str]]) -> dict[type[Record], set[UUID]]:
    found: defaultdict[type[Record], set[UUID]] = defaultdict(set)
    for sheet, record in records:
        found[sheet_of(sheet)].add(UUID(record))
    return found


def _parents(connection: Connection, sheet: type[Record], ids: set[UUID]) -> set[UUID]:
    column = getattr(sheet, sheet.parent)
    found: set[UUID] = set()
    for batch in _batches(sorted(ids)):
        found.update(id for id in connection.scalars(select(column).where(sheet.id.in_(batch))) if id)
    return found


def _batches(ids: Sequence[UUID]) -> Iterable[Sequence[UUID]]:
    for start in range(0, len(ids), 500):
        yield ids[start : start + 500]
