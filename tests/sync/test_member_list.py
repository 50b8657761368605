"""The list of members as rows of a store: against whoever edits, takes out, exchanges or plants what stands there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from familydesk.records.staff_member import Role
from familydesk.sync.member_list import MemberList, MemberState, new_among, row_of
from familydesk.sync.wire.fold import fold
from familydesk.sync.wire.statement import Person, Statement
from familydesk.sync.wire.web import authentic

KEYS = [SigningKey(bytes([number + 1]) * 32) for number in range(4)]
PEOPLE = [UUID(int=number + 1) for number in range(4)]
ANCHOR = bytes(KEYS[0].verify_key)

people = st.integers(0, 3)
words = st.tuples(people, people, st.sampled_from([Role.LAWYER, Role.MEDIATOR]), st.sampled_from(MemberState))
"""Who speaks, of whom, and what."""
Spoken = list[tuple[int, int, Role, MemberState]]


def said(
    known: list[Statement], signer: int, who: int, role: Role, state: MemberState = MemberState.ACTIVE
) -> Statement:
    """Behind everything that is known, whether or not it counts."""
    person = Person(PEOPLE[who], b"", role.name, bytes(KEYS[who].verify_key), bytes(32), state.name)
    if not known:
        return Statement(ANCHOR, (), 1, PEOPLE[signer], 0, person).signed(KEYS[signer])
    return fold(known, ANCHOR).next(ANCHOR, PEOPLE[signer], 0, person).signed(KEYS[signer])


def spoken_by(words: Spoken) -> list[Statement]:
    known = [said([], 0, 0, Role.HEAD)]
    for word in words:
        known.append(said(known, *word))
    return known


def rows_of(words: Spoken) -> list[dict[str, Any]]:
    return [row_of(seq, one) for seq, one in enumerate(spoken_by(words), start=1)]


def rights(known: MemberList) -> dict[UUID, Role]:
    """Who may open the store, and as what."""
    found = {account: known.sound(account) for account in PEOPLE}
    return {who: one.role for who, one in found.items() if one and one.state is MemberState.ACTIVE}


@given(st.lists(words, max_size=10))
def test_what_nobody_might_say_is_counted(words: Spoken) -> None:
    refused = sum(signer != 0 for signer, *_word in words)
    assert MemberList.read(rows_of(words), ANCHOR).broken == refused


@given(st.lists(words, min_size=1, max_size=6), st.data())
def test_no_edit_of_any_row_gives_anybody_a_right_that_no_head_gave(words: Spoken, data: st.DataObject) -> None:
    rows = rows_of(words)
    at = data.draw(st.integers(0, len(rows) - 1))
    name = data.draw(st.sampled_from(["id", "account", "content"]))
    other = data.draw(st.sampled_from(sorted({str(row[name]) for row in rows} | {"HEAD", "00" * 32, ""})))
    edited = [dict(row) for row in rows]
    edited[at][name] = other
    known, whole = MemberList.read(edited, ANCHOR), MemberList.read(rows, ANCHOR)
    if name == "account" or other == rows[at][name]:
        # Of whom a sound row speaks, it says itself.
        assert rights(known) == rights(whole)
        return
    spared = MemberList.read([row for place, row in enumerate(rows) if place != at], ANCHOR)
    assert rights(known).items() <= rights(spared).items()
    assert known.broken


@given(st.lists(words, min_size=2, max_size=6), st.data())
def test_rows_taken_out_are_counted_and_rows_exchanged_are_another_list(words: Spoken, data: st.DataObject) -> None:
    rows = rows_of(words)
    whole = MemberList.read(rows, ANCHOR)
    gone = data.draw(st.integers(0, len(rows) - 2))
    assert MemberList.read(rows[:gone] + rows[gone + 1 :], ANCHOR).broken >= max(1, whole.broken)
    one, other = rows[gone], rows[gone + 1]
    exchanged = [*rows[:gone], {**other, "seq": one["seq"]}, {**one, "seq": other["seq"]}, *rows[gone + 2 :]]
    if {one["seq"], other["seq"]} <= whole.places.keys():
        known = MemberList.read(exchanged, ANCHOR)
        assert rights(known) == rights(whole)
        assert known.stated["digest"] != whole.stated["digest"]


def test_a_list_that_another_key_began_names_nobody() -> None:
    assert not MemberList.read(rows_of([]), bytes(KEYS[1].verify_key)).members


def test_the_anchor_speaks_once_and_not_again_when_its_head_has_left() -> None:
    active, disabled = MemberState.ACTIVE, MemberState.DISABLED
    left: Spoken = [(0, 1, Role.HEAD, active), (1, 0, Role.HEAD, disabled), (0, 0, Role.HEAD, active)]
    known = MemberList.read(rows_of(left), ANCHOR)
    assert rights(known) == {PEOPLE[1]: Role.HEAD}


def test_what_the_journal_tells_stands_in_for_a_row_that_is_lost() -> None:
    active = MemberState.ACTIVE
    rows = rows_of([(0, 1, Role.LAWYER, active), (0, 1, Role.MEDIATOR, active), (0, 2, Role.LAWYER, active)])
    whole = MemberList.read(rows, ANCHOR)
    for lost in rows[1:]:
        known = MemberList.read([row for row in rows if row is not lost], ANCHOR, [lost])
        assert (rights(known), known.stated, known.broken) == (rights(whole), whole.stated, 1)
    spoiled = [*rows[:2], {**rows[2], "content": "00"}, rows[3]]
    known = MemberList.read(spoiled, ANCHOR, rows)
    assert (rights(known), known.broken, known.doubtful) == (rights(whole), 1, frozenset())


def test_what_strangers_wrote_is_left_out_before_it_is_read_with_care() -> None:
    spoken = spoken_by([(0, 1, Role.LAWYER, MemberState.ACTIVE)])
    known = MemberList.read([row_of(seq, one) for seq, one in enumerate(spoken, start=1)], ANCHOR)
    word = Person(PEOPLE[2], b"", "HEAD", bytes(KEYS[2].verify_key), bytes(32))
    heap = [Statement(ANCHOR, (bytes([at]) * 32,), 2 + at, PEOPLE[0], at, word).signed(KEYS[2]) for at in range(50)]
    assert authentic([*heap, *spoken], ANCHOR) == spoken
    assert new_among(known, [one.content for one in heap]) == []


def test_a_head_at_that_time_is_told_from_one_today() -> None:
    active = MemberState.ACTIVE
    known = MemberList.read(rows_of([(0, 1, Role.HEAD, active), (0, 1, Role.LAWYER, active)]), ANCHOR)
    bota = PEOPLE[1].hex
    assert [known.led(bota, seq) for seq in (1, 2, 3, None)] == [False, True, False, False]


def test_of_what_came_only_what_belongs_to_the_list_is_kept() -> None:
    spoken = spoken_by([(0, 1, Role.LAWYER, MemberState.ACTIVE), (0, 2, Role.LAWYER, MemberState.ACTIVE)])
    known = MemberList.read([row_of(1, spoken[0])], ANCHOR)
    planted = said(spoken, 3, 3, Role.HEAD)
    claimed = said(spoken, 1, 1, Role.HEAD)
    came = [planted.content, b"no statement", claimed.content, *(one.content for one in reversed(spoken))]
    assert new_among(known, came) == spoken[1:]
