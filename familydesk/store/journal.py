"""The journal: one chain of events a device, each signed by the person, each holding the link before it.

A link is the digest of an event's facts together with the link and the signature before it, so one signature vouches
for all that stands above it. Free words and the rows of the change log enter the chain as salted digests: they can be
erased later without breaking it, and what then remains of them tells nothing. The format is docs/journal.md.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any
from uuid import UUID

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey
from nacl.utils import random
from sqlalchemy import Connection

from familydesk.core.i18n import N_
from familydesk.store.recovery_code import ALPHABET
from familydesk.store.tables import JOURNAL

FORMAT = 1
SALT_BYTES = 16
SIGNED_AS = b"familydesk journal 1 "
"""What stands before a link when it is signed, so that the signature is good for nothing else."""
EMPTIED = "-"
"""The `field` of a change whose content was erased."""
_SHORT_SIGNS = 16
_GROUP = 4


class Deed(enum.Enum):
    """What was done. NAMES are stored and never change."""

    UNLOCKED = N_("Opened the store")
    LOCKED = N_("Closed the store")
    VIEWED = N_("Looked at")
    SEARCHED = N_("Searched")
    PRINTED = N_("Printed")
    EXPORTED = N_("Exported")
    IMPORTED = N_("Imported")
    MERGED = N_("Merged")
    UNMERGED = N_("Took a merge back")
    HANDED_OVER = N_("Handed over")
    RESTRICTED = N_("Restricted")
    OPENED_UP = N_("Lifted the restriction")
    BROKE_GLASS = N_("Opened a restricted file")
    ERASED = N_("Erased")
    DESTROYED = N_("Destroyed after the term")
    ATTACHED = N_("Attached a file")
    MEMBER_ADDED = N_("Added a person")
    MEMBER_DISABLED = N_("Disabled a person")
    MEMBER_READMITTED = N_("Readmitted a person")
    MEMBER_ROLE = N_("Gave a person another role")
    LAPTOP_ADMITTED = N_("Admitted a laptop")
    LAPTOP_REVOKED = N_("Revoked a laptop")
    LAPTOP_RENAMED = N_("Gave this computer a new identity")
    PASSPHRASE_CHANGED = N_("Changed a passphrase")
    RECOVERY_DRILLED = N_("Tried the recovery key")
    BACKED_UP = N_("Made a backup")
    RESTORED = N_("Brought a backup back")
    RECEIVED = N_("Took in what other laptops wrote")
    SENT = N_("Handed over to other laptops")


INSTEAD_OF = "instead_of"
"""In the detail of RESTORED: the number of the last event that the replaced store is known to have had."""

BROUGHT_BY = "by"
"""In the detail of RESTORED: the account that brought the backup back; empty after the recovery key."""

BY_PAPER = "by_paper"
"""In the detail of UNLOCKED: the store was opened with the recovery key."""

ERASING = frozenset({Deed.ERASED.name, Deed.DESTROYED.name})
"""Deeds that may take out what was written; only a head's count."""

ORDERS = "orders"
"""In the detail of ERASED: the statements (hex) by which a head ordered it, where it was carried out on a laptop at
which somebody else sat."""

REWRITING = ERASING | {Deed.RESTRICTED.name, Deed.OPENED_UP.name}
"""Deeds that may change what was written. Their detail names it: `changes` and `events` are ranges of which only the
digests remain, `replaced` gives the digest that a change has since its value stands there in another form."""

LISTING = frozenset(
    {
        Deed.MEMBER_ADDED.name, Deed.MEMBER_DISABLED.name, Deed.MEMBER_READMITTED.name, Deed.MEMBER_ROLE.name,
        Deed.PASSPHRASE_CHANGED.name, Deed.LAPTOP_ADMITTED.name, Deed.LAPTOP_REVOKED.name,
        Deed.LAPTOP_RENAMED.name,
    }
)  # fmt: skip
"""Deeds that may lengthen the list of members. Their detail holds what was stated (`said`) and, as that of UNLOCKED
does, how long the list is and its digest (`members`): so the list cannot lose its end unnoticed."""

