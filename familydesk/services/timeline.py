"""What happened to a family, in the order of time: events to be drawn, each with its weight, orders with their end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from familydesk.core.clock import local
from familydesk.core.i18n import N_, ngettext, translate
from familydesk.core.show import show_choice
from familydesk.records.application import Application
from familydesk.records.case import Case
from familydesk.records.consultation import Consultation
from familydesk.records.incident import Incident, Severity
from familydesk.records.referral import Referral
from familydesk.services.orders import OrderStanding

REPEAT_WITHIN = timedelta(days=365)
"""Violence counts as repeated within a year (Administrative Code, Art 73 p2)."""

ORDER = N_("Order No {number}")
OPENED = N_("Case opened")
CLOSED = N_("Case closed")


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `weight` sizes it, from 0 to 1; `until` makes a bar of it; `detail` stands below its title."""

    at: datetime
    sheet: str
    id: UUID
    title: str
    detail: str = ""
    weight: float = 0.2
    until: datetime | None = None


def events(
    session: Session, cases: list[Case], people: Iterable[UUID], orders: Iterable[OrderStanding]
) -> tuple[Event, ...]:
    """What happened in these cases and to these people, oldest first. Four queries, however much there is."""
    ids = [case.id for case in cases]
    found = [
        *(event for case in cases for event in _case(case)),
        *_applications(session, ids, list(people)),
        *_incidents(session, ids),
        *_consultations(session, ids, list(people)),
        *_referrals(session, ids),
        *(_order(order) for order in orders),
    ]
    return tuple(sorted(found, key=lambda event: event.at))


def _case(case: Case) -> Iterator[Event]:
    for day, title in ((case.opened_on, OPENED), (case.closed_on, CLOSED)):
        if day:
            yield Event(_moment(day), "case", case.id, translate(title), case.number or "")


def _applications(session: Session, cases: list[UUID], people: list[UUID]) -> Iterator[Event]:
    table = Application
    for one in session.scalars(_of(table, cases=cases, people=people)):
        if one.received_at:
            yield Event(one.received_at, "application", one.id, one.shown("reason"), _label(one.channel))


def _incidents(session: Session, cases: list[UUID]) -> Iterator[Event]:
    table = Incident
    before: dict[UUID | None, datetime] = {}
    for one in session.scalars(_of(table, cases=cases).order_by(table.happened_at)):
        if at := one.happened_at:
            told = [_again(at, before.get(one.victim_id)), _witnesses(one.children_present)]
            severe = "severity" not in one.covered and one.severity not in (None, Severity.UNKNOWN)
            title = one.shown("severity" if severe else "forms")
            yield Event(at, "incident", one.id, title, ", ".join(filter(None, told)), _weight(one.severity))
            before[one.victim_id] = at


def _consultations(session: Session, cases: list[UUID], people: list[UUID]) -> Iterator[Event]:
    table = Consultation
    for one in session.scalars(_of(table, cases=cases, people=people)):
        if one.held_at:
            yield Event(one.held_at, "consultation", one.id, _label(one.kind), _label(one.form), 0.1)


def _referrals(session: Session, cases: list[UUID]) -> Iterator[Event]:
    table = Referral
    for one in session.scalars(_of(table, cases=cases)):
        if one.sent_on:
            yield Event(_moment(one.sent_on), "referral", one.id, _label(one.destination_kind), one.number or "", 0.1)


def _order(order: OrderStanding) -> Event:
    title = translate(ORDER).format(number=order.number)
    state = translate(order.state.value)
    return Event(order.served_at or order.issued_at, "protective_order", order.id, title, state, 0.3, order.valid_to)


def _of(table: Any, *, cases: list[UUID], people: list[UUID] | None = None) -> Any:
    """Records of these cases; of these people too, where a record may stand outside any case."""
    theirs = table.case_id.in_(cases)
    if people is not None:
        theirs = or_(theirs, table.case_id.is_(None) & table.person_id.in_(people))
    return select(table).where(theirs, ~table.archived)


def _again(at: datetime, before: datetime | None) -> str:
    if before is None or at - before > REPEAT_WITHIN:
        return ""
    days = (at - before).days
    return ngettext("again, after {count} day", "again, after {count} days", days).format(count=days)


def _witnesses(children: int | None) -> str:
    return (
        ngettext("{count} child saw it", "{count} children saw it", children).format(count=children) if children else ""
    )


def _weight(severity: Severity | str | None) -> float:
    order = list(Severity)
    known = severity if isinstance(severity, Severity) else Severity.UNKNOWN
    return 0.3 + 0.7 * order.index(known) / (len(order) - 1)


def _label(value: Any) -> str:
    return show_choice(value) if value else ""


def _moment(day: date) -> datetime:
    return local(day.year, day.month, day.day)
