"""A statement of the membership log: what one head, or a person on her own keys, said at one time, and her signature.

Bytes: the body in CBOR as `coding` spells it, then its Ed25519 signature (64). The body is one array (docs/wire.md):

    ["familydesk statement 1", anchor 32, kind, [id 32 ...], seq, by 16, at ms, said]

The list of ids names the statements that nobody had answered yet where this one was made, in ascending order; `seq` is
one more than the largest of theirs, 1 without any. `said` by kind:

    1 PERSON  [account 16, login sealed, role, signing 32, sealing 32, state]
    2 DEVICE  [public 32, account 16, block]
    3 CUT     [device 16, last seq, last hash 32]
    4 EPOCH   [epoch, [[account 16, key sealed] ...], key sealed to the recovery key]
    5 KEYS    [account 16, [[epoch, key sealed] ...]]
    6 ERASURE [epoch, what is erased, sealed]

A statement is named by the BLAKE2b-256 of all its bytes. There is no name in it that a hub could read.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey

from familydesk.sync.wire import bounds
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.coding import decoded, encoded
from familydesk.sync.wire.digests import DIGEST_BYTES, ID_BYTES, device_id, digest
from familydesk.sync.wire.shapes import array, at_most, exactly, number, uuid, word

WHAT = "familydesk statement 1"
HEAD, ACTIVE, DISABLED = "HEAD", "ACTIVE", "DISABLED"
"""The words of a role and of the states by which it is decided who may speak; other roles are the desk's matter."""
LEAVES = 64
"""So many statements one answers at most."""
_KEY = 32
_SIGNATURE = 64
_SEALED = 1024
"""A sealed key or login has far fewer bytes."""
_WORD = 64
ORDERED = 60 * 1024
"""Bytes of what one order to erase says, sealed."""
T = TypeVar("T", int, UUID)


class Kind(enum.IntEnum):
    """What a statement is about. Numbers are never given twice."""

    PERSON = 1
    DEVICE = 2
    CUT = 3
    EPOCH = 4
    KEYS = 5
    ERASURE = 6


@dataclass(frozen=True, slots=True)
class Person:
    """This person, with these public keys (Ed25519, X25519), has this role and this state from now on."""

    account: UUID
    login: bytes = field(repr=False)
    """Sealed: a hub reads no login."""
    role: str
    signing_public: bytes
    sealing_public: bytes
    state: str = ACTIVE

    @property
    def leads(self) -> bool:
        """Whether it makes her speak for others."""
        return self.role == HEAD and self.state == ACTIVE


@dataclass(frozen=True, slots=True)
class Laptop:
    """This laptop belongs to the center, under this account; its numbers bear this block."""

    public: bytes
    account: UUID
    block: int

    @property
    def id(self) -> bytes:
        """By which envelopes name it: 16 bytes."""
        return device_id(self.public)


@dataclass(frozen=True, slots=True)
class Cut:
    """Of this laptop only the envelopes up to `seq` count, and that one only with this hash."""

    device: bytes
    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Epoch:
    """A new key of the center, sealed to everybody who stays and to the recovery key."""

    number: int
    copies: tuple[tuple[UUID, bytes], ...] = field(repr=False)
    paper: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys of epochs, sealed to somebody who was not there when they were made."""

    account: UUID
    copies: tuple[tuple[int, bytes], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Erasure:
    """An order of a head to erase, for every laptop (`sync/erasure_order` reads it). Sealed under an epoch's key."""

    epoch: int
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unread:
    """What a later version of the program says: kept and handed on."""

    kind: int
    content: bytes = field(repr=False)


Said = Person | Laptop | Cut | Epoch | Keys | Erasure | Unread


@dataclass(frozen=True)
class Statement:
    """One of them. `prev`: those which it answers; `by`: whose signature it bears; `at`: milliseconds by her clock."""

    anchor: bytes
    prev: tuple[bytes, ...]
    seq: int
    by: UUID
    at: int
    said: Said
    signature: bytes = field(default=b"", repr=False)

    @cached_property
    def body(self) -> bytes:
        """What is signed."""
        kind, said = _written(self.said)
        facts = [WHAT, self.anchor, kind, list(self.prev), self.seq, self.by.bytes, self.at, said]
        return encoded(facts)

    @cached_property
    def content(self) -> bytes:
        """As it travels."""
        return self.body + self.signature

    @cached_property
    def id(self) -> bytes:
        """Its name: 32 bytes."""
        return statement_id(self.content)

    def signed(self, key: SigningKey) -> Statement:
        """This, signed."""
        return replace(self, signature=key.sign(self.body).signature)

    def signed_by(self, public: bytes) -> bool:
        """Whether the holder of this key (Ed25519, 32 bytes) signed it."""
        try:
            VerifyKey(public).verify(self.body, self.signature)
        except (CryptoError, ValueError, TypeError):
            return False
        return True


