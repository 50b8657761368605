"""How a person stands on a paper: names, IIN or why there is none, safe telephones, an address if it may be told."""

from __future__ import annotations

from familydesk.core.i18n import _
from familydesk.core.show import show_phone
from familydesk.paper.dossier import Dossier, age_text, day_text, full_name, joined
from familydesk.paper.story import Story
from familydesk.paper.strips import Cell
from familydesk.records.person import Person
from familydesk.records.person_address import AddressKind, PersonAddress
from familydesk.records.person_phone import PersonPhone, SafeToCall
from familydesk.records.region import Region


def identity(sheet: Story, person: Person) -> None:
    """Names, birth, IIN: the fields by which a body recognises a person."""
    born = joined((day_text(person.born_on), age_text(person.born_on, sheet.file.drawn_at.date())), " · ")
    sheet.fields(
        [sheet.cell(person, "surname"), sheet.cell(person, "given"), sheet.cell(person, "patronymic")],
        [Cell(_("Date of birth"), born, 4), sheet.cell(person, "sex", 2), iin_cell(sheet, person, 6)],
    )


def iin_cell(sheet: Story, person: Person, span: int) -> Cell:
    """The IIN, or the reason why there is none."""
    absent = f"— ({sheet.file.text(person, 'iin_absence')})" if person.iin_absence and not person.iin else ""
    return Cell(_("IIN"), person.iin or absent, span)


def name_and_birth(person: Person) -> str:
    """One line: full name, date of birth."""
    return joined((full_name(person), day_text(person.born_on)))


def phones_text(file: Dossier, person: Person) -> str:
    """Numbers that may be dialled; one that needs care only with its conditions beside it."""
    return joined((_phone(phone) for phone in file.where(PersonPhone, person_id=person.id) if phone.number), "; ")


def _phone(phone: PersonPhone) -> str:
    number = show_phone(phone.number or "")
    if phone.safe_to_call is SafeToCall.YES:
        return number
    conditions = (
        (phone.safe_hours, _("when: {text}")),
        (phone.introduce_as, _("introduce yourself as: {text}")),
        (phone.who_may_answer, _("who may answer: {text}")),
    )
    agreed = joined(sentence.format(text=text) for text, sentence in conditions if text)
    return _("{number}, only as agreed ({conditions})").format(number=number, conditions=agreed)


def address_text(file: Dossier, person: Person) -> str:
    """Where she lives, if a permission says why it is printed; else that it stays at the center."""
    if file.blank:
        return ""
    if not file.permission:
        return _("Kept at the center; it is not printed.")
    known = file.where(PersonAddress, person_id=person.id)
    chosen = next((it for it in known if it.kind is not AddressKind.FORMER), None)
    if chosen is None:
        return ""
    parts = (file.name(Region, chosen.region_id), chosen.district, chosen.settlement, chosen.street)
    return joined(part or "" for part in parts) or chosen.as_written or ""
