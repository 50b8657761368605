"""The press: a story and its dress become a PDF with a hanging head, running heads and "page n of N" at the foot."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from familydesk.core.i18n import _
from familydesk.paper.fonts import STRONG, TEXT, printable, register
from familydesk.paper.text import Type, break_lines, measure
from familydesk.paper.writing import Writing, rule

LEFT, RIGHT, TOP, BOTTOM = 20 * mm, 15 * mm, 13 * mm, 17 * mm
RUNNING = 9 * mm
CENTER_NAME = Type(STRONG, 9.0, 11.6)
FINE = Type(TEXT, 7.4, 9.6, 0.25)
MARK = Type(STRONG, 7.8, 10.0)


@dataclass(frozen=True, slots=True)
class Dress:
    """What stands around the text. All of it is ready to print; an empty part is left out.

    `stamp` is the document's date as PDF writes it (`D:20261122142000+05'00'`).
    """

    title: str
    language: str
    stamp: str
    head: tuple[str, str, str] = ("", "", "")
    """The center's name in Kazakh and in Russian, and the line beneath both."""
    mark: str = ""
    number: str = ""
    printed: str = ""
    proof: str = ""
    wide: bool = False


class Numbered(Canvas):
    """A canvas that sets the feet last, when it knows how many pages there are."""

    def __init__(self, *words: Any, dress: Dress, **more: Any) -> None:
        super().__init__(*words, **more)
        self.dress = dress
        self.pages: list[dict[str, Any]] = []
        self.setDateFormatter(lambda *_moment: dress.stamp)

    def showPage(self) -> None:
        """Put the page aside."""
        self.pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Set the foot of every page and write the file."""
        pages = self.pages
        for number, page in enumerate(pages, 1):
            self.__dict__.update(page)
            foot(self, self.dress, number, len(pages))
            super().showPage()
        super().save()


def press(story: Sequence[Flowable], dress: Dress) -> bytes:
    """The story as a PDF: fonts embedded as subsets, no personal metadata, the same bytes for the same matter."""
    register()
    memory = io.BytesIO()
    size = landscape(A4) if dress.wide else A4
    document = BaseDocTemplate(
        memory,
        pagesize=size,
        lang=dress.language,
        title=dress.title,
        author="",
        subject="",
        keywords="",
        creator="FamilyDesk",
        producer="FamilyDesk",
        displayDocTitle=True,
        invariant=1,
        initialFontName=TEXT,
    )
    width = size[0] - LEFT - RIGHT
    hanging = Head(dress, width)
    below_head = size[1] - TOP - BOTTOM
    document.addPageTemplates(
        [
            _template("first", size, below_head - hanging.height, hanging.draw, "later"),
            _template("later", size, below_head - RUNNING, partial(running_head, dress), None),
        ]
    )
    document.build(list(story), canvasmaker=partial(Numbered, dress=dress))
    return memory.getvalue()


def stamp(moment: datetime) -> str:
    """A moment as PDF writes it: D:20261122142000+05'00'."""
    zone = moment.strftime("%z")
    return f"D:{moment.strftime('%Y%m%d%H%M%S')}{zone[:3]}'{zone[3:5]}'"


def _template(name: str, size: tuple[float, float], height: float, on_page: Any, following: str | None) -> PageTemplate:
    frame = Frame(
        LEFT, BOTTOM, size[0] - LEFT - RIGHT, height, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0
    )
    return PageTemplate(name, [frame], onPage=on_page, autoNextPageTemplate=following, pagesize=size)


class Head:
    """The hanging head of the first page: the center in Kazakh and in Russian side by side, its requisites beneath."""

    def __init__(self, dress: Dress, width: float) -> None:
        kk, ru, below = dress.head
        self.dress, self.width = dress, width
        self.columns = [break_lines(name, CENTER_NAME, width / 2 - 12) if name else [] for name in (kk, ru)]
        self.below = break_lines(below, FINE, width) if below else []
        self.height = self._height()

    def _height(self) -> float:
        names = max(map(len, self.columns)) * CENTER_NAME.leading
        if not names:
            return MARK.leading + 4 if self.dress.mark else 0.0
        return names + len(self.below) * FINE.leading + (MARK.leading if self.dress.mark else 0) + 16

    def draw(self, canvas: Any, document: Any) -> None:
        """On the first page."""
        top = document.pagesize[1] - TOP
        right = LEFT + self.width
        with Writing(canvas) as writing:
            if self.dress.mark:
                writing.line(right - measure(self.dress.mark, MARK), top - MARK.size, self.dress.mark, MARK)
                top -= MARK.leading + 2
            if not any(self.columns):
                return
            ends = [writing.lines(LEFT, top, self.columns[0], CENTER_NAME)]
            ends.append(writing.lines(LEFT + self.width / 2 + 12, top, self.columns[1], CENTER_NAME))
            end = writing.lines(LEFT, min(ends) - 1, self.below, FINE)
        rule(canvas, LEFT, end - 4, self.width, 1.1, 0.0)


def running_head(dress: Dress, canvas: Any, document: Any) -> None:
    """On every page but the first: what paper this is, and whether it is confidential."""
    base = document.pagesize[1] - TOP - 8
    right = document.pagesize[0] - RIGHT
    with Writing(canvas) as writing:
        writing.line(LEFT, base, printable(dress.title), FINE)
        writing.line(right - measure(dress.mark, MARK), base, dress.mark, MARK)
    rule(canvas, LEFT, base - 5, right - LEFT)


def foot(canvas: Any, dress: Dress, number: int, total: int) -> None:
    """The case, the day of printing, the page; below, who printed it and the end of the journal."""
    wide = landscape(A4)[0] if dress.wide else A4[0]
    right, base = wide - RIGHT, 11 * mm
    page = _("Page {number} of {total}").format(number=number, total=total)
    rule(canvas, LEFT, base + 11, right - LEFT)
    with Writing(canvas) as writing:
        writing.line(LEFT, base, printable(dress.number), FINE)
        writing.line((LEFT + right - measure(dress.printed, FINE)) / 2, base, dress.printed, FINE)
        writing.line(right - measure(page, FINE), base, page, FINE)
        writing.line((LEFT + right - measure(dress.proof, FINE)) / 2, base - FINE.leading, dress.proof, FINE)
