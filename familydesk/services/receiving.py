"""Taking in what other laptops wrote: applied, indexed, looked through for people who are registered twice and for
what hangs on somebody who was joined or put away meanwhile, and noted.

Everything happens in one write of the caller, `database.write(whole=True)`. It is not the doing of who sits at the
desk, so no veil is asked; what she then sees of it the veil decides, as of everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from familydesk.records.person import Person
from familydesk.services import same_iin
from familydesk.services.entitled import Entitled
from familydesk.services.indexing import index_places
from familydesk.services.journal import Deed
from familydesk.services.late_comers import LateComers
from familydesk.sync.applying import Applied, Origin, apply, judge_written, replay_parked, replayed
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
        connection = session.connection()
        good, aside = Entitled(self._office).sort_out(connection, origin, changes)
        return Applied(parked=aside) + apply(self._database, connection, origin, good)

    def park(self, session: Session, origin: Origin, key: bytes, section: bytes) -> int:
        """Keep a section whose stream key (its id, 16 bytes) is not here; how many were not kept before."""
        return park(session.connection(), [Parked.section(origin, key, section)])

    def finish(self, session: Session, applied: Iterable[Applied], devices: Iterable[bytes] = ()) -> Applied:
        """End a transaction in which envelopes of these laptops were applied: what had waited for them follows, the
        possible duplicates are brought in step, and the journal vouches for all of it. The search follows later
        (`Search.catch_up`), but for what had entered the log before.

        Gives back the sum; its `parked` may be less than nothing, where more was taken up than laid aside.
        """
        total = sum(applied, Applied())
        connection, entitled = session.connection(), Entitled(self._office)
        for origin, changes in entitled.by_now(connection):
            total += Applied(parked=-len(changes)) + replayed(self._database, connection, origin, changes)
        total += replay_parked(self._database, connection, total.begun, entitled.sort_out)
        if total.records:
            index_places(session.connection(), total.completed)
            self._note_pairs(session, total.records)
            total += Applied(conflicts=LateComers(self._office, session).look_after(total.records, total.begun))
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
        index_places(connection, {(sheet, record) for sheet, record, _field in places})

    def _note_pairs(self, session: Session, records: Iterable[tuple[str, str]]) -> None:
        """Whoever has the IIN of somebody else here is a pair to look at."""
        same_iin.note_pairs_among(session, [record for sheet, record in records if sheet == Person.sheet()])
