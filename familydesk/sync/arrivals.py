"""What came from other laptops: believed, shelved, and applied device by device in the order in which it was written.

Shelving and applying are two steps. What is on the shelf is not asked for again; what cannot be applied yet (a gap
before it, a key that has not come, a device that nobody has vouched for) waits there and is tried at every meeting.
One that is bad stops nobody but those of its own device that come after it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Protocol

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from familydesk.core.errors import Weather
from familydesk.store.database import Database
from familydesk.sync import cut_chain, shelf
from familydesk.sync import identity as known
from familydesk.sync.cut_chain import Chain
from familydesk.sync.identity import Identity, Trust
from familydesk.sync.opening import Waiting
from familydesk.sync.shelf import HELD, Standing
from familydesk.sync.wire import bounds
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.envelope import FIRST, Envelope, read

AT_ONCE = 16
"""Envelopes applied in one transaction."""
STRANGERS = 1000
"""So many envelopes of devices that nobody vouches for are kept; more could be sent by anybody to fill the disk."""
STRANGERS_BYTES = 32 * bounds.MIB
"""And so many bytes of them."""
BEYOND = 256
"""So many envelopes of one device are kept aside that it wrote after its cut; whoever has the others brings them again
if a later cut lets them in.
"""
FORKS = 64
"""So many second versions of another device's envelopes are kept: more prove nothing more."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Read:
    """What one envelope became: changes that it holds, of which `received` were new, `parked` laid aside, and how many
    conflicts it opened. `spoiled` of its sections hold nothing readable. `ahead`: whether its laptop's clock runs days
    before this one's.
    """

    changes: int = 0
    received: int = 0
    conflicts: int = 0
    parked: int = 0
    ahead: bool = False
    spoiled: int = 0


class Reader(Protocol):
    """Who opens an envelope and applies it."""

    def take_in(self, session: Session, envelope: Envelope) -> Read:
        """Apply one envelope, in the open write. Waiting, or Defect if its device signed what is none."""

    def finish(self, session: Session, device: bytes, read: Sequence[Read]) -> None:
        """End a write in which envelopes of a device were applied, one behind the other."""


@dataclass(slots=True)
class Tally:
    """What was met, counted."""

    changes: int = 0
    size: int = 0
    received: int = 0
    conflicts: int = 0
    parked: int = 0
    damaged: int = 0
    """Bytes that are no envelope of this center, or not signed by who they name."""
    bad: int = 0
    spoiled: int = 0
    """Sections with nothing readable in them, in envelopes of which the rest counts."""
    quarantined: int = 0
    turned_away: int = 0
    """Of strangers, and of devices that were cut off, beyond what is kept of them."""
    own: int = 0
    """Of this laptop's own device, and not here."""
    forked: set[bytes] = field(default_factory=set)
    failed: set[bytes] = field(default_factory=set)
    ahead: set[bytes] = field(default_factory=set)


