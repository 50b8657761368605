"""A chart of a table: one bar for each row, its columns laid end to end."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.lib.colors import HexColor

from familydesk.core.i18n import _, translate
from familydesk.reports.figure import Figure, cell_text
from familydesk.reports.press import Press
from familydesk.reports.table import Row, Table

FILLS = tuple(map(HexColor, ("#0F6B6B", "#9CCBC8", "#C98A2B", "#D5DADC", "#5B6B70", "#E9C98F")))
"""Told apart by darkness too, for a printer without colour."""
UNDIVIDED = HexColor("#8A979B")
INK = HexColor("#1B2427")
BAR, STEP = 8.0, 14.0
LABELS = 150.0
COUNT_ROOM = 26.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its parts, if all are shown, its length, if that is shown, and the number beside it."""

    label: str
    parts: tuple[int, ...] | None
    total: int | None
    beside: str


def bars_of(table: Table, parts: int) -> list[Bar]:
    """A bar for each row above the total that is not nought; `parts` columns divide it, the next one is its length."""
    bars = (_bar(row, parts) for row in takewhile(lambda row: not row.total, table.rows))
    return [bar for bar in bars if bar.total != 0]


def _bar(row: Row, parts: int) -> Bar:
    divided = [cell.count for cell in row.cells[:parts] if isinstance(cell, Figure)]
    total = row.cells[parts]
    return Bar(
        translate(row.label),
        tuple(divided) if len(divided) == parts else None,
        total.count if isinstance(total, Figure) else None,
        cell_text(total),
    )


def draw(table: Table, parts: int, press: Press, width: float) -> Drawing:
    """The chart with its legend, `width` points wide."""
    bars = bars_of(table, parts)
    legend = [translate(label) for label in table.columns[:parts]]
    height = STEP * (len(bars) + 2 + (len(legend) + 1) // 2)
    drawing = Drawing(width, height, initialFontName=press.text_face)
    top = _legend(drawing, legend, press, height, width)
    if not bars:
        _write(drawing, 0, top - STEP, _("Nothing to draw in this period."), press)
    longest = max((bar.total or 0 for bar in bars), default=0)
    scale = (width - LABELS - COUNT_ROOM) / longest if longest else 0.0
    for place, bar in enumerate(bars):
        _draw_bar(drawing, bar, top - STEP * (place + 1), scale, press)
    if bars:
        axis = Line(LABELS, top - STEP * len(bars) - 3, LABELS, top, strokeColor=INK, strokeWidth=0.6)
        drawing.add(axis)
    return drawing


def _draw_bar(drawing: Drawing, bar: Bar, base: float, scale: float, press: Press) -> None:
    kind = press.type(press.text_face, 7.4, 9.0)
    fitting = press.break_lines(bar.label, kind, LABELS - 8)
    shown = fitting[0] if len(fitting) == 1 else f"{fitting[0]} …"
    _write(drawing, LABELS - 6, base + 1.5, shown, press, anchor="end")
    x = LABELS
    if bar.parts is not None:
        for count, fill in zip(bar.parts, FILLS, strict=False):
            if count:
                drawing.add(Rect(x, base, count * scale, BAR, fillColor=fill, strokeColor=None))
            x += count * scale
    elif bar.total:
        drawing.add(Rect(x, base, bar.total * scale, BAR, fillColor=UNDIVIDED, strokeColor=None))
        x += bar.total * scale
    _write(drawing, x + 4, base + 1.5, bar.beside, press)


def _legend(drawing: Drawing, labels: list[str], press: Press, height: float, width: float) -> float:
    """Two to a line; gives back where it ends."""
    for place, label in enumerate(labels):
        x, y = (place % 2) * width / 2, height - STEP * (place // 2 + 1)
        drawing.add(Rect(x, y, BAR, BAR, fillColor=FILLS[place % len(FILLS)], strokeColor=None))
        _write(drawing, x + BAR + 5, y + 1.2, label, press)
    return height - STEP * ((len(labels) + 1) // 2) - STEP / 2


def _write(drawing: Drawing, x: float, y: float, text: Any, press: Press, anchor: str = "start") -> None:
    drawing.add(String(x, y, str(text), fontName=press.text_face, fontSize=7.4, fillColor=INK, textAnchor=anchor))
