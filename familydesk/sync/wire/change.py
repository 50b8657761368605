"""A change as it travels: what `store/capture` wrote, with versions that mean the same on every laptop."""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

ID_BYTES = 16


class Version(NamedTuple):
    """Who wrote a value and when by her laptop's clock: unique for ever. Orders as the rule LAST does."""

    clock: int
    """A hybrid clock's stamp: milliseconds << 16 | counter."""
    device: bytes
    """The laptop's id, 16 bytes."""


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """One row of a change log. `value` is the log's own JSON text; `replaces` are the versions its writer saw."""

    sheet: str
    record: bytes
    field: str
    value: str | None = dataclasses.field(repr=False)
    version: Version
    replaces: tuple[Version, ...]
    transaction: int
    """The stamp at which its transaction began, on the laptop that wrote it."""
