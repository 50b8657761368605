"""Conflicts: two values for one field, of which neither writer saw the other.

They come from two forms at one desk or from two laptops. Nothing is lost; a person settles them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.orm import Session

from familydesk.core import clock
from familydesk.core.errors import Problem, Refused
from familydesk.core.fields import Field, Secrecy
from familydesk.core.i18n import N_
from familydesk.core.ids import new_id
from familydesk.core.record import Record
from familydesk.records import sheet_of
from familydesk.services import two_laptops
from familydesk.services.conflict import Conflict, Verdict
from familydesk.services.settling import COLLEAGUES, Settling
from familydesk.services.two_laptops import Between, Meetings
from familydesk.store.log_value import from_log, to_log
from familydesk.store.overlay import Overlay
from familydesk.store.tables import CONFLICT

if TYPE_CHECKING:
    from familydesk.services.office import Office


_BATCH = 500
_TEXTS = ("before", "mine", "theirs")


class Conflicts:
    """The conflicts that wait for a person."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def note(self, session: Session, row: Record, field: Field, before: Any, mine: Any) -> UUID:
        """Write down that `mine` met a change of `field` that its writer had not seen."""
        fresh = new_id()
        place = {"sheet": row.sheet(), "record": row.id.hex, "field": field.name}
        texts = {
            "before": self._written(row, field, before),
            "mine": self._written(row, field, mine),
            "theirs": self._kept(row, field),
        }
        who = {"actor": self._office.database.actor.hex, "at": clock.now().isoformat()}
        sealed = self._sealed(session, place, texts)
        session.execute(insert(CONFLICT).values({"id": fresh.hex, **place, **sealed, **who}))
        return fresh

    def _sealed(self, session: Session, place: dict[str, str], texts: dict[str, str | None]) -> dict[str, str | None]:
        """Texts of a record that lies sealed are sealed with its case."""
        connection = session.connection()
        case = Overlay.of(connection).case_of(connection, place["sheet"], place["record"])
        if case is None:
            return texts
        keys = self._office.database.case_keys
        of = place["sheet"], place["record"], place["field"]
        return {name: keys.token(case, *of, text) if text else None for name, text in texts.items()}

    def _opened(self, row: Any) -> Any:
        """A row of the table with the texts of a restricted case in the open."""
        keys = self._office.database.case_keys
        texts = {name: keys.text(row.sheet, row.record, row.field, getattr(row, name)) for name in _TEXTS}
        return SimpleNamespace(**{**row._asdict(), **texts})

    def open(self, record: UUID | None = None) -> list[Conflict]:
        """Unsettled conflicts, oldest first, of one record or of all; those of fields that the reader sees."""
        query = select(CONFLICT).where(CONFLICT.c.settled.is_(None)).order_by(CONFLICT.c.at, CONFLICT.c.id)
        if record is not None:
            query = query.where(CONFLICT.c.record == record.hex)
        with self._office.database.read() as session:
            return self._told(session, self._reached(session, query))

    def settled(self, limit: int) -> list[tuple[Conflict, Verdict]]:
        """The newest that somebody settled, each with the verdict; those of fields that the reader sees."""
        query = select(CONFLICT).where(CONFLICT.c.settled.is_not(None)).limit(limit)
        query = query.order_by(func.coalesce(CONFLICT.c.settled_at, CONFLICT.c.at).desc(), CONFLICT.c.id)
        with self._office.database.read() as session:
            rows = self._reached(session, query)
            return [(one, row.settled) for one, row in zip(self._told(session, rows), rows, strict=True)]

    def settle(self, id: UUID, verdict: Verdict, value: Any = None, standing: int | None = None) -> None:
        """`keep`, `take`, or `write` a value anew. The choice is a change like any other.

        Of two laptops, `keep` is mine and `take` theirs; at one desk `keep` is what stands and `take` what was meant.
        Refused if the field has moved on since the conflict was noted, or since `standing` stood; the conflict then
        tells the newest value.
        """
        with self._office.database.write() as session:
            query = select(CONFLICT).where(CONFLICT.c.id == id.hex, CONFLICT.c.settled.is_(None))
            row = session.execute(query).one_or_none()
            if row is None or not self._seen(session, row):
                raise Refused(N_("This conflict has been settled already."))
            if row.loser is None:
                moved_on = self._settle_at_desk(session, row, verdict, value)
            else:
                (conflict,) = self._told(session, [row])
                moved_on = standing not in (None, conflict.standing)
                if not moved_on:
                    Settling(self._office, session, conflict).settle(verdict, value)
        if moved_on:
            raise Refused(N_("This field was changed once more meanwhile. Look at it again before you decide."))

    def _settle_at_desk(self, session: Session, row: Any, verdict: Verdict, value: Any) -> bool:
        """Whether the field has moved on, and nothing was settled."""
        row, stands = self._opened(row), self._stands(session, row)
        moved_on = verdict != "keep" and stands not in (row.theirs, row.mine)
        if not moved_on and verdict != "keep":
            self._overwrite(session, row, verdict, value)
        place = {"sheet": row.sheet, "record": row.record, "field": row.field}
        now = {"settled": verdict, "settled_by": self._office.me.hex, "settled_at": clock.now().isoformat()}
        change = self._sealed(session, place, {"theirs": stands}) if moved_on else now
        session.execute(update(CONFLICT).where(CONFLICT.c.id == row.id).values(change))
        return moved_on

    def _reached(self, session: Session, query: Select[Any]) -> list[Any]:
        """Those of the rows whose field the reader sees."""
        rows = session.execute(query).all()
        records: defaultdict[str, set[UUID]] = defaultdict(set)
        for row in rows:
            records[row.sheet].add(UUID(row.record))
        # Read together, and held while each is asked about.
        held = [one for sheet, ids in records.items() for one in self._records(session, sheet, sorted(ids))]
        return [row for row in rows if held and self._seen(session, row)]

    def _records(self, session: Session, sheet: str, ids: Sequence[UUID]) -> Iterator[Record]:
        kind = sheet_of(sheet)
        for start in range(0, len(ids) if self._office.account.may_read(sheet) else 0, _BATCH):
            yield from session.scalars(select(kind).where(kind.id.in_(ids[start : start + _BATCH])))

    def _seen(self, session: Session, row: Any) -> bool:
        """Whether the record is there for the reader, with this field."""
        account = self._office.account
        if not account.may_read(row.sheet):
            return False
        record = session.get(sheet_of(row.sheet), UUID(row.record))
        return bool(record and account.reaches(session, record) and row.field not in account.hidden(session, record))

    def _stands(self, session: Session, row: Any) -> str | None:
        """What the field holds now, as conflicts keep it."""
        sheet = sheet_of(row.sheet)
        record = session.get(sheet, UUID(row.record))
        return self._kept(record, sheet.field(row.field)) if record else None

    def _overwrite(self, session: Session, row: Any, verdict: Verdict, value: Any) -> None:
        conflict = self._read(row)
        if row.mine and conflict.mine is None:
            raise Refused(Problem(row.field, COLLEAGUES))
        wanted = conflict.mine if verdict == "take" else value
        self._office.desk.save_in(session, conflict.sheet, {conflict.field.name: wanted}, conflict.record)

    def _written(self, row: Record, field: Field, value: Any) -> str | None:
        """A value as JSON of its column's form, PRIVILEGED text sealed."""
        if value is None or value == ():
            return None
        if field.secrecy is Secrecy.PRIVILEGED:
            return json.dumps(self._office.database.privileged.seal(row.sheet(), row.id, field.name, value))
        return json.dumps(to_log(type(row), field.name, value), ensure_ascii=False)

    def _kept(self, row: Record, field: Field) -> str | None:
        value = getattr(row, field.name)
        if value is None or value == ():
            return None
        sealed = field.secrecy is Secrecy.PRIVILEGED
        return json.dumps(value if sealed else to_log(type(row), field.name, value), ensure_ascii=False)

    def _told(self, session: Session, rows: Sequence[Any]) -> list[Conflict]:
        """Rows of the table as conflicts; those of two laptops with what the change log has of them."""
        database = self._office.database
        between = [row for row in rows if row.loser is not None]
        meetings = Meetings(session.connection(), database.case_keys, database.device, between)
        return [self._between(row, meetings.read(row)) if row.loser else self._read(self._opened(row)) for row in rows]

    def _between(self, row: Any, found: Between) -> Conflict:
        read = self._read(SimpleNamespace(**{**row._asdict(), **{name: getattr(found, name) for name in _TEXTS}}))
        return replace(read, standing=found.standing, mine_stands=found.mine_stands)

    def _read(self, row: Any) -> Conflict:
        sheet = sheet_of(row.sheet)
        field = two_laptops.field_of(sheet, row.field)
        record = UUID(row.record)
        opener = self._office.database.privileged
        before, mine, theirs = (
            from_log(opener, sheet, record, field, json.loads(text) if text else None)
            for text in (row.before, row.mine, row.theirs)
        )
        return Conflict(UUID(row.id), row.sheet, record, field, before, mine, theirs, UUID(row.actor), row.loser)
