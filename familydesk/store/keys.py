"""The key file: the store key, sealed once for each way in, in a list that has room for many people.

Whoever is inside rewrites it; a tag under the store key covers the whole file, so that nobody outside can exchange a
slot or the paper's public key unnoticed. Rewriting replaces the file in one step: it opens the old way or the new way,
never neither.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from nacl.public import PrivateKey, PublicKey

from familydesk.core.errors import Refused, Weather
from familydesk.core.i18n import N_
from familydesk.core.ids import new_id
from familydesk.store import durable
from familydesk.store.derivation import FLOOR, Cost
from familydesk.store.sealing import canonical, digest, equal
from familydesk.store.slots import KEY_BYTES, KINDS, PassphraseSlot, RecoverySlot, RememberedSlot, Secrets, Slot
from familydesk.store.weather import told_plainly

FORMAT = "familydesk-keys"
VERSION = 1
LARGEST = 1024 * 1024
S = TypeVar("S", bound=Slot)


class WrongPassphrase(Weather):
    """Nothing opens with what was typed. `wait` is how many seconds must pass before the next try."""

    def __init__(self, wait: int = 0) -> None:
        check = N_("Check the keyboard's language and Caps Lock, and try again.")
        later = N_("Wait {wait} s, check the keyboard's language and Caps Lock, and try again.")
        super().__init__(N_("This passphrase does not open the store."), later if wait else check, wait=wait)
        self.wait = wait


class TooSoon(WrongPassphrase):
    """The wait after wrong passphrases lasts; what was typed was not looked at."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.text = N_("Wrong passphrases were tried, so the store waits before the next one.")
        self.advice = N_("Wait {wait} s and try again.")


