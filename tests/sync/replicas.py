"""Laptops without a store: one record, the real rules and the real clock; a road that loses, doubles and shuffles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple

from hypothesis import strategies as st

from familydesk.core.fields import Merge
from familydesk.store.hybrid_clock import AHEAD, COUNTER_BITS, HybridClock
from familydesk.sync.merge import Judged, Rule, Value, Written, front, judge, judge_archived
from familydesk.sync.wire.change import Version

ARCHIVED = "archived"
RULES = {
    "name": Rule(),
    "story": Rule(Merge.KEEP_BOTH),
    "danger": Rule(Merge.SAFEST, ("UNKNOWN", "LOW", "HIGH")),
    "silent": Rule(Merge.SAFEST, safest=True),
    "withdrawn": Rule(Merge.SAFEST),
}
VALUES: dict[str, Sequence[Value]] = {
    "name": ("Аида", "Дана", "Мадина", None),
    "story": ("бірінші", "екінші"),
    "danger": ("UNKNOWN", "LOW", "HIGH", "NEWER", None),
    "silent": (0, 1, None),
    "withdrawn": ("1850-01-02", "1850-03-01", None),
    ARCHIVED: (0, 1),
}
NOW = 1_790_000_000_000
YEAR = 366 * 24 * 3_600_000


class Clock(HybridClock):
    """The real one over a wall clock that is wrong by `skew` milliseconds and stands still until it is moved."""

    def __init__(self, skew: int) -> None:
        super().__init__()
        self.time = NOW + skew

    def wall(self) -> int:
        return self.time


class Sent(NamedTuple):
    """One change on its way."""

    field: str
    written: Written


class Replica:
    """What one laptop knows of one record."""

    def __init__(self, number: int, skew: int = 0) -> None:
        self.id = bytes([number]) * 16
        self.clock = Clock(skew)
        self.known: dict[Version, Sent] = {}
        self.own: list[Sent] = []
        for name in (*RULES, ARCHIVED):
            # Everybody has the beginning of the record.
            self.known[Version(0, name.encode())] = Sent(name, Written(Version(0, name.encode()), self.beginning(name)))

    @staticmethod
    def beginning(name: str) -> Value:
        return 0 if name == ARCHIVED else None

    # The parts that a mutant spoils

    def stamp(self) -> int:
        return self.clock.tick()

    def hear(self, stamp: int) -> None:
        self.clock.receive(stamp)

    def rule(self, name: str) -> Rule:
        return RULES[name]

    def versions(self, name: str) -> list[Written]:
        return [sent.written for sent in self.known.values() if sent.field == name]

    def judged(self, name: str) -> Judged:
        if name == ARCHIVED:
            edits = [one for other in RULES for one in front(self.versions(other)) if one.version.clock]
            return judge_archived(self.versions(ARCHIVED), edits)
        return judge(self.rule(name), self.versions(name))

    # What a laptop does

    def write(self, name: str, value: Value) -> Sent | None:
        """An ordinary edit: it replaces what stood, and all that held the same. None if nothing was written.

        Into what was put away only every second laptop writes, as a merge of people does.
        """
        judged = self.judged(name)
        away = name != ARCHIVED and self.judged(ARCHIVED).stands.value
        if value == judged.stands.value or (away and self.id[0] % 2):
            return None
        return self._written(name, value, {judged.stands.version, *(one.version for one in judged.same)})

    def settle(self, name: str, choice: int) -> Sent | None:
        """Somebody looks at the conflicts of a field and decides: her change replaces the whole front."""
        judged = self.judged(name)
        if not judged.conflicts:
            return None
        offered = [judged.stands, *judged.conflicts]
        replaces = {one.version for one in front(self.versions(name))} | {judged.stands.version}
        return self._written(name, offered[choice % len(offered)].value, replaces)

    def _written(self, name: str, value: Value, replaces: set[Version]) -> Sent:
        if name == ARCHIVED and value:
            replaces |= {one.version for other in RULES for one in front(self.versions(other))}
        elif name != ARCHIVED and self.judged(ARCHIVED).stands.value:
            replaces |= {self.judged(ARCHIVED).stands.version}
        sent = Sent(name, Written(Version(self.stamp(), self.id), value, frozenset(replaces)))
        self.known[sent.written.version] = sent
        self.own.append(sent)
        return sent

    def take(self, sent: Sent) -> None:
        """What came, perhaps once more."""
        self.hear(sent.written.version.clock)
        self.known.setdefault(sent.written.version, sent)

    def state(self) -> dict[str, tuple[Value, Version, tuple[Version, ...]]]:
        """What stands, and the open conflicts."""
        found = {name: self.judged(name) for name in (*RULES, ARCHIVED)}
        return {
            name: (one.stands.value, one.stands.version, tuple(loser.version for loser in one.conflicts))
            for name, one in found.items()
        }


# Scripts

Step = tuple[str, int, str, int]
"""What happens, on which replica, to which field, and a number to choose by."""


class Script(NamedTuple):
    """Some laptops with wrong clocks, what happens to them, and in which order everything arrives in the end."""

    skews: tuple[int, ...]
    steps: tuple[Step, ...]
    seed: int


def scripts(far: int = 10 * YEAR, fields: Sequence[str] = (*RULES, ARCHIVED)) -> st.SearchStrategy[Script]:
    """Scripts over two to five laptops whose clocks are wrong by `far` milliseconds at most.

    Each is about one field or two: that is where versions meet.
    """
    skews = st.lists(st.integers(-far, far), min_size=2, max_size=5).map(tuple)
    kinds = st.sampled_from(("write", "write", "write", "send", "send", "settle", "jump"))

    def about(some: list[str]) -> st.SearchStrategy[Script]:
        step = st.tuples(kinds, st.integers(0, 4), st.sampled_from(some), st.integers(0, 1000))
        return st.builds(Script, skews, st.lists(step, min_size=1, max_size=25).map(tuple), st.integers(0, 1000))

    return st.lists(st.sampled_from(fields), min_size=1, max_size=2).flatmap(about)


def near() -> st.SearchStrategy[Script]:
    """Scripts over clocks that are near enough to follow each other."""
    return scripts(AHEAD // 3)


Make = Callable[[int, int], Replica]


def played(script: Script, make: Make = Replica) -> list[Replica]:
    """The laptops after the script; what was sent may have been lost, doubled and turned round."""
    replicas = [make(number, skew) for number, skew in enumerate(script.skews, 1)]
    for kind, at, name, choice in script.steps:
        one = replicas[at % len(replicas)]
        if kind == "write":
            one.write(name, VALUES[name][choice % len(VALUES[name])])
        elif kind == "settle":
            one.settle(name, choice)
        elif kind == "jump":
            one.clock.time += (choice - 500) * AHEAD // 2000
        else:
            _send(one, replicas[choice % len(replicas)], Random(choice))
    return replicas


def _send(here: Replica, there: Replica, chance: Random) -> None:
    """Some of what one laptop knows reaches another, in any order, some of it twice."""
    known = [sent for sent in here.known.values() if sent.written.version.clock]
    some = chance.sample(known, chance.randint(0, len(known)))
    for sent in [*some, *some[: len(some) // 2]]:
        there.take(sent)


def met(replicas: Sequence[Replica], seed: int) -> None:
    """In the end everything reaches everybody, each in an order of its own."""
    every = [sent for one in replicas for sent in one.own]
    for number, one in enumerate(replicas):
        shuffled = list(every)
        Random(seed * 31 + number).shuffle(shuffled)
        for sent in shuffled:
            one.take(sent)


# What has to hold


def converge(script: Script, make: Make = Replica) -> None:
    """Whoever knows the same comes to the same, in whatever order it came."""
    replicas = played(script, make)
    met(replicas, script.seed)
    first = replicas[0].state()
    for other in replicas[1:]:
        assert other.state() == first


def lose_nothing(script: Script, make: Make = Replica) -> None:
    """A value that nobody has replaced knowingly stands or is an open conflict."""
    replicas = played(script, make)
    met(replicas, script.seed)
    one = replicas[0]
    sent = [other for replica in replicas for other in replica.own]
    for field, written in sent:
        replaced = {former for other in sent if other.field == field for former in other.written.replaces}
        if written.version not in replaced:
            judged = one.judged(field)
            assert written.value in {judged.stands.value, *(loser.value for loser in judged.conflicts)}


def knowing_edits_win(script: Script, make: Make = Replica) -> None:
    """Who edits after having heard everything decides, however wrong her clock is."""
    replicas = played(script, make)
    met(replicas, script.seed)
    for number, name in enumerate(RULES):
        one = replicas[(script.seed + number) % len(replicas)]
        for choice in range(2):
            one.settle(name, script.seed + choice)
        wanted = VALUES[name][script.seed % len(VALUES[name])]
        if one.write(name, wanted) is None and one.judged(ARCHIVED).stands.value:
            # Nobody writes into what was put away.
            continue
        met(replicas, script.seed)
        assert all(other.judged(name).stands.value == wanted for other in replicas)


def stay_safe(script: Script, make: Make = Replica) -> None:
    """Of values whose writers knew nothing of each other the most protective one stands."""
    protection: dict[str, Callable[[Value], int]] = {
        "danger": lambda value: ("UNKNOWN", "LOW", "HIGH", "NEWER").index(str(value)) if value else -1,
        "silent": lambda value: {0: 0, None: 1, 1: 2}[value],  # type: ignore[index]
        "withdrawn": lambda value: ("1850-03-01", "1850-01-02").index(str(value)) if value else -1,
    }
    replicas = played(script, make)
    met(replicas, script.seed)
    sent = [*replicas[0].known.values()]
    for name, worth in protection.items():
        of_field = [one.written for one in sent if one.field == name]
        replaced = {former for one in of_field for former in one.replaces}
        left = [one for one in of_field if one.version not in replaced]
        assert worth(replicas[0].judged(name).stands.value) == max(worth(one.value) for one in left)


def clocks_follow(script: Script, make: Make = Replica) -> None:
    """A laptop's stamps only grow, and who knows of a change stamps hers later."""
    replicas = [make(number, skew) for number, skew in enumerate(script.skews, 1)]
    for kind, at, name, choice in script.steps:
        one = replicas[at % len(replicas)]
        if kind == "write":
            before = max(version.clock for version in one.known)
            sent = one.write(name, VALUES[name][choice % len(VALUES[name])])
            assert sent is None or sent.written.version.clock > before
        elif kind == "jump":
            one.clock.time += (choice - 500) * AHEAD // 20_000
        else:
            _send(one, replicas[choice % len(replicas)], Random(choice))


def wall_stamp(replica: Replica) -> int:
    """What a laptop without a hybrid clock would write down."""
    return replica.clock.wall() << COUNTER_BITS
