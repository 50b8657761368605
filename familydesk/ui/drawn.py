"""Where the screens drawn by hand are: three tables of addresses. Whoever is in none of them gets the generated floor.

Addresses and not imports: a screen is loaded at its first visit, and nothing here leans on what leans on it.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

PAGES: dict[str, str] = {
    "today": "today:TodayScreen",
    "families": "lists:FamiliesScreen",
    "applications": "lists:ApplicationsScreen",
    "cases": "lists:CasesScreen",
    "orders": "orders_board:OrdersBoard",
    "reports": "reports:ReportsScreen",
    "intake": "intake:IntakeScreen",
    "duplicates": "merge_people:MergeScreen",
    "handover": "handover:HandoverScreen",
    "register": "import_register:ImportScreen",
    "conflicts": "merge_desk:MergeDesk",
    "sync": "sync_screen:SyncScreen",
    "keeping": "keeping:KeepingScreen",
    "glass": "glass:GlassScreen",
    "referrals": "lists:ReferralsScreen",
    "inbox": "inbox:InboxScreen",
}
"""Page of the side bar -> `module:Class`, a `Screen` made with the workplace alone."""

RECORDS: dict[str, str] = {
    "family": "family_page:FamilyScreen",
    "case": "family_page:FamilyScreen",
    "referral": "send_referral:ReferralPage",
}
"""Sheet -> `module:Class`, a `Screen` made with the workplace and the record's id."""

FINDER: str = "search_palette:SearchPalette"
"""`module:Class`, a widget made with the workplace: what Ctrl+K opens under the search box."""


def found(address: str) -> Any:
    """The class at `module:Class`, a module of `special`, loaded at its first visit."""
    module, _, name = address.partition(":")
    return getattr(import_module(f"familydesk.ui.special.{module}"), name)
