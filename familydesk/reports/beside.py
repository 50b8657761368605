"""Blocks one under another in a column of their own, and two such columns side by side."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.platypus import Flowable


class Column(Flowable):
    """Blocks from the top down, each with the space that it wants above and below itself."""

    def __init__(self, blocks: Sequence[Flowable], width: float) -> None:
        super().__init__()
        self.blocks, self.wide = blocks, width

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """As wide as it was told, as high as its blocks."""
        self.heights = [block.wrap(self.wide, height)[1] for block in self.blocks]
        spaces = sum(block.getSpaceBefore() + block.getSpaceAfter() for block in self.blocks)
        self.width, self.height = self.wide, sum(self.heights) + spaces
        return self.width, self.height

    def draw(self) -> None:
        """From the top down."""
        top = self.height
        for block, height in zip(self.blocks, self.heights, strict=True):
            top -= block.getSpaceBefore() + height
            block.drawOn(self.canv, 0, top)
            top -= block.getSpaceAfter()


class Beside(Flowable):
    """Two columns that hang from the same line, on one page."""

    def __init__(self, left: Column, right: Column, gap: float) -> None:
        super().__init__()
        self.left, self.right, self.gap = left, right, gap

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """As high as the higher of the two."""
        self.width = width
        self.height = max(column.wrap(width, height)[1] for column in (self.left, self.right))
        return width, self.height

    def draw(self) -> None:
        """Both from the top."""
        self.left.drawOn(self.canv, 0, self.height - self.left.height)
        self.right.drawOn(self.canv, self.left.width + self.gap, self.height - self.right.height)
