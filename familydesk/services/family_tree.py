"""A family drawn as a tree: who lives with whom, whose children they are. Recorded ties come before places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from familydesk.records.family_member import FamilyMember, FamilyRole
from familydesk.records.kinship import Kinship, KinshipKind

PARENTS = (KinshipKind.PARENT, KinshipKind.ADOPTER, KinshipKind.STEP_PARENT, KinshipKind.GUARDIAN)
"""The nearest first: a child is drawn under two at most."""
COUPLES = {
    KinshipKind.SPOUSE: True,
    KinshipKind.PARTNER: True,
    KinshipKind.FORMER_SPOUSE: False,
    KinshipKind.FORMER_PARTNER: False,
}
"""Ties of a couple, and whether they are together."""
BY_ROLE = {
    FamilyRole.SPOUSE: KinshipKind.SPOUSE,
    FamilyRole.FORMER_SPOUSE: KinshipKind.FORMER_SPOUSE,
    FamilyRole.COHABITANT: KinshipKind.PARTNER,
}


@dataclass(frozen=True, slots=True)
class Union:
    """One parent or two, and the children drawn under them. `kind` is None where no tie joins the two."""

    parents: tuple[UUID, ...]
    kind: KinshipKind | None
    together: bool
    children: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Tie:
    """What one person is to another, as `kinship` says it."""

    person: UUID
    kind: KinshipKind
    relative: UUID


def unions(members: Iterable[FamilyMember], kinships: Iterable[Kinship]) -> tuple[Union, ...]:
    """The couples and single parents among the members, each with its children, in the order of the ties."""
    ties = list(_ties(list(members), list(kinships)))
    couples = {frozenset((tie.person, tie.relative)): tie.kind for tie in ties if tie.kind in COUPLES}
    children: dict[frozenset[UUID], list[UUID]] = {couple: [] for couple in couples}
    for child, parents in _parents(ties).items():
        children.setdefault(frozenset(parents), []).append(child)
    return tuple(_union(pair, couples.get(pair), theirs) for pair, theirs in children.items())


def _union(pair: frozenset[UUID], kind: KinshipKind | None, children: list[UUID]) -> Union:
    together = COUPLES.get(kind, False) if kind else False
    return Union(tuple(sorted(pair)), kind, together, tuple(children))


def _parents(ties: list[Tie]) -> dict[UUID, tuple[UUID, ...]]:
    found: dict[UUID, dict[UUID, None]] = {}
    for kind in PARENTS:
        for tie in ties:
            if tie.kind is kind:
                found.setdefault(tie.relative, {})[tie.person] = None
    return {child: tuple(parents)[:2] for child, parents in found.items()}


def _ties(members: list[FamilyMember], kinships: list[Kinship]) -> Iterator[Tie]:
    """Recorded ties between members; for a member without any, the tie to the client that her place means."""
    inside = {member.person_id for member in members}
    told = set()
    for kinship in kinships:
        one, other, kind = kinship.person_id, kinship.relative_id, kinship.kind
        if one in inside and other in inside and one and other and isinstance(kind, KinshipKind):
            told |= {one, other}
            yield Tie(one, kind, other)
    client = next((member.person_id for member in members if member.relation is FamilyRole.CLIENT), None)
    for member in members:
        if client and member.person_id and member.person_id not in told | {client}:
            yield from _meant(member, member.person_id, client)


def _meant(member: FamilyMember, person: UUID, client: UUID) -> Iterator[Tie]:
    if member.relation in BY_ROLE:
        yield Tie(client, BY_ROLE[member.relation], person)
    elif member.relation is FamilyRole.CHILD:
        yield Tie(client, KinshipKind.PARENT, person)
    elif member.relation is FamilyRole.PARENT:
        yield Tie(person, KinshipKind.PARENT, client)
