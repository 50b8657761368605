"""A word about a restricted case: what one person said of who may read it, and her signature.

Bytes: the body in CBOR as `coding` spells it, then its Ed25519 signature (64). It travels sealed (`sync/case_words`):
no hub reads of which case it speaks. The body is one array (docs/wire.md):

    ["familydesk case word 1", center 16, kind, case 16, [id 32 ...], seq, by 16, at ms, said]

The list of ids names the words about the case that nobody had answered yet where this one was said, in ascending order;
`seq` is one more than the largest of theirs, 1 without any. `said` by kind:

    1 CLOSED  [generation, public 32, [[kind of copy, account 16, public 32, key sealed] ...], since, facts sealed,
              [[who must be kept apart 16 or empty, from whom 16] ...]]
    2 FREED   [[generation, key 32] ...]
    3 BROKE   [reason]

A word is named by the BLAKE2b-256 of all its bytes.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey

from familydesk.sync.wire import bounds
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.coding import decoded, encoded
from familydesk.sync.wire.digests import DIGEST_BYTES, ID_BYTES, digest
from familydesk.sync.wire.shapes import array, at_most, exactly, number, uuid, word

WHAT = "familydesk case word 1"
LEAVES = 64
"""So many words one answers at most."""
REASON = 4000
"""Letters of a reason."""
_KEY = 32
_SIGNATURE = 64
_COPY = 1024
_FACTS = 64 * 1024
_DAY = 64


class Kind(enum.IntEnum):
    """What is said. Numbers are never given twice."""

    CLOSED = 1
    FREED = 2
    BROKE = 3


class CopyOf(enum.IntEnum):
    """Whose copy of a key it is."""

    READER = 1
    EMERGENCY = 2


@dataclass(frozen=True, slots=True)
class Copy:
    """The case's key, sealed to the holder of `public` (X25519)."""

    kind: CopyOf
    account: UUID
    public: bytes
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Closed:
    """From now on the case is for those of whom there are copies, under the key with this number and public half."""

    generation: int
    public: bytes
    copies: tuple[Copy, ...]
    since: str
    """ISO 8601."""
    facts: bytes = field(repr=False)
    """Sealed under that key: why, and the keys before it."""
    apart: tuple[tuple[UUID | None, UUID], ...] = ()
    """Who must not be led to whom; None for everybody who is not named."""

    def accounts(self, kind: CopyOf) -> frozenset[UUID]:
        """For whom there are copies."""
        return frozenset(copy.account for copy in self.copies if copy.kind is kind)


@dataclass(frozen=True, slots=True)
class Freed:
    """The case is for everybody again; these were its keys."""

    keys: tuple[tuple[int, bytes], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Broke:
    """She opened it in need."""

    reason: str = field(repr=False)


Said = Closed | Freed | Broke


@dataclass(frozen=True)
class CaseWord:
    """One of them. `prev`: those which it answers; `by`: whose signature it bears; `at`: milliseconds by her clock."""

    center: bytes
    case: UUID
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
        place = [self.case.bytes, list(self.prev), self.seq, self.by.bytes, self.at]
        return encoded([WHAT, self.center, kind, *place, said])

    @cached_property
    def content(self) -> bytes:
        """As it is sealed."""
        return self.body + self.signature

    @cached_property
    def id(self) -> bytes:
        """Its name: 32 bytes."""
        return digest(self.content, b"fd-case-word")

    def signed(self, key: SigningKey) -> CaseWord:
        """This, signed."""
        return replace(self, signature=key.sign(self.body).signature)

    def signed_by(self, public: bytes) -> bool:
        """Whether the holder of this key (Ed25519, 32 bytes) signed it."""
        try:
            VerifyKey(public).verify(self.body, self.signature)
        except (CryptoError, ValueError):
            return False
        return True


def decode(content: bytes) -> CaseWord:
    """A word from its bytes; Defect if they are none, or spelled in another way. The signature is not checked."""
    if not _SIGNATURE < len(content) <= bounds.OBJECT:
        raise Defect("a word of another length")
    what, center, kind, case, prev, seq, by, at, said = array(decoded(content[:-_SIGNATURE]), 9)
    reader = _READERS.get(number(kind, 1))
    if what != WHAT or reader is None:
        raise Defect("no word about a case that is known here")
    place = uuid(case), _prev(prev), number(seq, 1), uuid(by), number(at)
    return CaseWord(exactly(center, ID_BYTES), *place, reader(said), content[-_SIGNATURE:])


def _written(said: Said) -> tuple[int, Any]:
    match said:
        case Closed():
            copies = [[one.kind.value, one.account.bytes, one.public, one.sealed] for one in said.copies]
            apart = [[one.bytes if one else b"", other.bytes] for one, other in said.apart]
            return Kind.CLOSED.value, [said.generation, said.public, copies, said.since, said.facts, apart]
        case Freed():
            return Kind.FREED.value, [[generation, key] for generation, key in said.keys]
        case Broke():
            return Kind.BROKE.value, [said.reason]


def _closed(said: object) -> Closed:
    generation, public, copies, since, facts, apart = array(said, 6)
    place = number(generation, 1), exactly(public, _KEY), tuple(_copy(one) for one in array(copies))
    return Closed(*place, word(since, _DAY), at_most(facts, _FACTS), tuple(_pair(one) for one in array(apart)))


def _copy(found: object) -> Copy:
    kind, account, public, sealed = array(found, 4)
    if kind not in (CopyOf.READER, CopyOf.EMERGENCY):
        raise Defect("a copy of another kind")
    return Copy(CopyOf(kind), uuid(account), exactly(public, _KEY), at_most(sealed, _COPY))


def _pair(found: object) -> tuple[UUID | None, UUID]:
    one, other = array(found, 2)
    return (None if one == b"" else uuid(one)), uuid(other)


def _freed(said: object) -> Freed:
    pairs = (array(pair, 2) for pair in array(said))
    return Freed(tuple((number(generation, 1), exactly(key, _KEY)) for generation, key in pairs))


def _broke(said: object) -> Broke:
    (reason,) = array(said, 1)
    return Broke(word(reason, REASON))


_READERS: dict[int, Any] = {Kind.CLOSED: _closed, Kind.FREED: _freed, Kind.BROKE: _broke}


def _prev(found: object) -> tuple[bytes, ...]:
    prev = tuple(exactly(one, DIGEST_BYTES) for one in array(found))
    if len(prev) > LEAVES or list(prev) != sorted(set(prev)):
        raise Defect("the words that it answers are not in order")
    return prev
