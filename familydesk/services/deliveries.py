"""How this laptop stands to the others: what waits to go, where it was met, and when each was heard of last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from familydesk.core.i18n import _
from familydesk.sync import acquaintance, packing, shelf
from familydesk.sync.acquaintance import Acquaintance

if TYPE_CHECKING:
    from familydesk.services.office import Office


@dataclass(frozen=True, slots=True)
class Lacking:
    """What has not gone yet: changes, and the bytes they take as they lie here (sealed ones as they travel)."""

    records: int = 0
    size: int = 0


@dataclass(frozen=True, slots=True)
class Met:
    """A hub or a folder that was met. `lacking` counts what of this store it has not."""

    name: str
    at: datetime
    lacking: Lacking


@dataclass(frozen=True, slots=True)
class Laptop:
    """One laptop of the center. `who` works on it; `heard`: when something of it came last, on this very one None."""

    id: str
    who: str
    own: bool
    heard: datetime | None
    shut_out: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """The whole of it. `parked` counts what came and cannot be taken in yet; `confirmed`: the center knows this
    laptop.
    """

    places: tuple[Met, ...]
    laptops: tuple[Laptop, ...]
    parked: int
    confirmed: bool = True

    def place(self, name: str) -> Met | None:
        """The place of that name, if it was met."""
        return next((place for place in self.places if place.name == name), None)


class Deliveries:
    """Asked after every save: a few short looks into the store, and none at all on a laptop that has met nobody."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def unsent(self) -> int:
        """How many changes wait to go to where this laptop was last; 0 as long as it was nowhere."""
        with self._office.database.connection() as connection:
            known = acquaintance.known(connection)
            return self._lacking(connection, known[0]).records if known else 0

    def new_here(self) -> bool:
        """Whether this laptop has met nobody yet, though its center has others."""
        with self._office.database.connection() as connection:
            return self._office.center.several and not acquaintance.known(connection)

    def standing(self) -> Standing:
        """All of it, the place that was met last first."""
        with self._office.database.connection() as connection:
            places = tuple(self._met(connection, one) for one in acquaintance.known(connection))
            rows = connection.exec_driver_sql("SELECT device, heard FROM device").all()
            heard: dict[str, str | None] = {device: at for device, at in rows}
            parked = shelf.parked(connection) + sum(map(len, shelf.waiting(connection).values()))
        return Standing(places, tuple(self._laptops(heard)), parked, self._confirmed())

    def _met(self, connection: Connection, known: Acquaintance) -> Met:
        return Met(known.name, datetime.fromisoformat(known.met or ""), self._lacking(connection, known))

    def _lacking(self, connection: Connection, known: Acquaintance) -> Lacking:
        """What is in envelopes that are not there, and what is in no envelope yet."""
        number = self._office.database.device
        records, size = packing.waiting(connection, number), packing.volume(connection, number)
        for device, seq, changes in shelf.beyond(connection, known.seen):
            records += changes
            size += _size(connection, device, seq)
        return Lacking(records, size)

    def _laptops(self, heard: dict[str, str | None]) -> list[Laptop]:
        """Those that a head has vouched for, this one first."""
        center = self._office.center
        own = center.identity.device if center.identity else b""
        names = self._office.desk.names("staff_member", {one.account for one in center.log.laptops.values()})
        found = [
            Laptop(
                device.hex(),
                _called(names.get(one.account, ""), one.block),
                device == own,
                datetime.fromisoformat(at) if (at := heard.get(device.hex())) else None,
                device in center.log.cuts,
            )
            for device, one in center.log.laptops.items()
        ]
        return sorted(found, key=lambda one: (not one.own, one.who))

    def _confirmed(self) -> bool:
        """A laptop whose center has no list of laptops yet is its only one."""
        center = self._office.center
        return center.vouched or not center.log.laptops


def _size(connection: Connection, device: bytes, seq: int) -> int:
    query = "SELECT length(content) FROM envelope WHERE device = ? AND seq = ?"
    return int(connection.exec_driver_sql(query, (device.hex(), seq)).scalar_one())


def _called(who: str, block: int) -> str:
    """A laptop is known by who works on it, and by the block that stands in every number it gives."""
    return _("{name}, laptop {block}").format(name=who or "?", block=f"{block:02}")
