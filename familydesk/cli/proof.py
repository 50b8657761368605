"""The journal from the command line: whether it is whole, and who opened a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from familydesk.cli.opening import opened
from familydesk.cli.output import say, tell
from familydesk.cli.parser import Invocation, Misused, add
from familydesk.core.errors import Refused
from familydesk.core.i18n import N_, translate
from familydesk.core.show import show_moment

if TYPE_CHECKING:
    from familydesk.services.journal import Verdict

BROKEN = 1


def add_commands(commands: Any) -> None:
    """Register the commands of this room."""
    checking = add(commands, "verify", verify, N_("whether the journal and the history of records are as written"))
    checking.add_argument(
        "--print-head", metavar="HEAD", help=translate(N_("the end of the journal that an old paper bears"))
    )
    who = add(commands, "access", access, N_("who opened a file, printed it or gave something out of it"))
    which = who.add_mutually_exclusive_group(required=True)
    which.add_argument("--case", metavar="NUMBER|ID")
    which.add_argument(
        "--restricted",
        action="store_true",
        help=translate(N_("the ids of restricted cases that do not open for you, by which to ask for one of them")),
    )


def verify(invocation: Invocation) -> int:
    """`verify [--print-head HEAD]`: 0 if it is whole, 1 if not."""
    printed = _printed(invocation.arguments.print_head)
    with opened(invocation) as office:
        verdict = office.journal.verify(printed)
    if invocation.json:
        tell(_as_json(verdict))
    else:
        for line in verdict.told():
            say(line)
    return 0 if verdict.whole else BROKEN


def _printed(head: str | None) -> str:
    """The end of the journal as typed from a paper. Misused if papers do not bear it so, nothing at all included."""
    from familydesk.services.printed_head import read_short

    if head is None:
        return ""
    try:
        read_short(head)
    except Refused as refused:
        raise Misused(*refused.problems) from None
    return head


def _as_json(verdict: Verdict) -> dict[str, Any]:
    broken = verdict.broken
    return {
        "whole": verdict.whole,
        "events": verdict.events,
        "head": verdict.head.short,
        "unsigned": verdict.unsigned,
        "left_by_a_cut_off": verdict.left,
        "opened_again": verdict.opened,
        "notices": [
            {"seq": one.seq, "at": one.at, "account": one.account, "what": one.told()} for one in verdict.notices
        ],
        "loose_changes": verdict.loose,
        "broken": {"seq": broken.seq, "why": broken.told()} if broken else None,
    }


def access(invocation: Invocation) -> None:
    """`access --case NUMBER`, or by its id; `access --restricted`."""
    if invocation.arguments.restricted:
        return _restricted(invocation)
    asked = invocation.arguments.case
    with opened(invocation) as office:
        entries = office.journal.access(**({"case_id": UUID(asked)} if _is_id(asked) else {"number": asked}))
    if invocation.json:
        tell(
            [
                {
                    "at": one.at,
                    "who": one.who,
                    "account": one.account,
                    "deed": one.deed,
                    "sheet": one.sheet,
                    "reason": one.reason,
                    "recipient": one.recipient,
                }
                for one in entries
            ]
        )
        return None
    for one in entries:
        parts = (show_moment(one.at), one.who, one.done, one.what, one.reason, one.recipient)
        say("  ".join(filter(None, parts)))
    return None


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _restricted(invocation: Invocation) -> None:
    """A restricted case that does not open for the head bears no number for her; what was noted of it has its id."""
    from familydesk.services.rights import Verb

    with opened(invocation) as office:
        office.account.require(Verb.ACCESS_LIST)
        found = office.glass.behind()
    if invocation.json:
        tell([{"case": one.case, "since": one.since, "readers": one.readers} for one in found])
        return
    for one in found:
        say(f"{one.case}  {show_moment(one.since)}")
