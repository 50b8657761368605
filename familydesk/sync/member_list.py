"""The membership log as one store keeps it: who may open the store and as what (the rules: `wire/membership`).

The store key is everyone's, so a row that merely stands in the database proves nothing: a statement counts by its
signature and by what its speaker had seen. Rows are only added, in the order in which their statements were made here
or arrived; the journal tells how many there were at its events and what was said, so that none is lost unnoticed.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select, text

from familydesk.core import clock
from familydesk.core.i18n import N_
from familydesk.records.staff_member import Role
from familydesk.store.journal import LISTING
from familydesk.store.sealing import digest, equal
from familydesk.store.tables import ABOUT_STAFF, JOURNAL, STATEMENT
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.fold import fold
from familydesk.sync.wire.membership import Listed, Membership, Verdict
from familydesk.sync.wire.statement import Person, Statement, decode
from familydesk.sync.wire.web import authentic

SAID = "said"
"""In the detail of an event that lengthened the list: the rows that were stated."""
Row = Mapping[str, Any]
"""As the table holds it: `seq`, the statement's `id`, the `account` that it speaks of, and its `content`, all in hex
but the first.
"""


class MemberState(enum.Enum):
    """Whether a member may open the store."""

    ACTIVE = N_("Active")
    DISABLED = N_("Disabled")


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the list. `login` is empty until the center's keys are at hand; `added_by` said the last of her."""

    account: UUID
    login: str
    role: Role
    signing_public: bytes
    sealing_public: bytes
    state: MemberState
    added_by: UUID
    at: datetime

    @property
    def leads(self) -> bool:
        """Whether she signs for others."""
        return self.role is Role.HEAD and self.state is MemberState.ACTIVE


@dataclass(frozen=True)
class MemberList:
    """What the rows of a store come to. `doubtful` are accounts (hex) on which a row speaks that nobody might write;
    `broken` counts the rows that do not hold and those that are gone. `places` has the statements by their rows;
    `misnamed` are rows that name another account than their statement speaks of.
    """

    log: Membership
    doubtful: frozenset[str] = frozenset()
    broken: int = 0
    last: int = 0
    places: Mapping[int, Statement] = field(default_factory=dict)
    anchor: bytes = b""
    logins: Mapping[UUID, str] = field(default_factory=dict)
    misnamed: frozenset[int] = frozenset()

    @classmethod
    def read(cls, rows: Iterable[Row], anchor: bytes, told: Iterable[Row] = ()) -> MemberList:
        """What does not hold changes nothing but the doubt.

        `told` are rows as the journal tells them: one that holds stands in for what the list has lost.
        """
        return _Rows(rows, told, anchor).read()

    @property
    def begins(self) -> bool:
        """Whether its first statement is there, on which all others rest: no list at all does not begin either."""
        return bool(self.log.people)

    @cached_property
    def members(self) -> Mapping[UUID, Member]:
        """Everybody, in the order in which they came. Of a role that this version does not know, nobody."""
        found = (self._member(one) for one in self.log.people.values() if one.role in Role.__members__)
        return {one.account: one for one in found}

    @cached_property
    def waiting(self) -> Mapping[UUID, Member]:
        """Who becomes a head when a second one says so."""
        last = {one.said.account: one for one in self.log.statements if isinstance(one.said, Person)}
        return {
            account: self._said(account, said.role, said.state, said, last[account])
            for account, said in self.log.waiting.items()
        }

    @property
    def keys(self) -> Mapping[UUID, frozenset[bytes]]:
        """All signing keys that each ever had: what she signed with a former one stays signed."""
        return self.log.keys

    def with_logins(self, logins: Callable[[UUID, bytes], str]) -> MemberList:
        """With logins as somebody reads them who has the center's keys."""
        sealed = {account: one.login for account, one in self.log.waiting.items()}
        sealed |= {account: one.login for account, one in self.log.people.items()}
        return replace(self, logins={account: logins(account, login) for account, login in sealed.items()})

    def sound(self, account: UUID) -> Member | None:
        """Her line; None if there is none, or another hand had the last word on her."""
        return None if account.hex in self.doubtful else self.members.get(account)

    def _member(self, one: Listed) -> Member:
        return self._said(one.account, one.role, one.state, one, self.log.spoken_by(one))

    def _said(self, account: UUID, role: str, state: str, keys: Listed | Person, by: Statement) -> Member:
        publics, login = (keys.signing_public, keys.sealing_public), self.logins.get(account, "")
        at = clock.from_milliseconds(by.at)
        return Member(account, login, Role[role], *publics, MemberState[state], by.by, at)

    # As the journal states it

    @cached_property
    def _digests(self) -> Mapping[int, str]:
        found, sofar = {}, b""
        for seq, one in sorted(self.places.items()):
            sofar = digest(sofar + one.id, b"fd-members")
            found[seq] = sofar.hex()
        return found

    @property
    def stated(self) -> dict[str, Any]:
        """How long the list is, and its digest, as events of the journal say it."""
        newest = max(self.places, default=0)
        return {"seq": newest, "digest": self.digest(newest)}

    def digest(self, seq: int) -> str:
        """The digest of the statements up to row `seq`; empty if there is none of that number."""
        return self._digests.get(seq, "")

    def led(self, account: str, seq: int | None) -> bool:
        """Whether an account (hex) was an active head by the rows up to `seq`; None: by all."""
        log = self.log if seq is None else self._log_at(seq)
        return UUID(hex=account) in log.heads()

    def _log_at(self, seq: int) -> Membership:
        if seq not in self._logs:
            self._logs[seq] = fold((one for place, one in self.places.items() if place <= seq), self.anchor)
        return self._logs[seq]

    @cached_property
    def _logs(self) -> dict[int, Membership]:
        return {}


