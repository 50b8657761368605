"""How a laptop shows a hub who it is: the hub gives a challenge, the laptop's key signs it. No clock, no password.

The signature names the hub, the center and the device as well, so that nobody can hand it on to another hub.
"""

from __future__ import annotations

from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey

from familydesk.sync.wire.digests import digest

_WHAT = b"familydesk login 1"


def answer(key: SigningKey, hub: bytes, center: bytes, device: bytes, challenge: bytes) -> bytes:
    """64 bytes: the challenge signed by the device."""
    return bytes(key.sign(_said(hub, center, device, challenge)).signature)


def answered(public: bytes, signature: bytes, hub: bytes, center: bytes, device: bytes, challenge: bytes) -> bool:
    """Whether the device with this key has signed this challenge of this hub."""
    try:
        VerifyKey(public).verify(_said(hub, center, device, challenge), signature)
    except (CryptoError, ValueError):
        return False
    return True


def _said(hub: bytes, center: bytes, device: bytes, challenge: bytes) -> bytes:
    # Digests of one length, so that no part can run into the next.
    parts = (hub, center, device, challenge)
    return _WHAT + b"".join(digest(part, b"fd-login") for part in parts)
