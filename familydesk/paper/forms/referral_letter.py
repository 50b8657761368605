"""The referral letter. It says no more than the other body needs; its reply slip is cut off and comes back."""

from __future__ import annotations

from typing import Any, cast

from familydesk.core.i18n import _
from familydesk.core.show import show_day_in_words
from familydesk.paper.dossier import Dossier, bilingual, day_text, full_name, initials, joined
from familydesk.paper.story import Story
from familydesk.paper.strips import Cell
from familydesk.paper.text import LETTER, SMALL
from familydesk.paper.wording import TITLES
from familydesk.records.consent import Consent
from familydesk.records.organisation import Organisation
from familydesk.records.person import Person
from familydesk.records.referral import Answer, Referral
from familydesk.records.staff_member import Role, StaffMember


def layout(file: Dossier) -> list[Any]:
    """Number and addressee, about whom, what is asked, on what ground, signatures, the slip."""
    sheet = Story(file)
    referral = cast(Referral, file.subject)
    _addressee(sheet, referral)
    sheet.title(TITLES["REFERRAL_LETTER"])
    _about(sheet, referral)
    _request(sheet, referral)
    _ground(sheet, referral)
    _signatures(sheet)
    _slip(sheet, referral)
    return sheet.blocks


def _addressee(sheet: Story, referral: Referral) -> None:
    file = sheet.file
    body = file.of(Organisation, referral.organisation_id)
    to_whom = bilingual(body) or file.text(referral, "destination_kind")
    sent = show_day_in_words(referral.sent_on) if referral.sent_on else ""
    sheet.fields(
        [Cell(_("Outgoing No, date"), joined((referral.number or "", sent)), 5)]
        + [Cell(_("To whom"), joined((to_whom, referral.addressee or ""), "\n"), 7)]
    )


def _about(sheet: Story, referral: Referral) -> None:
    person = sheet.file.of(Person, referral.person_id)
    sheet.text(_("The center refers to you and asks for your help for:"), LETTER, above=6)
    sheet.fields(
        [Cell(_("Surname, given name, patronymic"), full_name(person), 6), sheet.cell(person, "born_on", 3)]
        + [sheet.cell(person, "iin", 3)]
    )


def _request(sheet: Story, referral: Referral) -> None:
    sheet.note(_("What is asked"), referral.request or "", 3)
    if referral.grounds or sheet.by_hand:
        sheet.note(_("Grounds"), referral.grounds or "", 1)
    if referral.enclosures or sheet.by_hand:
        sheet.note(_("Documents enclosed"), referral.enclosures or "", 1)
    sheet.fields(
        [sheet.cell(referral, "urgency", 3), sheet.cell(referral, "delivery", 4)]
        + [Cell(_("Please answer by"), day_text(referral.due_on), 5)]
    )


def _ground(sheet: Story, referral: Referral) -> None:
    sheet.text(_basis(sheet.file, referral), above=6)
    sheet.law(referral.sent_on, "CONSENT_EXCEPTION" if referral.exception else "CONSENT", "REFERRAL_ANSWER")


def _basis(file: Dossier, referral: Referral) -> str:
    if file.blank:
        return _("The data are passed with consent of ____________ 20____ / on the ground of law: ____________________")
    if referral.exception:
        text = joined((file.text(referral, "exception"), referral.exception_text or ""))
        return _("The data are passed without consent on the ground of law: {ground}.").format(ground=text)
    consent = file.of(Consent, referral.consent_id)
    if not consent.given_on:
        return _("The data are passed with the consent of the person concerned.")
    day = day_text(consent.given_on)
    return _("The data are passed with the consent of the person concerned, given on {day}.").format(day=day)


def _signatures(sheet: Story) -> None:
    file = sheet.file
    head = next(iter(file.where(StaffMember, role=Role.HEAD)), None)
    sheet.signatures((_("Head of the center"), initials(head) if head else "", ""), seal=True)


def _slip(sheet: Story, referral: Referral) -> None:
    file = sheet.file
    with sheet.at_foot():
        sheet.cut()
        sheet.section(_("Reply slip"))
        sheet.text(_("Please fill in, cut off and return to the center."), SMALL)
        sheet.fields(
            [Cell(_("Return to"), joined((bilingual(file.center), file.text(file.center, "phone"))), 8)]
            + [Cell(_("To your No"), joined((referral.number or "", day_text(referral.sent_on))), 4)]
        )
        sheet.boxes(_("Answer"), [(_(answer.value), False) for answer in Answer if answer is not Answer.NO_ANSWER])
        sheet.fields([Cell(_("What was done, or why not"), "\n", 12)], [Cell(_("Body, telephone"), "", 12)])
        sheet.signatures(("", "", ""))
        sheet.space(6)
