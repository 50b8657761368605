"""A letter from one center to another, `FDR1`: a referral with the fields that were chosen, or the answer to one.

Bytes: the magic, the receiving center (16), a box sealed to the key in its certificate (X25519, bound to that center).
Inside: the length of the body (4), the body in CBOR as `wire/coding` spells it, the Ed25519 signature (64) over the
body of the person who sends it, and zeros up to the size that PADMÉ gives. The body is one array:

    ["familydesk letter 1", kind, [anchor 32, sealing 32, epoch, name, [statement ...]], to 16, sending 16, by 16,
     at ms, said]

The third part is the sending center: its certificate, what it is called, and its membership log, by which whoever
receives the letter knows that `by` belongs to it. `sending` names the referral between the two centers. `said` by kind:

    1 REFERRAL  [token, [ground, exception, words, day], [[sheet, [[field, value] ...]] ...]]
    2 ANSWER    [token, verdict, words, day]

A value is JSON text as the change log holds it. The token is sealed under the sender's own epoch key; the answer brings
it back, and any laptop of the center knows by it which referral was answered, and by whom it may be.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any, TypeAlias
from uuid import UUID

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey
from nacl.signing import SigningKey, VerifyKey
from nacl.utils import random

from familydesk.store.sealing import seal_to, unseal_from
from familydesk.sync.wire import bounds
from familydesk.sync.wire.bounds import Defect, TooLarge
from familydesk.sync.wire.certificate import Certificate
from familydesk.sync.wire.coding import decoded, encoded
from familydesk.sync.wire.digests import ID_BYTES, center_id
from familydesk.sync.wire.fold import fold
from familydesk.sync.wire.membership import Membership
from familydesk.sync.wire.padding import padded, padded_size
from familydesk.sync.wire.shapes import array, at_most, exactly, number, uuid, word
from familydesk.sync.wire.statement import Person, Statement, decode

MAGIC = b"FDR1"
WHAT = "familydesk letter 1"
STATEMENTS = 5_000
"""A center with more has been writing for some hundred years."""
OF_A_STRANGER = 300
"""Statements of a center that nobody has compared yet: a log can be made that takes hours to read."""
REMOVALS = 20
"""Words in them that may take a headship away: each may be a reason to read all of it anew."""
RECORDS = 100
"""A referral names one person, her case, and a few telephones."""
FIELDS = 100
TEXT = 100_000
"""Characters of one value."""
_LENGTH, _KEY, _SIGNATURE = 4, 32, 64
_NAME, _TOKEN = 400, 512


class NotYet(Defect):
    """A letter that cannot be read now: kept until it can."""


class Newer(NotYet):
    """One of a kind that this version does not know: kept until the program is upgraded."""


class TooLong(NotYet):
    """One whose center shows more of a log than is read of a stranger: kept until somebody has compared that center."""


class Kind(enum.IntEnum):
    """What a letter says. Numbers are never given twice."""

    REFERRAL = 1
    ANSWER = 2


class Verdict(enum.Enum):
    """What is answered. NAMES travel."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Sender:
    """A center that writes, as it shows itself. `epoch`: of the key that is told; a later one takes its place."""

    anchor: bytes
    sealing: bytes
    epoch: int
    name: str
    statements: tuple[bytes, ...] = field(repr=False)

    @property
    def center(self) -> bytes:
        """16 bytes."""
        return center_id(self.anchor)

    @property
    def certificate(self) -> Certificate:
        """By which one writes back."""
        return Certificate(self.anchor, self.sealing)

    def log(self, known: Iterable[bytes] | None = None) -> Membership:
        """Its membership log, together with what was `known` of it before: nobody takes back what was once said. None
        is known of a stranger.

        Defect if it holds what is no statement; TooLong if it is more than is read of a stranger.
        """
        if known is None and len(self.statements) > OF_A_STRANGER:
            raise TooLong("more statements than are read of a stranger")
        return _read_log(self.anchor, frozenset({*(known or ()), *self.statements}), known is None)


@dataclass(frozen=True, slots=True)
class Ground:
    """On what it rests that this is passed on: her consent of a day, or a legal exception and its words."""

    exception: str
    """NAME of the exception; empty for consent."""
    words: str = field(repr=False)
    day: str
    """Of the consent, ISO 8601."""


