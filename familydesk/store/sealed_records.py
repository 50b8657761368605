"""Moving the records of a case into their seals and out again, each in the caller's one transaction.

Sealed in, a record leaves its sheet, its former changes leave the log but for their digests (the journal's chain goes
on holding them), and conflicts about it are sealed in place. `secure_delete` overwrites what stood there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from familydesk.core.record import Record
from familydesk.records import sheet_of
from familydesk.store.case_keys import CaseKeys
from familydesk.store.journal import EMPTIED, empty_changes
from familydesk.store.overlay import LOADING, NEXT_EPOCH, OF_CASE, PREFIX, SEALABLE, SEALING, TABLES, Overlay, columns
from familydesk.store.tables import ATTACHMENT_CONTENT, CHANGE, CONFLICT, SEALED_CHANGE, SEALED_RECORD

Place = tuple[str, str]
"""A sheet's name and a record's id (hex)."""
CONTENT_KEY = "key"
"""The `field` under which the key of an attachment's content is sealed."""
_TEXTS = ("before", "mine", "theirs")


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


def _leads_to_case(sheet: type[Record]) -> str:
    """A condition with the case's id as its one parameter. Parents are looked for on both sides of the seal."""
    first, *rest = sheet.stream.path.split(".")
    if not rest:
        return f'"{first}" = ?'
    target = sheet.field(first).target
    return f'"{first}" IN (SELECT id FROM "{target}" WHERE "{rest[0]}" = ?)'


# In


def take_in(connection: Connection, keys: CaseKeys, case: str) -> list[list[int]]:
    """Seal every record of the case that lies in the open.

    Gives back the ranges of changes of which only digests remain, for the event that says so.
    """
    overlay = Overlay.of(connection)
    overlay.stand(connection)
    places = in_the_open(connection, case)
    with overlay.mode(SEALING):
        for sheet, record in places:
            held = columns(sheet_of(sheet))
            connection.exec_driver_sql(
                f'INSERT INTO temp."{PREFIX}{sheet}"({held}, {OF_CASE}) SELECT {held}, ? FROM main."{sheet}" WHERE id = ?',
                (case, record),
            )
            connection.exec_driver_sql(f'DELETE FROM main."{sheet}" WHERE id = ?', (record,))
    _seal_contents(connection, keys, case, places)
    _seal_conflicts(connection, keys, case, places)
    connection.exec_driver_sql(NEXT_EPOCH)
    return _seal_changes(connection, keys, case, [record for _sheet, record in places])


def _seal_changes(connection: Connection, keys: CaseKeys, case: str, records: Iterable[str]) -> list[list[int]]:
    seqs = []
    for record in records:
        query = select(CHANGE).where(CHANGE.c.record == record, CHANGE.c.field != EMPTIED)
        for change in connection.execute(query).all():
            row = dict(change._mapping)
            row["salt"] = row["salt"].hex() if row["salt"] else None
            sealed_row = keys.seal(case, _change(change.seq), json.dumps(row, ensure_ascii=False).encode())
            whose = {"seq": change.seq, "record": record, "case_id": case, "generation": keys.current(case)}
            connection.execute(insert(SEALED_CHANGE).values({**whose, "sealed": sealed_row}))
            seqs.append(change.seq)
    return empty_changes(connection, seqs)


def _seal_conflicts(connection: Connection, keys: CaseKeys, case: str, places: Iterable[Place]) -> None:
    for sheet, record in places:
        for row in connection.execute(select(CONFLICT).where(CONFLICT.c.record == record)).all():
            texts = {
                name: keys.token(case, sheet, record, row.field, text)
                for name in _TEXTS
                if (text := getattr(row, name)) is not None
            }
            if texts:
                connection.execute(update(CONFLICT).where(CONFLICT.c.id == row.id).values(texts))