class _Rows:
    """The rows of a store, and what its journal tells of them."""

    def __init__(self, rows: Iterable[Row], told: Iterable[Row], anchor: bytes) -> None:
        self._anchor = anchor
        self._rows = {row["seq"]: row for row in rows}
        self._found = {seq: one for seq, row in self._rows.items() if (one := _statement(row))}
        self._told = [(row["seq"], one) for row in told if (one := _statement(row))]
        self._log = fold([*self._found.values(), *(one for _seq, one in self._told)], anchor)

    def read(self) -> MemberList:
        held = {seq: one for seq, one in self._found.items() if self._log.holds(one.id)}
        here = {one.id for one in held.values()}
        lost = {seq: one for seq, one in self._told if one.id not in here and self._log.holds(one.id)}
        last = max((*self._rows, *lost), default=0)
        # A row that is gone, and one that stands there in another form, are each counted once.
        broken = set(range(1, last + 1)) - held.keys() | lost.keys() | self._misnamed
        doubtful = self._doubtful(held.keys() | lost.keys())
        count = max(len(broken), len(self._log.missing))
        places = {**held, **lost}
        return MemberList(self._log, doubtful, count, last, places, self._anchor, misnamed=self._misnamed)

    @cached_property
    def _misnamed(self) -> frozenset[int]:
        """Nobody gains by it, for what is read is the statement; but another hand was here."""
        named = ((seq, row_of(seq, one)["account"]) for seq, one in self._found.items())
        return frozenset(seq for seq, account in named if self._rows[seq]["account"] != account)

    def _doubtful(self, good: Iterable[int]) -> frozenset[str]:
        """Of whom a row speaks that nobody might write, and no head has spoken since.

        Who began the store is known by her key alone while she leads it: no planted row may keep her from mending.
        """
        doubted: dict[str, int] = {}
        for seq in sorted(self._rows.keys() - set(good)):
            doubted[self._of_whom(seq)] = seq
        for seq, one in self._found.items():
            said = one.said
            counts = self._log.verdicts.get(one.id) is Verdict.COUNTS
            if (
                counts
                and isinstance(said, Person)
                and one.by != said.account
                and seq > doubted.get(said.account.hex, seq)
            ):
                del doubted[said.account.hex]
        known = {one.account.hex for one in self._log.people.values() if self._founder(one)}
        return frozenset(doubted.keys() - known)

    def _word_of_head(self, one: Statement) -> bool:
        counts = self._log.verdicts.get(one.id) is Verdict.COUNTS
        return counts and isinstance(one.said, Person) and one.by != one.said.account

    def _of_whom(self, seq: int) -> str:
        one = self._found.get(seq)
        return one.said.account.hex if one and isinstance(one.said, Person) else str(self._rows[seq]["account"])

    def _founder(self, one: Listed) -> bool:
        return one.leads and equal(one.signing_public, self._anchor)


