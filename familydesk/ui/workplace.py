"""The workplace: what a screen is given. The office behind it, how things look, and what only the window can do."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from familydesk.core.settings import Settings
from familydesk.ui.messages import Message
from familydesk.ui.tasks import Task
from familydesk.ui.theme import Theme
from familydesk.ui.touched import Touched

if TYPE_CHECKING:
    from familydesk.services.office import Office
    from familydesk.ui.meeting import Meeting


@dataclass(frozen=True, slots=True)
class Aside:
    """A record to be written beside the page, without leaving it: a new one with `values` given, or the one of `id`."""

    sheet: str
    id: UUID | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    then: Callable[[UUID], Any] | None = None


class Workplace(QObject):
    """One unlocked store and the window around it. Signals are wishes that the window fulfils."""

    page_wanted = Signal(str, object)
    record_wanted = Signal(str, object)
    screen_wanted = Signal(str, object)
    aside_wanted = Signal(object)
    finder_wanted = Signal()
    lock_wanted = Signal()
    language_wanted = Signal(str)
    said = Signal(object)
    watched = Signal(str, object)

    def __init__(self, office: Office, settings: Settings, theme: Theme) -> None:
        super().__init__()
        self.office, self.settings, self.theme = office, settings, theme
        self._touched = Touched(self)
        self.touched = self._touched.touched
        office.database.tell_defect = lambda error: sys.excepthook(type(error), error, error.__traceback__)
        self._unlisten = office.database.listen(self._touched.tell)

    def open_page(self, name: str, state: object = None) -> None:
        """Go to a page by name, in the side bar or not; `state` is what its `restore` is given."""
        self.page_wanted.emit(name, state)

    def open_record(self, sheet: str, record_id: UUID) -> None:
        """Go to one record's own page."""
        self.record_wanted.emit(sheet, record_id)

    def open_screen(self, name: str, make: Callable[[], QWidget]) -> None:
        """Go to a screen that stands in no side bar, built by `make`; leaving it returns here."""
        self.screen_wanted.emit(name, make)

    def write_aside(
        self,
        sheet: str,
        record_id: UUID | None = None,
        values: Mapping[str, Any] | None = None,
        then: Callable[[UUID], Any] | None = None,
    ) -> None:
        """Open a form beside the page; `then` is given the id once it is saved."""
        self.aside_wanted.emit(Aside(sheet, record_id, values or {}, then))

    def say(
        self, text: str, tone: str = "good", offer: str = "", do: Callable[[], Any] | None = None, stays: bool = False
    ) -> None:
        """Tell one sentence above the page; see `Message`."""
        self.said.emit(Message(text, tone, offer, do, stays))

    def watch(self, words: str, task: Task[Any]) -> None:
        """Show how far `task` is and let her stop it. Call before `start`."""
        self.watched.emit(words, task)

    def tell_failure(self, error: Exception) -> None:
        """The usual answer to `Refused` and `Weather`: said above the page."""
        self.say(str(error), "overdue", stays=True)

    @cached_property
    def meeting(self) -> Meeting:
        """The meeting with a hub or a folder that may be under way."""
        from familydesk.ui.meeting import Meeting

        made = Meeting(self, self.office, self.settings)
        made.said.connect(self.said)
        made.page_wanted.connect(self.open_page)
        return made

    def close(self) -> None:
        """Follow the store no longer."""
        self.meeting.end()
        self._unlisten()
