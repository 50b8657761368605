"""Drafts: what someone has typed and not saved, kept sealed for her alone at each pause, so that a crash or a
lock takes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from familydesk.core import clock
from familydesk.core.fields import Field, Secrecy
from familydesk.core.record import Record, is_empty
from familydesk.records import sheet_of
from familydesk.store.log_value import from_log, to_log
from familydesk.store.tables import DRAFT

if TYPE_CHECKING:
    from familydesk.services.office import Office

_NOWHERE = UUID(int=0)
"""In place of the id of a record that does not exist yet."""
_SEALED_AS = "draft of a record"
_SEALED_BEFORE = "draft"
"""Earlier versions bound a draft to its sheet alone; such a one is sealed anew when its form is opened."""


@dataclass(frozen=True)
class Draft:
    """Unsaved values of a record (`record` None: one that does not exist yet)."""

    sheet: str
    record: UUID | None
    values: Mapping[str, Any]
    at: datetime


class Drafts:
    """The drafts of whoever is at the desk."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._database = office.database

    def save(self, sheet: str, record: UUID | None, values: Mapping[str, Any]) -> None:
        """Keep `values`; an earlier draft of the same record is replaced.

        Of a new record only what is filled; of one that exists also what she has emptied.
        """
        kind = sheet_of(sheet)
        plain = {name: to_log(kind, name, value) for name, value in values.items() if record or not is_empty(value)}
        text = json.dumps(plain, ensure_ascii=False)
        self._keep(sheet, record, text, clock.now().isoformat())

    def _keep(self, sheet: str, record: UUID | None, text: str, at: str) -> None:
        row = {
            "owner": self._database.actor.hex,
            "sheet": sheet,
            "record": record.hex if record else "",
            "sealed": self._database.privileged.seal(_SEALED_AS, record or _NOWHERE, sheet, text),
            "at": at,
        }
        with self._database.write() as session:
            session.execute(insert(DRAFT).values(row).on_conflict_do_update(index_elements=DRAFT.primary_key, set_=row))

    def load(self, sheet: str, record: UUID | None) -> Draft | None:
        """The draft of a record, if there is one."""
        found = next((draft for draft in self.all() if draft.sheet == sheet and draft.record == record), None)
        if found is not None:
            self._bind(sheet, record)
        return found

    def _bind(self, sheet: str, record: UUID | None) -> None:
        """Seal a draft of an earlier version to its record, as all are now."""
        place = DRAFT.c.sheet == sheet, DRAFT.c.record == (record.hex if record else "")
        with self._database.read() as session:
            row = session.execute(select(DRAFT).where(DRAFT.c.owner == self._database.actor.hex, *place)).one()
        former = self._database.privileged.open(_SEALED_BEFORE, _NOWHERE, sheet, row.sealed)
        if former is not None:
            self._keep(sheet, record, former, row.at)

    def all(self) -> list[Draft]:
        """Every draft of mine that I may still see, newest first."""
        return [draft for draft in self.typed() if self._still_hers(draft)]

    def typed(self) -> list[Draft]:
        """Every draft of mine, also of what I may not see any more: for the program's own work, shown to nobody."""
        query = select(DRAFT).where(DRAFT.c.owner == self._database.actor.hex).order_by(DRAFT.c.at.desc())
        with self._database.read() as session:
            rows = list(session.execute(query))
        return [draft for draft in map(self._opened, rows) if draft]

    def drop(self, sheet: str, record: UUID | None) -> None:
        """Forget a draft: it was saved, or thrown away."""
        with self._database.write() as session:
            session.execute(
                delete(DRAFT).where(
                    DRAFT.c.owner == self._database.actor.hex,
                    DRAFT.c.sheet == sheet,
                    DRAFT.c.record == (record.hex if record else ""),
                )
            )

    def _still_hers(self, draft: Draft) -> bool:
        """Whether she may still see all of what she once typed: roles change, and cases go to others."""
        if not self._office.account.may_write(draft.sheet):
            return False
        if draft.record is None:
            return True
        filled = {name for name, value in draft.values.items() if not is_empty(value)}
        account = self._office.account
        # Whole, to tell a record that is kept from her from one that is nowhere yet, as an intake under way.
        with self._database.read(whole=True) as session:
            record = session.get(sheet_of(draft.sheet), draft.record)
            if record is None:
                return True
            return account.reaches(session, record) and not account.hidden(session, record) & filled

    def _opened(self, row: Any) -> Draft | None:
        record = UUID(row.record) if row.record else None
        opened = self._database.privileged.open
        text = opened(_SEALED_AS, record or _NOWHERE, row.sheet, row.sealed)
        if text is None:
            text = opened(_SEALED_BEFORE, _NOWHERE, row.sheet, row.sealed)
        if text is None:
            return None
        kind = sheet_of(row.sheet)
        known = {field.name: field for field in kind.fields()}
        values = {
            name: self._value(kind, known[name], value) for name, value in json.loads(text).items() if name in known
        }
        return Draft(row.sheet, record, values, datetime.fromisoformat(row.at))

    def _value(self, kind: type[Record], field: Field, value: Any) -> Any:
        # The draft is sealed as a whole, so a PRIVILEGED text lies inside it as it was typed.
        if field.secrecy is Secrecy.PRIVILEGED:
            return value
        return from_log(self._database.privileged, kind, _NOWHERE, field, value)
