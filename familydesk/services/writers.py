"""A conflict in words: both values, and who wrote each, when and on which laptop, as the change log has it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from familydesk.core.fields import Kind
from familydesk.core.i18n import _
from familydesk.core.show import show, show_moment
from familydesk.services.conflict import Conflict, Verdict
from familydesk.services.vouching import Names, signer_of
from familydesk.services.written_twice import ARCHIVED, Choice, Version
from familydesk.store.capture import WHOLE
from familydesk.store.hybrid_clock import wall_time
from familydesk.store.tables import CHANGE, CONFLICT, FRONT, REPLACED
from familydesk.sync.laptops import Laptops

if TYPE_CHECKING:
    from familydesk.services.office import Office


class Writers:
    """Puts conflicts into words. Made for one look: it remembers names."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._names: dict[tuple[str, UUID | None], str] = {}

    def choice(self, conflicts: Sequence[Conflict], record: str, case: UUID | None) -> Choice:
        """All conflicts of one field, as a person looks at them; `record` is what its record is called."""
        first = conflicts[0]
        with self._office.database.read() as session:
            rows = [session.execute(select(CONFLICT).where(CONFLICT.c.id == one.id.hex)).one() for one in conflicts]
            of_each = [self._versions(session, one, row) for one, row in zip(conflicts, rows, strict=True)]
            before = self._before(session, first, rows[0])
        # One value is in each of the conflicts: it is shown once.
        found = {change: version for of_one in of_each for change, version in of_one.items()}
        versions = tuple(sorted(found.values(), key=lambda one: (not one.here, not one.stands)))
        doubtful = any(row.by_clock for row in rows)
        return Choice(record, case, self._text(first, first.before), before, versions, doubtful)

    def who_settled(self, conflict: Conflict) -> str:
        """When somebody decided, here or elsewhere, and who; and who vouches for it if that is somebody else."""
        query = select(CONFLICT.c.settled_at, CONFLICT.c.settled_by).where(CONFLICT.c.id == conflict.id.hex)
        with self._office.database.read() as session:
            at, who = session.execute(query).one()
            change = _settlement(session, conflict)
        signer = signer_of(self._office, change) if change else None
        return self._said(datetime.fromisoformat(at), who, signer=signer) if at else ""

    def _versions(self, session: Session, conflict: Conflict, row: Any) -> dict[int, Version]:
        """Both values by the change that wrote them; 0 for one that was never written into the record."""
        stands, loser = _standing(session, row), _change(session, row.loser)
        if loser is None:
            return {
                stands.seq if stands else -1: self._stood(conflict, stands),
                0: self._meant(conflict, row),
            }
        if conflict.field.name == ARCHIVED:
            stands = _edit(session, loser) or stands
        mine, theirs = (stands, loser) if conflict.mine_stands else (loser, stands)
        return {
            mine.seq: self._written(conflict, "keep", mine, conflict.mine_stands),
            theirs.seq: self._written(conflict, "take", theirs, not conflict.mine_stands),
        }

    def _written(self, conflict: Conflict, verdict: Verdict, change: Any, stands: bool) -> Version:
        """What one of two laptops wrote."""
        here = change.device == self._office.database.device
        over = " · ".join([_("Here") if here else _("There"), *([_("holds until you decide")] if stands else [])])
        line = self._line(change, _("this laptop") if here else self._laptop(change.device))
        return self._version(conflict, verdict, over, line, stands, here)

    def _laptop(self, number: int) -> str:
        """Another laptop by the block that stands in every number it gives, where the center's list has it."""
        with self._office.database.connection() as connection:
            device = Laptops(connection).id(number)
        known = self._office.center.log.laptops.get(device)
        return _("laptop {block}").format(block=f"{known.block:02}") if known else _("another laptop")

    def _stood(self, conflict: Conflict, change: Any) -> Version:
        return self._version(conflict, "keep", _("Stands now"), self._line(change), stands=True)

    def _meant(self, conflict: Conflict, row: Any) -> Version:
        """What a form at this desk was to write."""
        meant = self._said(datetime.fromisoformat(row.at), row.actor)
        return self._version(conflict, "take", _("Was meant instead"), meant, stands=False)

    def _version(
        self, conflict: Conflict, verdict: Verdict, over: str, line: str, stands: bool, here: bool = True
    ) -> Version:
        value = conflict.kept if verdict == "keep" else conflict.taken
        return Version(conflict, verdict, over, self._text(conflict, value), line, stands, here)

    def _before(self, session: Session, conflict: Conflict, row: Any) -> str:
        """Who had written what both began from; nothing where a form began from something older than the log's last."""
        change = _change(session, row.loser) or _standing(session, row)
        former = _change(session, change.replaces) if change else None
        if former is None or not (conflict.between or self._holds(former, row)):
            return ""
        return self._line(former)

    def _text(self, conflict: Conflict, value: Any) -> str:
        if conflict.field.name == ARCHIVED:
            return _("Archived") if value else _("In use")
        if conflict.field.kind is Kind.REFERENCE and isinstance(value, UUID):
            return self._office.desk.name_of(conflict.field.target or "", value)
        return show(conflict.field, value) or _("nothing")

    def _line(self, change: Any, where: str = "") -> str:
        """When and who; of two laptops also where, and who vouches for it if that is somebody else."""
        if not change:
            return ""
        return self._said(wall_time(change.clock), change.actor, where, signer_of(self._office, change.seq))

    def _said(self, at: datetime, actor: str | None, where: str = "", signer: UUID | None = None) -> str:
        who = self._name(actor, signer) if actor else ""
        return " · ".join(part for part in (show_moment(at), who, where) if part)

    def _name(self, actor: str, signer: UUID | None) -> str:
        if (actor, signer) not in self._names:
            names = Names(self._office, {UUID(actor), signer or UUID(actor)})
            self._names[actor, signer] = names.of(UUID(actor), signer)
        return self._names[actor, signer]

    def _holds(self, change: Any, row: Any) -> bool:
        """Whether `before` is what this change had written; a form may have seen something older."""
        text = self._office.database.case_keys.text
        value = json.loads(text(row.sheet, row.record, change.field, change.value) or "null")
        before = json.loads(text(row.sheet, row.record, row.field, row.before) or "null")
        return bool((value.get(row.field) if change.field == WHOLE else value) == before)


