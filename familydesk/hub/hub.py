"""One hub: what it does when it is asked, without a word of HTTP. Every verb is one transaction, or one reading."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, select

from familydesk.hub import cutting, faults, log, objects
from familydesk.hub.identity import HubKey
from familydesk.hub.limits import Limits, Rates
from familydesk.hub.metrics import Metrics
from familydesk.hub.objects import CUSTOMS, Beside, Mark, Who
from familydesk.hub.roll import Known, Roll, Rolls
from familydesk.hub.sessions import Sessions
from familydesk.hub.storage import Storage
from familydesk.hub.tables import CENTER, DEVICE
from familydesk.hub.turns import Turns
from familydesk.sync.wire.envelope import Envelope
from familydesk.sync.wire.head import Head
from familydesk.sync.wire.login import answered
from familydesk.sync.wire.words import ObjectKind, Receipt


@dataclass(frozen=True, slots=True)
class Login:
    """A device's answer to a challenge; empty ones of a laptop that comes for the first time. `at` is the origin of
    the address that it visits, as it says itself.
    """

    device: bytes
    challenge: bytes
    signature: bytes
    at: str


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks something of a center: somebody from an address, or the laptop whose pass it is."""

    address: str
    center: bytes = b""
    device: bytes = b""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a laptop gets that has shown who it is: a pass, and a challenge to take home."""

    ticket: bytes
    challenge: bytes


@dataclass(frozen=True, slots=True)
class Part:
    """A page of a log with two heads: of where the page ends, and of the whole log."""

    page: log.Page
    head: bytes
    newest: bytes


@dataclass(frozen=True, slots=True)
class Left:
    """How a laptop left the hub last time: what it has of the others' envelopes, and its places in log and objects."""

    have: Mapping[bytes, int]
    after: int
    mark: Mark


@dataclass(frozen=True, slots=True)
class Met:
    """The first answer to a laptop: all that it needs where there is nothing new."""

    opened: Opened
    part: Part
    have: Mapping[bytes, int]
    beside: Beside


@dataclass
class _Handed:
    """What one laptop hands over, its signatures checked by the roll as it was."""

    asker: Asker
    contents: Sequence[bytes]
    roll: Roll | None
    envelopes: list[Envelope | None]
    receipts: list[Receipt] = field(default_factory=list)
    refused: faults.Rejected | None = None

    def examine_again(self, center: bytes, roll: Roll) -> None:
        """By the roll as it is, if that is another one."""
        if roll is not self.roll:
            self.envelopes = log.examined(self.contents, center, roll)


