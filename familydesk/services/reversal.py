"""Taking back a whole transaction: what it changed stands in the change log, and is set back where it still holds.

Only a transaction that the journal knows as one of those that are taken back: by its number, any other could be undone
by whoever may not even write there. And only by who may write and reach each record of it, and comes no nearer by it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from familydesk.core.errors import Refused
from familydesk.core.fields import Secrecy
from familydesk.core.i18n import N_
from familydesk.core.record import Record
from familydesk.records import sheet_of
from familydesk.services.journal import Deed
from familydesk.services.saving import NEARER
from familydesk.store.capture import WHOLE
from familydesk.store.case_keys import CaseKeys
from familydesk.store.log_value import from_log, to_log
from familydesk.store.sealing_session import KEYS
from familydesk.store.tables import CHANGE, JOURNAL

if TYPE_CHECKING:
    from familydesk.services.office import Office

ARCHIVED = "archived"
TRANSACTION = "transaction"
"""In the detail of an event: the transaction that it speaks of and that may be taken back."""
UNKNOWN = N_("The journal does not know this as something that can be taken back.")
OUT_OF_REACH = N_("Something in it is kept from you: the head takes it back.")


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
    here = (CHANGE.c.txn == transaction) & (CHANGE.c.device == func.fd_device())
    changes = session.execute(select(CHANGE).where(here).order_by(CHANGE.c.seq)).all()
    replaced = {change.replaces for change in changes if change.replaces}
    query = select(CHANGE).where(CHANGE.c.seq.in_(replaced))
    keys: CaseKeys = session.info[KEYS]
    earlier = {change.seq: (change.field, _read(keys, change)) for change in session.execute(query)}
    return [_step(keys, change, *earlier.get(change.replaces, (WHOLE, None))) for change in changes]


def require_noted(session: Session, deed: Deed, transaction: int, pair: UUID | None = None) -> None:
    """Refused unless the program noted this transaction under `deed`; for a merge, as that of this pair."""
    detail = func.nullif(JOURNAL.c.detail, "")
    query = select(JOURNAL.c.seq).where(
        JOURNAL.c.deed == deed.name, func.json_extract(detail, f"$.{TRANSACTION}") == transaction
    )
    if pair is not None:
        query = query.where(func.json_extract(detail, "$.pair") == pair.hex)
    if session.execute(query.limit(1)).first() is None:
        raise Refused(UNKNOWN)


def packed(steps: Iterable[Step]) -> str:
    """Steps as text, to be kept in a record."""
    return json.dumps([list(asdict(step).values()) for step in steps], ensure_ascii=False)


def unpacked(text: str) -> list[Step]:
    """What `packed` kept."""
    return [Step(*step) for step in json.loads(text)]


def take_back(office: Office, session: Session, steps: list[Step]) -> TakenBack:
    """Set every step back, the last first. A record that was made is put away. Indexed anew, in this transaction.

    Refused if one of the records is not hers to write or to reach, or if she came nearer to somebody by it.
    """
    records = _records(office, session, steps)
    before = _sight(office, session, records.values())
    left: list[tuple[str, UUID]] = []
    touched: dict[UUID, Record] = {}
    for step in reversed(steps):
        record = records.get(UUID(step.record))
        if record is None or not _set_back(office, record, step):
            left.append((step.sheet, UUID(step.record)))
        else:
            touched[record.id] = record
    session.flush()
    after = _sight(office, session, records.values())
    if any(after[id] > seen for id, seen in before.items() if id in after):
        raise Refused(NEARER)
    office.search.index_many(session.connection(), touched.values())
    return TakenBack(len(steps) - len(left), tuple(dict.fromkeys(left)))


def _records(office: Office, session: Session, steps: list[Step]) -> dict[UUID, Record]:
    """The records that these steps changed, those that are still there."""
    found = {}
    for sheet, id in dict.fromkeys((step.sheet, UUID(step.record)) for step in steps):
        office.account.require_write(sheet)
        record = session.get(sheet_of(sheet), id)
        if record is None:
            continue
        if not office.account.reaches(session, record):
            raise Refused(OUT_OF_REACH)
        found[id] = record
    return found


def _sight(office: Office, session: Session, records: Iterable[Record]) -> dict[UUID, Secrecy]:
    """How much she sees of these, and of whom they name."""
    return {id: seen for record in records for id, seen in office.account.sight(session, record).items()}


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
