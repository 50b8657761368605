"""How long the four pages of a case form take, beside the same pages drawn with bare reportlab.

    python bench/bench_paper.py [--papers 40]

Three ways, taken in turns in one process so that a busy machine is busy for all of them; medians in milliseconds:
`form` is the case form as the program draws it; `platypus` is the same labels and values in reportlab's own paragraphs
and tables, with the same faces; `canvas` is the same lines written at the same places with no layout at all.
"""

from __future__ import annotations

import argparse
import io
import statistics
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Any
from xml.sax.saxutils import escape

import pypdfium2
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import KeepTogether, Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as PlainTable
from row import Row

from familydesk.core.i18n import speaking
from familydesk.core.ids import new_id
from familydesk.paper.blocks import Lines, Signatures, Ticks
from familydesk.paper.dossier import Dossier
from familydesk.paper.drawing import draw
from familydesk.paper.fonts import STRONG, TEXT, register
from familydesk.paper.forms import form_of
from familydesk.paper.page import BOTTOM, LEFT, RIGHT, TOP, Numbered
from familydesk.paper.strips import Cell, Fields
from familydesk.paper.table import Table
from familydesk.paper.text import Type
from familydesk.paper.writing import Writing
from familydesk.records.case import Case
from familydesk.records.consultation import Consultation

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "paper"))

import invented_case as invented

WIDTH = A4[0] - LEFT - RIGHT
FORM = form_of("CASE_FORM")
PAGES = 4


def main() -> int:
    parser = argparse.ArgumentParser(description="The case form beside bare reportlab.")
    parser.add_argument("--papers", type=int, default=40)
    ways = every_way()
    tell(measured(ways, parser.parse_args().papers), {name: way() for name, way in ways.items()})
    return 0


def every_way() -> dict[str, Callable[[], bytes]]:
    """The three ways to draw one form."""
    register()
    file = four_pages()
    written = recorded(file)
    return {
        "form": lambda: draw(FORM, file, "kk"),
        "platypus": lambda: platypus(file),
        "canvas": lambda: canvas(written),
    }


def measured(ways: dict[str, Callable[[], bytes]], papers: int) -> dict[str, list[float]]:
    """Milliseconds of each paper, warm."""
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for _round in range(papers + 2):
        for name, way in ways.items():
            started = perf_counter()
            way()
            spent[name].append((perf_counter() - started) * 1000)
    return {name: times[2:] for name, times in spent.items()}


def rows(quick: bool) -> Iterator[Row]:
    """The case form beside the same pages in bare reportlab."""
    spent = measured(every_way(), 10 if quick else 40)
    ours, bare = statistics.median(spent["form"]), statistics.median(spent["platypus"])
    told = f"{ours / bare:.2f} × ({ours:.0f} ms and {bare:.0f} ms)"
    what = "the case form, warm, beside the same pages drawn with bare reportlab"
    yield Row(what, f"{PAGES} pages", told, "≤ 1.3 ×", ours / bare <= 1.3)


def tell(spent: dict[str, list[float]], drawn: dict[str, bytes]) -> None:
    ours = statistics.median(spent["form"])
    print(f"{'':10} {'pages':>5} {'bytes':>8} {'median ms':>10} {'p95 ms':>8} {'form / it':>10}")
    for name, times in spent.items():
        median, p95 = statistics.median(times), sorted(times)[int(0.95 * (len(times) - 1))]
        pages = len(pypdfium2.PdfDocument(drawn[name]))
        print(f"{name:10} {pages:5} {len(drawn[name]):8} {median:10.1f} {p95:8.1f} {ours / median:10.2f}")


def four_pages() -> Dossier:
    """The invented case, seen so often that its form has four pages."""

    def often(made: dict[type[Any], list[Any]]) -> None:
        first = made[Consultation][0]
        while len(made[Consultation]) < 16:
            held_at = made[Consultation][-1].held_at + timedelta(hours=26)
            values = first.values() | {"held_at": held_at}
            made[Consultation].append(Consultation(id=new_id(), archived=False, **values))

    file = invented.dossier(Case, change=often)
    assert len(pypdfium2.PdfDocument(draw(FORM, file, "kk"))) == PAGES
    return file


