"""The key file: the store key, sealed once for each way in, in a list that has room for many people.

When somebody leaves, the store gets another key (see `renewal`). Nobody's passphrase is at hand then, so it is sealed
to each person's public key beside the slots, and opens with the private half in her slot.

Whoever is inside rewrites it; a tag under the store key covers the whole file, so that nobody outside can exchange a
slot or the paper's public key unnoticed. Rewriting replaces the file in one step: it opens the old way or the new way,
never neither.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from nacl.public import PrivateKey, PublicKey
from nacl.utils import random

from familydesk.core.errors import Problem, Refused
from familydesk.core.i18n import N_
from familydesk.core.ids import new_id
from familydesk.store import renewed_keys
from familydesk.store.derivation import FLOOR, SALT_BYTES, Cost, derive
from familydesk.store.key_file import StoredKeys, tampered
from familydesk.store.opened import Opened, TooSoon, WrongPassphrase
from familydesk.store.sealing import digest, equal
from familydesk.store.slots import (
    KEY_BYTES,
    DormantSlot,
    Escrowed,
    PassphraseSlot,
    RecoverySlot,
    RememberedSlot,
    Secrets,
    Slot,
)

__all__ = ["KeyFile", "Opened", "TooSoon", "WrongPassphrase"]


@dataclass(frozen=True, slots=True)
class KeyFile(StoredKeys):
    """The slots of one store. Never changed in place: each verb gives a new one, to be written."""

    # Rewriting, from inside

    @classmethod
    def new(cls, account: UUID, login: str, passphrase: str, cost: Cost) -> tuple[KeyFile, Opened, bytes]:
        """A new store's file with one person and one paper; what it opens; and the paper's private half."""
        paper = PrivateKey.generate()
        opened = Opened.by(account, Secrets.fresh(paper=bytes(paper.public_key)))
        bare = cls(new_id(), (), anchor=opened.anchor)
        slot = RecoverySlot.make(bare.store, paper.public_key, opened.store_key)
        return replace(bare, slots=(slot,)).with_person(opened, account, login, passphrase, cost), opened, bytes(paper)

    def with_person(self, opened: Opened, account: UUID, login: str, passphrase: str, cost: Cost) -> KeyFile:
        """With a slot for `account`, in place of the one she had. An empty login keeps hers.

        Keys that lay dormant come back if this passphrase, or the paper that opened, is what opens them.
        """
        woken, left = self._woken(opened, account, passphrase)
        return self.with_slot(opened, account, login, passphrase, cost, woken, left)

    def with_temporary(
        self, opened: Opened, account: UUID, login: str, passphrase: str, cost: Cost, paper: bytes = b""
    ) -> tuple[KeyFile, Secrets]:
        """With a slot for `account` that opens only the choice of a passphrase, and what it seals.

        What she had lies dormant, unless the paper is there to bring it back at once.
        """
        bare = self.without_person(opened, account)
        kept = bare.in_escrow(paper).get(account) if paper else None
        secrets = replace(opened, escrow={account: kept} if kept else {}).secrets_of(account)
        left = [] if kept else bare.dormant(account)
        return bare.with_slot(opened, account, login, passphrase, cost, secrets, left, temporary=True), secrets

    def with_slot(
        self,
        opened: Opened,
        account: UUID,
        login: str,
        passphrase: str,
        cost: Cost,
        secrets: Secrets,
        dormant: list[DormantSlot],
        temporary: bool = False,
    ) -> KeyFile:
        """With a slot that seals `secrets`, in place of hers; of what lay dormant only `dormant` stays."""
        hers = [slot for slot in self.of_kind(PassphraseSlot) if slot.account == account]
        mark = _mark(self.store, login) if login or not hers else hers[0].login_mark
        paper = PublicKey(secrets.paper)
        slot = PassphraseSlot.make(self.store, account, mark, passphrase, secrets, cost, paper, temporary)
        # Another slot under this login was left by a program that died before it had written its owner down.
        orphans = [old for old in self.of_kind(PassphraseSlot) if old.login_mark == mark and old not in hers]
        gone = {old.id for old in (*hers, *orphans)} | {old.id for old in self.dormant(account)} - {
            old.id for old in dormant
        }
        slots = [old for old in self.slots if old.id not in gone]
        # In its old place: the file's order tells nothing of who changed her passphrase last.
        at = self.slots.index(hers[0]) if hers else len(slots)
        again = {account: secrets.sealing_public} if account in self.renewals else {}
        renewals = {**self.renewals, **renewed_keys.sealed(self.store, again, opened.store_key)}
        return self._tagged([*slots[:at], slot, *slots[at:]], opened.store_key, secrets.anchor, renewals=renewals)

    def without_person(self, opened: Opened, account: UUID, leaving: bool = False) -> KeyFile:
        """With no way in for `account`, remembered ones included; her own keys lie dormant.

        `leaving`: she knows the store key and stays away, so another one is due.
        """
        slots: list[Slot] = []
        for slot in self.slots:
            if isinstance(slot, PassphraseSlot) and slot.account == account:
                slots.append(DormantSlot.of(slot))
            elif not (isinstance(slot, RememberedSlot) and slot.account == account):
                slots.append(slot)
        renewals = {whose: sealed for whose, sealed in self.renewals.items() if whose != account}
        return self._tagged(slots, opened.store_key, renewals=renewals, due=self.due or leaving)

    def under(self, paper: bytes, store_key: bytes, publics: Mapping[UUID, bytes]) -> KeyFile:
        """With another store key, sealed to the paper and to the public key of everybody who has a way in.

        Nobody's passphrase is at hand, so the slots stay as they are. A recovery slot that is not of this `paper` is
        left out: another hand has put it there.
        """
        slots = [slot for slot in self.slots if not isinstance(slot, RecoverySlot)]
        recovery = RecoverySlot.make(self.store, PublicKey(paper), store_key)
        renewals = renewed_keys.sealed(self.store, {who: publics[who] for who in self.accounts}, store_key)
        return self._tagged([recovery, *slots], store_key, renewals=renewals, due=False)

    def renewed(self, opened: Opened, passphrase: str) -> tuple[KeyFile, Opened]:
        """In the format of today, from a file of the first format, and what it opens now."""
        hers = next(slot for slot in self.of_kind(PassphraseSlot) if slot.account == opened.account)
        own = opened.secrets_of(opened.account)
        today = replace(own, anchor=own.signing_public, paper=self.of_kind(RecoverySlot)[0].public)
        opened = Opened.by(opened.account, today)
        return self.forgetting(opened).with_person(opened, opened.account, "", passphrase, hers.cost), opened

    def _woken(self, opened: Opened, account: UUID, passphrase: str) -> tuple[Secrets, list[DormantSlot]]:
        """Her secrets with the keys that lay dormant and open now, and the slots that stay shut."""
        secrets = opened.secrets_of(account)
        if account in opened.escrow:
            # The paper has opened what lay dormant as well.
            return secrets, []
        left = []
        for slot in self.dormant(account):
            if packed := slot.open(self.store, passphrase):
                secrets = secrets.with_former(Escrowed.read(packed).keys())
            else:
                left.append(slot)
        return secrets, left

    def remembering(self, opened: Opened) -> tuple[KeyFile, bytes]:
        """With a remembered slot for who is inside, and the secret for the system's keyring."""
        if opened.secrets is None or opened.temporary:
            raise ValueError("only a person with a passphrase of her own is remembered")
        slot, secret = RememberedSlot.make(self.store, opened.account, opened.secrets)
        return self._tagged([*self.forgetting(opened).slots, slot], opened.store_key), secret

    def forgetting(self, opened: Opened) -> KeyFile:
        """Without the remembered slots of who is inside."""
        hers = [slot for slot in self.of_kind(RememberedSlot) if slot.account == opened.account]
        return self._tagged([slot for slot in self.slots if slot not in hers], opened.store_key)

    def _tagged(self, slots: list[Slot], store_key: bytes, anchor: bytes = b"", **changed: Any) -> KeyFile:
        known = {"renewals": self.renewals, "due": self.due, **changed}
        fresh = KeyFile(self.store, tuple(slots), anchor=self.anchor or anchor, **known)
        return replace(fresh, tag=fresh._tag(store_key))

    # Opening

    def by_passphrase(self, passphrase: str, login: str = "", least: Cost = FLOOR) -> Opened:
        """What `passphrase` opens; every person's slot is tried if no login is given.

        WrongPassphrase if none opens. Weather if a slot asks for less than `least`, or the file was tampered with.
        """
        people = self.of_kind(PassphraseSlot)
        hers = [slot for slot in people if not login or equal(slot.login_mark, _mark(self.store, login))]
        if people and not hers:
            # A login that nobody has takes as long as one that somebody has.
            derive(passphrase, random(SALT_BYTES), people[0].cost)
        for slot in hers:
            if not slot.cost.reaches(least):
                raise tampered()
            if secrets := slot.open(self.store, passphrase):
                return self._trusted(Opened.by(slot.account, self._of_today(slot.account, secrets), slot.temporary))
        raise WrongPassphrase()

    def by_paper(self, private: bytes, login: str = "") -> Opened:
        """What the recovery key opens, in the name of `login` or of who began the store.

        Refused if it opens nothing, if nobody has this login, or if it has to be said for whom.
        """
        paper = PrivateKey(private)
        for slot in self.of_kind(RecoverySlot):
            if (store_key := slot.store_key(self.store, paper)) and self.of_kind(PassphraseSlot):
                kept = self.in_escrow(private)
                privileged = {account: keys.privileged for account, keys in kept.items()}
                account = self._meant(login, kept)
                anchor, public = self.anchor, bytes(paper.public_key)
                return self._trusted(Opened(account, store_key, privileged, None, anchor, public, escrow=kept))
        raise Refused(N_("This recovery key belongs to another store."))

    def in_escrow(self, private: bytes) -> dict[UUID, Escrowed]:
        """Everyone's own keys, as far as the recovery key opens them; of several slots the newest comes first."""
        found: dict[UUID, Escrowed] = {}
        keeping: list[DormantSlot | PassphraseSlot] = [*self.of_kind(DormantSlot), *self.of_kind(PassphraseSlot)]
        for slot in keeping:
            if packed := slot.in_escrow(self.store, PrivateKey(private)):
                found[slot.account] = Escrowed.read(packed).after(found.get(slot.account))
        return found

    def _meant(self, login: str, kept: Mapping[UUID, Escrowed]) -> UUID:
        people = self.of_kind(PassphraseSlot)
        if login:
            people = [slot for slot in people if equal(slot.login_mark, _mark(self.store, login))]
            if not people:
                raise Refused(Problem("login", N_("Nobody opens this store by that login.")))
        elif len(people) > 1:
            people = [slot for slot in people if _began(kept.get(slot.account), self.anchor)]
            if not people:
                raise Refused(Problem("login", N_("Several people open this store: say for whom.")))
        return people[0].account

    def by_secret(self, secret: bytes) -> Opened | None:
        """What a secret from the system's keyring opens; None if nothing. A slot of the first format opens nothing:
        it has to be written anew, and that takes the passphrase.
        """
        if len(secret) != KEY_BYTES:
            return None
        for slot in self.of_kind(RememberedSlot):
            secrets = slot.open(self.store, secret)
            if secrets and secrets.anchor:
                return self._trusted(Opened.by(slot.account, self._of_today(slot.account, secrets)))
        return None

    def _of_today(self, account: UUID, secrets: Secrets) -> Secrets:
        """What her slot opened, with the store key that was sealed to her since. Weather if that was not for her."""
        sealed = self.renewals.get(account)
        today = renewed_keys.of_today(self.store, account, secrets, sealed) if sealed else secrets
        if today is None:
            raise tampered()
        return today

    def fits(self, account: UUID, passphrase: str) -> bool:
        """Whether this is her passphrase."""
        slots = self.of_kind(PassphraseSlot)
        return any(slot.open(self.store, passphrase) for slot in slots if slot.account == account)

    def _trusted(self, opened: Opened) -> Opened:
        self.trusted(opened.store_key)
        # The tag is made with a key that everyone inside has; what lies in her own slot nobody else could write.
        if opened.paper and all(slot.public != opened.paper for slot in self.of_kind(RecoverySlot)):
            raise tampered()
        return opened


def _mark(store: UUID, login: str) -> bytes:
    """A login as the file knows it: names do not lie open on a locked laptop."""
    return digest(unicodedata.normalize("NFC", login).casefold().encode(), b"fd-login", store.bytes)


def _began(kept: Escrowed | None, anchor: bytes) -> bool:
    secrets = kept.secrets(bytes(KEY_BYTES), anchor, b"") if kept else None
    return secrets is not None and secrets.signing_public == anchor
