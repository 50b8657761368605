"""The membership log: what any set of statements comes to, whoever spoke at once, and whatever was back-dated."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey

from familydesk.sync.wire.fold import fold
from familydesk.sync.wire.membership import Membership, Verdict
from familydesk.sync.wire.statement import ACTIVE, DISABLED, HEAD, Cut, Epoch, Keys, Laptop, Person, Said, Statement

KEYS = [SigningKey(bytes([number + 1]) * 32) for number in range(6)]
PEOPLE = [UUID(int=number + 1) for number in range(6)]
ANCHOR = bytes(KEYS[0].verify_key)
FOUNDER, ANNA, BOTA, DINA, EVA, ZARA = range(6)


def public(who: int) -> bytes:
    return bytes(KEYS[who].verify_key)


def person(who: int, role: str = "LAWYER", state: str = ACTIVE, key: bytes = b"") -> Person:
    return Person(PEOPLE[who], b"login", role, key or public(who), bytes([who]) * 32, state)


FIRST = Statement(ANCHOR, (), 1, PEOPLE[FOUNDER], 0, person(FOUNDER, HEAD)).signed(KEYS[FOUNDER])


@dataclass
class Desk:
    """What one laptop knows. Whoever speaks there answers what counts by that."""

    known: set[Statement] = field(default_factory=lambda: {FIRST})

    def say(self, who: int, *what: Said, key: SigningKey | None = None) -> Desk:
        for said in what:
            bare = fold(self.known, ANCHOR).next(ANCHOR, PEOPLE[who], 0, said)
            self.known.add(bare.signed(key or KEYS[who]))
        return self

    def copy(self) -> Desk:
        return Desk(set(self.known))

    def meets(self, *others: Desk) -> Desk:
        for other in others:
            self.known |= other.known
        return self

    @property
    def log(self) -> Membership:
        return fold(self.known, ANCHOR)


def heads(log: Membership) -> set[int]:
    return {PEOPLE.index(one) for one in log.heads()}


def roles(log: Membership) -> dict[int, tuple[str, str]]:
    return {PEOPLE.index(one.account): (one.role, one.state) for one in log.people.values()}


def two_heads() -> Desk:
    return Desk().say(FOUNDER, person(ANNA, HEAD))


def three_heads() -> Desk:
    return two_heads().say(FOUNDER, person(BOTA, HEAD)).say(ANNA, person(BOTA, HEAD))


# A line of statements


def test_who_holds_the_anchor_begins_the_log_and_nobody_else() -> None:
    assert heads(Desk().log) == {FOUNDER}
    assert not fold({FIRST}, public(ANNA)).people
    other = Statement(ANCHOR, (), 1, PEOPLE[ANNA], 0, person(ANNA, HEAD)).signed(KEYS[ANNA])
    assert fold({other}, ANCHOR).verdicts == {other.id: Verdict.REFUSED}


def test_the_anchor_begins_it_once() -> None:
    crony = Person(PEOPLE[ANNA], b"login", HEAD, ANCHOR, bytes(32))
    desk = Desk().say(FOUNDER, person(BOTA))
    for at in range(8):
        again = Statement(ANCHOR, (), 1, PEOPLE[ANNA], at, crony).signed(KEYS[FOUNDER])
        assert heads(fold({*desk.known, again}, ANCHOR)) == {FOUNDER}


def test_nobody_speaks_in_the_name_of_another() -> None:
    desk = two_heads()
    forged = desk.log.next(ANCHOR, PEOPLE[FOUNDER], 0, person(ZARA, HEAD)).signed(KEYS[ANNA])
    assert fold({*desk.known, forged}, ANCHOR).verdicts[forged.id] is Verdict.REFUSED


words = st.tuples(
    st.integers(0, 3),
    st.integers(0, 3),
    st.sampled_from(["CASE_MANAGER", "LAWYER"]),
    st.sampled_from([ACTIVE, DISABLED]),
)


@given(st.lists(words, max_size=10))
def test_in_a_line_only_who_is_a_head_when_she_speaks_is_heard(spoken: list[tuple[int, int, str, str]]) -> None:
    desk, expected = Desk(), {FOUNDER: (HEAD, ACTIVE)}
    for who, whom, role, state in spoken:
        desk.say(who, person(whom, role, state))
        if who == FOUNDER and whom != FOUNDER:
            expected[whom] = (role, state)
    assert roles(desk.log) == expected


def test_a_second_head_is_made_by_the_one_there_is_and_a_third_by_both() -> None:
    desk = two_heads()
    assert heads(desk.log) == {FOUNDER, ANNA}
    desk.say(FOUNDER, person(BOTA, HEAD))
    assert (heads(desk.log), set(desk.log.waiting)) == ({FOUNDER, ANNA}, {PEOPLE[BOTA]})
    desk.say(FOUNDER, person(BOTA, HEAD))
    assert heads(desk.log) == {FOUNDER, ANNA}
    desk.say(ANNA, person(BOTA, HEAD))
    assert (heads(desk.log), desk.log.waiting) == ({FOUNDER, ANNA, BOTA}, {})


def test_until_both_have_spoken_she_stays_what_she_was() -> None:
    desk = two_heads().say(FOUNDER, person(BOTA)).say(ANNA, person(BOTA, HEAD))
    assert roles(desk.log)[BOTA] == ("LAWYER", ACTIVE)
    assert PEOPLE[DINA] not in desk.say(BOTA, person(DINA)).log.people
    assert roles(desk.say(ANNA, person(BOTA, "MEDIATOR")).log)[BOTA] == ("MEDIATOR", ACTIVE)
    assert not desk.log.waiting


def test_two_heads_may_speak_for_a_third_at_once() -> None:
    one = two_heads()
    other = one.copy().say(ANNA, person(BOTA, HEAD))
    assert heads(one.say(FOUNDER, person(BOTA, HEAD)).meets(other).log) == {FOUNDER, ANNA, BOTA}


def test_another_key_given_to_a_head_takes_two_where_two_others_are() -> None:
    desk = three_heads().say(ANNA, person(BOTA, HEAD, key=public(ZARA)))
    assert desk.log.people[PEOPLE[BOTA]].signing_public == public(BOTA)
    desk.say(FOUNDER, person(BOTA, HEAD, key=public(ZARA)))
    assert desk.log.people[PEOPLE[BOTA]].signing_public == public(ZARA)


def test_she_renews_her_own_keys_and_says_nothing_else_of_herself() -> None:
    desk = Desk().say(FOUNDER, person(ANNA))
    for claim in (person(ANNA, HEAD, key=public(ZARA)), person(ANNA), Laptop(bytes(32), PEOPLE[ANNA], 5)):
        assert desk.copy().say(ANNA, claim).log.people == desk.log.people
    desk.say(ANNA, person(ANNA, key=public(ZARA)), key=KEYS[ANNA])
    assert desk.log.people[PEOPLE[ANNA]].signing_public == public(ZARA)
    assert desk.log.keys[PEOPLE[ANNA]] == {public(ANNA), public(ZARA)}
    desk.say(ANNA, person(ANNA, key=public(EVA)), key=KEYS[ANNA])
    assert desk.log.people[PEOPLE[ANNA]].signing_public == public(ZARA)


def test_who_is_disabled_says_nothing_more() -> None:
    desk = Desk().say(FOUNDER, person(ANNA), person(ANNA, state=DISABLED)).say(ANNA, person(ANNA, key=public(ZARA)))
    assert desk.log.people[PEOPLE[ANNA]].signing_public == public(ANNA)


# At once


def test_two_heads_who_speak_at_once_of_different_people_are_both_heard() -> None:
    one = two_heads()
    other = one.copy().say(ANNA, person(DINA))
    one.say(FOUNDER, person(BOTA)).meets(other)
    assert roles(one.log) == {
        FOUNDER: (HEAD, ACTIVE),
        ANNA: (HEAD, ACTIVE),
        BOTA: ("LAWYER", ACTIVE),
        DINA: ("LAWYER", ACTIVE),
    }
    assert len(one.log.next(ANCHOR, PEOPLE[ANNA], 0, person(EVA)).prev) == 2


@pytest.mark.parametrize("first", [FOUNDER, ANNA])
def test_of_two_words_at_once_the_one_that_gives_less_holds(first: int) -> None:
    one = two_heads().say(FOUNDER, person(BOTA))
    other = one.copy().say(FOUNDER + ANNA - first, person(BOTA, "MEDIATOR"), person(BOTA, "PSYCHOLOGIST"))
    one.say(first, person(BOTA, state=DISABLED)).meets(other)
    assert roles(one.log)[BOTA] == ("LAWYER", DISABLED)


def test_new_keys_of_hers_and_a_new_role_at_once_are_both_kept() -> None:
    one = Desk().say(FOUNDER, person(ANNA))
    other = one.copy().say(ANNA, person(ANNA, key=public(ZARA)))
    one.say(FOUNDER, person(ANNA, "MEDIATOR")).meets(other)
    anna = one.log.people[PEOPLE[ANNA]]
    assert (anna.role, anna.signing_public) == ("MEDIATOR", public(ZARA))


def test_what_a_head_says_who_has_not_seen_that_she_is_none_does_not_count() -> None:
    one = three_heads()
    other = one.copy().say(BOTA, person(DINA), Laptop(bytes(32), PEOPLE[DINA], 7))
    one.say(ANNA, person(BOTA, "LAWYER")).meets(other)
    assert (roles(one.log).get(DINA), one.log.laptops) == (None, {})
    assert {Verdict.OVERRULED} == {one.log.verdicts[late.id] for late in other.known - three_heads().known}
    assert not one.log.missing


def test_what_she_said_before_and_others_had_seen_stays() -> None:
    desk = three_heads().say(BOTA, person(DINA)).say(ANNA, person(BOTA, "LAWYER"))
    assert roles(desk.log)[DINA] == ("LAWYER", ACTIVE)


def test_of_two_heads_who_remove_each_other_at_once_the_elder_stays() -> None:
    one = two_heads()
    other = one.copy().say(ANNA, person(FOUNDER, "LAWYER", DISABLED), person(DINA))
    one.say(FOUNDER, person(ANNA, "LAWYER", DISABLED)).meets(other)
    assert heads(one.log) == {FOUNDER}
    assert DINA not in roles(one.log)


def test_three_heads_who_remove_each_other_in_a_ring_leave_a_head() -> None:
    start = three_heads()
    ring = [start.copy().say(who, person((who + 1) % 3, "LAWYER")) for who in (FOUNDER, ANNA, BOTA)]
    assert heads(start.meets(*ring).log)


def test_a_head_whom_a_younger_one_removed_justly_is_removed() -> None:
    desk = two_heads().say(ANNA, person(FOUNDER, HEAD, DISABLED)).say(FOUNDER, person(DINA))
    assert heads(desk.log) == {ANNA}
    assert DINA not in roles(desk.log)


# A head who was removed, and writes on with any date


@given(st.data())
@settings(max_examples=60)
def test_whatever_a_removed_head_back_dates_changes_nothing_for_the_others(data: st.DataObject) -> None:
    """Bota was made a head by two who are older. She knows every statement, and answers whichever she likes."""
    desk = three_heads().say(BOTA, person(DINA), Laptop(bytes([3]) * 32, PEOPLE[DINA], 2))
    desk.say(FOUNDER, person(BOTA, "LAWYER", DISABLED)).say(ANNA, person(EVA))
    before, known = desk.log, sorted(desk.known, key=lambda one: one.seq)
    for _turn in range(data.draw(st.integers(1, 4))):
        seen = {one for one in known if data.draw(st.booleans())} | {FIRST}
        whom = data.draw(st.sampled_from([FOUNDER, ANNA, BOTA, DINA, EVA, ZARA]))
        what: Said = data.draw(
            st.sampled_from(
                [
                    person(whom, HEAD),
                    person(whom, "LAWYER", DISABLED),
                    person(whom, HEAD, key=public(ZARA)),
                    Laptop(bytes([9]) * 32, PEOPLE[ZARA], 9),
                    Cut(Laptop(bytes([3]) * 32, PEOPLE[DINA], 2).id, 0, bytes(32)),
                ]
            )
        )
        speaker = data.draw(st.sampled_from([BOTA, ZARA]))
        prev = tuple(sorted(one.id for one in seen))
        late = Statement(ANCHOR, prev, 1 + max(one.seq for one in seen), PEOPLE[speaker], 0, what).signed(KEYS[speaker])
        known.append(late)
    after = fold(known, ANCHOR)
    places = [
        {account: (one.role, one.state, one.keys) for account, one in log.people.items()} for log in (before, after)
    ]
    assert places[0] == places[1]
    assert (after.laptops, after.cuts) == (before.laptops, before.cuts)


def test_a_crony_whom_a_removed_head_makes_a_head_afterwards_removes_nobody() -> None:
    desk = two_heads()
    behind = desk.copy()
    desk.say(FOUNDER, person(ANNA, "LAWYER", DISABLED))
    behind.say(ANNA, person(FOUNDER, "LAWYER")).say(ANNA, person(ZARA, HEAD)).say(ZARA, person(FOUNDER, "LAWYER"))
    assert heads(desk.meets(behind).log) == {FOUNDER}


# Any set, any order

steps = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(0, 3),
        st.one_of(
            st.builds(
                person,
                st.integers(0, 4),
                st.sampled_from([HEAD, "LAWYER"]),
                st.sampled_from([ACTIVE, ACTIVE, DISABLED]),
            ),
            st.builds(
                lambda who, block: Laptop(bytes([who]) * 32, PEOPLE[who], block), st.integers(0, 4), st.integers(1, 3)
            ),
            st.builds(
                lambda who, seq: Cut(Laptop(bytes([who]) * 32, PEOPLE[who], 1).id, seq, bytes(32)),
                st.integers(0, 4),
                st.integers(0, 3),
            ),
            st.integers(0, 2),
        ),
    ),
    max_size=14,
)


def played(script: list[tuple[int, int, Said | int]]) -> list[Desk]:
    """Three laptops on which people speak, now and then meeting each other."""
    desks = [three_heads() for _ in range(3)]
    for desk, who, what in script:
        if isinstance(what, int):
            desks[desk].meets(desks[what])
        else:
            desks[desk].say(who, what)
    return desks


@given(steps, st.randoms(use_true_random=False))
@settings(max_examples=80)
def test_the_same_statements_come_to_the_same_in_whatever_order(
    script: list[tuple[int, int, Said | int]], chance: object
) -> None:
    desks = played(script)
    everything = [one for desk in desks for one in desk.known]
    first = fold(everything, ANCHOR)
    chance.shuffle(everything)  # type: ignore[attr-defined]
    assert fold(everything + everything[:3], ANCHOR) == first


@given(steps)
@settings(max_examples=80)
def test_whatever_heads_do_to_each_other_there_is_one_at_the_end(script: list[tuple[int, int, Said | int]]) -> None:
    desks = played(script)
    assert heads(desks[0].meets(*desks).log)


@given(steps, st.data())
@settings(max_examples=60)
def test_part_of_the_log_either_says_the_same_or_says_what_is_missing(
    script: list[tuple[int, int, Said | int]], data: st.DataObject
) -> None:
    whole = played(script)[0]
    gone = data.draw(st.sampled_from(sorted(one.id for one in whole.known)))
    part = fold((one for one in whole.known if one.id != gone), ANCHOR)
    named = any(gone in one.prev for one in whole.known if whole.log.holds(one.id) and part.holds(one.id))
    assert (gone in part.missing) == named
    rest = fold((one for one in part.statements), ANCHOR)
    assert fold((*rest.statements, *whole.known), ANCHOR) == whole.log


def test_a_statement_that_is_missing_harms_only_itself() -> None:
    desk = Desk().say(FOUNDER, person(ANNA), person(BOTA), person(DINA), person(ANNA, "MEDIATOR"))
    gone = next(one for one in desk.known if isinstance(one.said, Person) and one.said.account == PEOPLE[BOTA])
    part = fold(desk.known - {gone}, ANCHOR)
    assert roles(part) == {who: word for who, word in roles(desk.log).items() if who != BOTA}
    assert part.missing == {gone.id}


def test_a_number_out_of_order_is_refused() -> None:
    late = Statement(ANCHOR, (FIRST.id,), 9, PEOPLE[FOUNDER], 0, person(ANNA)).signed(KEYS[FOUNDER])
    assert fold({FIRST, late}, ANCHOR).verdicts[late.id] is Verdict.REFUSED


# Laptops

LAPTOP = Laptop(bytes([7]) * 32, PEOPLE[ANNA], 2)


def test_a_laptop_counts_when_a_head_has_vouched_for_it_and_up_to_where_it_was_cut_off() -> None:
    desk = Desk()
    assert desk.log.accepts(LAPTOP.id, 1, bytes(32)) is None
    desk.say(FOUNDER, person(ANNA), LAPTOP)
    assert desk.log.accepts(LAPTOP.id, 9, bytes(32)) is True
    desk.say(FOUNDER, Cut(LAPTOP.id, 4, b"h" * 32), LAPTOP)
    accepted = [
        desk.log.accepts(LAPTOP.id, seq, hash)
        for seq, hash in ((3, b"x" * 32), (4, b"h" * 32), (4, b"x" * 32), (5, b"h" * 32))
    ]
    assert accepted == [True, True, False, False]


@given(st.permutations([Cut(LAPTOP.id, seq, bytes([seq]) * 32) for seq in (2, 5, 3)]))
def test_laptops_cut_off_by_several_at_once_end_in_one_place(cuts: list[Cut]) -> None:
    start = three_heads().say(FOUNDER, LAPTOP)
    desks = [start.copy().say(who, cut) for who, cut in zip((FOUNDER, ANNA, BOTA), cuts, strict=True)]
    log = desks[0].meets(*desks).log
    assert [log.accepts(LAPTOP.id, seq, bytes([seq]) * 32) for seq in (2, 3, 5, 6)] == [True, True, True, False]


def test_a_laptop_that_is_vouched_for_again_changes_hands_and_keeps_its_block() -> None:
    desk = Desk().say(FOUNDER, LAPTOP, Laptop(LAPTOP.public, PEOPLE[FOUNDER], 9))
    assert (desk.log.laptops[LAPTOP.id].account, desk.log.laptops[LAPTOP.id].block) == (PEOPLE[FOUNDER], 2)


def test_one_block_given_by_two_heads_at_once_becomes_two() -> None:
    one = two_heads().say(FOUNDER, LAPTOP)
    other = one.copy().say(ANNA, Laptop(bytes([9]) * 32, PEOPLE[ANNA], one.log.free_block()))
    one.say(FOUNDER, Laptop(bytes([8]) * 32, PEOPLE[FOUNDER], one.log.free_block())).meets(other)
    assert sorted(laptop.block for laptop in one.log.laptops.values()) == [2, 3, 103]
    assert one.log.free_block() == 4


# Epochs


def epoch(number: int, *whom: int) -> Epoch:
    return Epoch(number, tuple((PEOPLE[who], b"sealed") for who in whom), b"paper")


def test_an_epoch_is_due_when_somebody_who_left_holds_the_newest_key() -> None:
    desk = Desk().say(FOUNDER, person(ANNA), epoch(1, FOUNDER, ANNA))
    assert not desk.log.epoch_due
    desk.say(FOUNDER, person(ANNA, state=DISABLED))
    assert desk.log.epoch_due
    desk.say(FOUNDER, epoch(desk.log.next_epoch(), FOUNDER))
    assert (desk.log.epoch_due, desk.log.epoch > 1) == (False, True)


def test_epochs_made_at_once_by_two_who_each_disable_somebody_leave_one_due() -> None:
    one = two_heads().say(FOUNDER, person(BOTA), person(DINA), epoch(1, FOUNDER, ANNA, BOTA, DINA))
    other = one.copy().say(ANNA, person(DINA, state=DISABLED), epoch(one.log.next_epoch(), FOUNDER, ANNA, BOTA))
    one.say(FOUNDER, person(BOTA, state=DISABLED), epoch(one.log.next_epoch(), FOUNDER, ANNA, DINA)).meets(other)
    assert one.log.epoch_due
    assert len(one.log.epochs) == 3


def test_who_came_later_or_has_new_keys_lacks_the_keys_that_were_not_sealed_to_them() -> None:
    desk = Desk().say(FOUNDER, epoch(1, FOUNDER), person(ANNA))
    assert (desk.log.lacking(PEOPLE[FOUNDER]), desk.log.lacking(PEOPLE[ANNA])) == (frozenset(), {1})
    desk.say(FOUNDER, Keys(PEOPLE[ANNA], ((1, b"sealed"),)))
    assert not desk.log.lacking(PEOPLE[ANNA])
    anew = Person(PEOPLE[ANNA], b"login", "LAWYER", public(ZARA), b"n" * 32)
    assert desk.say(ANNA, anew).log.lacking(PEOPLE[ANNA]) == {1}
    assert not desk.say(ANNA, Keys(PEOPLE[ANNA], ((1, b"sealed"),)), key=KEYS[ZARA]).log.lacking(PEOPLE[ANNA])
