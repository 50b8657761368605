"""Files for people outside, sealed as age files (age-encryption.org/v1): any age program opens them, this one is not
needed. The one use of a second library for sealing, because its format is the one that recipients can open.
"""

from __future__ import annotations

import enum

from familydesk.core.errors import Problem, Refused
from familydesk.core.i18n import N_

SHORTEST = 12
"""Letters of a passphrase under which a file leaves the house: whoever has the file can try as long as he likes."""


class Protection(enum.Enum):
    """How a file is protected on its way."""

    PASSPHRASE = N_("Sealed with a passphrase")
    KEY = N_("Sealed for the recipient's key")
    OPEN = N_("Not sealed: whoever gets hold of it can read it")


def check(protection: Protection, secret: str) -> None:
    """Refused, at the field `secret`, if the file could not be sealed with it."""
    if protection is Protection.PASSPHRASE and len(secret.strip()) < SHORTEST:
        sentence = N_("A passphrase for a file has at least {least} characters.")
        raise Refused(Problem("secret", sentence, {"least": SHORTEST}))
    if protection is Protection.KEY:
        _recipient(secret)


def sealed(content: bytes, protection: Protection, secret: str) -> bytes:
    """The age file; the content itself where it is to stay open. Refused as by `check`."""
    check(protection, secret)
    if protection is Protection.OPEN:
        return content
    import pyrage

    if protection is Protection.KEY:
        return bytes(pyrage.encrypt(content, [_recipient(secret)]))
    return bytes(pyrage.passphrase.encrypt(content, secret.strip()))


def _recipient(text: str) -> object:
    import pyrage

    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError:
        raise Refused(
            Problem("secret", N_("This is no key of a recipient: it begins with age1 and was mistyped or cut short."))
        ) from None
