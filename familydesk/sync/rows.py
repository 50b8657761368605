"""The rows of sheets, written past the log: what stands of what was merged, and the records of restricted cases sealed.

Set-wise and without the ORM: a first exchange brings tens of thousands of them.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection

from familydesk.records import sheet_of
from familydesk.store.front import ARCHIVED
from familydesk.store.overlay import OF_CASE, PREFIX, SEALING, Overlay
from familydesk.sync.merge import Value
from familydesk.sync.values import checks


class Rows:
    """Rows that wait to be written together. `sealed` names the open restricted case of a record that has one."""

    def __init__(self, sealed: dict[str, str]) -> None:
        self._sealed = sealed
        self._fresh: dict[tuple[str, str], dict[str, Value]] = {}
        self._changed: defaultdict[tuple[str, str], dict[str, Value]] = defaultdict(dict)

    def begin(self, sheet: str, record: str, whole: dict[str, Value]) -> None:
        """A new record."""
        self._fresh[sheet, record] = dict.fromkeys(checks(sheet_of(sheet))) | {ARCHIVED: 0} | whole

    def put(self, sheet: str, record: str, name: str, value: Value) -> None:
        """What stands in a field."""
        if (sheet, record) in self._fresh:
            self._fresh[sheet, record][name] = value
        else:
            self._changed[sheet, record][name] = value

    @property
    def written(self) -> set[tuple[str, str]]:
        """Sheets and ids of all records in question."""
        return {*self._fresh, *self._changed}

    def write(self, connection: Connection) -> None:
        """Write them all; the triggers write nothing down meanwhile, but seal what is to be sealed."""
        overlay = Overlay.of(connection)
        cursor = connection.connection.cursor()
        try:
            with overlay.mode(SEALING):
                self._insert(cursor)
                self._update(cursor)
        finally:
            cursor.close()

    def _insert(self, cursor: Any) -> None:
        by_table: defaultdict[tuple[str, bool], list[tuple[Value, ...]]] = defaultdict(list)
        for (sheet, record), row in self._fresh.items():
            case = self._sealed.get(record)
            by_table[sheet, case is not None].append((record, *row.values(), *([case] if case else [])))
        for (sheet, is_sealed), rows in by_table.items():
            names = ["id", *checks(sheet_of(sheet)), *([OF_CASE] if is_sealed else [])]
            columns = ", ".join(f'"{name}"' for name in names)
            marks = ", ".join("?" * len(names))
            cursor.executemany(f"INSERT INTO {_table(sheet, is_sealed)}({columns}) VALUES({marks})", rows)

    def _update(self, cursor: Any) -> None:
        """One statement a record, for each is looked up anew, and fields of one record are often edited together."""
        by_columns: defaultdict[tuple[str, tuple[str, ...], bool], list[tuple[Value, ...]]] = defaultdict(list)
        for (sheet, record), row in self._changed.items():
            by_columns[sheet, tuple(row), record in self._sealed].append((*row.values(), record))
        for (sheet, names, is_sealed), rows in by_columns.items():
            values = ", ".join(f'"{name}" = ?{number}' for number, name in enumerate(names, 1))
            others = " OR ".join(f'"{name}" IS NOT ?{number}' for number, name in enumerate(names, 1))
            where = f"id = ?{len(names) + 1} AND ({others})"
            cursor.executemany(f"UPDATE {_table(sheet, is_sealed)} SET {values} WHERE {where}", rows)


def _table(sheet: str, is_sealed: bool) -> str:
    # Named with its schema: where the overlay stands, the bare name is a view.
    return f'temp."{PREFIX}{sheet}"' if is_sealed else f'main."{sheet}"'
