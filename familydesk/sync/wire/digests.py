"""Digests that travel or are compared between laptops, each under the name of its use."""

from __future__ import annotations

from nacl.bindings import crypto_generichash_blake2b_salt_personal

DIGEST_BYTES = 32
ID_BYTES = 16


def digest(content: bytes, purpose: bytes) -> bytes:
    """BLAKE2b-256. `purpose`, up to 16 bytes, keeps the digests of different uses apart."""
    return bytes(crypto_generichash_blake2b_salt_personal(content, DIGEST_BYTES, person=purpose))


def center_id(anchor: bytes) -> bytes:
    """A center by the public key that began its list of members: 16 bytes."""
    return digest(anchor, b"fd-center")[:ID_BYTES]


def device_id(public: bytes) -> bytes:
    """A laptop by the public half of its key: 16 bytes."""
    return digest(public, b"fd-device")[:ID_BYTES]
