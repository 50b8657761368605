"""A conflict between two laptops, as the change log tells it: what stands, what does not, what both began from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from familydesk.core.fields import Field, Kind, Secrecy
from familydesk.core.i18n import N_
from familydesk.core.record import Record
from familydesk.store.capture import WHOLE
from familydesk.store.case_keys import CaseKeys
from familydesk.store.front import ARCHIVED
from familydesk.store.tables import CHANGE, FRONT, REPLACED

PUT_AWAY = Field(N_("Archived"), Kind.YES_NO, ARCHIVED, secrecy=Secrecy.PLAIN)
"""The field `archived`, which no sheet lists."""


def field_of(sheet: type[Record], name: str) -> Field:
    """A field about which laptops may differ."""
    return PUT_AWAY if name == ARCHIVED else sheet.field(name)


@dataclass(frozen=True, slots=True)
class Between:
    """Texts as the change log holds them, opened; `standing` is the change that stands, 0 once it is settled."""

    before: str | None
    mine: str | None
    theirs: str | None
    mine_stands: bool
    standing: int


def read(session: Session, keys: CaseKeys, own: int, row: Any) -> Between:
    """What a row of CONFLICT is about. Mine is what this laptop (number `own`) wrote, and if it wrote neither, what
    stands.
    """
    loser = _change(session, row.loser)
    standing = _standing(session, row)
    other = _change(session, standing) if standing else _settled_over(session, row)
    before = _change(session, loser.replaces) if loser is not None else None
    mine_stands = loser is None or loser.device != own
    mine, theirs = (other, loser) if mine_stands else (loser, other)
    began, my, their = (text_of(keys, change, row.field) for change in (before, mine, theirs))
    return Between(began, my, their, mine_stands, standing)


def text_of(keys: CaseKeys, change: Any, name: str) -> str | None:
    """The value that a change gave to a field, as JSON; None for nothing."""
    if change is None:
        return None
    text = keys.text(change.sheet, change.record, change.field, change.value)
    if text is None or change.field != WHOLE:
        return None if text == "null" else text
    held = json.loads(text).get(name)
    return None if held is None else json.dumps(held, ensure_ascii=False)


def _change(session: Session, seq: int | None) -> Any:
    return session.execute(select(CHANGE).where(CHANGE.c.seq == seq)).one_or_none() if seq else None


def _standing(session: Session, row: Any) -> int:
    of_field = (FRONT.c.record == row.record) & (FRONT.c.field == row.field)
    return session.scalar(select(FRONT.c.seq).where(of_field, FRONT.c.stands == 1)) or 0


def _settled_over(session: Session, row: Any) -> Any:
    """What stood beside the loser until both were settled."""
    settling = session.scalars(select(REPLACED.c.seq).where(REPLACED.c.former == row.loser)).all()
    query = select(CHANGE).where(CHANGE.c.seq.in_(settling), CHANGE.c.field == row.field).order_by(CHANGE.c.seq)
    settlement = session.execute(query.limit(1)).one_or_none()
    return _change(session, settlement.replaces) if settlement is not None else None