class Arrivals:
    """What comes in during one meeting."""

    def __init__(
        self,
        database: Database,
        identity: Identity,
        trust: Trust,
        reader: Reader,
        progress: Callable[[Tally], None] = lambda _: None,
    ) -> None:
        self.tally = Tally()
        self._database = database
        self._identity = identity
        self._trust = trust
        self._reader = reader
        self._progress = progress
        self._verified: set[bytes] = set()
        self._beyond: dict[bytes, int] = {}

    # Shelving

    def shelve(self, contents: Sequence[bytes]) -> None:
        """Keep what is new among envelopes as they came."""
        with self._database.connection(write=True) as connection:
            strangers, room = self._strangers(connection)
            for content in contents:
                self.tally.size += len(content)
                envelope = self._believed(content)
                stranger = envelope is not None and self._public(envelope.header.device) is None
                strangers += stranger
                room -= len(content) if stranger else 0
                if envelope is None:
                    self.tally.damaged += 1
                elif stranger and (strangers > STRANGERS or room < 0):
                    self.tally.turned_away += 1
                else:
                    self._shelve(connection, envelope)
        self._progress(self.tally)

    def _believed(self, content: bytes) -> Envelope | None:
        """The envelope, if it is one of this center and, as far as is known, signed by its device."""
        try:
            envelope = read(content)
        except Defect:
            return None
        if envelope.header.center != self._identity.center:
            return None
        stranger = self._public(envelope.header.device) is None
        return envelope if stranger or self._is_genuine(envelope) else None

    def _public(self, device: bytes) -> bytes | None:
        """The laptop's key; None if nobody vouches for it. One's own is known before a head has spoken of it."""
        if device == self._identity.device:
            return bytes(self._identity.device_key.verify_key)
        known = self._trust.device(device)
        return known.public if known else None

    def _is_genuine(self, envelope: Envelope) -> bool:
        public = self._public(envelope.header.device)
        if envelope.hash not in self._verified and public is not None and envelope.signed_by(public):
            self._verified.add(envelope.hash)
        return envelope.hash in self._verified

    def _strangers(self, connection: Connection) -> tuple[int, int]:
        """How many envelopes of strangers are here, and how many bytes may be kept besides."""
        found = {
            device: numbers
            for device, numbers in shelf.waiting(connection).items()
            if self._trust.device(device) is None
        }
        kept = sum(shelf.size(connection, device) for device in found)
        return sum(map(len, found.values())), STRANGERS_BYTES - kept

    def _shelve(self, connection: Connection, envelope: Envelope) -> None:
        device, seq = envelope.header.device, envelope.header.seq
        there = shelf.find(connection, device, seq)
        if there is not None and there.hash != envelope.hash and self._was_never_its(connection, device, there):
            shelf.remove(connection, device, seq)
            there = None
        if (there is None and shelf.is_covered(connection, device, seq)) or (there and there.hash == envelope.hash):
            return
        if device == self._identity.device:
            # A copy of this disk wrote it, or this store before it was brought back: kept, told of, and not mixed in.
            shelf.keep_fork(connection, envelope)
            self.tally.own += 1
        elif there is None:
            self._keep(connection, envelope)
        else:
            if shelf.forks(connection, device) < FORKS + self._doubtful(device):
                shelf.keep_fork(connection, envelope)
            self.tally.forked.add(device)

    def _doubtful(self, device: bytes) -> int:
        """Of how many numbers it is told only by the chain which of two envelopes is the true one."""
        listed = self._trust.device(device)
        return (listed.last_seq if listed else None) or 0

    def _keep(self, connection: Connection, envelope: Envelope) -> None:
        standing, device = self._standing(envelope), envelope.header.device
        if standing is Standing.QUARANTINED:
            if envelope.header.seq <= self._doubtful(device):
                # In the place of the one that the cut names: it would keep that one from being asked for.
                return
            before = self._beyond.get(device)
            count = shelf.quarantined(connection, device) if before is None else before
            self._beyond[device] = count + 1
            if count >= BEYOND:
                self.tally.quarantined -= 1
                self.tally.turned_away += 1
                return
        shelf.keep(connection, envelope, standing)

    def _was_never_its(self, connection: Connection, device: bytes, there: shelf.Shelved) -> bool:
        """Whether what waits under a number came before its device was known, and somebody else signed it."""
        waits = there.standing is Standing.WAITING and self._trust.device(device) is not None
        return waits and not self._is_genuine(read(shelf.content(connection, device, there.seq)))

    def _standing(self, envelope: Envelope) -> Standing:
        said = self._trust.standing(envelope.header.device, envelope.header.seq, envelope.hash)
        if said is known.Standing.QUARANTINED:
            self.tally.quarantined += 1
            return Standing.QUARANTINED
        return Standing.WAITING

    # Applying

    def apply(self, stop: Callable[[], bool] = lambda: False) -> None:
        """Apply what waits and can be applied. `stop` is asked between transactions."""
        with self._database.connection() as connection:
            waiting = shelf.to_apply(connection)
        for device, numbers in waiting.items():
            for run in _runs(self._countable(device, numbers)):
                if stop():
                    return
                if not self._apply_run(device, run):
                    break

    def _countable(self, device: bytes, numbers: Sequence[int]) -> Sequence[int]:
        """Of a laptop that was cut off, what lies on the chain back from the cut, once that is here; what lies beyond
        the cut is put aside at once.
        """
        listed = self._trust.device(device)
        if listed is None or listed.last_seq is None or numbers[0] > listed.last_seq:
            return numbers
        with self._database.connection(write=True) as connection:
            chain = cut_chain.settle(connection, listed)
            waiting = shelf.to_apply(connection).get(device, [])
        if chain is Chain.ANOTHER:
            self.tally.forked.add(device)
        return waiting if chain is Chain.WHOLE else [one for one in waiting if one > listed.last_seq]

    def _apply_run(self, device: bytes, numbers: Sequence[int]) -> bool:
        """Whether what comes after them may follow. One over which this program fails is passed: what honest people
        write on that laptop afterwards does not wait for it.
        """
        try:
            return self._apply_together(device, numbers)
        except Weather:
            raise
        except Exception as error:
            # A defect of this program must not keep a colleague's work from being exchanged. Its kind only is logged.
            if len(numbers) == 1:
                log.error("an envelope could not be applied: %s", type(error).__name__)
                self.tally.failed.add(device)
                self._pass(device, numbers[0])
                return True
        return all(self._apply_run(device, [number]) for number in numbers)

    def _pass(self, device: bytes, seq: int) -> None:
        with self._database.connection(write=True) as connection:
            shelf.settle(connection, device, seq, Standing.FAILED)

    def _apply_together(self, device: bytes, numbers: Sequence[int]) -> bool:
        found: list[Read] = []
        before = dict(bad=self.tally.bad, quarantined=self.tally.quarantined)
        try:
            with self._database.write(whole=True) as session:
                for number in numbers:
                    one = self._apply_one(session, device, number)
                    if one is None:
                        break
                    found.append(one)
                if found:
                    self._reader.finish(session, device, found)
        except BaseException:
            self.tally.bad, self.tally.quarantined = before["bad"], before["quarantined"]
            raise
        self._count(device, found)
        return len(found) == len(numbers)

    def _apply_one(self, session: Session, device: bytes, seq: int) -> Read | None:
        """None if it has to wait, and all of its device behind it."""
        connection = session.connection()
        envelope = read(shelf.content(connection, device, seq))
        if self._trust.device(device) is None:
            return None
        if not self._is_genuine(envelope):
            shelf.remove(connection, device, seq)
            self.tally.damaged += 1
            return None
        standing = self._standing(envelope)
        if standing is Standing.QUARANTINED:
            shelf.settle(connection, device, seq, standing)
            return Read()
        if not self._follows(connection, envelope):
            return None
        return self._read(session, envelope)

    def _read(self, session: Session, envelope: Envelope) -> Read | None:
        device, seq = envelope.header.device, envelope.header.seq
        try:
            found, standing = self._reader.take_in(session, envelope), Standing.APPLIED
        except Waiting:
            return None
        except Defect:
            found, standing = Read(), Standing.BAD
            self.tally.bad += 1
        shelf.settle(session.connection(), device, seq, standing, found.changes)
        return found

    def _follows(self, connection: Connection, envelope: Envelope) -> bool:
        """Whether the one before it is here and settled. If it is another than this one follows, they are a fork."""
        if envelope.header.prev == FIRST:
            return True
        former = shelf.find(connection, envelope.header.device, envelope.header.seq - 1)
        if former is None or former.standing not in HELD:
            return False
        if former.hash != envelope.header.prev:
            self.tally.forked.add(envelope.header.device)
            return False
        return True

    def _count(self, device: bytes, found: Sequence[Read]) -> None:
        self.tally.changes += sum(one.changes for one in found)
        self.tally.received += sum(one.received for one in found)
        self.tally.conflicts += sum(one.conflicts for one in found)
        self.tally.parked += sum(one.parked for one in found)
        self.tally.spoiled += sum(one.spoiled for one in found)
        if any(one.ahead for one in found):
            self.tally.ahead.add(device)
        self._progress(self.tally)


def _runs(numbers: Sequence[int]) -> Iterator[list[int]]:
    """Numbers that follow one another, some at a time."""
    for _, group in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        dense = [number for _, number in group]
        yield from (dense[start : start + AT_ONCE] for start in range(0, len(dense), AT_ONCE))
