"""Generated lists with one or two doors more: from families to possible duplicates, from applications to an import."""

from __future__ import annotations

from familydesk.core.i18n import N_, _
from familydesk.ui import pages
from familydesk.ui.parts import button
from familydesk.ui.record_screen import RecordScreen
from familydesk.ui.workplace import Workplace


class ListWithDoor(RecordScreen):
    """The list of `sheet`, with a button in its head that leads to the page `door`."""

    sheet_name, door, words, icon = "", "", "", ""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place, self.sheet_name)
        if pages.exists(self.door, place.office.account):
            made = button(place.theme, _(self.words), lambda: place.open_page(self.door), icon=self.icon)
            self.list.head.add(made)


class FamiliesScreen(ListWithDoor):
    """Families."""

    sheet_name, door, words, icon = "family", "duplicates", N_("Possible duplicates"), "users"


class ApplicationsScreen(ListWithDoor):
    """Applications."""

    sheet_name, door, words, icon = "application", "register", N_("Import a register"), "upload"


class CasesScreen(ListWithDoor):
    """Cases."""

    sheet_name, door, words, icon = "case", "handover", N_("Hand over"), "arrow-forward-up"


class ReferralsScreen(ListWithDoor):
    """Referrals."""

    sheet_name, door, words, icon = "referral", "inbox", N_("Between centers"), "arrow-forward-up"
