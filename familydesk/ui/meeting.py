"""The meeting with a hub or a folder that may be under way: one at a time, begun by a press or by the clock.

It belongs to the workplace and not to a screen: another language or another page does not end it.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from familydesk.core import clock
from familydesk.core import settings as known
from familydesk.core.i18n import _, ngettext
from familydesk.ui.messages import Message
from familydesk.ui.tasks import Lane, Progress, Task

if TYPE_CHECKING:
    from familydesk.core.settings import Settings
    from familydesk.services.office import Office
    from familydesk.services.syncing import Outcome

MINUTE = 60_000


class Meeting(QObject):
    """`moved` brings how far it is, `ended` that there is an outcome, or a failure, to look at.

    `said` is a message for whatever page she is on, `page_wanted` where that leads to.
    """

    began = Signal()
    moved = Signal(object)
    ended = Signal()
    said = Signal(object)
    page_wanted = Signal(str)

    def __init__(self, owner: QObject, office: Office, settings: Settings) -> None:
        super().__init__(owner)
        self.office, self.settings = office, settings
        self.address = ""
        self.outcome: Outcome | None = None
        self.failure = ""
        self.at: datetime | None = None
        """When the last one ended."""
        self._task: Task[Outcome] | None = None
        self._tried: datetime | None = None
        self._timer = QTimer(self, interval=MINUTE)
        self._timer.timeout.connect(self.look_at_clock)

    @property
    def under_way(self) -> bool:
        """Whether one is going on."""
        return self._task is not None

    def begin(self, address: str, by_itself: bool = False) -> None:
        """Meet, unless one is going on. One that began by itself says nothing unless somebody has to look."""
        if self._task:
            return
        office = self.office
        self.settings.put(known.SYNC_WITH, address)
        self.address, self._tried = address, clock.now()

        def work(progress: Progress) -> Outcome:
            outcome = office.syncing.sync(address, self.moved.emit, lambda: progress.cancelled)
            # Here, and not when she asks for the first of those who came.
            office.search.catch_up()
            return outcome

        self._task = task = Task(self, work, Lane.POOL).reporting()
        task.then(lambda outcome: self._on_met(outcome, by_itself)).failed(self._on_failed).ended(self._on_ended)
        self.outcome, self.failure = None, ""
        self.began.emit()
        task.start()

    def stop(self) -> None:
        """Ask it to end; what was exchanged is kept."""
        if self._task:
            self._task.cancel()

    def end(self) -> None:
        """The store is about to be closed: stop what goes on, and begin no more."""
        self._timer.stop()
        self.stop()

    def keep_watch(self) -> None:
        """From now on meet by the clock, if that is wanted."""
        self._timer.start()

    def look_at_clock(self) -> None:
        """Meet if it is time again."""
        every = self.settings.get(known.SYNC_EVERY)
        address = self.settings.get(known.SYNC_WITH)
        if not (every and address):
            return
        if self._tried is None or clock.between(self._tried, clock.now()).total_seconds() >= every * 60:
            self.begin(address, by_itself=True)

    def _on_met(self, outcome: Outcome, by_itself: bool) -> None:
        self.outcome = outcome
        if outcome.conflicts:
            told = ngettext("{count} field was written twice", "{count} fields were written twice", outcome.conflicts)
            self._say(told.format(count=outcome.conflicts), _("Look at them"), "conflicts")
        elif outcome.warnings and by_itself:
            self._say(_("The last sync has something to tell."), _("Look"), "sync")

    def _say(self, words: str, offer: str, page: str) -> None:
        self.said.emit(Message(words, "due", offer, lambda: self.page_wanted.emit(page), stays=True))

    def _on_failed(self, error: Exception) -> None:
        self.failure = str(error)

    def _on_ended(self) -> None:
        self._task, self.at = None, clock.now()
        self.ended.emit()
