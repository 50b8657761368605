"""The people of the membership log as somebody has seen them: what heads say of them, and the keys that they have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from familydesk.sync.wire.membership import Listed
from familydesk.sync.wire.statement import Person

BOTH = 2
"""So many heads make another one, where there are so many besides her."""


@dataclass(frozen=True, slots=True)
class Word:
    """A statement on a person, with what its speaker had seen: how the person stood, and how many heads besides her."""

    place: int
    by: UUID
    said: Person
    before: Listed | None
    heads: int
    seen: int
    """The places of what the speaker had seen, as bits."""

    @property
    def makes_head(self) -> bool:
        """Whether it makes somebody a head who was none with this key. A new key of her own is no new head."""
        if not self.said.leads:
            return False
        before = self.before
        known = before is not None and before.leads
        same = before is not None and before.signing_public == self.said.signing_public
        return not (known and (same or self.by == self.said.account))

    @property
    def removes_head(self) -> bool:
        """Whether it takes somebody else's headship away."""
        other = self.by != self.said.account
        return other and self.before is not None and self.before.leads and not self.said.leads

    def listed(self, old: Listed | None) -> Listed:
        """Her line after it, where `old` is her line among what else is known."""
        new = Listed.by(self.said, self.place)
        if old is None:
            return new
        if old.leads and new.leads:
            new = replace(new, since=old.since)
        # Nobody speaks of her own role; of two words spoken at once, the one that gives less holds.
        at_once = not self.seen >> old.word & 1
        word = old if self.by == self.said.account or (at_once and old.gives_less_than(new)) else new
        # A head who speaks of role and state repeats the keys that she knew; she does not put them back.
        keys = old if self.before and self.before.keys == new.keys else new
        return replace(word, keyed=keys.keyed, signing_public=keys.signing_public, sealing_public=keys.sealing_public)


@dataclass(frozen=True, slots=True)
class View:
    """People by account. `proposed`: by account and signing key, which heads want her for a head."""

    people: Mapping[UUID, Listed] = field(default_factory=dict)
    proposed: Mapping[tuple[UUID, bytes], frozenset[UUID]] = field(default_factory=dict)

    def heads_besides(self, account: UUID) -> int:
        """How many speak for others, without her."""
        return sum(one.leads for one in self.people.values() if one.account != account)

    def hearing(self, word: Word) -> View:
        """With one statement more."""
        said, view = word.said, self
        if word.makes_head:
            key = said.account, said.signing_public
            wanted = self.proposed.get(key, frozenset()) | {word.by}
            view = replace(self, proposed={**self.proposed, key: wanted})
            if len(wanted) < min(BOTH, word.heads):
                return view
        elif not said.leads:
            left = {key: by for key, by in self.proposed.items() if key[0] != said.account}
            view = replace(self, proposed=left)
        return replace(view, people={**self.people, said.account: word.listed(self.people.get(said.account))})


NOTHING = View()
