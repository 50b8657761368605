"""What the statements of the membership log come to: the same for everybody who has the same statements.

Statements are no line but a web: two heads may speak on two laptops at once. A statement counts if whoever signed it
was an active head by what she had seen of the web and by what of that counts itself, or if a person only speaks of her
own keys. Where the headship of somebody is taken away, what she said without having seen that does not count either;
of two heads who take it from each other at once, the one stays who has been a head for longer. A head is made by two
heads, where there are two.

A statement that is spoiled or missing harms only itself. While one is missing to which others refer, they are read as
if their speakers had seen all that is older; what comes of it may still change when the missing one arrives.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from nacl.utils import random

from familydesk.sync.wire.statement import ACTIVE, Cut, Epoch, Erasure, Laptop, Person, Said, Statement

EPOCHS_AT_ONCE = 1 << 12
DOUBLED = 100
"""What the block of a laptop grows by if two heads gave it at once: numbers stay short, and each laptop's its own."""


class Verdict(enum.Enum):
    """What becomes of a statement."""

    COUNTS = "counts"
    OVERRULED = "whoever said it was no head any more, and had not seen that"
    REFUSED = "not signed by anybody who might say it"


@dataclass(frozen=True, slots=True)
class Listed:
    """A person as the log has her. Places are those of statements in the order in which they are read."""

    account: UUID
    login: bytes = field(repr=False)
    role: str
    state: str
    signing_public: bytes
    sealing_public: bytes
    word: int
    """Where a head last spoke of role and state."""
    keyed: int
    """Where her keys were last said."""
    since: int | None
    """Where she became a head, as long as she is one."""

    @classmethod
    def by(cls, said: Person, place: int) -> Listed:
        """As one statement says it."""
        keys = said.signing_public, said.sealing_public
        since = place if said.leads else None
        return cls(said.account, said.login, said.role, said.state, *keys, place, place, since)

    @property
    def keys(self) -> tuple[bytes, bytes]:
        """Her public keys, Ed25519 and X25519."""
        return self.signing_public, self.sealing_public

    @property
    def active(self) -> bool:
        """Whether she belongs to the center."""
        return self.state == ACTIVE

    @property
    def leads(self) -> bool:
        """Whether she speaks for others."""
        return self.since is not None

    @property
    def _gives(self) -> tuple[bool, bool]:
        return self.active, self.leads

    def gives_less_than(self, other: Listed) -> bool:
        """Of two words spoken at once, the one that gives less holds."""
        return self._gives < other._gives


@dataclass(frozen=True, slots=True)
class Copy:
    """A key of an epoch, sealed to a key that somebody had then."""

    epoch: int
    sealed: bytes = field(repr=False)
    sealing_public: bytes


@dataclass(frozen=True, slots=True)
class Membership:
    """The log, read. Ids are those of statements."""

    statements: tuple[Statement, ...]
    verdicts: Mapping[bytes, Verdict]
    missing: frozenset[bytes]
    """Named by others, and not here."""
    people: Mapping[UUID, Listed]
    waiting: Mapping[UUID, Person]
    """Who becomes a head as soon as a second one says so."""
    keys: Mapping[UUID, frozenset[bytes]]
    """Every signing key that each person had: what she signed with a former one stays signed."""
    roles: Mapping[UUID, frozenset[str]]
    """Every role that each person had."""
    laptops: Mapping[bytes, Laptop]
    """By device id, with the block that each has of its own."""
    cuts: Mapping[bytes, Cut]
    epochs: Mapping[int, Epoch]
    copies: Mapping[UUID, tuple[Copy, ...]]

    def heads(self) -> frozenset[UUID]:
        """Who speaks for others."""
        return frozenset(account for account, one in self.people.items() if one.leads)

    def spoken_by(self, person: Listed) -> Statement:
        """The statement that said the last of her."""
        return self.statements[max(person.word, person.keyed)]

    def holds(self, id: bytes) -> bool:
        """Whether a statement belongs to the web: one that was overruled does."""
        return self.verdicts.get(id, Verdict.REFUSED) is not Verdict.REFUSED

    def next(self, anchor: bytes, by: UUID, at: int, said: Said) -> Statement:
        """The statement that goes on from here, to be signed."""
        counting = [one for one in self.statements if self.verdicts[one.id] is Verdict.COUNTS]
        answered = {id for one in counting for id in one.prev}
        leaves = [one for one in counting if one.id not in answered]
        seq = 1 + max((one.seq for one in leaves), default=0)
        return Statement(anchor, tuple(sorted(one.id for one in leaves)), seq, by, at, said)

    def erasures(self) -> tuple[Statement, ...]:
        """The orders to erase that count, in the order in which statements are read."""
        counting = (one for one in self.statements if self.verdicts[one.id] is Verdict.COUNTS)
        return tuple(one for one in counting if isinstance(one.said, Erasure))

    # Laptops

    def accepts(self, device: bytes, seq: int, hash: bytes) -> bool | None:
        """Whether an envelope counts; None if nobody has vouched for the laptop."""
        if device not in self.laptops:
            return None
        cut = self.cuts.get(device)
        return cut is None or seq < cut.seq or (seq == cut.seq and hash == cut.hash)

    def free_block(self) -> int:
        """A block that no laptop has."""
        return 1 + max((laptop.block % DOUBLED for laptop in self.laptops.values()), default=0)

    # Keys of the center

    @property
    def epoch(self) -> int:
        """The epoch in which one writes; 0 before the first."""
        return max(self.epochs, default=0)

    def next_epoch(self) -> int:
        """A number for a new epoch. Two heads who make one at once take different ones, but for chance."""
        return (self.epoch // EPOCHS_AT_ONCE + 1) * EPOCHS_AT_ONCE + int.from_bytes(random(2), "big") % EPOCHS_AT_ONCE

    @property
    def epoch_due(self) -> bool:
        """Whether somebody who has left holds the key under which one writes."""
        if not self.epochs:
            return False
        held = {account for account, copies in self.copies.items() if any(one.epoch == self.epoch for one in copies)}
        return any(not self.people[account].active for account in held if account in self.people)

    def lacking(self, account: UUID) -> frozenset[int]:
        """The epochs of which somebody who belongs here has no key that she can open."""
        person = self.people.get(account)
        if person is None or not person.active:
            return frozenset()
        hers = {one.epoch for one in self.copies.get(account, ()) if one.sealing_public == person.sealing_public}
        return frozenset(self.epochs.keys() - hers)
