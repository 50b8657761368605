"""One program at a time: a lock of the operating system, which a killed program cannot leave behind."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from familydesk.core.errors import Weather
from familydesk.core.i18n import N_
from familydesk.store.weather import told_plainly


class StoreLock:
    """The lock on a store's folder, held from `__init__` to `release`."""

    def __init__(self, path: Path) -> None:
        """Weather if another window or command holds it, or if the folder cannot be written to."""
        # Loading it costs as much as drawing the first window, and only an opening needs it.
        from filelock import FileLock, Timeout

        self._path = path
        self._lock = FileLock(path, mode=0o600, thread_local=False)
        try:
            with told_plainly():
                self._lock.acquire(timeout=0)
        except Timeout:
            raise Weather(
                N_("The store is already open on this computer, in another window or command."),
                N_("Go on working there, or close it and try again."),
            ) from None

    def release(self) -> None:
        """Let others in. Harmless when done twice."""
        self._lock.release()

    def remove(self) -> None:
        """Let go, and leave no file. Its name goes first: whoever opened it meanwhile sees that and tries again."""
        with suppress(PermissionError):
            # Windows removes no file that is open: there the empty file stays.
            self._path.unlink(missing_ok=True)
        self._lock.release()

    def __enter__(self) -> StoreLock:
        return self

    def __exit__(self, *exc: object) -> None:
        self.release()
