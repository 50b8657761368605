"""A snapshot made of one store, reckoned anew from another, and read by a third (the bytes: `wire/snapshot`).

What is in it are the changes themselves, with the versions that they replace and who wrote them, so that whoever takes
it in has the same rows, the same fronts and the same conflicts as from the whole log. What was erased is not in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from familydesk.store.case_keys import is_token
from familydesk.sync import opening, packing, shelf
from familydesk.sync.enclosures import case_of_token
from familydesk.sync.identity import Identity, Keyring, Trust
from familydesk.sync.keyring import StreamKeys
from familydesk.sync.shelf import HELD
from familydesk.sync.state import State, is_whole, state_of, told
from familydesk.sync.streams import stream_of, streams_of
from familydesk.sync.wire import envelope
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.snapshot import (
    ROOM,
    ROWS,
    Base,
    Manifest,
    Part,
    Place,
    Reached,
    Told,
    open_part,
    open_piece,
    piece_hash,
    seal_part,
    seal_piece,
)

_OVERHEAD = 256
_EVERYTHING = 2**63


@dataclass(frozen=True, slots=True)
class Made:
    """A snapshot, ready to be left somewhere."""

    manifest: Manifest
    pieces: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Lacking:
    """Streams that have no key of this epoch yet: a snapshot can be made when they have."""

    streams: frozenset[bytes]


# Making


def make(
    connection: Connection, who: Identity, keys: StreamKeys, number: int, wall: int, erasures: int = 0
) -> Made | Lacking | None:
    """Of all that this store knows; None while something waits, be it to be packed or to be taken in.

    `number` is that of this laptop in its own log, `wall` milliseconds. Nothing is written.
    """
    if not is_whole(connection) or packing.waiting(connection, number):
        return None
    epoch_key = keys.epoch_key(keys.epoch())
    if epoch_key is None or who.person_key is None:
        return None
    making = _Making(connection, who, keys, epoch_key)
    for portion in _portions(told(connection)):
        making.add(portion)
    if making.lacking:
        return Lacking(frozenset(making.lacking))
    count, state = making.state.digest()
    reached = tuple(
        Reached(device, seq, hash, making.newest[device])
        for device, (seq, hash) in sorted(shelf.held(connection).items())
    )
    hashes = tuple(map(piece_hash, making.pieces))
    bases = tuple(Base(one.device, one.seq, one.hash) for _device, one in sorted(shelf.bases(connection).items()))
    facts = who.center, who.device, wall, keys.epoch(), reached, state, count, erasures, hashes, bases
    manifest = Manifest(*facts, who.account).signed(who.person_key, who.device_key)
    return Made(manifest, tuple(making.pieces))


def _portions(changes: Iterable[Told]) -> Iterator[list[Told]]:
    held: list[Told] = []
    size = 0
    for one in changes:
        cost = _OVERHEAD + len((one.change.value or "").encode())
        if held and (len(held) == ROWS or size + cost > ROOM):
            yield held
            held, size = [], 0
        held.append(one)
        size += cost
    if held:
        yield held


class _Making:
    """The pieces, one after the other."""

    def __init__(self, connection: Connection, who: Identity, keys: StreamKeys, epoch_key: bytes) -> None:
        self._connection = connection
        self._who = who
        self._keys = keys
        self._epoch_key = epoch_key
        self.pieces: list[bytes] = []
        self.state = State()
        self.newest: defaultdict[bytes, int] = defaultdict(int)
        self.lacking: set[bytes] = set()

    def add(self, portion: Sequence[Told]) -> None:
        """One piece more; of streams without a key only their names."""
        place = Place(self._who.center, self._who.device, len(self.pieces))
        parts = []
        for stream, rows in self._by_stream(portion).items():
            key = self._keys.known_key(stream)
            if key is None:
                self.lacking.add(stream)
            else:
                parts.append(seal_part(place, stream, key, rows))
        self.pieces.append(seal_piece(place, parts, self._epoch_key))
        for one in portion:
            self.state.add(one)
            version = one.change.version
            self.newest[version.device] = max(self.newest[version.device], version.clock)

    def _by_stream(self, portion: Sequence[Told]) -> dict[bytes, list[tuple[int, Told]]]:
        found: dict[bytes, list[tuple[int, Told]]] = {}
        streams = streams_of(self._connection, ((one.change.sheet, one.change.record.hex()) for one in portion))
        for at, one in enumerate(portion):
            stream = _case_of(one) or stream_of(streams, one.change.record.hex())
            found.setdefault(stream, []).append((at, one))
        return found


def _case_of(one: Told) -> bytes | None:
    """The case with which a value is sealed: its record may be no row of any sheet here."""
    value = one.change.value
    case = case_of_token(value) if value is not None and is_token(value) else None
    return bytes.fromhex(case) if case else None


# Reckoning anew


def comes_to_the_same(
    connection: Connection, manifest: Manifest, number: int, device: bytes, trust: Trust, keys: Keyring
) -> bool | None:
    """Whether this store, as far as the same envelopes go, holds the same; None while it cannot tell.

    `number` and `device` are this laptop's own.
    """
    if not is_whole(connection):
        return None
    within: dict[bytes, int] = {}
    heads = shelf.held(connection)
    for one in manifest.reached:
        there = shelf.find(connection, one.device, one.seq)
        if there is None or there.standing not in HELD:
            return None
        if there.hash != one.hash:
            return False
        is_last = heads[one.device][0] == one.seq
        if is_last and not (one.device == device and packing.waiting(connection, number)):
            within[one.device] = _EVERYTHING
        else:
            within[one.device] = _newest_at(connection, one, trust, keys)
    return state_of(told(connection)).digest(within) == (manifest.changes, manifest.state)


def _newest_at(connection: Connection, reached: Reached, trust: Trust, keys: Keyring) -> int:
    """The newest stamp of a laptop up to one of its envelopes, as far as they open here."""
    base = shelf.bases(connection).get(reached.device)
    for seq in range(reached.seq, base.seq if base else 0, -1):
        sent = envelope.read(shelf.content(connection, reached.device, seq))
        try:
            changes = opening.opened(sent, trust, keys).changes
        except (Defect, opening.Waiting):
            continue
        if changes:
            return changes[-1].version.clock
    return base.clock if base else -1


# Reading


def changes_of(manifest: Manifest, index: int, piece: bytes, keys: Keyring) -> list[Told]:
    """The changes of one piece, in order. Defect if it is another piece, does not open, or lacks a key."""
    if piece_hash(piece) != manifest.pieces[index]:
        raise Defect("another piece")
    epoch_key = keys.epoch_key(manifest.epoch)
    if epoch_key is None:
        raise Defect("a snapshot of an epoch whose key is not here")
    place = Place(manifest.center, manifest.device, index)
    rows = [row for part in open_piece(place, piece, epoch_key) for row in _rows(place, part, keys)]
    return [one for _at, one in sorted(rows, key=lambda row: row[0])]


def _rows(place: Place, part: Part, keys: Keyring) -> list[tuple[int, Told]]:
    secret = keys.stream_key(part.stream, part.key)
    if secret is None:
        raise Defect("a part of a snapshot whose key is not here")
    return open_part(place, part, secret)


def is_sound(manifest: Manifest, pieces: Sequence[bytes], keys: Keyring, moved: Callable[[], None]) -> bool:
    """Whether the pieces hold what the manifest says, and nothing beyond what it reaches."""
    state, bounds = State(), {one.device: one.clock for one in manifest.reached}
    try:
        for index, piece in enumerate(pieces):
            for one in changes_of(manifest, index, piece, keys):
                state.add(one)
            moved()
    except Defect:
        return False
    return state.digest(bounds) == (state.count, manifest.state) and state.count == manifest.changes
