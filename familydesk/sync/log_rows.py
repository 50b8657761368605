"""Rows of the change log that were written elsewhere, as this store's log keeps them."""

from __future__ import annotations

from sqlalchemy import Connection

from familydesk.store import search_arrears
from familydesk.store.capture import GONE, WHOLE
from familydesk.store.case_keys import CaseKeys, is_token
from familydesk.store.database import Database
from familydesk.sync.enclosures import Enclosures
from familydesk.sync.histories import History, Row
from familydesk.sync.laptops import Laptops
from familydesk.sync.parking import Origin
from familydesk.sync.wire.change import Change, Version

_INSERT = (
    "INSERT INTO change(seq, sheet, record, field, value, clock, replaces, txn, actor, device, salt) "
    "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, randomblob(16))"
)
_VOUCH = "INSERT INTO vouched(first, last, signer) VALUES(?, ?, ?)"
_ARRIVED = (
    "FROM change CROSS JOIN device ON device.number = change.device "
    "CROSS JOIN expected ON expected.device = device.device AND expected.clock = change.clock WHERE change.seq >= ?"
)


class LogRows:
    """Rows on their way into the log, in the order in which they came."""

    def __init__(
        self, connection: Connection, laptops: Laptops, origin: Origin, keys: CaseKeys, enclosures: Enclosures
    ) -> None:
        self._connection = connection
        self._origin = origin
        self._laptops = laptops
        self._keys = keys
        self._enclosures = enclosures
        last = connection.exec_driver_sql("SELECT max(seq) FROM change").scalar()
        self._first = self._next = int(last or 0) + 1
        self._rows: list[tuple[object, ...]] = []
        self._replaced: list[tuple[int, int]] = []
        self._expected: list[tuple[str, int, int]] = []

    @property
    def count(self) -> int:
        """How many came from elsewhere."""
        return sum(row[3] != GONE for row in self._rows)

    def add(self, change: Change, history: History) -> None:
        """One more; it stands in the record's history from now on."""
        record, seq = change.record.hex(), self._next
        self._next += 1
        replaces = self._connect(change, history, seq)
        value = self._kept(change, record)
        version = change.version
        self._rows.append(
            (
                seq, change.sheet, record, change.field, value, version.clock, replaces, change.transaction,
                self._origin.author.hex, self._laptops.number(version.device),
            )
        )  # fmt: skip
        history.add(Row(seq, change.sheet, record, change.field, value, version))

    def forget(self, change: Change, history: History, database: Database) -> None:
        """Note that a record goes with the one on which it hangs, which was erased here: nothing of it is kept, and
        what comes of it later finds that it is gone.
        """
        record, seq, stamp = change.record.hex(), self._next, database.clock.tick()
        self._next += 1
        own = (stamp, None, stamp, database.actor.hex, database.device)
        self._rows.append((seq, change.sheet, record, GONE, None, *own))
        history.add(Row(seq, change.sheet, record, GONE, None, Version(stamp, self._laptops.id(database.device))))

    def _connect(self, change: Change, history: History, seq: int) -> int | None:
        """Note what it replaces; gives back the one that stood, if it is here."""
        stood: int | None = None
        for version in change.replaces:
            history.formers[seq].add(version)
            row = history.by_version.get(version)
            if row is None:
                self._expected.append((version.device.hex(), version.clock, seq))
            elif stood is None and row.field in (change.field, WHOLE):
                stood = row.seq
            else:
                self._replaced.append((seq, row.seq))
        return stood

    def _kept(self, change: Change, record: str) -> str | None:
        """The value as it lies in the log: that of a sealed record sealed."""
        case = self._enclosures.of(record)
        if case is None or change.value is None or is_token(change.value):
            return change.value
        return self._keys.token(case, change.sheet, record, change.field, change.value)

    def write(self) -> None:
        """Write them all, and what was expected and is here now. The search index follows later."""
        if self._rows:
            search_arrears.note(self._connection, self._first)
        cursor = self._connection.connection.cursor()
        cursor.executemany(_INSERT, self._rows)
        if self._rows and self._origin.signer:
            cursor.execute(_VOUCH, (self._first, self._next - 1, self._origin.signer.hex))
        cursor.executemany("INSERT OR IGNORE INTO replaced(seq, former) VALUES(?, ?)", self._replaced)
        cursor.executemany("INSERT OR IGNORE INTO expected(device, clock, seq) VALUES(?, ?, ?)", self._expected)
        if self._rows and cursor.execute("SELECT 1 FROM expected LIMIT 1").fetchone():
            cursor.execute(
                f"INSERT OR IGNORE INTO replaced(seq, former) SELECT expected.seq, change.seq {_ARRIVED}",
                (self._first,),
            )
            cursor.execute(
                f"DELETE FROM expected WHERE (device, clock) IN (SELECT expected.device, expected.clock {_ARRIVED})",
                (self._first,),
            )
        cursor.close()