def statement_id(content: bytes) -> bytes:
    """How others name a statement of these bytes."""
    return digest(content, b"fd-statement")


def decode(content: bytes) -> Statement:
    """A statement from its bytes; Defect if they are none, or spelled in another way. The signature is not checked."""
    if not _SIGNATURE < len(content) <= bounds.STATEMENT:
        raise Defect("a statement of another length")
    body, signature = content[:-_SIGNATURE], content[-_SIGNATURE:]
    what, anchor, kind, prev, seq, by, at, said = array(decoded(body), 8)
    if what != WHAT:
        raise Defect("no statement")
    place = _prev(prev), number(seq, 1), uuid(by), number(at)
    return Statement(exactly(anchor, _KEY), *place, _said(kind, said), signature)


def _written(said: Said) -> tuple[int, Any]:
    match said:
        case Person():
            keys = [said.signing_public, said.sealing_public]
            return Kind.PERSON.value, [said.account.bytes, said.login, said.role, *keys, said.state]
        case Laptop():
            return Kind.DEVICE.value, [said.public, said.account.bytes, said.block]
        case Cut():
            return Kind.CUT.value, [said.device, said.seq, said.hash]
        case Epoch():
            copies = [[account.bytes, key] for account, key in said.copies]
            return Kind.EPOCH.value, [said.number, copies, said.paper]
        case Keys():
            return Kind.KEYS.value, [said.account.bytes, [[epoch, key] for epoch, key in said.copies]]
        case Erasure():
            return Kind.ERASURE.value, [said.epoch, said.sealed]
        case Unread():
            return said.kind, decoded(said.content)


def _said(kind: object, said: object) -> Said:
    known = number(kind, 1)
    reader = _READERS.get(known)
    # What a later version says keeps the bytes in which it was spelled.
    return reader(said) if reader else Unread(known, encoded(said))


def _person(said: object) -> Person:
    account, login, role, signing, sealing, state = array(said, 6)
    keys = exactly(signing, _KEY), exactly(sealing, _KEY)
    if state not in (ACTIVE, DISABLED):
        raise Defect("an unknown state")
    return Person(uuid(account), at_most(login, _SEALED), word(role, _WORD), *keys, word(state, _WORD))


def _laptop(said: object) -> Laptop:
    public, account, block = array(said, 3)
    return Laptop(exactly(public, _KEY), uuid(account), number(block, 1))


def _cut(said: object) -> Cut:
    device, seq, last = array(said, 3)
    return Cut(exactly(device, ID_BYTES), number(seq), exactly(last, DIGEST_BYTES))


def _epoch(said: object) -> Epoch:
    epoch, copies, paper = array(said, 3)
    return Epoch(number(epoch, 1), _copies(copies, uuid), at_most(paper, _SEALED))


def _keys(said: object) -> Keys:
    account, copies = array(said, 2)
    return Keys(uuid(account), _copies(copies, lambda epoch: number(epoch, 1)))


def _erasure(said: object) -> Erasure:
    epoch, sealed = array(said, 2)
    return Erasure(number(epoch, 1), at_most(sealed, ORDERED))


_READERS: dict[int, Callable[[object], Said]] = {
    Kind.PERSON: _person,
    Kind.DEVICE: _laptop,
    Kind.CUT: _cut,
    Kind.EPOCH: _epoch,
    Kind.KEYS: _keys,
    Kind.ERASURE: _erasure,
}


def _copies(found: object, whose: Callable[[object], T]) -> tuple[tuple[T, bytes], ...]:
    pairs = (array(pair, 2) for pair in array(found))
    return tuple((whose(one), at_most(key, _SEALED)) for one, key in pairs)


def _prev(found: object) -> tuple[bytes, ...]:
    prev = tuple(exactly(one, DIGEST_BYTES) for one in array(found))
    if len(prev) > LEAVES or list(prev) != sorted(set(prev)):
        raise Defect("the statements that it answers are not in order")
    return prev
