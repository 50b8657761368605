"""Putting lines of text on a canvas in reading order, so that copied text reads as the paper does."""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType
from typing import Any

from familydesk.paper.text import Type


class Writing:
    """A text object that changes face and grey only where they change; used as a context."""

    def __init__(self, canvas: Any) -> None:
        self.canvas = canvas
        self.text = canvas.beginText()
        self.kind: Type | None = None

    def __enter__(self) -> Writing:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.canvas.drawText(self.text)

    def line(self, x: float, y: float, line: str, kind: Type) -> None:
        """One line with its base line at `y`."""
        if not line:
            return
        if kind is not self.kind:
            self.text.setFont(kind.face, kind.size)
            self.text.setFillGray(kind.grey)
            self.kind = kind
        self.text.setTextOrigin(x, y)
        self.text.textOut(line)

    def lines(self, x: float, top: float, lines: Iterable[str], kind: Type) -> float:
        """Lines one under another, the first hanging from `top`; gives back where the last one ends."""
        for line in lines:
            self.line(x, top - kind.size, line, kind)
            top -= kind.leading
        return top


def rule(canvas: Any, x: float, y: float, width: float, weight: float = 0.4, grey: float = 0.55) -> None:
    """A thin horizontal line."""
    canvas.setLineWidth(weight)
    canvas.setStrokeGray(grey)
    canvas.line(x, y, x + width, y)
