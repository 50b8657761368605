"""The suite of the merge finds what it is there to find: each of these laptops does one thing wrong, and fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import replicas
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from replicas import ARCHIVED, Replica, Script, Sent, near, scripts

from familydesk.sync.merge import Judged, Rule, Value, Written, judge


class ForgetsWhatItReplaces(Replica):
    """Every version stays in the front for ever."""

    def versions(self, name: str) -> list[Written]:
        return [replace(one, replaces=frozenset()) for one in super().versions(name)]


class GoesByTheWall(Replica):
    """The newest by the wall clock stands, and nobody's knowledge counts."""

    def stamp(self) -> int:
        return replicas.wall_stamp(self) | len(self.own)

    def judged(self, name: str) -> Judged:
        newest = max(self.versions(name), key=lambda one: one.version)
        return Judged(newest)


class TiesByArrival(Replica):
    """Of concurrent versions, the one that came last stands."""

    def judged(self, name: str) -> Judged:
        found = super().judged(name)
        left = [found.stands, *found.same, *found.conflicts]
        order = list(self.known)
        last = max(left, key=lambda one: order.index(one.version))
        return Judged(last, (), tuple(one for one in left if one.value != last.value))


class HearsNoClock(Replica):
    """Stamps of others do not move the own clock."""

    def hear(self, stamp: int) -> None:
        return


class TakesTheLastForTheSafest(Replica):
    """A level of danger goes by the clock."""

    def rule(self, name: str) -> Rule:
        return Rule()


class DropsTheLoser(Replica):
    """What does not stand is forgotten."""

    def judged(self, name: str) -> Judged:
        return replace(super().judged(name), conflicts=())


class ArchivesOverEdits(Replica):
    """Putting a record away asks for nobody's edits."""

    def judged(self, name: str) -> Judged:
        return judge(Rule(), self.versions(ARCHIVED)) if name == ARCHIVED else super().judged(name)


class EditsReplaceAll(Replica):
    """An ordinary edit puts an end to conflicts that its writer has not looked at."""

    def _written(self, name: str, value: Value, replaces: set[Any]) -> Sent:
        return super()._written(name, value, replaces | {one.version for one in self.versions(name)})


def no_edit_is_put_away(script: Script, make: Callable[[int, int], Replica]) -> None:
    """An edit and an archiving that knew nothing of each other leave the record in sight, and say so."""
    here, there = make(1, script.skews[0]), make(2, script.skews[1])
    here.write(ARCHIVED, 1)
    there.write("name", "Дана")
    replicas.met([here, there], script.seed)
    assert here.judged(ARCHIVED).stands.value == 0
    assert here.judged(ARCHIVED).conflicts


def conflicts_stay(script: Script, make: Callable[[int, int], Replica]) -> None:
    """A conflict stays until somebody looks at it, even if the value that stands is edited."""
    here, there = make(1, script.skews[0]), make(2, script.skews[1])
    here.write("name", "Аида")
    there.write("name", "Дана")
    replicas.met([here, there], script.seed)
    here.write("name", "Мадина")
    replicas.met([here, there], script.seed)
    assert len(there.judged("name").conflicts) == 1


Check = Callable[[Script, Callable[[int, int], Replica]], None]


def fails(check: Check, mutant: type[Replica], given_scripts: st.SearchStrategy[Script]) -> bool:
    """Whether some script shows that the mutant does not hold to `check`."""

    @settings(max_examples=400, derandomize=True, database=None, phases=(Phase.generate,), print_blob=False,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(given_scripts)
    def run(script: Script) -> None:
        check(script, mutant)

    try:
        run()
    except AssertionError:
        return True
    return False


KILLED: list[tuple[type[Replica], Check, st.SearchStrategy[Script]]] = [
    (ForgetsWhatItReplaces, replicas.knowing_edits_win, scripts()),
    (GoesByTheWall, replicas.knowing_edits_win, scripts()),
    (GoesByTheWall, replicas.lose_nothing, scripts()),
    (TiesByArrival, replicas.converge, scripts()),
    (HearsNoClock, replicas.clocks_follow, near()),
    (TakesTheLastForTheSafest, replicas.stay_safe, scripts(fields=("danger", "silent", "withdrawn"))),
    (DropsTheLoser, replicas.lose_nothing, scripts()),
    (ArchivesOverEdits, no_edit_is_put_away, scripts()),
    (EditsReplaceAll, conflicts_stay, scripts()),
]


@pytest.mark.parametrize(
    ("mutant", "check", "given_scripts"), KILLED, ids=[f"{one.__name__}-{check.__name__}" for one, check, _ in KILLED]
)
def test_the_suite_finds_what_is_wrong(
    mutant: type[Replica], check: Check, given_scripts: st.SearchStrategy[Script]
) -> None:
    assert fails(check, mutant, given_scripts)


@pytest.mark.parametrize("check", [no_edit_is_put_away, conflicts_stay])
def test_what_is_right_is_not_found_wrong(check: Check) -> None:
    assert not fails(check, Replica, scripts())
