"""A snapshot as it travels: what one laptop had taken in, so that another need not read the whole log (docs/wire.md).

Three kinds of objects, all called by digests:

    manifest      <id>            in clear, signed by the laptop that made it and the head who was at it: for which
                                  envelopes of whom it stands
    piece         <digest>_0      sealed under the center's key; inside, by stream, changes under the stream's key
    endorsement   <id>-<laptop>   another laptop has reckoned the state anew from its own log, and come to the same

A manifest holds nothing that a hub does not see in the envelopes, but one digest of the whole state.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from nacl.exceptions import CryptoError
from nacl.secret import Aead
from nacl.signing import SigningKey, VerifyKey

from familydesk.sync.wire import bounds
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.change import Change, Version
from familydesk.sync.wire.coding import decoded, deflated, encoded, inflated
from familydesk.sync.wire.digests import DIGEST_BYTES, ID_BYTES, digest
from familydesk.sync.wire.shapes import array, exactly, number, uuid

MANIFEST, ENDORSEMENT = "familydesk snapshot 1", "familydesk snapshot endorsed 1"
_PIECE, _SECTION = b"familydesk snapshot piece 1", b"familydesk snapshot section 1"
_SIGNATURE = 64
ROWS = 4096
"""Changes in one piece, at most."""
ROOM = 2 * bounds.MIB
"""Bytes of changes, not yet compressed, after which another piece is begun."""
PIECES = 65536
_STAMP = 2**63


@dataclass(frozen=True, slots=True)
class Reached:
    """Up to which envelope of a laptop a state reaches, and the newest stamp of that laptop in it."""

    device: bytes
    seq: int
    hash: bytes
    clock: int


class Base(NamedTuple):
    """The last envelope of a laptop that was cut off: its number and hash."""

    device: bytes
    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Told:
    """One change of a snapshot. `author` wrote it; `signer` vouched for it, if it was not she."""

    change: Change
    author: UUID
    signer: UUID | None = None


@dataclass(frozen=True)
class Manifest:
    """What a snapshot stands for. `wall`: milliseconds; `state`: digest of all its changes; `erasures`: how many
    erasures ordered by heads were carried out in it; `pieces`: digests, in order; `bases`: by laptop, where the log
    begins that its maker has, because what lies below was cut off; `signer`: who was at the laptop. Her signature
    (`personal`) is under the laptop's, for everybody who works at a laptop holds its key.
    """

    center: bytes
    device: bytes
    wall: int
    epoch: int
    reached: tuple[Reached, ...]
    state: bytes
    changes: int
    erasures: int
    pieces: tuple[bytes, ...]
    bases: tuple[Base, ...]
    signer: UUID
    personal: bytes = field(default=b"", repr=False)
    signature: bytes = field(default=b"", repr=False)

    @cached_property
    def body(self) -> bytes:
        """What the person signs; the laptop signs this and her signature."""
        reached = [[one.device, one.seq, one.hash, one.clock] for one in self.reached]
        counts = [self.changes, self.erasures, list(self.pieces), [list(one) for one in self.bases]]
        place = [MANIFEST, self.center, self.device, self.wall, self.epoch]
        return encoded([*place, reached, self.state, *counts, self.signer.bytes])

    @cached_property
    def content(self) -> bytes:
        """As it travels."""
        return self.body + self.personal + self.signature

    @cached_property
    def id(self) -> bytes:
        """16 bytes."""
        return digest(self.content, b"fd-snapshot")[:ID_BYTES]

    @property
    def name(self) -> str:
        """Of its object."""
        return self.id.hex()

    def signed(self, person: SigningKey, laptop: SigningKey) -> Manifest:
        """This, signed by both."""
        personal = person.sign(self.body).signature
        return replace(self, personal=personal, signature=laptop.sign(self.body + personal).signature)

    def signed_by(self, public: bytes) -> bool:
        """Whether the laptop with this key (Ed25519, 32 bytes) signed it."""
        return _is_signed(public, self.body + self.personal, self.signature)

    def said_by(self, public: bytes) -> bool:
        """Whether the person with this key (Ed25519, 32 bytes) signed it."""
        return _is_signed(public, self.body, self.personal)

    def names(self) -> frozenset[str]:
        """Of its objects, but for endorsements."""
        return frozenset({self.name, *map(piece_name, self.pieces)})


def read_manifest(content: bytes) -> Manifest:
    """Defect if it has another form; the signatures are not checked."""
    if not 2 * _SIGNATURE < len(content) <= bounds.OBJECT:
        raise Defect("a manifest of another length")
    what, center, device, wall, epoch, reached, state, changes, erasures, pieces, bases, signer = array(
        decoded(content[: -2 * _SIGNATURE]), 12
    )
    if what != MANIFEST:
        raise Defect("no manifest")
    devices = tuple(map(_reached, array(reached)))
    if [one.device for one in devices] != sorted({one.device for one in devices}):
        raise Defect("laptops out of order")
    digests = tuple(exactly(one, DIGEST_BYTES) for one in array(pieces))
    if len(digests) > PIECES:
        raise Defect("too many pieces")
    place = exactly(center, ID_BYTES), exactly(device, ID_BYTES), number(wall), number(epoch), devices
    counts = number(changes), number(erasures), digests
    begun = tuple(map(_base, array(bases)))
    signatures = content[-2 * _SIGNATURE : -_SIGNATURE], content[-_SIGNATURE:]
    return Manifest(*place, exactly(state, DIGEST_BYTES), *counts, begun, uuid(signer), *signatures)


def _base(row: object) -> Base:
    device, seq, hash = array(row, 3)
    return Base(exactly(device, ID_BYTES), number(seq, 1), exactly(hash, DIGEST_BYTES))


def _reached(row: object) -> Reached:
    device, seq, hash, clock = array(row, 4)
    return Reached(exactly(device, ID_BYTES), number(seq, 1), exactly(hash, DIGEST_BYTES), _stamp(clock))


def is_manifest(name: str) -> bool:
    """Whether an object of this name is one."""
    return len(name) == 2 * ID_BYTES


# Endorsements


def endorsement(snapshot: bytes, device: bytes, key: SigningKey) -> tuple[str, bytes]:
    """Name and bytes of a laptop's word that it comes to the same state."""
    return _endorsement_name(snapshot, device), key.sign(_endorsed(snapshot, device)).signature


