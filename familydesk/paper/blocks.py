"""The other blocks that papers are built of: headings, running text, boxes to tick, signatures, a line to cut along."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportlab.platypus import Flowable

from familydesk.paper.fonts import HEAD, MARKS, STRONG, TEXT
from familydesk.paper.text import LABEL, SMALL, VALUE, Type, break_lines, measure
from familydesk.paper.writing import Writing, rule

SECTION = Type(STRONG, 10.4, 13.4)
TITLE = Type(HEAD, 15.0, 19.0)
SECOND_TITLE = Type(TEXT, 10.2, 13.6, 0.2)
TICK = Type(MARKS, 9.6, 12.0)
OPTION = Type(TEXT, 8.8, 11.4)
EMPTY, CROSSED = "\N{BALLOT BOX}", "\N{BALLOT BOX WITH X}"


class Lines(Flowable):
    """Running text. It breaks over pages with at least two lines on each side; `frame` draws a box around it."""

    def __init__(
        self,
        text: str,
        kind: Type = VALUE,
        *,
        align: str = "left",
        above: float = 0,
        below: float = 3,
        frame: float = 0,
    ) -> None:
        super().__init__()
        self.words, self.kind, self.align, self.frame = text, kind, align, frame
        self.spaceBefore, self.spaceAfter = above, below
        self.lines: list[str] | None = None

    @property
    def pad(self) -> float:
        """Between the frame and the text."""
        return 7.0 if self.frame else 0.0

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Size at a width."""
        if self.lines is None:
            self.lines = break_lines(self.words, self.kind, width - 2 * self.pad)
        self.width = width
        self.height = len(self.lines) * self.kind.leading + 2 * self.pad
        return width, self.height

    def split(self, width: float, height: float) -> list[Lines]:
        """What fits and what remains."""
        self.wrap(width, height)
        lines = self.lines or []
        at = min(int((height - 2 * self.pad) / self.kind.leading), len(lines) - 2)
        return [self._part(lines[:at]), self._part(lines[at:])] if at >= 2 else []

    def _part(self, lines: list[str]) -> Lines:
        other = Lines("", self.kind, align=self.align, below=self.spaceAfter, frame=self.frame)
        other.lines = lines
        return other

    def draw(self) -> None:
        """From the top down."""
        if self.frame:
            self.canv.setLineWidth(self.frame)
            self.canv.setStrokeGray(0.2)
            self.canv.rect(0, 0, self.width, self.height)
        top = self.height - self.pad
        with Writing(self.canv) as writing:
            for line in self.lines or []:
                writing.lines(self._left(line), top, [line], self.kind)
                top -= self.kind.leading

    def _left(self, line: str) -> float:
        if self.align == "left":
            return self.pad
        spare = self.width - measure(line, self.kind)
        return spare / 2 if self.align == "centre" else spare - self.pad


