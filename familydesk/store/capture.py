"""Capture: triggers that write every change, with the version it replaces, inside the writer's own transaction.

Triggers and not session events, because those miss bulk, text and cascading writes. A new record is one change that
holds its row; an update is one change for each field that moved. Another program that opens the file, even with the
right key, cannot write: the functions that the triggers call exist only on this program's connections.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from sqlalchemy import Connection

from familydesk.core.record import Record
from familydesk.records import SHEETS

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
    statements = list(definitions())
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


def definitions() -> Iterator[str]:
    """The triggers of every sheet, as SQL."""
    for sheet in SHEETS:
        yield _on_insert(sheet)
        yield _on_update(sheet)
        yield _on_delete(sheet)


def captured(sheet: type[Record]) -> list[str]:
    """The columns whose changes are written down: all but the id."""
    return [column.name for column in sheet.__table__.columns if column.name != "id"]


def _on_insert(sheet: type[Record]) -> str:
    row = ", ".join(f"'{name}', NEW.\"{name}\"" for name in captured(sheet))
    # An empty patch merged with the row leaves the empty fields out (RFC 7396), so the log holds only what was written.
    value = f"json_patch('{{}}', json_object({row}))"
    return (
        f'CREATE TRIGGER "capture_{sheet.sheet()}_insert" AFTER INSERT ON "{sheet.sheet()}" WHEN fd_capture() BEGIN '
        f"{_INSERT} VALUES('{sheet.sheet()}', NEW.id, '{WHOLE}', {value}, fd_clock(), NULL, {_STAMP}); END"
    )


def _on_update(sheet: type[Record]) -> str:
    changes = " ".join(_field_change(sheet.sheet(), name) for name in captured(sheet))
    return (
        f'CREATE TRIGGER "capture_{sheet.sheet()}_update" AFTER UPDATE ON "{sheet.sheet()}" WHEN fd_capture() '
        f"BEGIN {changes} END"
    )


def _field_change(sheet: str, name: str) -> str:
    values = f"'{sheet}', NEW.id, '{name}', json_quote(NEW.\"{name}\"), fd_clock(), {version(name)}, {_STAMP}"
    return f'{_INSERT} SELECT {values} WHERE NEW."{name}" IS NOT OLD."{name}";'


def version(name: str) -> str:
    """SQL for the version a field has now: its own last change, or the row's beginning."""
    own = f"(SELECT max(seq) FROM change WHERE record = NEW.id AND field = '{name}')"
    return f"coalesce({own}, (SELECT max(seq) FROM change WHERE record = NEW.id AND field = '{WHOLE}'))"


def _on_delete(sheet: type[Record]) -> str:
    return (
        f'CREATE TRIGGER "capture_{sheet.sheet()}_delete" AFTER DELETE ON "{sheet.sheet()}" WHEN fd_capture() BEGIN '
        f"{_INSERT} VALUES('{sheet.sheet()}', OLD.id, '{GONE}', NULL, fd_clock(), "
        f"(SELECT max(seq) FROM change WHERE record = OLD.id), {_STAMP}); END"
    )
