"""A way into a store: a passphrase, the recovery key, or what this computer remembers."""

from __future__ import annotations

from dataclasses import dataclass, field

from familydesk.core.errors import Weather
from familydesk.core.i18n import N_
from familydesk.store import recovery_code, remembered
from familydesk.store.delay import Delay
from familydesk.store.derivation import FLOOR, Cost
from familydesk.store.folder import StoreFolder
from familydesk.store.keys import KeyFile, Opened, TooSoon, WrongPassphrase
from familydesk.store.slots import RememberedSlot


class PaperForPassphrase(WrongPassphrase):
    """The recovery key was typed where the passphrase is asked for."""

    def __init__(self, wait: int = 0) -> None:
        super().__init__(wait)
        self.text = N_("This is not the passphrase; it looks like the recovery key.")
        self.advice = N_("Say that it is the recovery key: in the window on the same page, or with --recovery.")


@dataclass(frozen=True, slots=True)
class WayIn:
    """What someone at the door has. The recovery key comes before the keyring, the keyring before the passphrase."""

    passphrase: str = field(default="", repr=False)
    recovery: str = field(default="", repr=False)
    remembered: bool = False
    login: str = ""
    least: Cost = FLOOR

    def open(self, place: StoreFolder, keys: KeyFile) -> Opened:
        """What it opens. Wrong passphrases make the next try at this place wait longer and longer."""
        if self.recovery:
            return keys.by_paper(recovery_code.read(self.recovery), self.login)
        if self.remembered:
            return _recalled(keys)
        return self._by_passphrase(Delay(place.delay), keys)

    def _by_passphrase(self, delay: Delay, keys: KeyFile) -> Opened:
        if wait := delay.left():
            raise TooSoon(wait)
        delay.count_try()
        try:
            opened = keys.by_passphrase(self.passphrase, self.login, self.least)
        except WrongPassphrase:
            kind = PaperForPassphrase if recovery_code.resembles(self.passphrase) else WrongPassphrase
            raise kind(delay.left()) from None
        delay.clear()
        return opened


def _recalled(keys: KeyFile) -> Opened:
    """Of several people who are remembered under one login of the computer, the last to ask for it."""
    for slot in reversed(keys.of_kind(RememberedSlot)):
        if opened := keys.by_secret(remembered.recall(keys.store, slot.account) or b""):
            return opened
    raise Weather(N_("This computer does not remember the store."), N_("Open it with the passphrase."))
