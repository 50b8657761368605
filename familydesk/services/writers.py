"""A conflict in words: both values, and who wrote each, when and on which laptop, as the change log has it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from familydesk.core.fields import Kind
from familydesk.core.i18n import _
from familydesk.core.show import show, show_moment
from familydesk.services.conflicts import Conflict, Verdict
from familydesk.services.written_twice import Choice, Version, plain_verdict
from familydesk.store.capture import WHOLE
from familydesk.store.hybrid_clock import wall_time
from familydesk.store.tables import CHANGE, CONFLICT, FRONT

if TYPE_CHECKING:
    from familydesk.services.office import Office

ARCHIVED = "archived"
HERE = 1
"""This laptop's number in its own log."""


class Writers:
    """Puts conflicts into words."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def choice(self, conflict: Conflict, record: str, case: UUID | None) -> Choice:
        """`conflict` as a person looks at it; `record` is what its record is called."""
        with self._office.database.read() as session:
            row = session.execute(select(CONFLICT).where(CONFLICT.c.id == conflict.id.hex)).one()
            stands, loser = _standing(session, row), _change(session, row.loser)
            before = _change(session, getattr(loser or stands, "replaces", None))
        both = self._of_two(conflict, stands, loser) if loser else self._of_one(conflict, row, stands)
        told = self._line(before) if before and self._holds(before, row) else ""
        before_text = self._text(conflict, conflict.before)
        plain = plain_verdict(conflict)
        return Choice(conflict, record, case, before_text, told, *both, doubtful=bool(row.by_clock), plain=plain)

    def _of_two(self, conflict: Conflict, stands: Any, loser: Any) -> tuple[Version, Version]:
        """Of two laptops. Mine is this laptop's; where two others met, it is what stands."""
        mine_stands = loser.device != HERE
        mine, theirs = (stands, loser) if mine_stands else (loser, stands)
        own = _("Here") if mine and mine.device == HERE else _("Stands now")
        return (
            self._version(conflict, "keep", own, self._line(mine, laptop=True), mine_stands),
            self._version(conflict, "take", _("There"), self._line(theirs, laptop=True), not mine_stands),
        )

    def _of_one(self, conflict: Conflict, row: Any, stands: Any) -> tuple[Version, Version]:
        """Of two forms at one desk."""
        meant = self._said(datetime.fromisoformat(row.at), row.actor)
        return (
            self._version(conflict, "keep", _("Stands now"), self._line(stands), True),
            self._version(conflict, "take", _("Was meant instead"), meant, False),
        )

    def _version(self, conflict: Conflict, verdict: Verdict, over: str, line: str, stands: bool) -> Version:
        value = conflict.kept if verdict == "keep" else conflict.taken
        return Version(verdict, over, value, self._text(conflict, value), line, stands)

    def _text(self, conflict: Conflict, value: Any) -> str:
        if conflict.field.name == ARCHIVED:
            return _("Archived") if value else _("In use")
        if conflict.field.kind is Kind.REFERENCE and isinstance(value, UUID):
            return self._office.desk.name_of(conflict.field.target or "", value)
        return show(conflict.field, value) or _("nothing")

    def _line(self, change: Any, laptop: bool = False) -> str:
        """When and who; of two laptops also where."""
        if change is None:
            return ""
        where = (_("this laptop") if change.device == HERE else _("another laptop")) if laptop else ""
        return self._said(wall_time(change.clock), change.actor, where)

    def _said(self, at: datetime, actor: str | None, where: str = "") -> str:
        who = self._office.desk.name_of("staff_member", UUID(actor)) if actor else ""
        return " · ".join(part for part in (show_moment(at), who, where) if part)

    def _holds(self, change: Any, row: Any) -> bool:
        """Whether `before` is what this change had written; a form may have seen something older."""
        text = self._office.database.case_keys.text
        value = json.loads(text(row.sheet, row.record, change.field, change.value) or "null")
        before = json.loads(text(row.sheet, row.record, row.field, row.before) or "null")
        return bool((value.get(row.field) if change.field == WHOLE else value) == before)


def _change(session: Session, seq: int | None) -> Any:
    query = select(CHANGE).where(CHANGE.c.seq == seq)
    return session.execute(query).one_or_none() if seq else None


def _standing(session: Session, row: Any) -> Any:
    """The change whose value stands: where several have not replaced each other, the one marked so."""
    of = CHANGE.c.record == row.record, CHANGE.c.field.in_((row.field, WHOLE))
    front = select(FRONT.c.seq).where(FRONT.c.record == row.record, FRONT.c.field == row.field, FRONT.c.stands == 1)
    if marked := session.scalar(front):
        return _change(session, marked)
    # The row as a whole is older than every change of one of its fields.
    return session.execute(select(CHANGE).where(*of).order_by(CHANGE.c.seq.desc()).limit(1)).one_or_none()
