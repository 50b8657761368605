"""Envelopes that came are opened, and their changes handed to `receiving`; what does not open yet is laid aside."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from familydesk.services.receiving import Applied, Origin
from familydesk.store import erased_before
from familydesk.sync import gossip, key_bundles, opening, parking
from familydesk.sync.arrivals import Read, Tally
from familydesk.sync.attempt import attempt
from familydesk.sync.identity import Trust
from familydesk.sync.keyring import StreamKeys
from familydesk.sync.parking import Parked, Reason
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.envelope import FIRST, Envelope, Header

if TYPE_CHECKING:
    from familydesk.services.office import Office

_APPLIED = "applied in this write"


class Unsealing:
    """What one meeting has keys for (`arrivals.Reader`)."""

    def __init__(self, office: Office, trust: Trust, epoch_keys: Mapping[int, bytes]) -> None:
        self._office = office
        self._trust = trust
        self._epoch_keys = epoch_keys

    def take_in(self, session: Session, envelope: Envelope) -> Read:
        """Apply one envelope, in the open write. Waiting or Defect if it does not open."""
        keys = self._keys(session.connection())
        found = opening.opened(envelope, self._trust, keys)
        device, seq = envelope.header.device, envelope.header.seq
        gossip.hear(session.connection(), device, found.body.hub)
        now = int(time.time() * 1000)
        origin = Origin(device, found.author, seq, found.body.wall, found.doubtful(now), found.vouching)
        receiving = self._office.receiving
        # Of what was erased here nothing is waited for.
        aside = sum(
            receiving.park(session, origin, one.key, opening.laid_aside(one))
            for one in found.opaque
            if not (keys.was_destroyed(one.stream, one.key) or erased_before.is_gone(session.connection(), one.stream))
        )
        applied = receiving.take_in(session, origin, found.changes)
        session.info.setdefault(_APPLIED, []).append(applied)
        count = len(found.changes) + len(found.opaque)
        aside += applied.parked
        # Stamps stay ahead for as long as a clock once was; only a clock that is wrong now can be set right.
        ahead = applied.ahead and found.ahead(now)
        return Read(count, applied.received, applied.conflicts, aside, ahead, found.spoiled)

    def finish(self, session: Session, device: bytes, read: Sequence[Read]) -> None:
        """End a write in which envelopes of one device were applied."""
        self._office.receiving.finish(session, session.info.pop(_APPLIED, []), [device])

    def replay(self) -> Tally:
        """Apply what was laid aside and fits by now: a key has come, a record has begun, the program is newer."""
        database = self._office.database
        with database.connection() as connection:
            if not parking.awaited(connection, *Reason) and not key_bundles.are_waiting(connection):
                return Tally()
        tally = Tally()
        with database.write(whole=True) as session:
            self._keys(session.connection()).bundles.look_again()
            applied = [self._take_up(session, one, tally) for one in self._opening(session.connection())]
            total = self._office.receiving.finish(session, applied)
        tally.received, tally.conflicts = total.received, total.conflicts
        return tally

    def _opening(self, connection: Connection) -> list[Parked]:
        """Sections whose keys have come."""
        keys = self._keys(connection).ids() & parking.awaited(connection, Reason.SECTION)
        return parking.take_up(connection, [Reason.SECTION], keys)

    def _take_up(self, session: Session, parked: Parked, tally: Tally) -> Applied:
        """One by itself: a section with nothing readable in it waits no more, as in an envelope that opens at once."""
        try:
            found = attempt(session.connection(), lambda: self._opened_by_now(session, parked))
        except Defect:
            tally.spoiled += 1
            return Applied()
        if found is None:
            tally.failed.add(parked.origin.device)
            parking.park(session.connection(), [parked])
        return found or Applied()

    def _opened_by_now(self, session: Session, parked: Parked) -> Applied:
        connection, origin = session.connection(), parked.origin
        header = Header(self._office.center.id, origin.device, origin.envelope, FIRST, 0)
        changes = opening.taken_up(parked.sealed(), header, self._keys(connection))
        if changes is None:
            parking.park(connection, [parked])
            return Applied()
        return self._office.receiving.take_in(session, origin, changes)

    def _keys(self, connection: Connection) -> StreamKeys:
        return StreamKeys(connection, self._office.center.id, self._epoch_keys)
