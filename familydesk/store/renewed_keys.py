"""A new store key for people whose passphrases are not at hand: sealed to each one's public key (X25519)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from nacl.public import PrivateKey, PublicKey

from familydesk.store.sealing import seal_to, unseal_from
from familydesk.store.slots import Secrets


def sealed(store: UUID, publics: Mapping[UUID, bytes], store_key: bytes) -> dict[UUID, bytes]:
    """`store_key` for each of these people, by account."""
    return {who: seal_to(PublicKey(public), _bound(store, who), store_key) for who, public in publics.items()}


def of_today(store: UUID, account: UUID, secrets: Secrets, renewal: bytes) -> Secrets | None:
    """Her secrets with the store key that was sealed to her; None if it was sealed to somebody else's key."""
    store_key = unseal_from(PrivateKey(secrets.sealing_seed), _bound(store, account), renewal)
    return replace(secrets, store_key=store_key) if store_key else None


def _bound(store: UUID, account: UUID) -> dict[str, Any]:
    return {"what": "familydesk renewed key 1", "store": store.hex, "account": account.hex}