def _change(session: Session, seq: int | None) -> Any:
    query = select(CHANGE).where(CHANGE.c.seq == seq)
    return session.execute(query).one_or_none() if seq else None


def _settlement(session: Session, conflict: Conflict) -> int | None:
    """The change that put an end to the version that did not stand; none for a conflict of one desk."""
    also = select(REPLACED.c.seq).where(REPLACED.c.former == conflict.loser)
    of = CHANGE.c.record == conflict.record.hex, CHANGE.c.field == conflict.field.name
    ended = (CHANGE.c.replaces == conflict.loser) | CHANGE.c.seq.in_(also)
    return session.scalar(select(func.min(CHANGE.c.seq)).where(*of, ended)) if conflict.between else None


def _edit(session: Session, archiving: Any) -> Any:
    """The newest change by which another laptop wrote in a record that was archived."""
    table = CHANGE.c
    query = select(CHANGE).where(table.record == archiving.record, table.device != archiving.device)
    edits = query.where(table.field.not_in((ARCHIVED, WHOLE))).order_by(table.seq.desc()).limit(1)
    return session.execute(edits).one_or_none()


def _standing(session: Session, row: Any) -> Any:
    """The change whose value stands: where several have not replaced each other, the one marked so."""
    of = CHANGE.c.record == row.record, CHANGE.c.field.in_((row.field, WHOLE))
    front = select(FRONT.c.seq).where(FRONT.c.record == row.record, FRONT.c.field == row.field, FRONT.c.stands == 1)
    if marked := session.scalar(front):
        return _change(session, marked)
    # The row as a whole is older than every change of one of its fields.
    return session.execute(select(CHANGE).where(*of).order_by(CHANGE.c.seq.desc()).limit(1)).one_or_none()
