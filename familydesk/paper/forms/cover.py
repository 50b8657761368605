"""The cover of a case folder with its contents: a number and a name, nothing of where she lives or what happened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from familydesk.core.i18n import N_, _, spoken
from familydesk.paper.blocks import TITLE, Lines
from familydesk.paper.dossier import Dossier, day_text, initials
from familydesk.paper.story import Story
from familydesk.paper.strips import Cell
from familydesk.paper.wording import CASE, TITLES
from familydesk.records.application import Application
from familydesk.records.assessment import Assessment
from familydesk.records.case import Case
from familydesk.records.consent import Consent
from familydesk.records.consultation import Consultation
from familydesk.records.mandatory_notice import MandatoryNotice
from familydesk.records.person import Person
from familydesk.records.protective_order import ProtectiveOrder
from familydesk.records.referral import Referral
from familydesk.records.staff_member import StaffMember

Entry = tuple[str, str, str]
"""A document in the folder: what it is, its number, its day."""

EMPTY_LINES = 4

HAND_ENTRIES = (
    N_("Intake card"),
    N_("Consent to process personal data"),
    N_("Primary assessment"),
    N_("Individual plan"),
    N_("Review of the plan"),
    N_("Extract from the consultation journal"),
    N_("Referrals and answers"),
    N_("Control cards"),
    N_("Visit records"),
    N_("Records of stay"),
    N_("Reckoning of maintenance"),
    N_("Mediation"),
    N_("Mandatory notices"),
    N_("Record of closing"),
    N_("Sheet of access"),
)
"""The order in which a folder is bound."""


def layout(file: Dossier) -> list[Any]:
    """Number, surname with initials, days, who is responsible; then the list."""
    sheet = Story(file)
    case = cast(Case, file.subject)
    sheet.space(14)
    number = "______________" if file.blank else (case.number or "")
    sheet.blocks.append(Lines(f"{CASE[spoken() == 'ru']} № {number}", TITLE, align="centre", below=10))
    client = initials(file.of(Person, case.client_id))
    sheet.fields(
        [Cell(_("Client"), client, 6), sheet.cell(case, "responsible_id", 6)],
        [sheet.cell(case, "opened_on", 4), sheet.cell(case, "closed_on", 4), Cell(_("Keep until"), "", 4)],
    )
    sheet.title(TITLES["COVER"])
    _contents(sheet, case)
    _end(sheet, case)
    return sheet.blocks


def _contents(sheet: Story, case: Case) -> None:
    columns = (
        ("№", 0.8),
        (_("Document"), 7),
        (_("Document's number"), 3),
        (_("Date"), 2),
        (_("Pages"), 1.6),
        (_("Remarks"), 2.6),
    )
    entries = [(_(text), "", "") for text in HAND_ENTRIES] if sheet.by_hand else list(_entries(sheet.file, case))
    rows = [[str(number), *entry, "", ""] for number, entry in enumerate(entries, 1)]
    rows += [[str(number), "", "", "", "", ""] for number in range(len(rows) + 1, len(rows) + 1 + EMPTY_LINES)]
    sheet.listed(columns, rows)


def _entries(file: Dossier, case: Case) -> Iterator[Entry]:
    yield _("Intake card"), case.number or "", day_text(case.opened_on)
    for application in file.all(Application):
        received = application.received_at
        yield _("Application"), application.number or "", day_text(received.date() if received else None)
    for consent in file.all(Consent):
        yield _("Consent to process personal data"), "", day_text(consent.given_on)
    for assessment in file.all(Assessment):
        yield _("Primary assessment"), "", day_text(assessment.done_on)
    if file.all(Consultation):
        yield _("Extract from the consultation journal"), "", day_text(file.drawn_at.date())
    for referral in file.all(Referral):
        yield _("Referral letter"), referral.number or "", day_text(referral.sent_on)
    for order in file.all(ProtectiveOrder):
        yield _("Control card"), "", day_text(order.issued_at.date() if order.issued_at else None)
    for notice in file.all(MandatoryNotice):
        yield _("Mandatory notice"), notice.number or "", day_text(notice.sent_at.date() if notice.sent_at else None)
    if case.closed_on:
        yield _("Record of closing"), "", day_text(case.closed_on)


def _end(sheet: Story, case: Case) -> None:
    worker = sheet.file.of(StaffMember, case.responsible_id)
    with sheet.together():
        sheet.fields([Cell(_("Sheets bound and numbered, in figures and words"), "", 12)])
        sheet.signatures((worker.position or _("Responsible for the case"), initials(worker), ""), seal=True)
