"""The pages of the side bar, in its order, and how each is made: drawn by hand, or generated from its sheet."""

from __future__ import annotations

from dataclasses import dataclass

from familydesk.core.i18n import N_
from familydesk.services.account import Account
from familydesk.services.rights import Verb
from familydesk.ui import drawn
from familydesk.ui.screen import Screen
from familydesk.ui.workplace import Workplace


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `sheet` is whose list it shows if nobody drew it by hand; `listed` pages stand in the side bar.

    `verbs`: one of them opens it; a page without any is for those who work with families.
    """

    name: str
    label: str
    icon: str
    sheet: str = ""
    listed: bool = True
    verbs: frozenset[Verb] = frozenset()

    def is_for(self, account: Account) -> bool:
        """Whether the one at the desk comes here."""
        if self.name in EVERYBODYS:
            return True
        return any(map(account.may, self.verbs)) if self.verbs else account.rights.casework


PAGES: tuple[Page, ...] = (
    Page("today", N_("Today"), "calendar-event"),
    Page("families", N_("Families"), "users", "family"),
    Page("applications", N_("Applications"), "file-text", "application"),
    Page("cases", N_("Cases"), "folder", "case"),
    Page("consultations", N_("Consultations"), "messages", "consultation"),
    Page("orders", N_("Protective orders"), "shield-check", "protective_order"),
    Page("referrals", N_("Referrals"), "arrow-forward-up", "referral"),
    Page("organisations", N_("Organisations"), "building", "organisation"),
    Page("reports", N_("Reports"), "chart-bar", verbs=frozenset({Verb.COUNT, Verb.COUNT_SHARED})),
    Page("duplicates", N_("Possible duplicates"), "users", listed=False, verbs=frozenset({Verb.MERGE})),
    Page("handover", N_("Handing over cases"), "arrow-forward-up", listed=False, verbs=frozenset({Verb.HAND_OVER})),
    Page("register", N_("Importing a register"), "upload", listed=False, verbs=frozenset({Verb.IMPORT})),
    Page("keeping", N_("Keeping and erasing"), "archive", listed=False, verbs=frozenset({Verb.ERASE})),
    Page("inbox", N_("Between centers"), "arrow-forward-up", listed=False, verbs=frozenset({Verb.EXPORT})),
    Page("glass", N_("Restricted cases"), "lock", listed=False),
    Page("conflicts", N_("Written twice"), "arrows-join"),
    Page("sync", N_("Sync"), "refresh"),
    Page("settings", N_("Settings"), "settings"),
)

EVERYBODYS = ("sync", "settings")
"""Pages that open no record: whatever her role, her laptop meets the others."""

BY_NAME = {page.name: page for page in PAGES}
BELOW = ("conflicts", "sync", "settings")
"""Pages at the foot of the side bar."""


def exists(name: str, account: Account) -> bool:
    """Whether there is a page of that name for the one at the desk, in the side bar or not."""
    there = name in drawn.PAGES or any(page.name == name for page in PAGES)
    return there and named(name).is_for(account)


def named(name: str) -> Page:
    """The page of that name; one drawn by hand needs no place in the side bar."""
    return BY_NAME.get(name) or Page(name, "", "", listed=False)


def of_sheet(sheet: str) -> str:
    """The page whose list a record of `sheet` stands in; "" if none has one."""
    return next((page.name for page in PAGES if page.sheet == sheet), "")


def offered(account: Account) -> list[Page]:
    """The pages that can be made and that she comes to; the settings are everybody's."""
    made = (page for page in PAGES if page.name in drawn.PAGES or page.sheet or page.name == "settings")
    return [page for page in made if page.is_for(account)]


def made(page: Page, place: Workplace) -> Screen:
    """The page's screen."""
    if page.name in drawn.PAGES:
        screen = drawn.found(drawn.PAGES[page.name])(place)
        assert isinstance(screen, Screen)
        return screen
    if page.name == "settings":
        from familydesk.ui.settings_screen import SettingsScreen

        return SettingsScreen(place)
    from familydesk.ui.record_screen import RecordScreen

    return RecordScreen(place, page.sheet)
