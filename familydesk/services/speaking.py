"""What heads say of people, and what goes with it: keys for who comes, and none for who leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from nacl.signing import SigningKey
from sqlalchemy.orm import Session

from familydesk.store.slots import Secrets
from familydesk.sync.member_list import Member
from familydesk.sync.wire.statement import HEAD, Person

if TYPE_CHECKING:
    from familydesk.services.center import Center
    from familydesk.services.office import Office


def begin(office: Office, session: Session, login: str, key: SigningKey) -> None:
    """The first statements: of the head who made the store on herself, by the anchor; the first key; her laptop."""
    center, sealing = office.center, office.account.sealing_key()
    assert sealing is not None, "who signs has both keys"
    number, _key = center.draw_key()
    publics = bytes(key.verify_key), bytes(sealing.public_key)
    center.say(session, Person(office.me, center.sealed_login(office.me, login), HEAD, *publics), key)
    center.begin_epoch(session, number, key)
    center.vouch_for_own(session, key)


def of_new(
    center: Center, session: Session, who: tuple[UUID, str, str], publics: tuple[bytes, bytes], key: SigningKey
) -> None:
    """Somebody new: her account, login and role, with her public keys; and every key of the center for her."""
    account, login, role = who
    center.say(session, Person(account, center.sealed_login(account, login), role, *publics), key)
    center.give_keys(session, account, key)


def again(
    office: Office, session: Session, member: Member, key: SigningKey, secrets: Secrets | None = None, **changed: str
) -> None:
    """What is so of somebody, with what changes, and with new keys if there are some."""
    log, account = office.center.log, member.account
    login = log.people[account].login if account in log.people else log.waiting[account].login
    publics = secrets.publics if secrets else (member.signing_public, member.sealing_public)
    word = {"role": member.role.name, "state": member.state.name, **changed}
    office.center.say(session, Person(account, login, word["role"], *publics, word["state"]), key)


def shut_out(center: Center, session: Session, account: UUID, key: SigningKey) -> None:
    """Cut off the laptops of somebody who has left, and begin another epoch without her."""
    own = center.identity.device if center.identity else b""
    for laptop in center.log.laptops.values():
        if laptop.account == account and laptop.id == own:
            # It stays in the center, and who says this is at it.
            center.vouch_for_own(session, key)
        elif laptop.account == account and laptop.id not in center.log.cuts:
            center.cut(session, laptop.id, key)
    center.begin_epoch(session, center.draw_key()[0], key)
