"""The report that leaves the center, read by someone who tries to work out what was taken out of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from familydesk.reports.figure import Figure
from familydesk.reports.suppress import hidden_figures
from familydesk.reports.table import Relation, Table, crossed, group, of_them

Grid = Sequence[Sequence[int]]


def table(grid: Grid) -> Table:
    serial = iter(range(1, 10_000))
    pairs = [
        ((row, column), f"{next(serial):032x}")
        for row, line in enumerate(grid)
        for column, count in enumerate(line)
        for _ in range(count)
    ]
    rows = [(row, f"r{row}") for row in range(len(grid))]
    columns = [(column, f"c{column}") for column in range(len(grid[0]))]
    return crossed("t", "T", "incident", group(pairs), rows, columns)


def published(made: Table, hidden: set[Figure]) -> list[list[int | None]]:
    return [[None if cell in hidden else cell.count for cell in row.cells] for row in made.rows]  # type: ignore[union-attr]


def hide(made: Table) -> set[Figure]:
    return hidden_figures(made.cells(), made.relations)  # type: ignore[arg-type]


def possible(shown: list[list[int | None]], most: int) -> Iterator[list[list[int]]]:
    """Every table that a reader may believe in: noughts are shown, so a hidden cell is not nought."""
    height, width = len(shown) - 1, len(shown[0]) - 1
    filled = [[0] * (width + 1) for _ in range(height + 1)]

    def fits(row: int, column: int, done: bool) -> bool:
        told, value = shown[row][column], filled[row][column]
        return told is None or (value == told if done else value <= told)

    def fill(place: int) -> Iterator[list[list[int]]]:
        if place == height * width:
            yield [list(line) for line in filled]
            return
        row, column = divmod(place, width)
        told = shown[row][column]
        sums = ((row, width), (height, column), (height, width))
        for value in range(1, most + 1) if told is None else (told,):
            for at in ((row, column), *sums):
                filled[at[0]][at[1]] += value
            ends = (column == width - 1, row == height - 1, place == height * width - 1)
            if all(fits(*at, done) for at, done in zip(sums, ends, strict=True)):
                yield from fill(place + 1)
            for at in ((row, column), *sums):
                filled[at[0]][at[1]] -= value

    return fill(0)


def believed(shown: list[list[int | None]], most: int) -> dict[tuple[int, int], set[int]]:
    values: dict[tuple[int, int], set[int]] = {}
    for whole in possible(shown, most):
        for r, line in enumerate(whole):
            for c, value in enumerate(line):
                if shown[r][c] is None:
                    values.setdefault((r, c), set()).add(value)
    return values


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.integers(0, 7), min_size=2, max_size=2), min_size=1, max_size=2))
def test_no_reader_can_work_out_a_small_figure(grid: Grid) -> None:
    made = table(grid)
    shown = published(made, hide(made))
    for (row, column), values in believed(shown, most=15).items():
        true = made.rows[row].cells[column].count  # type: ignore[union-attr]
        assert true in values
        if true < 5:
            assert max(values) - min(values) >= 3, (shown, values)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 12), min_size=1, max_size=6), min_size=1, max_size=8).filter(
        lambda grid: len({len(line) for line in grid}) == 1
    )
)
def test_small_figures_are_hidden_and_noughts_stay(grid: Grid) -> None:
    made = table(grid)
    hidden = hide(made)
    for cell in made.cells():
        assert isinstance(cell, Figure)
        assert (cell in hidden) >= (0 < cell.count < 5)
        assert cell.count or cell not in hidden


def test_a_table_without_small_figures_is_shown_whole() -> None:
    assert hide(table([[5, 9], [0, 30]])) == set()


def test_a_total_minus_the_rest_does_not_tell_the_one_that_was_hidden() -> None:
    made = table([[3, 20], [40, 50]])
    shown = published(made, hide(made))
    assert shown[0][0] is None
    assert sum(value is None for value in shown[0]) >= 2
    assert sum(line[0] is None for line in shown) >= 2


def test_two_ones_with_a_total_of_two_are_not_told_by_the_total() -> None:
    made = table([[1, 1], [50, 60]])
    shown = published(made, hide(made))
    assert shown[0] == [None, None, None]


def test_sums_added_and_subtracted_do_not_tell_what_each_of_them_hides() -> None:
    # The whole without its first column, less the middle row, was the two ones: no sum of the table says so by itself.
    made = table([[4, 1, 0], [0, 4, 2], [4, 1, 0]])
    values = believed(published(made, hide(made)), most=9)
    assert {1, 2, 3, 4} <= values[0, 1]
    assert {1, 2, 3, 4} <= values[2, 1]


def test_a_part_shown_beside_its_whole_does_not_tell_the_small_rest() -> None:
    made = table([[10], [30]])
    (first,) = (made.rows[0].cells[0],)
    assert isinstance(first, Figure)
    young = set(sorted(first.ids or ())[:8])
    both = of_them(
        made, "of them young", "PART", lambda whole: Figure.of("incident", (whole.ids or frozenset()) & young)
    )
    hidden = hide(both)
    part = both.rows[0].cells[-1]
    assert part.count == 8  # type: ignore[union-attr]
    assert part in hidden or first in hidden


def test_the_same_figure_in_another_table_is_hidden_there_too() -> None:
    ids = [f"{n:032x}" for n in range(1, 31)]
    one = crossed(
        "a",
        "A",
        "incident",
        group((("x" if n < 3 else "y", "k"), id) for n, id in enumerate(ids)),
        [("x", "x"), ("y", "y")],
        [("k", "k")],
    )
    other = crossed(
        "b",
        "B",
        "incident",
        group((("x" if n < 3 else "z", "k"), id) for n, id in enumerate(ids)),
        [("x", "x"), ("z", "z")],
        [("k", "k")],
    )
    hidden = hidden_figures(
        (*one.cells(), *other.cells()),  # type: ignore[arg-type]
        (*one.relations, *other.relations),
    )
    small = Figure.of("incident", ids[:3])
    assert small in hidden
    assert {row.cells[0] in hidden for row in other.rows[:2]} == {True}


def test_a_balance_does_not_tell_a_small_part_of_it() -> None:
    def figure(first: int, count: int) -> Figure:
        return Figure.of("case", (f"{n:032x}" for n in range(first, first + count)))

    start, taken, closed, end = figure(1, 20), figure(100, 3), figure(1, 6), figure(7, 17)
    hidden = hidden_figures([start, taken, closed, end], [Relation((start, taken), (closed, end))])
    assert taken in hidden
    assert len(hidden) >= 2
