"""Taking back a whole transaction: what it changed stands in the change log, and is set back where it still holds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from familydesk.core.fields import Secrecy
from familydesk.core.record import Record
from familydesk.records import sheet_of
from familydesk.store.capture import WHOLE
from familydesk.store.case_keys import CaseKeys
from familydesk.store.log_value import from_log, to_log
from familydesk.store.sealing_session import KEYS
from familydesk.store.tables import CHANGE

if TYPE_CHECKING:
    from familydesk.services.office import Office

ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class Step:
    """One change: values as the log holds them. A field `""` stands for a record that was made."""

    sheet: str
    record: str
    field: str
    before: Any = None
    after: Any = None


@dataclass(frozen=True, slots=True)
class TakenBack:
    """How many changes were set back, and the sheets and records of those that somebody has changed since."""

    restored: int
    left: tuple[tuple[str, UUID], ...]


def transaction_of(session: Session) -> int:
    """The number under which the log keeps what this writing session does."""
    return int(session.connection().exec_driver_sql("SELECT fd_transaction()").scalar_one())


def steps_of(session: Session, transaction: int) -> list[Step]:
    """What a transaction changed, in its order."""
    changes = session.execute(select(CHANGE).where(CHANGE.c.txn == transaction).order_by(CHANGE.c.seq)).all()
    replaced = {change.replaces for change in changes if change.replaces}
    query = select(CHANGE).where(CHANGE.c.seq.in_(replaced))
    keys: CaseKeys = session.info[KEYS]
    earlier = {change.seq: (change.field, _read(keys, change)) for change in session.execute(query)}
    return [_step(keys, change, *earlier.get(change.replaces, (WHOLE, None))) for change in changes]


def packed(steps: Iterable[Step]) -> str:
    """Steps as text, to be kept in a record."""
    return json.dumps([list(asdict(step).values()) for step in steps], ensure_ascii=False)


def unpacked(text: str) -> list[Step]:
    """What `packed` kept."""
    return [Step(*step) for step in json.loads(text)]


def take_back(office: Office, session: Session, steps: list[Step]) -> TakenBack:
    """Set every step back, the last first. A record that was made is put away. Indexed anew, in this transaction."""
    left: list[tuple[str, UUID]] = []
    touched: dict[UUID, Record] = {}
    for step in reversed(steps):
        record = session.get(sheet_of(step.sheet), UUID(step.record))
        if record is None or not _set_back(office, record, step):
            left.append((step.sheet, UUID(step.record)))
        else:
            touched[record.id] = record
    session.flush()
    office.search.index_many(session.connection(), touched.values())
    return TakenBack(len(steps) - len(left), tuple(dict.fromkeys(left)))


def _set_back(office: Office, record: Record, step: Step) -> bool:
    if step.field == WHOLE:
        record.archived = True
    elif step.field == ARCHIVED:
        record.archived = bool(step.before)
    elif to_log(type(record), step.field, getattr(record, step.field)) != step.after:
        return False
    else:
        setattr(record, step.field, _as_kept(office, record, step))
    return True


def _as_kept(office: Office, record: Record, step: Step) -> Any:
    """What the field held before, as its column takes it: a PRIVILEGED text stays sealed."""
    known = type(record).field(step.field)
    if known.secrecy is Secrecy.PRIVILEGED:
        return step.before
    return from_log(office.database.privileged, type(record), record.id, known, step.before)


def _step(keys: CaseKeys, change: Any, replaced_field: str, replaced: Any) -> Step:
    if change.field == WHOLE:
        return Step(change.sheet, change.record, WHOLE)
    before = (replaced or {}).get(change.field) if replaced_field == WHOLE else replaced
    return Step(change.sheet, change.record, change.field, before, _read(keys, change))


def _read(keys: CaseKeys, change: Any) -> Any:
    text = keys.text(change.sheet, change.record, change.field, change.value)
    return None if text is None else json.loads(text)