@dataclass(frozen=True, slots=True)
class Opened:
    """What a way in has opened. By the paper there are no `secrets`, and `privileged` holds everyone's key."""

    account: UUID
    store_key: bytes = field(repr=False)
    privileged: Mapping[UUID, bytes] = field(repr=False)
    secrets: Secrets | None = field(default=None, repr=False)

    @classmethod
    def by(cls, account: UUID, secrets: Secrets) -> Opened:
        """By the person herself."""
        return cls(account, secrets.store_key, {account: secrets.privileged_key}, secrets)

    def secrets_of(self, account: UUID) -> Secrets:
        """What a slot for `account` seals: her own keys as far as they are at hand, fresh ones otherwise."""
        if self.secrets is not None and account == self.account:
            return self.secrets
        fresh = Secrets.fresh(self.store_key)
        return replace(fresh, privileged_key=self.privileged.get(account, fresh.privileged_key))


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The slots of one store. Never changed in place: each verb gives a new one, to be written."""

    store: UUID
    slots: tuple[Slot, ...]
    tag: bytes = b""

    # Rewriting, from inside

    @classmethod
    def new(cls, account: UUID, login: str, passphrase: str, cost: Cost) -> tuple[KeyFile, Opened, bytes]:
        """A new store's file with one person and one paper; what it opens; and the paper's private half."""
        opened = Opened.by(account, Secrets.fresh())
        paper = PrivateKey.generate()
        bare = cls(new_id(), ())
        slot = RecoverySlot.make(bare.store, paper.public_key, opened.store_key)
        return replace(bare, slots=(slot,)).with_person(opened, account, login, passphrase, cost), opened, bytes(paper)

    def with_person(self, opened: Opened, account: UUID, login: str, passphrase: str, cost: Cost) -> KeyFile:
        """With a slot for `account`, in place of the one she had. An empty login keeps hers."""
        hers = [slot for slot in self.of_kind(PassphraseSlot) if slot.account == account]
        mark = self._mark(login) if login or not hers else hers[0].login_mark
        paper = PublicKey(self.of_kind(RecoverySlot)[0].public)
        slot = PassphraseSlot.make(self.store, account, mark, passphrase, opened.secrets_of(account), cost, paper)
        return self._tagged([old for old in self.slots if old not in hers] + [slot], opened.store_key)

    def remembering(self, opened: Opened) -> tuple[KeyFile, bytes]:
        """With a remembered slot for who is inside, and the secret for the system's keyring."""
        if opened.secrets is None:
            raise ValueError("only a person is remembered, not the paper")
        slot, secret = RememberedSlot.make(self.store, opened.account, opened.secrets)
        return self._tagged([*self.forgetting(opened).slots, slot], opened.store_key), secret

    def forgetting(self, opened: Opened) -> KeyFile:
        """Without the remembered slots of who is inside."""
        hers = [slot for slot in self.of_kind(RememberedSlot) if slot.account == opened.account]
        return self._tagged([slot for slot in self.slots if slot not in hers], opened.store_key)

    def _tagged(self, slots: list[Slot], store_key: bytes) -> KeyFile:
        fresh = KeyFile(self.store, tuple(slots))
        return replace(fresh, tag=fresh._tag(store_key))

    # Opening

    def by_passphrase(self, passphrase: str, login: str = "", least: Cost = FLOOR) -> Opened:
        """What `passphrase` opens; every person's slot is tried if no login is given.

        WrongPassphrase if none opens. Weather if a slot asks for less than `least`, or the file was tampered with.
        """
        for slot in self.of_kind(PassphraseSlot):
            if login and not equal(slot.login_mark, self._mark(login)):
                continue
            if not slot.cost.reaches(least):
                raise _tampered()
            if secrets := slot.open(self.store, passphrase):
                return self._trusted(Opened.by(slot.account, secrets))
        raise WrongPassphrase()

    def by_paper(self, private: bytes, account: UUID | None = None) -> Opened:
        """What the recovery key opens, in the name of `account` or of the first person. Refused if it opens nothing."""
        paper = PrivateKey(private)
        people = {slot.account: slot.privileged_key(self.store, paper) for slot in self.of_kind(PassphraseSlot)}
        for slot in self.of_kind(RecoverySlot):
            if (store_key := slot.store_key(self.store, paper)) and people:
                privileged = {owner: key for owner, key in people.items() if key}
                return self._trusted(Opened(account or next(iter(people)), store_key, privileged))
        raise Refused(N_("This recovery key belongs to another store."))

    def by_secret(self, secret: bytes) -> Opened | None:
        """What a secret from the system's keyring opens; None if nothing."""
        if len(secret) != KEY_BYTES:
            return None
        for slot in self.of_kind(RememberedSlot):
            if secrets := slot.open(self.store, secret):
                return self._trusted(Opened.by(slot.account, secrets))
        return None

    def _trusted(self, opened: Opened) -> Opened:
        if not equal(self.tag, self._tag(opened.store_key)):
            raise _tampered()
        return opened

    # What it says

    def of_kind(self, kind: type[S]) -> list[S]:
        """The slots of one kind, oldest first."""
        return [slot for slot in self.slots if isinstance(slot, kind)]

    def _mark(self, login: str) -> bytes:
        """A login as the file knows it: names do not lie open on a locked laptop."""
        return digest(unicodedata.normalize("NFC", login).casefold().encode(), b"fd-login", self.store.bytes)

    def _facts(self) -> dict[str, Any]:
        slots = [{**slot.facts(), "sealed": slot.sealed.hex()} for slot in self.slots]
        return {"format": FORMAT, "version": VERSION, "store": self.store.hex, "slots": slots}

    def _tag(self, store_key: bytes) -> bytes:
        return digest(canonical(self._facts()), b"fd-key-file", store_key)

    # The file

    def write(self, path: Path) -> None:
        """Replace the file at `path` in one step. Weather if the disk does not let it; the old file then stands."""
        text = json.dumps({**self._facts(), "tag": self.tag.hex()}, indent=1)
        with told_plainly():
            durable.replace(path, text.encode())

    @classmethod
    def read(cls, path: Path) -> KeyFile:
        """The file at `path`. Weather if it is missing, damaged or newer than the program."""
        with told_plainly():
            try:
                with path.open("rb") as file:
                    return cls.parse(file.read(LARGEST))
            except FileNotFoundError:
                raise _missing() from None

    @classmethod
    def parse(cls, content: bytes) -> KeyFile:
        """As `read`, from the file's bytes."""
        try:
            found = json.loads(content)
            if found["format"] != FORMAT:
                raise ValueError("not a key file")
            if int(found["version"]) > VERSION:
                raise _newer()
            slots = tuple(KINDS[slot["kind"]].read(slot) for slot in found["slots"])
            return cls(UUID(hex=found["store"]), slots, bytes.fromhex(found["tag"]))
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
            raise _damaged() from None


def _missing() -> Weather:
    return Weather(
        N_("The key file of this store is missing."),
        N_("Put it back beside the store, or restore a backup: it holds both."),
    )


def _damaged() -> Weather:
    return Weather(
        N_("The key file of this store is damaged."),
        N_("Restore the newest backup: it holds the key file. What is here will be kept beside it."),
    )


def _newer() -> Weather:
    return Weather(
        N_("This store was written by a newer version of the program."),
        N_("Install the newer version on this computer. The store was left as it is."),
    )


def _tampered() -> Weather:
    return Weather(
        N_("The key file of this store was damaged or changed by another hand."),
        N_("Restore the newest backup: it holds the key file. What is here will be kept beside it."),
    )
