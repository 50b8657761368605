"""How a reader likes the columns of a list: order, widths, which are hidden, by what it is sorted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from familydesk.core.settings import COLUMNS, Settings


class ColumnMemory:
    """The remembered columns of one list. Anything unreadable in the file counts as never chosen."""

    def __init__(self, settings: Settings, name: str) -> None:
        self.settings, self.name = settings, name

    def order(self) -> list[str]:
        """Field names from left to right; empty if she never moved one."""
        return [name for name in self._part("order", list) if isinstance(name, str)]

    def width(self, name: str) -> int:
        """A column's width in pixels; 0 if she never changed it."""
        width = self._part("widths", dict).get(name, 0)
        return width if isinstance(width, int) and width > 0 else 0

    def hidden(self) -> list[str]:
        """Names of hidden fields."""
        return [name for name in self._part("hidden", list) if isinstance(name, str)]

    def sort(self) -> tuple[str, bool]:
        """By which field the list is sorted ("" for its own order), and whether downwards."""
        kept = self._part("sort", list)
        return (str(kept[0]), bool(kept[1])) if len(kept) == 2 else ("", False)

    def keep(self, order: Sequence[str], widths: Mapping[str, int], hidden: Sequence[str]) -> None:
        """Remember a layout."""
        self._put({"order": list(order), "widths": dict(widths), "hidden": list(hidden)})

    def keep_sort(self, name: str, descending: bool) -> None:
        """Remember an order."""
        self._put({"sort": [name, descending]})

    def _part(self, part: str, kind: type[Any]) -> Any:
        layout = self.settings.get(COLUMNS).get(self.name)
        found = layout.get(part) if isinstance(layout, dict) else None
        return found if isinstance(found, kind) else kind()

    def _put(self, parts: dict[str, Any]) -> None:
        kept = self.settings.get(COLUMNS)
        every = dict(kept)
        layout = every.get(self.name)
        every[self.name] = (layout if isinstance(layout, dict) else {}) | parts
        self.settings.put(COLUMNS, every)
