"""Capture: triggers that write every change, with the version it replaces, inside the writer's own transaction.

Triggers and not session events, because those miss bulk, text and cascading writes. A new record is one change that
holds its row; an update is one change for each field that moved. Another program that opens the file, even with the
right key, cannot write: the functions that the triggers call exist only on this program's connections.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from familydesk.core.record import Record
from familydesk.records import SHEETS
from familydesk.store import front

WHOLE = ""
"""The `field` of a change that holds a whole new row."""
GONE = "*"
"""The `field` of a change that took a row away (erasure only; an archived record is an ordinary change)."""

_INSERT = "INSERT INTO change(sheet, record, field, value, clock, replaces, txn, actor, device, salt)"
_STAMP = "fd_transaction(), fd_actor(), fd_device(), randomblob(16)"


def install(connection: Connection) -> None:
    """Make the triggers what the sheets say, if they are not already.

    Cheap when nothing changed: one hash is compared.
    """
    statements = [*definitions(), *front.definitions()]
    fingerprint = hashlib.blake2b("\n".join(statements).encode(), digest_size=16).hexdigest()
    known = connection.exec_driver_sql("SELECT value FROM meta WHERE key = 'triggers'").scalar()
    if known == fingerprint and _standing(connection) == len(statements):
        return
    for (name,) in connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type='trigger' AND name LIKE 'capture_%'"
    ).all():
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    for statement in statements:
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql("INSERT OR REPLACE INTO meta(key, value) VALUES('triggers', ?)", (fingerprint,))


def _standing(connection: Connection) -> int:
    count = connection.exec_driver_sql(
        "SELECT count(*) FROM sqlite_master WHERE type='trigger' AND name LIKE 'capture_%'"
    )
    return int(count.scalar_one())


@dataclass(frozen=True, slots=True)
class Place:
    """On which tables the triggers stand, when they write, and in which form a value enters the log."""

    create: str = "CREATE TRIGGER"
    prefix: str = ""
    when: str = "fd_capture()"
    value: str = "{value}"

    def begin(self, event: str, sheet: str) -> str:
        """The head of the trigger for INSERT, UPDATE or DELETE on a sheet's table."""
        name = f'"{self.prefix}capture_{sheet}_{event.lower()}"'
        return f'{self.create} {name} AFTER {event} ON "{self.prefix}{sheet}" WHEN {self.when}'

    def written(self, sheet: str, field: str, value: str) -> str:
        """The SQL of a value as it stands in the log."""
        return self.value.format(sheet=sheet, field=field, value=value)


SHEETS_THEMSELVES = Place()


def definitions(place: Place = SHEETS_THEMSELVES, sheets: Iterable[type[Record]] = SHEETS) -> Iterator[str]:
    """The triggers of these sheets, as SQL."""
    for sheet in sheets:
        yield _on_insert(sheet, place)
        yield _on_update(sheet, place)
        yield _on_delete(sheet, place)


def captured(sheet: type[Record]) -> list[str]:
    """The columns whose changes are written down: all but the id."""
    return [column.name for column in sheet.__table__.columns if column.name != "id"]


def _on_insert(sheet: type[Record], place: Place) -> str:
    row = ", ".join(f"'{name}', NEW.\"{name}\"" for name in captured(sheet))
    # An empty patch merged with the row leaves the empty fields out (RFC 7396), so the log holds only what was written.
    value = place.written(sheet.sheet(), WHOLE, f"json_patch('{{}}', json_object({row}))")
    return (
        f"{place.begin('INSERT', sheet.sheet())} BEGIN "
        f"{_INSERT} VALUES('{sheet.sheet()}', NEW.id, '{WHOLE}', {value}, fd_clock(), NULL, {_STAMP}); END"
    )


def _on_update(sheet: type[Record], place: Place) -> str:
    changes = " ".join(_field_change(sheet.sheet(), name, place) for name in captured(sheet))
    return f"{place.begin('UPDATE', sheet.sheet())} BEGIN {changes} END"


def _field_change(sheet: str, name: str, place: Place) -> str:
    value = place.written(sheet, name, f'json_quote(NEW."{name}")')
    values = f"'{sheet}', NEW.id, '{name}', {value}, fd_clock(), {version(name)}, {_STAMP}"
    return f'{_INSERT} SELECT {values} WHERE NEW."{name}" IS NOT OLD."{name}";'


def version(name: str) -> str:
    """SQL for the version a field has now: what stands of several, its own last change, or the row's beginning."""
    several = f"(SELECT seq FROM front WHERE record = NEW.id AND field = '{name}' AND stands = 1)"
    own = f"(SELECT max(seq) FROM change WHERE record = NEW.id AND field = '{name}')"
    return f"coalesce({several}, {own}, (SELECT max(seq) FROM change WHERE record = NEW.id AND field = '{WHOLE}'))"


def _on_delete(sheet: type[Record], place: Place) -> str:
    return (
        f"{place.begin('DELETE', sheet.sheet())} BEGIN "
        f"{_INSERT} VALUES('{sheet.sheet()}', OLD.id, '{GONE}', NULL, fd_clock(), "
        f"(SELECT max(seq) FROM change WHERE record = OLD.id), {_STAMP}); END"
    )
