"""The monthly calculation index: the sum in tenge, set by each year's budget law, in which fines are counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol, TypeVar

_CHECKED = date(2026, 11, 22)


@dataclass(frozen=True, slots=True)
class CalculationIndex:
    """The index from `valid_from` on, until another replaces it or the year ends."""

    valid_from: date
    amount: Decimal
    source: str
    checked_on: date
    confirmed: bool


class IndexRow(Protocol):
    """A row of the table of indexes, wherever it is kept."""

    @property
    def valid_from(self) -> date: ...  # noqa: D102

    @property
    def amount(self) -> Decimal: ...  # noqa: D102


Row = TypeVar("Row", bound=IndexRow)


def in_force(rows: Iterable[Row], on: date) -> Row | None:
    """The index of the day `on`; None where its year has no row yet: last year's sum is not this year's."""
    begun = (row for row in rows if row.valid_from <= on and row.valid_from.year == on.year)
    return max(begun, key=lambda row: row.valid_from, default=None)


def _index(year: int, amount: int, source: str) -> CalculationIndex:
    return CalculationIndex(date(year, 1, 1), Decimal(amount), source, _CHECKED, confirmed=False)


SEED: tuple[CalculationIndex, ...] = (
    _index(2024, 3692, "press report of the budget law for 2024-2026"),
    _index(2025, 3932, "press report of the budget law for 2025-2027"),
    _index(2026, 4325, "press report of the budget law for 2026-2028, signed on 8 December 2025"),
)