def _seal_contents(connection: Connection, keys: CaseKeys, case: str, places: Iterable[Place]) -> None:
    for sheet, record in places:
        if sheet == "attachment":
            of_record = ATTACHMENT_CONTENT.c.attachment == record
            wrapped = connection.execute(select(ATTACHMENT_CONTENT.c.key).where(of_record)).scalar()
            if wrapped is not None:
                token = keys.token(case, sheet, record, CONTENT_KEY, wrapped)
                connection.execute(update(ATTACHMENT_CONTENT).where(of_record).values(key=token))


# Out


def let_out(connection: Connection, keys: CaseKeys, case: str) -> list[Place]:
    """Put every record of the case back on its sheet, and its former changes back into the log. Gives back which."""
    overlay = Overlay.of(connection)
    places = sealed(connection, case)
    with overlay.mode(LOADING):
        for sheet in SEALABLE:
            held, name = columns(sheet), sheet.sheet()
            connection.exec_driver_sql(
                f'INSERT INTO main."{name}"({held}) SELECT {held} FROM temp."{PREFIX}{name}" WHERE {OF_CASE} = ?', (case,)
            )
        for table in TABLES.values():
            connection.execute(delete(table).where(table.c[OF_CASE] == case))
    connection.execute(delete(SEALED_RECORD).where(SEALED_RECORD.c.case_id == case))
    _unseal_changes(connection, keys, case)
    _unseal_texts(connection, keys, places)
    connection.exec_driver_sql(NEXT_EPOCH)
    return places


def _unseal_changes(connection: Connection, keys: CaseKeys, case: str) -> None:
    for row in former_changes(connection, keys, SEALED_CHANGE.c.case_id == case):
        row["salt"] = bytes.fromhex(row["salt"]) if row["salt"] else None
        connection.execute(update(CHANGE).where(CHANGE.c.seq == row["seq"]).values(row))
        connection.execute(delete(SEALED_CHANGE).where(SEALED_CHANGE.c.seq == row["seq"]))


def _unseal_texts(connection: Connection, keys: CaseKeys, places: Iterable[Place]) -> None:
    for sheet, record in places:
        for row in connection.execute(select(CONFLICT).where(CONFLICT.c.record == record)).all():
            texts = {name: keys.text(sheet, record, row.field, getattr(row, name)) for name in _TEXTS}
            connection.execute(update(CONFLICT).where(CONFLICT.c.id == row.id).values(texts))
        of_record = ATTACHMENT_CONTENT.c.attachment == record
        wrapped = connection.execute(select(ATTACHMENT_CONTENT.c.key).where(of_record)).scalar()
        if wrapped is not None:
            key = keys.text(sheet, record, CONTENT_KEY, wrapped)
            connection.execute(update(ATTACHMENT_CONTENT).where(of_record).values(key=key))


# Under another key


def reseal(connection: Connection, case: str) -> None:
    """Seal every record of the case anew under the newest key. What was written before stays as it was sealed."""
    overlay = Overlay.of(connection)
    with overlay.mode(SEALING):
        for name in TABLES:
            connection.exec_driver_sql(
                f'UPDATE temp."{PREFIX}{name}" SET archived = archived WHERE {OF_CASE} = ?', (case,)
            )
    connection.exec_driver_sql(NEXT_EPOCH)


# What was written before the case was restricted


def former_changes(connection: Connection, keys: CaseKeys, which: Any) -> Iterator[dict[str, Any]]:
    """Rows of the change log from before, as far as they open here, oldest first; the salt in hex."""
    query = select(SEALED_CHANGE).where(which).order_by(SEALED_CHANGE.c.seq)
    for row in connection.execute(query).all():
        opened = keys.unseal((row.case_id, row.generation), _change(row.seq), row.sealed)
        if opened is not None:
            yield json.loads(opened)


def forget(connection: Connection, records: Iterable[UUID]) -> None:
    """Erase records that lie sealed, with all that was written of them before. Their keys need not be at hand."""
    for record in records:
        for table in (SEALED_RECORD, SEALED_CHANGE):
            connection.execute(delete(table).where(table.c.record == record.hex))
    connection.exec_driver_sql(NEXT_EPOCH)


def _change(seq: int) -> dict[str, Any]:
    return {"what": "familydesk sealed change 1", "seq": seq}

