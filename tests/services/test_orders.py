from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from small_center import NOW, Center

from familydesk.core import clock
from familydesk.core.errors import Refused
from familydesk.records.order_check import CheckFinding
from familydesk.records.protective_order import OrderState, Serving
from familydesk.services.office import Office

SERVED = NOW - timedelta(days=9)
TERM = timedelta(days=30)


@pytest.fixture
def order(center: Center) -> UUID:
    person = center.person()
    return center.order(center.case(person), person)


def test_serving_an_order_starts_its_term(office: Office, order: UUID) -> None:
    saved = office.orders.serve(order, SERVED, Serving.SIGNED)
    assert saved.record.valid_to == SERVED + TERM
    (standing,) = office.orders.current()
    assert standing.state is OrderState.SERVED
    assert standing.left == TERM - timedelta(days=9)
    assert standing.share_left == pytest.approx(0.7)
    assert standing.left_text == "21 days left"
    assert standing.next_check == SERVED + timedelta(days=7)


def test_serving_again_corrects_the_term(office: Office, order: UUID) -> None:
    office.orders.serve(order, SERVED)
    corrected = office.orders.serve(order, SERVED + timedelta(hours=3))
    assert corrected.record.valid_to == SERVED + timedelta(hours=3) + TERM


def test_an_order_cannot_be_served_before_it_is_issued(office: Office, order: UUID) -> None:
    with pytest.raises(Refused) as refused:
        office.orders.serve(order, NOW - timedelta(days=11))
    assert refused.value.problems[0].field == "served_at"


def test_an_order_that_is_not_served_has_no_clock(office: Office, order: UUID) -> None:
    (standing,) = office.orders.current()
    assert (standing.state, standing.left, standing.share_left) == (OrderState.ISSUED, None, None)
    assert standing.left_text == "Issued, not served"
    with pytest.raises(Refused):
        office.orders.check(order, NOW, "Инспектор", CheckFinding.KEPT)
    with pytest.raises(Refused):
        office.orders.breach(order, NOW, "Жәбірленуші")


def test_a_check_moves_the_next_one_a_week_on(office: Office, order: UUID) -> None:
    office.orders.serve(order, SERVED)
    office.orders.check(order, NOW - timedelta(hours=1), "Инспектор", CheckFinding.KEPT)
    standing = office.orders.standing([order])[order]
    assert standing.last_checked_at == NOW - timedelta(hours=1)
    assert standing.next_check == NOW + timedelta(days=7, hours=-1)


def test_a_check_that_found_signs_of_a_breach_asks_for_the_breach(office: Office, order: UUID) -> None:
    office.orders.serve(order, SERVED)
    saved = office.orders.check(order, NOW, "Инспектор", CheckFinding.BREACH)
    assert [problem.field for problem in saved.warnings] == ["finding"]


def test_a_breach_does_not_end_the_term(office: Office, order: UUID) -> None:
    office.orders.serve(order, SERVED)
    office.orders.breach(order, NOW - timedelta(hours=2), "Жәбірленуші", reported_at=NOW)
    standing = office.orders.standing([order])[order]
    assert (standing.state, standing.breaches) == (OrderState.BREACHED, 1)
    assert standing.valid_to == SERVED + TERM
    with clock.stopped(SERVED + TERM):
        assert office.orders.standing([order])[order].state is OrderState.EXPIRED


def test_after_its_end_an_order_cannot_be_breached(office: Office, order: UUID) -> None:
    office.orders.serve(order, SERVED)
    with clock.stopped(SERVED + TERM + timedelta(days=1)), pytest.raises(Refused) as refused:
        office.orders.breach(order, SERVED + TERM, "Жәбірленуші")
    assert refused.value.problems[0].field == "happened_at"


def test_orders_are_counted_by_state(office: Office, center: Center) -> None:
    person = center.person()
    case = center.case(person)
    center.order(case, person)
    in_force, breached, cancelled = (center.order(case, person, served_at=SERVED) for _ in range(3))
    office.orders.breach(breached, NOW, "Жәбірленуші", reported_at=NOW)
    office.desk.save("protective_order", {"cancelled_at": NOW - timedelta(days=1)}, cancelled)
    counted = office.orders.counts()
    assert counted[OrderState.ISSUED] == counted[OrderState.SERVED] == counted[OrderState.BREACHED] == 1
    assert (counted[OrderState.CANCELLED], counted[OrderState.EXPIRED]) == (1, 0)
    later = office.orders.counts(SERVED + TERM)
    assert (later[OrderState.EXPIRED], later[OrderState.SERVED]) == (2, 0)
    assert sum(later.values()) == sum(counted.values()) == 4
    assert in_force in {order.id for order in office.orders.current()}


def test_the_order_that_ends_first_stands_first(office: Office, center: Center) -> None:
    person = center.person()
    case = center.case(person)
    waiting = center.order(case, person)
    late = center.order(case, person, served_at=SERVED + timedelta(days=3))
    soon = center.order(case, person, served_at=SERVED)
    assert [order.id for order in office.orders.current()] == [soon, late, waiting]
