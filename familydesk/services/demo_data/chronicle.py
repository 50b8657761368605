"""A chronicle: events told in any order and written down in the order in which they happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from familydesk.core import clock
from familydesk.records import sheet_of
from familydesk.services.office import Office

TOGETHER = 40
"""Events written in one transaction: each of its own would wait for the disk."""


class Page:
    """Writes records at one moment, as one colleague."""

    def __init__(self, office: Office, session: Session) -> None:
        self._office = office
        self._session = session

    def add(self, sheet: str, **values: Any) -> UUID:
        """A new record; choices by NAME."""
        return self._office.desk.save_in(self._session, sheet, _chosen(sheet, values)).id

    def change(self, sheet: str, id: UUID, **values: Any) -> None:
        """Other values of a record that is there."""
        self._office.desk.save_in(self._session, sheet, _chosen(sheet, values), id)


@dataclass(order=True)
class Event:
    """Something that was written down at a moment; `turn` keeps events of one moment in the order of telling."""

    at: datetime
    turn: int
    who: UUID = field(compare=False)
    write: Callable[[Page], None] = field(compare=False)


class Chronicle:
    """Events of a center up to the moment `now`."""

    def __init__(self, office: Office, now: datetime) -> None:
        self.office = office
        self.now = now
        self.events: list[Event] = []

    def tell(self, at: datetime, who: UUID, write: Callable[[Page], None]) -> None:
        """Have `write` called when its time comes. What has not happened yet is left out."""
        if at <= self.now:
            self.events.append(Event(at, len(self.events), who, write))

    def write(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Write every event, the oldest first, with the clock held at its moment."""
        events = sorted(self.events)
        for start in range(0, len(events), TOGETHER):
            with self.office.database.write() as session:
                page = Page(self.office, session)
                for event in events[start : start + TOGETHER]:
                    with clock.stopped(event.at), self._at_the_desk(event.who):
                        event.write(page)
            if progress:
                progress(min(start + TOGETHER, len(events)), len(events))

    @contextmanager
    def _at_the_desk(self, who: UUID) -> Iterator[None]:
        database = self.office.database
        before, database.actor = database.actor, who
        try:
            yield
        finally:
            database.actor = before


def _chosen(sheet: str, values: dict[str, Any]) -> dict[str, Any]:
    return {name: _choice(sheet, name, value) for name, value in values.items()}


def _choice(sheet: str, name: str, value: Any) -> Any:
    choices = sheet_of(sheet).field(name).choices
    if choices is None:
        return value
    if isinstance(value, str):
        return choices[value]
    return tuple(choices[item] for item in value) if isinstance(value, tuple) else value
