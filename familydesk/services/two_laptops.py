"""A conflict between two laptops, as the change log tells it: what stands, what does not, what both began from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

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


class Meetings:
    """What the change log tells of some conflicts, read for all of them at once. `own` is this laptop's number."""

    def __init__(self, connection: Connection, keys: CaseKeys, own: int, rows: Sequence[Any]) -> None:
        self._connection = connection
        self._keys = keys
        self._own = own
        self._standing = _standing(connection, {row.record for row in rows})
        self._changes: dict[int, Any] = {}
        self._fetch([row.loser for row in rows])
        self._fetch(self._standing.values())
        self._fetch([one.replaces for one in self._changes.values()])

    def read(self, row: Any) -> Between:
        """What a row of CONFLICT is about. Mine is what this laptop wrote, and if it wrote neither, what stands."""
        loser = self._change(row.loser)
        standing = self._standing.get((row.record, row.field), 0)
        other = self._change(standing or self._settled_over(row))
        before = self._change(loser.replaces) if loser is not None else None
        mine_stands = loser is None or loser.device != self._own
        mine, theirs = (other, loser) if mine_stands else (loser, other)
        began, my, their = (text_of(self._keys, change, row.field) for change in (before, mine, theirs))
        return Between(began, my, their, mine_stands, standing)

    def _change(self, seq: int | None) -> Any:
        if seq and seq not in self._changes:
            self._fetch([seq])
        return self._changes.get(seq or 0)

    def _fetch(self, seqs: Iterable[int | None]) -> None:
        wanted = json.dumps(sorted({seq for seq in seqs if seq} - self._changes.keys()))
        listed = select(func.json_each(wanted).table_valued("value").c.value)
        rows = self._connection.execute(select(CHANGE).where(CHANGE.c.seq.in_(listed)))
        self._changes |= {row.seq: row for row in rows}

    def _settled_over(self, row: Any) -> int | None:
        """What stood beside the loser until both were settled."""
        settling = select(REPLACED.c.seq).where(REPLACED.c.former == row.loser)
        settled = select(CHANGE.c.replaces).where(CHANGE.c.seq.in_(settling), CHANGE.c.field == row.field)
        return self._connection.execute(settled.order_by(CHANGE.c.seq).limit(1)).scalar()


def text_of(keys: CaseKeys, change: Any, name: str) -> str | None:
    """The value that a change gave to a field, as JSON; None for nothing."""
    if change is None:
        return None
    text = keys.text(change.sheet, change.record, change.field, change.value)
    if text is None or change.field != WHOLE:
        return None if text == "null" else text
    held = json.loads(text).get(name)
    return None if held is None else json.dumps(held, ensure_ascii=False)


def _standing(connection: Connection, records: set[str]) -> dict[tuple[str, str], int]:
    """By record and field: the change that stands, where there are several."""
    listed = select(func.json_each(json.dumps(sorted(records))).table_valued("value").c.value)
    query = select(FRONT.c.record, FRONT.c.field, FRONT.c.seq).where(FRONT.c.record.in_(listed), FRONT.c.stands == 1)
    return {(record, field): seq for record, field, seq in connection.execute(query)}
