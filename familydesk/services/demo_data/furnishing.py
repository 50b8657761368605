"""The center's own directory: its name, its staff, the bodies it works with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from familydesk.core import clock
from familydesk.services.demo_data import bodies
from familydesk.services.demo_data.chronicle import Page
from familydesk.services.office import Office


@dataclass(frozen=True)
class Furnished:
    """Ids of colleagues by role (the first of each), and of bodies by kind."""

    head: UUID
    colleagues: dict[str, list[UUID]]
    bodies: dict[str, UUID]

    def one(self, role: str) -> UUID:
        """The first colleague of a role, or the head."""
        return self.colleagues.get(role, [self.head])[0]


def furnish(office: Office, now: datetime) -> Furnished:
    """Write the directory down, as it was before the first family came."""
    with clock.stopped(now - timedelta(days=430)), office.database.write() as session:
        page = Page(office, session)
        center = office.desk.find("center", limit=1)[0]
        page.change("center", center.id, **bodies.CENTER)
        region = next(iter(office.desk.ids("region", {"kato": "110000000"})), None)
        colleagues: dict[str, list[UUID]] = {}
        for place, values in enumerate(bodies.STAFF):
            absent = {"absent_from": now.date() - timedelta(days=4), "absent_until": now.date() + timedelta(days=10)}
            id = page.add("staff_member", **values, **(absent if place == 1 else {}))
            colleagues.setdefault(values["role"], []).append(id)
        known = {
            kind: page.add("organisation", kind=kind, name_kk=kk, name_ru=ru, phone=phone, region_id=region)
            for kind, kk, ru, phone in reversed(bodies.ORGANISATIONS)
        }
    return Furnished(office.me, colleagues, known)