def platypus(file: Dossier) -> bytes:
    """The same matter as anybody would set it: a paragraph a cell, a table a block."""
    memory = io.BytesIO()
    with speaking("kk"):
        story = [plain for block in FORM.layout()(file) for plain in plainly(block)]
    document = SimpleDocTemplate(
        memory, pagesize=A4, leftMargin=LEFT, rightMargin=RIGHT, topMargin=TOP + 40, bottomMargin=BOTTOM, invariant=1
    )
    document.build(story)
    return memory.getvalue()


def style(kind: Type) -> ParagraphStyle:
    if kind not in STYLES:
        STYLES[kind] = ParagraphStyle("s", fontName=kind.face, fontSize=kind.size, leading=kind.leading)
    return STYLES[kind]


STYLES: dict[Type, ParagraphStyle] = {}
LABEL = ParagraphStyle("label", fontName=TEXT, fontSize=7.2, leading=9)
VALUE = ParagraphStyle("value", fontName=TEXT, fontSize=9.6, leading=12.6)
CELL = ParagraphStyle("cell", fontName=TEXT, fontSize=8.4, leading=10.8)
HEAD = ParagraphStyle("head", fontName=STRONG, fontSize=7.4, leading=9.2)
UNDER = [("LINEBELOW", (0, 0), (-1, -1), 0.4, "#888888"), ("VALIGN", (0, 0), (-1, -1), "TOP")]


def plainly(block: Any) -> list[Any]:
    """A block of ours as reportlab's own."""
    if isinstance(block, KeepTogether):
        return [
            plain
            for inner in block._content  # noqa: SLF001
            for plain in plainly(inner)
        ]
    if isinstance(block, Lines):
        return [Paragraph(escape(block.words), style(block.kind))]
    if isinstance(block, Fields):
        return [plain_fields(row) for row in block.cells]
    if isinstance(block, Table):
        head = [Paragraph(title, HEAD) for title, _share in block.columns]
        rows = [[Paragraph(escape(text), CELL) for text in row] for row in block.cells]
        whole = sum(share for _title, share in block.columns)
        return [
            PlainTable([head, *rows], [WIDTH * share / whole for _, share in block.columns], repeatRows=1, style=UNDER)
        ]
    if isinstance(block, Ticks):
        boxes = [Paragraph(f"[{'x' if chosen else ' '}] {escape(text)}", CELL) for text, chosen in block.options]
        boxes += [""] * (-len(boxes) % block.columns)
        rows = [boxes[at : at + block.columns] for at in range(0, len(boxes), block.columns)]
        return [Paragraph(escape(block.label), LABEL), PlainTable(rows, [WIDTH / block.columns] * block.columns)]
    if isinstance(block, Signatures):
        rows = [[Paragraph(escape(text), CELL) for text in (row[0], "", row[1], row[2])] for row in block.rows]
        return [PlainTable(rows, [WIDTH / 4] * 4, style=UNDER)]
    return [block] if isinstance(block, Spacer) else []


def plain_fields(row: list[Cell]) -> PlainTable:
    cells = [[Paragraph(escape(cell.label), LABEL), Paragraph(escape(cell.text), VALUE)] for cell in row]
    return PlainTable([cells], [WIDTH * cell.span / 12 for cell in row], style=UNDER)


Written = list[list[tuple[float, float, str, str, float]]]
"""Page by page: x, y, line, face, size."""


def recorded(file: Dossier) -> Written:
    """Every line of the form with the place where it came to stand."""
    pages: Written = [[]]
    line = Writing.line

    def noted(self: Writing, x: float, y: float, text: str, kind: Type) -> None:
        at_x, at_y = self.canvas.absolutePosition(x, y)
        pages[-1].append((at_x, at_y, text, kind.face, kind.size))
        line(self, x, y, text, kind)

    put_aside = Numbered.showPage

    def set_aside(self: Numbered) -> None:
        pages.append([])
        put_aside(self)

    Writing.line, Numbered.showPage = noted, set_aside  # type: ignore[method-assign]
    try:
        draw(FORM, file, "kk")
    finally:
        Writing.line, Numbered.showPage = line, put_aside  # type: ignore[method-assign]
    return pages[:PAGES]


def canvas(written: Written) -> bytes:
    """The lines alone, each put where it belongs."""
    memory = io.BytesIO()
    sheet = Canvas(memory, pagesize=A4, invariant=1, initialFontName=TEXT)
    for page in written:
        for x, y, text, face, size in page:
            sheet.setFont(face, size)
            sheet.drawString(x, y, text)
        sheet.showPage()
    sheet.save()
    return memory.getvalue()


if __name__ == "__main__":
    raise SystemExit(main())
