"""The access sheet of a folder: who opened the file, printed it or gave something out of it, as the journal has it."""

from __future__ import annotations

from typing import Any, cast

from familydesk.core.i18n import _, ngettext
from familydesk.core.show import show_moment
from familydesk.paper.dossier import AccessLine, Dossier, full_name, initials
from familydesk.paper.story import Story
from familydesk.paper.strips import Cell
from familydesk.paper.wording import TITLES
from familydesk.records.case import Case
from familydesk.records.person import Person
from familydesk.records.staff_member import Role, StaffMember


def layout(file: Dossier) -> list[Any]:
    """The case in one line, the accesses, the head."""
    sheet = Story(file)
    case = cast(Case, file.subject)
    sheet.title(TITLES["ACCESS_SHEET"])
    sheet.fields(
        [sheet.cell(case, "number", 3), Cell(_("Client"), full_name(file.of(Person, case.client_id)), 5)]
        + [sheet.cell(case, "responsible_id", 4)]
    )
    sheet.space(6)
    columns = (("№", 0.9), (_("When"), 3), (_("Who"), 4), (_("What was done"), 5), (_("Reason, recipient"), 5))
    sheet.table(columns, [_line(number, it) for number, it in enumerate(file.accesses, 1)], hand_rows=18)
    _end(sheet)
    return sheet.blocks


def _line(number: int, it: AccessLine) -> list[str]:
    return [str(number), show_moment(it.at), it.who, it.done, it.why]


def _end(sheet: Story) -> None:
    file = sheet.file
    with sheet.together():
        if not sheet.by_hand:
            count = len(file.accesses)
            sheet.text(ngettext("{count} entry in all.", "{count} entries in all.", count).format(count=count))
        head = next(iter(file.where(StaffMember, role=Role.HEAD)), StaffMember())
        sheet.signatures((head.position or _("Head of the center"), initials(head), ""))
        sheet.fine(_("Repeated views by the same person within ten minutes are one entry."))
