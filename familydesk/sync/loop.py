"""One meeting with a peer, whatever the road: statements first, then keys, then what others wrote, then one's own.

    meet -> fetch objects -> a new laptop: a snapshot -> fetch and shelve envelopes -> apply -> attachments, both ways
         -> pack -> leave a snapshot if it is worth it, and objects -> hand envelopes over

Everything that came is on the shelf before the peer is asked for more, and everything that is on the shelf is handed on
to whoever lacks it, so that a laptop which only ever meets one colleague still hears of all. A meeting can end
anywhere: the next one goes on from there. What a peer says of itself is believed in nothing but what it does not have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from sqlalchemy import Connection

from familydesk.store.database import Database
from familydesk.sync import acquaintance, shelf
from familydesk.sync import outcome as told
from familydesk.sync.acquaintance import Acquaintance
from familydesk.sync.arrivals import Arrivals, Tally
from familydesk.sync.contents import Contents
from familydesk.sync.gossip import Hub
from familydesk.sync.outcome import Outcome, Part, Progress
from familydesk.sync.peer import Batch, Meeting, ObjectKind, Peer, Receipt
from familydesk.sync.shelf import Parcel
from familydesk.sync.wire import bounds
from familydesk.sync.wire.digests import digest

AT_ONCE = 64
"""Envelopes handed over in one question."""
SIZE_AT_ONCE = 3 * bounds.MIB
OBJECTS = 1000
"""Objects taken in at once: small ones, of which some make sense together only."""

_TAKEN = (Receipt.STORED, Receipt.KNOWN)
_SAID_OF = {Receipt.REVOKED: told.REVOKED, Receipt.QUOTA: told.QUOTA, Receipt.FORK: told.FORKED}


class Stopped(Exception):
    """Whoever is at the desk wants to stop here."""


class Stock(Protocol):
    """The objects of one kind on this laptop."""

    kind: ObjectKind

    def names(self) -> frozenset[str]:
        """Those that are here."""

    def content(self, name: str) -> bytes:
        """One of them, to be handed on."""

    def take(self, contents: Mapping[str, bytes]) -> int:
        """Keep those that came, by their names; how many of them are none."""

    def destroyed(self) -> frozenset[str]:
        """Those that were taken away for good: a peer that has them takes them away too."""


class Side(Protocol):
    """This laptop."""

    database: Database
    device: bytes
    """Its own id."""
    stocks: Sequence[Stock]
    """In the order in which they are needed: nothing is believed without the statements."""
    contents: Contents
    """The bytes of attachments."""

    def arrivals(self, progress: Callable[[Tally], None]) -> Arrivals:
        """Who takes in what comes, by what the statements say now."""

    def replay(self) -> Tally:
        """Apply what was laid aside and can be applied by now."""

    def pack(self) -> str:
        """Put what is new of one's own on the shelf; a marked sentence if that cannot be."""

    def unpacked(self) -> int:
        """How many of one's own changes are on no shelf yet."""

    def knows(self, device: bytes) -> bool:
        """Whether somebody has vouched for a device."""


class Snapshots(Protocol):
    """What spares a new laptop the reading of the whole log."""

    def install(self, peer: Peer, meeting: Meeting, moved: Callable[[int], None]) -> Tally:
        """Take in one that lies at the peer, where that is better than to read all that it has."""

    def leave(self, peer: Peer, meeting: Meeting, left: dict[str, str], moved: Callable[[int], None]) -> bool:
        """Leave one at the peer, or what it needs to be believed; whether a new one was made. `left` is what was
        remembered of the last time.
        """


