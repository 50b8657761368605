"""Where everybody stands in a family tree: generations as rows, couples side by side, children under their parents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from familydesk.records.family_member import FamilyRole
from familydesk.records.person import Sex

if TYPE_CHECKING:
    from familydesk.services.family_page import Member
    from familydesk.services.family_tree import Union

GENERATION = {
    FamilyRole.GRANDPARENT: -2,
    FamilyRole.PARENT: -1,
    FamilyRole.PARENT_IN_LAW: -1,
    FamilyRole.GUARDIAN: -1,
    FamilyRole.CHILD: 1,
    FamilyRole.CHILD_IN_LAW: 1,
    FamilyRole.GRANDCHILD: 2,
}
"""Rows of those whom no tie places, seen from the client's."""
ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Standing:
    """Columns (a person a column, halves where they stand between) and rows, both from 0, by person."""

    columns: dict[UUID, float]
    rows: dict[UUID, int]

    @property
    def width(self) -> float:
        """How many columns."""
        return max(self.columns.values(), default=0.0) + 1

    @property
    def height(self) -> int:
        """How many rows."""
        return max(self.rows.values(), default=0) + 1


def stand(members: Sequence[Member], unions: Sequence[Union]) -> Standing:
    """Everybody's place. Terminates whatever the ties say, even if somebody is her own ancestor."""
    people = {member.person_id: member for member in members}
    unions = [union for union in unions if all(one in people for one in (*union.parents, *union.children))]
    rows = _rows(members, unions)
    orders = _orders(people, unions, rows)
    columns = {one: float(at) for row in orders for at, one in enumerate(row)}
    for _ in range(ROUNDS):
        for row in orders:
            _settle(row, columns, _wishes(row, columns, unions))
        for row in reversed(orders):
            _settle(row, columns, _wishes(row, columns, unions, upward=True))
    left = min(columns.values(), default=0.0)
    return Standing({one: at - left for one, at in columns.items()}, rows)


def _rows(members: Sequence[Member], unions: Sequence[Union]) -> dict[UUID, int]:
    rows = {one.person_id: GENERATION.get(one.place, 0) if one.place else 0 for one in members}
    for _ in range(len(rows)):
        before = dict(rows)
        for union in unions:
            parents = max(rows[one] for one in union.parents)
            rows.update(dict.fromkeys(union.parents, parents))
            rows.update({child: parents + 1 for child in union.children})
        if rows == before:
            break
    used = sorted(set(rows.values()))
    return {one: used.index(row) for one, row in rows.items()}


def _orders(people: dict[UUID, Member], unions: Sequence[Union], rows: dict[UUID, int]) -> list[list[UUID]]:
    orders: list[list[UUID]] = [[] for _ in range(max(rows.values(), default=-1) + 1)]
    for number, order in enumerate(orders):
        children = (child for union in unions for child in _by_age(union.children, people))
        wanted = [one for one in dict.fromkeys([*children, *people]) if rows[one] == number]
        for one in wanted:
            if one not in order:
                order.append(one)
                _bring_partners(one, order, people, [union for union in unions if _level(union, rows)])
    return orders


def _level(union: Union, rows: dict[UUID, int]) -> bool:
    """Whether the two stand in one row: ties that contradict each other may have put them into two."""
    return len({rows[one] for one in union.parents}) == 1


def _bring_partners(one: UUID, order: list[UUID], people: dict[UUID, Member], unions: Sequence[Union]) -> None:
    partners = [other for union in unions if one in union.parents for other in union.parents if other != one]
    for partner in partners:
        if partner not in order:
            # As genograms have it, the man stands at the left.
            left = people[partner].sex is Sex.MALE and partner is partners[0]
            order.insert(order.index(one) + (0 if left else 1), partner)


def _by_age(children: Iterable[UUID], people: dict[UUID, Member]) -> list[UUID]:
    known = list(children)
    return sorted(known, key=lambda one: (people[one].born_on is None, people[one].born_on or 0, known.index(one)))


def _wishes(
    row: Sequence[UUID], columns: dict[UUID, float], unions: Sequence[Union], upward: bool = False
) -> dict[UUID, float]:
    """Where people of a row would like to stand: children centred under parents, or parents over children."""
    wishes: dict[UUID, float] = {}
    for union in unions:
        group, others = (union.parents, union.children) if upward else (union.children, union.parents)
        mine = [one for one in group if one in row]
        if mine and others:
            centre = sum(columns[one] for one in others) / len(others)
            now = sum(columns[one] for one in mine) / len(mine)
            wishes.update({one: columns[one] + centre - now for one in mine})
    return wishes


def _settle(row: Sequence[UUID], columns: dict[UUID, float], wishes: dict[UUID, float]) -> None:
    """Everyone as near to her wish as the order and one column's distance allow."""
    if not row:
        return
    wanted = [wishes.get(one, columns[one]) for one in row]
    from_left, from_right = list(wanted), list(wanted)
    for at in range(1, len(row)):
        from_left[at] = max(from_left[at], from_left[at - 1] + 1)
    for at in range(len(row) - 2, -1, -1):
        from_right[at] = min(from_right[at], from_right[at + 1] - 1)
    columns.update({one: (from_left[at] + from_right[at]) / 2 for at, one in enumerate(row)})
