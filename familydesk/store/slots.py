"""Slots: the ways into a store. Each seals what it opens, and binds every public fact about itself.

A passphrase slot is one person on this laptop. A recovery slot is a public key whose private half is on paper. A
remembered slot opens with a random secret that the operating system's keyring holds; it is a convenience and can be
revoked. A dormant slot opens no store: it keeps the keys of somebody whose slot was taken away, for her alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from nacl.public import PrivateKey, PublicKey
from nacl.signing import SigningKey
from nacl.utils import random

from familydesk.core.ids import new_id
from familydesk.store.derivation import SALT_BYTES, Cost, derive
from familydesk.store.sealing import seal, seal_to, unseal, unseal_from

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Secrets:
    """What a person's slot opens: the store key and her own keys (Ed25519 and X25519 seeds, and the privileged key).

    `anchor` is the public key that began the list of members, `paper` the recovery key's public half; who has them in
    her slot believes no others, whoever rewrites the key file. `former` are privileged keys that she had before, one
    after another: they still open what they sealed.
    """

    store_key: bytes = field(repr=False)
    signing_seed: bytes = field(repr=False)
    sealing_seed: bytes = field(repr=False)
    privileged_key: bytes = field(repr=False)
    anchor: bytes = b""
    paper: bytes = b""
    former: bytes = field(default=b"", repr=False)

    @classmethod
    def fresh(cls, store_key: bytes | None = None, anchor: bytes = b"", paper: bytes = b"") -> Secrets:
        """A new person's; of an existing store if its key is given. Without an anchor she is one herself."""
        made = cls(store_key or random(KEY_BYTES), *(random(KEY_BYTES) for _ in range(3)))
        return replace(made, anchor=anchor or made.signing_public, paper=paper)

    @property
    def signing_public(self) -> bytes:
        """By which others know her signature (Ed25519)."""
        return bytes(SigningKey(self.signing_seed).verify_key)

    @property
    def sealing_public(self) -> bytes:
        """To which others seal what is for her (X25519)."""
        return bytes(PrivateKey(self.sealing_seed).public_key)

    @property
    def publics(self) -> tuple[bytes, bytes]:
        """Both, as the list of people names them."""
        return self.signing_public, self.sealing_public

    @property
    def privileged(self) -> bytes:
        """Her privileged keys: the one that seals, then the former ones."""
        return self.privileged_key + self.former

    def knows(self, key: bytes) -> bool:
        """Whether `key` is one of her privileged keys."""
        return key in _keys(self.privileged)

    def with_former(self, keys: Iterable[bytes]) -> Secrets:
        """With more privileged keys that she had before; those at hand already are not doubled."""
        new = dict.fromkeys(key for key in keys if not self.knows(key))
        return replace(self, former=self.former + b"".join(new))

    def anew(self) -> Secrets:
        """The same person's with fresh keys of her own; her privileged keys until now still open what they sealed."""
        return Secrets.fresh(self.store_key, self.anchor, self.paper).with_former(_keys(self.privileged))

    def pack(self) -> bytes:
        """As sealed: the keys one after another."""
        own = self.store_key + self.signing_seed + self.sealing_seed + self.privileged_key
        return own + self.anchor + self.paper + self.former

    @classmethod
    def unpack(cls, packed: bytes | None) -> Secrets | None:
        """Back from `pack`; None from None. ValueError if it is not four keys or more."""
        if packed is None:
            return None
        if len(packed) < 4 * KEY_BYTES or len(packed) % KEY_BYTES:
            raise ValueError("not a row of keys")
        own = _keys(packed)
        return cls(own[0], own[1], own[2], own[3], b"".join(own[4:5]), b"".join(own[5:6]), b"".join(own[6:]))


def _keys(row: bytes) -> list[bytes]:
    return [row[start : start + KEY_BYTES] for start in range(0, len(row), KEY_BYTES)]


@dataclass(frozen=True, slots=True)
class PassphraseSlot:
    """One person. `escrow` is her own keys sealed to the recovery key: a forgotten passphrase loses no note. `own` is
    the same under her passphrase without the store key: what may stay behind when her way in is taken away.

    `temporary`: the passphrase was made up for her and opens nothing but the choice of her own.
    """

    id: UUID
    account: UUID
    login_mark: bytes
    cost: Cost
    salt: bytes
    escrow: bytes = field(repr=False)
    sealed: bytes = field(default=b"", repr=False)
    own: bytes = field(default=b"", repr=False)
    temporary: bool = False

    @classmethod
    def make(
        cls,
        store: UUID,
        account: UUID,
        mark: bytes,
        passphrase: str,
        secrets: Secrets,
        cost: Cost,
        paper: PublicKey,
        temporary: bool = False,
    ) -> PassphraseSlot:
        """Seal `secrets` under `passphrase`, and her own keys to the paper as well."""
        kept = _without_store(secrets)
        escrow = seal_to(paper, _escrow(store, account), kept)
        bare = cls(new_id(), account, mark, cost, random(SALT_BYTES), escrow, temporary=temporary)
        key = derive(passphrase, bare.salt, cost)
        bare = replace(bare, own=seal(key, _own(store, account), kept))
        return replace(bare, sealed=seal(key, _bound(store, bare), secrets.pack()))

    def open(self, store: UUID, passphrase: str) -> Secrets | None:
        """What is sealed; None if the passphrase, or any public fact of the slot, is another one."""
        key = derive(passphrase, self.salt, self.cost)
        return Secrets.unpack(unseal(key, _bound(store, self), self.sealed))

    def in_escrow(self, store: UUID, paper: PrivateKey) -> bytes | None:
        """What the recovery key opens of hers; None if the paper is another one. See `Escrowed`."""
        return unseal_from(paper, _escrow(store, self.account), self.escrow)

    def facts(self) -> dict[str, Any]:
        """What is bound into the slot. What slots of the first format did not have is told only where it stands."""
        later: dict[str, Any] = {"own": self.own.hex()} if self.own else {}
        if self.temporary:
            later["temporary"] = True
        return {"kind": "PASSPHRASE", **_derived(self), **later}

    @classmethod
    def read(cls, found: Mapping[str, Any]) -> PassphraseSlot:
        """From the key file. KeyError, TypeError or ValueError if it is not as written."""
        salt, escrow, sealed = (bytes.fromhex(found[name]) for name in ("salt", "escrow", "sealed"))
        own, temporary = bytes.fromhex(found.get("own", "")), found.get("temporary") is True
        return cls(*_whose(found), _cost(found), salt, escrow, sealed, own, temporary)


