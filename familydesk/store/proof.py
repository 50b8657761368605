"""Proving a journal: every link, every person's signature, every change that an event vouches for.

A signature vouches for all above it, so of one person's events of one sitting only the last signature is looked at;
where that one fails, each of them is, and the first that fails is named. A run ends with the sitting: who opens next
signs whatever was put behind the end meanwhile, be it in her own name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from familydesk.core.i18n import N_
from familydesk.store import proof_rows as rows
from familydesk.store.journal import (
    BROUGHT_BY,
    BY_PAPER,
    EMPTIED,
    FACTS,
    LISTING,
    REWRITING,
    Deed,
    Head,
    changes_digest,
    commit,
    first_link,
    link,
    proving,
    signed_with,
)
from familydesk.store.rewriting import Rewriting, Rewritings
from familydesk.store.verdict import Broken, Notice, Verdict

_CONTENT = (1, 2, 4, 6, 8)
"""Where sheet, record, value, replaces and actor of a change stand: an emptied one has none of them."""
_ACTOR, _DEVICE = 8, 9


@dataclass(frozen=True, slots=True)
class People:
    """What a check asks about the people of a store; accounts are 32 hex digits."""

    keys: Callable[[str], Collection[bytes]]
    """Every public signing key (32 bytes) that a person has had; none for a stranger."""
    led: Callable[[str, int | None], bool]
    """Whether she was an active head when the list of members had so many statements; None: as it is now."""
    digest: Callable[[int], str]
    """The digest of the list's statements up to a number; empty if it has none of that number."""
    ordered: Callable[[str], bool] = lambda _statement: False
    """Whether a statement (hex) of the list is a head's order to erase."""


class _Fault(Exception):
    """What a walk has met: it ends there."""

    def __init__(self, seq: int, why: str) -> None:
        super().__init__(why)
        self.broken = Broken(seq, why)


MISSING = N_("Event {seq} of the journal is missing.")
CHANGED = N_("Event {seq} of the journal, or what stands before it, was changed after it was written.")
WORDS = N_("The words of event {seq} of the journal were changed after it was written.")
FORGED = N_("Event {seq} of the journal does not bear the signature of the person it names.")
STRANGER = N_("Event {seq} of the journal is signed in the name of somebody who was never a member here.")
RECORDS = N_("Changes of records for which event {seq} of the journal vouches are not as they were.")
TAKEN = N_("Something was taken out of the history of records, and event {seq} of the journal vouches for it.")
TAKEN_WORDS = N_("The words of event {seq} of the journal were taken out, and no erasure says so.")
UNSIGNED = N_("Event {seq} of the journal tells that something was erased or sealed, and nobody has signed it.")
UNREADABLE = N_("Event {seq} of the journal cannot be read.")
NOT_HERS = N_("Event {seq} of the journal takes something out of the history, and whoever signed it was no head then.")
NOBODY = N_("Event {seq} of the journal is signed by nobody, and the store was not open with the recovery key then.")
AUTHOR = N_("Changes of records for which event {seq} of the journal vouches bear the name of somebody else.")
OTHER_LIST = N_(
    "Event {seq} of the journal knows another list of people: somebody has taken a line out of it, or changed one."
)
OPENED_BY_PAPER = N_("Opened with the recovery key: {moment} (event {seq})")
BROUGHT_BACK = N_("A backup was brought back by {name}: {moment} (event {seq})")
BROUGHT_BACK_BY_PAPER = N_("A backup was brought back with the recovery key: {moment} (event {seq})")


def verify(connection: Connection, store: str, device: int, people: People) -> Verdict:
    """Walk the chain of one device and the change log that it vouches for."""
    try:
        return _verify(connection, store, device, people)
    except rows.driver_error(connection):
        # Bytes that are no text: read once more in a way that lets them through, to the row that holds them.
        with rows.any_bytes(connection):
            return _verify(connection, store, device, people)


def _verify(connection: Connection, store: str, device: int, people: People) -> Verdict:
    walk = _Walk(store, device, people)
    try:
        with closing(rows.events(connection, device)) as events:
            for event in events:
                walk.step(event)
        walk.end()
        with closing(rows.changes(connection)) as changes:
            loose = _walk_changes(changes, walk)
    except _Fault as fault:
        return replace(walk.verdict(), broken=fault.broken)
    return replace(walk.verdict(), loose=loose)


