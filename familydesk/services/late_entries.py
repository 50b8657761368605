"""Events of the journal that may be written a moment later: views at once, a search when the typing has settled."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from familydesk.store.journal import Entry

SETTLED = 3.0
"""Seconds without another search after which the last one counts."""
RETRY = 5.0
"""Seconds until what the disk did not take is tried again."""


class LateEntries:
    """A queue and the thread that empties it, begun with the first entry. `write` says whether the disk took them."""

    def __init__(self, write: Callable[[list[Entry]], bool]) -> None:
        self._write = write
        self._ready: list[Entry] = []
        self._settling: Entry | None = None
        self._settles_at = 0.0
        self._changed = threading.Condition()
        self._writing = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stopped = False

    def add(self, entry: Entry) -> None:
        """To be written now. What was searched before it has settled by that."""
        with self._changed:
            self._settle()
            self._ready.append(entry)
            self._wake()

    def settle(self, entry: Entry) -> None:
        """To be written unless another search follows soon."""
        with self._changed:
            asleep = self._settling is None
            self._settling, self._settles_at = entry, time.monotonic() + SETTLED
            if asleep:
                self._wake()

    def take(self) -> list[Entry]:
        """All that waits; the caller writes it."""
        with self._changed:
            self._settle()
            taken, self._ready = self._ready, []
            return taken

    def flush(self) -> bool:
        """Write all that waits; afterwards nothing is under way. False if the disk did not take it: it waits on."""
        with self._writing:
            entries = self.take()
            if entries and not self._write(entries):
                self.put_back(entries)
                return False
        return True

    def put_back(self, entries: list[Entry]) -> None:
        """What was taken and could not be written."""
        with self._changed:
            self._ready[:0] = entries

    def stop(self) -> list[Entry]:
        """End the thread, and give back what it has not written."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()
        return self.take()

    def _settle(self) -> None:
        if self._settling is not None:
            self._ready.append(self._settling)
            self._settling = None

    def _wake(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
            self._thread.start()
        self._changed.notify_all()

    def _run(self) -> None:
        while self._waited():
            if not self.flush():
                self._pause()

    def _waited(self) -> bool:
        """Wait until there is something to write; False when it is over."""
        with self._changed:
            while not self._stopped:
                left = self._settles_at - time.monotonic()
                if self._ready or (self._settling and left <= 0):
                    return True
                self._changed.wait(left if self._settling else None)
        return False

    def _pause(self) -> None:
        with self._changed:
            if not self._stopped:
                self._changed.wait(RETRY)