Fields: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Referral:
    """What is passed on: by record, its sheet and the chosen fields, each with its value as JSON text."""

    token: bytes = field(repr=False)
    ground: Ground
    records: tuple[tuple[str, Fields], ...] = field(repr=False)

    kind = Kind.REFERRAL

    def packed(self) -> list[Any]:
        """As it travels."""
        ground = ["EXCEPTION" if self.ground.exception else "CONSENT", self.ground.exception]
        records = [[sheet, [list(pair) for pair in fields]] for sheet, fields in self.records]
        return [self.token, [*ground, self.ground.words, self.ground.day], records]

    @classmethod
    def read(cls, found: object) -> Referral:
        """From `packed`."""
        token, ground, records = array(found, 3)
        kind, exception, words, day = array(ground, 4)
        if (kind, bool(exception)) not in (("CONSENT", False), ("EXCEPTION", True)):
            raise Defect("a ground that is none")
        told = Ground(word(exception, _NAME), word(words, TEXT), word(day, _NAME))
        several = tuple(_record(one) for one in array(records))
        if len(several) > RECORDS:
            raise Defect("more records than a referral has")
        return cls(at_most(token, _TOKEN), told, several)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered, on a day (ISO 8601)."""

    token: bytes = field(repr=False)
    verdict: Verdict
    words: str = field(repr=False)
    day: str

    kind = Kind.ANSWER

    def packed(self) -> list[Any]:
        """As it travels."""
        return [self.token, self.verdict.name, self.words, self.day]

    @classmethod
    def read(cls, found: object) -> Answer:
        """From `packed`."""
        token, verdict, words, day = array(found, 4)
        if word(verdict, _NAME) not in Verdict.__members__:
            raise Newer("a verdict that this version does not know")
        return cls(at_most(token, _TOKEN), Verdict[verdict], word(words, TEXT), word(day, _NAME))


Said: TypeAlias = Referral | Answer
_READERS: Mapping[int, Any] = {Kind.REFERRAL: Referral.read, Kind.ANSWER: Answer.read}


@dataclass(frozen=True)
class Letter:
    """One of them. `by`: the account whose signature it bears; `at`: milliseconds by her clock."""

    sender: Sender
    to: bytes
    sending: bytes
    by: UUID
    at: int
    said: Said
    signature: bytes = field(default=b"", repr=False)

    @cached_property
    def body(self) -> bytes:
        """What is signed."""
        one = self.sender
        shown = [one.anchor, one.sealing, one.epoch, one.name, list(one.statements)]
        place = [self.to, self.sending, self.by.bytes, self.at]
        return encoded([WHAT, self.said.kind.value, shown, *place, self.said.packed()])

    def signed(self, key: SigningKey) -> Letter:
        """This, signed."""
        return replace(self, signature=key.sign(self.body).signature)

    def sealed(self, public: bytes) -> bytes:
        """As it travels, for who holds the private half of `public`. TooLarge if nobody would take it."""
        content = len(self.body).to_bytes(_LENGTH, "big") + self.body + self.signature
        if len(content) > bounds.OBJECT // 2:
            raise TooLarge("a letter that nobody would take")
        return MAGIC + self.to + seal_to(PublicKey(public), _context(self.to), padded(content))

    def check(self, log: Membership) -> None:
        """Defect unless whoever signed it belongs to the sending center, by this log of it."""
        person = log.people.get(self.by)
        publics = log.keys.get(self.by, frozenset()) if person and person.active else frozenset()
        if not any(self._signed_by(public) for public in publics):
            raise Defect("not signed by anybody of the center that it names")

    def _signed_by(self, public: bytes) -> bool:
        with suppress(CryptoError, ValueError, TypeError):
            VerifyKey(public).verify(self.body, self.signature)
            return True
        return False


@lru_cache(maxsize=32)
def _read_log(anchor: bytes, statements: frozenset[bytes], stranger: bool) -> Membership:
    """Kept, since a letter is looked at again and again until it is answered."""
    said = [one for one in map(decode, statements) if one.anchor == anchor]
    if stranger and _removals(said) > REMOVALS:
        raise TooLong("more heads who came and went than are read of a stranger")
    return fold(said, anchor)


def _removals(said: Sequence[Statement]) -> int:
    """How often others say of somebody who is a head by any of these words that she is none."""
    spoken = [(one.by, one.said) for one in said if isinstance(one.said, Person)]
    heads = {person.account for _by, person in spoken if person.leads}
    return sum(person.account in heads and by != person.account and not person.leads for by, person in spoken)


def object_name(to: bytes) -> str:
    """How a letter to a center is called where it is left: nothing that ties it to who wrote."""
    return f"{to.hex()}-{random(ID_BYTES).hex()}"


def opened(content: bytes, center: bytes, keys: Iterable[PrivateKey]) -> Letter | None:
    """A letter to `center`; None if none of these keys opens it. Who signed it is not checked yet.

    Defect if it is none, or was written to another center; Newer if a later version wrote it.
    """
    head = len(MAGIC) + ID_BYTES
    if not head < len(content) <= bounds.OBJECT or not content.startswith(MAGIC):
        raise Defect("no letter")
    if content[len(MAGIC) : head] != center:
        raise Defect("a letter to another center")
    for key in keys:
        inside = unseal_from(key, _context(center), content[head:])
        if inside is not None:
            return _read(inside, center)
    return None


def _read(inside: bytes, center: bytes) -> Letter:
    end = _LENGTH + int.from_bytes(inside[:_LENGTH], "big")
    body, signature, rest = inside[_LENGTH:end], inside[end : end + _SIGNATURE], inside[end + _SIGNATURE :]
    if len(signature) != _SIGNATURE or len(inside) != padded_size(end + _SIGNATURE) or rest.strip(b"\0"):
        raise Defect("not padded as a letter is")
    what, kind, sender, to, sending, by, at, said = array(decoded(body), 8)
    if what != WHAT or number(kind, 1) not in _READERS:
        raise Newer("a letter of another kind")
    if to != center:
        raise Defect("a letter to another center")
    place = exactly(sending, ID_BYTES), uuid(by), number(at)
    return Letter(_sender(sender), center, *place, _READERS[kind](said), signature)


def _sender(found: object) -> Sender:
    anchor, sealing, epoch, name, statements = array(found, 5)
    said = tuple(at_most(one, bounds.STATEMENT) for one in array(statements))
    if len(said) > STATEMENTS:
        raise Defect("more statements than a center has")
    return Sender(exactly(anchor, _KEY), exactly(sealing, _KEY), number(epoch), word(name, _NAME), said)


def _record(found: object) -> tuple[str, Fields]:
    sheet, fields = array(found, 2)
    pairs = [array(pair, 2) for pair in array(fields)]
    if len(pairs) > FIELDS:
        raise Defect("more fields than a record has")
    return word(sheet, _NAME), tuple((word(name, _NAME), word(value, TEXT)) for name, value in pairs)


def _context(to: bytes) -> dict[str, Any]:
    return {"what": WHAT, "to": to.hex()}