@dataclass(frozen=True, slots=True)
class _Bound:
    """An event that vouches for changes: its number, whose it is, the first and last change and their digest. `opening`
    ones take over what was left there, by whomever; `receiving` ones vouch for what came from other laptops, where the
    envelopes that brought it tell who wrote it.
    """

    seq: int
    account: str
    opening: bool
    receiving: bool
    first: int
    last: int
    digest: str


class _Walk:
    """From event to event. Raises _Fault at the first that does not hold."""

    def __init__(self, store: str, device: int, people: People) -> None:
        self.seq = 0
        self.device = device
        self.unsigned = 0
        self.left = 0
        self.opened = 0
        self.bound: list[_Bound] = []
        self.rewritings = Rewritings()
        self._notices: list[Notice] = []
        self._emptied: list[int] = []
        self._before = first_link(store, device)
        self._signature_before = ""
        self._run: list[tuple[int, str, str]] = []
        self._runner = ""
        self._people = people
        self._listed: int | None = None
        self._by_paper: str | None = None

    def verdict(self) -> Verdict:
        """As far as it has come."""
        head = Head(self.seq, bytes.fromhex(self._before))
        notices = tuple(self._notices)
        return Verdict(self.seq, head, None, self.unsigned, 0, self.left, self.opened, notices)

    def step(self, event: Mapping[str, Any]) -> None:
        """One event further."""
        seq = event["seq"]
        if seq != self.seq + 1:
            raise _Fault(self.seq + 1, MISSING)
        if not rows.readable(event):
            raise _Fault(seq, UNREADABLE)
        if event["link"] != link(self._before, self._signature_before, [event[name] for name in FACTS]):
            raise _Fault(seq, CHANGED)
        self._check_words(event)
        self._follow(event)
        if event["last"] is not None:
            opening, receiving = (event["deed"] == deed.name for deed in (Deed.UNLOCKED, Deed.RECEIVED))
            span = (event["first"], event["last"], event["changes"])
            self.bound.append(_Bound(seq, event["account"], opening, receiving, *span))
        if event["deed"] in _SPOKEN:
            self._hear(event)
        if not (event["signed"] or event["account"] == self._by_paper or event["deed"] == Deed.RESTORED.name):
            raise _Fault(seq, NOBODY)
        self.seq, self._before, self._signature_before = seq, event["link"], event["signature"]

    def end(self) -> None:
        """After the last event."""
        self._check_run()
        for seq in self._emptied:
            if seq not in self.rewritings.words:
                raise _Fault(seq, TAKEN_WORDS)

    def _check_words(self, event: Mapping[str, Any]) -> None:
        said = (event["reason"], event["recipient"], event["detail"])
        if event["salt"] is None:
            if any(said):
                raise _Fault(event["seq"], WORDS)
            if event["words"]:
                self._emptied.append(event["seq"])
        elif event["words"] != commit(event["salt"], *said):
            raise _Fault(event["seq"], WORDS)

    def _follow(self, event: Mapping[str, Any]) -> None:
        """Keep the signature for the end of this person's run, or of her sitting."""
        if bool(event["signed"]) != bool(event["signature"]):
            raise _Fault(event["seq"], FORGED)
        runner = event["account"] if event["signed"] else ""
        if runner != self._runner or event["deed"] in _OPENING:
            self._check_run()
            self._runner = runner
        if runner:
            self._run.append((event["seq"], event["link"], event["signature"]))
        else:
            self.unsigned += 1

    def _check_run(self) -> None:
        run, self._run = self._run, []
        if not run:
            return
        keys = self._people.keys(self._runner)
        if not keys:
            raise _Fault(run[0][0], STRANGER)
        if not _holds(keys, run[-1]):
            raise _Fault(next(signed[0] for signed in run if not _holds(keys, signed)), FORGED)

    # What an event says that the rest is held against

    def _hear(self, event: Mapping[str, Any]) -> None:
        try:
            detail = json.loads(event["detail"] or "{}")
            if event["deed"] in REWRITING:
                self._rewriting(event, Rewriting.of(event))
            elif event["deed"] == Deed.RESTORED.name:
                self._note_restore(event, str(detail.get(BROUGHT_BY, event["account"])))
            elif event["deed"] == Deed.UNLOCKED.name:
                self._begin_sitting(event, detail.get(BY_PAPER) is True)
            if event["signed"] and "members" in detail:
                self._compare_list(event["seq"], int(detail["members"]["seq"]), str(detail["members"]["digest"]))
        except (ValueError, TypeError, AttributeError, KeyError):
            raise _Fault(event["seq"], UNREADABLE) from None

    def _rewriting(self, event: Mapping[str, Any], said: Rewriting) -> None:
        """Take down what it names. Without a signature nothing is rewritten, and nothing before it was written."""
        if said and not event["signed"]:
            raise _Fault(event["seq"], UNSIGNED)
        if said.erases and not (said.may_erase and self._may_erase(event["account"], said)):
            raise _Fault(event["seq"], NOT_HERS)
        self.rewritings.take_down(said, event["seq"], self.bound[-1].last if self.bound else 0)

    def _may_erase(self, account: str, said: Rewriting) -> bool:
        """A head; or whoever sat at a laptop that heard of a head's order."""
        if said.orders and all(map(self._people.ordered, said.orders)):
            return True
        return self._people.led(account, self._listed)

    def _begin_sitting(self, event: Mapping[str, Any], by_paper: bool) -> None:
        self._by_paper = event["account"] if by_paper and not event["signed"] else None
        if self._by_paper is not None:
            self._notices.append(_notice(event, OPENED_BY_PAPER))

    def _note_restore(self, event: Mapping[str, Any], by: str) -> None:
        what = BROUGHT_BACK if by else BROUGHT_BACK_BY_PAPER
        self._notices.append(_notice(event, what, by))

    def _compare_list(self, seq: int, listed: int, digest: str) -> None:
        """A list only grows, and what was stated stays: who signs has seen it as it was."""
        if listed < (self._listed or 0) or self._people.digest(listed) != digest:
            raise _Fault(seq, OTHER_LIST)
        self._listed = listed


