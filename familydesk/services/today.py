"""The first screen: what is overdue, what falls due, who is coming, whose order ends."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import or_, select

from familydesk.core import clock
from familydesk.core.i18n import _, ngettext
from familydesk.records.appointment import Appointment, AppointmentKind, Kept
from familydesk.records.case import Case
from familydesk.services.due import Due, DueState
from familydesk.services.orders import OrderStanding

if TYPE_CHECKING:
    from familydesk.services.office import Office


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment of today."""

    id: UUID
    starts_at: datetime
    minutes: int | None
    kind: AppointmentKind
    kept: Kept | None
    case_id: UUID | None
    case_number: str
    person_id: UUID | None
    with_whom: str


@dataclass(frozen=True, slots=True)
class Day:
    """Everything that the first screen shows. `doubt` asks to confirm the date where the clock went backwards."""

    at: datetime
    overdue: tuple[Due, ...]
    due: tuple[Due, ...]
    visits: tuple[Visit, ...]
    orders: tuple[OrderStanding, ...]
    doubt: str

    @property
    def summary(self) -> str:
        """The day in a sentence: passed deadlines, deadlines that end today, people who are coming."""
        late, today = len(self.overdue), sum(due.state is DueState.TODAY for due in self.due)
        coming = sum(visit.kept in (None, Kept.PLANNED) for visit in self.visits)
        parts = (
            ngettext("{count} deadline has passed", "{count} deadlines have passed", late).format(count=late),
            ngettext("{count} deadline ends today", "{count} deadlines end today", today).format(count=today),
            ngettext("{count} person is coming", "{count} people are coming", coming).format(count=coming),
        )
        return ", ".join(parts)

    @property
    def badges(self) -> dict[str, int]:
        """How much is overdue: for the whole day under `today`, and by sheet."""
        return {"today": len(self.overdue), **Counter(due.sheet for due in self.overdue)}


class Today:
    """The day at the desk."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def day(self, at: datetime | None = None) -> Day:
        """The first screen's content at the moment `at`: overdue, due today and tomorrow, visits, orders."""
        at = at or clock.now()
        tomorrow = at.date() + timedelta(days=1)
        near = (due for due in self._office.deadlines.all(at) if due.due.date() <= tomorrow)
        dues = self._named(list(near))
        return Day(
            at=at,
            overdue=tuple(due for due in dues if due.state is DueState.OVERDUE),
            due=tuple(due for due in dues if due.state is not DueState.OVERDUE),
            visits=tuple(self._visits(at)),
            orders=tuple(self._office.orders.current(at)),
            doubt=self._office.deadlines.doubt(),
        )

    def badges(self, at: datetime | None = None) -> dict[str, int]:
        """The counts beside the side bar's words."""
        at = at or clock.now()
        overdue = [due.sheet for due in self._office.deadlines.all(at) if due.state is DueState.OVERDUE]
        return {"today": len(overdue), **Counter(overdue)}

    def _named(self, dues: list[Due]) -> list[Due]:
        """Duties outside any case with the name of their person, so that one can be told from another."""
        loose = {due.person_id for due in dues if due.person_id and not due.case_number}
        names = self._office.desk.names("person", loose)
        return [
            replace(due, person=names.get(due.person_id, "")) if due.person_id in loose and not due.case_number else due
            for due in dues
        ]

    def _visits(self, at: datetime) -> list[Visit]:
        first, after = clock.day_bounds(at.date(), at.date())
        table = Appointment
        query = (
            select(table, Case.number)
            .join(Case, Case.id == table.case_id, isouter=True)
            .where(table.starts_at >= first, table.starts_at < after, table.archived.is_(False))
            .where(or_(table.kept.is_(None), table.kept != Kept.CANCELLED))
            .order_by(table.starts_at)
        )
        with self._office.database.read() as session:
            found = session.execute(query).all()
        names = self._office.desk.names("staff_member", {row.staff_id for row, _ in found if row.staff_id})
        return [_visit(row, number or "", names.get(row.staff_id, "") if row.staff_id else "") for row, number in found]


def _visit(row: Appointment, number: str, with_whom: str) -> Visit:
    assert row.starts_at
    assert row.kind
    return Visit(row.id, row.starts_at, row.minutes, row.kind, row.kept, row.case_id, number, row.person_id, with_whom)


def length_text(minutes: int) -> str:
    """1 h · 45 min · 1 h 30 min."""
    hours, rest = divmod(minutes, 60)
    told = [_("{count} h").format(count=hours)] if hours else []
    if rest or not hours:
        told.append(_("{count} min").format(count=rest))
    return " ".join(told)
