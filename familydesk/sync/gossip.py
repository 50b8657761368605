"""What laptops tell one another of hubs, and a hub's clock.

Each envelope names the end of a hub's log as its writer had read it. Whoever meets that hub next asks what it signs for
the same place. So a hub that was put back, or that shows people different histories, is found out as soon as two of
them hear of each other by any road, be it a stick.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Protocol, runtime_checkable

from sqlalchemy import Connection

from familydesk.core import clock
from familydesk.core.errors import Problem, Weather
from familydesk.core.i18n import N_
from familydesk.store.database import Database
from familydesk.sync import acquaintance
from familydesk.sync.hub_memory import OTHER_HISTORY, Memory
from familydesk.sync.opening import DOUBTFUL
from familydesk.sync.wire.body import Clock, HubMemory
from familydesk.sync.wire.head import Head

CLOCK_WRONG = N_(
    "The clock of this computer and the hub's differ by {minutes} minutes. Set it right: terms are reckoned by it."
)
HEARD = "hub_heard."
"""Facts of the file under this name, a hub's key and a device (hex): the place and the chain that it told of."""
COMPARED = "clock_compared"
"""The fact of the file that says when this computer's clock last agreed with a hub's, in milliseconds."""
_DAY = 24 * 60 * 60 * 1000
_SET = "INSERT OR REPLACE INTO meta(key, value) VALUES(?, ?)"


@runtime_checkable
class Hub(Protocol):
    """A peer that signs what it holds."""

    newest: Head | None
    """What it signed at this meeting."""

    def head(self, at: int) -> Head | None:
        """What it signs of its log as it was at a place; None beyond its end."""


# Told


def hear(connection: Connection, device: bytes, memory: HubMemory | None) -> None:
    """Keep what an envelope of a device tells of a hub."""
    if memory is not None:
        name = f"{HEARD}{memory.hub.hex()}.{device.hex()}"
        connection.exec_driver_sql(_SET, (name, f"{memory.position}.{memory.chain.hex()}"))


def remembered(connection: Connection) -> HubMemory | None:
    """What this laptop has to tell: where it stands in the log of the hub that it met last."""
    memories = (Memory.of(one.after) for one in acquaintance.known(connection))
    return next((HubMemory(one.hub, one.position, one.chain) for one in memories if one.hub and one.position), None)


def worth(connection: Connection, behind: bool) -> Clock:
    """What this computer's clock is worth; `behind`: whether it stands before what was written already."""
    if behind:
        return Clock.BEHIND
    agreed = connection.exec_driver_sql("SELECT value FROM meta WHERE key = ?", (COMPARED,)).scalar()
    return Clock.COMPARED if agreed and 0 <= _now() - int(agreed) < _DAY else Clock.UNKNOWN


# Held against a hub


def held_against(database: Database, peer: object) -> list[Problem]:
    """What is to be said of a hub that was just met: its history, and how its clock stands to this one.

    Nothing of a folder. What could not be asked because the road failed is asked at the next meeting.
    """
    if not isinstance(peer, Hub) or peer.newest is None:
        return []
    found = list(_of_clock(database, peer.newest))
    with suppress(Weather):
        found += _of_history(database, peer, peer.newest)
    return found


def _of_history(database: Database, hub: Hub, newest: Head) -> list[Problem]:
    like = f"{HEARD}{newest.hub.hex()}."
    with database.connection() as connection:
        rows = connection.exec_driver_sql("SELECT key, value FROM meta WHERE key >= ? AND key < ?", (like, like + "g"))
        told = {key: _place(value) for key, value in rows}
    shown = {place: _shows(hub, newest, *place) for place in set(told.values())}
    with database.connection(write=True) as connection:
        for key in told:
            connection.exec_driver_sql("DELETE FROM meta WHERE key = ?", (key,))
    return [] if all(shown.values()) else [Problem("", OTHER_HISTORY, warning=True)]


def _place(value: str) -> tuple[int, bytes]:
    position, _, chain = value.partition(".")
    return int(position), bytes.fromhex(chain)


def _shows(hub: Hub, newest: Head, position: int, chain: bytes) -> bool:
    if position == newest.position:
        return chain == newest.chain
    there = hub.head(position)
    return there is not None and there.chain == chain


def _of_clock(database: Database, newest: Head) -> Iterator[Problem]:
    now = _now()
    apart = abs(now - newest.at)
    with database.connection(write=True) as connection:
        if apart <= DOUBTFUL:
            connection.exec_driver_sql(_SET, (COMPARED, str(now)))
        else:
            connection.exec_driver_sql("DELETE FROM meta WHERE key = ?", (COMPARED,))
            yield Problem("", CLOCK_WRONG, {"minutes": apart // 60_000}, warning=True)


def _now() -> int:
    return int(clock.now().timestamp() * 1000)
