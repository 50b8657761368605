"""One thing among several that came, tried by itself: what this program fails over stops nothing beside it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from familydesk.core.errors import Weather
from familydesk.store.weather import weather_of
from familydesk.sync.wire.bounds import Defect

T = TypeVar("T")

log = logging.getLogger(__name__)


def attempt(connection: Connection, act: Callable[[], T]) -> T | None:
    """What `act` gives back; None if this program failed over it, and then nothing of it is written.

    A failing disk is nobody's fault and Defect is the caller's to judge: both go through, with nothing written either.
    """
    try:
        with connection.begin_nested():
            return act()
    except (Weather, Defect, MemoryError):
        raise
    except Exception as error:
        if weather_of(error) is not None:
            raise
        # Its kind only: the words of an error may hold what somebody wrote.
        log.error("something that came could not be applied: %s", type(error).__name__)
        return None
