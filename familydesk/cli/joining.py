"""Laptops from the command line: the center's certificate, asking to be admitted, admitting and revoking."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from familydesk.cli.accounts import AGAIN, DIFFER, NEW, ROLES
from familydesk.cli.opening import opened, passphrase, store_folder
from familydesk.cli.output import say, tell, warn
from familydesk.cli.parser import Invocation, add, group, peer
from familydesk.core.errors import Refused
from familydesk.core.i18n import N_, translate

PEER = "PEER"
NOT_YET = N_(
    "This laptop is not confirmed yet. Tell the head of the center the request, and read the fingerprint to her aloud, "
    "by telephone or face to face: her program compares it."
)


def add_commands(commands: Any) -> None:
    """Register the commands of this room."""
    center = group(commands, "center", N_("the center as others know it"), "COMMAND")
    certificate = add(center, "certificate", write_certificate, N_("write the center's certificate; no secret"))
    certificate.add_argument("--out", type=Path, required=True, metavar="FILE")
    join = add(commands, "join", ask, N_("ask a center to admit this laptop; read the fingerprint to its head aloud"))
    _with(join)
    join.add_argument("--person", required=True, metavar='"SURNAME GIVEN PATRONYMIC"')
    join.add_argument(
        "--login", dest="member", default="", help=translate(N_("your login, if you have another laptop already"))
    )
    join.add_argument(
        "--center", default="", metavar="FINGERPRINT", help=translate(N_("ask this center alone, by its fingerprint"))
    )
    _add_member(group(commands, "member", N_("who and which laptops belong to the center"), "COMMAND"))


def _add_member(members: Any) -> None:
    _with(add(members, "requests", list_requests, N_("who asks to be admitted")))
    admitting = add(members, "admit", admit, N_("admit a laptop whose fingerprint was read to you aloud"))
    admitting.add_argument("request", metavar="REQUEST")
    admitting.add_argument("--fingerprint", required=True)
    admitting.add_argument("--role", choices=ROLES, help=translate(N_("of a new colleague")))
    _with(admitting)
    keys = add(members, "keys", hand_over_keys, N_("hand your own keys over to another laptop of yours"))
    keys.add_argument("request", metavar="REQUEST")
    keys.add_argument("--fingerprint", required=True)
    _with(keys)
    revoking = add(members, "revoke", revoke, N_("shut out a laptop by its id, or a person by her login"))
    revoking.add_argument("whom", metavar="LOGIN|LAPTOP")
    _with(revoking, required=False)
    _with(add(members, "list", list_members, N_("people and laptops of the center")), required=False)


def _with(parser: Any, required: bool = True) -> None:
    parser.add_argument("--with", dest="peer", type=peer, required=required, metavar=PEER)


def write_certificate(invocation: Invocation) -> None:
    """`center certificate --out FILE`."""
    with opened(invocation) as office:
        fingerprint = office.admissions.certificate(invocation.arguments.out)
        referrals = office.referring.letters.fingerprint()
    if invocation.json:
        tell({"fingerprint": fingerprint, "referrals": referrals})
        return
    say(translate(N_("The certificate was written. Its fingerprint: {print}")).format(print=fingerprint))
    say(translate(N_("For other centers that send you referrals: {print}")).format(print=referrals))


def ask(invocation: Invocation) -> None:
    """`join --with PEER --person NAME [--login L] [--center FINGERPRINT]`."""
    from familydesk.services import joining

    words = invocation.arguments
    secret = passphrase(invocation, NEW)
    if not invocation.passphrase_stdin and passphrase(invocation, AGAIN) != secret:
        raise Refused(DIFFER)
    asked = joining.ask(
        store_folder(invocation), words.peer, words.person, secret, login=words.member, pinned=words.center
    )
    if invocation.json:
        tell({"request": asked.request, "fingerprint": asked.fingerprint, "center": asked.center})
        return
    say(translate(NOT_YET))
    say(translate(N_("Request")) + f": {asked.request}")
    say(translate(N_("Fingerprint")) + f": {asked.fingerprint}")
    say(translate(N_("When she says that it is the same, sync. If it is another, stop: it is not her center.")))


def list_requests(invocation: Invocation) -> None:
    """`member requests --with PEER`."""
    with opened(invocation) as office:
        found = office.admissions.requests(invocation.arguments.peer)
    if invocation.json:
        tell([{"request": one.request, "person": one.person, "login": one.login or None} for one in found])
        return
    for one in found:
        say(f"{one.request}  {one.person}  {one.login}".rstrip())


def admit(invocation: Invocation) -> None:
    """`member admit REQUEST --fingerprint F --role ROLE --with PEER`."""
    from familydesk.services.members import Role

    words = invocation.arguments
    role = Role[words.role] if words.role else None
    with opened(invocation) as office:
        admitted = office.admissions.admit(words.peer, words.request, words.fingerprint, role)
    if invocation.json:
        told = {"id": admitted.account, "login": admitted.login, "laptop": admitted.laptop}
        tell({**told, "waiting": admitted.waiting, "keys_missing": admitted.keys_missing})
        return
    say(translate(N_("The laptop is admitted. Her login: {login}")).format(login=admitted.login))
    if admitted.waiting:
        say(translate(N_("Another head has to confirm her role: two heads make a third one.")))
    if admitted.keys_missing:
        say(translate(N_("Her keys are on her other laptop: let her hand them over there, with “member keys”.")))


def hand_over_keys(invocation: Invocation) -> None:
    """`member keys REQUEST --fingerprint F --with PEER`."""
    words = invocation.arguments
    with opened(invocation) as office:
        office.admissions.hand_over_keys(words.peer, words.request, words.fingerprint)
    if invocation.json:
        tell({"request": words.request})
        return
    say(translate(N_("Your keys lie there for your other laptop, sealed under your passphrase.")))


def revoke(invocation: Invocation) -> None:
    """`member revoke LOGIN|LAPTOP [--with PEER]`."""
    words = invocation.arguments
    with opened(invocation) as office:
        warnings = office.admissions.revoke(words.whom, words.peer or "")
    for warning in warnings:
        warn(str(warning))
    if invocation.json:
        tell({"revoked": words.whom})
        return
    say(translate(N_("From now on nothing of it counts. What was read until now is read: that nobody takes back.")))


def list_members(invocation: Invocation) -> None:
    """`member list [--with PEER]`."""
    with opened(invocation) as office:
        if invocation.arguments.peer:
            office.admissions.meet(invocation.arguments.peer)
        people, laptops = office.members.people(), office.admissions.laptops()
    if invocation.json:
        tell(
            {
                "people": [
                    {
                        "id": one.account,
                        "login": one.login,
                        "name": one.name,
                        "role": one.role,
                        "state": one.state,
                        "waiting": one.waiting,
                    }
                    for one in people
                ],
                "laptops": [
                    {"id": one.id, "login": one.login, "block": one.block, "state": one.state, "own": one.own}
                    for one in laptops
                ],
            }
        )
        return
    for person in people:
        say(f"{person.login}  {person.name}  {translate(person.role.value)}  {translate(person.state.value)}")
    for laptop in laptops:
        say(f"{laptop.id}  {laptop.login}  {laptop.block:02}  {translate(STATES[laptop.state])}")


STATES = {"ACTIVE": N_("In use"), "REVOKED": N_("Revoked")}
