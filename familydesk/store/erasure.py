"""Erasing: everything that a reach names leaves the file, and what proves the journal stays without content.

One transaction, so that a program killed meanwhile has erased everything or nothing. What remains of a change is its
digest (`store/taking_out.py`); the deletion itself is one more change, which says that a row went and nothing of it.
`secure_delete` overwrites what is deleted, but a page that was rearranged earlier may hold a stale copy of a row (one
in some thousands did, measured). So the transaction also leaves a note that the file is to be written anew, and
`Database.rewrite` does that right after it, or at the next opening if the program was killed between the two.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from familydesk.store import front, search_index, taking_out
from familydesk.store.capture import GONE, WHOLE
from familydesk.store.database import REWRITE
from familydesk.store.former_texts import Former, Tells
from familydesk.store.journal import REWRITING, Deed
from familydesk.store.reach import Ids, Reach, batches

HELD_BY: dict[str, tuple[str, ...]] = {
    "draft": ("record",),
    "conflict": ("record",),
    "attachment_content": ("attachment",),
    "attachment_chunk": ("attachment",),
    "restricted_case": ("case_id",),
    "case_key": ("case_id",),
    "sealed_record": ("record", "case_id"),
    "kept_apart": ("case_id", "one", "other"),
    "broken_glass": ("case_id",),
    "freed_case_key": ("case_id",),
    "front": ("record",),
    "parked": ("record", "waits_for"),
}
"""The store's own tables whose rows belong to a record: by which columns they are taken with it."""

KEPT: dict[str, str] = {
    "meta": "facts of the file",
    "change": "emptied, so that the journal can still be proved",
    "journal": "the chain; its free words about what is erased are taken out",
    "counter": "numbers are never given twice",
    "statement": "colleagues, not people of the register",
    "device": "laptops, not people",
    "peer": "hubs and folders that were met",
    "envelope": "sealed; what is erased is in none that is made later",
    "letter": "sealed; of one about what is erased the content is taken out (`sync/letter_box`)",
    "neighbour": "other centers, not people",
    "base": "laptops, and how far their work is here",
    "stream_key": "keys, wrapped",
    "key_bundle": "the same, as they travel",
    "replaced": "numbers of changes alone",
    "vouched": "numbers of changes, and a colleague",
    "expected": "versions that have not come: a laptop and a moment",
    "case_word": "colleagues, keys and numbers of cases, sealed",
    "glass_seen": "who acknowledged a notice that is gone: a colleague and a moment",
}
"""The store's own tables that an erasure does not delete from, and why. A house test asks for every new table."""

_COUNTING = frozenset({Deed.UNLOCKED.name, Deed.LOCKED.name, Deed.VIEWED.name, Deed.SEARCHED.name})
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Erased:
    """What was done: rows by sheet; the ranges of changes and journal events of which only digests remain; and the
    digests of those that were left without the erased fields.
    """

    rows: dict[str, int]
    changes: list[list[int]]
    events: list[list[int]]
    replaced: dict[str, str]
    staying: tuple[int, ...] = ()
    """Of the emptied changes those of records that stay."""
    dropped: dict[int, list[str]] = field(default_factory=dict)
    """Of the beginnings of records that stay: the fields that they lost."""

    def detail(self) -> dict[str, object]:
        """What the journal has to say of it, so that what is left can still be proved."""
        ranges = {"changes": self.changes, "events": self.events, "replaced": self.replaced}
        return {"records": sum(self.rows.values()), **ranges}


