"""A tale: what one family lived through at the center, told event by event."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import TypeVar
from uuid import UUID

from familydesk.core import clock
from familydesk.services.demo_data.chronicle import Chronicle, Page
from familydesk.services.demo_data.furnishing import Furnished
from familydesk.services.demo_data.people import Household, Registry

T = TypeVar("T")

FRIDAY = 4


@dataclass
class Tale:
    """One family, the day it came, and the ids of its records as they come into being."""

    chronicle: Chronicle
    center: Furnished
    random: Random
    registry: Registry
    house: Household
    came_on: date
    manager: UUID
    tie: str = "SPOUSE"
    """What the partner is to the client, as kinship says it: SPOUSE, FORMER_SPOUSE or PARTNER."""
    ids: dict[str, UUID] = field(default_factory=dict)

    def day(self, after: int) -> date:
        """So many days after the family came, moved back to Friday from a weekend but never before the first day."""
        day = self.came_on + timedelta(days=after)
        day -= timedelta(days=max(0, day.weekday() - FRIDAY))
        return max(day, self.came_on)

    def at(self, after: int, hour: int | None = None) -> datetime:
        """A moment in office hours of that day."""
        day = self.day(after)
        hour = self.random.randint(10, 17) if hour is None else hour
        return clock.local(day.year, day.month, day.day, hour, 5 * self.random.randint(0, 11))

    def lately(self, days: int) -> datetime:
        """A moment so many days ago, or soon after the family came."""
        return min(self.at(max(0, self.age_in_days - days), 9), self.chronicle.now)

    def tell(self, at: datetime, write: Callable[[Page], None], who: UUID | None = None) -> None:
        """An event of this family."""
        self.chronicle.tell(at, who or self.manager, write)

    def pick(self, some: Sequence[T]) -> T:
        """One of them."""
        return self.random.choice(some)

    def chance(self, share: float) -> bool:
        """True in this share of tales."""
        return self.random.random() < share

    @property
    def age_in_days(self) -> int:
        """How long ago the family came."""
        return (self.chronicle.now.date() - self.came_on).days
