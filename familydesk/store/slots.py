"""Slots: the ways into a store. Each seals what it opens, and binds every public fact about itself.

A passphrase slot is one person on this laptop. A recovery slot is a public key whose private half is on paper. A
remembered slot opens with a random secret that the operating system's keyring holds; it is a convenience and can be
revoked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from nacl.public import PrivateKey, PublicKey
from nacl.utils import random

from familydesk.core.ids import new_id
from familydesk.store.derivation import SALT_BYTES, Cost, derive
from familydesk.store.sealing import seal, seal_to, unseal, unseal_from

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Secrets:
    """What a person's slot opens: the store key and her own keys (Ed25519 and X25519 seeds, and the privileged key)."""

    store_key: bytes = field(repr=False)
    signing_seed: bytes = field(repr=False)
    sealing_seed: bytes = field(repr=False)
    privileged_key: bytes = field(repr=False)

    @classmethod
    def fresh(cls, store_key: bytes | None = None) -> Secrets:
        """A new person's; of an existing store if its key is given."""
        return cls(store_key or random(KEY_BYTES), *(random(KEY_BYTES) for _ in range(3)))

    def pack(self) -> bytes:
        """As sealed: the four keys one after another."""
        return self.store_key + self.signing_seed + self.sealing_seed + self.privileged_key

    @classmethod
    def unpack(cls, packed: bytes | None) -> Secrets | None:
        """Back from `pack`; None from None. ValueError if it is not four keys."""
        if packed is None:
            return None
        if len(packed) != 4 * KEY_BYTES:
            raise ValueError("not four keys")
        return cls(*(packed[start : start + KEY_BYTES] for start in range(0, len(packed), KEY_BYTES)))


@dataclass(frozen=True, slots=True)
class PassphraseSlot:
    """One person. `escrow` is her privileged key sealed to the recovery key: a forgotten passphrase loses no note."""

    id: UUID
    account: UUID
    login_mark: bytes
    cost: Cost
    salt: bytes
    escrow: bytes = field(repr=False)
    sealed: bytes = field(default=b"", repr=False)

    @classmethod
    def make(
        cls, store: UUID, account: UUID, mark: bytes, passphrase: str, secrets: Secrets, cost: Cost, paper: PublicKey
    ) -> PassphraseSlot:
        """Seal `secrets` under `passphrase`, and the privileged key to the paper as well."""
        escrow = seal_to(paper, _escrow(store, account), secrets.privileged_key)
        bare = cls(new_id(), account, mark, cost, random(SALT_BYTES), escrow)
        key = derive(passphrase, bare.salt, cost)
        return replace(bare, sealed=seal(key, _bound(store, bare), secrets.pack()))

    def open(self, store: UUID, passphrase: str) -> Secrets | None:
        """What is sealed; None if the passphrase, or any public fact of the slot, is another one."""
        key = derive(passphrase, self.salt, self.cost)
        return Secrets.unpack(unseal(key, _bound(store, self), self.sealed))

    def privileged_key(self, store: UUID, paper: PrivateKey) -> bytes | None:
        """The person's privileged key, by the recovery key; None if the paper is another one."""
        return unseal_from(paper, _escrow(store, self.account), self.escrow)

    def facts(self) -> dict[str, Any]:
        """What is bound into the slot."""
        return {
            "kind": "PASSPHRASE",
            "id": self.id.hex,
            "account": self.account.hex,
            "login": self.login_mark.hex(),
            "derivation": "argon2id13",
            "passes": self.cost.passes,
            "memory": self.cost.memory,
            "salt": self.salt.hex(),
            "escrow": self.escrow.hex(),
        }

    @classmethod
    def read(cls, found: Mapping[str, Any]) -> PassphraseSlot:
        """From the key file. KeyError, TypeError or ValueError if it is not as written."""
        cost = Cost(int(found["passes"]), int(found["memory"]))
        if found["derivation"] != "argon2id13" or not cost.bearable():
            raise ValueError("an unknown derivation")
        parts = (bytes.fromhex(found[name]) for name in ("salt", "escrow", "sealed"))
        return cls(UUID(hex=found["id"]), UUID(hex=found["account"]), bytes.fromhex(found["login"]), cost, *parts)


@dataclass(frozen=True, slots=True)
class RecoverySlot:
    """The paper: its public half, and the store key sealed to it."""

    id: UUID
    public: bytes
    sealed: bytes = field(repr=False)

    @classmethod
    def make(cls, store: UUID, public: PublicKey, store_key: bytes) -> RecoverySlot:
        """Seal the store key to the paper."""
        bare = cls(new_id(), bytes(public), b"")
        return replace(bare, sealed=seal_to(public, _bound(store, bare), store_key))

    def store_key(self, store: UUID, paper: PrivateKey) -> bytes | None:
        """The store key; None if the paper is another store's."""
        return unseal_from(paper, _bound(store, self), self.sealed)

    def facts(self) -> dict[str, Any]:
        """What is bound into the slot."""
        return {"kind": "RECOVERY", "id": self.id.hex, "public": self.public.hex()}

    @classmethod
    def read(cls, found: Mapping[str, Any]) -> RecoverySlot:
        """From the key file."""
        return cls(UUID(hex=found["id"]), bytes.fromhex(found["public"]), bytes.fromhex(found["sealed"]))


@dataclass(frozen=True, slots=True)
class RememberedSlot:
    """One person on this computer, opened by a secret from the system's keyring."""

    id: UUID
    account: UUID
    sealed: bytes = field(default=b"", repr=False)

    @classmethod
    def make(cls, store: UUID, account: UUID, secrets: Secrets) -> tuple[RememberedSlot, bytes]:
        """A slot and the random secret that opens it."""
        secret = random(KEY_BYTES)
        bare = cls(new_id(), account)
        return replace(bare, sealed=seal(secret, _bound(store, bare), secrets.pack())), secret

    def open(self, store: UUID, secret: bytes) -> Secrets | None:
        """What is sealed; None if the secret is another one."""
        return Secrets.unpack(unseal(secret, _bound(store, self), self.sealed))

    def facts(self) -> dict[str, Any]:
        """What is bound into the slot."""
        return {"kind": "REMEMBERED", "id": self.id.hex, "account": self.account.hex}

    @classmethod
    def read(cls, found: Mapping[str, Any]) -> RememberedSlot:
        """From the key file."""
        return cls(UUID(hex=found["id"]), UUID(hex=found["account"]), bytes.fromhex(found["sealed"]))


Slot = PassphraseSlot | RecoverySlot | RememberedSlot

KINDS: dict[str, type[Slot]] = {
    "PASSPHRASE": PassphraseSlot,
    "RECOVERY": RecoverySlot,
    "REMEMBERED": RememberedSlot,
}


def _bound(store: UUID, slot: Slot) -> dict[str, Any]:
    return {"what": "familydesk slot 1", "store": store.hex, **slot.facts()}


def _escrow(store: UUID, account: UUID) -> dict[str, Any]:
    return {"what": "familydesk privileged key 1", "store": store.hex, "account": account.hex}
