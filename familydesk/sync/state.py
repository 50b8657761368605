"""What one store knows, change by change, as every laptop of the center would tell it; and one digest of all of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from uuid import UUID

from sqlalchemy import Connection

from familydesk.store.capture import GONE
from familydesk.store.case_keys import is_token
from familydesk.store.journal import EMPTIED
from familydesk.sync import parking
from familydesk.sync.laptops import Laptops
from familydesk.sync.packing import TOO_LARGE
from familydesk.sync.parking import Reason
from familydesk.sync.shelf import FORK, UNREAD
from familydesk.sync.wire.change import Change, Version
from familydesk.sync.wire.coding import encoded
from familydesk.sync.wire.digests import digest
from familydesk.sync.wire.snapshot import Told

_PAGE = 2048
_NOBODY = UUID(int=0)
_HELD = f"field NOT IN ('{GONE}', '{EMPTIED}')"
_ROWS = (
    f"SELECT seq, sheet, record, field, value, clock, device, txn, actor FROM change WHERE {_HELD} AND seq > ?1 "
    f"AND seq NOT IN (SELECT CAST(waits_for AS INTEGER) FROM parked WHERE reason = '{TOO_LARGE}') "
    "ORDER BY seq LIMIT ?2"
)
_FORMER = f"""SELECT one.seq, former.device, former.clock, 0 AS rank FROM change AS one
    JOIN change AS former ON former.seq = one.replaces AND former.field != '{EMPTIED}' WHERE one.seq BETWEEN ?1 AND ?2
    UNION ALL SELECT replaced.seq, former.device, former.clock, 1 FROM replaced
    JOIN change AS former ON former.seq = replaced.former AND former.field != '{EMPTIED}'
    WHERE replaced.seq BETWEEN ?1 AND ?2 ORDER BY rank, 2, 3"""
_EXPECTED = "SELECT seq, device, clock FROM expected WHERE seq BETWEEN ? AND ? ORDER BY device, clock"
_WAITS = (
    f"SELECT 1 FROM parked WHERE reason NOT IN ('{FORK}', '{UNREAD}', '{TOO_LARGE}', '{Reason.CASE.name}') "
    "UNION ALL SELECT 1 FROM envelope WHERE standing = 'FAILED' LIMIT 1"
)


def is_whole(connection: Connection) -> bool:
    """Whether all that came is in the log, or waits for nothing but the key of a restricted case."""
    return connection.exec_driver_sql(_WAITS).first() is None


def told(connection: Connection) -> Iterator[Told]:
    """Every change that is known here and was not erased, in the order in which it was written here or came."""
    laptops, signers = Laptops(connection), _signers(connection)
    last = 0
    while rows := connection.exec_driver_sql(_ROWS, (last, _PAGE)).all():
        formers = _formers(connection, laptops, rows[0][0], rows[-1][0])
        for seq, sheet, record, field, value, clock, device, txn, actor in rows:
            version = Version(clock, laptops.writer(device, clock))
            author = UUID(hex=actor) if actor else _NOBODY
            change = Change(sheet, bytes.fromhex(record), field, value, version, formers.get(seq, ()), txn)
            yield Told(change, author, signers.of(seq))
        last = rows[-1][0]
    yield from _closed(connection)


def _formers(connection: Connection, laptops: Laptops, first: int, last: int) -> dict[int, tuple[Version, ...]]:
    found: dict[int, tuple[Version, ...]] = {}
    for seq, device, clock, _rank in connection.exec_driver_sql(_FORMER, (first, last)):
        found[seq] = (*found.get(seq, ()), Version(clock, laptops.writer(device, clock)))
    for seq, device, clock in connection.exec_driver_sql(_EXPECTED, (first, last)):
        found[seq] = (*found.get(seq, ()), Version(clock, bytes.fromhex(device)))
    return found


def _closed(connection: Connection) -> Iterator[Told]:
    """What waits for the key of a restricted case: as it came."""
    for parked in parking.lying(connection, Reason.CASE):
        yield Told(parked.unpacked(), parked.origin.author, parked.origin.signer)


class _Signers:
    """Who signed for changes that their author had left unsigned, by ranges of the log."""

    def __init__(self, ranges: list[tuple[int, int, UUID]]) -> None:
        self._ranges = ranges
        self._firsts = [first for first, _last, _signer in ranges]

    def of(self, seq: int) -> UUID | None:
        place = bisect_right(self._firsts, seq) - 1
        if place < 0 or self._ranges[place][1] < seq:
            return None
        return self._ranges[place][2]


def _signers(connection: Connection) -> _Signers:
    rows = connection.exec_driver_sql("SELECT first, last, signer FROM vouched ORDER BY first")
    return _Signers([(first, last, UUID(hex=signer)) for first, last, signer in rows])


# The digest


class State:
    """All changes of a state, counted and digested, in whatever order they are told.

    What a change replaces counts as far as it belongs to the state as well. A value that is sealed with its restricted
    case counts as sealed: it is sealed anew wherever it is laid down. Who vouched for an author does not count: the
    laptop that did knows nothing of it.
    """

    def __init__(self) -> None:
        self._rows: list[tuple[Version, bytes, tuple[Version, ...]]] = []

    def add(self, one: Told) -> None:
        """One change more."""
        change = one.change
        value = b"sealed" if change.value is not None and is_token(change.value) else change.value
        facts = [change.sheet, change.record, change.field, value, change.transaction, one.author.bytes]
        self._rows.append((change.version, digest(encoded(facts), b"fd-state-change"), change.replaces))

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._rows)

    def digest(self, within: Mapping[bytes, int] | None = None) -> tuple[int, bytes]:
        """How many changes, and 32 bytes that stand for them. `within`: by laptop, the newest stamp that counts; of
        others nothing does. None: all.
        """
        rows = sorted(row for row in self._rows if within is None or _is_within(row[0], within))
        known = {version for version, _facts, _replaces in rows}
        content = b"".join(_line(version, facts, replaces, known) for version, facts, replaces in rows)
        return len(rows), digest(content, b"fd-state")


def state_of(changes: Iterable[Told]) -> State:
    """The state that these changes make up."""
    state = State()
    for one in changes:
        state.add(one)
    return state


def _is_within(version: Version, within: Mapping[bytes, int]) -> bool:
    return version.clock <= within.get(version.device, -1)


def _line(version: Version, facts: bytes, replaces: Iterable[Version], known: Collection[Version]) -> bytes:
    former = sorted({one for one in replaces if one in known})
    place = version.device + version.clock.to_bytes(8, "big") + facts
    return digest(place + b"".join(one.device + one.clock.to_bytes(8, "big") for one in former), b"fd-state-line")
