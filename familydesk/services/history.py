"""A record's history: who changed what, when, from what to what. Read from the change log; nothing else is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select

from familydesk.core.fields import Field, Kind
from familydesk.core.i18n import N_, translate
from familydesk.core.record import Record
from familydesk.core.show import HIDDEN, show
from familydesk.records import sheet_of
from familydesk.services.vouching import Names, signers
from familydesk.store.capture import GONE, WHOLE
from familydesk.store.hybrid_clock import wall_time
from familydesk.store.log_value import from_log
from familydesk.store.tables import CHANGE

if TYPE_CHECKING:
    from familydesk.services.office import Office

ARCHIVED = N_("Archived")


@dataclass(frozen=True)
class Entry:
    """One change of one field. `before` and `after` are Python values; `who` is a name, empty for the program
    itself, and says who vouches for it where that is somebody else.
    """

    at: datetime
    who: str
    actor: UUID
    field: str
    label: str
    before: Any
    after: Any
    before_text: str
    after_text: str
    hidden: bool = False
    """Whether the values are there, but not for the reader."""


class History:
    """Histories of records."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def of(self, sheet: str, id: UUID) -> list[Entry]:
        """Every change of the record, newest first, without the values that the reader may not see.

        Refused if there is no such record for her.
        """
        kind = sheet_of(sheet)
        query = select(CHANGE).where(CHANGE.c.record == id.hex, CHANGE.c.sheet == sheet).order_by(CHANGE.c.seq)
        with self._office.database.read() as session:
            covered = self._office.desk.get_in(session, sheet, id).covered
            changes = list(session.execute(query))
            vouching = signers(session, id)
        names = Names(self._office, {UUID(change.actor) for change in changes if change.actor} | {*vouching.values()})
        who = {one.seq: names.of(UUID(one.actor), vouching.get(one.seq)) for one in changes if one.actor}
        entries = self._entries(kind, id, changes, who)
        return [_covered(entry) if entry.field in covered else entry for entry in entries][::-1]

    def _entries(self, kind: type[Record], id: UUID, changes: list[Any], who: dict[int, str]) -> Iterator[Entry]:
        """Before is what its writer saw: of what came from another laptop that need not be what stood here."""
        held: dict[int, dict[str, Any]] = {}
        for change in changes:
            value = self._office.database.case_keys.text(change.sheet, change.record, change.field, change.value)
            held[change.seq] = dict(_parts(change.field, value))
            for name, after in held[change.seq].items():
                before = held.get(change.replaces, {}).get(name)
                yield self._entry(kind, id, change, who[change.seq], name, before, after)

    def _entry(self, kind: type[Record], id: UUID, change: Any, who: str, name: str, before: Any, after: Any) -> Entry:
        actor, at = UUID(change.actor), wall_time(change.clock)
        field = kind.field(name) if name in {known.name for known in kind.fields()} else None
        if field is None:
            if name == "archived":
                return Entry(at, who, actor, name, translate(ARCHIVED), bool(before), bool(after), "", "")
            return Entry(at, who, actor, name, name, before, after, "", "")
        opener = self._office.database.privileged
        before, after = (from_log(opener, kind, id, field, value) for value in (before, after))
        texts = (self._shown(field, before), self._shown(field, after))
        return Entry(at, who, actor, name, translate(field.label), before, after, *texts)

    def _shown(self, field: Field, value: Any) -> str:
        if field.kind is Kind.REFERENCE and value:
            return self._office.desk.name_of(field.target or "", value) or str(value)
        return show(field, value)


def _covered(entry: Entry) -> Entry:
    """That it changed may be told; from what to what may not."""
    text = translate(HIDDEN)
    return replace(entry, before=None, after=None, before_text=text, after_text=text, hidden=True)


def _parts(field: str, text: str | None) -> Iterator[tuple[str, Any]]:
    value = json.loads(text) if text is not None else None
    if field == WHOLE:
        yield from ((name, part) for name, part in (value or {}).items() if not (name == "archived" and not part))
    elif field != GONE:
        yield field, value