class Loop:
    """One meeting."""

    def __init__(
        self,
        peer: Peer,
        side: Side,
        progress: Callable[[Progress], None] = lambda _: None,
        stop: Callable[[], bool] = lambda: False,
        snapshots: Snapshots | None = None,
    ) -> None:
        self._peer = peer
        self._snapshots = snapshots
        self._side = side
        self._progress = progress
        self._stop = stop
        self._outcome = Outcome()
        self._silent: set[bytes] = set()
        self._there: Mapping[bytes, int] = {}
        self._elsewhere = False
        self._unleft = 0
        self._unkept = 0
        self._size = 0

    def run(self) -> Outcome:
        """Meet. Weather where the road fails: what was exchanged until then is kept on both sides."""
        with self._side.database.connection() as connection:
            memory, have = acquaintance.recall(connection, self._peer.name), shelf.have(connection)
        meeting = self._peer.meet(self._asked(have), memory.after)
        seen, left = dict(meeting.have), dict(memory.left) if meeting.known else {}
        self._there = meeting.have
        try:
            self._look_back(meeting, memory)
            self._fetch(meeting)
            self._install(meeting)
            self._take_in(meeting)
            self._exchange_contents(meeting, left)
            self._pack(have, seen)
            self._leave(meeting, left)
            self._leave_snapshot(meeting, left)
            self._hand_over(seen)
        except Stopped:
            self._outcome.warn(told.STOPPED)
        self._part(seen, left)
        return self._outcome

    def _pause(self) -> None:
        if self._stop():
            raise Stopped

    # Before

    def _look_back(self, meeting: Meeting, memory: Acquaintance) -> None:
        """Hold the peer against what it was."""
        for sentence in meeting.warnings:
            self._outcome.warn(sentence)
        if meeting.known and memory.lacks(meeting.have) and not meeting.warnings:
            self._outcome.warn(told.PUT_BACK)

    # In

    def _fetch(self, meeting: Meeting) -> None:
        for stock in self._side.stocks:
            there = meeting.objects.get(stock.kind, frozenset())
            wanted = sorted(there - stock.names() - stock.destroyed())
            for start in range(0, len(wanted), OBJECTS):
                self._take_objects(stock, wanted[start : start + OBJECTS])

    def _take_objects(self, stock: Stock, names: Sequence[str]) -> None:
        found: dict[str, bytes] = {}
        for name in names:
            self._pause()
            content = self._peer.get(stock.kind, name)
            if content is not None:
                found[name] = content
        if found and (bad := stock.take(found)):
            self._outcome.warn(told.DAMAGED, count=bad)

    def _install(self, meeting: Meeting) -> None:
        if self._snapshots is not None:
            self._outcome.count(self._snapshots.install(self._peer, meeting, self._moved(Part.FETCHING)))

    def _leave_snapshot(self, meeting: Meeting, left: dict[str, str]) -> None:
        """After the statements by which a hub knows this laptop; keys of streams that it needed follow at once."""
        if self._snapshots is None or self._silent:
            return
        if self._snapshots.leave(self._peer, meeting, left, self._moved(Part.SENDING)):
            self._leave(meeting, left)

    def _take_in(self, meeting: Meeting) -> None:
        expected = self._expected(meeting)
        part = Part.FETCHING
        fetched = 0

        def tell(tally: Tally) -> None:
            self._progress(Progress(part, fetched, max(expected, fetched), tally.changes, tally.size))

        arrivals = self._side.arrivals(tell)
        try:
            batch = meeting.batch
            while True:
                fetched += len(batch.envelopes)
                self._shelve(arrivals, batch)
                self._pause()
                if not batch.more:
                    break
                batch = self._peer.pull(self._asked(self._have()), batch.after)
            part = Part.APPLYING
            arrivals.apply(self._stop)
            self._pause()
        finally:
            self._elsewhere = arrivals.tally.own > 0
            self._outcome.count(arrivals.tally)
        self._outcome.count(self._side.replay())

    def _expected(self, meeting: Meeting) -> int:
        have = self._have()
        return sum(max(0, last - have.get(device, 0)) for device, last in meeting.have.items())

    def _shelve(self, arrivals: Arrivals, batch: Batch) -> None:
        """Where to go on is remembered when what came is here, and not past what was turned away."""
        if batch.envelopes:
            arrivals.shelve(batch.envelopes)
        if not arrivals.tally.turned_away:
            with self._side.database.connection(write=True) as connection:
                acquaintance.go_on(connection, self._peer.name, batch.after)

    def _asked(self, have: dict[bytes, int]) -> dict[bytes, int]:
        """Of one's own the last is asked for again: if it comes back as another, a copy of this disk is at work."""
        own = self._side.device
        return {**have, own: max(0, have.get(own, 0) - 1)}

    def _have(self) -> dict[bytes, int]:
        with self._side.database.connection() as connection:
            return shelf.have(connection)

    # Attachments

    def _exchange_contents(self, meeting: Meeting, left: dict[str, str]) -> None:
        """Bring and leave what only one of the two has. A peer that lists no more than its news is asked if need be."""
        contents, kind = self._side.contents, ObjectKind.CHUNK
        there = meeting.objects.get(kind, frozenset())
        if not meeting.all_objects:
            if not there and left.get(kind.value) == contents.state():
                return
            there = self._peer.names(kind)
        if bad := contents.fetch(self._peer, there, self._moved(Part.FETCHING)):
            self._outcome.warn(told.CONTENTS_DAMAGED, count=bad)
        lacking = contents.lacking_at(there)
        self._unleft = len(lacking)
        for attachment in lacking:
            contents.leave(self._peer, attachment, there, self._moved(Part.SENDING))
            self._unleft -= 1
        left[kind.value] = contents.state()
        if lacking:
            self._unleft = len(contents.lacking_at(self._peer.names(kind)))
            self._tell_unkept(kind, self._unleft, left)

    def _tell_unkept(self, kind: ObjectKind, count: int, left: dict[str, str]) -> None:
        """What is alive here may lie there as destroyed: it waits, is told of at every meeting, and is tried again."""
        if count:
            left.pop(kind.value, None)
            self._outcome.warn(told.NOT_KEPT)

    def _moved(self, part: Part) -> Callable[[int], None]:
        def moved(size: int) -> None:
            self._size += size
            self._progress(Progress(part, 0, 0, self._outcome.sent, self._size))
            self._pause()

        return moved

    # Out

    def _pack(self, have: dict[bytes, int], seen: dict[bytes, int]) -> None:
        """Nothing is written under a name under which somebody else may write: nobody could tell the two apart."""
        own = self._side.device
        with self._side.database.connection(write=True) as connection:
            if self._elsewhere:
                shelf.fall_silent(connection)
            silent = shelf.is_silent(connection, own)
        if silent:
            self._silent.add(own)
            self._outcome.warn(told.IN_DOUBT)
            return
        # More of it than this laptop ever wrote, and nothing that it signed: files under names that are not theirs.
        seen[own] = min(seen.get(own, 0), have.get(own, 0))
        if cannot := self._side.pack():
            self._outcome.warn(cannot)

    def _leave(self, meeting: Meeting, left: dict[str, str]) -> None:
        """Leave what the peer lacks, and take away there what was taken away here."""
        for stock in self._side.stocks:
            mine, gone = stock.names(), stock.destroyed()
            there = meeting.objects.get(stock.kind, frozenset())
            if not meeting.all_objects:
                if left.get(stock.kind.value) == _digest(mine, gone):
                    continue
                there = self._peer.names(stock.kind)
            for name in sorted(there & gone):
                self._peer.destroy(stock.kind, name)
            lacking = sorted(mine - there)
            for name in lacking:
                self._pause()
                self._peer.put(stock.kind, name, stock.content(name))
            left[stock.kind.value] = _digest(mine, gone)
            if stock.kind is ObjectKind.KEY and lacking:
                self._unkept = len(set(lacking) - self._peer.names(stock.kind))
                self._tell_unkept(stock.kind, self._unkept, left)

    def _hand_over(self, seen: dict[bytes, int]) -> None:
        with self._side.database.connection() as connection:
            places = self._for_them(shelf.beyond(connection, seen))
        done, size, refused = 0, 0, set(self._silent)
        while places[done:]:
            self._pause()
            # The store is not held open while a road is slow.
            with self._side.database.connection() as connection:
                page = shelf.page(connection, places[done:], AT_ONCE, SIZE_AT_ONCE)
            self._push([one for one in page if one.device not in refused], seen, refused)
            done, size = done + len(page), size + sum(len(one.content) for one in page)
            self._progress(Progress(Part.SENDING, done, len(places), self._outcome.sent, size))

    def _for_them(self, places: Sequence[tuple[bytes, int, int]]) -> list[tuple[bytes, int, int]]:
        """What the peer takes. A hub takes nothing of laptops for which nobody vouches; a stick carries it to whoever
        may know more.
        """
        if not isinstance(self._peer, Hub):
            return list(places)
        known = {device: device == self._side.device or self._side.knows(device) for device, _, _ in places}
        return [place for place in places if known[place[0]]]

    def _push(self, parcels: Sequence[Parcel], seen: dict[bytes, int], refused: set[bytes]) -> None:
        receipts = self._peer.push([one.content for one in parcels]) if parcels else []
        for parcel, receipt in zip(parcels, receipts, strict=True):
            if receipt not in _TAKEN:
                refused.add(parcel.device)
                self._outcome.warn(_SAID_OF.get(receipt, told.REFUSED))
            elif parcel.device not in refused:
                seen[parcel.device] = parcel.seq
                self._outcome.sent += parcel.changes if receipt is Receipt.STORED else 0

    # After

    def _part(self, seen: dict[bytes, int], left: dict[str, str]) -> None:
        """Count what the peer still lacks, and what waits here: nothing is said to be all there that is not."""
        with self._side.database.connection(write=True) as connection:
            acquaintance.part(connection, self._peer.name, self._dense(connection, seen), left)
            lacking = self._for_them(shelf.beyond(connection, self._truly(connection, seen)))
            numbers = shelf.waiting(connection)
            self._outcome.parked = shelf.parked(connection) + sum(map(len, numbers.values()))
        self._outcome.waiting = (
            sum(changes for _, _, changes in lacking) + self._side.unpacked() + self._unleft + self._unkept
        )
        if self._outcome.waiting and not self._outcome.warnings:
            self._outcome.warn(told.LEFT_OVER)
        self._tell_waiting(numbers)

    def _dense(self, connection: Connection, seen: dict[bytes, int]) -> dict[bytes, int]:
        """Without laptops of whose work the peer lacks the beginning: it lies in a snapshot here, and not there yet."""
        bases = shelf.bases(connection)
        return {
            device: last
            for device, last in seen.items()
            if device not in bases or self._there.get(device, 0) >= bases[device].seq
        }

    def _truly(self, connection: Connection, seen: dict[bytes, int]) -> dict[bytes, int]:
        """What the peer has of this laptop's own work: of a number that was written twice it has the other."""
        first = shelf.forked_from(connection, self._side.device)
        return seen if first is None else {**seen, self._side.device: first - 1}

    def _tell_waiting(self, numbers: dict[bytes, list[int]]) -> None:
        strangers = sum(len(found) for device, found in numbers.items() if not self._side.knows(device))
        known = sum(len(found) for device, found in numbers.items() if self._side.knows(device))
        if strangers:
            self._outcome.warn(told.STRANGERS, count=strangers)
        if known:
            self._outcome.warn(told.GAPS, count=known)


def _digest(mine: frozenset[str], gone: frozenset[str]) -> str:
    return digest("\n".join([*sorted(mine), "", *sorted(gone)]).encode(), b"fd-left").hex()
