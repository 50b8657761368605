"""An invented center as a hub sees it: a head, her laptop and others', the statements that say so, sealed envelopes."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from uuid import UUID

from nacl.public import PrivateKey
from nacl.signing import SigningKey

from familydesk.sync.wire import certificate, envelope
from familydesk.sync.wire.digests import center_id, device_id
from familydesk.sync.wire.envelope import FIRST, Envelope, Header
from familydesk.sync.wire.fold import fold
from familydesk.sync.wire.statement import DISABLED, Cut, Laptop, Person, Said, Statement

EPOCH_KEY = bytes(range(32))
_MOMENT = 1_790_000_000_000


@dataclass
class Writer:
    """A laptop of the center that writes envelopes of random bytes."""

    center: bytes
    key: SigningKey
    account: UUID
    block: int
    envelopes: list[Envelope] = field(default_factory=list)

    @property
    def public(self) -> bytes:
        return bytes(self.key.verify_key)

    @property
    def id(self) -> bytes:
        return device_id(self.public)

    def write(self, size: int = 300, **other: bytes | int) -> bytes:
        """The next envelope; `other` are fields of its header that are to be wrong."""
        last = self.envelopes[-1] if self.envelopes else None
        header = {
            "center": self.center,
            "device": self.id,
            "seq": len(self.envelopes) + 1,
            "prev": last.hash if last else FIRST,
            "epoch": 1,
        }
        written = envelope.sealed(Header(**{**header, **other}), random.randbytes(size), EPOCH_KEY, self.key)
        if not other:
            self.envelopes.append(written)
        return written.content

    def write_many(self, count: int, size: int = 300) -> list[bytes]:
        return [self.write(size) for _ in range(count)]


class FoundedCenter:
    """The center, from its first statement."""

    def __init__(self) -> None:
        self.head, self.head_key = UUID(int=random.getrandbits(128)), SigningKey.generate()
        self.anchor = bytes(self.head_key.verify_key)
        self.id = center_id(self.anchor)
        self.statements: list[Statement] = []
        self.say(Person(self.head, b"", "HEAD", self.anchor, _sealing_key()))
        self.laptop = self.add_laptop(self.head)

    @property
    def certificate(self) -> bytes:
        return certificate.Certificate(self.anchor).content

    def say(self, said: Said) -> Statement:
        """The next statement, of the head."""
        log = fold(self.statements, self.anchor)
        statement = log.next(self.anchor, self.head, _MOMENT + len(self.statements), said).signed(self.head_key)
        self.statements.append(statement)
        return statement

    def add_person(self, role: str = "CASEWORKER") -> Person:
        key = bytes(SigningKey.generate().verify_key)
        person = Person(UUID(int=random.getrandbits(128)), b"", role, key, _sealing_key())
        self.say(person)
        return person

    def disable(self, person: Person) -> None:
        self.say(Person(person.account, b"", person.role, person.signing_public, person.sealing_public, DISABLED))

    def add_laptop(self, account: UUID | None = None) -> Writer:
        writer = Writer(self.id, SigningKey.generate(), account or self.add_person().account, len(self.statements) + 1)
        self.say(Laptop(writer.public, writer.account, writer.block))
        return writer

    def cut(self, writer: Writer, seq: int) -> None:
        last = writer.envelopes[seq - 1].hash if seq else FIRST
        self.say(Cut(writer.id, seq, last))


def _sealing_key() -> bytes:
    return bytes(PrivateKey.generate().public_key)
