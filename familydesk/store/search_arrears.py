"""How far the search index lags behind what came from other laptops.

A first meeting brings tens of thousands of records, and to index them takes as long as to apply them. So what is
applied leaves a note, in the same transaction, from which change on the index knows nothing; the index follows after
the meeting or before the next question, a portion in a transaction. A program that is killed between the two finds the
note at its next question. What is written at this desk is never in arrears: it is indexed as it is saved.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection

_FIRST = "unindexed"
"""The fact of the file that says from which change on nothing of other laptops is indexed; gone when all of it is."""


class Portion(NamedTuple):
    """Records (sheet, id in hex) of some changes in arrears, and the change at which the next portion begins; None
    behind the last.
    """

    records: frozenset[tuple[str, str]]
    following: int | None


def note(connection: Connection, first: int) -> None:
    """What stands in the log from this change on has to be indexed. An older note stays."""
    connection.exec_driver_sql("INSERT OR IGNORE INTO meta(key, value) VALUES(?, ?)", (_FIRST, str(first)))


def first(connection: Connection) -> int | None:
    """From which change on; None where the index knows everything."""
    found = connection.exec_driver_sql("SELECT value FROM meta WHERE key = ?", (_FIRST,)).scalar()
    return int(found) if found is not None else None


def portion(connection: Connection, first: int, most: int) -> Portion:
    """The records of the next `most` changes, those that were erased meanwhile left out."""
    query = "SELECT seq, sheet, record FROM change WHERE seq >= ? ORDER BY seq LIMIT ?"
    rows = connection.exec_driver_sql(query, (first, most)).all()
    records = frozenset((sheet, record) for _seq, sheet, record in rows if record)
    return Portion(records, rows[-1][0] + 1 if len(rows) == most else None)


def go_on(connection: Connection, following: int | None) -> None:
    """Everything before this change is indexed; everything, if there is none."""
    if following is None:
        connection.exec_driver_sql("DELETE FROM meta WHERE key = ?", (_FIRST,))
    else:
        connection.exec_driver_sql("UPDATE meta SET value = ? WHERE key = ?", (str(following), _FIRST))
