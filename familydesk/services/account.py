"""One's own account on this computer: the passphrase, the recovery key, and whether the computer remembers."""

from __future__ import annotations

from familydesk.core.errors import Problem, Refused
from familydesk.core.i18n import N_
from familydesk.store import recovery_code, remembered
from familydesk.store.derivation import FLOOR, Cost, measured
from familydesk.store.folder import StoreFolder
from familydesk.store.keys import KeyFile, Opened, WrongPassphrase

SHORTEST = 8


class Account:
    """The account of whoever opened the store. Its verbs rewrite the key file, never the data."""

    def __init__(self, place: StoreFolder, opened: Opened) -> None:
        self._place = place
        self._opened = opened

    @property
    def by_paper(self) -> bool:
        """Whether the store was opened with the recovery key: a new passphrase is then due."""
        return self._opened.secrets is None

    def change_passphrase(self, old: str, new: str, *, cost: Cost | None = None, least: Cost = FLOOR) -> None:
        """Let `new` open the store instead of `old`. Refused if `old` is wrong or `new` too short."""
        try:
            self._read().by_passphrase(old, least=least)
        except WrongPassphrase as wrong:
            raise Refused(Problem("old", wrong.text)) from None
        self.set_passphrase(new, cost=cost)

    def set_passphrase(self, new: str, *, cost: Cost | None = None) -> None:
        """Let `new` open the store from now on; meant for who came in with the recovery key."""
        check_passphrase(new)
        changed = self._read().with_person(self._opened, self._opened.account, "", new, cost or measured())
        changed.write(self._place.keys)

    # What this computer remembers

    @staticmethod
    def can_be_remembered() -> bool:
        """Whether this computer has a keyring that protects what it is given."""
        return remembered.keyring() is not None

    def remember(self) -> None:
        """Open without a passphrase from now on, for who is logged in to this computer. Weather without a keyring."""
        changed, secret = self._read().remembering(self._opened)
        remembered.keep(changed.store, secret)
        changed.write(self._place.keys)

    def forget(self) -> None:
        """Ask for the passphrase again. The slot goes first: without it the keyring's secret opens nothing."""
        changed = self._read().forgetting(self._opened)
        changed.write(self._place.keys)
        remembered.drop(changed.store)

    def _read(self) -> KeyFile:
        return KeyFile.read(self._place.keys)


def check_passphrase(passphrase: str) -> None:
    """Refused if it is too short to protect anything."""
    if len(passphrase.strip()) < SHORTEST:
        raise Refused(Problem("passphrase", N_("A passphrase has at least {least} characters."), {"least": SHORTEST}))


def paper_opens(keys: KeyFile, recovery: str) -> bool:
    """Whether a recovery key opens what these keys lock. Refused if it was not typed as printed."""
    private = recovery_code.read(recovery)
    try:
        keys.by_paper(private)
    except Refused:
        return False
    return True
