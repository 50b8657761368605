"""Writing sessions: a record of a restricted case is sealed where any other is written, and no room is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, event, insert, inspect, update
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from familydesk.core.errors import Problem, Refused
from familydesk.core.i18n import N_
from familydesk.core.ids import new_id
from familydesk.core.record import Record
from familydesk.records import SHEETS, sheet_of
from familydesk.store.case_keys import CaseKeys
from familydesk.store.overlay import OF_CASE, SEALABLE, TABLES, Overlay
from familydesk.store.sealed_records import Replaced, take_in
from familydesk.store.veil import VEIL, Veil

KEYS = "case keys"
TAKEN_IN = "taken in"
_ARRIVING = "arriving"
_REPLACED = "replaced"
_ORDER = {sheet: place for place, sheet in enumerate(SHEETS)}

TakenIn = Callable[[Session, UUID, Replaced], None]
"""Told when records that lay in the open became part of a restricted case: the case, and what became of the log."""


class SealingSession(Session):
    """A session that writes; `info` holds the keys of restricted cases and whom to tell."""


@event.listens_for(SealingSession, "before_flush")
def _begin(session: SealingSession, context: Any, instances: Any) -> None:
    # Before the first of these records is sealed or written: afterwards nobody can tell how it was.
    veil: Veil | None = session.info[VEIL]
    if veil is not None:
        written = (*session.new, *session.dirty, *session.deleted)
        veil.begin(session, frozenset(record.sheet() for record in written if isinstance(record, Record)))


@event.listens_for(SealingSession, "before_flush")
def _seal(session: SealingSession, context: Any, instances: Any) -> None:
    connection = session.connection()
    overlay = Overlay.of(connection)
    if not overlay.stands:
        return
    keys: CaseKeys = session.info[KEYS]
    for record in _sealable(session.new):
        case = case_of(connection, record)
        if case is not None and keys.current(case) is not None:
            _insert(session, connection, record, case)
    for record in _sealable(session.dirty):
        held_by = overlay.case_of(connection, record.sheet(), record.id.hex)
        case = case_of(connection, record) if _moves(record) else held_by
        if held_by is not None:
            _update(connection, record, stays=case == held_by)
        elif case is not None and keys.current(case) is not None:
            session.info.setdefault(_ARRIVING, set()).add(case)
    for record in _sealable(session.deleted):
        if overlay.case_of(connection, record.sheet(), record.id.hex) is not None:
            connection.execute(delete(_table(record)).where(_table(record).c.id == record.id))
            session.expunge(record)


@event.listens_for(SealingSession, "after_flush_postexec")
def _take_in_what_arrived(session: SealingSession, context: Any) -> None:
    for case in session.info.pop(_ARRIVING, ()):
        replaced = take_in(session.connection(), session.info[KEYS], case)
        session.info.setdefault(_REPLACED, {}).setdefault(case, {}).update(replaced)


@event.listens_for(SealingSession, "before_commit")
def _tell(session: SealingSession) -> None:
    # Told here and not above: whoever is told writes, and a session that flushes cannot be written with.
    for case, replaced in session.info.pop(_REPLACED, {}).items():
        if session.info[TAKEN_IN] is not None:
            session.info[TAKEN_IN](session, UUID(case), replaced)


def _sealable(records: Iterable[object]) -> list[Record]:
    """Parents first: a child's case is found through its parent."""
    found = [record for record in records if isinstance(record, SEALABLE)]
    return sorted(found, key=lambda record: _ORDER[type(record)])


def _insert(session: Session, connection: Connection, record: Record, case: str) -> None:
    _fill_defaults(record)
    values = {column.name: getattr(record, column.name) for column in record.__table__.columns}
    connection.execute(insert(_table(record)).values({**values, OF_CASE: case}))
    session.expunge(record)
    make_transient_to_detached(record)
    session.add(record)
    # Whoever has saved it goes on reading it when the session is closed.
    for name, value in values.items():
        set_committed_value(record, name, value)


def _fill_defaults(record: Record) -> None:
    if inspect(record).attrs.id.value is None:
        record.id = new_id()
    for column in record.__table__.columns:
        default: Any = column.default
        if getattr(record, column.name) is None and default is not None and default.is_scalar:
            setattr(record, column.name, default.arg)


def _update(connection: Connection, record: Record, stays: bool) -> None:
    changed = {attribute.key: attribute.value for attribute in inspect(record).attrs if attribute.history.has_changes()}
    if not changed:
        return
    if not stays:
        raise Refused(Problem(_first(record), N_("A record of a restricted case stays with its case.")))
    connection.execute(update(_table(record)).where(_table(record).c.id == record.id).values(changed))
    for name, value in changed.items():
        set_committed_value(record, name, value)


def _table(record: Record) -> Any:
    return TABLES[record.sheet()]


def _first(record: Record) -> str:
    return record.stream.path.partition(".")[0]


def _moves(record: Record) -> bool:
    """Whether the reference by which it belongs to its case was changed."""
    return bool(inspect(record).attrs[_first(record)].history.has_changes())


def case_of(connection: Connection, record: Record) -> str | None:
    """The case at the end of the sheet's path, restricted or not; None if it leads to none."""
    first, *rest = record.stream.path.split(".")
    value: UUID | None = getattr(record, first)
    if not rest or value is None:
        return value.hex if value is not None else None
    target = sheet_of(record.sheet()).field(first).target
    query = f'SELECT "{rest[0]}" FROM "{target}" WHERE id = ?'
    found: str | None = connection.exec_driver_sql(query, (value.hex,)).scalar()
    return found