def erase(connection: Connection, reach: Reach, device: int, tells: Tells, replaced_texts: Former) -> Erased:
    """Take out all that the reach names, the free words of the journal that tell of it, and replaced versions of texts.

    Inside the caller's transaction; she appends the event that tells of it.
    """
    gone = {id for ids in reach.going.values() for id in ids}
    emptied, shortened = _changes_of(connection, reach, gone)
    emptied |= replaced_texts.changes
    _shorten(connection, replaced_texts, shortened)
    staying, dropped = _of_staying(connection, emptied, gone), _dropped(connection, shortened)
    for sheet, ids in reach.going.items():
        _delete(connection, sheet, ids)
    for (sheet, id), names in reach.emptied.items():
        _empty(connection, sheet, id, names)
    _forget_conflicts(connection, reach, gone)
    _forget_merges(connection, gone)
    for name, columns in HELD_BY.items():
        for column in columns:
            _delete_held(connection, name, column, gone)
    front.bridge(connection, emptied)
    changed = taking_out.empty_changes(connection, emptied)
    replaced = {str(seq): taking_out.replace_change(connection, seq, value) for seq, value in shortened.items()}
    spoken = taking_out.empty_words(connection, device, _events_of(connection, device, gone, tells))
    connection.exec_driver_sql("INSERT OR REPLACE INTO meta(key, value) VALUES(?, '1')", (REWRITE,))
    rows = {sheet: len(ids) for sheet, ids in reach.going.items() if ids}
    return Erased(rows, changed, spoken, replaced, staying, dropped)


def _delete(connection: Connection, sheet: str, ids: Ids) -> None:
    for id in ids:
        search_index.remove(connection, sheet, UUID(id))
    for batch in batches(ids):
        marks = ", ".join("?" for _id in batch)
        connection.exec_driver_sql(f'DELETE FROM "{sheet}" WHERE id IN ({marks})', tuple(batch))


def _empty(connection: Connection, sheet: str, id: str, names: Iterable[str]) -> None:
    cleared = ", ".join(f'"{name}" = NULL' for name in sorted(names))
    connection.exec_driver_sql(f'UPDATE "{sheet}" SET {cleared} WHERE id = ?', (id,))


def _delete_held(connection: Connection, table: str, column: str, gone: Ids) -> None:
    for batch in batches(gone):
        marks = ", ".join("?" for _id in batch)
        connection.exec_driver_sql(f'DELETE FROM "{table}" WHERE "{column}" IN ({marks})', tuple(batch))


# The change log


Log = tuple[set[int], dict[int, str]]
"""Changes to be emptied, and the beginnings of records that stay, without what is erased from them."""


def _changes_of(connection: Connection, reach: Reach, gone: Ids) -> Log:
    """Changes that hold anything of what goes: all of its own, and those of the fields that pointed to it."""
    emptied: set[int] = set()
    for batch in batches(gone):
        marks = ", ".join("?" for _id in batch)
        query = f"SELECT seq FROM change WHERE record IN ({marks}) AND field != '{GONE}'"
        emptied.update(row[0] for row in connection.exec_driver_sql(query, tuple(batch)))
    shortened: dict[int, str] = {}
    for seq, record, name, value in (*_of_emptied(connection, reach), *_of_merges(connection, gone)):
        if seq in emptied:
            continue
        if name != WHOLE:
            emptied.add(seq)
        elif (left := _without(shortened.get(seq, value), reach.emptied_of(record), gone)) != value:
            shortened[seq] = left
    return emptied, shortened


def _of_staying(connection: Connection, emptied: Iterable[int], gone: Ids) -> tuple[int, ...]:
    query = (
        "SELECT seq FROM change WHERE seq IN (SELECT value FROM json_each(?)) "
        "AND record NOT IN (SELECT value FROM json_each(?)) ORDER BY seq"
    )
    given = json.dumps(sorted(emptied)), json.dumps(sorted(gone))
    return tuple(connection.exec_driver_sql(query, given).scalars())


def _dropped(connection: Connection, shortened: dict[int, str]) -> dict[int, list[str]]:
    """The fields that beginnings lose, by the number of the change."""
    query = "SELECT seq, value FROM change WHERE seq IN (SELECT value FROM json_each(?))"
    rows = connection.exec_driver_sql(query, (json.dumps(sorted(shortened)),))
    return {seq: sorted(json.loads(value or "{}").keys() - json.loads(shortened[seq]).keys()) for seq, value in rows}