_SPOKEN = REWRITING | LISTING | {Deed.UNLOCKED.name, Deed.RESTORED.name}
"""Deeds whose detail the walk reads."""


def _notice(event: Mapping[str, Any], what: str, account: str = "") -> Notice:
    """ValueError if nobody could be told of it."""
    datetime.fromisoformat(event["at"])
    return Notice(event["seq"], event["at"], what, UUID(hex=account).hex if account else "")


_OPENING = {Deed.UNLOCKED.name, Deed.RESTORED.name}
"""Deeds with which somebody comes in."""


def _holds(keys: Collection[bytes], signed: tuple[int, str, str]) -> bool:
    _seq, at_link, signature = signed
    return signed_with(keys, at_link, signature)


def _walk_changes(changes: Iterator[Sequence[Any]], walk: _Walk) -> int:
    """Hold every change against the event that vouches for it; gives back how many have none yet."""
    following = next(changes, None)
    for bound in walk.bound:
        digests = []
        while following is not None and following[0] <= bound.last:
            if following[0] < bound.first:
                raise _Fault(bound.seq, RECORDS)
            digests.append(_proved(following, bound, walk))
            following = next(changes, None)
        if changes_digest(digests) != bound.digest:
            raise _Fault(bound.seq, RECORDS)
    loose = 0
    while following is not None:
        loose += 1
        if following[-1]:
            raise _Fault(walk.seq, TAKEN)
        following = next(changes, None)
    return loose


def _proved(change: Sequence[Any], bound: _Bound, walk: _Walk) -> bytes:
    """The digest by which an event knows a change, once it is certain that some event allows what it holds now."""
    try:
        if change[3] == EMPTIED:
            if change[0] not in walk.rewritings.changes or any(change[at] for at in _CONTENT):
                raise _Fault(bound.seq, TAKEN)
            return proving(change)
        if change[-1]:
            if not walk.rewritings.allow(change):
                raise _Fault(bound.seq, RECORDS)
            walk.opened += walk.rewritings.opened_again(change)
        _check_author(change, bound, walk)
        return proving(change)
    except (AttributeError, TypeError, ValueError):
        raise _Fault(bound.seq, RECORDS) from None


def _check_author(change: Sequence[Any], bound: _Bound, walk: _Walk) -> None:
    """Who vouches has written it herself, except for what an opening takes over and what came from other laptops.
    Before the first of all there was no journal.
    """
    if bound is walk.bound[0]:
        return
    if change[_DEVICE] != walk.device:
        if not bound.receiving:
            raise _Fault(bound.seq, AUTHOR)
    elif bound.opening:
        walk.left += 1
    elif change[_ACTOR] != bound.account:
        raise _Fault(bound.seq, AUTHOR)
