"""Proving a journal: every link, every person's signature, every change that an event vouches for.

A signature vouches for all above it, so of a run of one person's events only the last signature is looked at; where
that one fails, each of the run is, and the first that fails is named.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey
from sqlalchemy import Connection

from familydesk.core.i18n import N_, _, translate
from familydesk.store.journal import (
    CHANGE_COLUMNS,
    EMPTIED,
    FACTS,
    REWRITING,
    SIGNED_AS,
    Head,
    changes_digest,
    commit,
    first_link,
    holding,
    link,
    proving,
)

KeysOf = Callable[[str], Collection[bytes]]
"""Every public signing key (32 bytes) that a person has had, by her account (32 hex digits); none for a stranger."""

_COLUMNS = (*FACTS, "link", "signature", "salt", "reason", "recipient", "detail")
_CONTENT = (1, 2, 4, 6, 8)
"""Where sheet, record, value, replaces and actor of a change stand: an emptied one has none of them."""
_BATCH = 2000
_BEYOND = 1 << 63
"""Above every number that SQLite gives."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The first link that does not hold: the number of the event, and a marked sentence with {seq} in it."""

    seq: int
    why: str

    def told(self) -> str:
        """The sentence, in the language in force."""
        return translate(self.why).format(seq=self.seq)


class _Fault(Exception):
    """What a walk has met: it ends there."""

    def __init__(self, seq: int, why: str) -> None:
        super().__init__(why)
        self.broken = Broken(seq, why)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check has found. `unsigned` events were done with the recovery key, which is nobody's signature; `loose`
    changes are not yet vouched for by any event.
    """

    events: int
    head: Head
    broken: Broken | None = None
    unsigned: int = 0
    loose: int = 0

    @property
    def whole(self) -> bool:
        """Whether nothing was found."""
        return self.broken is None

    def told(self) -> list[str]:
        """For a person, in the language in force: the fault, or where the journal ends and what it does not prove."""
        if self.broken:
            return [self.broken.told()]
        lines = [_("The journal is whole. It ends with {head}.").format(head=self.head.short)]
        if self.unsigned:
            lines.append(_("Done with the recovery key, so signed by nobody: {count}").format(count=self.unsigned))
        if self.loose:
            lines.append(_("Changes of records for which no event vouches yet: {count}").format(count=self.loose))
        return lines


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


def verify(connection: Connection, store: str, device: int, keys_of: KeysOf) -> Verdict:
    """Walk the chain of one device and the change log that it vouches for."""
    walk = _Walk(store, device, keys_of)
    try:
        for event in _events(connection, device):
            walk.step(event)
        walk.end()
        loose = _walk_changes(connection, walk)
    except _Fault as fault:
        return Verdict(walk.seq, walk.head, fault.broken, walk.unsigned)
    return Verdict(walk.seq, walk.head, None, walk.unsigned, loose)


class _Spans:
    """Numbers that erasures have named, as ranges that may overlap."""

    def __init__(self) -> None:
        self._given: list[tuple[int, int]] = []
        self._merged: list[tuple[int, int]] | None = None

    def add(self, first: int, last: int) -> None:
        """All from `first` to `last`."""
        self._given.append((first, last))
        self._merged = None

    def __contains__(self, seq: int) -> bool:
        if self._merged is None:
            self._merged = _merged(self._given)
        at = bisect_right(self._merged, (seq, _BEYOND)) - 1
        return at >= 0 and seq <= self._merged[at][1]


def _merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


class _Walk:
    """From event to event. Raises _Fault at the first that does not hold."""

    def __init__(self, store: str, device: int, keys_of: KeysOf) -> None:
        self.seq = 0
        self.unsigned = 0
        self.bound: list[tuple[int, int, int, str]] = []
        """Each event that vouches for changes: its number, the first and last change, their digest."""
        self.erased_changes = _Spans()
        self.replaced: dict[int, str] = {}
        """The digest that a change has since its value stands there in another form."""
        self._erased_words = _Spans()
        self._emptied: list[int] = []
        self._before = first_link(store, device)
        self._signature_before = ""
        self._run: list[tuple[int, str, str]] = []
        self._runner = ""
        self._keys_of = keys_of

    @property
    def head(self) -> Head:
        """The last link that held."""
        return Head(self.seq, bytes.fromhex(self._before))

    def step(self, event: Mapping[str, Any]) -> None:
        """One event further."""
        seq = event["seq"]
        if seq != self.seq + 1:
            raise _Fault(self.seq + 1, MISSING)
        if event["link"] != link(self._before, self._signature_before, [event[name] for name in FACTS]):
            raise _Fault(seq, CHANGED)
        self._check_words(event)
        self._follow(event)
        if event["last"] is not None:
            self.bound.append((seq, event["first"], event["last"], event["changes"]))
        if event["deed"] in REWRITING and event["detail"]:
            self._rewriting(event)
        self.seq, self._before, self._signature_before = seq, event["link"], event["signature"]

    def end(self) -> None:
        """After the last event."""
        self._check_run()
        for seq in self._emptied:
            if seq not in self._erased_words:
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
        """Keep the signature for the end of this person's run."""
        if bool(event["signed"]) != bool(event["signature"]):
            raise _Fault(event["seq"], FORGED)
        runner = event["account"] if event["signed"] else ""
        if runner != self._runner:
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
        keys = self._keys_of(self._runner)
        if not keys:
            raise _Fault(run[0][0], STRANGER)
        if not _holds(keys, run[-1]):
            raise _Fault(next(signed[0] for signed in run if not _holds(keys, signed)), FORGED)

    def _rewriting(self, event: Mapping[str, Any]) -> None:
        """Take down what it names. Without a signature nothing is rewritten, and nothing before it was written."""
        try:
            detail = json.loads(event["detail"])
            changes, events = ([(int(a), int(b)) for a, b in detail.get(name, ())] for name in ("changes", "events"))
            replaced = {int(seq): str(now) for seq, now in detail.get("replaced", {}).items()}
        except (ValueError, TypeError, AttributeError):
            raise _Fault(event["seq"], UNREADABLE) from None
        if (changes or events or replaced) and not event["signed"]:
            raise _Fault(event["seq"], UNSIGNED)
        newest = self.bound[-1][2] if self.bound else 0
        for first, last in changes:
            self.erased_changes.add(first, min(last, newest))
        for first, last in events:
            self._erased_words.add(first, min(last, event["seq"] - 1))
        self.replaced.update((seq, now) for seq, now in replaced.items() if seq <= newest)


