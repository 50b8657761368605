"""Envelopes at rest: this laptop's own and the others', as they travel, in the store's table ENVELOPE.

One series a device, dense from 1. What came is shelved first and applied later, so that nothing which arrived is asked
for again, whatever happens in between.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from familydesk.sync.identity import Standing as Believed
from familydesk.sync.identity import Trust
from familydesk.sync.wire.envelope import Envelope, read
from familydesk.sync.wire.snapshot import Reached

FORK = "FORK"
"""The reason by which PARKED keeps the second of two envelopes of one number; `waits_for` is its hash."""

UNREAD = "KEYS"
"""The reason by which PARKED keeps a bundle of keys of which some do not open yet; `waits_for` is its name."""

SILENT = "silent"
"""The fact of the file that this laptop's disk was copied or brought back."""


class Standing(enum.Enum):
    """What became of an envelope here. NAMES are stored."""

    APPLIED = "its changes are in the store"
    WAITING = "for what comes before it, for a key, or for somebody to vouch"
    QUARANTINED = "written after its device was cut off"
    BAD = "signed by its device, and not what an envelope holds"
    FAILED = "this program fails over it; tried again at every meeting, and nothing waits for it"


HELD = (Standing.APPLIED, Standing.BAD, Standing.FAILED)
"""What the next envelope of a device may follow."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """One envelope's row, without its bytes."""

    seq: int
    hash: bytes
    standing: Standing


@dataclass(frozen=True, slots=True)
class Parcel:
    """An envelope to hand on. `changes`: how many it holds, one at least."""

    device: bytes
    seq: int
    content: bytes
    changes: int


def have(connection: Connection) -> dict[bytes, int]:
    """By device: up to which number its work is here, without a gap: as envelopes, or from a snapshot on."""
    rows = connection.exec_driver_sql("SELECT device, max(seq), count(*) FROM envelope GROUP BY device").all()
    found = {device: last if last == count else _dense(connection, device) for device, last, count in rows}
    for device in bases(connection):
        found[device.hex()] = _dense(connection, device.hex())
    return {bytes.fromhex(device): last for device, last in found.items()}


def _dense(connection: Connection, device: str) -> int:
    missing = """SELECT min(seq) FROM (SELECT coalesce((SELECT seq FROM base WHERE device = ?1), 0) AS seq
            UNION ALL SELECT seq FROM envelope WHERE device = ?1) AS one
        WHERE one.seq >= coalesce((SELECT seq FROM base WHERE device = ?1), 0)
        AND NOT EXISTS (SELECT 1 FROM envelope AS next WHERE next.device = ?1 AND next.seq = one.seq + 1)"""
    return int(connection.exec_driver_sql(missing, (device,)).scalar_one())


def bases(connection: Connection) -> dict[bytes, Reached]:
    """By device: up to which envelope its work is here without the envelopes."""
    rows = connection.exec_driver_sql("SELECT device, seq, hash, clock FROM base")
    found = (Reached(bytes.fromhex(device), seq, bytes.fromhex(hash), clock) for device, seq, hash, clock in rows)
    return {one.device: one for one in found}


def found_upon(connection: Connection, reached: Iterable[Reached]) -> None:
    """Note that the work of these devices is here up to there, where its envelopes are not."""
    for one in reached:
        if find(connection, one.device, one.seq) is None:
            connection.exec_driver_sql(_FOUND, (one.device.hex(), one.seq, one.hash.hex(), one.clock))


_FOUND = """INSERT INTO base(device, seq, hash, clock) VALUES(?, ?, ?, ?) ON CONFLICT(device) DO UPDATE
    SET seq = excluded.seq, hash = excluded.hash, clock = excluded.clock WHERE excluded.seq > base.seq"""


def cut(connection: Connection, reached: Iterable[Reached]) -> bool:
    """Let go of the envelopes for which a snapshot stands; whether there were any. None of a device that differs."""
    gone = 0
    for one in reached:
        there = find(connection, one.device, one.seq)
        if there is None or there.hash != one.hash or there.standing not in HELD:
            continue
        place = (one.device.hex(), one.seq)
        gone += connection.exec_driver_sql("DELETE FROM envelope WHERE device = ? AND seq <= ?", place).rowcount
        found_upon(connection, [one])
    return gone > 0


