"""People from the command line: who may open the store, one's own passphrase, and the day it is forgotten."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from familydesk.cli.opening import entered, opened, passphrase, store_folder
from familydesk.cli.output import say, tell, warn
from familydesk.cli.parser import Invocation, add, group
from familydesk.core.errors import Refused
from familydesk.core.i18n import N_, translate

if TYPE_CHECKING:
    from familydesk.services.members import Added, Member

ROLES = (
    "HEAD",
    "CASE_MANAGER",
    "PSYCHOLOGIST",
    "LAWYER",
    "SOCIAL_WORKER",
    "MEDIATOR",
    "DUTY_ADMINISTRATOR",
    "ANALYST",
)
"""Written out, so that reading a command loads no sheet; a test holds them against `Role`."""
NEW = N_("New passphrase: ")
AGAIN = N_("The same passphrase again: ")
DIFFER = N_("The two passphrases differ.")
RECOVERY = N_("Recovery key: ")


def add_commands(commands: Any) -> None:
    """Register the commands of this room."""
    accounts = group(commands, "account", N_("who opens this store"), "COMMAND")
    add(accounts, "list", list_people, N_("everybody: login, name, role, state"))
    adding = add(accounts, "add", add_person, N_("a new account; its temporary passphrase is printed once"))
    adding.add_argument("person_login", metavar="LOGIN")
    adding.add_argument("--person", required=True, metavar='"SURNAME GIVEN PATRONYMIC"')
    adding.add_argument("--role", required=True, choices=ROLES)
    disabling = add(accounts, "disable", disable_person, N_("take every way in from somebody; what she wrote stays"))
    disabling.add_argument("person_login", metavar="LOGIN")
    back = add(accounts, "readmit", readmit_person, N_("a new temporary passphrase for somebody, disabled or not"))
    back.add_argument("person_login", metavar="LOGIN")
    back.add_argument(
        "--recovery",
        action="store_true",
        help=translate(N_("bring her keys back at once: the recovery key follows the passphrase")),
    )
    role = add(accounts, "role", change_role, N_("another role for somebody"))
    role.add_argument("person_login", metavar="LOGIN")
    role.add_argument("role", choices=ROLES)
    add(accounts, "passphrase", change_passphrase, N_("choose another passphrase: the old one, then the new one twice"))
    add(commands, "recover", recover, N_("a new passphrase by the recovery key: the key, then the passphrase twice"))


def list_people(invocation: Invocation) -> None:
    """`account list`."""
    with opened(invocation) as office:
        people, broken = office.members.people(), office.members.broken
    if invocation.json:
        tell(
            [
                {"login": one.login, "id": one.account, "name": one.name, "role": one.role, "state": one.state}
                for one in people
            ]
        )
    else:
        for one in people:
            say(f"{one.login}  {one.name}  {translate(one.role.value)}  {translate(one.state.value)}")
    if broken:
        warn(translate(N_("The list of people was changed by another hand: {count}.")).format(count=broken))


def add_person(invocation: Invocation) -> None:
    """`account add LOGIN --person NAME --role ROLE`."""
    from familydesk.services.members import Role

    words = invocation.arguments
    with opened(invocation) as office:
        added = office.members.add(words.person_login, words.person, Role[words.role])
    _hand_over(invocation, added)


def disable_person(invocation: Invocation) -> None:
    """`account disable LOGIN`."""
    with opened(invocation) as office:
        office.members.disable(invocation.arguments.person_login)
    if invocation.json:
        tell({"login": invocation.arguments.person_login, "state": "DISABLED"})


def readmit_person(invocation: Invocation) -> None:
    """`account readmit LOGIN`."""
    words = invocation.arguments
    with opened(invocation) as office:
        paper = passphrase(invocation, RECOVERY) if words.recovery else ""
        back = office.members.readmit(words.person_login, paper)
    _hand_over(invocation, back)


def change_role(invocation: Invocation) -> None:
    """`account role LOGIN ROLE`."""
    from familydesk.services.members import Role

    words = invocation.arguments
    with opened(invocation) as office:
        office.members.set_role(words.person_login, Role[words.role])
    if invocation.json:
        tell({"login": words.person_login, "role": words.role})


def change_passphrase(invocation: Invocation) -> None:
    """`account passphrase`: the one command that a temporary passphrase opens."""
    old = passphrase(invocation)
    new = _twice(invocation)
    with entered(invocation, old) as office:
        office.account.change_passphrase(old, new)
        member = office.members.get(office.me)
    _say_changed(invocation, member)


def recover(invocation: Invocation) -> None:
    """`recover`: for `--as LOGIN`, or for who began the store."""
    from familydesk.services import front_door

    # The key may be piped in without a word: nobody types thirteen groups for a program to read.
    invocation.passphrase_stdin |= sys.stdin is None or not sys.stdin.isatty()
    paper = passphrase(invocation, RECOVERY)
    new = _twice(invocation)
    office = front_door.unlock(store_folder(invocation), recovery=paper, login=invocation.login)
    try:
        office.account.set_passphrase(new)
        member = office.members.get(office.me)
    finally:
        office.close()
    _say_changed(invocation, member)


def _say_changed(invocation: Invocation, member: Member | None) -> None:
    if invocation.json:
        tell({"login": member.login if member else None})
    else:
        say(translate(N_("From now on the store opens with the new passphrase.")))


def _twice(invocation: Invocation) -> str:
    new = passphrase(invocation, NEW)
    if passphrase(invocation, AGAIN) != new:
        raise Refused(DIFFER)
    return new


def _hand_over(invocation: Invocation, added: Added) -> None:
    if invocation.json:
        tell({"login": added.login, "id": added.account, "temporary_passphrase": added.temporary_passphrase})
        return
    say(translate(N_("This passphrase is shown only now. Tell it to her; at its first use she chooses her own:")))
    say(added.temporary_passphrase)
