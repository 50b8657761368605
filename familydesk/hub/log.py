"""The log of a center: envelopes in the order in which they were taken in, each signed by a laptop that is known.

Positions are dense and given under a lock on the center's row, so that no reader passes over one that comes late. An
envelope is acknowledged when it is on the disk, and taken in once, however often it is handed over.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, and_, func, insert, or_, select, update

from familydesk.hub.roll import Roll
from familydesk.hub.tables import CENTER, DEVICE, ENVELOPE, FORK
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.envelope import FIRST, Envelope, read
from familydesk.sync.wire.head import START, lengthened
from familydesk.sync.wire.words import Receipt

PAGE = 500
"""Envelopes of one page."""
PAGE_BYTES = 4 * 1024 * 1024
"""Bytes of the envelopes of one page, unless one alone has more."""
PASSED_OVER = 8000
"""Places of one page, those counted of which the asker has the envelope already."""
FORKS_KEPT = 16
"""Second envelopes of a device that are kept as evidence."""
_LARGEST = 2**63 - 1


class Tail(NamedTuple):
    """Where a device's envelopes end."""

    seq: int
    hash: bytes
    retired: bool = False


@dataclass
class Page:
    """A part of a log. Of an envelope that the asker has only its hash (32 bytes) stands in its place."""

    entries: list[bytes] = field(default_factory=list)
    position: int = 0
    chain: bytes = START
    more: bool = False


def examined(contents: Sequence[bytes], center: bytes, roll: Roll) -> list[Envelope | None]:
    """The envelopes that a known device of the center has signed; None in the place of any other."""
    return [_examined(content, center, roll) for content in contents]


def _examined(content: bytes, center: bytes, roll: Roll) -> Envelope | None:
    try:
        envelope = read(content)
    except Defect:
        return None
    device = roll.device(envelope.header.device)
    if envelope.header.center != center or envelope.header.seq > _LARGEST or device is None:
        return None
    return envelope if envelope.signed_by(device.public) else None


def append(connection: Connection, center: Row[Any], roll: Roll, envelopes: Sequence[Envelope | None]) -> list[Receipt]:
    """Take in what is new, in the order given; one receipt each. `center` is its row, locked by this transaction."""
    found = [envelope for envelope in envelopes if envelope]
    tails = _tails(connection, center.id, found)
    older = [envelope for envelope in found if envelope.header.seq <= tails[envelope.header.device].seq]
    taking = _Taking(center, roll, tails, _known(connection, center.id, older))
    receipts = [Receipt.BAD if envelope is None else taking.take(envelope) for envelope in envelopes]
    taking.write(connection)
    return receipts


class _Taking:
    """One batch on its way into the log."""

    def __init__(
        self, center: Row[Any], roll: Roll, tails: dict[bytes, Tail], known: dict[tuple[bytes, int], bytes]
    ) -> None:
        self._center, self._roll, self._tails, self._known = center, roll, tails, known
        self._position, self._chain, self._bytes = center.position, center.chain, center.bytes
        self._rows: list[dict[str, Any]] = []
        self._forks: list[dict[str, Any]] = []
        self._now = int(time.time() * 1000)

    def take(self, envelope: Envelope) -> Receipt:
        header = envelope.header
        tail, there = self._tails[header.device], self._known.get((header.device, header.seq))
        if there is not None:
            return Receipt.KNOWN if there == envelope.hash else self._fork(envelope)
        if tail.retired or self._roll.is_cut(header.device, header.seq, envelope.hash):
            return Receipt.REVOKED
        if header.seq != tail.seq + 1:
            return Receipt.BAD
        if header.prev != tail.hash:
            return self._fork(envelope)
        if self._bytes + len(envelope.content) > self._center.quota:
            return Receipt.QUOTA
        self._add(envelope)
        return Receipt.STORED

    def _add(self, envelope: Envelope) -> None:
        header = envelope.header
        self._position += 1
        self._chain = lengthened(self._chain, envelope.hash)
        self._bytes += len(envelope.content)
        self._tails[header.device] = self._tails[header.device]._replace(seq=header.seq, hash=envelope.hash)
        self._known[header.device, header.seq] = envelope.hash
        row = self._evidence(envelope)
        self._rows.append(row | {"position": self._position, "chain": self._chain, "size": len(envelope.content)})

    def _fork(self, envelope: Envelope) -> Receipt:
        self._forks.append(self._evidence(envelope))
        return Receipt.FORK

    def _evidence(self, envelope: Envelope) -> dict[str, Any]:
        header = envelope.header
        return {
            "center": self._center.id,
            "device": header.device,
            "seq": header.seq,
            "hash": envelope.hash,
            "arrived": self._now,
            "content": envelope.content,
        }

    def write(self, connection: Connection) -> None:
        for row in self._forks:
            _keep_evidence(connection, row)
        if not self._rows:
            return
        connection.execute(insert(ENVELOPE), self._rows)
        changed = {row["device"] for row in self._rows}
        for device in changed:
            move_tail(connection, self._center.id, device, self._tails[device])
        grown = {"position": self._position, "chain": self._chain, "bytes": self._bytes}
        connection.execute(update(CENTER).where(CENTER.c.id == self._center.id).values(grown))


