"""Applying what other laptops wrote: log, sheets, fronts and conflicts, in the caller's one transaction.

Every change that fits enters the log, however late it comes; what stands is judged afterwards, from all that is known
of the fields concerned. What does not fit yet is parked. Nothing is dropped but changes of a record that was erased
here, for an erasure wins over everything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from familydesk.core import clock
from familydesk.records import BY_NAME, sheet_of
from familydesk.store.capture import WHOLE
from familydesk.store.database import CLOCK, Database
from familydesk.store.overlay import LOADING, Overlay
from familydesk.sync.attempt import attempt
from familydesk.sync.disputes import Disputes
from familydesk.sync.enclosures import Enclosures, enclose_waiting, enclosed
from familydesk.sync.fitting import ERASED, UNFIT, Fitting
from familydesk.sync.histories import load
from familydesk.sync.judging import Judging, write_fronts
from familydesk.sync.laptops import Laptops
from familydesk.sync.log_rows import LogRows
from familydesk.sync.parking import Origin, Parked, Reason, awaited, by_origin, park, take_up
from familydesk.sync.rows import Rows
from familydesk.sync.wire.change import Change

__all__ = ["Applied", "Origin", "apply", "judge_written", "replay_parked", "replayed"]


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of changes. `received` entered the log; `parked` wait for something; `conflicts` were opened."""

    received: int = 0
    conflicts: int = 0
    parked: int = 0
    records: frozenset[tuple[str, str]] = frozenset()
    """Sheets and ids (hex) of the records concerned."""
    begun: frozenset[str] = frozenset()
    """Ids of records whose beginning came."""
    ahead: bool = False
    """Whether a stamp lay more than two days ahead of this laptop's clock."""
    completed: frozenset[tuple[str, str]] = frozenset()
    """Those of which a part was taken up that had entered the log before this program knew its field."""

    @property
    def touched(self) -> frozenset[str]:
        """The sheets of these records."""
        return frozenset(sheet for sheet, _record in self.records)

    def __add__(self, other: Applied) -> Applied:
        return Applied(
            self.received + other.received,
            self.conflicts + other.conflicts,
            self.parked + other.parked,
            self.records | other.records,
            self.begun | other.begun,
            self.ahead or other.ahead,
            self.completed | other.completed,
        )


def apply(database: Database, connection: Connection, origin: Origin, changes: Sequence[Change]) -> Applied:
    """Apply the changes of one envelope. Those that are known already count for nothing.

    `connection` is that of `database.write(whole=True)`. DEVICE must know this laptop's own id under its number.
    """
    batch = _Batch(database, connection, origin, changes)
    applied = batch.apply()
    database.touch(applied.touched)
    return applied


SortOut = Callable[[Connection, Origin, Sequence[Change]], tuple[Sequence[Change], int]]
"""Lays aside what whoever signed it may not write: the rest, and how many were laid aside."""


def all_of_it(_connection: Connection, _origin: Origin, changes: Sequence[Change]) -> tuple[Sequence[Change], int]:
    """Where nobody's rights are known."""
    return changes, 0


def replay_parked(
    database: Database, connection: Connection, begun: Iterable[str] = (), sort_out: SortOut = all_of_it
) -> Applied:
    """Apply what was parked and fits by now. `begun` are records that came since the last time; what waits for a sheet,
    a field or the key of a case is looked through as a whole. `parked` of the answer counts what stays parked, less
    what was taken up.
    """
    done = Applied()
    woken = take_up(connection, (*_BY_PROGRAM, Reason.VALUE), _known_by_now(database, connection))
    woken += take_up(connection, _BY_RECORD, begun)
    while woken:
        found = Applied(parked=-len(woken))
        for origin, changes in by_origin(woken):
            good, aside = sort_out(connection, origin, changes)
            found += Applied(parked=aside) + replayed(database, connection, origin, good)
        done += found
        woken = take_up(connection, _BY_RECORD, found.begun)
    return done


def replayed(database: Database, connection: Connection, origin: Origin, changes: Sequence[Change]) -> Applied:
    """What became of changes that waited: one over which this program fails waits for a newer one, and by itself."""
    done = attempt(connection, lambda: apply(database, connection, origin, changes))
    if done is not None:
        return done
    if len(changes) == 1:
        return Applied(parked=park(connection, [Parked.change(origin, *UNFIT, changes[0])]))
    return sum((replayed(database, connection, origin, [one]) for one in changes), Applied())


_BY_RECORD = (Reason.RECORD, Reason.PARENT)
_BY_PROGRAM = (Reason.SHEET, Reason.FIELD, Reason.CASE)


def _known_by_now(database: Database, connection: Connection) -> set[str]:
    known = {one for one in awaited(connection, *_BY_PROGRAM) if _is_known(database, one)}
    return known | (awaited(connection, Reason.VALUE) - {UNFIT[1]})


def _is_known(database: Database, awaited_one: str) -> bool:
    """A sheet, a field of one (with a dot), or a case whose key is at hand."""
    sheet, _, name = awaited_one.partition(".")
    if sheet in BY_NAME:
        return not name or name in BY_NAME[sheet].__table__.columns
    return database.case_keys.opens(awaited_one)


