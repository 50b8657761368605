"""Violence and what follows: incidents, notices, the police's order with its checks, breaches and end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from familydesk.core import clock
from familydesk.services.demo_data import texts
from familydesk.services.demo_data.chronicle import Page
from familydesk.services.demo_data.tale import Tale

WEEK = timedelta(days=7)
OFFENDERS = {"SPOUSE": "SPOUSE", "FORMER_SPOUSE": "FORMER_SPOUSE", "PARTNER": "COHABITANT"}
"""What the partner is to the victim, by their tie."""


def suffer(
    tale: Tale,
    after: int,
    forms: tuple[str, ...],
    severity: str,
    *,
    threat: bool = False,
    child: bool = False,
    victim: str = "client",
) -> None:
    """An incident, learned of on that day, and the notices that the law asks for. `victim` is a place in the family."""
    harmed = child and bool(tale.house.children)

    def write(page: Page) -> None:
        source = {"severity_source": tale.pick(("MEDICAL", "VICTIM", "FORENSIC"))} if severity != "UNKNOWN" else {}
        tale.ids["incident"] = page.add(
            "incident",
            case_id=tale.ids["case"],
            happened_at=clock.now() - timedelta(hours=tale.random.randint(10, 30)),
            learned_at=clock.now(),
            victim_id=tale.ids[victim],
            offender_id=tale.ids.get("partner"),
            offender_relation=_what_the_partner_is(tale, victim),
            forms=forms,
            severity=severity,
            circumstances=tale.pick(texts.BLOWS if "PHYSICAL" in forms else texts.THREATS),
            threat_to_life=threat or None,
            intoxicated=tale.chance(0.6),
            children_present=len(tale.house.children),
            child_harmed=harmed or None,
            police_called=tale.chance(0.5),
            **source,
        )

    tale.tell(tale.at(after, 10) + timedelta(hours=1), write)
    if harmed:
        _notify(tale, after, "GUARDIANSHIP", "LETTER")
    if harmed or threat:
        _notify(tale, after, "POLICE", "PHONE_102")


def _what_the_partner_is(tale: Tale, victim: str) -> str:
    if "partner" not in tale.ids:
        return "UNKNOWN"
    return OFFENDERS[tale.tie] if victim == "client" else {"child0": "PARENT", "elder": "CHILD"}[victim]


def _notify(tale: Tale, after: int, addressee: str, channel: str) -> None:
    # One notice in eight is forgotten, as in life: that is what the board of deadlines is for.
    if tale.chance(0.125):
        return

    def write(page: Page) -> None:
        page.add(
            "mandatory_notice",
            incident_id=tale.ids["incident"],
            addressee=addressee,
            sent_at=clock.now(),
            channel=channel,
            number=f"{tale.random.randint(100, 999)}",
        )

    tale.tell(tale.at(after, 13), write)


def order(tale: Tale, after: int, fate: str) -> None:
    """The police issue an order. `fate`: IN_FORCE, BREACHED, CANCELLED or NOT_SERVED; time ends it by itself."""
    number = f"{tale.random.randint(100, 999)}/{tale.came_on.year % 100}"

    def issue(page: Page) -> None:
        tale.ids["order"] = page.add(
            "protective_order",
            case_id=tale.ids["case"],
            incident_id=tale.ids["incident"],
            number=number,
            issued_at=clock.now() - timedelta(hours=2),
            issued_by="Көкжар қаласының полиция басқармасы",
            officer="Учаскелік инспектор, полиция лейтенанты",
            victim_id=tale.ids["client"],
            offender_id=tale.ids.get("partner"),
            restrictions=("SEEK", "PURSUE", "VISIT", "TALK") + (("CHILDREN",) if tale.house.children else ()),
            victim_told_of_duties=True,
        )

    tale.tell(tale.at(after, 14), issue)
    if fate == "NOT_SERVED":
        return
    served = tale.at(after, 17)

    def serve(page: Page) -> None:
        how = {"served_how": tale.pick(("SIGNED", "SIGNED", "REFUSED")), "copy_to_victim_at": clock.now()}
        page.change("protective_order", tale.ids["order"], served_at=clock.now(), **how)

    tale.tell(served, serve)
    _follow(tale, served, fate)


def _follow(tale: Tale, served: Any, fate: str) -> None:
    for week in range(1, 5):
        late = timedelta(days=2) if tale.chance(0.2) else timedelta(hours=-tale.random.randint(2, 30))
        cancelled = fate == "CANCELLED" and week > 1
        if not cancelled and not tale.chance(0.1):
            tale.tell(served + week * WEEK + late, lambda page: _check(tale, page))
    if fate == "BREACHED":
        tale.tell(served + timedelta(days=5, hours=3), lambda page: _breach(tale, page))
    if fate == "CANCELLED":
        tale.tell(
            served + timedelta(days=9),
            lambda page: page.change("protective_order", tale.ids["order"], cancelled_at=clock.now()),
        )


def _check(tale: Tale, page: Page) -> None:
    page.add(
        "order_check",
        order_id=tale.ids["order"],
        checked_at=clock.now(),
        checked_by="Учаскелік инспектор",
        finding=tale.pick(("KEPT", "KEPT", "KEPT", "NOT_FOUND")),
    )


def _breach(tale: Tale, page: Page) -> None:
    page.add(
        "order_breach",
        order_id=tale.ids["order"],
        happened_at=clock.now() - timedelta(minutes=50),
        learned_from="Жәбірленуші телефон соқты",
        reported_at=clock.now() - timedelta(minutes=30),
        police_number=f"КУИ {tale.random.randint(1000, 9999)}",
    )
