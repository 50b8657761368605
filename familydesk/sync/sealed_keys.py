"""What the membership log says under seal: the center's keys to each person, and logins to everybody who has one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from nacl.public import PrivateKey, PublicKey

from familydesk.store.sealing import digest, seal, seal_to, unseal, unseal_from
from familydesk.sync.wire.membership import Copy

EpochKeys = Mapping[int, bytes]
"""Keys of the center by epoch, 32 bytes each."""
_NUMBER = 8
"""Bytes before a sealed login: the epoch whose key seals it."""


def epoch_key_to(public: bytes, center: bytes, epoch: int, key: bytes) -> bytes:
    """The key of an epoch for who holds the private half of `public` (X25519)."""
    return seal_to(PublicKey(public), _epoch(center, epoch), key)


def epoch_keys(center: bytes, copies: Iterable[Copy], identities: Iterable[PrivateKey]) -> dict[int, bytes]:
    """The keys that open with one of these identities."""
    found: dict[int, bytes] = {}
    by_public = {bytes(one.public_key): one for one in identities}
    for copy in copies:
        private = by_public.get(copy.sealing_public)
        if private is not None and copy.epoch not in found:
            key = unseal_from(private, _epoch(center, copy.epoch), copy.sealed)
            if key is not None:
                found[copy.epoch] = key
    return found


def epoch_key_from_paper(center: bytes, epoch: int, sealed: bytes, paper: PrivateKey) -> bytes | None:
    """The same with the recovery key; None if it was sealed to another one."""
    return unseal_from(paper, _epoch(center, epoch), sealed)


def center_key(epoch_key: bytes) -> PrivateKey:
    """To whose public half one seals what everybody of the center may read who has this epoch's key."""
    return PrivateKey(digest(b"", b"fd-center-seal", epoch_key))


def sealed_login(center: bytes, account: UUID, login: str, keys: EpochKeys) -> bytes:
    """A login under the newest of these keys, of which there is one."""
    epoch = max(keys)
    return epoch.to_bytes(_NUMBER, "big") + seal(keys[epoch], _login(center, account), login.encode())


def login_of(center: bytes, account: UUID, sealed: bytes, keys: EpochKeys) -> str:
    """The login; empty if its key is not at hand."""
    key = keys.get(int.from_bytes(sealed[:_NUMBER], "big"))
    content = unseal(key, _login(center, account), sealed[_NUMBER:]) if key else None
    return content.decode(errors="replace") if content else ""


def _epoch(center: bytes, epoch: int) -> dict[str, Any]:
    return {"what": "familydesk epoch key 1", "center": center.hex(), "epoch": epoch}


def _login(center: bytes, account: UUID) -> dict[str, Any]:
    return {"what": "familydesk login 1", "center": center.hex(), "account": account.hex}