def _tails(connection: Connection, center: bytes, envelopes: Sequence[Envelope]) -> dict[bytes, Tail]:
    devices = {envelope.header.device for envelope in envelopes}
    query = select(DEVICE).where(DEVICE.c.center == center, DEVICE.c.id.in_(devices))
    found = {row.id: Tail(row.seq, row.hash, row.retired) for row in connection.execute(query)}
    return {device: found.get(device, Tail(0, FIRST)) for device in devices}


def _known(connection: Connection, center: bytes, envelopes: Sequence[Envelope]) -> dict[tuple[bytes, int], bytes]:
    """The hashes of what lies at the places of these envelopes."""
    spans: dict[bytes, list[int]] = {}
    for envelope in envelopes:
        spans.setdefault(envelope.header.device, []).append(envelope.header.seq)
    within = [and_(ENVELOPE.c.device == device, ENVELOPE.c.seq.in_(seqs)) for device, seqs in spans.items()]
    if not within:
        return {}
    columns = ENVELOPE.c.device, ENVELOPE.c.seq, ENVELOPE.c.hash
    query = select(*columns).where(ENVELOPE.c.center == center, or_(*within))
    return {(row.device, row.seq): row.hash for row in connection.execute(query)}


def move_tail(connection: Connection, center: bytes, device: bytes, tail: Tail) -> None:
    """Say where a device's envelopes end."""
    told = {"seq": tail.seq, "hash": tail.hash}
    own = (DEVICE.c.center == center, DEVICE.c.id == device)
    if not connection.execute(update(DEVICE).where(*own).values(told)).rowcount:
        connection.execute(insert(DEVICE).values(center=center, id=device, spent=0, **told))


def _keep_evidence(connection: Connection, row: Mapping[str, Any]) -> None:
    own = (FORK.c.center == row["center"], FORK.c.device == row["device"])
    kept = connection.execute(select(func.count()).select_from(FORK).where(*own)).scalar_one()
    there = connection.execute(select(FORK.c.seq).where(*own, FORK.c.hash == row["hash"])).first()
    if there is None and kept < FORKS_KEPT:
        connection.execute(insert(FORK).values(row))


def have(connection: Connection, center: bytes) -> dict[bytes, int]:
    """By device: the number of its newest envelope here."""
    query = select(DEVICE.c.id, DEVICE.c.seq).where(DEVICE.c.center == center, DEVICE.c.seq > 0)
    return {row.id: row.seq for row in connection.execute(query)}


def page(connection: Connection, center: bytes, after: int, asker_has: Mapping[bytes, int]) -> Page:
    """What follows `after`, as much as one page holds. Beyond the log's end: an empty page at its end."""
    end = connection.execute(select(CENTER.c.position, CENTER.c.chain).where(CENTER.c.id == center)).one()
    if after >= end.position:
        return Page([], end.position, end.chain)
    places = _places(connection, center, after, asker_has)
    wanted = [place.position for place in places if not _has(asker_has, place)]
    contents = _contents(connection, center, wanted)
    entries = [contents.get(place.position, place.hash) for place in places]
    last = places[-1]
    return Page(entries, last.position, last.chain, more=last.position < end.position)


def _places(connection: Connection, center: bytes, after: int, asker_has: Mapping[bytes, int]) -> list[Row[Any]]:
    columns = (ENVELOPE.c[name] for name in ("position", "device", "seq", "hash", "chain", "size"))
    behind = select(*columns).where(ENVELOPE.c.center == center, ENVELOPE.c.position > after)
    found: list[Row[Any]] = []
    wanted = room = 0
    for place in connection.execute(behind.order_by(ENVELOPE.c.position).limit(PASSED_OVER)):
        if not _has(asker_has, place):
            wanted, room = wanted + 1, room + place.size
            if wanted > 1 and (wanted > PAGE or room > PAGE_BYTES):
                break
        found.append(place)
    return found


def _has(asker_has: Mapping[bytes, int], place: Row[Any]) -> bool:
    return bool(asker_has.get(place.device, 0) >= place.seq)


def _contents(connection: Connection, center: bytes, positions: Sequence[int]) -> dict[int, bytes]:
    if not positions:
        return {}
    # Of what was cut off only the hash is there.
    query = select(ENVELOPE.c.position, ENVELOPE.c.content).where(
        ENVELOPE.c.center == center, ENVELOPE.c.position.in_(positions), ENVELOPE.c.size > 0
    )
    return {row.position: bytes(row.content) for row in connection.execute(query)}


def chain_at(connection: Connection, center: bytes, position: int) -> bytes | None:
    """The chain up to a place; None beyond the log's end."""
    if position == 0:
        return START
    query = select(ENVELOPE.c.chain).where(ENVELOPE.c.center == center, ENVELOPE.c.position == position)
    return connection.execute(query).scalar_one_or_none()
