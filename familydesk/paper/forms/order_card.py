"""The control card of a protective order: the center's own tracking sheet, unlike the police's form on purpose."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from typing import Any, cast

from familydesk.core.clock import ZONE
from familydesk.core.i18n import _
from familydesk.core.show import show_moment
from familydesk.paper.dossier import Dossier, full_name, initials
from familydesk.paper.people import name_and_birth
from familydesk.paper.story import Story
from familydesk.paper.strips import Cell
from familydesk.paper.wording import NOT_THE_ORDER, TITLES
from familydesk.records.case import Case
from familydesk.records.incident import Incident
from familydesk.records.order_breach import OrderBreach
from familydesk.records.order_check import OrderCheck
from familydesk.records.person import Person
from familydesk.records.protective_order import ProtectiveOrder, Restriction, Serving
from familydesk.records.staff_member import StaffMember

WEEK = timedelta(days=7)


def layout(file: Dossier) -> list[Any]:
    """The order, the people, service and term, weekly checks, breaches, what to do at a breach."""
    sheet = Story(file)
    order = cast(ProtectiveOrder, file.subject)
    sheet.title(TITLES["ORDER_CARD"])
    sheet.text("\n".join(NOT_THE_ORDER), above=0, frame=0.5)
    _order(sheet, order)
    _people(sheet, order)
    _term(sheet, order)
    _checks(sheet, order)
    _breaches(sheet, order)
    _end(sheet, order)
    return sheet.blocks


def _order(sheet: Story, order: ProtectiveOrder) -> None:
    sheet.section(_("1. The order"))
    sheet.fields(
        [sheet.cell(order, "number", 3), sheet.cell(order, "issued_at", 3), sheet.cell(order, "issued_by", 6)],
        [sheet.cell(order, "issued_place", 4), sheet.cell(order, "officer", 5), sheet.cell(order, "officer_phone", 3)],
    )
    sheet.law(order.issued_at.date() if order.issued_at else None, "PROTECTIVE_ORDER")


def _people(sheet: Story, order: ProtectiveOrder) -> None:
    file = sheet.file
    offender, victim = file.of(Person, order.offender_id), file.of(Person, order.victim_id)
    incident = file.of(Incident, order.incident_id)
    sheet.section(_("2. People and restrictions"))
    sheet.fields(
        [Cell(_("Protected person"), full_name(victim), 6), Cell(_("Offender"), name_and_birth(offender), 6)],
        [sheet.cell(incident, "offender_relation", 6), sheet.cell(incident, "police_number", 6)],
    )
    sheet.ticks(
        _("What the order forbids against the will of the protected person"), Restriction, order.restrictions or (), 2
    )


def _term(sheet: Story, order: ProtectiveOrder) -> None:
    file = sheet.file
    sheet.section(_("3. Service and term"))
    if sheet.by_hand:
        sheet.ticks(_("How it was served"), Serving, (), 2)
        how = Cell(_("Cancelled on appeal"), "", 4)
    else:
        how = sheet.cell(order, "served_how", 4)
    state = "" if sheet.by_hand else _(order.state(file.drawn_at, bool(_own(file, OrderBreach, order))).value)
    sheet.fields(
        [sheet.cell(order, "served_at", 4), sheet.cell(order, "valid_to", 4), how],
        [sheet.cell(order, "copy_to_victim_at", 4), sheet.cell(order, "copy_to_prosecutor_at", 4)]
        + [Cell(_("State on the day of printing"), state, 4)],
    )
    sheet.fine(_("The term runs from service, hour by hour. A breach does not end it."))


def _own(file: Dossier, sheet: type[Any], order: ProtectiveOrder) -> list[Any]:
    return [] if file.blank else file.where(sheet, order_id=order.id)


def _checks(sheet: Story, order: ProtectiveOrder) -> None:
    file = sheet.file
    done = _own(file, OrderCheck, order)
    rows = [
        [str(number), show_moment(by) if by else "", *_check(file, check)]
        for number, (by, check) in enumerate(zip_longest(_weeks(order), done), 1)
    ]
    columns = (
        ("№", 0.7),
        (_("Due by"), 2.7),
        (_("Checked"), 2.7),
        (_("Who checked"), 3.4),
        (_("Finding"), 2.8),
        (_("Remarks"), 4),
    )
    sheet.section(_("4. Weekly checks"))
    sheet.table(columns, rows, hand_rows=5, none=_("The checks begin when the order has been served."))


def _check(file: Dossier, check: OrderCheck | None) -> list[str]:
    names = ("checked_at", "checked_by", "finding", "remarks")
    return [file.text(check, name) if check else "" for name in names]


def _weeks(order: ProtectiveOrder) -> list[datetime]:
    if not (order.served_at and order.valid_to):
        return []
    # Hour by hour, as the term itself: the wall clocks of the country were changed in 2024.
    served, end = order.served_at.astimezone(UTC), order.valid_to.astimezone(UTC)
    return [(served + WEEK * number).astimezone(ZONE) for number in range(1, int((end - served) / WEEK) + 1)]


def _breaches(sheet: Story, order: ProtectiveOrder) -> None:
    file = sheet.file
    columns = (
        (_("Happened"), 2.7),
        (_("How it became known"), 4),
        (_("Reported to 102"), 2.7),
        (_("Police book of records, No"), 2.8),
        (_("Outcome"), 4.6),
    )
    names = ("happened_at", "learned_from", "reported_at", "police_number", "outcome")
    rows = [[file.text(it, name) for name in names] for it in _own(file, OrderBreach, order)]
    sheet.section(_("5. Breaches"))
    sheet.table(columns, rows, hand_rows=3, none=_("No breach has been recorded."))


def _end(sheet: Story, order: ProtectiveOrder) -> None:
    file = sheet.file
    with sheet.together():
        sheet.text(
            _("At a breach call 102 at once, write down the number of the record, tell the head of the center."),
            above=6,
            frame=0.8,
        )
        last = order.valid_to or order.issued_at
        sheet.law(last.date() if last else None, "PROTECTIVE_ORDER_BREACH")
        worker = file.of(StaffMember, file.one(Case).responsible_id)
        sheet.signatures((worker.position or _("Responsible for the case"), initials(worker), ""))