class Hub:
    """The verbs. `Rejected` says no; a database that is full or away says so too."""

    def __init__(
        self, storage: Storage, key: HubKey, rates: Rates | None = None, addresses: Iterable[str] = ()
    ) -> None:
        """`addresses` are the origins by which laptops reach it: a visit to any other one lets nobody in here."""
        self._storage, self._key = storage, key
        self._rolls = Rolls()
        self._turns = Turns(self._take_in)
        self.sessions = Sessions(key)
        self.limits = Limits(rates or Rates())
        self.metrics = Metrics()
        self.addresses = set(addresses)

    def close(self) -> None:
        """Let go of the database."""
        self._storage.close()

    # Coming in

    def open(self, center: bytes, login: Login, address: str) -> Opened:
        """A pass for a laptop that signs the challenge."""
        with self._storage.writing() as connection:
            return self._open(connection, center, login, address)

    def meet(self, center: bytes, login: Login, address: str, left: Left) -> Met:
        """As `open`, with what there is here and the first page behind where the laptop was last time."""
        opened = self.open(center, login, address)
        with self._storage.reading() as connection:
            beside = objects.since(connection, _row(connection, center), left.mark)
            part = self._part(connection, center, left.have, left.after)
            return Met(opened, part, log.have(connection, center), beside)

    def _open(self, connection: Connection, center: bytes, login: Login, address: str) -> Opened:
        roll = self._roll(connection, _row(connection, center))
        device = roll.device(login.device)
        if device is None:
            self.limits.stranger(center, address)
            raise faults.Rejected(403, "unknown", "This hub does not know this device yet.")
        self.limits.laptop(center, login.device)
        _refuse_former(connection, center, device)
        self._insist_on_answer(center, device, login)
        self.sessions.spend(connection, center, login.device, login.challenge)
        return Opened(self.sessions.ticket(center, login.device), self.sessions.challenge(center, login.device))

    def _insist_on_answer(self, center: bytes, device: Known, login: Login) -> None:
        """Rejected unless the device has signed, and signed for here: nobody hands on what was signed elsewhere."""
        if login.challenge and login.at not in self.addresses:
            raise faults.Rejected(403, "address", "This hub is not known by the address that was visited.")
        shown = login.signature, self._key.public, login.at, center, login.device, login.challenge
        if not answered(device.public, *shown):
            raise self.sessions.ask(center, login.device)

    def asker(self, center: bytes, ticket: bytes, address: str) -> Asker:
        """Whose pass this is, for a laptop of `center`."""
        return Asker(address, center, self.sessions.device_of(center, ticket))

    def _let_in(self, connection: Connection, center: bytes, asker: Asker, needed: Who) -> None:
        """Rejected unless this asker may do what takes `needed` in this center."""
        if needed is Who.ANYBODY and not asker.device:
            self.limits.stranger(center, asker.address)
            return
        _insist_on_pass(asker)
        self.limits.laptop(asker.center, asker.device)
        device = self._roll(connection, _row(connection, asker.center)).device(asker.device)
        if device is None:
            raise faults.Rejected(403, "unknown", "This hub does not know this device.")
        _refuse_former(connection, asker.center, device)
        if needed > _standing(asker, device, center):
            raise faults.Rejected(403, "forbidden", "This is not for this device to do here.")

    # The log

    def pull(self, center: bytes, asker: Asker, have: Mapping[bytes, int], after: int) -> Part:
        """The page behind `after`."""
        with self._storage.reading() as connection:
            self._let_in(connection, center, asker, Who.LAPTOP)
            return self._part(connection, center, have, after)

    def push(self, center: bytes, asker: Asker, contents: Sequence[bytes]) -> list[Receipt]:
        """Take envelopes in, whoever of the center wrote them; one receipt each."""
        _insist_on_pass(asker)
        self.limits.envelopes(center, asker.device, len(contents))
        roll = self._rolls.last(center)
        # Signatures are checked before the lock is taken; if there are other statements by then, once more.
        handed = _Handed(asker, contents, roll, log.examined(contents, center, roll) if roll else [])
        self._turns.take(center, handed)
        if handed.refused:
            raise handed.refused
        for receipt in handed.receipts:
            self.metrics.receipt(receipt.value)
        return handed.receipts

    def _take_in(self, center: bytes, together: Sequence[_Handed]) -> None:
        """What several hand over, in one transaction."""
        with self._locked(center) as (connection, row):
            roll = self._roll(connection, row)
            granted = [handed for handed in together if self._may_hand_over(connection, center, handed)]
            for handed in granted:
                handed.examine_again(center, roll)
            envelopes = [envelope for handed in granted for envelope in handed.envelopes]
            receipts = iter(log.append(connection, row, roll, envelopes))
        for handed in granted:
            handed.receipts = list(islice(receipts, len(handed.envelopes)))

    def _may_hand_over(self, connection: Connection, center: bytes, handed: _Handed) -> bool:
        try:
            self._let_in(connection, center, handed.asker, Who.LAPTOP)
        except faults.Rejected as refused:
            handed.refused = refused
        return handed.refused is None

    def head(self, center: bytes, asker: Asker, at: int | None) -> bytes:
        """The signed head, of the log's end or as it was at a place. Rejected if the log does not reach there."""
        with self._storage.reading() as connection:
            self._let_in(connection, center, asker, Who.LAPTOP)
            row = _row(connection, center)
            if at is None:
                return self._signed(center, row.position, row.chain)
            chain = log.chain_at(connection, center, at)
        if chain is None:
            raise faults.absent()
        return self._signed(center, at, chain)

    def _part(self, connection: Connection, center: bytes, have: Mapping[bytes, int], after: int) -> Part:
        page = log.page(connection, center, after, have)
        head = newest = self._signed(center, page.position, page.chain)
        if page.more:
            row = _row(connection, center)
            newest = self._signed(center, row.position, row.chain)
        return Part(page, head, newest)

    def _signed(self, center: bytes, position: int, chain: bytes) -> bytes:
        at = int(time.time() * 1000)
        return Head(self._key.public, center, position, bytes(chain), at).signed(self._key.signing)

    # What lies beside it

    def names(self, center: bytes, asker: Asker, kind: ObjectKind) -> list[str]:
        """The objects of a kind."""
        with self._storage.reading() as connection:
            self._let_in(connection, center, asker, CUSTOMS[kind].listed)
            return objects.names(connection, center, kind)

    def get(self, center: bytes, asker: Asker, kind: ObjectKind, name: str) -> bytes:
        """An object. Rejected if it is not there."""
        with self._storage.reading() as connection:
            self._let_in(connection, center, asker, CUSTOMS[kind].got)
            content = objects.get(connection, center, kind, name)
        if content is None:
            raise faults.absent()
        return content

    def put(self, center: bytes, asker: Asker, kind: ObjectKind, name: str, content: bytes) -> bool:
        """Leave an object; whether it is new."""
        with self._locked(center) as (connection, row):
            self._let_in(connection, center, asker, CUSTOMS[kind].left)
            if kind is ObjectKind.STATEMENT:
                self._roll(connection, row).check(content, by_stranger=asker.center != center)
            new = objects.put(connection, row, kind, name, content)
            if new and kind is ObjectKind.SNAPSHOT:
                cutting.follow(connection, center, self._roll(connection, row), name)
            return new

    def destroy(self, center: bytes, asker: Asker, kind: ObjectKind, name: str) -> None:
        """Take an object away for good."""
        with self._locked(center) as (connection, row):
            self._let_in(connection, center, asker, CUSTOMS[kind].destroyed)
            objects.destroy(connection, row, kind, name)

    # The hub itself

    def directory(self, address: str) -> list[bytes]:
        """The certificates of the centers that are kept here."""
        self.limits.stranger(b"", address)
        with self._storage.reading() as connection:
            query = select(CENTER.c.certificate).order_by(CENTER.c.id)
            return [bytes(content) for content in connection.execute(query).scalars()]

    def is_well(self) -> bool:
        """Whether the database answers. Rejected if not."""
        with self._storage.reading() as connection:
            return bool(connection.execute(select(1)).scalar_one())

    def measured(self) -> str:
        """What was counted."""
        with self._storage.reading() as connection:
            return self.metrics.text(connection)

    def _roll(self, connection: Connection, row: Row[Any]) -> Roll:
        return self._rolls.of(connection, row)

    @contextmanager
    def _locked(self, center: bytes) -> Iterator[tuple[Connection, Row[Any]]]:
        with self._storage.writing() as connection:
            yield connection, _row(connection, center, locked=True)


def _row(connection: Connection, center: bytes, *, locked: bool = False) -> Row[Any]:
    """A center's row. Rejected if there is no such center here."""
    query = select(CENTER).where(CENTER.c.id == center)
    row = connection.execute(query.with_for_update() if locked else query).first()
    if row is None:
        raise faults.absent()
    return row


def _insist_on_pass(asker: Asker) -> None:
    if not asker.device:
        raise faults.Rejected(401, "pass", "This needs a pass; open a session first.")


def _standing(asker: Asker, device: Known, center: bytes) -> Who:
    if asker.center != center:
        return Who.NEIGHBOUR
    return Who.HEAD if device.leads else Who.LAPTOP


def _refuse_former(connection: Connection, center: bytes, device: Known) -> None:
    """Rejected if the center has cut this laptop off, or whoever runs the hub has shut it out."""
    query = select(DEVICE.c.retired).where(DEVICE.c.center == center, DEVICE.c.id == device.id)
    if device.former or connection.execute(query).scalar_one_or_none():
        raise faults.Rejected(403, "revoked", "This device is shut out here.")
