"""Rows that are in force for a span of days, both ends counted; an open end has no `valid_to`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar


class Dated(Protocol):
    """A row with the first and the last day on which it is in force."""

    @property
    def valid_from(self) -> date: ...  # noqa: D102

    @property
    def valid_to(self) -> date | None: ...  # noqa: D102


Row = TypeVar("Row", bound=Dated)


def covers(row: Dated, on: date) -> bool:
    """Whether the row is in force on the day `on`."""
    return row.valid_from <= on and (row.valid_to is None or on <= row.valid_to)


def newest(rows: Iterable[Row], on: date) -> Row | None:
    """The row in force on `on`; where a center's own row overlaps a seeded one, the later beginning wins."""
    return max((row for row in rows if covers(row, on)), key=lambda row: row.valid_from, default=None)
