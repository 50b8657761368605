"""What is taken out of the journal and the change log, or put there in another form, so that the chain goes on holding.

Each verb gives back what the event that tells of it has to name: see `rewriting`, which checks it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from familydesk.store.journal import CHANGE_COLUMNS, EMPTIED, PROVING, holding, proving


def empty_changes(connection: Connection, seqs: Iterable[int]) -> list[list[int]]:
    """Leave of these changes nothing but their digests; gives back the ranges for the event that says so."""

    def empty(seq: int) -> None:
        connection.exec_driver_sql(
            "UPDATE change SET sheet = '', record = '', field = ?, value = NULL, replaces = NULL, txn = 0, "
            "actor = NULL, salt = NULL, proved = ? WHERE seq = ?",
            (EMPTIED, proving(_change(connection, seq)).hex(), seq),
        )

    return _each(sorted(seqs), empty)


def replace_change(connection: Connection, seq: int, value: str | None) -> str:
    """Let a change hold its value in another form (sealed, or opened again); gives back the digest it has now, for the
    event that says so.
    """
    before = proving(_change(connection, seq)).hex()
    connection.exec_driver_sql("UPDATE change SET value = ?, proved = ? WHERE seq = ?", (value, before, seq))
    now = holding(_change(connection, seq)).hex()
    if now == before:
        connection.exec_driver_sql("UPDATE change SET proved = NULL WHERE seq = ?", (seq,))
    return now


def _change(connection: Connection, seq: int) -> Sequence[Any]:
    return connection.exec_driver_sql(f"SELECT {CHANGE_COLUMNS} FROM change WHERE seq = ?", (seq,)).one()


def empty_words(connection: Connection, device: int, seqs: Iterable[int]) -> list[list[int]]:
    """Take the free words out of these events, but not out of those that the check needs; gives back the ranges."""
    marks = ", ".join("?" * len(PROVING))

    def empty(seq: int) -> None:
        connection.exec_driver_sql(
            "UPDATE journal SET reason = '', recipient = '', detail = '', salt = NULL "
            f"WHERE device = ? AND seq = ? AND deed NOT IN ({marks})",
            (device, seq, *PROVING),
        )

    return _each(sorted(seqs), empty)


def _each(seqs: Iterable[int], empty: Callable[[int], None]) -> list[list[int]]:
    """Do it to every one; gives back the numbers as ranges."""
    ranges: list[list[int]] = []
    for seq in seqs:
        empty(seq)
        if ranges and ranges[-1][1] == seq - 1:
            ranges[-1][1] = seq
        else:
            ranges.append([seq, seq])
    return ranges
