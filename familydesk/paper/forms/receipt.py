"""The receipt of an application, twice on one sheet: one half goes home and says nothing of the reason, one stays."""

from __future__ import annotations

from typing import Any, cast

from familydesk.core.i18n import _
from familydesk.core.show import show_moment
from familydesk.paper.dossier import Dossier, full_name, initials
from familydesk.paper.story import Story
from familydesk.paper.strips import Cell
from familydesk.paper.text import LABEL, SMALL
from familydesk.paper.wording import TITLES
from familydesk.records.application import Application
from familydesk.records.person import Person
from familydesk.records.staff_member import StaffMember

DUTIES = ("PRIMARY_ASSESSMENT", "PRIMARY_ASSESSMENT_URGENT")


def layout(file: Dossier) -> list[Any]:
    """The client's half above the line, the center's below it."""
    sheet = Story(file)
    application = cast(Application, file.subject)
    sheet.text(_("Stays with the person who applied"), LABEL)
    _half(sheet, application)
    sheet.text(_next(file, application), above=6)
    sheet.signatures((_("Taken by"), _taker(file, application), ""), seal=True)
    sheet.cut()
    sheet.text(_("Stays with the center"), LABEL)
    _half(sheet, application)
    sheet.text(_("I have received the receipt of my application."), SMALL)
    sheet.signatures((_("Applicant"), initials(file.of(Person, application.person_id)), ""))
    return sheet.blocks


def _half(sheet: Story, application: Application) -> None:
    file = sheet.file
    applicant = file.of(Person, application.person_id)
    sheet.title(TITLES["RECEIPT"])
    sheet.fields(
        [sheet.cell(application, "number", 4), sheet.cell(application, "received_at", 4)]
        + [Cell(_("Taken by"), _taker(file, application), 4)],
        [
            Cell(_("Applicant"), full_name(applicant), 8),
            Cell(_("Telephone of the center"), file.text(file.center, "phone"), 4),
        ],
    )


def _taker(file: Dossier, application: Application) -> str:
    named = file.of(StaffMember, application.taken_by_id)
    return application.taken_by or initials(named)


def _next(file: Dossier, application: Application) -> str:
    own = (it for it in file.deadlines if it.kind in DUTIES and it.record_id == application.id)
    due = next(own, None)
    if due is None:
        return _("The center studies the application and tells you what comes next.")
    return _("The center studies the application by {moment} and tells you what comes next.").format(
        moment=show_moment(due.due)
    )
