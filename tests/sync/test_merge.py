"""The rules of the merge, over laptops that lose, double and shuffle what they tell each other, with clocks off by
years.
"""

from __future__ import annotations

import pytest
import replicas
from hypothesis import given, settings
from replicas import ARCHIVED, Replica, Script, near, scripts

from familydesk.core.fields import Merge
from familydesk.records import SHEETS
from familydesk.sync.merge import Rule, Written, judge, judge_archived
from familydesk.sync.wire.change import Version

many = settings(max_examples=300)
A, B = b"a" * 16, b"b" * 16


def written(clock: int, value: object, *replaces: Version, device: bytes = A) -> Written:
    return Written(Version(clock, device), value, frozenset(replaces))  # type: ignore[arg-type]


@many
@given(scripts())
def test_laptops_that_heard_the_same_hold_the_same(script: Script) -> None:
    replicas.converge(script)


@many
@given(scripts())
def test_no_value_vanishes_that_nobody_has_knowingly_replaced(script: Script) -> None:
    replicas.lose_nothing(script)


@many
@given(scripts())
def test_who_has_seen_everything_decides_whatever_the_clocks_say(script: Script) -> None:
    replicas.knowing_edits_win(script)


@many
@given(scripts())
def test_of_concurrent_values_the_safest_stands(script: Script) -> None:
    replicas.stay_safe(script)


@many
@given(near())
def test_stamps_grow_and_follow_what_was_heard(script: Script) -> None:
    replicas.clocks_follow(script)


@settings(max_examples=100)
@given(scripts())
def test_what_comes_twice_changes_nothing(script: Script) -> None:
    everyone = replicas.played(script)
    replicas.met(everyone, script.seed)
    before = everyone[0].state()
    replicas.met(everyone, script.seed + 1)
    assert everyone[0].state() == before


def test_equal_clocks_are_told_apart_by_the_laptop() -> None:
    one, other = written(5, "Аида", device=A), written(5, "Дана", device=B)
    for known in ([one, other], [other, one]):
        judged = judge(Rule(), known)
        assert (judged.stands, judged.conflicts) == (other, (one,))


def test_two_who_wrote_the_same_are_in_no_conflict() -> None:
    judged = judge(Rule(), [written(5, "Аида"), written(6, "Аида", device=B)])
    assert not judged.conflicts
    assert len(judged.same) == 1


def test_an_unknown_word_of_a_newer_program_counts_as_the_safest() -> None:
    rule = Rule(Merge.SAFEST, ("LOW", "HIGH"))
    assert judge(rule, [written(1, "LETHAL"), written(2, "HIGH", device=B)]).stands.value == "LETHAL"


@pytest.mark.parametrize(
    ("safest", "values", "stands"), [(True, (0, 1), 1), (False, (1, 0), 0), (True, (0, None), None)]
)
def test_a_yes_or_no_goes_to_the_protective_side(safest: bool, values: tuple[object, object], stands: object) -> None:
    known = [written(1, values[0]), written(2, values[1], device=B)]
    assert judge(Rule(Merge.SAFEST, safest=safest), known).stands.value == stands


def test_an_edit_beats_an_archiving_that_knew_nothing_of_it_and_the_archiving_is_a_conflict() -> None:
    begun = written(0, 0)
    away = written(9, 1, begun.version)
    edit = written(5, "Дана", Version(0, A), device=B)
    judged = judge_archived([begun, away], [edit])
    assert (judged.stands, judged.conflicts) == (begun, (away,))


def test_an_archiving_that_had_seen_the_edit_stands() -> None:
    begun, edit = written(0, 0), written(5, "Дана", device=B)
    away = written(9, 1, begun.version, edit.version)
    assert judge_archived([begun, away], [edit]).stands == away


def test_an_edit_of_a_record_that_is_known_to_be_put_away_does_not_bring_it_back() -> None:
    begun = written(0, 0)
    away = written(9, 1, begun.version)
    assert judge_archived([begun, away], [written(10, "Дана", away.version, device=B)]).stands == away


def test_every_safe_word_of_the_sheets_can_be_weighed() -> None:
    for sheet in SHEETS:
        for known in sheet.fields():
            if known.merge is Merge.SAFEST:
                rule = Rule.of(known)
                values = (
                    [*rule.order, None] if rule.order else [0, 1, None] if rule.safest is not None else ["1850-01-02"]
                )
                assert judge(rule, [written(at, value) for at, value in enumerate(values)]).stands.value is not None


def test_a_laptop_archives_and_another_writes_meanwhile() -> None:
    here, there = Replica(1), Replica(2)
    here.write(ARCHIVED, 1)
    there.write("name", "Дана")
    replicas.met([here, there], 1)
    for one in (here, there):
        assert one.judged(ARCHIVED).stands.value == 0
        assert len(one.judged(ARCHIVED).conflicts) == 1
    here.settle(ARCHIVED, 1)
    replicas.met([here, there], 2)
    assert [one.judged(ARCHIVED).stands.value for one in (here, there)] == [1, 1]
    assert there.judged(ARCHIVED).conflicts == ()


def test_a_ring_of_versions_replaces_nothing_within_itself_and_what_it_replaces_is_replaced() -> None:
    first, second, third = Version(1, A), Version(2, A), Version(3, A)
    ring = [written(2, "b", first, third), written(3, "c", second)]
    judged = judge(Rule(), [written(1, "a"), *ring])
    assert (judged.stands.value, [one.value for one in judged.conflicts]) == ("c", ["b"])
    settled = judge(Rule(), [written(1, "a"), *ring, written(4, "d", second, third)])
    assert (settled.stands.value, settled.conflicts) == ("d", ())
