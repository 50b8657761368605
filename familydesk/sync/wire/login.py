"""How a laptop shows a hub who it is: the hub gives a challenge, the laptop's key signs it. No clock, no password.

The signature names the hub, the address at which the laptop visited it, the center and the device as well: whoever
answers at another address, and shows a laptop the challenge and the key of a hub, gets nothing that this hub takes.
"""

from __future__ import annotations

import re

from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey

from familydesk.sync.wire.digests import digest

_WHAT = b"familydesk login 2"
_PORTS = {"http": 80, "https": 443}
_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[^\s/:@?#\[\]]+?)\.?(?::(?P<port>[0-9]{1,5}))?(?:/[^?#]*)?",
    re.IGNORECASE,
)


def origin(url: str) -> str:
    """The part of an address that says who answers: scheme, computer and port, the usual port left out. ValueError if
    it is no address of a hub.
    """
    found = _ADDRESS.fullmatch(url)
    if found is None:
        raise ValueError("no address of a hub")
    scheme, host = found["scheme"].lower(), found["host"].lower()
    if not host.isascii():
        host = host.encode("idna").decode()
    port = int(found["port"] or _PORTS[scheme])
    return f"{scheme}://{host}" + ("" if port == _PORTS[scheme] else f":{port}")


def answer(key: SigningKey, hub: bytes, at: str, center: bytes, device: bytes, challenge: bytes) -> bytes:
    """64 bytes: the challenge signed by the device. `at` is the origin of the address that it visits."""
    return bytes(key.sign(_said(hub, at, center, device, challenge)).signature)


def answered(
    public: bytes, signature: bytes, hub: bytes, at: str, center: bytes, device: bytes, challenge: bytes
) -> bool:
    """Whether the device with this key has signed this challenge of this hub, on a visit to this origin."""
    try:
        VerifyKey(public).verify(_said(hub, at, center, device, challenge), signature)
    except (CryptoError, ValueError):
        return False
    return True


def _said(hub: bytes, at: str, center: bytes, device: bytes, challenge: bytes) -> bytes:
    # Digests of one length, so that no part can run into the next.
    parts = (hub, at.encode(), center, device, challenge)
    return _WHAT + b"".join(digest(part, b"fd-login") for part in parts)
