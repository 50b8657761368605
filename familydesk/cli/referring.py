"""Referrals between centers from the command line: what may go, sending, what came, answering."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from familydesk.cli.opening import opened, rest_of_input
from familydesk.cli.output import say, tell, warn
from familydesk.cli.parser import Invocation, Misused, add, group, peer
from familydesk.cli.records import STDIN, known_id
from familydesk.core.i18n import N_, translate
from familydesk.core.show import show_moment

if TYPE_CHECKING:
    from familydesk.services.arrived import Arrived
    from familydesk.services.letters import Met

WORDS = ("accept", "refuse", "answer")
PERSON = N_("Only who is accepted can be somebody known here: referral answer ID accept --person ID.")


def add_commands(commands: Any) -> None:
    """Register the commands of this room."""
    referring = group(commands, "referral", N_("referrals to other centers, and theirs"), "WHAT")
    add(referring, "fields", list_fields, N_("what may be passed on, and what is unless something else is chosen"))
    sending = add(referring, "send", send, N_("send a referral to another center, sealed"))
    sending.add_argument("id", metavar="ID")
    sending.add_argument("--to", required=True, metavar="FILE|CENTER", help=translate(N_("its certificate, or its id")))
    _add_fingerprint(sending)
    sending.add_argument("--field", dest="fields", action="append", default=[], metavar="SHEET.FIELD")
    sending.add_argument(
        "--with-location", default="", metavar="REASON", help=translate(N_("why they must know where she is"))
    )
    sending.add_argument("--dry-run", action="store_true", help=translate(N_("only show what would leave")))
    _with(sending)
    _with(add(referring, "inbox", inbox, N_("referrals that came, and answers to yours")))
    answering = add(referring, "answer", answer, N_("accept a referral, refuse it, or tell what came of it"))
    answering.add_argument("id", metavar="ID")
    answering.add_argument("verdict", choices=WORDS, metavar="accept|refuse|answer")
    answering.add_argument("--reason", default="", help=translate(N_("'-' reads it from standard input")))
    _add_fingerprint(answering)
    answering.add_argument("--person", metavar="ID", help=translate(N_("who is known here already")))
    _with(answering)


def _with(parser: Any) -> None:
    parser.add_argument("--with", dest="peer", type=peer, metavar="PEER")


def _add_fingerprint(parser: Any) -> None:
    parser.add_argument("--fingerprint", default="", help=translate(N_("what somebody there has read aloud to you")))


def list_fields(invocation: Invocation) -> None:
    """`referral fields`: needs no store."""
    from familydesk.services.chosen_fields import USUAL, offered

    if invocation.json:
        tell(
            [
                {"field": name, "secrecy": known.secrecy.name, "usual": name in USUAL}
                for name, known in offered().items()
            ]
        )
        return
    for name, known in offered().items():
        say(f"{'*' if name in USUAL else ' '} {name}: {translate(known.label)}")


def send(invocation: Invocation) -> None:
    """`referral send ID --to FILE|CENTER [--fingerprint F] [--field SHEET.FIELD ...] [--with PEER]`."""
    words = invocation.arguments
    id = known_id(words.id)
    choice = words.fields, words.with_location
    with opened(invocation) as office:
        if words.dry_run:
            _say_plan(invocation, office.referring.plan(id, *choice))
            return
        sent = office.referring.send(id, words.to, words.fingerprint, *choice, words.peer or "")
        own = office.referring.letters.fingerprint()
    if invocation.json:
        told = {"id": sent.sending, "center": sent.center, "name": sent.name, "fields": sent.fields}
        tell({**told, "ground": sent.ground, "left": sent.left, "again": sent.again, "fingerprint": own})
        return
    say(translate(LEFT if sent.left else WAITS))
    say(translate(N_("On what basis")) + f": {sent.ground}")
    say(translate(N_("What leaves")) + f": {', '.join(sent.fields)}")
    say(
        translate(N_("Read this fingerprint to the other center, if they have not compared yours yet: {print}")).format(
            print=own
        )
    )


def _say_plan(invocation: Invocation, plan: Any) -> None:
    from familydesk.services.grounds import told

    if invocation.json:
        tell({"fields": plan.passage.names, "ground": told(plan.ground)})
        return
    say(translate(N_("On what basis")) + f": {told(plan.ground)}")
    say(translate(N_("What leaves")) + f": {', '.join(plan.passage.names)}")


def inbox(invocation: Invocation) -> None:
    """`referral inbox [--with PEER]`."""
    place = invocation.arguments.peer
    with opened(invocation) as office:
        met = office.referring.letters.meet(place) if place else None
        waiting = office.referring.arrived()
        if invocation.json:
            counts = {name: getattr(met, name, 0) for name in ("received", "answers", "handed_over", "waiting")}
            warnings = [str(one) for one in met.warnings] if met else []
            tell({**counts, "warnings": warnings, "letters": [_as_json(one) for one in waiting]})
            return
        _say_met(met)
        for one in waiting:
            _say_letter(one)


def _say_met(met: Met | None) -> None:
    if met is None:
        return
    done = translate(N_("Referrals that came: {received}. Answers: {answers}. Handed over: {handed_over}."))
    say(done.format(received=met.received, answers=met.answers, handed_over=met.handed_over))
    for one in met.warnings:
        warn(str(one))


def _as_json(one: Arrived) -> dict[str, Any]:
    values = [{"sheet": read.sheet, **read.values, **dict(read.unknown)} for read in one.records]
    place = {"id": one.id, "center": one.center, "name": one.name, "fingerprint": one.fingerprint}
    times = {"compared": one.compared, "written": one.written, "came": one.came}
    return {**place, **times, "ground": one.shown_ground(), "records": values}


def _say_letter(one: Arrived) -> None:
    say(f"{one.id[:8]}  {one.name}  {show_moment(one.written)}")
    if not one.compared:
        say("  " + translate(N_("Nobody has compared this center yet. Its fingerprint")) + f": {one.fingerprint}")
    for label, value in one.shown():
        say(f"  {label}: {value}")


def answer(invocation: Invocation) -> None:
    """`referral answer ID accept|refuse|answer [--reason TEXT] [--fingerprint F] [--person ID] [--with PEER]`."""
    from familydesk.services.referring import Verdict

    words = invocation.arguments
    if words.person and words.verdict != "accept":
        raise Misused(PERSON)
    verdict = dict(zip(WORDS, Verdict, strict=True))[words.verdict]
    person: UUID | None = known_id(words.person) if words.person else None
    with opened(invocation) as office:
        reason = "\n".join(rest_of_input()) if words.reason == STDIN else words.reason
        given = office.referring.answer(words.id, verdict, reason, words.fingerprint, person, words.peer or "")
    for warning in given.taken.warnings if given.taken else ():
        warn(str(warning))
    if invocation.json:
        taken = given.taken
        made = {"person": taken.person_id, "case": taken.case_id, "application": taken.application_id} if taken else {}
        tell({"id": given.sending, "verdict": given.verdict, "left": given.left, **made})
        return
    say(translate(LEFT if given.left else WAITS))


LEFT = N_("It was left for the other center, sealed.")
WAITS = N_("It waits here, sealed, until a hub or a folder is met: referral inbox --with PEER, or sync.")