def endorsed_by(snapshot: bytes, name: str) -> bytes | None:
    """Whose endorsement of this snapshot an object is by its name: the laptop's id."""
    of, _, device = name.partition("-")
    try:
        return bytes.fromhex(device) if of == snapshot.hex() and len(device) == 2 * ID_BYTES else None
    except ValueError:
        return None


def is_endorsed(snapshot: bytes, device: bytes, public: bytes, content: bytes) -> bool:
    """Whether these bytes are that laptop's endorsement."""
    return _is_signed(public, _endorsed(snapshot, device), content)


def _endorsed(snapshot: bytes, device: bytes) -> bytes:
    return encoded([ENDORSEMENT, snapshot, device])


def _endorsement_name(snapshot: bytes, device: bytes) -> str:
    return f"{snapshot.hex()}-{device.hex()}"


def _is_signed(public: bytes, body: bytes, signature: bytes) -> bool:
    try:
        VerifyKey(public).verify(body, signature)
    except (CryptoError, ValueError, TypeError):
        return False
    return True


# Pieces


@dataclass(frozen=True, slots=True)
class Part:
    """The changes of one stream in a piece: sealed, under the key of that id."""

    stream: bytes
    key: bytes
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Place:
    """Which piece of which laptop's snapshot: what is sealed opens nowhere else."""

    center: bytes
    device: bytes
    index: int

    def bound(self, context: bytes, *more: bytes) -> bytes:
        """As associated data."""
        return context + self.center + self.device + self.index.to_bytes(4, "big") + b"".join(more)


def piece_name(hash: bytes) -> str:
    """Of a piece by its digest."""
    return f"{hash.hex()}_0"


def piece_hash(content: bytes) -> bytes:
    """32 bytes."""
    return digest(content, b"fd-piece")


def seal_part(place: Place, stream: bytes, key: tuple[bytes, bytes], rows: Sequence[tuple[int, Told]]) -> Part:
    """Changes of a stream, each with its number in the piece's order. `key` is the id and the key."""
    name, secret = key
    content = deflated(encoded([_row(at, told) for at, told in rows]))
    return Part(stream, name, bytes(Aead(secret).encrypt(content, place.bound(_SECTION, stream, name))))


def open_part(place: Place, part: Part, secret: bytes) -> list[tuple[int, Told]]:
    """Its changes. Defect if they do not open or have another form."""
    content = _opened(part.sealed, place.bound(_SECTION, part.stream, part.key), secret)
    return [_told(row) for row in array(decoded(inflated(content, bounds.INFLATED)))]


def seal_piece(place: Place, parts: Iterable[Part], epoch_key: bytes) -> bytes:
    """A piece as it travels."""
    content = encoded([[part.stream, part.key, part.sealed] for part in parts])
    return bytes(Aead(epoch_key).encrypt(content, place.bound(_PIECE)))


def open_piece(place: Place, content: bytes, epoch_key: bytes) -> list[Part]:
    """Its parts. Defect if it does not open, or has another form."""
    rows = (array(row, 3) for row in array(decoded(_opened(content, place.bound(_PIECE), epoch_key))))
    return [
        Part(exactly(stream, ID_BYTES), exactly(key, ID_BYTES), bytes(sealed))
        for stream, key, sealed in rows
        if isinstance(sealed, bytes)
    ]


def _opened(sealed: bytes, bound: bytes, secret: bytes) -> bytes:
    try:
        return Aead(secret).decrypt(sealed, bound)
    except (CryptoError, ValueError) as error:
        raise Defect("a part of a snapshot that its key does not open") from error


def _row(at: int, told: Told) -> list[Any]:
    change = told.change
    replaces = [[version.device, version.clock] for version in change.replaces]
    who = [told.author.bytes, told.signer.bytes if told.signer else None]
    version = [change.version.device, change.version.clock]
    return [at, change.sheet, change.record, change.field, change.value, version, replaces, change.transaction, *who]


def _told(row: object) -> tuple[int, Told]:
    at, sheet, record, name, value, version, replaces, transaction, author, signer = array(row, 10)
    if not isinstance(sheet, str) or not isinstance(name, str) or not isinstance(value, str | None):
        raise Defect("a change of another form")
    former = tuple(map(_version, array(replaces)))
    words = sheet, exactly(record, ID_BYTES), name, value
    change = Change(*words, _version(version), former, _stamp(transaction))
    return number(at), Told(change, uuid(author), uuid(signer) if signer is not None else None)


def _version(pair: object) -> Version:
    device, clock = array(pair, 2)
    return Version(_stamp(clock), exactly(device, ID_BYTES))


def _stamp(found: object) -> int:
    if type(found) is not int or not 0 <= found < _STAMP:
        raise Defect("no stamp")
    return found
