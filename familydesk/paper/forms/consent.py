"""The consent sheet: all that Art 8 p4 of the Law on Personal Data asks a consent to hold, point by point."""

from __future__ import annotations

from typing import Any, cast

from familydesk.core.i18n import N_, _
from familydesk.paper.blocks import OPTION
from familydesk.paper.dossier import Dossier, bilingual, day_text, initials
from familydesk.paper.people import identity
from familydesk.paper.story import Story
from familydesk.paper.strips import Cell
from familydesk.paper.text import SMALL
from familydesk.paper.wording import BIN, TITLES
from familydesk.records.case import Case
from familydesk.records.consent import Consent, DataKind, ThirdParty
from familydesk.records.person import Person
from familydesk.records.staff_member import StaffMember

PURPOSE = N_("Help and accompaniment of the family by the center, as the law sets out")


def layout(file: Dossier) -> list[Any]:
    """Operator, subject, purpose, term, data, third persons, borders, publication, rights, signatures, withdrawal."""
    sheet = Story(file)
    consent = cast(Consent, file.subject)
    person = file.of(Person, consent.person_id)
    sheet.title(TITLES["CONSENT"])
    _operator(sheet)
    _subject(sheet, consent, person)
    _what(sheet, consent)
    _to_whom(sheet, consent)
    _rights(sheet, consent)
    _signatures(sheet, consent, person)
    _withdrawal(sheet, consent)
    return sheet.blocks


def _operator(sheet: Story) -> None:
    center = sheet.file.center
    sheet.section(_("1. Who collects and processes the data"))
    sheet.fields([Cell(_("Operator"), bilingual(center), 8), Cell(" / ".join(BIN), center.bin or "", 4)])


def _subject(sheet: Story, consent: Consent, person: Person) -> None:
    sheet.section(_("2. Whose data"))
    identity(sheet, person)
    sheet.fields([sheet.cell(consent, "representative", 6), sheet.cell(consent, "representative_kind", 6)])


def _what(sheet: Story, consent: Consent) -> None:
    untilless = "" if sheet.by_hand else _("Until the purpose is reached")
    sheet.section(_("3. Purpose and term"))
    sheet.fields(
        [Cell(_("Purpose"), consent.purpose or _(PURPOSE), 6)]
        + [Cell(_("Valid until"), day_text(consent.term) or untilless, 3), sheet.cell(consent, "form", 3)]
    )
    sheet.section(_("4. Which data"))
    sheet.ticks("", DataKind, consent.collected or (), 3)


def _to_whom(sheet: Story, consent: Consent) -> None:
    sheet.section(_("5. To whom the data may be passed"))
    sheet.ticks("", ThirdParty, consent.third_parties or (), 3)
    sheet.section(_("6. Across the border and in open sources"))
    sheet.fields(
        [sheet.cell(consent, "cross_border", 6, _("The data are passed across the border"))]
        + [sheet.cell(consent, "published", 6, _("The data are published in open sources"))]
    )


def _rights(sheet: Story, consent: Consent) -> None:
    sheet.section(_("7. What else the law says"))
    sheet.text(
        _(
            "I give this consent freely. I may withdraw it at any time by telling the center; within the term "
            "that the law sets the center then stops the processing or answers with a reasoned refusal. Without "
            "my consent data are passed on only where the law itself demands it: at a threat to life or health, "
            "about a child in danger, at the request of a court. The data are kept in Kazakhstan, and everybody "
            "who learns them at work must keep them secret. No paper copy of my identity document is demanded."
        ),
        OPTION,
    )
    sheet.law(consent.given_on, "CONSENT", "CONSENT_EXCEPTION")
    if consent.exception:
        exception = sheet.file.text(consent, "exception")
        sheet.text(_("Processed without consent on the ground: {exception}").format(exception=exception), frame=0.8)


def _signatures(sheet: Story, consent: Consent, person: Person) -> None:
    with sheet.together():
        signer = (_("Representative"), consent.representative, day_text(consent.given_on))
        worker = sheet.file.of(StaffMember, sheet.file.one(Case).responsible_id)
        herself = (_("Subject of the data"), initials(person), day_text(consent.given_on))
        sheet.signatures(
            cast("tuple[str, str, str]", signer) if consent.representative else herself,
            (_("Taken by"), initials(worker), ""),
            seal=True,
        )


def _withdrawal(sheet: Story, consent: Consent) -> None:
    if not (sheet.by_hand or consent.withdrawn_on):
        return
    with sheet.together():
        sheet.cut()
        sheet.section(_("Withdrawal of the consent"))
        sheet.text(_("I withdraw my consent to the collection and processing of my personal data."), SMALL)
        sheet.fields([sheet.cell(consent, "withdrawn_on", 6), sheet.cell(consent, "processing_stopped_on", 6)])
        sheet.signatures((_("Subject of the data"), "", ""), (_("Withdrawal taken by"), "", ""))
