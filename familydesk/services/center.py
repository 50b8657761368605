"""This laptop in its center: the membership log as it is known here, the center's keys, and what is said in the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from nacl.signing import SigningKey
from nacl.utils import random
from sqlalchemy.orm import Session

from familydesk.core import clock
from familydesk.core.errors import Problem
from familydesk.core.i18n import N_
from familydesk.store import number_block
from familydesk.sync import device, member_list, sealed_keys, shelf
from familydesk.sync.identity import Identity
from familydesk.sync.member_list import MemberList, MemberState
from familydesk.sync.trust import ListedTrust
from familydesk.sync.wire.digests import center_id, device_id
from familydesk.sync.wire.membership import DOUBLED, Membership
from familydesk.sync.wire.statement import Cut, Epoch, Keys, Laptop, Said, Statement

if TYPE_CHECKING:
    from familydesk.services.office import Office

KEY_BYTES = 32
DISABLED_NOW = N_("Your account was disabled meanwhile. Nothing that is written here from now on counts.")
REVOKED_NOW = N_("This laptop was revoked meanwhile. Nothing that is written on it from now on counts.")


class Center:
    """What is known here. Whatever changes the log says it within an open write."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._database = office.database
        self._known: MemberList | None = None
        self._keys: Mapping[int, bytes] = {}
        self.unsaid: list[dict[str, Any]] = []
        """Rows that were added and that no event of the journal has told yet."""

    # Asking

    @property
    def id(self) -> bytes:
        """16 bytes; the center by the key that began its log."""
        return center_id(self._office.account.anchor)

    @property
    def known(self) -> MemberList:
        """The log as the file has it."""
        if self._known is None:
            with self._database.read(whole=True) as session:
                return self._read(session)
        return self._known

    @property
    def log(self) -> Membership:
        """What it comes to."""
        return self.known.log

    @property
    def trust(self) -> ListedTrust:
        """What is believed of laptops and signatures, by the log as it is now."""
        return ListedTrust(self.log)

    @property
    def epoch_keys(self) -> Mapping[int, bytes]:
        """The center's keys by epoch, as far as they were given to who is at the desk."""
        if self._known is None:
            with self._database.read(whole=True) as session:
                self._read(session)
        return self._keys

    @property
    def identity(self) -> Identity | None:
        """This laptop and who is at it; None where the store has no log, or no laptop's key yet."""
        key = self._device_key if self._office.account.anchor else None
        if key is None:
            return None
        own = device_id(bytes(key.verify_key))
        return Identity(self.id, own, key, self._office.me, self._office.account.signing_key())

    @cached_property
    def _device_key(self) -> SigningKey | None:
        with self._database.connection() as connection:
            return device.key_of(connection)

    @property
    def vouched(self) -> bool:
        """Whether a head has vouched for this laptop, and nobody has cut it off."""
        own = self.identity.device if self.identity else b""
        return own in self.log.laptops and own not in self.log.cuts

    @property
    def several(self) -> bool:
        """Whether there is another laptop that could be met."""
        return len(self.log.laptops) > 1

    def held(self) -> list[Statement]:
        """What belongs to the log, in the order in which it was said here or came: to be handed on."""
        return [one for _seq, one in sorted(self.known.places.items(), key=lambda place: place[0])]

    # Growing

    def forget(self) -> None:
        """Read the log anew: what was to be said was not committed, or something came."""
        self._known = None
        self.__dict__.pop("_device_key", None)
        self.unsaid.clear()

    def take_in(self, session: Session, contents: Iterable[bytes]) -> int:
        """Add what came from others and belongs to the log; how many statements that were."""
        new = member_list.new_among(self.known, contents)
        if new:
            member_list.keep(session.connection(), self.known.last, new)
            self._read(session)
            shelf.reconsider(session.connection(), self.trust)
        return len(new)

    def say(self, session: Session, said: Said, key: SigningKey) -> None:
        """One statement of who is at the desk."""
        known, at = self.known, int(clock.now().timestamp() * 1000)
        one = known.log.next(self._office.account.anchor, self._office.me, at, said).signed(key)
        self.unsaid += member_list.keep(session.connection(), known.last, [one])
        self._read(session)

    def _read(self, session: Session) -> MemberList:
        known = member_list.read_list(session.connection(), self._office.account.anchor)
        copies = (copy for account in self._identities for copy in known.log.copies.get(account, ()))
        self._keys = {**self._keys, **sealed_keys.epoch_keys(self.id, copies, self._identities.values())}
        self._known = known.with_logins(lambda who, sealed: sealed_keys.login_of(self.id, who, sealed, self._keys))
        return self._known

    @property
    def _identities(self) -> Mapping[UUID, Any]:
        return self._office.account.identities()

    # The center's keys

    def sealed_login(self, account: UUID, login: str) -> bytes:
        """A login as the log holds it."""
        return sealed_keys.sealed_login(self.id, account, login, self._keys)

    def draw_key(self) -> tuple[int, bytes]:
        """A new key, known to nobody yet, and the number of its epoch."""
        number, key = self.log.next_epoch(), random(KEY_BYTES)
        self._keys = {**self._keys, number: key}
        return number, key

    def begin_epoch(self, session: Session, number: int, signer: SigningKey) -> None:
        """Give the key that was drawn to everybody who belongs here, and to the paper."""
        key = self._keys[number]
        active = [one for one in self.log.people.values() if one.active]
        copies = tuple((one.account, self._sealed(one.sealing_public, number, key)) for one in active)
        paper = self._office.account.opened.paper
        self.say(session, Epoch(number, copies, self._sealed(paper, number, key) if paper else b""), signer)

    def give_keys(self, session: Session, account: UUID, signer: SigningKey) -> None:
        """Seal to somebody what she lacks of the keys that are at hand."""
        person = self.log.people.get(account)
        lacking = self.log.lacking(account) & self._keys.keys()
        if person and lacking:
            public = person.sealing_public
            copies = tuple((number, self._sealed(public, number, self._keys[number])) for number in sorted(lacking))
            self.say(session, Keys(account, copies), signer)

    def _sealed(self, public: bytes, number: int, key: bytes) -> bytes:
        return sealed_keys.epoch_key_to(public, self.id, number, key)

    # Laptops

    def vouch_for_own(self, session: Session, signer: SigningKey) -> None:
        """Say that this laptop belongs to the center, under who is at it."""
        connection = session.connection()
        key = device.own_key(connection, self._database.device)
        self.__dict__["_device_key"] = key
        block = int(number_block.of(connection))
        if any(one.block == block for one in self.log.laptops.values() if one.public != bytes(key.verify_key)):
            block = self.log.free_block()
        self.say(session, Laptop(bytes(key.verify_key), self._office.me, block), signer)

    def cut(self, session: Session, laptop: bytes, signer: SigningKey) -> None:
        """Let nothing of a laptop count that was not taken in here until now."""
        last = shelf.last_applied(session.connection(), laptop)
        self.say(session, Cut(laptop, *last) if last else Cut(laptop, 0, bytes(32)), signer)
        shelf.reconsider(session.connection(), self.trust)

    def _overtaken(self) -> list[bytes]:
        """Laptops that were cut off elsewhere, of which more had been taken in here before that was heard."""
        with self._database.connection() as connection:
            last = {laptop: shelf.last_applied(connection, laptop) for laptop in self.log.cuts}
        return [laptop for laptop, found in last.items() if found and found[0] > self.log.cuts[laptop].seq]

    def block_for_another(self) -> int:
        """A block of numbers that no laptop has, this one included."""
        with self._database.connection() as connection:
            own = int(number_block.of(connection))
        return max(self.log.free_block(), own % DOUBLED + 1)

    def settle_block(self) -> None:
        """Where a block was given twice, or a backup began one that is another laptop's by now: one of its own."""
        own = self.identity
        if own is None or own.device not in self.log.laptops or not self.several:
            return
        listed = self.log.laptops[own.device].block
        place = self._office.account.place
        with self._database.connection(write=True) as connection:
            block = int(number_block.of(connection))
            if block < listed or block % DOUBLED != listed % DOUBLED:
                steps = max(0, -(-(block + 1 - listed) // DOUBLED))
                number_block.move(place, connection, listed + steps * DOUBLED)

    # Keeping up

    def learned(self) -> list[Problem]:
        """After a meeting: do what a head's laptop does by itself, and tell what somebody has to know of her own."""
        member, key = self.known.members.get(self._office.me), self._office.account.signing_key()
        if member and member.state is not MemberState.ACTIVE:
            return [Problem("", DISABLED_NOW, warning=True)]
        if not (self.vouched or self._office.syncing.renaming.is_waiting()):
            return [Problem("", REVOKED_NOW, warning=True)]
        if member and member.leads and key:
            self.keep_up(key)
        return []

    def keep_up(self, signer: SigningKey) -> bool:
        """What a head's laptop does by itself: vouch for itself, give keys to who lacks some, begin another epoch where
        somebody who left has the last key, and say of a laptop that was cut off how much of it was taken in here, so
        that all laptops come to have the same. Whether anything was to be done.
        """
        log, own = self.log, self.identity
        unlisted = own is None or own.device not in log.laptops
        lacking = [account for account in log.people if log.lacking(account) & self.epoch_keys.keys()]
        overtaken = self._overtaken()
        if not (unlisted or lacking or overtaken or log.epoch_due):
            return False
        with self._database.write() as session:
            if unlisted:
                self.vouch_for_own(session, signer)
            for account in lacking:
                self.give_keys(session, account, signer)
            for laptop in overtaken:
                self.cut(session, laptop, signer)
            if log.epoch_due:
                self.begin_epoch(session, self.draw_key()[0], signer)
        return True