def is_covered(connection: Connection, device: bytes, seq: int) -> bool:
    """Whether the work up to this envelope is here by a snapshot."""
    query = "SELECT 1 FROM base WHERE device = ? AND seq >= ?"
    return connection.exec_driver_sql(query, (device.hex(), seq)).first() is not None


def find(connection: Connection, device: bytes, seq: int) -> Shelved | None:
    """One envelope's row. The last of those that a snapshot stands for is known by its hash."""
    query = """SELECT seq, hash, standing FROM envelope WHERE device = ?1 AND seq = ?2
        UNION ALL SELECT seq, hash, 'APPLIED' FROM base WHERE device = ?1 AND seq = ?2 LIMIT 1"""
    row = connection.exec_driver_sql(query, (device.hex(), seq)).one_or_none()
    return Shelved(row.seq, bytes.fromhex(row.hash), Standing[row.standing]) if row else None


def content(connection: Connection, device: bytes, seq: int) -> bytes:
    """The bytes of one that is here."""
    query = "SELECT content FROM envelope WHERE device = ? AND seq = ?"
    return bytes(connection.exec_driver_sql(query, (device.hex(), seq)).scalar_one())


def keep(connection: Connection, envelope: Envelope, standing: Standing) -> None:
    """Shelve one whose number is free."""
    place = (envelope.header.device.hex(), envelope.header.seq, envelope.hash.hex(), standing.name, envelope.content)
    connection.exec_driver_sql(
        "INSERT INTO envelope(device, seq, hash, standing, content, changes) VALUES(?, ?, ?, ?, ?, 0)", place
    )


def settle(connection: Connection, device: bytes, seq: int, standing: Standing, changes: int = 0) -> None:
    """Say what became of one."""
    values = (standing.name, changes, device.hex(), seq)
    connection.exec_driver_sql("UPDATE envelope SET standing = ?, changes = ? WHERE device = ? AND seq = ?", values)


def remove(connection: Connection, device: bytes, seq: int) -> None:
    """Make room for another under its number: this one was never its device's."""
    connection.exec_driver_sql("DELETE FROM envelope WHERE device = ? AND seq = ?", (device.hex(), seq))


def keep_fork(connection: Connection, envelope: Envelope) -> bool:
    """Keep the second envelope of one number as evidence; False if it is kept already."""
    device, seq, hash = envelope.header.device.hex(), envelope.header.seq, envelope.hash.hex()
    query = "SELECT 1 FROM parked WHERE reason = ? AND waits_for = ?"
    if connection.exec_driver_sql(query, (FORK, hash)).first():
        return False
    connection.exec_driver_sql(
        "INSERT INTO parked(reason, device, envelope, waits_for, content) VALUES(?, ?, ?, ?, ?)",
        (FORK, device, seq, hash, envelope.content),
    )
    return True


def put_right(connection: Connection, device: bytes, seq: int, hash: bytes) -> bool:
    """Let the envelope with this hash take its place, if it was kept as evidence; what lies there becomes evidence.

    Where it has not come, what lies there and waits below it goes, so that all of it is asked for again; False then.
    """
    there = find(connection, device, seq)
    query = "SELECT content FROM parked WHERE reason = ? AND waits_for = ?"
    found = connection.exec_driver_sql(query, (FORK, hash.hex())).scalar()
    right = read(bytes(found)) if found is not None else None
    if right is None or (right.header.device, right.header.seq) != (device, seq):
        if there is not None:
            remove(connection, device, seq)
            below = "DELETE FROM envelope WHERE device = ? AND seq < ? AND standing = 'WAITING'"
            connection.exec_driver_sql(below, (device.hex(), seq))
        return False
    if there is not None:
        keep_fork(connection, read(content(connection, device, seq)))
        remove(connection, device, seq)
    keep(connection, right, Standing.WAITING)
    connection.exec_driver_sql("DELETE FROM parked WHERE reason = ? AND waits_for = ?", (FORK, hash.hex()))
    return True


