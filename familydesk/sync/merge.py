"""Which of several versions of a field stands, and which of the others a person has to settle.

Pure rules over what is known of one field; no store, no clock of their own. Whoever knows the same versions comes to
the same answer, in whatever order they came. A version that says which ones its writer saw replaces those, whatever any
clock says; what is left is the front. If it has more than one, none of their writers knew of the others, and the
field's merge word picks who stands meanwhile. Nothing is dropped: what does not stand and holds another value is a
conflict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from familydesk.core.fields import Field, Kind, Merge
from familydesk.sync.wire.change import Version

Value = str | int | float | None
"""A value as its column holds it."""
_NOTHING = -(10**12)
"""How much no value protects: less than any day, spelled as a number, counted downwards."""


@dataclass(frozen=True, slots=True)
class Written:
    """One version of a field. `replaces` are the versions that its writer saw or settled, known here or not."""

    version: Version
    value: Value = field(repr=False)
    replaces: frozenset[Version] = frozenset()


@dataclass(frozen=True, slots=True)
class Rule:
    """What of a field the choice between concurrent values asks: its merge word, and what protects more than what.

    `order` are the stored names of a vocabulary, least protective first; `safest` the protective value of a yes/no.
    """

    merge: Merge = Merge.LAST
    order: tuple[str, ...] = ()
    safest: bool | None = None

    @classmethod
    def of(cls, known: Field) -> Rule:
        """That of a sheet's field."""
        order = tuple(known.choices.__members__) if known.choices and known.kind is Kind.CHOICE else ()
        return cls(known.merge, order, known.safest)


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a field: the version that stands, those in the front that hold the same, and the open conflicts.

    All in the order of their versions. Where an edit beats an archiving, what stands is not in the front.
    """

    stands: Written
    same: tuple[Written, ...] = ()
    conflicts: tuple[Written, ...] = ()


def front(versions: Sequence[Written]) -> list[Written]:
    """The versions that none of the others replaces, oldest first.

    Of versions that replace one another in a ring, which no program writes, none was seen by the other's writer.
    """
    ring = _ring(versions)
    replaced = {former for one in versions for former in one.replaces if not {one.version, former} <= ring}
    return sorted((one for one in versions if one.version not in replaced), key=lambda one: one.version)


def _ring(versions: Sequence[Written]) -> Set[Version]:
    """The versions on a ring, or between two of them. No ring is without one that replaces a later version."""
    if not any(former >= one.version for one in versions for former in one.replaces):
        return frozenset()
    before = {one.version: set(one.replaces) for one in versions}
    after: dict[Version, set[Version]] = {version: set() for version in before}
    for version, formers in before.items():
        formers &= before.keys()
        for former in formers:
            after[former].add(version)
    return _bound(before) & _bound(after)


def _bound(edges: Mapping[Version, set[Version]]) -> Set[Version]:
    """Those that are on a ring, or lead to one."""
    sorter = TopologicalSorter(edges)
    with suppress(CycleError):
        sorter.prepare()
    free: set[Version] = set()
    while sorter.is_active():
        ready = sorter.get_ready()
        free.update(ready)
        sorter.done(*ready)
    return edges.keys() - free


def judge(rule: Rule, versions: Sequence[Written]) -> Judged:
    """Who stands among the known versions of one field. There must be at least one."""
    left = front(versions)
    return _judged(max(left, key=lambda one: _weight(rule, one)), left)


def _weight(rule: Rule, one: Written) -> tuple[int, Version]:
    """What stands is what weighs most. GROWS and KEEP_BOTH go by LAST: both are shown, and one has to stand."""
    return _protection(rule, one.value) if rule.merge is Merge.SAFEST else 0, one.version


def _protection(rule: Rule, value: Value) -> int:
    """How much a value protects. A name that this program does not know protects most: a newer one may know why."""
    if rule.safest is not None:
        return 1 if value is None else 2 if bool(value) is rule.safest else 0
    if value is None:
        return _NOTHING
    if rule.order:
        return rule.order.index(str(value)) if value in rule.order else len(rule.order)
    # Of two days on which a consent was withdrawn, the earlier one counts.
    return -int("".join(sign for sign in str(value) if sign.isdecimal()) or 0)


def judge_archived(versions: Sequence[Written], edits: Sequence[Written]) -> Judged:
    """Who stands for the field `archived`; `edits` are the fronts of the other fields of the record.

    An archiving names, beside what it replaces, the newest version of each field that its writer had, and an edit of a
    record that was archived names the archiving. So an edit that knew nothing of it, and of which it knew nothing, is
    told from the others; it wins, and the archiving is a conflict.
    """
    left = front(versions)
    beaten = [one for one in left if one.value and _beaten(one, edits)]
    holding = [one for one in left if one not in beaten] or [_before(versions)]
    return _judged(max(holding, key=lambda one: one.version), left)


def _beaten(archiving: Written, edits: Iterable[Written]) -> bool:
    """Whether somebody wrote into the record meanwhile."""
    return any(edit.version not in archiving.replaces and archiving.version not in edit.replaces for edit in edits)


def _before(versions: Sequence[Written]) -> Written:
    """The newest of all known versions by which the record was not archived: its beginning at the least."""
    return max([one for one in versions if not one.value] or versions, key=lambda one: one.version)


def _judged(stands: Written, left: Sequence[Written]) -> Judged:
    others = [one for one in left if one.version != stands.version]
    same = tuple(one for one in others if one.value == stands.value)
    return Judged(stands, same, tuple(one for one in others if one.value != stands.value))
