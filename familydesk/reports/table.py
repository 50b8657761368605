"""Tables of figures, and what holds between them."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from familydesk.core.i18n import N_
from familydesk.reports.figure import Cell, Figure

TOTAL = N_("Total")
TOTAL_NAME = "TOTAL"
NOT_RECORDED = N_("Not recorded")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a marked label, its cells, and the NAME by which programs know it. A `total` row is set strong.

    The label of a `written` row is what somebody typed, and no word of the program.
    """

    label: str
    cells: tuple[Cell, ...]
    total: bool = False
    name: str = ""
    written: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """Figures of which one side sums to the other, whether they are shown or not."""

    left: tuple[Figure, ...]
    right: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A titled grid. `name` is its key in files, `names` are those of its columns; labels, titles and notes are marked
    sentences.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    relations: tuple[Relation, ...] = field(default=(), repr=False)
    stub: str = ""
    """What stands above the labels of the rows."""
    names: tuple[str, ...] = ()

    def cells(self) -> Iterator[Cell]:
        """Every cell, row by row."""
        for row in self.rows:
            yield from row.cells

    def changed(self, change: Callable[[Cell], Cell]) -> Table:
        """The table with every cell changed, and without the relations that held before."""
        rows = tuple(replace(row, cells=tuple(map(change, row.cells))) for row in self.rows)
        return replace(self, rows=rows, relations=())


Key = Any
Counted = dict[Key, set[str]]


def labelled(vocabulary: type[enum.Enum]) -> list[tuple[Key, str]]:
    """The NAMES of a vocabulary with their labels, and a place for records that lack one."""
    return [(member.name, str(member.value)) for member in vocabulary] + [(None, NOT_RECORDED)]


def known_only(vocabulary: type[enum.Enum]) -> list[tuple[Key, str]]:
    """As `labelled`, for a field that cannot be empty."""
    return labelled(vocabulary)[:-1]


def group(pairs: Iterable[tuple[Key, str]]) -> Counted:
    """Ids by key."""
    counted: Counted = {}
    for key, id in pairs:
        counted.setdefault(key, set()).add(id)
    return counted


def crossed(
    name: str,
    title: str,
    sheet: str,
    counted: Counted,
    rows: Sequence[tuple[Key, str]],
    columns: Sequence[tuple[Key, str]],
    *,
    stub: str = "",
    notes: tuple[str, ...] = (),
) -> Table:
    """A table of rows by columns with totals both ways, from ids keyed by (row, column).

    Keys that neither names (a value of a newer program) are counted in a last row or column of their own.
    """
    rows, columns = _completed(rows, counted, 0), _completed(columns, counted, 1)
    grid = [[Figure.of(sheet, counted.get((row, column), ())) for column, _ in columns] for row, _ in rows]
    row_totals = [_sum(sheet, line) for line in grid]
    column_totals = [_sum(sheet, line) for line in zip(*grid, strict=True)]
    grand = _sum(sheet, row_totals)
    relations = [Relation((total,), tuple(line)) for total, line in zip(row_totals, grid, strict=True)]
    relations += [Relation((total,), line) for total, line in zip(column_totals, zip(*grid, strict=True), strict=True)]
    relations += [Relation((grand,), tuple(row_totals)), Relation((grand,), tuple(column_totals))]
    body = [
        Row(label, (*line, total), name=name_of(key))
        for (key, label), line, total in zip(rows, grid, row_totals, strict=True)
    ]
    body.append(Row(TOTAL, (*column_totals, grand), total=True, name=TOTAL_NAME))
    heads = (*(label for _, label in columns), TOTAL)
    names = (*(name_of(key) for key, _ in columns), TOTAL_NAME)
    return Table(name, title, heads, tuple(body), notes, tuple(relations), stub, names)


def _completed(named: Sequence[tuple[Key, str]], counted: Counted, place: int) -> list[tuple[Key, str]]:
    known = {key for key, _ in named}
    strange = {key[place] for key in counted if counted[key]} - known
    return [*named, *((key, NOT_RECORDED if key is None else str(key)) for key in sorted(strange, key=str))]


def name_of(key: Key) -> str:
    """The NAME of a row or column by its key: a vocabulary's NAME itself, or the name that the key has."""
    return "NOT_RECORDED" if key is None else str(getattr(key, "name", key))


def _sum(sheet: str, figures: Iterable[Figure]) -> Figure:
    return Figure.of(sheet, (id for figure in figures for id in figure.ids or ()))


def rest_of(part: Figure, whole: Figure) -> Figure:
    """What the whole holds beside the part: never shown, and still not to be worked out when it is small."""
    return Figure.of(whole.sheet, (whole.ids or frozenset()) - (part.ids or frozenset()))


def of_them(table: Table, label: str, name: str, part: Callable[[Figure], Figure]) -> Table:
    """The table with a last column that counts a part of each row's total, and the rest of it as an unseen figure."""
    rows, parts, relations = [], list[Figure](), list(table.relations)
    for row in table.rows:
        total = row.cells[-1]
        assert isinstance(total, Figure)
        some = part(total)
        rest = rest_of(some, total)
        relations.append(Relation((total,), (some, rest)))
        rows.append(replace(row, cells=(*row.cells, some)))
        parts.append(some)
    if rows and rows[-1].total:
        relations.append(Relation((parts[-1],), tuple(parts[:-1])))
    return replace(
        table, columns=(*table.columns, label), names=(*table.names, name), rows=tuple(rows), relations=tuple(relations)
    )
