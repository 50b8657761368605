"""Work outside the GUI thread: `Task(self, work).then(self._on_done).start()`.

One worker serves the store, in the order of asking; a small pool serves printing and import. Answers come back in the
GUI thread, and only while the asker still lives. Tests run tasks inline; nothing ever spins the event loop.
"""

from __future__ import annotations

import enum
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import cache
from itertools import count
from threading import Event
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from familydesk.core.errors import Refused, Weather

T = TypeVar("T")


class Lane(enum.Enum):
    """Where work is done."""

    STORE = 1
    POOL = 2


class Cancelled(Exception):
    """Raised by `Progress.report` after a person pressed Stop; work leaves through it, undoing what it began."""


class Progress(QObject):
    """How far a piece of work is. Given to the work itself; safe to call from its thread."""

    reported = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self._stop = Event()

    def report(self, done: int, total: int) -> None:
        """Say how far it is. Raises `Cancelled` once somebody asked to stop."""
        if self._stop.is_set():
            raise Cancelled
        self.reported.emit(done, total)

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked to stop."""
        return self._stop.is_set()

    def cancel(self) -> None:
        """Ask the work to stop at its next report."""
        self._stop.set()


class _Courier(QObject):
    """Lives in the GUI thread as long as the program and carries every answer there.

    One for all: a courier of a task's own could be destroyed by the worker's thread while it delivers.
    """

    arrived = Signal(int, object, object)

    def __init__(self) -> None:
        super().__init__()
        self.arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @Slot(int, object, object)
    def _deliver(self, ticket: int, result: object, error: object) -> None:
        _waiting.pop(ticket).receive(result, error)


class Task(Generic[T]):
    """One piece of work for `owner`. `work` is called in another thread and must not touch a widget."""

    def __init__(self, owner: QObject, work: Callable[..., T], lane: Lane = Lane.STORE) -> None:
        self._owner, self._work, self._lane = owner, work, lane
        self._then: Callable[[T], Any] | None = None
        self._failed: Callable[[Exception], Any] | None = None
        self._ended: list[Callable[[], Any]] = []
        self.progress: Progress | None = None

    def then(self, slot: Callable[[T], Any]) -> Task[T]:
        """Call `slot` with the result, in the GUI thread."""
        self._then = slot
        return self

    def failed(self, slot: Callable[[Exception], Any]) -> Task[T]:
        """Call `slot` with a `Refused` or `Weather`; other errors are defects and go to the crash window."""
        self._failed = slot
        return self

    def ended(self, slot: Callable[[], Any]) -> Task[T]:
        """Call `slot` afterwards, however it went."""
        self._ended.append(slot)
        return self

    def reporting(self) -> Task[T]:
        """Give the work a `Progress` as its first argument."""
        self.progress = Progress()
        return self

    def start(self) -> Task[T]:
        """Begin, or wait in line."""
        if _inline:
            self.receive(*self.answer())
            return self
        ticket, courier = next(_tickets), _courier()
        _waiting[ticket] = self

        def run() -> None:
            # The worker holds no task while it answers, so that no task ends with it: each ends in the GUI thread.
            courier.arrived.emit(ticket, *_waiting[ticket].answer())

        _under_way.add(future := pool(self._lane).submit(run))
        future.add_done_callback(_under_way.discard)
        return self

    def cancel(self) -> None:
        """Ask it to stop at its next report."""
        if self.progress:
            self.progress.cancel()

    def answer(self) -> tuple[Any, BaseException | None]:
        """Do the work; its result, or what it raised."""
        try:
            return (self._work(self.progress) if self.progress else self._work()), None
        except Exception as error:
            return None, error

    def receive(self, result: Any, error: Any) -> None:
        """Hand the answer on, in the GUI thread."""
        if not isValid(self._owner):
            return
        if error is None:
            if self._then:
                self._then(result)
        elif not isinstance(error, Cancelled):
            self._fail(error)
        for slot in self._ended:
            slot()

    def _fail(self, error: Exception) -> None:
        if isinstance(error, Refused | Weather) and self._failed:
            self._failed(error)
        else:
            sys.excepthook(type(error), error, error.__traceback__)


_pools: dict[Lane, ThreadPoolExecutor] = {}
_under_way: set[Future[None]] = set()
_waiting: dict[int, Task[Any]] = {}
_tickets = count()
_inline = False


def pool(lane: Lane) -> ThreadPoolExecutor:
    """The threads of a lane: one for the store, two for everything else.

    Python's own: the binding goes on holding a `QRunnable` after Qt's pool has deleted it, and takes the next object at
    that address for it.
    """
    if lane not in _pools:
        _pools[lane] = ThreadPoolExecutor(1 if lane is Lane.STORE else 2, thread_name_prefix=lane.name.lower())
    return _pools[lane]


@cache
def _courier() -> _Courier:
    return _Courier()


def finish(seconds: float = 10) -> None:
    """Wait for work under way: before the store is closed, and at the end."""
    wait(tuple(_under_way), seconds)


@contextmanager
def inline() -> Iterator[None]:
    """Do all work at once and in place, for tests and for pictures."""
    global _inline
    before, _inline = _inline, True
    try:
        yield
    finally:
        _inline = before
