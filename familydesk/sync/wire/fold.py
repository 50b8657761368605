"""Reading the membership log: which statements count, and what they come to (the rules: `membership`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from uuid import UUID

from familydesk.sync.wire.membership import DOUBLED, Copy, Listed, Membership, Verdict
from familydesk.sync.wire.statement import Cut, Epoch, Keys, Laptop, Person, Said, Statement
from familydesk.sync.wire.view import NOTHING, View, Word
from familydesk.sync.wire.web import Web, places


def fold(statements: Iterable[Statement], anchor: bytes) -> Membership:
    """Read the log that the holder of `anchor` began. The order in which statements come makes no difference."""
    reading = _Reading(Web(statements, anchor))
    reading.settle()
    return reading.result()


class _Reading:
    """The verdicts on the statements of a web."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._void: set[int] = set()
        self._verdicts: list[Verdict] = []
        self._views: list[View] = []
        self._after: list[View] = []
        self._words: dict[int, Word] = {}

    # Verdicts

    def settle(self) -> None:
        """Look at the statements until no removal of a head is left to be settled."""
        settled: set[int] = set()
        self._look_through()
        while (removal := self._senior_removal(settled)) is not None:
            settled.add(removal)
            self._void |= {place for place in self._undone_by(removal) if place not in settled}
            self._look_through()

    def _look_through(self) -> None:
        self._verdicts, self._views, self._after, self._words = [], [], [], {}
        for place in range(len(self._web.all)):
            view = self._view(place)
            self._views.append(view)
            self._verdicts.append(self._verdict(place, view))
            if self._counts(place) and (word := self._word(place, view)):
                self._words[place] = word
                view = view.hearing(word)
            self._after.append(view)

    def _view(self, place: int) -> View:
        """The people as whoever spoke there had seen them, as far as that counts itself."""
        prev = self._web.all[place].prev
        if len(prev) == 1 and (last := self._web.place.get(prev[0], place)) < place:
            return self._after[last]
        return self._together(self._web.past[place])

    def _together(self, seen: int) -> View:
        view = NOTHING
        for place in places(seen):
            if place in self._words:
                view = view.hearing(self._words[place])
        return view

    def _word(self, place: int, view: View) -> Word | None:
        one = self._web.all[place]
        if not isinstance(one.said, Person):
            return None
        account = one.said.account
        before, heads = view.people.get(account), view.heads_besides(account)
        return Word(place, one.by, one.said, before, heads, self._web.past[place])

    def _verdict(self, place: int, view: View) -> Verdict:
        if place == self._web.first:
            return Verdict.COUNTS
        speaker = view.people.get(self._web.all[place].by)
        if speaker and self._may_say(place, speaker):
            return Verdict.OVERRULED if place in self._void else Verdict.COUNTS
        return Verdict.OVERRULED if self._rests_on_overruled(place) else Verdict.REFUSED

    def _may_say(self, place: int, speaker: Listed) -> bool:
        entitled = speaker.active and (speaker.leads or _of_herself(self._web.all[place].said, speaker))
        return entitled and self._web.in_order(place) and self._web.signed(place, speaker.signing_public)

    def _rests_on_overruled(self, place: int) -> bool:
        """Whether its speaker had her keys or her headship by a word that does not count."""
        return any(
            isinstance(said := self._web.all[older].said, Person)
            and said.account == self._web.all[place].by
            and self._verdicts[older] is Verdict.OVERRULED
            and self._web.signed(place, said.signing_public)
            for older in places(self._web.past[place])
        )

    def _counts(self, place: int) -> bool:
        return self._verdicts[place] is Verdict.COUNTS

    # Heads who are removed

    def _senior_removal(self, settled: set[int]) -> int | None:
        """Of the removals that are not settled, the one by whoever has been a head for longest."""
        removals = (place for place, word in self._words.items() if word.removes_head and place not in settled)
        found = [place for place in removals if self._undone_by(place)]
        return min(found, key=lambda place: (self._since(place), place), default=None)

    def _since(self, place: int) -> int:
        return self._views[place].people[self._web.all[place].by].since or 0

    def _undone_by(self, removal: int) -> list[int]:
        """What somebody who is removed there has said without having seen it."""
        account = self._words[removal].said.account
        return [
            place
            for place, one in enumerate(self._web.all)
            if one.by == account and place not in self._void and self._web.at_once(place, removal)
        ]

    # The result

    def result(self) -> Membership:
        """What counts, taken together."""
        view = self._together((1 << len(self._web.all)) - 1)
        laptops, cuts = self._laptops()
        epochs, copies = self._epochs()
        return Membership(
            self._web.all,
            {one.id: self._verdicts[place] for place, one in enumerate(self._web.all)},
            self._missing(),
            view.people,
            self._waiting(view),
            self._keys_ever(),
            self._roles_ever(view),
            laptops,
            cuts,
            epochs,
            copies,
        )

    def _missing(self) -> frozenset[bytes]:
        held = (one for place, one in enumerate(self._web.all) if self._verdicts[place] is not Verdict.REFUSED)
        return frozenset(id for one in held for id in one.prev if id not in self._web.place)

    def _counting(self) -> Iterator[tuple[int, Statement]]:
        return ((place, one) for place, one in enumerate(self._web.all) if self._counts(place))

    def _waiting(self, view: View) -> dict[UUID, Person]:
        spoken = (word.said for word in self._words.values())
        wanted = (said for said in spoken if said.leads and (said.account, said.signing_public) in view.proposed)
        return {
            said.account: said
            for said in wanted
            if not (said.account in view.people and view.people[said.account].leads)
        }

    def _keys_ever(self) -> dict[UUID, frozenset[bytes]]:
        found: dict[UUID, frozenset[bytes]] = {}
        for word in self._words.values():
            account = word.said.account
            found[account] = found.get(account, frozenset()) | {word.said.signing_public}
        return found

    def _roles_ever(self, view: View) -> dict[UUID, frozenset[str]]:
        """A role that only one of two heads has given yet is none."""
        found = {account: {one.role} for account, one in view.people.items()}
        for place, word in self._words.items():
            stood = word.before, self._after[place].people.get(word.said.account)
            found.setdefault(word.said.account, set()).update(one.role for one in stood if one)
        return {account: frozenset(roles) for account, roles in found.items()}

    def _laptops(self) -> tuple[dict[bytes, Laptop], dict[bytes, Cut]]:
        laptops: dict[bytes, Laptop] = {}
        cuts: dict[bytes, tuple[int, Cut]] = {}
        for place, one in self._counting():
            if isinstance(one.said, Laptop):
                first = laptops.get(one.said.id, one.said)
                laptops[first.id] = replace(one.said, block=first.block)
            elif isinstance(one.said, Cut):
                last = cuts.get(one.said.device)
                # Of two heads at once, what the one has taken in that knew more was taken in.
                if last is None or not self._web.at_once(place, last[0]) or one.said.seq > last[1].seq:
                    cuts[one.said.device] = place, one.said
        return _with_own_blocks(laptops), {device: cut for device, (_place, cut) in cuts.items()}

    def _epochs(self) -> tuple[dict[int, Epoch], dict[UUID, tuple[Copy, ...]]]:
        epochs: dict[int, Epoch] = {}
        copies: dict[UUID, tuple[Copy, ...]] = {}
        for place, one in self._counting():
            said, people = one.said, self._views[place].people
            if isinstance(said, Epoch) and epochs.setdefault(said.number, said) is not said:
                continue
            for account, epoch, sealed in _copies(said):
                if account in people:
                    copy = Copy(epoch, sealed, people[account].sealing_public)
                    copies[account] = (*copies.get(account, ()), copy)
        return epochs, copies


def _of_herself(said: Said, speaker: Listed) -> bool:
    """Whether somebody who is no head may say it: that she has new keys, and what is sealed to them."""
    if isinstance(said, Keys):
        return said.account == speaker.account
    if not isinstance(said, Person):
        return False
    word = said.account, said.login, said.role, said.state
    same = word == (speaker.account, speaker.login, speaker.role, speaker.state)
    return same and said.signing_public != speaker.signing_public


def _copies(said: Said) -> Iterator[tuple[UUID, int, bytes]]:
    if isinstance(said, Epoch):
        yield from ((account, said.number, sealed) for account, sealed in said.copies)
    elif isinstance(said, Keys):
        yield from ((said.account, epoch, sealed) for epoch, sealed in said.copies)


def _with_own_blocks(laptops: Mapping[bytes, Laptop]) -> dict[bytes, Laptop]:
    """Each with a block of its own, the one that is read first with the one it was given."""
    given = {laptop.block for laptop in laptops.values()}
    taken: set[int] = set()
    found = {}
    for id, laptop in laptops.items():
        block = laptop.block
        while block in taken or (block != laptop.block and block in given):
            block += DOUBLED
        taken.add(block)
        found[id] = replace(laptop, block=block)
    return found
