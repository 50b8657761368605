"""The tests of the membership log find what they are there to find: each of these readings does one thing wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import test_membership as suite

from familydesk.sync.wire import fold, view
from familydesk.sync.wire.membership import Listed, Verdict
from familydesk.sync.wire.web import Web

Change = Callable[[pytest.MonkeyPatch], None]


def instead(owner: Any, name: str, other: Any) -> Change:
    return lambda patch: patch.setattr(owner, name, other)


def counts_whatever_is_signed(self: Any, place: int, speaker: Listed) -> bool:
    return bool(self._web.signed(place, speaker.signing_public))


def asks_no_signature(self: Any, place: int, speaker: Listed) -> bool:
    return speaker.active and speaker.leads


def forgets_what_was_overruled(self: Any, place: int, speaker_view: Any) -> Verdict:
    """Judges by the speaker's own view alone: a head whom a removed head made is one."""
    found = ORDINARY(self, place, speaker_view)
    return Verdict.COUNTS if found is Verdict.OVERRULED and self._rests_on_overruled(place) else found


def begins_last(self: Any) -> int:
    return max((place for place, one in enumerate(self.all) if self._begins(one)), key=lambda one: self.all[one].at)


ORDINARY, SENIORITY = fold._Reading._verdict, fold._Reading._since

MUTANTS: dict[str, tuple[Change, Callable[[], None]]] = {
    "what a removed head says counts": (
        instead(fold._Reading, "_undone_by", lambda self, removal: []),
        suite.test_what_a_head_says_who_has_not_seen_that_she_is_none_does_not_count,
    ),
    "the younger one stays": (
        instead(fold._Reading, "_since", lambda self, place: -SENIORITY(self, place)),
        suite.test_of_two_heads_who_remove_each_other_at_once_the_elder_stays,
    ),
    "whoever is made by a removed head is one": (
        instead(fold._Reading, "_verdict", forgets_what_was_overruled),
        suite.test_a_crony_whom_a_removed_head_makes_a_head_afterwards_removes_nobody,
    ),
    "everybody may say everything": (
        instead(fold._Reading, "_may_say", counts_whatever_is_signed),
        suite.test_she_renews_her_own_keys_and_says_nothing_else_of_herself,
    ),
    "nobody has to sign": (
        instead(fold._Reading, "_may_say", asks_no_signature),
        suite.test_nobody_speaks_in_the_name_of_another,
    ),
    "one head makes a third": (
        instead(view, "BOTH", 1),
        suite.test_a_second_head_is_made_by_the_one_there_is_and_a_third_by_both,
    ),
    "the last word holds": (
        instead(Listed, "gives_less_than", lambda self, other: False),
        lambda: [suite.test_of_two_words_at_once_the_one_that_gives_less_holds(first) for first in (0, 1)] and None,
    ),
    "a head puts back the keys that she knew": (
        instead(Listed, "keys", property(lambda self: self)),
        suite.test_new_keys_of_hers_and_a_new_role_at_once_are_both_kept,
    ),
    "any number will do": (
        instead(Web, "in_order", lambda self, place: True),
        suite.test_a_number_out_of_order_is_refused,
    ),
    "the anchor begins as often as it likes": (
        instead(Web, "_beginning", begins_last),
        suite.test_the_anchor_begins_it_once,
    ),
    "blocks are not looked at": (
        instead(fold, "_with_own_blocks", dict),
        suite.test_one_block_given_by_two_heads_at_once_becomes_two,
    ),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_reading_that_does_this_wrong_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    change, check = MUTANTS[name]
    check()
    change(monkeypatch)
    with pytest.raises((AssertionError, KeyError)):
        check()
