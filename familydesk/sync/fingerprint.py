"""Fingerprints: twenty signs that two people compare, one reading them aloud, so that nobody stands between them."""

from __future__ import annotations

from familydesk.store.recovery_code import signs_of, written_small
from familydesk.store.sealing import digest, equal
from familydesk.sync.wire.certificate import Certificate

GROUPS = 4
_BITS = 100
"""Four groups of five signs of five bits: nobody finds another request, or another center, with the same ones."""


def of_center(anchor: bytes) -> str:
    """Of a center, by the public key that began its membership log."""
    return _written(digest(anchor, b"fd-center-print"))


def of_request(anchor: bytes, request: bytes) -> str:
    """Of a request to join, all its bytes, and of the center that whoever asks has seen."""
    return _written(digest(anchor + request, b"fd-join-print"))


def of_certificate(certificate: Certificate) -> str:
    """Of a center together with the key to which one seals what is for it, of which the center's own says nothing."""
    return _written(digest(certificate.anchor + certificate.sealing, b"fd-cert-print"))


def same(typed: str, fingerprint: str) -> bool:
    """Whether somebody typed this fingerprint, in whatever groups."""
    return equal(signs_of(typed).encode(), signs_of(fingerprint).encode())


def _written(found: bytes) -> str:
    return written_small(int.from_bytes(found, "big") >> 8 * len(found) - _BITS, GROUPS)
