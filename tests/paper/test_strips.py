"""Rows break between pages, and inside a row only when they must."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from familydesk.paper.fonts import register
from familydesk.paper.strips import FEWEST_LINES, Cell, Fields, Strips
from familydesk.paper.table import Table

WIDTH = 480.0

register()


def lines_of(block: Strips) -> list[str]:
    return [line for row in block.rows for cell in row.cells for line in cell.lines]


def poured(block: Strips, page: float) -> list[Strips]:
    """The block poured into pages of one height, as the press does it."""
    parts: list[Strips] = []
    while block.wrap(WIDTH, page)[1] > page:
        first, *rest = block.split(WIDTH, page)
        parts.append(first)
        (block,) = rest
    return [*parts, block]


notes = st.integers(min_value=1, max_value=300).map(lambda count: " ".join(f"сөз{number}" for number in range(count)))


@given(st.lists(notes, min_size=1, max_size=6), st.integers(min_value=120, max_value=700))
def test_no_line_is_lost_or_doubled_over_pages(texts: list[str], page: int) -> None:
    whole = Fields([[Cell("Label", text, 12)] for text in texts], 26)
    whole.wrap(WIDTH, 10_000)
    expected = lines_of(whole)
    parts = poured(Fields([[Cell("Label", text, 12)] for text in texts], 26), page)
    assert [line for part in parts for line in lines_of(part)] == expected
    assert all(part.wrap(WIDTH, page)[1] <= page for part in parts)


@given(notes, st.integers(min_value=120, max_value=400))
def test_a_divided_row_leaves_no_lone_line(text: str, page: int) -> None:
    parts = poured(Fields([[Cell("Label", text, 12)]], 26), page)
    if len(parts) > 1:
        assert all(len(lines_of(part)) >= FEWEST_LINES for part in parts)


def test_a_divided_value_goes_on_under_its_label() -> None:
    parts = poured(Fields([[Cell("Circumstances", "сөз " * 900, 12)]], 26), 300)
    assert [part.rows[0].cells[0].label for part in parts[1:]] == [["Circumstances …"]] * (len(parts) - 1)


def test_a_table_keeps_its_head_on_every_page() -> None:
    table = Table([("№", 1), ("What", 5)], [[str(number), "сөз " * 30] for number in range(60)])
    parts = poured(table, 300)
    assert len(parts) > 2
    assert all(part.head[0].cells[1].lines == ["What"] for part in parts)


@pytest.mark.parametrize("room", [5.0, 20.0])
def test_a_block_for_which_no_row_fits_goes_to_the_next_page_whole(room: float) -> None:
    assert Fields([[Cell("Label", "сөз", 12)]], 26).split(WIDTH, room) == []
