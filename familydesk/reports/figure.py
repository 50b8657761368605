"""Figures: numbers that know the records they count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Figure:
    """A count of records of one sheet. `ids` are theirs, 32 digits each; None in a report that left them behind."""

    sheet: str
    count: int
    ids: frozenset[str] | None

    @classmethod
    def of(cls, sheet: str, ids: Iterable[str]) -> Figure:
        """The figure that counts these records, each once."""
        kept = frozenset(ids)
        return cls(sheet, len(kept), kept)

    def opened(self) -> list[UUID]:
        """The records behind the figure, oldest first."""
        return [UUID(id) for id in sorted(self.ids or ())]


@dataclass(frozen=True, slots=True)
class Hidden:
    """A figure that is not shown, because it is small or would let a small one be worked out."""


@dataclass(frozen=True, slots=True)
class Share:
    """One figure as a part of another."""

    part: Figure | Hidden
    whole: Figure | Hidden

    @property
    def percent(self) -> Decimal | None:
        """To one tenth; None of nothing, or if either figure is hidden."""
        if isinstance(self.part, Hidden) or isinstance(self.whole, Hidden) or not self.whole.count:
            return None
        return (Decimal(self.part.count * 100) / self.whole.count).quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def hidden(self) -> bool:
        """Whether it would show a figure that is not shown."""
        return isinstance(self.part, Hidden) or isinstance(self.whole, Hidden)


Cell = Figure | Hidden | Share
HIDDEN = Hidden()
NOT_SHOWN = "*"
NONE_OF_NOTHING = "–"


def not_shown(cell: Cell) -> bool:
    """Whether the cell is, or would tell, a figure that is hidden."""
    return isinstance(cell, Hidden) or (isinstance(cell, Share) and cell.hidden)


def cell_text(cell: Cell) -> str:
    """The cell as it is printed. A share of nothing is a dash, a nought is 0."""
    if isinstance(cell, Figure):
        return f"{cell.count:,}".replace(",", "\N{NO-BREAK SPACE}")
    if isinstance(cell, Hidden) or cell.hidden:
        return NOT_SHOWN
    return NONE_OF_NOTHING if cell.percent is None else f"{cell.percent}%".replace(".", ",")
