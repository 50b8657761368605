"""A victim and her offender, both known to one center, with a colleague for each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from small_center import NOW, Center

NUMBER = "+77015550199"


class Sides:
    """A victim, with a colleague; the offender, with `hers`. The case of the victim holds the incident."""

    def __init__(self, center: Center) -> None:
        self.center = center
        self.office = center.office
        self.hers = self.staff("Серік")
        self.victim = center.person("Жұмабаева", "Мөлдір")
        self.child = center.person("Жұмабаева", "Ая")
        self.offender = center.person("Жұмабаев", "Ермек")
        self.family = center.add("family", name="Жұмабаева", registered_on=NOW.date()).id
        for one in (self.victim, self.child):
            center.add("family_member", family_id=self.family, person_id=one, relation="CHILD")
        self.case = center.case(self.victim, family_id=self.family)
        self.incident = center.incident(self.case, self.victim, offender_id=self.offender, place="Баспана 3")
        self.phone = center.add("person_phone", person_id=self.victim, number=NUMBER, safe_to_call="WITH_CARE").id
        self.address = center.add("person_address", person_id=self.child, kind="SAFE_PLACE", street="Жасырын 9").id

    def staff(self, surname: str, role: str = "SOCIAL_WORKER") -> UUID:
        return self.center.add("staff_member", surname=surname, given="Ая", role=role).id

    def serve(self, **values: Any) -> UUID:
        """The offender becomes a client."""
        return self.center.case(self.offender, **{"responsible_id": self.hers, **values})

    @contextmanager
    def seat(self, who: UUID) -> Iterator[None]:
        before = self.office.database.actor
        self.office.database.actor = who
        yield
        self.office.database.actor = before
