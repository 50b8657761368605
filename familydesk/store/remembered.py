"""What this computer may remember: a random secret in the operating system's own keyring, never a passphrase or a key.

Only keyrings on the list are used. Others that the environment may offer write what they are given in the open.
"""

from __future__ import annotations

import base64
import sys
from functools import cache
from importlib import import_module
from typing import Any
from uuid import UUID

from familydesk.core.errors import Weather
from familydesk.core.i18n import N_

SERVICE = "FamilyDesk"
ALLOWED = {
    "win32": (("keyring.backends.Windows", "WinVaultKeyring"),),
    "darwin": (("keyring.backends.macOS", "Keyring"),),
    "linux": (("keyring.backends.SecretService", "Keyring"), ("keyring.backends.kwallet", "DBusKeyring")),
}
"""By system; another system's keyring takes a sixth of a second to say that it does not work here."""


@cache
def keyring() -> Any | None:
    """The first keyring on the list that works here; None if there is none."""
    for module, name in ALLOWED.get(sys.platform, ()):
        try:
            kind = getattr(import_module(module), name)
            if kind.viable:
                return kind()
        # A keyring that cannot even say whether it works is no keyring.
        except Exception:
            continue
    return None


def keep(store: UUID, account: UUID, secret: bytes) -> None:
    """Hand a person's secret to the keyring. Weather if there is none, or it is locked or refuses."""
    ring = keyring()
    if ring is None:
        raise _no_keyring()
    try:
        ring.set_password(SERVICE, _entry(store, account), base64.b64encode(secret).decode())
    except Exception as error:
        raise (_locked() if _says_locked(error) else _no_keyring()) from error


def recall(store: UUID, account: UUID) -> bytes | None:
    """Her secret; None if the keyring is absent, fails or knows nothing. Weather if it is locked, and stays so.

    There are always other ways in.
    """
    ring = keyring()
    try:
        kept = ring.get_password(SERVICE, _entry(store, account)) if ring else None
        return base64.b64decode(kept, validate=True) if kept else None
    except Exception as error:
        if _says_locked(error):
            raise _locked() from error
        return None


def drop(store: UUID, account: UUID) -> None:
    """Take her secret back, if the keyring lets go of it."""
    ring = keyring()
    if ring is None:
        return
    try:
        ring.delete_password(SERVICE, _entry(store, account))
    except Exception:
        return


def _entry(store: UUID, account: UUID) -> str:
    """One for each person: several may work under one login of the computer."""
    return f"{store.hex}.{account.hex}"


def _says_locked(error: Exception) -> bool:
    from keyring.errors import KeyringLocked

    return isinstance(error, KeyringLocked)


def _locked() -> Weather:
    return Weather(
        N_("The keyring of this computer is locked."), N_("Unlock it and try again, or open with the passphrase.")
    )


def _no_keyring() -> Weather:
    return Weather(
        N_("This computer has no keyring that can keep a secret."), N_("Go on opening the store with the passphrase.")
    )
