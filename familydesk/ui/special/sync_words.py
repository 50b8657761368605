"""What the sync screen says: how things stand, how much, and how long ago."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from familydesk.core import clock
from familydesk.core.i18n import _, ngettext
from familydesk.core.show import NARROW, show_moment, show_number
from familydesk.services.deliveries import Lacking, Standing

if TYPE_CHECKING:
    from familydesk.services.syncing import Outcome, Progress

Said = tuple[str, str]
"""A tone and its words. The tone `good` is given where everything of this laptop is there, and nowhere else."""

KILO, MEGA = 1_000, 1_000_000
DAYS = 14
"""Longer ago, the day itself says more."""


def how_it_stands(standing: Standing, address: str, outcome: Outcome | None) -> Said:
    """Whether all that was written here is at `address`; `outcome` is of the last meeting, if there was one."""
    place = standing.place(address)
    if not standing.confirmed:
        return "due", _("This laptop is not confirmed yet: the head of the center has to admit it.")
    if place is None:
        return "quiet", _("This laptop has not been there yet.")
    if place.lacking.records:
        return "due", waits(place.lacking)
    if outcome and (outcome.waiting or outcome.warnings):
        return "due", _("Read what is said below.")
    return "good", _("Everything that was written here is there.")


def waits(lacking: Lacking) -> str:
    """What waits to go."""
    told = ngettext("{count} change waits to go, {size}", "{count} changes wait to go, {size}", lacking.records)
    return told.format(count=show_number(lacking.records), size=size_text(lacking.size))


def size_text(size: int) -> str:
    """850 B · 12 kB · 1.2 MB."""
    if size < KILO:
        told = _("{count} B").format(count=size)
    elif size < MEGA:
        told = _("{count} kB").format(count=round(size / KILO))
    else:
        told = _("{count} MB").format(count=f"{size / MEGA:.1f}")
    return told.replace(" ", NARROW)


def long_ago(at: datetime) -> str:
    """Today at 14:05 · yesterday · 5 days ago · 01.11.2026 14:05."""
    days = (clock.today() - at.astimezone(clock.ZONE).date()).days
    if days <= 0:
        return _("today at {time}").format(time=f"{at.astimezone(clock.ZONE):%H:%M}")
    if days == 1:
        return _("yesterday")
    if days > DAYS:
        return show_moment(at)
    return ngettext("{count} day ago", "{count} days ago", days).format(count=days)


def how_far(progress: Progress) -> str:
    """What is going on, and how much of it is done, in records and bytes."""
    told = {
        "FETCHING": _("Bringing what others wrote: {records} records, {size}"),
        "APPLYING": _("Taking it in: {records} records, {size}"),
        "SENDING": _("Handing over what was written here: {records} records, {size}"),
    }[progress.part.name]
    return told.format(records=show_number(progress.records), size=size_text(progress.size))


def what_came(outcome: Outcome) -> list[Said]:
    """The last meeting in sentences: what went and what came, then whatever is not as it should be."""
    if not (outcome.sent or outcome.received or outcome.waiting or outcome.parked or outcome.warnings):
        return [("quiet", _("There was nothing new, here or there."))]
    sent = ngettext("{count} change was sent.", "{count} changes were sent.", outcome.sent)
    came = ngettext("{count} change came.", "{count} changes came.", outcome.received)
    told = [
        ("quiet", sent.format(count=show_number(outcome.sent))),
        ("quiet", came.format(count=show_number(outcome.received))),
    ]
    if outcome.waiting:
        waits = ngettext("{count} change still waits to go.", "{count} changes still wait to go.", outcome.waiting)
        told.append(("due", waits.format(count=show_number(outcome.waiting))))
    if outcome.parked:
        waits = ngettext(
            "{count} thing came and waits for another.", "{count} things came and wait for others.", outcome.parked
        )
        told.append(("due", waits.format(count=show_number(outcome.parked))))
    return told + [("due", str(warning)) for warning in outcome.warnings]