def _holds(keys: Collection[bytes], signed: tuple[int, str, str]) -> bool:
    _seq, at_link, signature = signed
    return any(_verified(key, SIGNED_AS + at_link.encode(), signature) for key in keys)


def _verified(key: bytes, content: bytes, signature: str) -> bool:
    try:
        VerifyKey(key).verify(content, bytes.fromhex(signature))
    except (BadSignatureError, ValueError):
        return False
    return True


def _walk_changes(connection: Connection, walk: _Walk) -> int:
    """Hold every change against the event that vouches for it; gives back how many have none yet."""
    changes = _changes(connection)
    following = next(changes, None)
    for seq, first, last, wanted in walk.bound:
        digests = []
        while following is not None and following[0] <= last:
            if following[0] < first:
                raise _Fault(seq, RECORDS)
            digests.append(_proved(following, seq, walk))
            following = next(changes, None)
        if changes_digest(digests) != wanted:
            raise _Fault(seq, RECORDS)
    loose = 0
    while following is not None:
        loose += 1
        if following[-1]:
            raise _Fault(walk.seq, TAKEN)
        following = next(changes, None)
    return loose


def _proved(change: Sequence[Any], seq: int, walk: _Walk) -> bytes:
    """The digest by which event `seq` knows a change, once it is certain that some event allows what it holds now."""
    try:
        if change[3] == EMPTIED:
            if change[0] not in walk.erased_changes or any(change[at] for at in _CONTENT):
                raise _Fault(seq, TAKEN)
        elif change[-1] and holding(change).hex() != walk.replaced.get(change[0]):
            raise _Fault(seq, RECORDS)
        return proving(change)
    except ValueError:
        raise _Fault(seq, RECORDS) from None


def _events(connection: Connection, device: int) -> Iterator[dict[str, Any]]:
    query = f"SELECT {', '.join(_COLUMNS)} FROM journal WHERE device = ? ORDER BY seq"
    for row in _rows(connection, query, (device,)):
        yield dict(zip(_COLUMNS, row, strict=True))


def _changes(connection: Connection) -> Iterator[Sequence[Any]]:
    return _rows(connection, f"SELECT {CHANGE_COLUMNS} FROM change ORDER BY seq", ())


def _rows(connection: Connection, query: str, words: tuple[Any, ...]) -> Iterator[Sequence[Any]]:
    # The driver's own rows: SQLAlchemy's cost as much again for each of hundreds of thousands.
    cursor = connection.connection.cursor()
    try:
        cursor.execute(query, words)
        while batch := cursor.fetchmany(_BATCH):
            yield from batch
    finally:
        cursor.close()
