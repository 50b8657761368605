"""A laptop that writes and reads envelopes without looking inside: for what the loop does, whatever is in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from uuid import UUID

from envelopes import CENTER, EPOCH_KEY, Chain
from sqlalchemy.orm import Session

from familydesk.store.database import Database
from familydesk.sync import identity, shelf
from familydesk.sync.arrivals import Arrivals, Read, Tally
from familydesk.sync.contents import Contents
from familydesk.sync.identity import Device, Identity
from familydesk.sync.loop import Loop
from familydesk.sync.outcome import Outcome
from familydesk.sync.peer import ObjectKind, Peer
from familydesk.sync.wire.envelope import Envelope


class Pile:
    """Objects of one kind in memory; what begins with a question mark is none."""

    def __init__(self, kind: ObjectKind) -> None:
        self.kind = kind
        self.held: dict[str, bytes] = {}
        self.gone: set[str] = set()

    def names(self) -> frozenset[str]:
        return frozenset(self.held)

    def content(self, name: str) -> bytes:
        return self.held[name]

    def take(self, contents: Mapping[str, bytes]) -> int:
        good = {name: content for name, content in contents.items() if not content.startswith(b"?")}
        self.held |= good
        return len(contents) - len(good)

    def destroyed(self) -> frozenset[str]:
        return frozenset(self.gone)


class Vouched:
    """Statements by which these laptops are known."""

    def __init__(self, chains: Sequence[Chain]) -> None:
        self.known = {one.device: Device(one.device, bytes(one.key.verify_key), UUID(int=1), 0) for one in chains}

    def device(self, device: bytes) -> Device | None:
        return self.known.get(device)

    def signing_publics(self, account: UUID) -> frozenset[bytes]:
        return frozenset()

    def standing(self, device: bytes, seq: int, hash: bytes) -> identity.Standing:
        return identity.Standing.ACCEPTED if device in self.known else identity.Standing.UNKNOWN


class PaperLaptop:
    """One side of a meeting. It knows the laptops of `chains`; its own is the first."""

    def __init__(self, place: Path, *chains: Chain) -> None:
        self.database = Database.create(place, bytes(32))
        self.chain = chains[0]
        self.device = self.chain.device
        self.trust = Vouched(chains)
        self.stocks = (Pile(ObjectKind.STATEMENT), Pile(ObjectKind.KEY))
        self.contents = Contents(self.database, CENTER, lambda: {1: EPOCH_KEY})
        self.unwritten = 0
        self.mute = ""
        self.read: list[tuple[bytes, int]] = []

    # Side

    def arrivals(self, progress: Callable[[Tally], None]) -> Arrivals:
        own = Identity(CENTER, self.device, self.chain.key, UUID(int=1), None)
        return Arrivals(self.database, own, self.trust, self, progress)

    def replay(self) -> Tally:
        return Tally()

    def pack(self) -> str:
        if not self.mute:
            with self.database.connection(write=True) as connection:
                for _ in range(self.unwritten):
                    self.chain.grow(1)
                    self._keep(connection, self.chain.written[-1])
            self.unwritten = 0
        return self.mute

    def _keep(self, connection: object, envelope: Envelope) -> None:
        shelf.keep(connection, envelope, shelf.Standing.APPLIED)  # type: ignore[arg-type]
        shelf.settle(connection, self.device, envelope.header.seq, shelf.Standing.APPLIED, 2)  # type: ignore[arg-type]

    def unpacked(self) -> int:
        return 2 * self.unwritten

    def knows(self, device: bytes) -> bool:
        return self.trust.device(device) is not None

    # What the arrivals ask

    def take_in(self, session: Session, envelope: Envelope) -> Read:
        self.read.append((envelope.header.device, envelope.header.seq))
        return Read(changes=2, received=2)

    def finish(self, session: Session, device: bytes, read: Sequence[Read]) -> None:
        pass

    # What tests ask

    def write(self, count: int = 1) -> None:
        """Work, not packed yet."""
        self.unwritten += count

    def meet(self, peer: Peer, stop: Callable[[], bool] = lambda: False) -> Outcome:
        return Loop(peer, self, stop=stop).run()

    def have(self) -> dict[bytes, int]:
        with self.database.connection() as connection:
            return shelf.have(connection)
