"""The one-stop-shop case form: what the center knows of one family and does for it, for the folder and for signing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from familydesk.core.i18n import _, ngettext
from familydesk.paper.dossier import Dossier, age_text, day_text, full_name, initials, joined, moment_text
from familydesk.paper.people import address_text, identity, phones_text
from familydesk.paper.story import Story
from familydesk.paper.strips import Cell
from familydesk.paper.text import SMALL
from familydesk.paper.wording import TITLES
from familydesk.records.application import ApplicantKind, Application, Channel
from familydesk.records.assessment import Assessment, Ground
from familydesk.records.case import Case
from familydesk.records.consent import Consent
from familydesk.records.consultation import Consultation
from familydesk.records.family import Family, RiskMarker
from familydesk.records.family_member import FamilyMember
from familydesk.records.incident import Incident, ViolenceForm
from familydesk.records.mandatory_notice import MandatoryNotice
from familydesk.records.order_breach import OrderBreach
from familydesk.records.person import Person
from familydesk.records.protective_order import ProtectiveOrder
from familydesk.records.referral import Referral
from familydesk.records.staff_member import Role, StaffMember


def layout(file: Dossier) -> list[Any]:
    """Intake card, client, family, assessment, incidents and orders, services, deadlines, signatures."""
    sheet = Story(file)
    case = cast(Case, file.subject)
    client = file.of(Person, case.client_id)
    sheet.title(TITLES["CASE_FORM"])
    _intake(sheet, case)
    _client(sheet, client)
    _family(sheet, case)
    _assessment(sheet, case)
    _incidents(sheet)
    _orders(sheet)
    _services(sheet)
    _notices(sheet)
    _deadlines(sheet)
    _signatures(sheet, case, client)
    return sheet.blocks


def _intake(sheet: Story, case: Case) -> None:
    first = sheet.file.one(Application)
    sheet.section(_("1. Intake"))
    sheet.fields(
        [sheet.cell(case, "number", 3), sheet.cell(case, "opened_on", 2), sheet.cell(case, "stage", 3)]
        + [sheet.cell(case, "responsible_id", 4)],
        [sheet.cell(first, "number", 3), sheet.cell(first, "received_at", 3), sheet.cell(first, "sender", 6)],
    )
    if sheet.by_hand:
        sheet.ticks(_("Kind of application"), Channel, (), 4)
        sheet.ticks(_("Who applies"), ApplicantKind, (), 3)
    else:
        sheet.fields(
            [sheet.cell(first, "channel", 6), sheet.cell(first, "reason", 6)],
            [sheet.cell(first, "applicant_kind", 4), sheet.cell(first, "why_not_herself", 8)],
        )
    sheet.fields(
        [sheet.cell(first, "threat_to_life", 3), sheet.cell(first, "repeated", 3)]
        + [Cell(_("Taken by"), first.taken_by or sheet.file.text(first, "taken_by_id"), 6)]
    )
    sheet.note(_("Reason in her own words"), first.reason_text or "", 3)
    later = sheet.file.all(Application)[1:]
    if later:
        columns = (("№", 2), (_("Received"), 2), (_("Kind of application"), 4), (_("Reason"), 4), (_("Result"), 4))
        names = ("number", "received_at", "channel", "reason", "result")
        sheet.table(columns, [[sheet.file.text(it, name) for name in names] for it in later])


def _client(sheet: Story, client: Person) -> None:
    sheet.section(_("2. Client"))
    identity(sheet, client)
    sheet.fields(
        [sheet.cell(client, "citizenship"), sheet.cell(client, "document", 8)],
        [sheet.cell(client, "marital_status"), sheet.cell(client, "disability"), sheet.cell(client, "occupation")],
        [sheet.cell(client, "languages", 8), sheet.cell(client, "interpreter", 4)],
        [Cell(_("Telephone"), phones_text(sheet.file, client), 5)]
        + [Cell(_("Address"), address_text(sheet.file, client), 7)],
    )


def _family(sheet: Story, case: Case) -> None:
    file = sheet.file
    family = file.of(Family, case.family_id)
    sheet.section(_("3. Family"))
    columns = (
        ("№", 0.7),
        (_("Surname, given name, patronymic"), 5),
        (_("Relation"), 3),
        (_("Date of birth, age"), 2.8),
        (_("Lives together"), 1.9),
        (_("Work or study"), 3),
    )
    sheet.table(columns, [_member(file, number, it) for number, it in enumerate(file.all(FamilyMember), 1)])
    sheet.fields(
        [sheet.cell(family, "kind"), sheet.cell(family, "housing"), sheet.cell(family, "monthly_income")],
        [
            sheet.cell(case, "map_level", 4),
            sheet.cell(case, "map_level_on", 3),
            sheet.cell(case, "map_level_source", 5),
        ],
    )
    sheet.ticks(_("Signs of hardship"), RiskMarker, family.markers or (), 4)
    sheet.note(_("Situation of the family"), case.situation or "", 4)
    sheet.note(_("What the family wants"), case.goal or "", 2)


def _member(file: Dossier, number: int, member: FamilyMember) -> list[str]:
    person = file.of(Person, member.person_id)
    born = joined((day_text(person.born_on), age_text(person.born_on, file.drawn_at.date())))
    place = (file.text(member, "relation"), born, file.text(member, "lives_together"), person.occupation or "")
    return [str(number), full_name(person), *place]


def _assessment(sheet: Story, case: Case) -> None:
    found = sheet.file.one(Assessment)
    application = sheet.file.of(Application, found.application_id)
    sheet.section(_("4. Primary assessment"))
    sheet.fields(
        [sheet.cell(found, "done_on", 2), sheet.cell(found, "done_by_id", 4), sheet.cell(found, "conclusion", 4)]
        + [sheet.cell(case, "danger", 2)]
    )
    received = application.received_at.date() if application.received_at else case.opened_on
    sheet.law(received, "PRIMARY_ASSESSMENT")
    sheet.ticks(_("Grounds"), Ground, found.grounds or (), 2)


def _incidents(sheet: Story) -> None:
    file = sheet.file
    sheet.section(_("5. Incidents"))
    incidents: Sequence[Incident] = [Incident()] if sheet.by_hand else file.all(Incident)
    if not incidents:
        sheet.text(_("No incident has been recorded."), SMALL)
    for incident in incidents:
        sheet.fields(
            [sheet.cell(incident, "happened_at", 3), sheet.cell(incident, "offender_relation", 4)]
            + [sheet.cell(incident, "severity", 5)],
        )
        sheet.ticks(_("Forms of violence"), ViolenceForm, incident.forms or (), 3)
        sheet.fields(
            [sheet.cell(incident, "threat_to_life", 3), sheet.cell(incident, "weapon", 3)]
            + [
                sheet.cell(incident, "strangulation", 3),
                Cell(_("Children present"), _count(incident.children_present), 3),
            ],
            [sheet.cell(incident, "police_called", 3), sheet.cell(incident, "police_number", 4)]
            + [sheet.cell(incident, "police_registered_on", 5)],
        )
        sheet.note(_("Circumstances"), incident.circumstances or "", 3)
        sheet.note(_("Injuries"), incident.injuries or "", 2)
        sheet.note(_("What the victim decided"), incident.victim_wishes or "", 2)
        sheet.space(6)


def _count(number: int | None) -> str:
    return "" if number is None else str(number)


def _orders(sheet: Story) -> None:
    file = sheet.file
    breached = {breach.order_id for breach in file.all(OrderBreach)}
    columns = (
        (_("Order No"), 2),
        (_("Body that issued it"), 4),
        (_("Issued"), 2.4),
        (_("Served"), 2.4),
        (_("In force until"), 2.4),
        (_("How it stands"), 2.4),
    )
    names = ("number", "issued_by", "issued_at", "served_at", "valid_to")
    rows = [
        [file.text(order, name) for name in names] + [_state(file, order, order.id in breached)]
        for order in file.all(ProtectiveOrder)
    ]
    sheet.section(_("6. Protective orders"))
    sheet.table(columns, rows, hand_rows=2, none=_("No protective order has been recorded."))


def _state(file: Dossier, order: ProtectiveOrder, breached: bool) -> str:
    return _(order.state(file.drawn_at, breached).value)


def _services(sheet: Story) -> None:
    file = sheet.file
    sheet.section(_("7. Consultations"))
    sheet.table(
        (
            (_("Held"), 2.7),
            (_("Kind of consultation"), 2.8),
            (_("Form"), 2.4),
            (_("Length"), 1.8),
            (_("Specialist"), 2.6),
            (_("Agreed steps"), 4.6),
        ),
        [
            [file.text(it, name) for name in ("held_at", "kind", "form", "minutes", "specialist_id", "agreed_steps")]
            for it in file.all(Consultation)
        ],
        hand_rows=6,
    )
    sheet.section(_("8. Referrals"))
    sheet.table(
        (
            (_("Outgoing No"), 2),
            (_("Sent"), 1.8),
            (_("To whom"), 3.6),
            (_("What is asked"), 4.6),
            (_("Answer due"), 1.8),
            (_("Answer"), 2.6),
        ),
        [_referral(file, it) for it in file.all(Referral)],
        hand_rows=4,
    )


def _referral(file: Dossier, it: Referral) -> list[str]:
    to_whom = file.text(it, "organisation_id") or file.text(it, "destination_kind")
    answer = joined((file.text(it, "answer"), day_text(it.answered_on)))
    return [it.number or "", day_text(it.sent_on), to_whom, it.request or "", day_text(it.due_on), answer]


def _notices(sheet: Story) -> None:
    file = sheet.file
    notices = file.all(MandatoryNotice)
    sheet.section(_("9. Mandatory notices"))
    columns = ((_("To whom"), 3), (_("Sent"), 2.4), (_("How it was sent"), 3), (_("Number"), 2), (_("Who took it"), 4))
    names = ("addressee", "sent_at", "channel", "number", "taken_by")
    sheet.table(columns, [[file.text(it, name) for name in names] for it in notices], hand_rows=2)


def _deadlines(sheet: Story) -> None:
    open_ones = sheet.file.deadlines
    sheet.section(_("10. Open deadlines"))
    columns = ((_("What is due"), 4), (_("By when"), 2.7), (_("How it stands"), 3), (_("On what ground"), 7))
    rows = [[it.title, moment_text(it.due), it.state, it.ground] for it in open_ones]
    sheet.table(columns, rows, hand_rows=3, none=_("Nothing is open on the day of printing."))


def _signatures(sheet: Story, case: Case, client: Person) -> None:
    file = sheet.file
    with sheet.together():
        sheet.section(_("11. Signatures"))
        sheet.text(_consents(file), SMALL)
        sheet.text(_("I have read what is written here; it is written down correctly."), SMALL)
        head = next(iter(file.where(StaffMember, role=Role.HEAD)), None)
        worker = file.of(StaffMember, case.responsible_id)
        sheet.signatures(
            (_("Client or representative"), initials(client), ""),
            (worker.position or _("Responsible for the case"), initials(worker), ""),
            (_("Head of the center"), initials(head) if head else "", ""),
            seal=True,
        )
        sheet.law(case.opened_on, "CENTERS", "FAMILY_RECORD")


def _consents(file: Dossier) -> str:
    given = [
        day_text(it.given_on) for it in file.all(Consent) if not it.exception and it.in_force(file.drawn_at.date())
    ]
    if not given:
        return ""
    text = ngettext("Consent in force, given on {days}.", "Consents in force, given on {days}.", len(given))
    return text.format(days=", ".join(given))
