"""What this computer may remember: a random secret in the operating system's own keyring, never a passphrase or a key.

Only keyrings on the list are used. Others that the environment may offer write what they are given in the open.
"""

from __future__ import annotations

import base64
import binascii
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


def keep(store: UUID, secret: bytes) -> None:
    """Hand the secret to the keyring. Weather if there is none or it refuses."""
    ring = keyring()
    if ring is None:
        raise _no_keyring()
    try:
        ring.set_password(SERVICE, store.hex, base64.b64encode(secret).decode())
    except Exception as error:
        raise _no_keyring() from error


def recall(store: UUID) -> bytes | None:
    """The secret; None if the keyring is absent, locked or knows nothing. There are always other ways in."""
    ring = keyring()
    try:
        kept = ring.get_password(SERVICE, store.hex) if ring else None
        return base64.b64decode(kept, validate=True) if kept else None
    except (Exception, binascii.Error):
        return None


def drop(store: UUID) -> None:
    """Take the secret back, if the keyring lets go of it."""
    ring = keyring()
    if ring is None:
        return
    try:
        ring.delete_password(SERVICE, store.hex)
    except Exception:
        return


def _no_keyring() -> Weather:
    return Weather(
        N_("This computer has no keyring that can keep a secret."), N_("Go on opening the store with the passphrase.")
    )
