"""To which stream a record belongs: the center's, its case's, or a referral's own.

A record that lies sealed in a restricted case is that case's. A text that is sealed for one person alone travels with
its record: its own seal is what keeps it from everybody else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from familydesk.core.record import StreamKind
from familydesk.records import SHEETS, sheet_of
from familydesk.sync.identity import CENTER_STREAM

Streams = dict[str, bytes]
"""By the id of a record (hex): its stream, where it is not the center's."""

_SEALED = "SELECT record, case_id FROM sealed_record WHERE record IN (SELECT value FROM json_each(?))"
_PATHS = {sheet.sheet(): sheet.stream.path for sheet in SHEETS if sheet.stream.kind is StreamKind.CASE}
_ITS_OWN = {sheet.sheet() for sheet in SHEETS if sheet.stream.kind is StreamKind.REFERRAL}


def streams_of(connection: Connection, records: Iterable[tuple[str, str]]) -> Streams:
    """The streams of records, given by sheet and id (hex), as they stand now; those of no case are left out."""
    by_sheet: dict[str, set[str]] = {}
    for sheet, record in records:
        by_sheet.setdefault(sheet, set()).add(record)
    found: Streams = {}
    for sheet, ids in by_sheet.items():
        found |= _of_sheet(connection, sheet, ids)
    return found


def begun_by(records: Mapping[str, Iterable[str]]) -> list[bytes]:
    """The streams that begin with these records, by sheet and id (hex): cases and referrals."""
    beginnings = _ITS_OWN | {sheet for sheet, path in _PATHS.items() if path == "id"}
    return [bytes.fromhex(record) for sheet in beginnings for record in records.get(sheet, ())]


def stream_of(streams: Streams, record: str) -> bytes:
    """The stream of one of these records."""
    return streams.get(record, CENTER_STREAM)


def _of_sheet(connection: Connection, sheet: str, ids: set[str]) -> Streams:
    if sheet in _ITS_OWN:
        return {record: bytes.fromhex(record) for record in ids}
    path = _PATHS.get(sheet)
    if path is None:
        return {}
    if path == "id":
        return {record: bytes.fromhex(record) for record in ids}
    given = (json.dumps(sorted(ids)),)
    rows = list(connection.exec_driver_sql(_to_case(sheet, path), given))
    rows += connection.exec_driver_sql(_SEALED, given)
    return {record: bytes.fromhex(case) for record, case in rows if case}


def _to_case(sheet: str, path: str) -> str:
    """The query that follows a stream's path from the records of a sheet."""
    first, *rest = path.split(".")
    if not rest:
        return f'SELECT id, "{first}" FROM "{sheet}" WHERE id IN (SELECT value FROM json_each(?))'
    target = sheet_of(sheet).field(first).target
    return (
        f'SELECT here.id, above."{rest[0]}" FROM "{sheet}" AS here '
        f'JOIN "{target}" AS above ON above.id = here."{first}" '
        "WHERE here.id IN (SELECT value FROM json_each(?))"
    )