def row_of(seq: int, one: Statement) -> dict[str, Any]:
    """A statement as the table holds it."""
    account = one.said.account.hex if isinstance(one.said, Person) else ""
    return {"seq": seq, "id": one.id.hex(), "account": account, "content": one.content.hex()}


def read_list(connection: Connection, anchor: bytes) -> MemberList:
    """The list of an open store, with what its journal tells of it."""
    return MemberList.read(_rows(connection), anchor, _told(connection))


def list_alone(connection: Connection, anchor: bytes) -> MemberList:
    """The list itself, without what the journal tells, to be held against that: a row with another account is not the
    one that was stated.
    """
    found = MemberList.read(_rows(connection), anchor)
    return replace(found, places={seq: one for seq, one in found.places.items() if seq not in found.misnamed})


def staying(connection: Connection, anchor: bytes) -> dict[UUID, bytes]:
    """The public keys of everybody whom a head calls active. A row planted on somebody does not shut her out, nor does
    a second head who has not spoken yet.
    """
    log = read_list(connection, anchor).log
    active = {one.account: one.sealing_public for one in log.people.values() if one.active}
    return active | {account: said.sealing_public for account, said in log.waiting.items()}


def keep(connection: Connection, after: int, statements: Iterable[Statement]) -> list[dict[str, Any]]:
    """Add statements behind row `after`; their rows."""
    rows = [row_of(seq, one) for seq, one in enumerate(statements, start=after + 1)]
    for row in rows:
        connection.execute(STATEMENT.insert().values(row))
    return rows


def new_among(known: MemberList, contents: Iterable[bytes]) -> list[Statement]:
    """Those of what came that belong to the list and are not there, in the order in which they are read.

    What nobody might say is left where it was, and so is what no form of a statement is.
    """
    came = {}
    for content in contents:
        try:
            one = decode(content)
        except Defect:
            continue
        came[one.id] = one
    log = fold(authentic([*known.log.statements, *came.values()], known.anchor), known.anchor)
    here = {one.id for one in known.places.values()}
    return [one for one in log.statements if one.id in came and one.id not in here and log.holds(one.id)]


def _rows(connection: Connection) -> list[Row]:
    return [dict(row) for row in connection.execute(select(STATEMENT).order_by(STATEMENT.c.seq)).mappings()]


def _told(connection: Connection) -> list[Row]:
    query = select(JOURNAL.c.detail).where(text(ABOUT_STAFF), JOURNAL.c.deed.in_(LISTING)).order_by(JOURNAL.c.seq)
    return [row for (detail,) in connection.execute(query) for row in _said(detail)]


def _said(detail: str) -> list[Row]:
    try:
        return [row for row in json.loads(detail or "{}").get(SAID, ()) if isinstance(row["seq"], int)]
    except (AttributeError, KeyError, TypeError, ValueError):
        return []


def _statement(row: Row) -> Statement | None:
    """The statement of a row, if it is the one that the row names."""
    try:
        one = decode(bytes.fromhex(row["content"]))
        return one if one.id.hex() == row["id"] else None
    except (Defect, KeyError, TypeError, ValueError):
        return None
