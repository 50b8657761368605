"""A peer in memory, and a road to it that does what roads do: drop, double, shuffle, delay and break off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

from familydesk.core.errors import Weather
from familydesk.sync.peer import Batch, Have, Meeting, ObjectKind, Peer, Receipt
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.envelope import read

Answer = TypeVar("Answer")


class Shelf:
    """What several laptops leave and find, dense by device as a hub keeps it."""

    def __init__(self, page: int = 3) -> None:
        self.log: list[bytes] = []
        self.objects: dict[ObjectKind, dict[str, bytes]] = {kind: {} for kind in ObjectKind}
        self.gone: set[tuple[ObjectKind, str]] = set()
        self.page = page

    def have(self) -> dict[bytes, int]:
        return {one.device: one.seq for one in (read(content).header for content in self.log)}


class FakePeer:
    """Answers as a hub does, from memory. Everything it is asked is in `asked`."""

    def __init__(self, shelf: Shelf, name: str = "memory") -> None:
        self.name = name
        self.shelf = shelf
        self.asked: list[str] = []

    def meet(self, have: Have, after: str) -> Meeting:
        self.asked.append("meet")
        objects = {kind: frozenset(held) for kind, held in self.shelf.objects.items()}
        return Meeting(self.shelf.have(), self._page(after), objects)

    def pull(self, have: Have, after: str) -> Batch:
        self.asked.append("pull")
        return self._page(after)

    def _page(self, after: str) -> Batch:
        start = int(after or 0)
        end = start + self.shelf.page
        page = self.shelf.log[start:end]
        return Batch(tuple(page), str(start + len(page)), end < len(self.shelf.log))

    def push(self, envelopes: Sequence[bytes]) -> list[Receipt]:
        self.asked.append("push")
        return [self._leave(content) for content in envelopes]

    def _leave(self, content: bytes) -> Receipt:
        try:
            header = read(content).header
        except Defect:
            return Receipt.BAD
        there = {(read(one).header.device, read(one).header.seq): one for one in self.shelf.log}
        found = there.get((header.device, header.seq))
        if found is not None:
            return Receipt.KNOWN if found == content else Receipt.FORK
        if header.seq != self.shelf.have().get(header.device, 0) + 1:
            return Receipt.BAD
        self.shelf.log.append(content)
        return Receipt.STORED

    def names(self, kind: ObjectKind) -> frozenset[str]:
        self.asked.append("names")
        return frozenset(self.shelf.objects[kind])

    def get(self, kind: ObjectKind, name: str) -> bytes | None:
        self.asked.append("get")
        return self.shelf.objects[kind].get(name)

    def put(self, kind: ObjectKind, name: str, content: bytes) -> None:
        self.asked.append("put")
        if (kind, name) not in self.shelf.gone:
            self.shelf.objects[kind].setdefault(name, content)

    def destroy(self, kind: ObjectKind, name: str) -> None:
        self.asked.append("destroy")
        self.shelf.objects[kind].pop(name, None)
        self.shelf.gone.add((kind, name))


class RoughRoad:
    """A peer behind a road that fails: a question or its answer is lost, envelopes come twice, shuffled or not yet.

    `faults` is how likely each is, by its name: lost, unanswered, twice, shuffled, late.
    """

    def __init__(self, peer: Peer, random: Random, **faults: float) -> None:
        self.name = peer.name
        self._peer = peer
        self._random = random
        self._faults = faults
        self.killing: Callable[[], None] = lambda: None
        """Called before each question and after each answer; what it raises ends the laptop there."""

    def _happens(self, fault: str) -> bool:
        return self._random.random() < self._faults.get(fault, 0)

    def _over(self, ask: Callable[[], Answer]) -> Answer:
        self.killing()
        if self._happens("lost"):
            raise Weather("the question was lost")
        answer = ask()
        self.killing()
        if self._happens("unanswered"):
            raise Weather("the answer was lost")
        return answer

    def meet(self, have: Have, after: str) -> Meeting:
        met = self._over(lambda: self._peer.meet(have, after))
        return Meeting(met.have, self._shaken(met.batch, after), met.objects, met.head, met.known, met.warnings)

    def pull(self, have: Have, after: str) -> Batch:
        return self._shaken(self._over(lambda: self._peer.pull(have, after)), after)

    def _shaken(self, batch: Batch, after: str) -> Batch:
        if self._happens("late"):
            return Batch((), after)
        envelopes = list(batch.envelopes)
        if self._happens("twice"):
            envelopes += self._random.choices(envelopes, k=len(envelopes)) if envelopes else []
        if self._happens("shuffled"):
            self._random.shuffle(envelopes)
        return Batch(tuple(envelopes), batch.after, batch.more)

    def push(self, envelopes: Sequence[bytes]) -> list[Receipt]:
        return self._over(lambda: self._peer.push(envelopes))

    def names(self, kind: ObjectKind) -> frozenset[str]:
        return self._over(lambda: self._peer.names(kind))

    def get(self, kind: ObjectKind, name: str) -> bytes | None:
        return self._over(lambda: self._peer.get(kind, name))

    def put(self, kind: ObjectKind, name: str, content: bytes) -> None:
        self._over(lambda: self._peer.put(kind, name, content))

    def destroy(self, kind: ObjectKind, name: str) -> None:
        self._over(lambda: self._peer.destroy(kind, name))
