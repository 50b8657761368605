"""What is open in a family: deadlines, orders in force, referrals on their way, errands, appointments to come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from familydesk.core.i18n import _
from familydesk.core.show import show_choice, show_day, show_moment
from familydesk.ui.list_rows import ListRow
from familydesk.ui.special.order_bar import order_clock
from familydesk.ui.special.today import due_row
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.records.appointment import Appointment
    from familydesk.records.errand import Errand
    from familydesk.records.referral import Referral
    from familydesk.services.due import Due
    from familydesk.services.family_page import FamilyPage
    from familydesk.services.orders import OrderStanding

OVER = ("EXPIRED", "CANCELLED")
"""States of an order that nobody has to act on any more."""


@dataclass(frozen=True, slots=True)
class DueMatter:
    """A deadline."""

    due: Due

    def row_for(self, place: Workplace) -> ListRow:
        """Its row; pressing it opens what is owed beside the page."""
        return due_row(place, self.due, numbered=False)


@dataclass(frozen=True, slots=True)
class OrderMatter:
    """An order not served yet or in force."""

    order: OrderStanding

    def row_for(self, place: Workplace) -> ListRow:
        """Its row, with its clock."""
        order = self.order
        title = _("Protective order No {number}").format(number=order.number)
        if order.served_at and order.valid_to:
            words = _("served {served}, in force until {until}")
            line = words.format(served=show_moment(order.served_at), until=show_moment(order.valid_to))
        else:
            line = _("issued {moment}, not served yet").format(moment=show_moment(order.issued_at))
        made = ListRow(place.theme, title, line, do=lambda: place.open_record("protective_order", order.id))
        made.add(order_clock(place.theme, order))
        return made


@dataclass(frozen=True, slots=True)
class Matter:
    """Anything else: a title, a line, a state in a chip, and the record that a press opens beside the page."""

    sheet: str
    id: UUID
    title: str
    line: str
    state: str = ""
    tone: str = "quiet"

    def row_for(self, place: Workplace) -> ListRow:
        """Its row."""
        return ListRow(
            place.theme, self.title, self.line, self.state, self.tone, lambda: place.write_aside(self.sheet, self.id)
        )


def matters(page: FamilyPage) -> list[DueMatter | OrderMatter | Matter]:
    """Deadlines first, the earliest on top; then what runs without one. Nothing stands here twice."""
    told = {due.id for due in page.dues if due.sheet in ("referral", "errand")}
    return [
        *(DueMatter(due) for due in page.dues if due.kind != "PROTECTIVE_ORDER"),
        *(OrderMatter(order) for order in page.orders if order.state.name not in OVER),
        *(_errand(one) for one in page.errands if one.id not in told),
        *(_appointment(one) for one in page.appointments),
        *_referrals(page, told),
    ]


def _referrals(page: FamilyPage, told: set[UUID]) -> Iterator[Matter]:
    for one in reversed(page.referrals):
        if one.id not in told:
            yield _referral(one, page.destinations.get(one.organisation_id, "") if one.organisation_id else "")


def _referral(one: Referral, organisation: str) -> Matter:
    title = _("Referral: {destination}").format(destination=organisation or show_choice(one.destination_kind or ""))
    sent = _("sent on {day}").format(day=show_day(one.sent_on)) if one.sent_on else _("not sent yet")
    answered = _("answered on {day}").format(day=show_day(one.answered_on)) if one.answered_on else ""
    line = ", ".join(part for part in (one.number or "", sent, answered) if part)
    if one.answered_on:
        return Matter("referral", one.id, title, line, show_choice(one.answer) if one.answer else _("answered"), "good")
    return Matter("referral", one.id, title, line, "" if one.sent_on else _("not sent"), "due")


def _errand(one: Errand) -> Matter:
    line = _("until {day}").format(day=show_day(one.due_on)) if one.due_on else ""
    return Matter("errand", one.id, one.what or _("Errand"), line)


def _appointment(one: Appointment) -> Matter:
    when = show_moment(one.starts_at) if one.starts_at else ""
    return Matter("appointment", one.id, _("Appointment: {kind}").format(kind=show_choice(one.kind or "")), when)
