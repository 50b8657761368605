"""What a reader of a published table can work out of the figures that are not shown.

The reader knows the figures that are shown, which sums hold, and that a figure that was taken out is not nought. She
narrows the range of each unknown by every sum it stands in, until nothing moves; by the sums of the tables, and by
those that she makes herself by adding and subtracting them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

INFINITE = float("inf")
PRIME = 2**61 - 1
"""Equations are combined modulo a prime: exact, and no fractions grow."""
LARGEST = 10**9
"""Above every figure of a report, and far below the prime."""
KNOWN = -1
"""Where a row keeps its known number, below every unknown."""
Row = dict[int, int]


@dataclass(frozen=True, slots=True)
class Equation:
    """Unknowns with their coefficients and a known number, together nought."""

    unknown: tuple[tuple[int, int], ...]
    known: int


Ranges = dict[int, tuple[float, float]]


def ranges(equations: Iterable[Equation], least: Mapping[int, int]) -> Ranges:
    """For each unknown the span in which a reader knows it to lie, begun from its `least` value."""
    spans: Ranges = {unknown: (lowest, INFINITE) for unknown, lowest in least.items()}
    standing: dict[int, list[Equation]] = {}
    waiting = dict.fromkeys(equations)
    for equation in waiting:
        for unknown, _ in equation.unknown:
            standing.setdefault(unknown, []).append(equation)
    while waiting:
        equation = next(iter(waiting))
        del waiting[equation]
        for unknown in _narrowed(equation, spans):
            waiting.update(dict.fromkeys(standing[unknown]))
    return spans


def _narrowed(equation: Equation, spans: Ranges) -> Iterator[int]:
    """Narrow every unknown of the equation by the others; gives back those that moved."""
    terms = [_scaled(spans[unknown], factor) for unknown, factor in equation.unknown]
    lows, highs = _Bound(least for least, _ in terms), _Bound(most for _, most in terms)
    for (unknown, factor), (least, most) in zip(equation.unknown, terms, strict=True):
        own = (-equation.known - highs.without(most), -equation.known - lows.without(least))
        narrowed = _divided(own, factor)
        before = spans[unknown]
        after = (max(before[0], narrowed[0]), min(before[1], narrowed[1]))
        if after != before:
            spans[unknown] = after
            yield unknown


def _scaled(span: tuple[float, float], factor: int) -> tuple[float, float]:
    """The span of `factor` times a value."""
    least, most = span[0] * factor, span[1] * factor
    return (least, most) if factor > 0 else (most, least)


def _divided(span: tuple[float, float], factor: int) -> tuple[float, float]:
    """The span of a whole number of which `factor` times lies in `span`."""
    least, most = (span[0], span[1]) if factor > 0 else (-span[1], -span[0])
    least, most = least / abs(factor), most / abs(factor)
    return (
        least if abs(least) == INFINITE else float(math.ceil(least)),
        most if abs(most) == INFINITE else float(math.floor(most)),
    )


class _Bound:
    """A sum of bounds, some of them infinite and all of those on one side."""

    def __init__(self, bounds: Iterable[float]) -> None:
        self.finite, self.infinite, self.endless = 0.0, 0, 0.0
        for bound in bounds:
            if abs(bound) == INFINITE:
                self.infinite, self.endless = self.infinite + 1, bound
            else:
                self.finite += bound

    def without(self, own: float) -> float:
        """The sum of all but one of them."""
        if abs(own) == INFINITE:
            return self.finite if self.infinite == 1 else self.endless
        return self.finite - own if not self.infinite else self.endless


def combined(equations: Iterable[Equation]) -> Iterator[Equation]:
    """The same sums, added and subtracted until as few unknowns as may be stand in each: what a reader sees only by
    holding several sums against each other. The unknowns are told apart from the last, the largest figure, on.
    """
    rows: dict[int, Row] = {}
    for equation in equations:
        row = {KNOWN: equation.known % PRIME, **{unknown: factor % PRIME for unknown, factor in equation.unknown}}
        for pivot in [unknown for unknown in row if unknown in rows]:
            _subtract(row, rows[pivot], row.get(pivot, 0))
        pivot = max(row, default=KNOWN)
        if pivot == KNOWN:
            continue
        scale = pow(row[pivot], -1, PRIME)
        row = {unknown: factor * scale % PRIME for unknown, factor in row.items()}
        for other in rows.values():
            _subtract(other, row, other.get(pivot, 0))
        rows[pivot] = row
    return filter(None, map(_as_equation, rows.values()))


def _as_equation(row: Row) -> Equation | None:
    """The row in whole numbers; None where it has fractions, which modulo the prime are huge."""
    whole = {unknown: factor if factor <= PRIME // 2 else factor - PRIME for unknown, factor in row.items()}
    known = whole.pop(KNOWN, 0)
    if any(abs(number) > LARGEST for number in (known, *whole.values())):
        return None
    return Equation(tuple(whole.items()), known)


def _subtract(row: Row, other: Row, times: int) -> None:
    if not times:
        return
    for unknown, factor in other.items():
        left = (row.get(unknown, 0) - times * factor) % PRIME
        if left:
            row[unknown] = left
        else:
            row.pop(unknown, None)
