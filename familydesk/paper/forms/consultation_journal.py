"""An extract from the consultation journal: the lines of one case. What was said stays with the specialist."""

from __future__ import annotations

from typing import Any, cast

from familydesk.core.i18n import _, ngettext
from familydesk.paper.dossier import Dossier, full_name, initials
from familydesk.paper.story import Story
from familydesk.paper.strips import Cell
from familydesk.paper.wording import TITLES
from familydesk.records.case import Case
from familydesk.records.consultation import Consultation
from familydesk.records.person import Person
from familydesk.records.staff_member import StaffMember


def layout(file: Dossier) -> list[Any]:
    """The case in one line, the consultations, who made the extract."""
    sheet = Story(file)
    case = cast(Case, file.subject)
    sheet.title(TITLES["CONSULTATION_JOURNAL"])
    sheet.fields(
        [sheet.cell(case, "number", 3), Cell(_("Client"), full_name(file.of(Person, case.client_id)), 5)]
        + [sheet.cell(case, "responsible_id", 4)]
    )
    sheet.space(6)
    columns = (
        ("№", 0.8),
        (_("Held"), 2.7),
        (_("Kind of consultation"), 2.8),
        (_("Form"), 2.6),
        (_("Length"), 1.8),
        (_("Specialist"), 2.8),
        (_("Topics"), 4),
        (_("Agreed steps"), 6),
        (_("Client's signature"), 2.4),
    )
    sheet.table(columns, [_line(file, number, it) for number, it in enumerate(file.all(Consultation), 1)], hand_rows=11)
    _end(sheet, case)
    return sheet.blocks


def _line(file: Dossier, number: int, it: Consultation) -> list[str]:
    names = ("held_at", "kind", "form", "minutes", "specialist_id", "topics", "agreed_steps")
    return [str(number), *(file.text(it, name) for name in names), ""]


def _end(sheet: Story, case: Case) -> None:
    file = sheet.file
    with sheet.together():
        if not sheet.by_hand:
            count = len(file.all(Consultation))
            minutes = sum(it.minutes or 0 for it in file.all(Consultation))
            told = ngettext("{count} consultation", "{count} consultations", count).format(count=count)
            sheet.text(_("In all: {told}, {minutes} min.").format(told=told, minutes=minutes))
        worker = file.of(StaffMember, case.responsible_id)
        sheet.signatures((worker.position or _("Responsible for the case"), initials(worker), ""))
        sheet.fine(_("Specialists' own notes are kept apart and are not part of this extract."))
