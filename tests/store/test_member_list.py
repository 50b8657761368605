"""The list of members, against a plain model of it, and against whoever rewrites what stands in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from familydesk.records.staff_member import Role
from familydesk.store.member_list import Member, MemberList, MemberState

KEYS = [SigningKey(bytes([number + 1]) * 32) for number in range(4)]
PEOPLE = [UUID(int=number + 1) for number in range(4)]
ANCHOR = bytes(KEYS[0].verify_key)
WHEN = datetime(2026, 11, 2, 10, tzinfo=UTC)

people = st.integers(0, 3)
words = st.tuples(people, people, st.sampled_from([Role.HEAD, Role.LAWYER]), st.sampled_from(MemberState))
"""Who speaks, of whom, and what."""


def said(seq: int, signer: int, who: int, role: Role, state: MemberState) -> Member:
    bare = Member(
        account=PEOPLE[who],
        login=f"p{who}",
        role=role,
        signing_public=bytes(KEYS[who].verify_key),
        sealing_public=bytes(32),
        state=state,
        added_by=PEOPLE[signer],
        at=WHEN,
        seq=seq,
    )
    return bare.signed(KEYS[signer], ANCHOR)


FIRST = said(1, 0, 0, Role.HEAD, MemberState.ACTIVE)


def rows_of(spoken: list[tuple[int, int, Role, MemberState]]) -> list[dict[str, Any]]:
    return [FIRST.row(), *(said(seq, *word).row() for seq, word in enumerate(spoken, start=2))]


def rights(known: MemberList) -> dict[UUID, Role]:
    """Who may open the store, and as what."""
    found = {account: known.sound(account) for account in PEOPLE}
    return {who: one.role for who, one in found.items() if one and one.state is MemberState.ACTIVE}


@given(st.lists(words, max_size=12))
def test_only_who_is_an_active_head_when_she_speaks_is_heard(spoken: list[tuple[int, int, Role, MemberState]]) -> None:
    state = {0: (Role.HEAD, MemberState.ACTIVE)}
    refused = 0
    for signer, who, role, standing in spoken:
        if state.get(signer) == (Role.HEAD, MemberState.ACTIVE):
            state[who] = (role, standing)
        else:
            refused += 1
    known = MemberList.read(rows_of(spoken), ANCHOR)
    assert {PEOPLE.index(one): (member.role, member.state) for one, member in known.members.items()} == state
    assert known.broken == refused


@given(st.lists(words, min_size=1, max_size=6), st.data())
def test_no_edit_of_any_row_gives_anybody_a_right_that_no_head_gave(
    spoken: list[tuple[int, int, Role, MemberState]], data: st.DataObject
) -> None:
    rows = rows_of(spoken)
    at = data.draw(st.integers(0, len(rows) - 1))
    field = data.draw(st.sampled_from([name for name in rows[at] if name != "seq"]))
    other = data.draw(st.sampled_from(sorted({str(row[field]) for row in rows} | {"HEAD", "ACTIVE", "00" * 32, ""})))
    edited = [dict(row) for row in rows]
    edited[at][field] = other
    known = MemberList.read(edited, ANCHOR)
    if other == rows[at][field]:
        assert known == MemberList.read(rows, ANCHOR)
        return
    spared = MemberList.read([row for place, row in enumerate(rows) if place != at], ANCHOR)
    assert rights(known).items() <= rights(spared).items()
    assert known.broken


@given(st.lists(words, min_size=2, max_size=6), st.data())
def test_rows_taken_out_or_exchanged_are_counted(
    spoken: list[tuple[int, int, Role, MemberState]], data: st.DataObject
) -> None:
    rows = rows_of(spoken)
    whole = MemberList.read(rows, ANCHOR).broken
    gone = data.draw(st.integers(0, len(rows) - 2))
    assert MemberList.read(rows[:gone] + rows[gone + 1 :], ANCHOR).broken >= max(1, whole)
    one, other = rows[gone], rows[gone + 1]
    exchanged = [*rows[:gone], {**other, "seq": one["seq"]}, {**one, "seq": other["seq"]}, *rows[gone + 2 :]]
    assert MemberList.read(exchanged, ANCHOR).broken >= 2


def test_a_list_that_another_key_began_names_nobody() -> None:
    assert not MemberList.read([FIRST.row()], bytes(KEYS[1].verify_key)).members


def test_the_anchor_speaks_once_and_not_again_when_its_head_has_left() -> None:
    left = [
        said(2, 0, 1, Role.HEAD, MemberState.ACTIVE),
        said(3, 1, 0, Role.HEAD, MemberState.DISABLED),
        said(4, 0, 0, Role.HEAD, MemberState.ACTIVE),
    ]
    known = MemberList.read([FIRST.row(), *(one.row() for one in left)], ANCHOR)
    assert rights(known) == {PEOPLE[1]: Role.HEAD}


def test_a_signature_of_one_place_does_not_hold_in_another() -> None:
    moved = replace(said(2, 0, 1, Role.HEAD, MemberState.ACTIVE), seq=3)
    assert not rights(MemberList.read([FIRST.row(), moved.row()], ANCHOR)).get(PEOPLE[1])
