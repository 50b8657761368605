"""The fronts of fields that were written on several laptops: how a local edit takes its place in them.

A trigger on the change log itself, so that no way of writing goes past it. It stands still unless the field has a row
in FRONT, which few have. What an edit replaces besides the version that stood is noted in REPLACED: versions that held
the same value, for whoever saw one has seen all; the versions of every other field, when a record is put away; and the
putting away, when a record that was put away is written all the same. The last two replace nothing: they say what the
writer knew, so that elsewhere an edit is told from one that knew nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, select

from familydesk.store.tables import CHANGE

ARCHIVED = "archived"
STANDS, SAME, CONFLICT = 1, 2, 0
"""What a row of FRONT says of its change."""

_OF_FIELD = "record = NEW.record AND field = NEW.field"
_AWAY = "(value = '1' OR value LIKE '\"fdr1:%')"
"""Put away; of a sealed record that cannot be told from brought back, and does no harm."""


def definitions() -> Iterator[str]:
    """The triggers, as SQL. What seldom holds is asked first: they stand in the way of every save."""
    yield (
        "CREATE TRIGGER capture_front AFTER INSERT ON change WHEN NEW.field NOT IN ('', '*') "
        f"AND EXISTS (SELECT 1 FROM front WHERE {_OF_FIELD}) AND fd_capture() BEGIN "
        f"INSERT INTO replaced SELECT NEW.seq, seq FROM front WHERE {_OF_FIELD} AND stands = {SAME}; "
        f"DELETE FROM front WHERE {_OF_FIELD} AND stands != {CONFLICT}; "
        f"INSERT INTO front SELECT NEW.record, NEW.field, NEW.seq, {STANDS} "
        f"WHERE EXISTS (SELECT 1 FROM front WHERE {_OF_FIELD}); END"
    )
    newest = (
        "SELECT max(seq) AS seq FROM change WHERE record = NEW.record "
        f"AND field NOT IN ('', '*', '{ARCHIVED}') GROUP BY field"
    )
    yield (
        f"CREATE TRIGGER capture_put_away AFTER INSERT ON change WHEN NEW.field = '{ARCHIVED}' "
        f"AND {_AWAY.replace('value', 'NEW.value')} AND fd_capture() BEGIN "
        f"INSERT OR IGNORE INTO replaced SELECT NEW.seq, seq FROM ({newest} "
        f"UNION SELECT seq FROM front WHERE record = NEW.record AND field != '{ARCHIVED}'); END"
    )
    of_record = f"record = NEW.record AND field = '{ARCHIVED}'"
    stands = (
        f"coalesce((SELECT seq FROM front WHERE {of_record} AND stands = {STANDS}), "
        f"(SELECT max(seq) FROM change WHERE {of_record}))"
    )
    yield (
        f"CREATE TRIGGER capture_written_away AFTER INSERT ON change WHEN NEW.field NOT IN ('', '*', '{ARCHIVED}') "
        f"AND EXISTS (SELECT 1 FROM change WHERE {of_record}) AND fd_capture() BEGIN INSERT OR IGNORE INTO replaced "
        f"SELECT NEW.seq, seq FROM change WHERE seq = {stands} AND field = '{ARCHIVED}' AND {_AWAY}; END"
    )


def bridge(connection: Connection, erased: Iterable[int]) -> None:
    """Before changes lose their content: what followed one of them replaces what that one had replaced, and a value
    that is gone is nobody's conflict.
    """
    for seq in sorted(erased):
        connection.exec_driver_sql(_BRIDGE, (seq,))
        connection.exec_driver_sql("DELETE FROM conflict WHERE loser = ?", (seq,))
        connection.exec_driver_sql("DELETE FROM front WHERE seq = ?", (seq,))


_BRIDGE = (
    "INSERT OR IGNORE INTO replaced(seq, former) SELECT later.seq, former.seq FROM "
    "(SELECT later.seq FROM change AS gone JOIN change AS later ON later.record = gone.record "
    "AND later.field = gone.field AND later.replaces = gone.seq WHERE gone.seq = ?1 "
    "UNION SELECT seq FROM replaced WHERE former = ?1) AS later, "
    "(SELECT replaces AS seq FROM change WHERE seq = ?1 AND replaces IS NOT NULL "
    "UNION SELECT former FROM replaced WHERE seq = ?1) AS former"
)


Stamp = tuple[int, int]
"""A version in this store's own words: the number of the laptop in DEVICE, and the clock."""