class _Batch:
    """The changes of one envelope on their way in."""

    def __init__(self, database: Database, connection: Connection, origin: Origin, changes: Sequence[Change]) -> None:
        self._database = database
        self._connection = connection
        self._origin = origin
        self._laptops = Laptops(connection)
        if not self._laptops.id(database.device):
            raise RuntimeError("this laptop has no id of its own yet")
        self._enclosures = Enclosures(connection, database.case_keys)
        records = {change.record.hex() for change in changes}
        self._enclosures.look_up(records)
        self._histories = load(connection, self._laptops, records)
        self._rows = Rows(self._enclosures.all)
        self._log = LogRows(connection, self._laptops, origin, database.case_keys, self._enclosures)
        self._fitting = Fitting(connection, database.case_keys, self._enclosures, self._histories, changes)
        self._changes = changes
        self._fresh: set[str] = set()
        self._completed: set[tuple[str, str]] = set()
        self._touched: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self._parked: list[Parked] = []

    def apply(self) -> Applied:
        ahead = self._receive_clock()
        for change in self._changes:
            self._take(change)
        # What its writer knew stands in the change; the triggers would write down what is known here.
        with Overlay.of(self._connection).mode(LOADING):
            self._log.write()
        judging = Judging(self._histories, self._database.case_keys, self._rows)
        for (sheet, record), names in self._touched.items():
            judging.judge(sheet_of(sheet), record, names)
        self._rows.write(self._connection)
        write_fronts(self._connection, judging.verdicts)
        conflicts = self._disputes().follow(judging.verdicts)
        parked = park(self._connection, self._parked)
        self._enclose_what_waits()
        self._hear()
        records = frozenset(self._rows.written)
        begun, completed = frozenset(self._fresh), frozenset(self._completed)
        return Applied(self._log.count, conflicts, parked, records, begun, ahead, completed)

    def _take(self, change: Change) -> None:
        """One change: into the log, aside, or nowhere if it is known."""
        record = change.record.hex()
        history = self._histories[record]
        fitted = self._fitting.fit(change)
        if fitted is ERASED:
            if not history.gone:
                self._log.forget(change, history, self._database)
            return
        if isinstance(fitted, tuple):
            self._lay_aside(change, *fitted)
            return
        if (known := history.by_version.get(change.version)) is not None:
            if known.field != change.field:
                # A part of a beginning whose field this program did not know when it came.
                self._touched[change.sheet, record].add(change.field)
                self._completed.add((change.sheet, record))
            return
        self._parked += [Parked.change(self._origin, *one) for one in fitted.unknown]
        begun = history.begun
        self._log.add(change, history)
        if change.field == WHOLE and not begun:
            self._fresh.add(record)
            self._rows.begin(change.sheet, record, fitted.whole)
        else:
            self._touched[change.sheet, record] |= fitted.names

    def _lay_aside(self, change: Change, reason: Reason, waits_for: str) -> None:
        """Of a restricted case nothing lies in the open, not even while it waits."""
        if reason is Reason.CASE:
            change = enclosed(self._database.case_keys, waits_for, change)
        self._parked.append(Parked.change(self._origin, reason, waits_for, change))

    def _disputes(self) -> Disputes:
        doubtful = self._laptops.doubtful() | ({self._origin.device} if self._origin.doubtful else set())
        return Disputes(self._connection, self._histories, self._database.case_keys, self._laptops.is_own, doubtful)

    def _enclose_what_waits(self) -> None:
        """What had waited for records that now wait for the key of a case waits for it too."""
        closed: defaultdict[str, set[str]] = defaultdict(set)
        for one in self._parked:
            if one.reason is Reason.CASE and one.record:
                closed[one.waits_for].add(one.record)
        for case, records in closed.items():
            enclose_waiting(self._connection, self._database.case_keys, case, records)

    def _receive_clock(self) -> bool:
        """Go on after the newest stamp, and note it in this transaction; whether it lay too far ahead."""
        newest = max((change.version.clock for change in self._changes), default=0)
        followed = self._database.clock.receive(newest)
        self._connection.exec_driver_sql(
            "INSERT OR REPLACE INTO meta(key, value) VALUES(?, ?)", (CLOCK, str(self._database.clock.last))
        )
        return not followed

    def _hear(self) -> None:
        self._connection.exec_driver_sql(
            "UPDATE device SET heard = ?, wall = ? WHERE device = ?",
            (clock.now().isoformat(), self._origin.wall or None, self._origin.device.hex()),
        )


def judge_written(database: Database, connection: Connection, places: Iterable[tuple[str, str, str]]) -> None:
    """Judge fields of several versions that were written here (sheet, record, field), at the end of that write."""
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for sheet, record, name in places:
        found[sheet, record].add(name)
    laptops, enclosures = Laptops(connection), Enclosures(connection, database.case_keys)
    enclosures.look_up(record for _sheet, record in found)
    histories = load(connection, laptops, [record for _sheet, record in found])
    rows = Rows(enclosures.all)
    judging = Judging(histories, database.case_keys, rows)
    for (sheet, record), names in found.items():
        judging.judge(sheet_of(sheet), record, names)
    rows.write(connection)
    write_fronts(connection, judging.verdicts)
    Disputes(connection, histories, database.case_keys, laptops.is_own, laptops.doubtful()).follow(judging.verdicts)
