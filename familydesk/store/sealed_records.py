"""Moving the records of a case into their seals and out again, each in the caller's one transaction.

Sealed in, a record leaves its sheet, and what the change log and the conflicts hold of it is sealed where it stands.
The journal's chain goes on proving the log: each change keeps the digest it had, and the event that tells of the move
names the digest it has now. `secure_delete` overwrites what stood there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Connection, Table, delete, select, update

from familydesk.core.errors import Weather
from familydesk.core.i18n import N_
from familydesk.core.record import Record
from familydesk.records import sheet_of
from familydesk.store.case_keys import CaseKeys, is_token
from familydesk.store.journal import EMPTIED
from familydesk.store.overlay import LOADING, NEXT_EPOCH, OF_CASE, PREFIX, SEALABLE, SEALING, TABLES, Overlay, columns
from familydesk.store.tables import ATTACHMENT_CONTENT, CHANGE, CONFLICT, SEALED_RECORD
from familydesk.store.taking_out import replace_change

CONTENT_KEY = "key"
"""The `field` under which the key of an attachment's content is sealed."""

Place = tuple[str, str]
"""A sheet's name and a record's id (hex)."""
Replaced = dict[str, str]
"""By the number of a change, as text: the digest it has since its value stands there in another form."""
_Form = Callable[[str, str, str, str], str]
"""Of a sheet, a record, a field and a text: the text in its new form."""


def in_the_open(connection: Connection, case: str) -> list[Place]:
    """The records of a case that lie on their sheets."""
    return [
        (sheet.sheet(), id_)
        for sheet in SEALABLE
        for (id_,) in connection.exec_driver_sql(
            f'SELECT id FROM main."{sheet.sheet()}" WHERE {_leads_to_case(sheet)}', (case,)
        )
    ]


def sealed(connection: Connection, case: str) -> list[Place]:
    """The records of a case that lie sealed, whether or not they open here."""
    query = select(SEALED_RECORD.c.sheet, SEALED_RECORD.c.record).where(SEALED_RECORD.c.case_id == case)
    return [(sheet, record) for sheet, record in connection.execute(query)]


def damaged(connection: Connection, case: str) -> int:
    """How many sealed records of an open case did not open."""
    query = " UNION ALL ".join(f'SELECT id FROM temp."{PREFIX}{name}" WHERE {OF_CASE} = :case' for name in TABLES)
    opened = {id_ for (id_,) in connection.exec_driver_sql(query, {"case": case})}
    return len({record for _sheet, record in sealed(connection, case)} - opened)


def _leads_to_case(sheet: type[Record]) -> str:
    """A condition with the case's id as its one parameter. Parents are looked for on both sides of the seal."""
    first, *rest = sheet.stream.path.split(".")
    if not rest:
        return f'"{first}" = ?'
    target = sheet.field(first).target
    return f'"{first}" IN (SELECT id FROM "{target}" WHERE "{rest[0]}" = ?)'


def take_in(connection: Connection, keys: CaseKeys, case: str) -> Replaced:
    """Seal every record of the case that lies in the open; where its key is not at hand, for those who have it."""
    overlay = Overlay.of(connection)
    overlay.stand(connection)
    overlay.arm(connection)
    places = in_the_open(connection, case)
    with overlay.mode(SEALING):
        for sheet, record in places:
            held, of_sheet = columns(sheet_of(sheet)), f'main."{sheet}" WHERE id = ?'
            copied = f'INSERT INTO temp."{PREFIX}{sheet}"({held}, {OF_CASE}) SELECT {held}, ? FROM {of_sheet}'
            connection.exec_driver_sql(copied, (case, record))
            connection.exec_driver_sql(f"DELETE FROM {of_sheet}", (record,))
    if keys.current(case) is None:
        with overlay.mode(LOADING):
            for table in TABLES.values():
                connection.execute(delete(table).where(table.c[OF_CASE] == case))
    connection.exec_driver_sql(NEXT_EPOCH)

    def hidden(sheet: str, record: str, field: str, text: str) -> str:
        return text if is_token(text) else keys.token(case, sheet, record, field, text)

    return _rewritten(connection, places, hidden)


