"""Protective orders: served, checked, breached; where each of them stands now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select

from familydesk.core import clock
from familydesk.core.errors import Problem, Refused
from familydesk.core.i18n import N_, ngettext, translate
from familydesk.records.case import Case
from familydesk.records.order_breach import OrderBreach
from familydesk.records.order_check import CheckFinding, OrderCheck
from familydesk.records.protective_order import OrderState, ProtectiveOrder, Serving
from familydesk.services.saving import Saved, Seen

if TYPE_CHECKING:
    from familydesk.services.office import Office

STILL_IN_HOURS = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class OrderStanding:
    """Where an order stands at a moment. `share_left` of its term, from 1 down to 0, is None before service."""

    id: UUID
    number: str
    case_id: UUID
    case_number: str
    issued_at: datetime
    served_at: datetime | None
    valid_to: datetime | None
    state: OrderState
    breaches: int
    last_checked_at: datetime | None
    next_check: datetime | None
    left: timedelta | None
    share_left: float | None

    @property
    def left_text(self) -> str:
        """What remains of the term, or the state where nothing does."""
        if not self.left:
            return translate(self.state.value)
        if self.left < STILL_IN_HOURS:
            hours = ceil(self.left / timedelta(hours=1))
            return ngettext("{count} hour left", "{count} hours left", hours).format(count=hours)
        return ngettext("{count} day left", "{count} days left", self.left.days).format(count=self.left.days)


class Orders:
    """What is done with an order once the police have issued it."""

    def __init__(self, office: Office) -> None:
        self._office = office

    # Verbs

    def serve(self, id: UUID, served_at: datetime, how: Serving | None = None, seen: Seen | None = None) -> Saved:
        """The order was handed over: its term is reckoned from this moment, by the law in force then."""
        values = {"served_at": served_at, "served_how": how, "valid_to": None}
        return self._office.desk.save("protective_order", values, id, seen)

    def check(
        self, id: UUID, checked_at: datetime, checked_by: str, finding: CheckFinding, remarks: str | None = None
    ) -> Saved:
        """Record a check. Refused before service. Signs of a breach bring the warning to record it."""
        self._refuse_outside_term(
            id, "checked_at", checked_at, N_("The order is not served yet: nothing can be checked.")
        )
        values = {"checked_at": checked_at, "checked_by": checked_by, "finding": finding, "remarks": remarks}
        saved = self._office.desk.save("order_check", {"order_id": id, **values})
        if finding is not CheckFinding.BREACH:
            return saved
        told = Problem("finding", N_("Record the breach too, and tell 102."), warning=True)
        return Saved(saved.record, (*saved.warnings, told), saved.conflicts)

    def breach(
        self,
        id: UUID,
        happened_at: datetime,
        learned_from: str,
        reported_at: datetime | None = None,
        police_number: str | None = None,
        outcome: str | None = None,
    ) -> Saved:
        """Record a breach (Administrative Code, Art 461). The order's term runs on. Refused outside the term."""
        order = self._refuse_outside_term(
            id, "happened_at", happened_at, N_("Before the order was served it could not be breached.")
        )
        if order.valid_to and happened_at >= order.valid_to:
            raise Refused(Problem("happened_at", N_("The order had expired by then: record a new incident instead.")))
        values = {"happened_at": happened_at, "learned_from": learned_from, "reported_at": reported_at}
        more = {"police_number": police_number, "outcome": outcome}
        return self._office.desk.save("order_breach", {"order_id": id, **values, **more})

    def _refuse_outside_term(self, id: UUID, field: str, at: datetime, too_early: str) -> ProtectiveOrder:
        order = self._office.desk.get("protective_order", id)
        assert isinstance(order, ProtectiveOrder)
        if not order.served_at or at < order.served_at:
            raise Refused(Problem(field, too_early))
        if at > clock.now():
            raise Refused(Problem(field, N_("This moment lies in the future.")))
        return order

    # Reading

    def current(self, at: datetime | None = None) -> list[OrderStanding]:
        """Orders not served yet or in force at the moment `at`: the first to end first, those not served last."""
        at = at or clock.now()
        table = ProtectiveOrder
        running = or_(table.valid_to.is_(None), table.valid_to > at)
        kept = or_(table.cancelled_at.is_(None), table.cancelled_at > at)
        standing = self._standing(_orders().where(table.archived.is_(False), running, kept), at)
        return sorted(standing, key=lambda order: (order.left is None, order.left or order.issued_at - at))

    def standing(self, ids: Iterable[UUID], at: datetime | None = None) -> dict[UUID, OrderStanding]:
        """Where these orders stand, by id, archived ones too."""
        query = _orders().where(ProtectiveOrder.id.in_(list(ids)))
        return {order.id: order for order in self._standing(query, at or clock.now())}

    def counts(self, at: datetime | None = None) -> dict[OrderState, int]:
        """How many orders are in each state at the moment `at`."""
        at = at or clock.now()
        table = ProtectiveOrder
        cancelled = and_(table.cancelled_at.is_not(None), table.cancelled_at <= at)
        kept = or_(table.cancelled_at.is_(None), table.cancelled_at > at)
        past = and_(kept, table.served_at.is_not(None), table.valid_to <= at)
        numbers = select(func.count().filter(cancelled), func.count().filter(past)).where(table.archived.is_(False))
        with self._office.database.read() as session:
            gone, expired = session.execute(numbers).one()
        counted = dict.fromkeys(OrderState, 0) | {OrderState.CANCELLED: gone, OrderState.EXPIRED: expired}
        for order in self.current(at):
            counted[order.state] += 1
        return counted

    def _standing(self, query: Select[Any], at: datetime) -> list[OrderStanding]:
        with self._office.database.read() as session:
            rows = session.execute(query).all()
        return [self._stands(order, number, breaches, checked, at) for order, number, breaches, checked in rows]

    def _stands(
        self, order: ProtectiveOrder, case_number: str | None, breaches: int, checked: datetime | None, at: datetime
    ) -> OrderStanding:
        assert order.case_id
        assert order.issued_at
        left = order.time_left(at)
        term = clock.between(order.served_at, order.valid_to) if order.valid_to and order.served_at else None
        return OrderStanding(
            order.id,
            order.number or "",
            order.case_id,
            case_number or "",
            order.issued_at,
            order.served_at,
            order.valid_to,
            order.state(at, bool(breaches)),
            breaches,
            checked,
            self._next_check(order, checked),
            left,
            left / term if left is not None and term else None,
        )

    def _next_check(self, order: ProtectiveOrder, checked: datetime | None) -> datetime | None:
        if not order.served_at or order.cancelled_at:
            return None
        reckoned = self._office.deadlines.law.reckon("ORDER_CHECK", checked or order.served_at)
        within = reckoned and (not order.valid_to or reckoned.due <= order.valid_to)
        return reckoned.due if reckoned and within else None


def _orders() -> Select[Any]:
    """Orders with the number of their case, how often they were breached, and when they were last checked."""
    breaches = select(func.count()).where(OrderBreach.order_id == ProtectiveOrder.id, OrderBreach.archived.is_(False))
    newest = func.max(OrderCheck.checked_at, type_=OrderCheck.__table__.columns["checked_at"].type)
    checked = select(newest).where(OrderCheck.order_id == ProtectiveOrder.id, OrderCheck.archived.is_(False))
    return select(ProtectiveOrder, Case.number, breaches.scalar_subquery(), checked.scalar_subquery()).join(
        Case, Case.id == ProtectiveOrder.case_id, isouter=True
    )
