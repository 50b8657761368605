"""What can be added to a family's page and changed on it: forms beside the page, with what is known filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtWidgets import QMenu

from familydesk.core import clock
from familydesk.core.i18n import _, translate
from familydesk.records import sheet_of
from familydesk.records.family_member import FamilyRole
from familydesk.ui.parts import offer
from familydesk.ui.special.restricting import open_restricting
from familydesk.ui.tasks import Task
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.services.family_page import FamilyPage


def additions(page: FamilyPage, me: UUID) -> list[tuple[str, dict[str, Any]]]:
    """Sheets that can be added to a case, each with the values that go without saying."""
    case = page.case
    if case is None:
        return []
    of_case: dict[str, Any] = {"case_id": case.id}
    of_client = of_case | {"person_id": case.client_id}
    offender = [member.person_id for member in page.members if member.offender]
    sides = of_case | {"victim_id": case.client_id} | ({"offender_id": offender[0]} if len(offender) == 1 else {})
    now = clock.now()
    return [
        ("consultation", of_client | {"held_at": now, "specialist_id": me}),
        ("incident", sides | {"learned_at": now}),
        ("protective_order", sides),
        ("referral", of_client),
        ("case_note", of_case | {"written_at": now, "author_id": me}),
        ("errand", of_case | {"who_id": me}),
        ("appointment", of_client | {"staff_id": me}),
        ("consent", of_client | {"given_on": now.date()}),
        *_assessment(page, me),
    ]


def _assessment(page: FamilyPage, me: UUID) -> list[tuple[str, dict[str, Any]]]:
    applications = [event.id for event in page.events if event.sheet == "application"]
    if not applications or page.case is None:
        return []
    values = {"case_id": page.case.id, "application_id": applications[-1], "done_by_id": me}
    return [("assessment", values | {"done_on": clock.today()})]


def fill_adding(menu: QMenu, place: Workplace, page: FamilyPage) -> None:
    """Everything that can be added, named by its sheet."""
    for sheet, values in additions(page, place.office.me):
        _entry(menu, translate(sheet_of(sheet).title), place, sheet, values)
    if menu.actions():
        menu.addSeparator()
    if page.family:
        _entry(menu, translate(sheet_of("family_member").title), place, "family_member", {"family_id": page.family.id})
    else:
        offer(menu, _("Make a family of this case")).triggered.connect(lambda: found_family(place, page))
    for member in page.members[:1]:
        _entry(menu, translate(sheet_of("person_phone").title), place, "person_phone", {"person_id": member.person_id})
    if page.case is None or page.case.closed_on:
        offer(menu, _("Open a case")).triggered.connect(lambda: open_case(place, page))


def fill_editing(menu: QMenu, place: Workplace, page: FamilyPage) -> None:
    """The records that the page is made of."""
    if page.case:
        case_id = page.case.id
        offer(menu, translate(sheet_of("case").title)).triggered.connect(lambda: place.write_aside("case", case_id))
    if page.family:
        family_id = page.family.id
        offer(menu, translate(sheet_of("family").title)).triggered.connect(
            lambda: place.write_aside("family", family_id)
        )
    for member in page.members:
        offer(menu, member.name).triggered.connect(lambda _on, one=member: place.open_record("person", one.person_id))
    menu.addSeparator()
    if page.case:
        offer(menu, _("Whole record of the case and its history")).triggered.connect(
            _whole(place, "case", page.case.id)
        )
        restricted = _("Who is named in the restricted case…") if page.restricted else _("Restrict the case…")
        offer(menu, restricted).triggered.connect(lambda: open_restricting(place, case_id))
    if page.family:
        offer(menu, _("Whole record of the family and its history")).triggered.connect(
            _whole(place, "family", page.family.id)
        )


def open_case(place: Workplace, page: FamilyPage) -> None:
    """A case of this family, written beside the page."""
    clients = [one for one in page.members if one.place is FamilyRole.CLIENT] or list(page.members)
    values: dict[str, Any] = {"opened_on": clock.today(), "responsible_id": place.office.me}
    values |= {"family_id": page.family.id} if page.family else {}
    values |= {"client_id": clients[0].person_id} if clients else {}
    place.write_aside("case", values=values)


def found_family(place: Workplace, page: FamilyPage) -> None:
    """A family named after the client, with her in it, and the case in the family."""
    case, office = page.case, place.office
    if case is None or not page.members:
        return
    client = page.members[0]
    case_id, surname = case.id, client.name.partition(" ")[0]
    task = Task(place, lambda: office.families.found(case_id, client.person_id, surname))
    task.then(lambda _family: place.say(_("The case has a family now. Add its members.")))
    task.failed(place.tell_failure).start()


def _entry(menu: QMenu, words: str, place: Workplace, sheet: str, values: Mapping[str, Any]) -> None:
    offer(menu, words).triggered.connect(lambda: place.write_aside(sheet, values=values))


def _whole(place: Workplace, sheet: str, record_id: UUID) -> Callable[[], None]:
    def opened() -> None:
        from familydesk.ui.record_page import RecordPage

        place.open_screen(f"{sheet}-record", lambda: RecordPage(place, sheet, record_id))

    return opened
