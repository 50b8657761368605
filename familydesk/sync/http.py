"""A hub as the road between laptops, over HTTPS (docs/hub.md).

A visit begins with the challenge that the last one brought home, so that one without news is a single request. What the
hub shows is held against what it has signed before: fewer envelopes, or others at the same places, are told of.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace

import httpx
from nacl.signing import SigningKey

from familydesk.core.errors import Refused
from familydesk.core.i18n import N_
from familydesk.sync.hub_memory import ANOTHER_HUB, Answer, Memory, contradictions
from familydesk.sync.peer import Batch, Have, Meeting, ObjectKind, Receipt
from familydesk.sync.road import JSON, Road, Turned, strange
from familydesk.sync.wire import bounds, frames, head, login
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.digests import device_id
from familydesk.sync.wire.head import Head

AT_ONCE = bounds.CHANGES
"""Envelopes handed over in one request."""
SIZE_AT_ONCE = 3 * bounds.MIB
_BYTES = "application/octet-stream"
_CENTERS = 10_000


class _Stranger(Exception):
    """The hub does not know this laptop: no statement that it has speaks of it."""


class HubPeer:
    """A hub, as one center's laptop meets it. A hub that does not know the laptop yet has nothing for it, and takes
    the statements from it that make it known.
    """

    def __init__(self, url: str, center: bytes, key: SigningKey, transport: httpx.BaseTransport | None = None) -> None:
        """`key` is the device's own. `transport` is another road than the network. Refused if `url` is no address."""
        self.name = url
        self._center, self._key = center, key
        self._device = device_id(bytes(key.verify_key))
        self._road = Road(url, transport)
        self._at = login.origin(url)
        self._hub = b""
        self._pass = ""
        self.newest: Head | None = None
        """What the hub signed of the whole log at this meeting."""
        self._is_stranger = False
        self._unfounded: dict[tuple[ObjectKind, str], bytes] = {}

    def close(self) -> None:
        """Hang up."""
        self._road.close()

    # Meeting

    def meet(self, have: Have, after: str) -> Meeting:
        """One request, where the challenge that was taken home is still good."""
        memory = Memory.of(after)
        with _plainly():
            try:
                answer = self._met(have, memory)
                warnings = contradictions(memory, answer)
                if warnings:
                    # Nothing that is remembered of its places holds any more.
                    memory = Memory(hub=answer.newest.hub, challenge=bytes.fromhex(answer.facts["challenge"]))
                    answer = self._met(have, memory)
                    _insist(answer.follows(memory))
            except _Stranger:
                return Meeting({}, Batch((), after), {})
            return replace(_meeting(memory, answer), warnings=warnings, known=ANOTHER_HUB not in warnings)

    def _met(self, have: Have, memory: Memory) -> Answer:
        answer = Answer.read(self._come_in("meet", memory, memory.asked(have)), self._center)
        _insist(answer.newest.hub == self._hub)
        self.newest = answer.newest
        self._keep(answer.facts)
        return answer

    def pull(self, have: Have, after: str) -> Batch:
        """The next page. Weather if it does not go on from the last one."""
        memory = Memory.of(after)
        with _plainly():
            content = self._inside("POST", "pull", json.dumps(memory.asked(have)).encode(), JSON)
            answer = Answer.read(content, self._center)
            _insist(not contradictions(memory, answer))
            return _batch(memory, answer)

    def push(self, envelopes: Sequence[bytes]) -> list[Receipt]:
        """Hand over; what the hub has confirmed is on its disk."""
        receipts: list[Receipt] = []
        with _plainly():
            for part in _parts(envelopes):
                answer = json.loads(self._inside("POST", "push", frames.joined(part), frames.MEDIA_TYPE))
                _insist(len(answer) == len(part))
                receipts += map(Receipt, answer)
        return receipts

    def head(self, at: int) -> Head | None:
        """What the hub signs of its log as it was at a place; None beyond its end."""
        with _plainly():
            content = self._there(f"head?at={at}")
            return None if content is None else head.read(content)

    # Objects

    def names(self, kind: ObjectKind) -> frozenset[str]:
        """The objects of a kind."""
        with _plainly():
            return frozenset(map(str, json.loads(self._inside("GET", f"object/{kind.value}"))))

    def get(self, kind: ObjectKind, name: str) -> bytes | None:
        """An object; an answer to a request to join is given to whoever knows its name."""
        with _plainly():
            return self._there(f"object/{kind.value}/{name}")

    def put(self, kind: ObjectKind, name: str, content: bytes) -> None:
        """Leave an object. A statement that the hub cannot believe yet is left again after the next one."""
        with _plainly():
            taken = self._leave((kind, name), content)
            while taken:
                # With what it has by now the hub may believe more.
                taken = any([self._leave(place, waiting) for place, waiting in list(self._unfounded.items())])

    def _leave(self, place: tuple[ObjectKind, str], content: bytes) -> bool:
        kind, name = place
        try:
            self._inside("PUT", f"object/{kind.value}/{name}", content)
        except Turned as turned:
            if turned.word != "unfounded":
                raise
            self._unfounded[place] = content
            return False
        self._unfounded.pop(place, None)
        # It may have been the one that makes this laptop known.
        self._is_stranger = False
        return True

    def destroy(self, kind: ObjectKind, name: str) -> None:
        """Take an object away. What only a head may take away there is left to a head's laptop."""
        with _plainly():
            try:
                self._inside("DELETE", f"object/{kind.value}/{name}")
            except Turned as turned:
                if turned.word != "forbidden":
                    raise

    def post(self, center: bytes, name: str, content: bytes, *, begin: bool) -> bool:
        """Leave a letter to another center. Whoever looks after the hub decides which centers it keeps."""
        with _plainly():
            try:
                self._inside("PUT", f"object/{ObjectKind.INBOX.value}/{name}", content, center=center)
            except Turned as turned:
                if turned.word != "absent":
                    raise
                return False
        return True

    # Coming in

    def _come_in(self, door: str, memory: Memory, asked: Mapping[str, object]) -> bytes:
        """Through /meet or /session, with the challenge from last time or a fresh one. Stranger if it is not known."""
        self._hub, challenge = memory.hub, memory.challenge
        for _ in range(3):
            shown = {"device": self._device.hex(), "address": self._at, **self._signed(challenge)}
            try:
                return self._ask("POST", door, json.dumps({**asked, **shown}).encode(), JSON)
            except Turned as turned:
                if turned.word == "unknown":
                    raise _Stranger from None
                if turned.word != "challenge":
                    raise
                challenge, self._hub = (bytes.fromhex(turned.facts[key]) for key in ("challenge", "hub"))
        raise strange()

    def _signed(self, challenge: bytes) -> dict[str, str]:
        """The answer to a challenge, which counts at the address that is visited and nowhere else."""
        if not challenge:
            return {"challenge": "", "signature": ""}
        signature = login.answer(self._key, self._hub, self._at, self._center, self._device, challenge)
        return {"challenge": challenge.hex(), "signature": signature.hex()}

    def _keep(self, facts: Mapping[str, str]) -> None:
        self._pass = f"FamilyDesk {self._center.hex()}.{bytes.fromhex(facts['pass']).hex()}"

    def _open(self) -> None:
        """Have a pass. A stranger has none, and goes where none is needed."""
        if not self._pass and not self._is_stranger:
            try:
                self._keep(json.loads(self._come_in("session", Memory(), {})))
            except _Stranger:
                self._is_stranger = True

    def _inside(
        self, method: str, path: str, content: bytes | None = None, media: str = _BYTES, center: bytes = b""
    ) -> bytes:
        """Ask with the pass, of another center if one is named; with a new pass if it has ended meanwhile."""
        self._open()
        try:
            return self._ask(method, path, content, media, center)
        except Turned as turned:
            if turned.word != "pass" or not self._pass:
                raise
            self._pass = ""
        self._open()
        return self._ask(method, path, content, media, center)

    def _there(self, path: str) -> bytes | None:
        try:
            return self._inside("GET", path)
        except Turned as turned:
            if turned.word != "absent":
                raise
            return None

    def _ask(self, method: str, path: str, content: bytes | None, media: str, center: bytes = b"") -> bytes:
        place = f"v1/center/{(center or self._center).hex()}/{path}"
        return self._road.ask(method, place, content, media, self._pass)