class Ticks(Flowable):
    """Options with a box before each, in columns; those chosen are crossed."""

    def __init__(self, label: str, options: Sequence[tuple[str, bool]], columns: int = 3) -> None:
        super().__init__()
        self.label, self.options, self.columns = label, options, columns
        self.spaceBefore = self.spaceAfter = 4 if label else 0

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Rows as high as their tallest option; read across."""
        self.step = width / self.columns
        texts = [break_lines(text, OPTION, self.step - 20) for text, _ in self.options]
        self.rows = [texts[at : at + self.columns] for at in range(0, len(texts), self.columns)]
        self.heights = [max(map(len, row)) * OPTION.leading + 3 for row in self.rows]
        self.head = break_lines(self.label, LABEL, width) if self.label else []
        self.height = sum(self.heights) + len(self.head) * LABEL.leading + 2
        return width, self.height

    def draw(self) -> None:
        """The label, then the options row by row."""
        with Writing(self.canv) as writing:
            top = writing.lines(0, self.height, self.head, LABEL) - 2
            for row, texts in enumerate(self.rows):
                for column, lines in enumerate(texts):
                    chosen = self.options[row * self.columns + column][1]
                    writing.line(column * self.step, top - 9.6, CROSSED if chosen else EMPTY, TICK)
                    writing.lines(column * self.step + 14, top - 0.6, lines, OPTION)
                top -= self.heights[row]


class Signatures(Flowable):
    """Signature rows: who, a line to sign on, the name, the day; a place for the seal beside them where one is due."""

    ROW = 32.0
    SHARES = (0.34, 0.24, 0.26, 0.16)
    SEAL = 60.0

    def __init__(self, rows: Sequence[tuple[str, str, str]], captions: Sequence[str], seal: str = "") -> None:
        """Each row is position, name and day, any of them empty; `captions` stand under the four lines."""
        super().__init__()
        self.rows, self.captions, self.seal = rows, captions, seal
        self.spaceBefore = 8

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """A row is as high as its longest text above the line; rows are never divided."""
        self.room = width - (self.SEAL + 14 if self.seal else 0)
        self.width = width
        self.texts = [[self._above(at, text) for at, text in enumerate((it[0], "", *it[1:]))] for it in self.rows]
        self.heights = [self.ROW + (max(map(len, texts)) - 1) * SMALL.leading for texts in self.texts]
        self.height = max(sum(self.heights), self.SEAL + 4 if self.seal else 0)
        return width, self.height

    def _above(self, at: int, text: str) -> list[str]:
        return break_lines(text, SMALL, self.room * self.SHARES[at] - 10)

    def draw(self) -> None:
        """Lines, what is known above them, what is meant beneath them; the seal's place on the right."""
        top = self.height
        for row, texts, height in zip(self.rows, self.texts, self.heights, strict=True):
            self._row(top - height + 10, texts, ("" if row[0] else self.captions[0], *self.captions[1:]))
            top -= height
        if self.seal:
            self._seal()

    def _row(self, base: float, texts: Sequence[list[str]], captions: Sequence[str]) -> None:
        x = 0.0
        for share, lines, caption in zip(self.SHARES, texts, captions, strict=True):
            room = self.room * share - 10
            rule(self.canv, x, base, room, 0.5, 0.3)
            with Writing(self.canv) as writing:
                writing.lines(x, base + 3 + len(lines) * SMALL.leading, lines, SMALL)
                writing.lines(x, base - 1, break_lines(caption, LABEL, room), LABEL)
            x += self.room * share

    def _seal(self) -> None:
        radius = self.SEAL / 2
        x, y = self.width - radius, self.height - radius - 2
        self.canv.setLineWidth(0.5)
        self.canv.setStrokeGray(0.6)
        self.canv.setDash(2, 2)
        self.canv.circle(x, y, radius)
        self.canv.setDash()
        with Writing(self.canv) as writing:
            writing.line(x - measure(self.seal, LABEL) / 2, y - 2.5, self.seal, LABEL)


class AtFoot(Flowable):
    """Blocks that stand at the foot of the page, whole; on the next page if this one has no room for them."""

    def __init__(self, blocks: Sequence[Flowable]) -> None:
        super().__init__()
        self.blocks = blocks

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """All the room there is, once the blocks fit into it."""
        self.heights = [block.wrap(width, height)[1] + block.getSpaceBefore() for block in self.blocks]
        self.height = max(sum(self.heights), height - 0.01)
        return width, self.height

    def draw(self) -> None:
        """One above another, the last on the foot."""
        top = sum(self.heights)
        for block, height in zip(self.blocks, self.heights, strict=True):
            top -= height
            block.drawOn(self.canv, 0, top)


class CutLine(Flowable):
    """Where to cut: scissors and a broken line."""

    def __init__(self, above: float = 10, below: float = 8) -> None:
        super().__init__()
        self.spaceBefore, self.spaceAfter = above, below

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """One line."""
        self.width = width
        return width, 10

    def draw(self) -> None:
        """Across the whole width."""
        cut(self.canv, 14, 5, self.width, 5)
        with Writing(self.canv) as writing:
            writing.line(0, 1.5, "\N{BLACK SCISSORS}", TICK)


def cut(canvas: Any, x: float, y: float, to_x: float, to_y: float) -> None:
    """A broken line between two points."""
    canvas.setLineWidth(0.5)
    canvas.setStrokeGray(0.35)
    canvas.setDash(3, 2.5)
    canvas.line(x, y, to_x, to_y)
    canvas.setDash()
