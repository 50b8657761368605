"""One line of the table of measures."""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple


class Row(NamedTuple):
    """What was measured, at what size, what came out, what was wanted, and whether it was reached; None if nothing
    could be compared.
    """

    what: str
    at: str
    measured: str
    bar: str
    met: bool | None


def rows_of(name: str, quick: bool) -> list[Row]:
    """What one bench measures; `quick` for small centers and few rounds."""
    return list(import_module(f"bench_{name}").rows(quick))
