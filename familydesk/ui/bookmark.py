"""Keeps where she stands, sealed in the store, at each pause: a lock then has nothing left to write."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from familydesk.ui.keeper import Keeper
from familydesk.ui.tasks import Task

if TYPE_CHECKING:
    from familydesk.ui.desk_view import Whereabouts
    from familydesk.ui.workplace import Workplace


class BookmarkKeeper(Keeper):
    """The bookmark of one unlocked desk; it lives as long as `place`. `where` tells where she stands."""

    def __init__(self, place: Workplace, where: Callable[[], Whereabouts]) -> None:
        super().__init__(place)
        self.place, self.where = place, where
        self._kept: Whereabouts | None = None

    def keep(self) -> None:
        """Seal and keep where she stands, unless that is where she stood."""
        there, bookmark = self.where(), self.place.office.bookmark
        if there != self._kept:
            self._kept = there
            # A bookmark that could not be kept costs her a click: no reason to say anything.
            Task(self.place, lambda: bookmark.put(*there)).failed(lambda _error: None).start()