def let_out(connection: Connection, keys: CaseKeys, case: str) -> Replaced:
    """Put every record of the case back on its sheet. Weather if one of them does not open."""
    overlay = Overlay.of(connection)
    places = sealed(connection, case)
    replaced = _rewritten(connection, places, _opening(keys))
    with overlay.mode(LOADING):
        for name, table in TABLES.items():
            held, of_case = columns(sheet_of(name)), f'temp."{PREFIX}{name}" WHERE {OF_CASE} = ?'
            connection.exec_driver_sql(f'INSERT INTO main."{name}"({held}) SELECT {held} FROM {of_case}', (case,))
            connection.execute(delete(table).where(table.c[OF_CASE] == case))
    for sheet, record in places:
        if not connection.exec_driver_sql(f'SELECT 1 FROM main."{sheet}" WHERE id = ?', (record,)).first():
            raise _damaged()
    connection.execute(delete(SEALED_RECORD).where(SEALED_RECORD.c.case_id == case))
    connection.exec_driver_sql(NEXT_EPOCH)
    return replaced


def reseal(connection: Connection, keys: CaseKeys, case: str) -> Replaced:
    """Seal all that is sealed of the case anew, under the newest key. Weather if some of it does not open."""
    overlay, opening = Overlay.of(connection), _opening(keys)
    with overlay.mode(SEALING):
        for name in TABLES:
            query = f'UPDATE temp."{PREFIX}{name}" SET archived = archived WHERE {OF_CASE} = ?'
            connection.exec_driver_sql(query, (case,))
    newest = keys.current(case)
    former = select(SEALED_RECORD.c.record).where(SEALED_RECORD.c.case_id == case, SEALED_RECORD.c.generation != newest)
    if connection.execute(former).first():
        raise _damaged()
    connection.exec_driver_sql(NEXT_EPOCH)

    def anew(sheet: str, record: str, field: str, text: str) -> str:
        return keys.token(case, sheet, record, field, opening(sheet, record, field, text))

    return _rewritten(connection, sealed(connection, case), anew)


def _opening(keys: CaseKeys) -> _Form:
    def opened(sheet: str, record: str, field: str, text: str) -> str:
        found = keys.text(sheet, record, field, text)
        if found is None:
            raise _damaged()
        return found

    return opened


def _damaged() -> Weather:
    return Weather(
        N_("Something that is sealed of this case is damaged and does not open."),
        N_("Nothing was changed. Restore a backup, or have the store's journal checked."),
    )


# What is written of the records elsewhere


def _rewritten(connection: Connection, places: Iterable[Place], form: _Form) -> Replaced:
    """Give everything that the log, the conflicts and the attachments hold of these records its new form."""
    replaced: Replaced = {}
    for sheet, record in places:
        query = select(CHANGE.c.seq, CHANGE.c.field, CHANGE.c.value).where(
            CHANGE.c.record == record, CHANGE.c.field != EMPTIED, CHANGE.c.value.is_not(None)
        )
        for seq, field, value in connection.execute(query).all():
            replaced[str(seq)] = replace_change(connection, seq, form(sheet, record, field, value))
        for row in connection.execute(select(CONFLICT).where(CONFLICT.c.record == record)).all():
            _rewrite(connection, CONFLICT, CONFLICT.c.id == row.id, _texts(sheet, row, form))
        if sheet == "attachment":
            of_record = ATTACHMENT_CONTENT.c.attachment == record
            for (key,) in connection.execute(select(ATTACHMENT_CONTENT.c.key).where(of_record)).all():
                _rewrite(connection, ATTACHMENT_CONTENT, of_record, {"key": form(sheet, record, CONTENT_KEY, key)})
    return replaced


def _texts(sheet: str, row: Any, form: _Form) -> dict[str, str]:
    texts = {name: getattr(row, name) for name in ("before", "mine", "theirs")}
    return {name: form(sheet, row.record, row.field, text) for name, text in texts.items() if text is not None}


def _rewrite(connection: Connection, table: Table, which: Any, values: dict[str, str]) -> None:
    if values:
        connection.execute(update(table).where(which).values(values))