PROVING = REWRITING | LISTING | {Deed.UNLOCKED.name, Deed.RESTORED.name}
"""Deeds whose words the check needs: no erasure empties them. They name nobody but colleagues."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event before it has its place in the chain. Ids are 32 hex digits, or empty; `detail` is plain JSON."""

    deed: Deed
    at: str
    account: str
    sheet: str = ""
    record: str = ""
    case: str = ""
    reason: str = field(default="", repr=False)
    recipient: str = field(default="", repr=False)
    detail: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends: how many events it has and its last link."""

    seq: int
    link: bytes

    @property
    def short(self) -> str:
        """As printed: the number and 80 bits of the link, `1207-7K3Q-M2XD-9VAB-0C4E`."""
        return f"{self.seq}-{short(self.link)}"


@dataclass(frozen=True, slots=True)
class Restore:
    """A backup that was brought back: the number of the event that says so, that of the last event in the store that it
    replaced, and the account that did it (hex; empty after the recovery key).
    """

    seq: int
    instead_of: int
    by: str

    def replaced(self, seq: int) -> bool:
        """Whether it took the place of event `seq`."""
        return self.seq <= seq <= self.instead_of


def short(link: bytes) -> str:
    """The first 80 bits of a link as four groups of Crockford's base 32."""
    number = int.from_bytes(link[:10], "big")
    signs = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(_SHORT_SIGNS)))
    return "-".join(signs[start : start + _GROUP] for start in range(0, _SHORT_SIGNS, _GROUP))


# The arithmetic, frozen


def first_link(store: str, device: int) -> str:
    """What stands where the first event looks for the link before it."""
    return _digest(_spelled([FORMAT, store, device]), b"fd-journal-first")


def link(before: str, signature_before: str, facts: Sequence[Any]) -> str:
    """The link of an event; `facts` are those of `facts_of`."""
    return _digest(_spelled([before, signature_before, *facts]), b"fd-journal-link")


def facts_of(row: Mapping[str, Any]) -> list[Any]:
    """What the chain holds of an event."""
    return [row[name] for name in FACTS]


FACTS = (
    "device", "seq", "at", "account", "deed", "sheet", "record", "case_id",
    "words", "first", "last", "changes", "signed",
)  # fmt: skip
"""The columns that are bound into a link, in this order."""


def commit(salt: bytes, reason: str, recipient: str, detail: str) -> str:
    """The digest that stands in the chain for an event's free words."""
    return _digest(_spelled([reason, recipient, detail]), b"fd-journal-words", salt)


def change_digest(salt: bytes | None, row: Sequence[Any]) -> bytes:
    """The digest of what a change holds: `row` is seq, sheet, record, field, value, clock, replaces, txn, actor,
    device.
    """
    return blake2b(_spelled(row), digest_size=32, key=salt or b"", person=b"fd-change").digest()


def changes_digest(digests: Iterable[bytes]) -> str:
    """The digest of a range of changes."""
    return _digest(b"".join(digests), b"fd-changes")


_ENCODER = json.JSONEncoder(separators=(",", ":"))
"""Made once: to make it anew for each link costs a third of the link."""


def _spelled(facts: Sequence[Any]) -> bytes:
    return _ENCODER.encode(facts).encode()


def _digest(content: bytes, purpose: bytes, key: bytes = b"") -> str:
    # The same BLAKE2b as `sealing.digest`; hundreds of thousands of links are verified in seconds only this way.
    return blake2b(content, digest_size=32, key=key, person=purpose).hexdigest()


CHANGE_COLUMNS = "seq, sheet, record, field, value, clock, replaces, txn, actor, device, salt, proved"
"""As `proving` and `holding` read a change."""


def proving(row: Sequence[Any]) -> bytes:
    """The digest by which the chain knows a change, as read by CHANGE_COLUMNS. ValueError if it is none."""
    return bytes.fromhex(row[-1]) if row[-1] else holding(row)


def holding(row: Sequence[Any]) -> bytes:
    """The digest of what it holds now."""
    return change_digest(row[-2], tuple(row[:-2]))


# Writing


