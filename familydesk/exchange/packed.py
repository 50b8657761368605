"""Rows put aside between two readings of a register, packed: a hundred thousand of them must fit a small computer.

They stay in memory; a temporary file would hold names in the open.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterator

from familydesk.exchange.row import Row

_BLOCK = 500


class PackedRows:
    """Rows in the order in which they were added; each reading gives them anew."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self._last: list[Row] = []

    def add(self, row: Row) -> None:
        """Put a row behind the others. What is changed in it afterwards is lost."""
        self._last.append(row)
        if len(self._last) == _BLOCK:
            self._blocks.append(zlib.compress(pickle.dumps(self._last, pickle.HIGHEST_PROTOCOL), level=1))
            self._last = []

    def __iter__(self) -> Iterator[Row]:
        for block in self._blocks:
            yield from pickle.loads(zlib.decompress(block))
        yield from self._last
