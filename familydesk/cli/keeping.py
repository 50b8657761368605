"""The end of records from the command line: one person is erased, what is past its term is listed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from familydesk.cli.opening import opened
from familydesk.cli.output import say, tell
from familydesk.cli.parser import Invocation, Misused, add, group
from familydesk.cli.records import known_id
from familydesk.core.i18n import N_, ngettext, translate
from familydesk.core.show import show_day

if TYPE_CHECKING:
    from familydesk.services.keeping import Done


def add_commands(commands: Any) -> None:
    """Register the commands of this room."""
    erasing = add(commands, "erase", erase, N_("erase everything about one person; for the head alone, and for good"))
    erasing.add_argument("person", metavar="PERSON_ID")
    words = translate(N_("on what ground; never her name"))
    erasing.add_argument("--reason", metavar="TEXT", help=words)
    keep = translate(N_("leave former versions of others' texts that name her in their history"))
    erasing.add_argument("--keep-former", action="store_true", help=keep)
    preview = translate(N_("tell what would go and what forbids it, and erase nothing"))
    erasing.add_argument("--preview", action="store_true", help=preview)
    due = group(commands, "keeping", N_("what is past its term of keeping"), "WHAT")
    add(due, "due", list_due, N_("files, entries and consents that may be destroyed, with the arithmetic"))


def erase(invocation: Invocation) -> None:
    """`erase PERSON_ID --reason TEXT`."""
    words = invocation.arguments
    person = known_id(words.person)
    if words.preview:
        return _look(invocation, person)
    if words.reason is None:
        raise Misused(N_("Say why: erase PERSON_ID --reason TEXT."))
    with opened(invocation) as office:
        done = office.keeping.erase(person, words.reason, former=not words.keep_former)
    if invocation.json:
        copies = [{"name": copy.name, "until": copy.until} for copy in done.copies]
        tell(
            {
                "act": done.number,
                "records": done.rows,
                "sealed_drafts": done.sealed_drafts,
                "copies": copies,
                "clean": done.clean,
                "mentions": _listed(done.mentions),
            }
        )
        return None
    return _tell(done)


def _tell(done: Done) -> None:
    gone = ngettext("{count} record is erased.", "{count} records are erased.", done.count)
    say(gone.format(count=done.count))
    say(translate(N_("The act of destruction has the number {number}.")).format(number=done.number))
    if done.sealed_drafts:
        sealed = ngettext(
            "{count} unsaved form of a colleague is sealed and could not be looked into.",
            "{count} unsaved forms of colleagues are sealed and could not be looked into.",
            done.sealed_drafts,
        )
        say(sealed.format(count=done.sealed_drafts))
    _say_mentions(done.mentions)
    if not done.clean:
        say(translate(N_("The file is large: the next backup writes it anew, so that no page keeps a stale copy.")))
    for copy in done.copies:
        held = (
            N_("This copy still holds it until {day}: {name}") if copy.until else N_("This copy still holds it: {name}")
        )
        say(translate(held).format(name=copy.name, day=show_day(copy.until) if copy.until else ""))


def _look(invocation: Invocation, person: UUID) -> None:
    with opened(invocation) as office:
        outlook = office.keeping.outlook(person)
    if invocation.json:
        mentions, former = (_listed(places) for places in (outlook.mentions, outlook.former))
        refused = [str(problem) for problem in outlook.refusals]
        told = {"records": outlook.rows, "bare": outlook.bare, "mentions": mentions, "former": former}
        tell({**told, "refused": refused})
        return
    for problem in outlook.refusals:
        say(str(problem))
    for sheet, count in outlook.rows.items():
        say(f"{sheet}: {count}")
    _say_mentions(outlook.mentions)
    for sheet, id in outlook.former:
        say(translate(N_("A former version of this record names her: {sheet} {id}")).format(sheet=sheet, id=id))


def _say_mentions(places: Iterable[tuple[str, UUID]]) -> None:
    for sheet, id in places:
        say(translate(N_("This record speaks of others and still names her: {sheet} {id}")).format(sheet=sheet, id=id))


def _listed(places: Iterable[tuple[str, UUID]]) -> list[dict[str, Any]]:
    return [{"sheet": sheet, "id": id} for sheet, id in places]


def list_due(invocation: Invocation) -> None:
    """`keeping due`."""
    with opened(invocation) as office:
        found = office.keeping.due()
    if invocation.json:
        tell(
            [
                {"kind": one.kind, "sheet": one.sheet, "id": one.id, "name": one.name, "until": one.deciding.until}
                for one in found
            ]
        )
        return
    for one in found:
        say(f"{one.name}  {one.arithmetic}")
