"""Words about restricted cases: sealed for the center, kept in the file, and what those about one case come to.

They make a web: each names the ones that it answers. Of two that knew nothing of each other the one that closes stands,
else the later; who is named by the one that stands brings them together with the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from familydesk.store.sealing import seal, unseal
from familydesk.store.tables import CASE_WORD
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.case_word import LEAVES, Broke, CaseWord, Closed, CopyOf, Said, decode
from familydesk.sync.wire.digests import digest
from familydesk.sync.wire.padding import padded

_NUMBER = 4
_NAME_BYTES = 16

Entitled = Callable[[CaseWord, Iterable[CaseWord]], bool]
"""Whether who signed a word might say it, given the words that it answers."""


# As they travel


def sealed(one: CaseWord, epoch: int, key: bytes) -> bytes:
    """For everybody who has the key of an epoch: `epoch u32 | XChaCha20-Poly1305 of (length u32 | word | padding)`."""
    content = padded(len(one.content).to_bytes(_NUMBER, "big") + one.content)
    return epoch.to_bytes(_NUMBER, "big") + seal(key, _bound(one.center, epoch), content)


def opened(content: bytes, center: bytes, epoch_keys: Mapping[int, bytes]) -> CaseWord | None:
    """The word; None if its epoch's key is not at hand. Defect if it is none of this center."""
    epoch = int.from_bytes(content[:_NUMBER], "big")
    key = epoch_keys.get(epoch)
    if key is None:
        return None
    plain = unseal(key, _bound(center, epoch), content[_NUMBER:])
    if plain is None:
        raise Defect("a word that the center's key does not open")
    length = int.from_bytes(plain[:_NUMBER], "big")
    one = decode(plain[_NUMBER : _NUMBER + length])
    if one.center != center:
        raise Defect("a word of another center")
    return one


def name_of(content: bytes) -> str:
    """How a sealed word is called: 32 hex digits."""
    return digest(content, b"fd-case-words")[:_NAME_BYTES].hex()


def _bound(center: bytes, epoch: int) -> dict[str, object]:
    return {"what": "familydesk case words 1", "center": center.hex(), "epoch": epoch}


# In the file


def keep(connection: Connection, content: bytes, followed: bool = False) -> str:
    """Keep one as it travels, unless it is here; its name."""
    row = {"name": name_of(content), "content": content, "followed": int(followed)}
    connection.execute(insert(CASE_WORD).prefix_with("OR IGNORE").values(row))
    return str(row["name"])


def kept(connection: Connection) -> dict[str, bytes]:
    """All that are here, by their names."""
    return {row.name: row.content for row in connection.execute(select(CASE_WORD.c.name, CASE_WORD.c.content))}


def names(connection: Connection) -> frozenset[str]:
    """The names of all that are here."""
    return frozenset(connection.scalars(select(CASE_WORD.c.name)))


def unfollowed(connection: Connection) -> frozenset[str]:
    """Those about which something may be left to do."""
    return frozenset(connection.scalars(select(CASE_WORD.c.name).where(CASE_WORD.c.followed == 0)))


def settle(connection: Connection, names: Iterable[str]) -> None:
    """Nothing is left to be done about these."""
    for name in names:
        connection.execute(update(CASE_WORD).where(CASE_WORD.c.name == name).values(followed=1))


# What they come to


@dataclass(frozen=True, slots=True)
class Standing:
    """The words about one case. `leaves` are those that count and that no other answers, the one that stands first."""

    words: Mapping[bytes, CaseWord]
    """By id, those that count."""
    leaves: tuple[CaseWord, ...] = ()

    @property
    def last(self) -> CaseWord | None:
        """The one that stands."""
        return self.leaves[0] if self.leaves else None

    def next(self, center: bytes, case: UUID, by: UUID, at: int, said: Said) -> CaseWord:
        """What is said now: it answers all of them."""
        answered = self.leaves[:LEAVES]
        prev = tuple(sorted(one.id for one in answered))
        return CaseWord(center, case, prev, max((one.seq for one in answered), default=0) + 1, by, at, said)


def standing(words: Iterable[CaseWord], entitled: Entitled) -> Standing:
    """What the words about one case come to, in whatever order they came."""
    counting: dict[bytes, CaseWord] = {}
    answered: set[bytes] = set()
    for one in sorted(words, key=lambda one: (one.seq, one.id)):
        prev = [counting[id] for id in one.prev if id in counting]
        if len(prev) < len(one.prev) or one.seq != max((found.seq for found in prev), default=0) + 1:
            continue
        if not entitled(one, prev):
            continue
        counting[one.id] = one
        if not isinstance(one.said, Broke):
            answered.update(one.prev)
    open_ends = (one for one in counting.values() if one.id not in answered and not isinstance(one.said, Broke))
    return Standing(counting, tuple(sorted(open_ends, key=_rank, reverse=True)))


def _rank(one: CaseWord) -> tuple[bool, int, bytes]:
    return isinstance(one.said, Closed), one.seq, one.id


def named(words: Iterable[CaseWord]) -> frozenset[UUID]:
    """Who is named in any of these."""
    closed = (one.said for one in words if isinstance(one.said, Closed))
    return frozenset(account for said in closed for account in said.accounts(CopyOf.READER))
