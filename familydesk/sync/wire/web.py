"""The statements in the order in which they are read, and what each speaker had seen of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from familydesk.sync.wire.statement import Person, Statement


class Web:
    """Statements by their places: none stands before one that it answers. What was seen are places, as bits."""

    def __init__(self, statements: Iterable[Statement], anchor: bytes) -> None:
        found = {one.id: one for one in statements if one.anchor == anchor}
        self.all = tuple(sorted(found.values(), key=lambda one: (one.seq, one.id)))
        self.place = {one.id: place for place, one in enumerate(self.all)}
        self.past = self._pasts()
        self._anchor = anchor
        self._checked: dict[tuple[int, bytes], bool] = {}
        self.first = self._beginning()

    def _pasts(self) -> list[int]:
        """By place, the places of all that the statement's speaker had seen, as bits."""
        pasts: list[int] = []
        for one in self.all:
            past = 0
            for id in one.prev:
                place = self.place.get(id)
                # Of one that is missing nobody knows what it had seen itself.
                older = place is None or self.all[place].seq >= one.seq
                past |= self._older(one.seq) if older else pasts[place or 0] | 1 << (place or 0)
            pasts.append(past)
        return pasts

    def _older(self, seq: int) -> int:
        return (1 << sum(one.seq < seq for one in self.all)) - 1

    def at_once(self, one: int, other: int) -> bool:
        """Whether neither had seen the other."""
        return one != other and not (self.past[one] >> other & 1 or self.past[other] >> one & 1)

    def _beginning(self) -> int | None:
        """The anchor speaks once, for itself and before anybody else; of two such, the one holds that was built upon.
        Afterwards it is a head's key like any other.
        """
        first = [place for place, one in enumerate(self.all) if self._begins(one)]
        return max(first, key=lambda place: (sum(past >> place & 1 for past in self.past), -place), default=None)

    def _begins(self, one: Statement) -> bool:
        return begins(one, self._anchor)

    def in_order(self, place: int) -> bool:
        """Whether its number follows those of the statements that it answers, as far as they are here."""
        one = self.all[place]
        known = [self.all[self.place[id]].seq for id in one.prev if id in self.place]
        expected = 1 + max(known, default=0)
        return one.seq == expected if len(known) == len(one.prev) else one.seq >= expected

    def signed(self, place: int, public: bytes) -> bool:
        """Whether it bears the signature of this key. Looked at once, however often the web is read."""
        if (place, public) not in self._checked:
            self._checked[place, public] = self.all[place].signed_by(public)
        return self._checked[place, public]


def begins(one: Statement, anchor: bytes) -> bool:
    """Whether the holder of `anchor` says by it, before anything else, that she is the head."""
    said = one.said
    if one.prev or one.seq != 1 or not isinstance(said, Person):
        return False
    own = said.leads and said.account == one.by and said.signing_public == anchor
    return own and one.signed_by(anchor)


def authentic(statements: Iterable[Statement], anchor: bytes) -> list[Statement]:
    """Those that bear a signature of whom they name, by a key that others of them name: what strangers wrote is left
    out for one check of a signature each, before it is read with care.
    """
    found: list[Statement] = []
    keys: dict[UUID, set[bytes]] = {}
    for one in sorted(statements, key=lambda one: (one.seq, one.id)):
        known = keys.get(one.by, ())
        if one.anchor == anchor and (begins(one, anchor) or any(one.signed_by(key) for key in known)):
            found.append(one)
            if isinstance(one.said, Person):
                keys.setdefault(one.said.account, set()).add(one.said.signing_public)
    return found


def places(bits: int) -> Iterator[int]:
    """The places that are set."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
