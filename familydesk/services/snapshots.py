"""Snapshots: a new laptop takes in the center's whole work at once, and the tail of the log after it.

A head's laptop makes one where a newcomer would have much to read; other laptops reckon its state anew from their own
logs and endorse it. Whoever installs one believes a head's signature made on a head's laptop, and one colleague's
laptop that came to the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from familydesk.core import clock
from familydesk.services.receiving import Applied, Origin
from familydesk.store.database import QUICKLY_REWRITTEN, REWRITE
from familydesk.sync import shelf, snapshot
from familydesk.sync.arrivals import Tally
from familydesk.sync.identity import Identity, Standing
from familydesk.sync.keyring import StreamKeys
from familydesk.sync.peer import Cuttable, Have, Meeting, ObjectKind, Peer
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.snapshot import (
    Manifest,
    Told,
    endorsed_by,
    endorsement,
    is_endorsed,
    is_manifest,
    piece_name,
    read_manifest,
)

if TYPE_CHECKING:
    from familydesk.services.office import Office

WORTH_IT = 20_000
"""So many changes beyond the newest snapshot at a place are worth another one: a newcomer reads fewer in seconds."""
LONG = 400
"""Days after which the log is cut even where nobody was erased: so long a laptop may stay away and read it all."""
KIND = ObjectKind.SNAPSHOT
CUT = "cut_erasures"
"""The fact of the file that says how many orders to erase had been carried out when the log was cut last."""
_DAY = 24 * 60 * 60 * 1000
_SET = "INSERT OR REPLACE INTO meta(key, value) VALUES(?, ?)"

Moved = Callable[[int], None]
"""Told how many bytes came or went; whatever it raises stops the work between two pieces."""


class Snapshots:
    """What one meeting does with snapshots (`loop.Snapshots`)."""

    def __init__(self, office: Office, identity: Identity) -> None:
        self._office = office
        self._database = office.database
        self._identity = identity

    # In

    def install(self, peer: Peer, meeting: Meeting, moved: Moved) -> Tally:
        """On a laptop that has nothing of the others yet: take in the newest snapshot that lies at the peer.

        If it was stopped on the way, the next time begins anew: what is known already is passed over.
        """
        if not self._is_new() or not any(map(is_manifest, meeting.objects.get(KIND, ()))):
            return Tally()
        there = meeting.objects[KIND]
        led = filter(self._leads, self._lying(peer, there))
        lying = [one for one in led if self._is_confirmed(peer, one, there)]
        for found in (one for one in lying if one.device != self._identity.device):
            pieces = _fetched(peer, found, moved)
            if pieces and self._is_sound(found, pieces, moved):
                return self._take_in(found, pieces, moved)
        return Tally()

    def _is_new(self) -> bool:
        with self._database.connection() as connection:
            others = {*shelf.held(connection), *shelf.waiting(connection)} - {self._identity.device}
        return not others

    def _is_sound(self, found: Manifest, pieces: list[bytes], moved: Moved) -> bool:
        with self._database.connection() as connection:
            return snapshot.is_sound(found, pieces, self._keys(connection), lambda: moved(0))

    def _take_in(self, found: Manifest, pieces: list[bytes], moved: Moved) -> Tally:
        tally = Tally(size=sum(map(len, pieces)))
        for index, piece in enumerate(pieces):
            with self._database.write(whole=True) as session:
                changes = snapshot.changes_of(found, index, piece, self._keys(session.connection()))
                applied = [self._apply(session, origin, told) for origin, told in _by_origin(changes)]
                devices = {one.change.version.device for one in changes}
                total = self._office.receiving.finish(session, applied, devices)
            tally.received, tally.conflicts = tally.received + total.received, tally.conflicts + total.conflicts
            moved(0)
        with self._database.connection(write=True) as connection:
            shelf.found_upon(connection, found.reached)
        return tally

    def _apply(self, session: Session, origin: Origin, told: list[Told]) -> Applied:
        return self._office.receiving.take_in(session, origin, [one.change for one in told])

    # Out

    def leave(self, peer: Peer, meeting: Meeting, left: dict[str, str], moved: Moved) -> bool:
        """Make one where it is worth it, or endorse the newest that lies there; where nothing is new, ask nothing.
        Whether one was made.
        """
        there = meeting.objects.get(KIND, frozenset())
        state = self._state()
        if not meeting.all_objects:
            if not there and left.get(KIND.value) == state:
                return False
            there = peer.names(KIND)
        lying = self._lying(peer, there)
        newest = lying[0] if lying else None
        worth = self._is_worth_it(newest)
        if worth:
            newest, there = self._make(peer, lying, there, moved), frozenset()
        elif newest and newest.device != self._identity.device:
            there |= self._endorse(peer, newest, there)
        if newest and self._may_be_cut(newest) and self._active() <= self.endorsers(peer, newest, there):
            self._cut(peer, newest)
        left[KIND.value] = state
        return worth

    def _state(self) -> str:
        with self._database.connection() as connection:
            volume = shelf.volume(connection, {}) // WORTH_IT
        return f"{volume}.{self._office.keeping.everywhere.count()}"

    def _is_worth_it(self, newest: Manifest | None) -> bool:
        """Whether a newcomer who met this peer would have much to read, or could not read it all any more, or would
        read of somebody who was erased since; only a head's laptop makes one.
        """
        if not self._leads_here():
            return False
        reached = {one.device: one.seq for one in newest.reached} if newest else {}
        if self._office.keeping.everywhere.count() > (newest.erasures if newest else 0):
            return True
        with self._database.connection() as connection:
            is_cut = any(reached.get(device, 0) < base.seq for device, base in shelf.bases(connection).items())
            return is_cut or shelf.volume(connection, reached) >= WORTH_IT

    def _make(self, peer: Peer, former: list[Manifest], there: frozenset[str], moved: Moved) -> Manifest | None:
        """The new one takes the place of the former ones."""
        made = self._made()
        if made is None:
            return None
        # The manifest last: where it lies, all of it does.
        for hash, piece in zip(made.manifest.pieces, made.pieces, strict=True):
            peer.put(KIND, piece_name(hash), piece)
            moved(len(piece))
        peer.put(KIND, made.manifest.name, made.manifest.content)
        gone = {name for one in former for name in (*one.names(), *_endorsements(one, there))}
        for name in sorted(gone - made.manifest.names()):
            peer.destroy(KIND, name)
        return made.manifest

    def _made(self) -> snapshot.Made | None:
        made = self._try()
        if isinstance(made, snapshot.Lacking):
            with self._database.connection(write=True) as connection:
                keys = self._keys(connection)
                for stream in made.streams:
                    keys.writing_key(stream)
                keys.bundle()
            made = self._try()
        return made if isinstance(made, snapshot.Made) else None

    def _try(self) -> snapshot.Made | snapshot.Lacking | None:
        wall = int(clock.now().timestamp() * 1000)
        with self._database.connection() as connection:
            place = self._database.device, wall, len(self._office.center.log.erasures())
            if self._office.keeping.everywhere.count() < place[2]:
                return None
            return snapshot.make(connection, self._identity, self._keys(connection), *place)

    def _endorse(self, peer: Peer, newest: Manifest, there: frozenset[str]) -> frozenset[str]:
        """Say that this laptop comes to the same; the name of its word, where it has said so."""
        own = self._identity
        name, content = endorsement(newest.id, own.device, own.device_key)
        if name in there:
            return frozenset()
        with self._database.connection() as connection:
            trust, keys = self._office.center.trust, self._keys(connection)
            if snapshot.comes_to_the_same(connection, newest, self._database.device, own.device, trust, keys):
                peer.put(KIND, name, content)
                return frozenset({name})
        return frozenset()

    # Cutting

    def _may_be_cut(self, newest: Manifest) -> bool:
        """Whether a heads' order to erase is newer than what is cut off here, or it has stood for long enough."""
        with self._database.connection() as connection:
            before = connection.exec_driver_sql("SELECT value FROM meta WHERE key = ?", (CUT,)).scalar()
        old = newest.wall + LONG * _DAY < clock.now().timestamp() * 1000
        return old or newest.erasures > int(before or 0) or (bool(newest.erasures) and self._is_cut(newest))

    def _is_cut(self, newest: Manifest) -> bool:
        """Whether this laptop has let go of what this one stands for: then its places may as well."""
        with self._database.connection() as connection:
            bases = shelf.bases(connection)
        return all(one.device in bases and bases[one.device].seq >= one.seq for one in newest.reached)

    def _active(self) -> frozenset[bytes]:
        """The laptops that belong to the center, this one among them."""
        log = self._office.center.log
        people = {account for account, one in log.people.items() if one.active}
        return frozenset(id for id, one in log.laptops.items() if id not in log.cuts and one.account in people)

    def _cut(self, peer: Peer, newest: Manifest) -> None:
        """Let go, here and in a folder, of the envelopes for which it stands: all laptops have said what they are."""
        with self._database.connection(write=True) as connection:
            done = shelf.cut(connection, newest.reached)
            connection.exec_driver_sql(_SET, (CUT, str(newest.erasures)))
            if done:
                connection.exec_driver_sql(_SET, (REWRITE, "1"))
        if done:
            self._database.rewrite(at_most=QUICKLY_REWRITTEN)
        if isinstance(peer, Cuttable):
            peer.cut(newest.content, {one.device: one.seq for one in newest.reached})

    def reaches(self, content: bytes) -> Have:
        """Up to which numbers a manifest stands for the log, if a head's laptop made it."""
        found = self._believed(content)
        return {one.device: one.seq for one in found.reached} if found and self._leads(found) else {}

    # Who is believed

    def _lying(self, peer: Peer, names: frozenset[str]) -> list[Manifest]:
        """The snapshots at a peer that a laptop of this center made, the newest first."""
        found = [one for name in sorted(names) if is_manifest(name) and (one := self._read(peer, name))]
        return sorted(found, key=lambda one: (one.wall, one.id), reverse=True)

    def _read(self, peer: Peer, name: str) -> Manifest | None:
        one = self._believed(peer.get(KIND, name) or b"")
        return one if one and one.name == name else None

    def _believed(self, content: bytes) -> Manifest | None:
        try:
            one = read_manifest(content)
        except Defect:
            return None
        trust = self._office.center.trust
        device = trust.device(one.device)
        if (
            one.center != self._identity.center
            or device is None
            or device.last_seq is not None
            or not one.signed_by(device.public)
        ):
            return None
        if not any(map(one.said_by, trust.signing_publics(one.signer))):
            return None
        accepted = (trust.standing(at.device, at.seq, at.hash) is Standing.ACCEPTED for at in one.reached)
        return one if all(accepted) else None

    def _leads(self, found: Manifest) -> bool:
        """Whether a head made it on a head's laptop: a colleague could say anything in anybody's name."""
        device = self._office.center.trust.device(found.device)
        return device is not None and {device.account, found.signer} <= self._office.center.log.heads()

    def _leads_here(self) -> bool:
        laptop = self._office.center.trust.device(self._identity.device)
        return laptop is not None and {laptop.account, self._identity.account} <= self._office.center.log.heads()

    def _is_confirmed(self, peer: Peer, found: Manifest, names: frozenset[str]) -> bool:
        """Whether another laptop came to the same, where there is one. Where the log was cut already, it cannot be read
        whole instead: there the head's signature is enough until the others have endorsed the newest.
        """
        others = self._active() - {self._identity.device, found.device}
        return not others or bool(found.bases) or bool(others & self.endorsers(peer, found, names))

    def endorsers(self, peer: Peer, found: Manifest, names: frozenset[str]) -> frozenset[bytes]:
        """The laptops that have said that they come to the same, the one that made it among them."""
        trust, said = self._office.center.trust, {found.device}
        for name in _endorsements(found, names):
            device = trust.device(endorsed_by(found.id, name) or b"")
            if device and is_endorsed(found.id, device.id, device.public, peer.get(KIND, name) or b""):
                said.add(device.id)
        return frozenset(said)

    def _keys(self, connection: Connection) -> StreamKeys:
        return StreamKeys(connection, self._identity.center, self._office.center.epoch_keys)


def _fetched(peer: Peer, found: Manifest, moved: Moved) -> list[bytes]:
    """All pieces; none if one has gone meanwhile."""
    pieces = []
    for hash in found.pieces:
        piece = peer.get(KIND, piece_name(hash))
        if piece is None:
            return []
        pieces.append(piece)
        moved(len(piece))
    return pieces


def _endorsements(one: Manifest, names: frozenset[str]) -> Iterator[str]:
    yield from (name for name in names if endorsed_by(one.id, name))


def _by_origin(changes: list[Told]) -> Iterator[tuple[Origin, list[Told]]]:
    for (device, author, signer), told in groupby(
        changes, key=lambda one: (one.change.version.device, one.author, one.signer)
    ):
        yield Origin(device, author, 0, signer=signer), list(told)
