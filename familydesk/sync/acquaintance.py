"""What a laptop remembers of whom it met (table PEER): where to go on, and up to where the other had everything."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from familydesk.core import clock


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """One peer as it was left."""

    name: str
    after: str = ""
    seen: Mapping[bytes, int] = field(default_factory=dict)
    """By device: up to which number it had envelopes then."""
    left: Mapping[str, str] = field(default_factory=dict)
    """By kind: a digest of the names of this laptop's objects, all of which it had then."""
    met: str | None = None

    def lacks(self, have: Mapping[bytes, int]) -> bool:
        """Whether a peer that has this now has lost what it had."""
        return any(have.get(device, 0) < last for device, last in self.seen.items())


def recall(connection: Connection, name: str) -> Acquaintance:
    """What is known of a peer."""
    row = connection.exec_driver_sql('SELECT "after", seen, met FROM peer WHERE name = ?', (name,)).one_or_none()
    return _read(name, *row) if row else Acquaintance(name)


def known(connection: Connection) -> list[Acquaintance]:
    """Every peer that was met, the last one first."""
    query = 'SELECT name, "after", seen, met FROM peer WHERE met IS NOT NULL ORDER BY met DESC'
    return [_read(*row) for row in connection.exec_driver_sql(query)]


def go_on(connection: Connection, name: str, after: str) -> None:
    """Remember where to go on, as soon as what came so far is on the shelf."""
    connection.exec_driver_sql(
        """INSERT INTO peer(name, "after", public, token) VALUES(?, ?, '', '')
            ON CONFLICT(name) DO UPDATE SET "after" = excluded."after\"""",
        (name, after),
    )


def part(connection: Connection, name: str, seen: Mapping[bytes, int], left: Mapping[str, str]) -> None:
    """Remember the end of a meeting."""
    written = json.dumps({"have": {device.hex(): last for device, last in sorted(seen.items())}, "left": dict(left)})
    connection.exec_driver_sql(
        """INSERT INTO peer(name, "after", public, token, seen, met) VALUES(?, '', '', '', ?, ?)
            ON CONFLICT(name) DO UPDATE SET seen = excluded.seen, met = excluded.met""",
        (name, written, clock.now().isoformat()),
    )


def _read(name: str, after: str, seen: str, met: str | None) -> Acquaintance:
    said = json.loads(seen)
    have = {bytes.fromhex(device): last for device, last in said.get("have", {}).items()}
    return Acquaintance(name, after, have, said.get("left", {}), met)