def centers(url: str, transport: httpx.BaseTransport | None = None) -> list[bytes]:
    """The certificates of the centers that a hub keeps, for a laptop that belongs to none yet."""
    with closing(Road(url, transport)) as road, _plainly():
        return frames.parted(road.ask("GET", "v1/directory"), _CENTERS)


def _meeting(memory: Memory, answer: Answer) -> Meeting:
    facts = answer.facts
    beside = facts["beside"]
    kept = replace(
        memory,
        hub=answer.newest.hub,
        objects=int(beside["number"]),
        objects_chain=bytes.fromhex(beside["chain"]),
        challenge=bytes.fromhex(facts["challenge"]),
    )
    objects = {ObjectKind(kind): frozenset(map(str, names)) for kind, names in facts["objects"].items()}
    there = {bytes.fromhex(device): int(seq) for device, seq in facts["have"].items()}
    return Meeting(there, _batch(kept, answer), objects, answer.signed, all_objects=bool(facts["all_objects"]))


def _batch(memory: Memory, answer: Answer) -> Batch:
    reached = replace(memory, position=answer.end.position, chain=answer.end.chain)
    return Batch(answer.envelopes, str(reached), more=answer.end.position < answer.newest.position)


def _parts(envelopes: Sequence[bytes]) -> Iterator[list[bytes]]:
    """As many at once as a hub takes."""
    part: list[bytes] = []
    size = 0
    for content in envelopes:
        if part and (len(part) == AT_ONCE or size + len(content) > SIZE_AT_ONCE):
            yield part
            part, size = [], 0
        part.append(content)
        size += len(content)
    if part:
        yield part


def _insist(holds: bool) -> None:
    if not holds:
        raise Defect("an answer that does not fit what was asked")


@contextmanager
def _plainly() -> Iterator[None]:
    """Tell what went wrong with a hub in a sentence."""
    try:
        yield
    except Turned as turned:
        raise _told(turned) from None
    except (AttributeError, Defect, KeyError, TypeError, ValueError):
        raise strange() from None


def _told(turned: Turned) -> Exception:
    if turned.word == "revoked":
        return Refused(
            N_(
                "The hub takes nothing from this laptop: by what it has heard, the laptop was shut out of its center. "
                "If that is not so, let a head's laptop sync with the hub."
            )
        )
    if turned.word == "address":
        return Refused(
            N_(
                "This hub does not know that it is reached by this address. Check the address; if it is right, whoever "
                "looks after the hub has to start it with this address: --address."
            )
        )
    if turned.word == "absent":
        return Refused(N_("This hub does not keep this center. Whoever looks after the hub can add it."))
    if turned.word in ("unknown", "pass"):
        return Refused(N_("This hub does not know this laptop yet. Sync with it from a head's laptop first."))
    return strange()