def _without(row: str, names: set[str], gone: Ids) -> str:
    """A new row as the log holds it, without these fields and without what points to what goes."""
    held: dict[str, Any] = json.loads(row or "{}")
    left = {name: value for name, value in held.items() if name not in names and value not in gone}
    return row if left == held else json.dumps(left, ensure_ascii=False, separators=(",", ":"))


def _shorten(connection: Connection, texts: Former, shortened: dict[int, str]) -> None:
    """Take replaced texts out of the beginnings of records that stay."""
    for seq, names in texts.beginnings.items():
        query = "SELECT value FROM change WHERE seq = ?"
        row = shortened.get(seq) or connection.exec_driver_sql(query, (seq,)).scalar_one()
        shortened[seq] = _without(row, names, set())


def _of_emptied(connection: Connection, reach: Reach) -> Iterator[Any]:
    """Of records that stay: the changes of their emptied fields, and their beginnings."""
    for (_sheet, id), names in reach.emptied.items():
        fields = ", ".join("?" for _name in names)
        query = f"SELECT seq, record, field, value FROM change WHERE record = ? AND field IN ('{WHOLE}', {fields})"
        yield from connection.exec_driver_sql(query, (id, *names))


def _of_merges(connection: Connection, gone: Ids) -> Iterator[Any]:
    """Of other people's merges: what was written down to undo them, if it tells of what goes."""
    query = (
        "SELECT seq, record, field, value FROM change "
        "WHERE record IN (SELECT id FROM possible_duplicate) AND field = 'merge_log'"
    )
    for change in connection.exec_driver_sql(query):
        if gone & set(_ID.findall(change[3] or "")):
            yield change


# What else speaks of it


def _forget_conflicts(connection: Connection, reach: Reach, gone: Ids) -> None:
    """Conflicts of emptied fields, and those in which one of the values points to what goes."""
    for (_sheet, id), names in reach.emptied.items():
        for name in names:
            connection.exec_driver_sql("DELETE FROM conflict WHERE record = ? AND field = ?", (id, name))
    query = "SELECT id, coalesce(before, '') || coalesce(mine, '') || coalesce(theirs, '') FROM conflict"
    for id, text in connection.exec_driver_sql(query).all():
        if gone & set(_ID.findall(text)):
            connection.exec_driver_sql("DELETE FROM conflict WHERE id = ?", (id,))


def _forget_merges(connection: Connection, gone: Ids) -> None:
    """The steps of other people's merges that touched what goes: undoing such a merge passes over them."""
    query = "SELECT id, merge_log FROM possible_duplicate WHERE merge_log IS NOT NULL"
    for id, log in connection.exec_driver_sql(query).all():
        if not gone & set(_ID.findall(log)):
            continue
        left = [step for step in json.loads(log) if not gone & set(_ID.findall(json.dumps(step)))]
        kept = json.dumps(left, ensure_ascii=False)
        connection.exec_driver_sql("UPDATE possible_duplicate SET merge_log = ? WHERE id = ?", (kept, id))


def _events_of(connection: Connection, device: int, gone: Ids, tells: Tells) -> set[int]:
    """Events of this device whose free words tell of what goes."""
    # Those that carry the ranges which prove what was changed before, and those that hold counts and ids alone.
    passed_over = ", ".join(f"'{name}'" for name in sorted(REWRITING | _COUNTING))
    query = (
        "SELECT seq, record, case_id, reason || ' ' || recipient || ' ' || detail FROM journal WHERE device = ? "
        f"AND (reason != '' OR recipient != '' OR detail != '') AND deed NOT IN ({passed_over})"
    )
    rows = connection.exec_driver_sql(query, (device,))
    return {seq for seq, record, case, text in rows if {record, case} & gone or tells(text)}