class Chain:
    """The chain of one device in an open store; `connection` is inside a write transaction."""

    def __init__(self, connection: Connection, store: str, device: int) -> None:
        self._connection = connection
        self._store = store
        self._device = device

    def append(self, entry: Entry, signer: SigningKey | None, binding: bool = True) -> Head:
        """Add an event at the end. `binding`: it vouches for the changes made since the last one that did."""
        before, signature_before, seq = self._end()
        row = self._row(entry, seq + 1, signer is not None)
        if binding:
            row.update(self._unbound())
        row["link"] = link(before, signature_before, facts_of(row))
        row["signature"] = signed(signer, row["link"]) if signer else ""
        self._connection.execute(_INSERT, row)
        return Head(seq + 1, bytes.fromhex(row["link"]))

    def head(self) -> Head:
        """Where it ends. A link that is none is an end that nobody remembers."""
        before, _signature, seq = self._end()
        return Head(seq, _raw(before))

    def link_at(self, seq: int) -> bytes | None:
        """The link of an event; None if there is no such event."""
        if seq == 0:
            return bytes.fromhex(first_link(self._store, self._device))
        found = self._connection.exec_driver_sql(
            "SELECT link FROM journal WHERE device = ? AND seq = ?", (self._device, seq)
        ).scalar()
        return _raw(found) if found else None

    def last_of(self, account: str) -> int:
        """The number of the last event that an account has signed; 0 if there is none."""
        found = self._connection.exec_driver_sql(
            f"SELECT max(seq) FROM journal WHERE device = ? AND account = ? AND signed AND {_NUMBERED}",
            (self._device, account),
        ).scalar()
        return found or 0

    def restores(self) -> list[Restore]:
        """The backups that were brought back, in their order. An event that cannot be read explains nothing."""
        found = self._connection.exec_driver_sql(
            f"SELECT seq, account, detail FROM journal WHERE device = ? AND deed = ? AND {_NUMBERED} ORDER BY seq",
            (self._device, Deed.RESTORED.name),
        )
        return [restore for row in found if (restore := _restore(*row))]

    def _end(self) -> tuple[str, str, int]:
        found = self._connection.exec_driver_sql(
            f"SELECT link, signature, seq FROM journal WHERE device = ? AND {_NUMBERED} ORDER BY seq DESC LIMIT 1",
            (self._device,),
        ).first()
        # Another hand may have left anything here, which the check names: that must keep nobody from coming in.
        return (_text(found[0]), _text(found[1]), found[2]) if found else (first_link(self._store, self._device), "", 0)

    def _row(self, entry: Entry, seq: int, is_signed: bool) -> dict[str, Any]:
        detail = json.dumps(dict(entry.detail), ensure_ascii=False, sort_keys=True) if entry.detail else ""
        said = (entry.reason, entry.recipient, detail)
        salt = random(SALT_BYTES) if any(said) else None
        return {
            "device": self._device, "seq": seq, "at": entry.at, "account": entry.account, "deed": entry.deed.name,
            "sheet": entry.sheet, "record": entry.record, "case_id": entry.case,
            "reason": said[0], "recipient": said[1], "detail": said[2],
            "salt": salt, "words": commit(salt, *said) if salt else "",
            "first": None, "last": None, "changes": "", "signed": int(is_signed),
        }  # fmt: skip

    def _unbound(self) -> dict[str, Any]:
        """The changes for which no event vouches yet; nothing if there is none."""
        last = self._connection.exec_driver_sql(
            "SELECT last FROM journal WHERE device = ? AND last IS NOT NULL AND typeof(last) = 'integer' "
            "ORDER BY last DESC LIMIT 1",
            (self._device,),
        ).scalar()
        after = last or 0
        newest = self._connection.exec_driver_sql("SELECT max(seq) FROM change").scalar() or 0
        if newest <= after:
            return {}
        # Those of a store that had no journal yet; the newer ones are salted as they are written.
        self._connection.exec_driver_sql(
            "UPDATE change SET salt = randomblob(16) WHERE seq > ? AND salt IS NULL AND proved IS NULL", (after,)
        )
        rows = self._connection.exec_driver_sql(
            f"SELECT {CHANGE_COLUMNS} FROM change WHERE seq > ? ORDER BY seq", (after,)
        )
        return {"first": after + 1, "last": newest, "changes": changes_digest(map(_vouched, rows))}


_INSERT = JOURNAL.insert()
_NUMBERED = "typeof(seq) = 'integer'"


def _text(found: Any) -> str:
    return found if isinstance(found, str) else ""


def _raw(found: Any) -> bytes:
    try:
        return bytes.fromhex(found)
    except (TypeError, ValueError):
        return b""


def _vouched(change: Sequence[Any]) -> bytes:
    """What cannot be read keeps nobody from writing; no digest fits it, so the check names the event."""
    try:
        return proving(change)
    except (TypeError, ValueError):
        return b""


def _restore(seq: int, account: str, detail: Any) -> Restore | None:
    try:
        said = json.loads(detail or "{}")
        by = said.get(BROUGHT_BY, account)
        return Restore(seq, int(said.get(INSTEAD_OF, 0)), UUID(hex=by).hex if by else "")
    except (AttributeError, TypeError, ValueError):
        return None


def signed(signer: SigningKey, at_link: str) -> str:
    """The person's signature over a link, in hex."""
    return signer.sign(SIGNED_AS + at_link.encode()).signature.hex()


def signed_with(keys: Collection[bytes], at_link: str, signature: str) -> bool:
    """Whether one of these public keys made a signature, in hex, over a link."""
    try:
        content, made = SIGNED_AS + at_link.encode(), bytes.fromhex(signature)
    except (AttributeError, TypeError, ValueError):
        return False
    return any(_verified(key, content, made) for key in keys)


def _verified(key: bytes, content: bytes, signature: bytes) -> bool:
    try:
        VerifyKey(key).verify(content, signature)
    except (BadSignatureError, ValueError):
        return False
    return True


def by_paper(detail: str) -> bool:
    """Whether an opening's detail says that it was with the recovery key."""
    try:
        return json.loads(detail or "{}").get(BY_PAPER) is True
    except (AttributeError, TypeError, ValueError):
        return False