def forks(connection: Connection, device: bytes) -> int:
    """How many second envelopes of a device are kept."""
    query = "SELECT count(*) FROM parked WHERE reason = ? AND device = ?"
    return int(connection.exec_driver_sql(query, (FORK, device.hex())).scalar_one())


def quarantined(connection: Connection, device: bytes) -> int:
    """How many envelopes of a device are kept that it wrote after it was cut off."""
    query = "SELECT count(*) FROM envelope WHERE device = ? AND standing = 'QUARANTINED'"
    return int(connection.exec_driver_sql(query, (device.hex(),)).scalar_one())


def forked_from(connection: Connection, device: bytes) -> int | None:
    """The first number under which a device wrote twice, as far as it is known here."""
    query = "SELECT min(envelope) FROM parked WHERE reason = ? AND device = ?"
    found: int | None = connection.exec_driver_sql(query, (FORK, device.hex())).scalar()
    return found


def second_branch(connection: Connection, device: bytes) -> dict[int, Envelope]:
    """By number: the envelopes of a device that are kept as evidence, one of each number."""
    query = "SELECT envelope, content FROM parked WHERE reason = ? AND device = ? ORDER BY id DESC"
    rows = connection.exec_driver_sql(query, (FORK, device.hex())).all()
    return dict(sorted((seq, read(bytes(content))) for seq, content in rows))


def branch_off(connection: Connection, device: bytes, first: int) -> None:
    """Let the second branch of a device's envelopes take the place of the first, from a number on."""
    there = second_branch(connection, device)
    connection.exec_driver_sql("DELETE FROM envelope WHERE device = ? AND seq >= ?", (device.hex(), first))
    for envelope in there.values():
        keep(connection, envelope, Standing.WAITING)
        connection.exec_driver_sql("DELETE FROM parked WHERE reason = ? AND waits_for = ?", (FORK, envelope.hash.hex()))


def contents_from(connection: Connection, device: bytes, first: int) -> list[bytes]:
    """The bytes of a device's envelopes from a number on."""
    query = "SELECT content FROM envelope WHERE device = ? AND seq >= ? ORDER BY seq"
    return [bytes(one) for one in connection.exec_driver_sql(query, (device.hex(), first)).scalars()]


def fall_silent(connection: Connection) -> None:
    """Note that this laptop's own device has written what is not here: somebody else writes under its name."""
    connection.exec_driver_sql("INSERT OR REPLACE INTO meta(key, value) VALUES(?, '1')", (SILENT,))


def speak_again(connection: Connection) -> None:
    """Forget that: the laptop has another id by now."""
    connection.exec_driver_sql("DELETE FROM meta WHERE key = ?", (SILENT,))


def is_silent(connection: Connection, own: bytes) -> bool:
    """Whether this laptop must write nothing more under its name. Only what its own device signed makes it so."""
    noted = connection.exec_driver_sql("SELECT 1 FROM meta WHERE key = ?", (SILENT,)).first()
    return noted is not None or forked_from(connection, own) is not None


def waiting(connection: Connection) -> dict[bytes, list[int]]:
    """What waits, by device, in order."""
    query = "SELECT device, seq FROM envelope WHERE standing = 'WAITING' ORDER BY device, seq"
    found: dict[bytes, list[int]] = {}
    for device, seq in connection.exec_driver_sql(query):
        found.setdefault(bytes.fromhex(device), []).append(seq)
    return found


def size(connection: Connection, device: bytes) -> int:
    """The bytes of a device's envelopes that are here."""
    query = "SELECT coalesce(sum(length(content)), 0) FROM envelope WHERE device = ?"
    return int(connection.exec_driver_sql(query, (device.hex(),)).scalar_one())


def to_apply(connection: Connection) -> dict[bytes, list[int]]:
    """What waits, and what this program failed over, by device, in order."""
    query = "SELECT device, seq FROM envelope WHERE standing IN ('WAITING', 'FAILED') ORDER BY device, seq"
    found: dict[bytes, list[int]] = {}
    for device, seq in connection.exec_driver_sql(query):
        found.setdefault(bytes.fromhex(device), []).append(seq)
    return found


