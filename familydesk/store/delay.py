"""The growing wait after wrong passphrases, kept beside the store so that closing the program does not end it.

It slows a stranger at an unattended keyboard. Whoever carries the files away is slowed by the derivation alone.

The clock on the wall is never asked, because that stranger can set it. What passes is counted in seconds since the
computer was switched on; a restart counts from nothing, so the time for which it was off shortens no wait.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from familydesk.store import durable
from familydesk.store.weather import told_plainly

FREE_TRIES = 2
"""Everyone mistypes: these tries cost no wait."""
LONGEST = 900
"""Seconds. There is no wiping: on shared official records that would be a weapon against their owner."""
_DOUBLINGS = LONGEST.bit_length()


@dataclass(slots=True)
class _State:
    tries: int = 0
    wait: float = 0.0
    since: float = 0.0


def switched_on() -> float:
    """Seconds since the computer was switched on, with those for which it slept where the system counts them."""
    counts_sleep = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if counts_sleep is None else time.clock_gettime(counts_sleep)


class Delay:
    """The wait of one store. `clock` tells the seconds since the computer was switched on."""

    def __init__(self, path: Path, clock: Callable[[], float] = switched_on) -> None:
        self._path = path
        self._clock = clock

    def left(self) -> int:
        """Whole seconds still to wait."""
        state = self._read()
        now = self._clock()
        if now < state.since:
            # Switched on anew: at least as much has passed as since then.
            state.since = 0.0
            self._write(state)
        left = state.wait - (now - state.since)
        return max(0, -int(-left // 1))

    def count_try(self) -> None:
        """One more try. Counted before the passphrase is looked at, so that a killed program has counted it too."""
        state = self._read()
        tries = state.tries + 1
        wait = 0 if tries <= FREE_TRIES else min(LONGEST, 2 ** min(tries - FREE_TRIES, _DOUBLINGS))
        self._write(_State(tries, wait, self._clock()))

    def clear(self) -> None:
        """The right passphrase was given."""
        with told_plainly():
            self._path.unlink(missing_ok=True)

    def _read(self) -> _State:
        try:
            found = json.loads(self._path.read_bytes())
            tries, wait, since = int(found["tries"]), float(found["wait"]), float(found["since"])
            return _State(max(0, tries), min(max(0.0, wait), LONGEST), since if math.isfinite(since) else 0.0)
        except (OSError, ValueError, OverflowError, KeyError, TypeError):
            return _State()

    def _write(self, state: _State) -> None:
        content = json.dumps({"tries": state.tries, "wait": state.wait, "since": state.since})
        with told_plainly():
            durable.replace(self._path, content.encode())
