"""Packing: what was written on this laptop since the last time, as envelopes on the shelf, in the caller's transaction.

An envelope holds one author's changes, in the order in which they were written, transactions undivided where they fit.
Packed while its author is at the desk it bears her signature; what a crash left behind is vouched for by whoever packs
it. What was erased meanwhile is left out, as are erasures themselves: they are ordered, not merged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from familydesk.core import clock
from familydesk.core.i18n import N_
from familydesk.store import front
from familydesk.store.capture import GONE, WHOLE
from familydesk.store.journal import EMPTIED
from familydesk.sync import shelf
from familydesk.sync.identity import Identity, Keyring
from familydesk.sync.laptops import Laptops
from familydesk.sync.streams import stream_of, streams_of
from familydesk.sync.wire import bounds, envelope
from familydesk.sync.wire.body import Body, Clock, HubMemory
from familydesk.sync.wire.bounds import TooLarge
from familydesk.sync.wire.change import Change, Version
from familydesk.sync.wire.digests import digest
from familydesk.sync.wire.envelope import Envelope, Header
from familydesk.sync.wire.section import Section, shared

PACKED = "packed"
"""The fact of the file that says up to which change of its log everything is packed."""
TOO_LARGE = "TOO_LARGE"
"""Why a change of this laptop is parked: it fits into no envelope. `waits_for` is its number."""
TOO_LONG = N_("A text is too long to be handed on, and stays on this computer alone. Divide it into several records.")
AT_ONCE = 16
"""Envelopes packed in one transaction: whoever wants to save waits half a second at most, however much there is."""
ROOM = 768 * 1024
"""Bytes of changes, not yet compressed, after which another envelope is begun. More can fit, but need not."""
_OVERHEAD = 256
_NOBODY = bytes(16)
_NEWEST = """SELECT one.device, one.seq, one.hash FROM device JOIN envelope AS one ON one.device = device.device
    AND one.seq = (SELECT seq FROM envelope AS newest WHERE newest.device = device.device AND newest.standing = ?1
        ORDER BY seq DESC LIMIT 1)
    WHERE device.device != ?2
    UNION ALL SELECT device, seq, hash FROM base WHERE device != ?2
        AND NOT EXISTS (SELECT 1 FROM envelope WHERE envelope.device = base.device AND standing = ?1)
    ORDER BY 1"""
_OWN = f"device = ? AND seq > ? AND field NOT IN ('{GONE}', '{EMPTIED}')"


class _Row(NamedTuple):
    """A row of the change log."""

    seq: int
    sheet: str
    record: str
    field: str
    value: str | None
    clock: int
    txn: int
    actor: str | None

    @property
    def cost(self) -> int:
        return _OVERHEAD + len((self.value or "").encode())


def too_large(connection: Connection) -> int:
    """How many changes of this laptop fit into no envelope and stay here."""
    query = "SELECT count(*) FROM parked WHERE reason = ?"
    return int(connection.exec_driver_sql(query, (TOO_LARGE,)).scalar_one())


def waiting(connection: Connection, number: int) -> int:
    """How many changes of this laptop, which its log knows as `number`, are in no envelope yet."""
    query = f"SELECT count(*) FROM change WHERE {_OWN}"
    return int(connection.exec_driver_sql(query, (number, _packed(connection))).scalar_one())


def volume(connection: Connection, number: int) -> int:
    """How many bytes their values take in the log."""
    query = f"SELECT coalesce(sum(length(CAST(value AS BLOB))), 0) FROM change WHERE {_OWN}"
    return int(connection.exec_driver_sql(query, (number, _packed(connection))).scalar_one())


def newest_packed(connection: Connection, number: int) -> int:
    """The stamp of the newest change of this laptop that is in an envelope; 0 if none is."""
    query = "SELECT clock FROM change WHERE device = ? AND seq <= ? ORDER BY seq DESC LIMIT 1"
    return int(connection.exec_driver_sql(query, (number, _packed(connection))).scalar() or 0)


def begin_behind(connection: Connection, number: int, stamp: int) -> None:
    """Let everything of this laptop that was written after a stamp count as packed in no envelope."""
    query = "SELECT coalesce(max(seq), 0) FROM change WHERE device = ? AND clock <= ?"
    last = connection.exec_driver_sql(query, (number, stamp)).scalar_one()
    connection.exec_driver_sql("INSERT OR REPLACE INTO meta(key, value) VALUES(?, ?)", (PACKED, str(last)))
    connection.exec_driver_sql(
        "DELETE FROM parked WHERE reason = ? AND CAST(waits_for AS INTEGER) > ?", (TOO_LARGE, last)
    )


def pack(
    connection: Connection,
    who: Identity,
    keyring: Keyring,
    number: int,
    worth: Clock = Clock.UNKNOWN,
    hub: HubMemory | None = None,
    most: int = AT_ONCE,
) -> int:
    """Pack what waits into `most` envelopes and shelve them; how many changes it was. None where nobody is at the desk
    who can sign.

    `number` is that of this laptop in its own log; `worth` is that of its wall clock, `hub` how far a hub's log was
    read. There can be more: `waiting` tells.
    """
    if who.person_key is None:
        return 0
    if Laptops(connection).id(number) != who.device:
        raise RuntimeError("another laptop's part of the log")
    packing = _Packing(connection, who, keyring, worth, hub)
    pieces = _joined(([row] for row in _rows(connection, number)), _same_transaction)
    count, last = 0, _packed(connection)
    for portion in islice(_joined(pieces, _same_author), most):
        count, last = count + packing.send(portion), portion[-1].seq
    keyring.bundle()
    connection.exec_driver_sql("INSERT OR REPLACE INTO meta(key, value) VALUES(?, ?)", (PACKED, str(last)))
    return count


def _packed(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT value FROM meta WHERE key = ?", (PACKED,)).scalar() or 0)


def _rows(connection: Connection, number: int) -> Iterator[_Row]:
    query = f"SELECT seq, sheet, record, field, value, clock, txn, actor FROM change WHERE {_OWN} ORDER BY seq"
    some_at_once = {"yield_per": 1024}
    given = (number, _packed(connection))
    for row in connection.exec_driver_sql(query, given, execution_options=some_at_once):
        yield _Row(*row)


def _joined(parts: Iterable[list[_Row]], alike: Callable[[_Row, _Row], bool]) -> Iterator[list[_Row]]:
    """Neighbouring parts put together, as far as they are alike and fit into one envelope."""
    held: list[_Row] = []
    size = 0
    for part in parts:
        cost = sum(row.cost for row in part)
        fits = len(held) + len(part) <= bounds.CHANGES and size + cost <= ROOM
        if held and not (fits and alike(held[-1], part[0])):
            yield held
            held, size = [], 0
        held = [*held, *part]
        size += cost
    if held:
        yield held


def _same_author(one: _Row, other: _Row) -> bool:
    return one.actor == other.actor


def _same_transaction(one: _Row, other: _Row) -> bool:
    return one.txn == other.txn and one.actor == other.actor


class _Packing:
    """One person's packing on one laptop."""

    def __init__(
        self, connection: Connection, who: Identity, keyring: Keyring, worth: Clock, hub: HubMemory | None
    ) -> None:
        self._connection = connection
        self._who = who
        self._keyring = keyring
        self._worth = worth
        self._hub = hub
        self._laptops = Laptops(connection)
        self._heads = _heads(connection, who.device)
        self._last = _last(connection, who.device)

    def send(self, rows: list[_Row]) -> int:
        """Shelve an envelope with these rows, or several where they do not fit into one; how many rows went."""
        try:
            sealed = self._sealed(rows)
        except TooLarge:
            if len(rows) == 1:
                return self._lay_aside(rows[0])
            middle = len(rows) // 2
            return self.send(rows[:middle]) + self.send(rows[middle:])
        shelf.keep(self._connection, sealed, shelf.Standing.APPLIED)
        shelf.settle(self._connection, self._who.device, sealed.header.seq, shelf.Standing.APPLIED, len(rows))
        self._last = (sealed.header.seq, sealed.hash)
        return len(rows)

    def _sealed(self, rows: list[_Row]) -> Envelope:
        seq, hash = self._last
        epoch = self._keyring.epoch()
        key, person = self._keyring.epoch_key(epoch), self._who.person_key
        if key is None or person is None:
            raise RuntimeError("packing without a key")
        header = Header(self._who.center, self._who.device, seq + 1, hash, epoch)
        author = UUID(hex=rows[0].actor).bytes if rows[0].actor else _NOBODY
        wall = max(0, int(clock.now().timestamp() * 1000))
        sections = tuple(self._sections(header, rows))
        if any(one.size > share.size for one, share in zip(sections, shared(sections), strict=True)):
            raise TooLarge("a section that unfolds to more than its share")
        body = Body(author, self._who.account.bytes, self._heads, wall, self._worth, self._hub, sections)
        return envelope.sealed(header, body.signed(header, person), key, self._who.device_key)

    def _sections(self, header: Header, rows: list[_Row]) -> Iterator[Section]:
        streams = streams_of(self._connection, ((row.sheet, row.record) for row in rows))
        by_stream: dict[bytes, list[Change]] = {}
        for row, change in zip(rows, self._changes(rows), strict=True):
            by_stream.setdefault(stream_of(streams, row.record), []).append(change)
        for stream, changes in by_stream.items():
            yield Section.seal(header, stream, self._keyring.writing_key(stream), changes)

    def _changes(self, rows: Sequence[_Row]) -> Iterator[Change]:
        replaced = front.stamps(self._connection, [row.seq for row in rows if row.field != WHOLE])
        for row in rows:
            stamps = replaced.get(row.seq, ())
            former = tuple(Version(stamp, self._laptops.writer(device, stamp)) for device, stamp in stamps)
            version = Version(row.clock, self._who.device)
            yield Change(row.sheet, bytes.fromhex(row.record), row.field, row.value, version, former, row.txn)

    def _lay_aside(self, row: _Row) -> int:
        """What is too large for any envelope stays here, and is counted among what is parked."""
        place: tuple[Any, ...] = (TOO_LARGE, self._who.device.hex(), 0, str(row.seq), b"")
        self._connection.exec_driver_sql(
            "INSERT INTO parked(reason, device, envelope, waits_for, content) VALUES(?, ?, ?, ?, ?)", place
        )
        return 0


def heads_digest(newest: Iterable[tuple[bytes, int, bytes]]) -> bytes:
    """32 bytes that stand for envelopes: the newest of each laptop, by its id, in order: id, number, hash."""
    return digest(b"".join(device + seq.to_bytes(8, "big") + hash for device, seq, hash in newest), b"fd-heads")


def _heads(connection: Connection, own: bytes) -> bytes:
    """What was taken in here of every other laptop."""
    rows = connection.exec_driver_sql(_NEWEST, (shelf.Standing.APPLIED.name, own.hex()))
    return heads_digest((bytes.fromhex(device), seq, bytes.fromhex(hash)) for device, seq, hash in rows)


def _last(connection: Connection, device: bytes) -> tuple[int, bytes]:
    """Number and hash of the laptop's last envelope."""
    query = """SELECT seq, hash FROM (SELECT seq, hash FROM envelope WHERE device = ?1
        UNION ALL SELECT seq, hash FROM base WHERE device = ?1) ORDER BY seq DESC LIMIT 1"""
    found = connection.exec_driver_sql(query, (device.hex(),)).first()
    return (found.seq, bytes.fromhex(found.hash)) if found else (0, envelope.FIRST)
