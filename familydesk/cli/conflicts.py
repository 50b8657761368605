"""Conflicts from the command line: what was written twice, and which value shall stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from familydesk.cli.opening import opened, rest_of_input
from familydesk.cli.output import say, tell
from familydesk.cli.parser import Invocation, Misused, add, group
from familydesk.cli.records import STDIN, known_id
from familydesk.core.errors import Refused
from familydesk.core.fields import Kind
from familydesk.core.i18n import N_, translate
from familydesk.core.show import show
from familydesk.services import entry

if TYPE_CHECKING:
    from familydesk.services.conflict import Conflict

VERDICTS = ("keep", "take", "write")
VALUE = N_("A value belongs to write, and only there: conflict settle ID write VALUE.")


def add_commands(commands: Any) -> None:
    """Register the commands of this room."""
    conflict = group(commands, "conflict", N_("fields that were written twice, neither writer knowing"), "WHAT")
    add(conflict, "list", list_conflicts, N_("those that wait for a person, the oldest first"))
    settling = add(conflict, "settle", settle, N_("let this laptop's value stand, the other one, or a third"))
    settling.add_argument("id", metavar="ID")
    settling.add_argument("verdict", choices=VERDICTS, metavar="keep|take|write")
    settling.add_argument("value", nargs="?", metavar="VALUE", help=translate(N_("'-' reads it from standard input")))


def list_conflicts(invocation: Invocation) -> None:
    """`conflict list`."""
    with opened(invocation) as office:
        waiting = office.conflicts.open()
    if invocation.json:
        tell([_as_json(one) for one in waiting])
        return
    for one in waiting:
        say(f"{one.id}  {one.sheet}  {one.record}  {translate(one.field.label)}")
        for word, value in (("before", one.before), ("keep", one.kept), ("take", one.taken)):
            say(f"  {word}: {_shown(one, value)}")


def _as_json(one: Conflict) -> dict[str, Any]:
    """Mine is this laptop's value, theirs the other."""
    return {
        "id": one.id,
        "sheet": one.sheet,
        "record": one.record,
        "field": one.field.name,
        "before": one.before,
        "mine": one.mine,
        "theirs": one.theirs,
    }


def _shown(one: Conflict, value: Any) -> str:
    return str(value or "") if one.field.kind is Kind.REFERENCE else show(one.field, value)


def settle(invocation: Invocation) -> None:
    """`conflict settle ID keep|take|write [VALUE]`."""
    words = invocation.arguments
    if (words.verdict == "write") != (words.value is not None):
        raise Misused(VALUE)
    id = known_id(words.id)
    with opened(invocation) as office:
        one = next((one for one in office.conflicts.open() if one.id == id), None)
        if one is None:
            raise Refused(N_("This conflict has been settled already."))
        text = "\n".join(rest_of_input()) if words.value == STDIN else words.value
        value = entry.read(one.field, text) if text is not None else None
        office.conflicts.settle(id, words.verdict, value)
    if invocation.json:
        tell({"id": id, "settled": words.verdict})