@dataclass(frozen=True, slots=True)
class DormantSlot:
    """What stays of a passphrase slot that was taken away: her own keys under her passphrase, and in escrow.

    The store key is not in it, so it is no way in. With her former passphrase, or the paper, she has her notes back.
    """

    id: UUID
    account: UUID
    login_mark: bytes
    cost: Cost
    salt: bytes
    escrow: bytes = field(repr=False)
    sealed: bytes = field(default=b"", repr=False)

    @classmethod
    def of(cls, slot: PassphraseSlot) -> DormantSlot:
        """What stays of `slot`."""
        return cls(slot.id, slot.account, slot.login_mark, slot.cost, slot.salt, slot.escrow, slot.own)

    def open(self, store: UUID, passphrase: str) -> bytes | None:
        """Her own keys, as `in_escrow` gives them; None if the passphrase is another one."""
        if not self.sealed:
            return None
        return unseal(derive(passphrase, self.salt, self.cost), _own(store, self.account), self.sealed)

    def in_escrow(self, store: UUID, paper: PrivateKey) -> bytes | None:
        """As a passphrase slot's."""
        return unseal_from(paper, _escrow(store, self.account), self.escrow)

    def facts(self) -> dict[str, Any]:
        """What the tag covers."""
        return {"kind": "DORMANT", **_derived(self)}

    @classmethod
    def read(cls, found: Mapping[str, Any]) -> DormantSlot:
        """From the key file."""
        salt, escrow, sealed = (bytes.fromhex(found[name]) for name in ("salt", "escrow", "sealed"))
        return cls(*_whose(found), _cost(found), salt, escrow, sealed)


@dataclass(frozen=True, slots=True)
class Escrowed:
    """A person's own keys, apart from the store. Slots of the first format gave away only the privileged key."""

    privileged: bytes = field(repr=False)
    """The one that seals, then former ones."""
    identity: bytes = field(default=b"", repr=False)
    """The two seeds, or nothing."""

    @classmethod
    def read(cls, packed: bytes) -> Escrowed:
        """From what the paper or the former passphrase opened."""
        if len(packed) == KEY_BYTES:
            return cls(packed)
        return cls(packed[2 * KEY_BYTES :], packed[: 2 * KEY_BYTES])

    @property
    def sealing_seed(self) -> bytes:
        """Of the key to which others seal what is for her; nothing where only the privileged key was given away."""
        return self.identity[KEY_BYTES:]

    def keys(self) -> list[bytes]:
        """The privileged keys, one by one."""
        return _keys(self.privileged)

    def after(self, older: Escrowed | None) -> Escrowed:
        """This, with what an older slot of hers gave as well."""
        if older is None:
            return self
        return Escrowed(b"".join(dict.fromkeys(self.keys() + older.keys())), self.identity or older.identity)

    def secrets(self, store_key: bytes, anchor: bytes, paper: bytes) -> Secrets | None:
        """All that her slot sealed; None where her identity is not in it."""
        if not self.identity:
            return None
        signing, sealing = _keys(self.identity)
        own, *former = self.keys()
        return Secrets(store_key, signing, sealing, own, anchor, paper, b"".join(former))


def _without_store(secrets: Secrets) -> bytes:
    return secrets.signing_seed + secrets.sealing_seed + secrets.privileged


def _derived(slot: PassphraseSlot | DormantSlot) -> dict[str, Any]:
    return {
        "id": slot.id.hex,
        "account": slot.account.hex,
        "login": slot.login_mark.hex(),
        "derivation": "argon2id13",
        "passes": slot.cost.passes,
        "memory": slot.cost.memory,
        "salt": slot.salt.hex(),
        "escrow": slot.escrow.hex(),
    }


def _whose(found: Mapping[str, Any]) -> tuple[UUID, UUID, bytes]:
    return UUID(hex=found["id"]), UUID(hex=found["account"]), bytes.fromhex(found["login"])


def _cost(found: Mapping[str, Any]) -> Cost:
    cost = Cost(int(found["passes"]), int(found["memory"]))
    if found["derivation"] != "argon2id13" or not cost.bearable():
        raise ValueError("an unknown derivation")
    return cost


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


Slot = PassphraseSlot | DormantSlot | RecoverySlot | RememberedSlot

KINDS: dict[str, type[Slot]] = {
    "PASSPHRASE": PassphraseSlot,
    "DORMANT": DormantSlot,
    "RECOVERY": RecoverySlot,
    "REMEMBERED": RememberedSlot,
}


def _bound(store: UUID, slot: Slot) -> dict[str, Any]:
    return {"what": "familydesk slot 1", "store": store.hex, **slot.facts()}


def _escrow(store: UUID, account: UUID) -> dict[str, Any]:
    return {"what": "familydesk privileged key 1", "store": store.hex, "account": account.hex}


def _own(store: UUID, account: UUID) -> dict[str, Any]:
    return {"what": "familydesk own keys 1", "store": store.hex, "account": account.hex}
