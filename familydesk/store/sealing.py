"""Two ways to seal bytes, each bound to a context: under a key, and to the holder of a private key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from nacl.bindings import crypto_generichash_blake2b_salt_personal, sodium_memcmp
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import Aead

DIGEST_BYTES = 32


def canonical(facts: Mapping[str, Any]) -> bytes:
    """One spelling of `facts`, to be bound or digested."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()


def digest(content: bytes, purpose: bytes, key: bytes = b"") -> bytes:
    """BLAKE2b-256, keyed or not. `purpose`, up to 16 bytes, keeps the digests of different uses apart."""
    return bytes(crypto_generichash_blake2b_salt_personal(content, DIGEST_BYTES, key=key, person=purpose))


def equal(one: bytes, other: bytes) -> bool:
    """Whether two digests are the same, in a time that does not tell where they differ."""
    return len(one) == len(other) and sodium_memcmp(one, other)


def seal(key: bytes, context: Mapping[str, Any], content: bytes) -> bytes:
    """XChaCha20-Poly1305 under `key`, with `context` as associated data."""
    return bytes(Aead(key).encrypt(content, canonical(context)))


def unseal(key: bytes, context: Mapping[str, Any], sealed: bytes) -> bytes | None:
    """The content; None if key, context or bytes are other ones."""
    try:
        return Aead(key).decrypt(sealed, canonical(context))
    except (CryptoError, ValueError):
        return None


def seal_to(public: PublicKey, context: Mapping[str, Any], content: bytes) -> bytes:
    """A sealed box (X25519). It binds nothing by itself, so the context's digest lies inside."""
    return bytes(SealedBox(public).encrypt(digest(canonical(context), b"fd-sealed-to") + content))


def unseal_from(private: PrivateKey, context: Mapping[str, Any], sealed: bytes) -> bytes | None:
    """The content; None if the box is another's or was made for another context."""
    try:
        found = SealedBox(private).decrypt(sealed)
    except (CryptoError, ValueError, TypeError):
        return None
    if not equal(found[:DIGEST_BYTES], digest(canonical(context), b"fd-sealed-to")):
        return None
    return found[DIGEST_BYTES:]
