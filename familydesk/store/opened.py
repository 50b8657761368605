"""What a way in has opened, or why nothing did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from familydesk.core.errors import Weather
from familydesk.core.i18n import N_
from familydesk.store.slots import Escrowed, Secrets


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
    """What a way in has opened. By the paper there are no `secrets`; `privileged` and `escrow` hold everyone's keys.

    `anchor` is the public key that began the list of members, `paper` the recovery key's public half; both are empty in
    a store of the first format. `temporary`: by a passphrase that was made up for her.
    """

    account: UUID
    store_key: bytes = field(repr=False)
    privileged: Mapping[UUID, bytes] = field(repr=False)
    secrets: Secrets | None = field(default=None, repr=False)
    anchor: bytes = b""
    paper: bytes = b""
    temporary: bool = False
    escrow: Mapping[UUID, Escrowed] = field(default_factory=dict, repr=False)

    @classmethod
    def by(cls, account: UUID, secrets: Secrets, temporary: bool = False) -> Opened:
        """By the person herself."""
        return cls(
            account, secrets.store_key, {account: secrets.privileged}, secrets, secrets.anchor, secrets.paper, temporary
        )

    def with_fresh_keys(self) -> Opened:
        """With fresh keys of her own instead of those that were opened; notes sealed until now open all the same."""
        return Opened.by(self.account, self.secrets.anew(), self.temporary) if self.secrets else self

    def secrets_of(self, account: UUID) -> Secrets:
        """What a slot for `account` seals: her own keys as far as they are at hand, fresh ones otherwise."""
        if self.secrets is not None and account == self.account:
            return self.secrets
        fresh = Secrets.fresh(self.store_key, self.anchor, self.paper)
        kept = self.escrow.get(account)
        if kept is None:
            return fresh
        own, *former = kept.keys()
        return kept.secrets(self.store_key, fresh.anchor, self.paper) or replace(fresh, privileged_key=own).with_former(
            former
        )
