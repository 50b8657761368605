"""Invented centers as a hub sees them: laptops with real keys, the statements that vouch for them, sealed envelopes.

What the envelopes hold are random bytes: the hub opens none, and bytes that do not compress are the dearest.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from uuid import UUID

from nacl.public import PrivateKey
from nacl.signing import SigningKey

from familydesk.sync.http import HubPeer
from familydesk.sync.peer import ObjectKind
from familydesk.sync.wire import envelope
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.certificate import Certificate
from familydesk.sync.wire.digests import center_id, device_id
from familydesk.sync.wire.envelope import FIRST, Header
from familydesk.sync.wire.statement import Laptop, Person, Said, Statement

EPOCH_KEY = bytes(range(32))
_MOMENT = 1_790_000_000_000


@dataclass
class Writer:
    """A laptop: what it has written, what it remembers of the hub, what it has of the others."""

    center: bytes
    key: SigningKey
    seq: int = 0
    last: bytes = FIRST
    after: str = ""
    have: dict[bytes, int] = field(default_factory=dict)

    @property
    def public(self) -> bytes:
        return bytes(self.key.verify_key)

    @property
    def id(self) -> bytes:
        return device_id(self.public)

    def write(self, size: int) -> bytes:
        """The next envelope, around so many bytes."""
        header = Header(self.center, self.id, self.seq + 1, self.last, 1)
        written = envelope.sealed(header, random.randbytes(size), EPOCH_KEY, self.key)
        self.seq, self.last = self.seq + 1, written.hash
        return written.content

    def peer(self, url: str) -> HubPeer:
        """The hub as this laptop meets it."""
        return HubPeer(url, self.center, self.key)


class InventedCenter:
    """A head and her colleagues, a laptop each."""

    def __init__(self, laptops: int) -> None:
        self._key, self._head = SigningKey.generate(), UUID(int=random.getrandbits(128))
        self._anchor = bytes(self._key.verify_key)
        self.id, self.certificate = center_id(self._anchor), Certificate(self._anchor).content
        self.statements: list[Statement] = []
        self._say(_person(self._head, "HEAD", self._anchor))
        self.writers = [self._admitted(number) for number in range(laptops)]

    def _admitted(self, number: int) -> Writer:
        account = self._head if number == 0 else UUID(int=random.getrandbits(128))
        if number:
            self._say(_person(account, "CASEWORKER", bytes(SigningKey.generate().verify_key)))
        writer = Writer(self.id, SigningKey.generate())
        self._say(Laptop(writer.public, account, number + 1))
        return writer

    def _say(self, said: Said) -> None:
        """The next statement of the head. She is alone, so each follows the last."""
        prev = (self.statements[-1].id,) if self.statements else ()
        seq = len(self.statements) + 1
        self.statements.append(Statement(self._anchor, prev, seq, self._head, _MOMENT + seq, said).signed(self._key))

    def introduce(self, url: str) -> None:
        """Bring the statements to the hub, as the head's first meeting does."""
        peer = self.writers[0].peer(url)
        for statement in self.statements:
            peer.put(ObjectKind.STATEMENT, statement.id.hex(), statement.content)
        peer.close()

    def publics(self) -> dict[bytes, bytes]:
        """The keys of all laptops, by device."""
        return {writer.id: writer.public for writer in self.writers}


def visit(url: str, writer: Writer, publics: dict[bytes, bytes], sizes: list[int]) -> int:
    """One laptop's meeting: it takes in what colleagues left, checks whose it is, and leaves envelopes of these sizes.

    Gives back how many came. Defect if one is not what it says.
    """
    peer = writer.peer(url)
    try:
        batch = peer.meet(writer.have, writer.after).batch
        came = _taken(writer, batch.envelopes, publics)
        while batch.more:
            batch = peer.pull(writer.have, batch.after)
            came += _taken(writer, batch.envelopes, publics)
        writer.after = batch.after
        receipts = peer.push([writer.write(size) for size in sizes])
        if any(receipt.value != "stored" for receipt in receipts):
            raise Defect("an envelope that the hub did not take")
    finally:
        peer.close()
    return came


def _taken(writer: Writer, contents: tuple[bytes, ...], publics: dict[bytes, bytes]) -> int:
    for content in contents:
        found = envelope.read(content)
        if not found.signed_by(publics[found.header.device]):
            raise Defect("an envelope that its device did not sign")
        writer.have[found.header.device] = found.header.seq
    return len(contents)


def _person(account: UUID, role: str, public: bytes) -> Person:
    return Person(account, b"", role, public, bytes(PrivateKey.generate().public_key))
