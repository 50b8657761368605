"""What a laptop takes home from a hub, and how the hub's next answer is held against it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from familydesk.core.i18n import N_
from familydesk.sync.peer import Have
from familydesk.sync.wire import envelope, frames, head
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.digests import DIGEST_BYTES
from familydesk.sync.wire.head import START, Head, lengthened

PUT_BACK = N_(
    "The hub was put back to an older state and has lost envelopes that it had confirmed. They are handed over again."
)
OTHER_HISTORY = N_(
    "The hub shows another history than before: it was put back from a backup, or it shows people different things. "
    "Tell whoever looks after it. Nothing on this computer is lost, and what the hub lacks is handed over again."
)
ANOTHER_HUB = N_("Another hub than before answers at this address. Ask whoever looks after it whether that is right.")

_ENTRIES = 10_000


@dataclass(frozen=True, slots=True)
class Memory:
    """The hub's key, the places in its log and among its objects, and the next challenge. Nothing of it is a secret."""

    hub: bytes = b""
    position: int = 0
    chain: bytes = START
    objects: int = 0
    objects_chain: bytes = START
    challenge: bytes = b""

    def __str__(self) -> str:
        parts = (self.hub, self.chain, self.objects_chain, self.challenge)
        return ".".join([str(self.position), str(self.objects), *(part.hex() for part in parts)])

    @classmethod
    def of(cls, said: str) -> Memory:
        """Back from text; an empty one if it is of another form."""
        try:
            position, objects, *parts = said.split(".")
            hub, chain, objects_chain, challenge = map(bytes.fromhex, parts)
            return cls(hub, int(position), chain, int(objects), objects_chain, challenge)
        except ValueError:
            return cls()

    def asked(self, have: Have) -> dict[str, object]:
        """What to ask for: all that came since."""
        beside = {"number": self.objects, "chain": self.objects_chain.hex()}
        there = {device.hex(): seq for device, seq in have.items()}
        return {"have": there, "after": self.position, "beside": beside}


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of a hub's log: facts, the signed head of the whole log, the head at the page's end, and what it holds.

    Of an envelope that the asker has there is only the hash.
    """

    facts: Mapping[str, Any]
    signed: bytes
    newest: Head
    end: Head
    entries: tuple[bytes, ...]

    @classmethod
    def read(cls, content: bytes, center: bytes) -> Answer:
        """From its bytes. Defect if they are of another form, or another center's or hub's heads stand in them."""
        said, signed, ending, *entries = (*frames.parted(content, _ENTRIES), b"", b"", b"")
        newest, end = head.read(signed), head.read(ending)
        if {newest.center, end.center} != {center} or newest.hub != end.hub or newest.position < end.position:
            raise Defect("heads that do not belong here, or not together")
        try:
            facts = json.loads(said)
        except (ValueError, RecursionError):
            facts = None
        if not isinstance(facts, dict):
            raise Defect("an answer without facts")
        return cls(facts, signed, newest, end, tuple(entries[:-3]))

    @property
    def envelopes(self) -> tuple[bytes, ...]:
        """Those that the asker lacks."""
        return tuple(entry for entry in self.entries if len(entry) != DIGEST_BYTES)

    def follows(self, memory: Memory) -> bool:
        """Whether the page goes on where the laptop was, in the history that the hub signs."""
        chain = memory.chain
        for entry in self.entries:
            chain = lengthened(chain, entry if len(entry) == DIGEST_BYTES else envelope.read(entry).hash)
        return (memory.position + len(self.entries), chain) == (self.end.position, self.end.chain)


def contradictions(memory: Memory, answer: Answer) -> tuple[str, ...]:
    """Marked sentences: what the hub is not any more that it was. Defect if an envelope in the page is none."""
    if memory.hub and memory.hub != answer.newest.hub:
        return (ANOTHER_HUB,)
    if answer.newest.position < memory.position:
        return (PUT_BACK,)
    return () if answer.follows(memory) else (OTHER_HISTORY,)
