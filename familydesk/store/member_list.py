"""The list of members: who may open the store and as what, as statements that heads have signed, read from the first.

The store key is everyone's, so a row that merely stands in the database proves nothing. A statement counts if it was
signed by somebody who was an active head when it was made, or if somebody only names new keys of her own and signs
with the one until now; the first one is signed by the key that began the store,
the anchor, which everyone keeps in her own slot. Statements are only added: the last one on an account holds.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey
from sqlalchemy import Connection, select, text

from familydesk.core.i18n import N_
from familydesk.records.staff_member import Role
from familydesk.store.journal import LISTING
from familydesk.store.sealing import canonical, digest, equal
from familydesk.store.tables import ABOUT_STAFF, JOURNAL, MEMBER

SAID = "said"
"""In the detail of an event that lengthened the list: the rows that were stated."""
_Row = Mapping[str, Any]


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
    signed with a former one stays signed. By the number of a statement, `heads_at` are the accounts (hex) that led
    after it, and `digests` those of all statements up to it.
    """

    members: Mapping[UUID, Member]
    doubtful: frozenset[str] = frozenset()
    broken: int = 0
    last: int = 0
    keys: Mapping[UUID, frozenset[bytes]] = field(default_factory=dict)
    heads_at: Mapping[int, frozenset[str]] = field(default_factory=dict)
    digests: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def read(cls, rows: Iterable[_Row], anchor: bytes, told: Iterable[_Row] = ()) -> MemberList:
        """Follow the statements, oldest first. What does not hold changes nothing but the doubt.

        `told` are rows as the journal tells them: one that holds stands in for what the list has lost.
        """
        reading = _Reading(anchor)
        found = {row["seq"]: row for row in rows}
        copies: dict[int, list[_Row]] = {}
        for row in told:
            copies.setdefault(row["seq"], []).append(row)
        for seq in sorted(found.keys() | copies.keys()):
            reading.follow(seq, found.get(seq), copies.get(seq, ()))
        return reading.result()

    def sound(self, account: UUID) -> Member | None:
        """Her statement in force; None if there is none, or another hand had the last word on her."""
        return None if account.hex in self.doubtful else self.members.get(account)

    def heads(self) -> list[Member]:
        """Who signs for others."""
        return [one for one in self.members.values() if one.leads and self.sound(one.account)]

    @property
    def stated(self) -> dict[str, Any]:
        """How long the list is, and its digest, as events of the journal say it."""
        newest = max(self.digests, default=0)
        return {"seq": newest, "digest": self.digests.get(newest, "")}

    def digest(self, seq: int) -> str:
        """The digest of the statements up to `seq`; empty if there is none of that number."""
        return self.digests.get(seq, "")

    def led(self, account: str, seq: int | None) -> bool:
        """Whether an account (hex) was an active head after statement `seq`; None: after the last."""
        at = max(self.heads_at, default=0) if seq is None else seq
        return account in self.heads_at.get(at, ())


class _Reading:
    """The list as far as it was read."""

    def __init__(self, anchor: bytes) -> None:
        self._anchor = anchor
        self._members: dict[UUID, Member] = {}
        self._keys: dict[UUID, frozenset[bytes]] = {}
        self._doubtful: set[str] = set()
        self._broken = 0
        self._last = 0
        self._heads_at: dict[int, frozenset[str]] = {}
        self._digests: dict[int, str] = {}
        self._digest = b""

    def follow(self, seq: int, row: _Row | None, copies: Iterable[_Row]) -> None:
        """One statement further: `row` as the list has it, `copies` as events of the journal tell it."""
        said = self._held(row) if row else None
        spoiled = said is None
        if spoiled:
            said = next(filter(None, map(self._held, copies)), None)
        if said is None and row is None:
            # Whatever the journal tells that no head has signed is not even doubt.
            return
        self._broken += max(0, seq - self._last - 1) + spoiled
        self._last = seq
        if said:
            self._take(said)
        elif row:
            self._doubtful.add(row["account"])

    def _held(self, row: _Row) -> Member | None:
        return _held(row, self._members, self._anchor)

    def _take(self, said: Member) -> None:
        self._members[said.account] = said
        self._keys[said.account] = self._keys.get(said.account, frozenset()) | {said.signing_public}
        if said.added_by != said.account:
            self._doubtful.discard(said.account.hex)
        self._digest = digest(self._digest + canonical(said.row()), b"fd-members")
        self._digests[said.seq] = self._digest.hex()
        self._heads_at[said.seq] = frozenset(one.account.hex for one in self._members.values() if one.leads)

    def result(self) -> MemberList:
        doubtful = frozenset(self._doubtful - _beyond_doubt(self._members, self._anchor))
        return MemberList(self._members, doubtful, self._broken, self._last, self._keys, self._heads_at, self._digests)


def read_list(connection: Connection, anchor: bytes) -> MemberList:
    """The list of an open store, with what its journal tells of it."""
    return MemberList.read(_rows(connection), anchor, _told(connection))


def list_alone(connection: Connection, anchor: bytes) -> MemberList:
    """The list itself, without what the journal tells."""
    return MemberList.read(_rows(connection), anchor)


def _rows(connection: Connection) -> list[_Row]:
    return [dict(row) for row in connection.execute(select(MEMBER).order_by(MEMBER.c.seq)).mappings()]


def _told(connection: Connection) -> list[_Row]:
    query = select(JOURNAL.c.detail).where(text(ABOUT_STAFF), JOURNAL.c.deed.in_(LISTING)).order_by(JOURNAL.c.seq)
    return [row for (detail,) in connection.execute(query) for row in _said(detail)]


def _said(detail: str) -> list[_Row]:
    try:
        return [row for row in json.loads(detail or "{}").get(SAID, ()) if isinstance(row["seq"], int)]
    except (AttributeError, KeyError, TypeError, ValueError):
        return []


def _held(row: Mapping[str, Any], members: Mapping[UUID, Member], anchor: bytes) -> Member | None:
    """The statement of `row`, if whoever signed it might."""
    try:
        said = Member.of(row)
        signer = members.get(said.added_by)
        entitled = signer and (signer.leads or _own_keys(said, signer))
        key = signer.signing_public if signer and entitled else _first(said, members, anchor)
        if key is None:
            return None
        VerifyKey(key).verify(said.content(anchor), said.signature)
    except (AttributeError, CryptoError, KeyError, TypeError, ValueError):
        return None
    return said


def _own_keys(said: Member, before: Member) -> bool:
    """Whether she only names new keys of hers, which are signed with the one until now."""
    renewed = replace(before, signing_public=said.signing_public, sealing_public=said.sealing_public, seq=said.seq)
    told = replace(renewed, added_by=said.added_by, at=said.at, signature=said.signature)
    fresh = said.signing_public != before.signing_public
    return fresh and said == told and said.account == said.added_by and before.state is MemberState.ACTIVE


def _first(said: Member, members: Mapping[UUID, Member], anchor: bytes) -> bytes | None:
    """The anchor speaks once, for itself and before anybody else: afterwards it is a head's key like any other."""
    begins = not members and said.account == said.added_by and said.leads
    return anchor if begins and equal(said.signing_public, anchor) else None


def _beyond_doubt(members: Mapping[UUID, Member], anchor: bytes) -> set[str]:
    """Who began the store is known by her key alone while she leads it: no planted row may keep her from mending."""
    return {one.account.hex for one in members.values() if one.leads and equal(one.signing_public, anchor)}
