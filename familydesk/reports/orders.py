"""Protective orders: on hand, new, ended, breached. An order is on hand from its service to its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from familydesk.core.i18n import N_
from familydesk.records.order_breach import OrderBreach
from familydesk.records.protective_order import ProtectiveOrder
from familydesk.reports.figure import Figure
from familydesk.reports.source import Section, Source, columns_of, raw, standing, within
from familydesk.reports.table import NOT_RECORDED, TOTAL, TOTAL_NAME, Relation, Row, Table, group, name_of

SHEET = "protective_order"

FROM_SERVICE = N_("The term of an order runs from its service; an order that is not served is not on hand.")


def section(source: Source) -> Section:
    """The balance of orders, and what else happened to orders in the period."""
    here, starts = columns_of(ProtectiveOrder), source.period.starts
    columns = (
        raw(here.id).label("id"),
        here.issued_at,
        here.served_at,
        here.valid_to,
        here.cancelled_at,
        here.issued_by,
    )
    orders = source.rows(
        select(*columns).where(
            standing(ProtectiveOrder, here.issued_at < source.period.ends),
            or_(here.issued_at >= starts, here.valid_to.is_(None), here.valid_to >= starts),
        )
    )
    return Section(
        "orders", N_("Protective orders"), (_balance(source, orders), _events(source, orders), _by_body(source, orders))
    )


def _balance(source: Source, orders: list[Any]) -> Table:
    starts, ends, holds = source.period.starts, source.period.ends, source.period.holds
    served = [order for order in orders if _was_in_force(order)]

    def figure(fits: Callable[[datetime, datetime | None, Any], bool]) -> Figure:
        return Figure.of(SHEET, (order.id for order in served if fits(order.served_at, _ended(order), order)))

    start = figure(lambda begun, ended, order: begun < starts and (ended is None or ended >= starts))
    new = figure(lambda begun, ended, order: holds(begun))
    expired = figure(lambda begun, ended, order: bool(ended and holds(ended) and ended != order.cancelled_at))
    cancelled = figure(lambda begun, ended, order: bool(ended and holds(ended) and ended == order.cancelled_at))
    end = figure(lambda begun, ended, order: begun < ends and (ended is None or ended >= ends))
    return Table(
        "orders_on_hand",
        N_("Protective orders on hand"),
        (N_("Orders"),),
        (
            Row(N_("On hand at the start of the period"), (start,), name="START"),
            Row(N_("New: served in the period"), (new,), name="NEW"),
            Row(N_("Expired in the period"), (expired,), name="EXPIRED"),
            Row(N_("Cancelled in the period"), (cancelled,), name="CANCELLED"),
            Row(N_("On hand at the end of the period"), (end,), total=True, name="END"),
        ),
        (FROM_SERVICE,),
        (Relation((start, new), (expired, cancelled, end)),),
        names=("ORDERS",),
    )


def _events(source: Source, orders: list[Any]) -> Table:
    issued = Figure.of(SHEET, (order.id for order in orders if source.period.holds(order.issued_at)))
    waiting = (order.id for order in orders if _waits(order, source.period.ends))
    breach = columns_of(OrderBreach)
    columns = (raw(breach.id).label("id"), raw(breach.order_id).label("order_id"))
    breaches = source.rows(select(*columns).where(standing(OrderBreach, within(breach.happened_at, source.period))))
    breached = Figure.of(SHEET, (row.order_id for row in breaches))
    times = Figure.of("order_breach", (row.id for row in breaches))
    return Table(
        "orders_in_the_period",
        N_("What happened to orders"),
        (N_("How many"),),
        (
            Row(N_("Orders issued in the period"), (issued,), name="ISSUED"),
            Row(N_("Issued and not served by the end of the period"), (Figure.of(SHEET, waiting),), name="NOT_SERVED"),
            Row(N_("Orders breached in the period"), (breached,), name="BREACHED"),
            Row(N_("Breaches in the period"), (times,), name="BREACHES"),
        ),
        names=("COUNT",),
    )


def _by_body(source: Source, orders: list[Any]) -> Table:
    """Orders issued in the period by the body that issued them, most first. Spellings that differ in capitals or
    spaces are one body, under the name that was typed most often.
    """
    issued = [order for order in orders if source.period.holds(order.issued_at)]
    spellings: dict[str, Counter[str]] = {}
    for order in issued:
        spellings.setdefault(_folded(order.issued_by), Counter())[order.issued_by or ""] += 1
    counted = group((_folded(order.issued_by), order.id) for order in issued)
    bodies = sorted(counted, key=lambda body: (not body, -len(counted[body]), body))
    rows = [
        Row(
            spellings[body].most_common(1)[0][0], (Figure.of(SHEET, counted[body]),), name=f"BODY_{place}", written=True
        )
        if body
        else Row(NOT_RECORDED, (Figure.of(SHEET, counted[body]),), name=name_of(None))
        for place, body in enumerate(bodies, 1)
    ]
    total = Figure.of(SHEET, (order.id for order in issued))
    return Table(
        "orders_by_body",
        N_("Orders issued in the period, by the body that issued them"),
        (N_("Orders"),),
        (*rows, Row(TOTAL, (total,), total=True, name=TOTAL_NAME)),
        relations=(Relation((total,), tuple(cell for row in rows for cell in row.cells if isinstance(cell, Figure))),),
        stub=N_("Body that issued it"),
        names=("ORDERS",),
    )


def _folded(body: str | None) -> str:
    return " ".join((body or "").casefold().split())


def _ended(order: Any) -> datetime | None:
    """The end of the term or the day of cancelling, whichever came first."""
    return min((moment for moment in (order.cancelled_at, order.valid_to) if moment), default=None)


def _was_in_force(order: Any) -> bool:
    ended = _ended(order)
    return bool(order.served_at and (ended is None or order.served_at < ended))


def _waits(order: Any, at: datetime) -> bool:
    not_served = order.served_at is None or order.served_at >= at
    return not_served and not (order.cancelled_at and order.cancelled_at < at)
