"""Meeting other laptops from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from familydesk.cli.opening import opened
from familydesk.cli.output import say, tell, warn
from familydesk.cli.parser import Invocation, add, peer
from familydesk.core.i18n import N_, translate

if TYPE_CHECKING:
    from familydesk.services.syncing import Outcome


def add_commands(commands: Any) -> None:
    """Register the commands of this room."""
    syncing = add(commands, "sync", sync, N_("exchange work with other laptops, through a hub or a folder on a stick"))
    syncing.add_argument("--with", dest="peer", type=peer, required=True, metavar="PEER")


def sync(invocation: Invocation) -> None:
    """`sync --with PEER`."""
    with opened(invocation, invocation.arguments.peer) as office:
        outcome = office.syncing.sync(invocation.arguments.peer)
    if invocation.json:
        tell(outcome.as_json())
        return
    _say(outcome)
    for warning in outcome.warnings:
        warn(str(warning))


def _say(outcome: Outcome) -> None:
    done = translate(N_("Sent: {sent}. Received: {received}. New conflicts: {conflicts}."))
    say(done.format(sent=outcome.sent, received=outcome.received, conflicts=outcome.conflicts))
    left = translate(N_("Waiting to go: {waiting}. Came and cannot be used yet: {parked}."))
    if outcome.waiting or outcome.parked:
        say(left.format(waiting=outcome.waiting, parked=outcome.parked))
    else:
        say(translate(N_("Nothing is left to send.")))
