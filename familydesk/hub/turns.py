"""Whoever waits for the same lock shares one turn: what has gathered meanwhile goes into the next transaction together.

Without it each batch of a busy center would wait for a commit of its own, one after the other.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")
AT_ONCE = 16
"""So many share a turn at most."""


@dataclass
class _Line(Generic[T]):
    turn: threading.Lock = field(default_factory=threading.Lock)
    waiting: list[_Place[T]] = field(default_factory=list)


@dataclass(eq=False)
class _Place(Generic[T]):
    work: T
    done: bool = False
    error: BaseException | None = None


class Turns(Generic[T]):
    """A line for each center. `do` does the work of several at once; what it raises is told to each of them."""

    def __init__(self, do: Callable[[bytes, Sequence[T]], None]) -> None:
        self._do = do
        self._lock = threading.Lock()
        self._lines: dict[bytes, _Line[T]] = {}

    def take(self, center: bytes, work: T) -> None:
        """Return when the work is done, by this thread or by another one that came first."""
        place = _Place(work)
        with self._lock:
            line = self._lines.setdefault(center, _Line())
            line.waiting.append(place)
        while not place.done:
            with line.turn:
                if not place.done:
                    self._go(center, line)
        if place.error is not None:
            raise place.error

    def _go(self, center: bytes, line: _Line[T]) -> None:
        with self._lock:
            together, line.waiting = line.waiting[:AT_ONCE], line.waiting[AT_ONCE:]
        try:
            self._do(center, [place.work for place in together])
        except BaseException as error:
            for place in together:
                place.error = error
        finally:
            for place in together:
                place.done = True
