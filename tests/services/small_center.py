"""Shorthand for the records of a small center, and its moment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from familydesk.core import clock
from familydesk.records import sheet_of
from familydesk.services.office import Office

NOW = clock.local(2026, 11, 18, 10)


class Center:
    """Shorthand for the records that cases are made of; what a test does not care about is filled in."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.worker = self.add("staff_member", surname="Оспанова", given="Гүлнар", role="CASE_MANAGER").id

    def add(self, sheet: str, **values: Any) -> Any:
        """The record saved from `values`; choices may be given by NAME."""
        return self.office.desk.save(sheet, {name: self._value(sheet, name, value) for name, value in values.items()})

    def _value(self, sheet: str, name: str, value: Any) -> Any:
        choices = sheet_of(sheet).field(name).choices
        if choices and isinstance(value, str):
            return choices[value]
        return tuple(choices[item] for item in value) if choices and isinstance(value, tuple) else value

    def person(self, surname: str = "Жұмабаева", given: str = "Мөлдір", **values: Any) -> UUID:
        values.setdefault("iin_absence", None if values.get("iin") else "NOT_RECORDED")
        return self.add("person", surname=surname, given=given, **values).id

    def case(self, client: UUID | None = None, **values: Any) -> UUID:
        values.setdefault("responsible_id", self.worker)
        values.setdefault("opened_on", NOW.date() - timedelta(days=30))
        return self.add("case", client_id=client or self.person(), **values).id

    def application(self, person: UUID | None = None, **values: Any) -> UUID:
        values = {"received_at": NOW, "channel": "SELF", "reason": "DOMESTIC_VIOLENCE", **values}
        return self.add("application", person_id=person or self.person(), **values).id

    def incident(self, case: UUID, victim: UUID, **values: Any) -> UUID:
        values = {"happened_at": NOW - timedelta(hours=2), "learned_at": NOW, "forms": ("PHYSICAL",), **values}
        values.setdefault("offender_relation", "SPOUSE")
        return self.add("incident", case_id=case, victim_id=victim, **values).id

    def order(self, case: UUID, victim: UUID, **values: Any) -> UUID:
        values = {"number": "412", "issued_at": NOW - timedelta(days=10), "issued_by": "Полиция", **values}
        return self.add("protective_order", case_id=case, victim_id=victim, **values).id

    def referral(self, case: UUID, person: UUID, **values: Any) -> UUID:
        values = {"destination_kind": "POLICE", "request": "Көмек", "exception": "THREAT_TO_LIFE", **values}
        return self.add("referral", case_id=case, person_id=person, **values).id
