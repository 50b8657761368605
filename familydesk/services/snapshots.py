"""Snapshots: a new laptop takes in the center's whole work at once, and the tail of the log after it.

A head's laptop makes one where a newcomer would have much to read; other laptops reckon its state anew from their own
logs and endorse it. Whoever installs one believes a head's laptop, as it believes her of members and keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from familydesk.core import clock
from familydesk.services.receiving import Applied, Origin
from familydesk.sync import shelf, snapshot
from familydesk.sync.arrivals import Tally
from familydesk.sync.identity import Identity, Standing
from familydesk.sync.keyring import StreamKeys
from familydesk.sync.peer import Meeting, ObjectKind, Peer
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
KIND = ObjectKind.SNAPSHOT

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
        lying = [one for one in self._lying(peer, meeting.objects[KIND]) if self._leads(one)]
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

    def leave(self, peer: Peer, meeting: Meeting, left: dict[str, str], moved: Moved) -> None:
        """Make one where it is worth it, or endorse the newest that lies there; where nothing is new, ask nothing."""
        there = meeting.objects.get(KIND, frozenset())
        state = self._state()
        if not meeting.all_objects:
            if not there and left.get(KIND.value) == state:
                return
            there = peer.names(KIND)
        lying = self._lying(peer, there)
        newest = lying[0] if lying else None
        if self._is_worth_it(newest):
            self._make(peer, lying, there, moved)
        elif newest and newest.device != self._identity.device:
            self._endorse(peer, newest, there)
        left[KIND.value] = state

    def _state(self) -> str:
        with self._database.connection() as connection:
            return str(shelf.volume(connection, {}) // WORTH_IT)

    def _is_worth_it(self, newest: Manifest | None) -> bool:
        """Whether a newcomer who met this peer would have much to read; only a head's laptop makes one."""
        if not self._leads_here():
            return False
        reached = {one.device: one.seq for one in newest.reached} if newest else {}
        with self._database.connection() as connection:
            return shelf.volume(connection, reached) >= WORTH_IT

    def _make(self, peer: Peer, former: list[Manifest], there: frozenset[str], moved: Moved) -> None:
        made = self._made()
        if made is None:
            return
        # The manifest last: where it lies, all of it does.
        for hash, piece in zip(made.manifest.pieces, made.pieces, strict=True):
            peer.put(KIND, piece_name(hash), piece)
            moved(len(piece))
        peer.put(KIND, made.manifest.name, made.manifest.content)
        gone = {name for one in former for name in (*one.names(), *_endorsements(one, there))}
        for name in sorted(gone - made.manifest.names()):
            peer.destroy(KIND, name)

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
            return snapshot.make(connection, self._identity, self._keys(connection), self._database.device, wall)

    def _endorse(self, peer: Peer, newest: Manifest, there: frozenset[str]) -> None:
        own = self._identity
        name, content = endorsement(newest.id, own.device, own.device_key)
        if name in there:
            return
        with self._database.connection() as connection:
            trust, keys = self._office.center.trust, self._keys(connection)
            if snapshot.comes_to_the_same(connection, newest, self._database.device, own.device, trust, keys):
                peer.put(KIND, name, content)

    # Who is believed

    def _lying(self, peer: Peer, names: frozenset[str]) -> list[Manifest]:
        """The snapshots at a peer that a laptop of this center made, the newest first."""
        found = [one for name in sorted(names) if is_manifest(name) and (one := self._read(peer, name))]
        return sorted(found, key=lambda one: (one.wall, one.id), reverse=True)

    def _read(self, peer: Peer, name: str) -> Manifest | None:
        try:
            one = read_manifest(peer.get(KIND, name) or b"")
        except Defect:
            return None
        trust = self._office.center.trust
        device = trust.device(one.device)
        good = one.name == name and one.center == self._identity.center
        if not good or device is None or device.last_seq is not None or not one.signed_by(device.public):
            return None
        accepted = (trust.standing(at.device, at.seq, at.hash) is Standing.ACCEPTED for at in one.reached)
        return one if all(accepted) else None

    def _leads(self, found: Manifest) -> bool:
        """Whether a head's laptop made it: one of a colleague could say anything in anybody's name."""
        device = self._office.center.trust.device(found.device)
        return device is not None and device.account in self._office.center.log.heads()

    def _leads_here(self) -> bool:
        laptop = self._office.center.trust.device(self._identity.device)
        return laptop is not None and laptop.account in self._office.center.log.heads()

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