def last_applied(connection: Connection, device: bytes) -> tuple[int, bytes] | None:
    """Number and hash of the last envelope of a device that was taken in."""
    query = """SELECT seq, hash FROM (SELECT seq, hash FROM envelope WHERE device = ?1 AND standing = 'APPLIED'
        UNION ALL SELECT seq, hash FROM base WHERE device = ?1) ORDER BY seq DESC LIMIT 1"""
    row = connection.exec_driver_sql(query, (device.hex(),)).one_or_none()
    return (row.seq, bytes.fromhex(row.hash)) if row else None


def held(connection: Connection) -> dict[bytes, tuple[int, bytes]]:
    """Number and hash of the last envelope of each device that is settled here, its own among them."""
    standings = ", ".join(f"'{one.name}'" for one in HELD)
    rows = connection.exec_driver_sql(
        f"SELECT device, seq, hash FROM envelope WHERE standing IN ({standings}) UNION ALL "
        "SELECT device, seq, hash FROM base ORDER BY device, seq"
    )
    return {bytes.fromhex(device): (seq, bytes.fromhex(hash)) for device, seq, hash in rows}


def volume(connection: Connection, beyond: Mapping[bytes, int]) -> int:
    """How many changes the envelopes hold that lie here behind these numbers."""
    query = "SELECT coalesce(sum(changes), 0) FROM envelope WHERE device = ? AND seq > ?"
    devices = connection.exec_driver_sql("SELECT DISTINCT device FROM envelope").scalars().all()
    places = ((device, beyond.get(bytes.fromhex(device), 0)) for device in devices)
    return sum(int(connection.exec_driver_sql(query, place).scalar_one()) for place in places)


def reconsider(connection: Connection, trust: Trust) -> None:
    """Let what was quarantined wait again, where the place at which its device was cut off is a later one by now; which
    of it lies on the chain back from there is told when it is applied.
    """
    rows = connection.exec_driver_sql("SELECT device, seq, hash FROM envelope WHERE standing = 'QUARANTINED'").all()
    for row in rows:
        device = bytes.fromhex(row.device)
        listed = trust.device(device)
        within = listed is not None and row.seq <= (listed.last_seq or 0)
        if within or trust.standing(device, row.seq, bytes.fromhex(row.hash)) is Believed.ACCEPTED:
            settle(connection, device, row.seq, Standing.WAITING)


def parked(connection: Connection) -> int:
    """How much was laid aside until something comes: not counted are forks, which wait for nothing, and keys."""
    query = """SELECT (SELECT count(*) FROM parked WHERE reason NOT IN (?, ?))
        + (SELECT count(*) FROM envelope WHERE standing = 'FAILED')"""
    return int(connection.exec_driver_sql(query, (FORK, UNREAD)).scalar_one())


def beyond(connection: Connection, known: Mapping[bytes, int]) -> list[tuple[bytes, int, int]]:
    """What somebody who has `known` lacks, device by device in order and without a gap: device, number, changes.

    What is quarantined is handed to nobody, nor what came after it.
    """
    return [
        (device, seq, changes)
        for device, last in have(connection).items()
        if known.get(device, 0) < last
        for seq, changes in _after(connection, device, known.get(device, 0))
    ]


def _after(connection: Connection, device: bytes, least: int) -> Iterator[tuple[int, int]]:
    # Whoever lacks what a snapshot stands for gets it from one; what follows it is handed over all the same.
    base = connection.exec_driver_sql("SELECT seq FROM base WHERE device = ?", (device.hex(),)).scalar()
    least = max(least, base or 0)
    query = "SELECT seq, standing, max(changes, 1) FROM envelope WHERE device = ? AND seq > ? ORDER BY seq"
    rows = connection.exec_driver_sql(query, (device.hex(), least)).all()
    for expected, (seq, standing, changes) in enumerate(rows, start=least + 1):
        if seq != expected or standing == Standing.QUARANTINED.name:
            return
        yield seq, changes


def page(connection: Connection, places: Sequence[tuple[bytes, int, int]], count: int, size: int) -> list[Parcel]:
    """The first envelopes of these places, one at least, up to `count` and about `size` bytes."""
    found: list[Parcel] = []
    for device, seq, changes in places[:count]:
        found.append(Parcel(device, seq, content(connection, device, seq), changes))
        size -= len(found[-1].content)
        if size <= 0:
            break
    return found