def standing(connection: Connection, record: str) -> dict[str, int]:
    """By field: the change that stands, of the record's fields whose newest change is not all there is to know."""
    query = "SELECT field, seq FROM front WHERE record = ? AND stands = 1"
    return {field: seq for field, seq in connection.exec_driver_sql(query, (record,))}


def written(connection: Connection, transaction: int) -> list[tuple[str, str, str]]:
    """Fields of several versions (sheet, record, field) of the records that a transaction wrote: to be judged anew."""
    if not connection.exec_driver_sql("SELECT 1 FROM front LIMIT 1").first():
        return []
    query = (
        "SELECT DISTINCT change.sheet, front.record, front.field FROM change JOIN front "
        "ON front.record = change.record WHERE change.txn = ? AND change.sheet != ''"
    )
    return [(sheet, record, field) for sheet, record, field in connection.exec_driver_sql(query, (transaction,))]


def change(connection: Connection, seq: int) -> Any:
    """One row of the change log; None if there is none of that number."""
    return connection.execute(select(CHANGE).where(CHANGE.c.seq == seq)).one_or_none()


def confirm(connection: Connection, standing: int, field: str, value: str) -> int:
    """Write down that what stands in a field shall stand, with its value in the log's form; gives back the number.

    It is no change of the row, so that no trigger of a sheet would write it.
    """
    written = connection.exec_driver_sql(
        "INSERT INTO change(sheet, record, field, value, clock, replaces, txn, actor, device, salt) "
        "SELECT sheet, record, ?, ?, fd_clock(), seq, fd_transaction(), fd_actor(), fd_device(), randomblob(16) "
        "FROM change WHERE seq = ?",
        (field, value, standing),
    )
    return int(written.lastrowid)


def beside(connection: Connection, other: int, value: str) -> None:
    """Write down another value, in the log's form, that replaces the same as change `other` and not that one: as
    somebody would have written it who did not know of it. What then stands has to be judged.
    """
    connection.exec_driver_sql(
        "INSERT INTO change(sheet, record, field, value, clock, replaces, txn, actor, device, salt) "
        "SELECT sheet, record, field, ?, fd_clock(), replaces, fd_transaction(), fd_actor(), fd_device(), "
        "randomblob(16) FROM change WHERE seq = ?",
        (value, other),
    )


def settle(connection: Connection, record: str, field: str, change: int) -> None:
    """Let a change put an end to every open conflict of its field: it replaces them all."""
    connection.exec_driver_sql(
        "INSERT OR IGNORE INTO replaced SELECT ?, seq FROM front WHERE record = ? AND field = ? AND seq != ?",
        (change, record, field, change),
    )


def stamps(connection: Connection, changes: Iterable[int]) -> dict[int, list[Stamp]]:
    """What each of these changes replaces, the version that stood first: as it travels."""
    found: dict[int, list[Stamp]] = {}
    for batch in _batches(list(changes)):
        marks = ", ".join("?" * len(batch))
        query = (
            "SELECT one.seq, former.device, former.clock, 0 AS rank FROM change AS one "
            f"JOIN change AS former ON former.seq = one.replaces WHERE one.seq IN ({marks}) "
            "UNION ALL SELECT replaced.seq, former.device, former.clock, 1 FROM replaced "
            f"JOIN change AS former ON former.seq = replaced.former WHERE replaced.seq IN ({marks}) "
            "ORDER BY rank, 2, 3"
        )
        for seq, device, clock, _rank in connection.exec_driver_sql(query, (*batch, *batch)):
            found.setdefault(seq, []).append((device, clock))
    return found


def _batches(seqs: Sequence[int]) -> Iterator[tuple[int, ...]]:
    for start in range(0, len(seqs), 500):
        yield tuple(seqs[start : start + 500])
