"""The version of a report that leaves the center: small figures are hidden, so that nobody in them can be recognised.

A figure of 1 to 4 is hidden. Others are hidden beside it until no reader can tell, from the figures that remain and
from the sums between them, more of a small figure than that it is small. A nought stays, and so does every larger
figure that gives nothing away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from familydesk.core.i18n import N_
from familydesk.reports.figure import HIDDEN, Cell, Figure, Hidden, Share, not_shown
from familydesk.reports.month import Report
from familydesk.reports.readers import Equation, combined, ranges
from familydesk.reports.table import Relation, Table

SMALLEST_SHOWN = 5
WIDTH = SMALLEST_SHOWN - 2
"""How wide the range must stay in which a reader knows a small figure to lie: as wide as from 1 to 4."""

OF_FEW = N_("Not named: few records")
WHAT_THE_MARK_MEANS = N_("* This figure is not shown: it is below 5, or it would let a figure below 5 be worked out.")


def for_others(report: Report) -> Report:
    """The report as it may leave the center: no small figure, no record behind any."""
    hidden = hidden_figures(
        (figure for table in report.tables() for cell in table.cells() for figure in figures_of(cell)),
        (
            relation
            for section in report.sections
            for relation in (*section.relations, *(more for table in section.tables for more in table.relations))
        ),
    )

    def shown(cell: Cell) -> Cell:
        if isinstance(cell, Share):
            return Share(_shown(cell.part, hidden), _shown(cell.whole, hidden))
        return _shown(cell, hidden)

    sections = tuple(
        replace(
            section, tables=tuple(_marked(_unnamed(table.changed(shown))) for table in section.tables), relations=()
        )
        for section in report.sections
    )
    return replace(report, sections=sections, shared=True)


def figures_of(cell: Cell) -> Iterator[Figure]:
    """The figures that a cell gives away; a share gives away both of its own."""
    for part in (cell.part, cell.whole) if isinstance(cell, Share) else (cell,):
        if isinstance(part, Figure):
            yield part


def _shown(cell: Figure | Hidden, hidden: set[Figure]) -> Figure | Hidden:
    if isinstance(cell, Hidden) or cell in hidden:
        return HIDDEN
    return replace(cell, ids=None)


def _unnamed(table: Table) -> Table:
    """The table without what somebody wrote of a few: it may hold a name."""
    rows = tuple(
        replace(row, label=OF_FEW) if row.written and any(map(not_shown, row.cells)) else row for row in table.rows
    )
    return replace(table, rows=rows)


def _marked(table: Table) -> Table:
    """The table with the mark explained, where it stands."""
    marked = any(map(not_shown, table.cells()))
    return replace(table, notes=(*table.notes, WHAT_THE_MARK_MEANS)) if marked else table


def hidden_figures(shown: Iterable[Figure], relations: Iterable[Relation]) -> set[Figure]:
    """The figures to hide. Figures that count the same records are one figure, in whichever table they stand."""
    published = set(shown)
    hidden = {figure for figure in published if _small(figure)}
    for together in _parted(relations):
        hidden |= _Suppression(published, together).run()
    return hidden


def _parted(relations: Iterable[Relation]) -> list[list[Relation]]:
    """Relations in groups that have no figure in common: what is hidden in one tells nothing about another."""
    groups: list[tuple[set[Figure], list[Relation]]] = []
    for relation in relations:
        figures = {figure for figure in _all(relation) if figure.count}
        apart = [group for group in groups if figures.isdisjoint(group[0])]
        joined = [group for group in groups if not figures.isdisjoint(group[0])]
        for more, _ in joined:
            figures |= more
        groups = [*apart, (figures, [*(one for _, those in joined for one in those), relation])]
    return [those for _, those in groups]


class _Suppression:
    """Relations that hang together. Figures are told by their numbers: smallest first, equals in the tables' order."""

    def __init__(self, shown: set[Figure], relations: list[Relation]) -> None:
        in_sums = dict.fromkeys(figure for relation in relations for figure in _all(relation))
        self.figures = sorted(in_sums, key=lambda figure: figure.count)
        self.counts = [figure.count for figure in self.figures]
        number = {figure: place for place, figure in enumerate(self.figures)}
        self.sums = [factors for relation in relations if (factors := _factors(relation, number))]
        self.near: dict[int, set[int]] = {}
        for factors in self.sums:
            for place in factors:
                self.near.setdefault(place, set()).update(factors)
        self.small = {place for place, figure in enumerate(self.figures) if _small(figure)}
        self.unseen = {place for place, figure in enumerate(self.figures) if figure not in shown}
        self.hidden = self.small - self.unseen

    def run(self) -> set[Figure]:
        """Hide more until nothing small is given away. Each round hides a figure, or is the last."""
        while exposed := self.exposed():
            more = {best for place in exposed if (best := self.beside(place)) is not None}
            if not more:
                break
            self.hidden |= more
        self.show_what_may_be_shown()
        return {self.figures[place] for place in self.hidden}

    def show_what_may_be_shown(self) -> None:
        """Several figures hidden in one round may have been more than was needed: the largest come back first."""
        if self.exposed():
            return
        for place in sorted(self.hidden - self.small, reverse=True):
            self.hidden.remove(place)
            if self.exposed():
                self.hidden.add(place)

    def exposed(self) -> list[int]:
        """Small figures that a reader can work out, or nearly."""
        unknown = self.hidden | self.unseen
        equations = [equation for factors in self.sums if (equation := self.equation(factors, unknown)).unknown]
        least = {place: int(place in self.hidden) for place in unknown}
        spans = ranges([*equations, *combined(equations)], least)
        return [place for place in sorted(self.small) if spans[place][1] - spans[place][0] < WIDTH]

    def equation(self, factors: Mapping[int, int], unknown: set[int]) -> Equation:
        """The sum as the reader sees it."""
        known = sum(factor * self.counts[place] for place, factor in factors.items() if place not in unknown)
        return Equation(tuple((place, factor) for place, factor in factors.items() if place in unknown), known)

    def beside(self, exposed: int) -> int | None:
        """The smallest shown figure in a sum with the exposed one, or with an unknown one of its sums, and so on."""
        unknown = self.hidden | self.unseen
        seen, edge = {exposed}, [exposed]
        while edge:
            near = {other for place in edge for other in self.near.get(place, ())} - seen
            candidates = [place for place in near if self.counts[place] and place not in unknown]
            if candidates:
                return min(candidates)
            seen |= near
            edge = [place for place in near if place in unknown]
        return None


def _factors(relation: Relation, number: Mapping[Figure, int]) -> dict[int, int]:
    """The relation as a sum that is nought: a figure on both sides falls out."""
    factors: dict[int, int] = {}
    for side, sign in ((relation.left, 1), (relation.right, -1)):
        for figure in side:
            factors[number[figure]] = factors.get(number[figure], 0) + sign
    return {place: factor for place, factor in factors.items() if factor}


def _small(figure: Figure) -> bool:
    return 0 < figure.count < SMALLEST_SHOWN


def _all(relation: Relation) -> tuple[Figure, ...]:
    return (*relation.left, *relation.right)
