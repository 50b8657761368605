"""A request to be admitted, as whoever keeps it can judge it: its form, its name, and that the keys in it were there.

What is asked stays sealed (`enrolment`): CBOR, then two signatures (64 each), of the laptop's key and of the person's.
"""

from __future__ import annotations

from dataclasses import dataclass

from nacl.exceptions import CryptoError
from nacl.signing import VerifyKey

from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.coding import decoded
from familydesk.sync.wire.digests import ID_BYTES, digest
from familydesk.sync.wire.shapes import array, at_most, exactly

REQUEST = "familydesk request 1"
LARGEST = 16 * 1024
_KEY, _SIGNATURE = 32, 64


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands in a request. `words`: by whose key they open, and the words sealed."""

    center: bytes
    device: bytes
    signing: bytes
    sealing: bytes
    words: tuple[tuple[bytes, bytes], ...]
    signatures: bytes


def request_name(content: bytes) -> str:
    """How the object with a request is called."""
    return digest(content, b"fd-request")[:ID_BYTES].hex()


def asked(content: bytes) -> Asked:
    """From its bytes. Defect if it is no request, or not signed by both keys that it names."""
    if not 2 * _SIGNATURE < len(content) <= LARGEST:
        raise Defect("a request of another length")
    body, signatures = content[: -2 * _SIGNATURE], content[-2 * _SIGNATURE :]
    what, center, device, signing, sealing, words = array(decoded(body), 6)
    if what != REQUEST:
        raise Defect("no request")
    keys = exactly(device, _KEY), exactly(signing, _KEY), exactly(sealing, _KEY)
    _check(keys[0], body, signatures[:_SIGNATURE])
    _check(keys[1], body, signatures[_SIGNATURE:])
    return Asked(exactly(center, ID_BYTES), *keys, tuple(map(_pair, array(words))), signatures)


def _pair(found: object) -> tuple[bytes, bytes]:
    to, sealed = array(found, 2)
    return exactly(to, _KEY), at_most(sealed, LARGEST)


def _check(public: bytes, body: bytes, signature: bytes) -> None:
    try:
        VerifyKey(public).verify(body, signature)
    except (CryptoError, ValueError):
        raise Defect("a request that is not signed by whom it names") from None
