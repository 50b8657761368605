"""The list of members: who may open the store and as what, as statements that heads have signed, read from the first.

The store key is everyone's, so a row that merely stands in the database proves nothing. A statement counts if it was
signed by somebody who was an active head when it was made; the first one is signed by the key that began the store,
the anchor, which everyone keeps in her own slot. Statements are only added: the last one on an account holds.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey

from familydesk.core.i18n import N_
from familydesk.records.staff_member import Role
from familydesk.store.sealing import canonical, equal


class MemberState(enum.Enum):
    """Whether a member may open the store."""

    ACTIVE = N_("Active")
    DISABLED = N_("Disabled")


@dataclass(frozen=True, slots=True)
class Member:
    """One statement: this person, with these public keys, has this role and this state from now on."""

    account: UUID
    login: str
    role: Role
    signing_public: bytes
    sealing_public: bytes
    state: MemberState
    added_by: UUID
    at: datetime
    seq: int = 0
    signature: bytes = field(default=b"", repr=False)

    @property
    def leads(self) -> bool:
        """Whether she signs for others."""
        return self.role is Role.HEAD and self.state is MemberState.ACTIVE

    def row(self) -> dict[str, Any]:
        """As the table holds it."""
        return {**self._said(), "signature": self.signature.hex()}

    def _said(self) -> dict[str, Any]:
        return {
            "seq": self.seq,
            "account": self.account.hex,
            "login": self.login,
            "role": self.role.name,
            "signing_public": self.signing_public.hex(),
            "sealing_public": self.sealing_public.hex(),
            "state": self.state.name,
            "added_by": self.added_by.hex,
            "at": self.at.isoformat(),
        }

    def content(self, anchor: bytes) -> bytes:
        """What is signed. The anchor binds it to this store, and its place in the list to where it stands."""
        return canonical({"what": "familydesk member 1", "anchor": anchor.hex(), **self._said()})

    def signed(self, key: SigningKey, anchor: bytes) -> Member:
        """This, signed."""
        return replace(self, signature=key.sign(self.content(anchor)).signature)

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Member:
        """Back from `row`. KeyError, TypeError or ValueError if it is not as written."""
        return cls(
            account=UUID(hex=row["account"]),
            login=row["login"],
            role=Role[row["role"]],
            signing_public=bytes.fromhex(row["signing_public"]),
            sealing_public=bytes.fromhex(row["sealing_public"]),
            state=MemberState[row["state"]],
            added_by=UUID(hex=row["added_by"]),
            at=datetime.fromisoformat(row["at"]),
            seq=int(row["seq"]),
            signature=bytes.fromhex(row["signature"]),
        )


@dataclass(frozen=True, slots=True)
class MemberList:
    """What the statements come to. `doubtful` are accounts of which the last word is not a head's; `broken` counts
    the statements that do not hold and those that are gone. `keys` are all signing keys that each ever had: what she
    signed with a former one stays signed.
    """

    members: Mapping[UUID, Member]
    doubtful: frozenset[str] = frozenset()
    broken: int = 0
    last: int = 0
    keys: Mapping[UUID, frozenset[bytes]] = field(default_factory=dict)

    @classmethod
    def read(cls, rows: Iterable[Mapping[str, Any]], anchor: bytes) -> MemberList:
        """Follow the statements, oldest first. What does not hold changes nothing but the doubt."""
        members: dict[UUID, Member] = {}
        keys: dict[UUID, frozenset[bytes]] = {}
        doubtful: set[str] = set()
        broken, last = 0, 0
        for row in rows:
            broken += max(0, row["seq"] - last - 1)
            last = row["seq"]
            if said := _held(row, members, anchor):
                members[said.account] = said
                keys[said.account] = keys.get(said.account, frozenset()) | {said.signing_public}
                doubtful.discard(said.account.hex)
            else:
                broken += 1
                doubtful.add(row["account"])
        return cls(members, frozenset(doubtful - _beyond_doubt(members, anchor)), broken, last, keys)

    def sound(self, account: UUID) -> Member | None:
        """Her statement in force; None if there is none, or another hand had the last word on her."""
        return None if account.hex in self.doubtful else self.members.get(account)

    def heads(self) -> list[Member]:
        """Who signs for others."""
        return [one for one in self.members.values() if one.leads and self.sound(one.account)]


def _held(row: Mapping[str, Any], members: Mapping[UUID, Member], anchor: bytes) -> Member | None:
    """The statement of `row`, if whoever signed it might."""
    try:
        said = Member.of(row)
        signer = members.get(said.added_by)
        key = signer.signing_public if signer and signer.leads else _first(said, members, anchor)
        if key is None:
            return None
        VerifyKey(key).verify(said.content(anchor), said.signature)
    except (CryptoError, KeyError, TypeError, ValueError):
        return None
    return said


def _first(said: Member, members: Mapping[UUID, Member], anchor: bytes) -> bytes | None:
    """The anchor speaks once, for itself and before anybody else: afterwards it is a head's key like any other."""
    begins = not members and said.account == said.added_by and said.leads
    return anchor if begins and equal(said.signing_public, anchor) else None


def _beyond_doubt(members: Mapping[UUID, Member], anchor: bytes) -> set[str]:
    """Who began the store is known by her key alone while she leads it: no planted row may keep her from mending."""
    return {one.account.hex for one in members.values() if one.leads and equal(one.signing_public, anchor)}
