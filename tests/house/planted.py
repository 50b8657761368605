"""A center in which every text is unique, so that wherever one turns up it is known whose it is and how secret.

Six families: the reader's own case, one in which she works, a colleague's, one nobody is responsible for, one whose
offender she serves, and one she is kept from because she is related to somebody in it.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

from samples import ASKED, sample
from sqlalchemy.orm import Session

from familydesk.core import clock
from familydesk.core.fields import Field, Kind, Secrecy
from familydesk.core.record import Record, StreamKind
from familydesk.records import SHEETS, sheet_of
from familydesk.records.person import IinAbsence
from familydesk.records.staff_member import Role
from familydesk.services.office import Office
from familydesk.services.rights import KEPT_BY_HEAD, OPEN_TO_ALL
from familydesk.store.privileged import Privileged

NOT_OF_FAMILIES = OPEN_TO_ALL | KEPT_BY_HEAD
REACHING = ("person_phone", "person_address")
FIRST = ("person", "family", "case")
OF_FAMILIES = sorted(
    (sheet for sheet in SHEETS if sheet.sheet() not in NOT_OF_FAMILIES | {"destruction_act"}),
    key=lambda sheet: sheet.sheet() not in FIRST,
)
"""Every sheet that speaks of families, those that others refer to first."""


class Place(enum.Enum):
    """How the reader stands to a family."""

    OWN = "own"
    TEAM = "team"
    OTHER = "other"
    NOBODYS = "nobody's"
    OPPOSITE = "opposite"
    KEPT_FROM = "kept from"


@dataclass(frozen=True)
class Plant:
    """One planted text: where it stands, and how secret it is."""

    text: str
    place: Place
    sheet: str
    record: UUID
    field: Field

    @property
    def word(self) -> str:
        return self.text.removeprefix("+")

    @property
    def of_case(self) -> bool:
        return sheet_of(self.sheet).stream.kind is not StreamKind.CENTER


@dataclass
class Garden:
    """What was planted for one reader."""

    reader: UUID
    plants: list[Plant] = field(default_factory=list)
    records: dict[Place, list[tuple[str, UUID]]] = field(default_factory=dict)
    person: dict[Place, UUID] = field(default_factory=dict)
    case: dict[Place, UUID] = field(default_factory=dict)

    def of(self, *places: Place) -> Iterator[tuple[str, UUID]]:
        for place in places:
            yield from self.records[place]


def key_of(who: UUID) -> bytes:
    return who.bytes * 2


def sit_down(office: Office, who: UUID) -> None:
    """Another person at the desk, with her own key."""
    office.database.actor = who
    office.database.privileged = Privileged(who, {who: key_of(who)})


class Gardener:
    """Plants for every role in one store."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.colleague = self._staff("MEDIATOR", "Әріптес")
        self._count = count(1)

    def plant(self, role: Role) -> Garden:
        """A reader of this role and her six families, in one transaction."""
        garden = Garden(self._staff(role.name, f"Оқырман{role.name}"))
        with self.office.database.write() as session:
            for place in Place:
                self._family(session, garden, place)
        return garden

    def _staff(self, role: str, surname: str) -> UUID:
        return self.office.desk.save("staff_member", {"surname": surname, "given": "Ая", "role": Role[role]}).id

    def _family(self, session: Session, garden: Garden, place: Place) -> None:
        """Every sheet of a family once. Who is written down in it is a colleague, unless the reader works in it."""
        me = garden.reader
        offender = self._save(session, "person", {"surname": "Кінәлі", "given": "Адам"}, None, None)
        worker = me if place is Place.TEAM else self.colleague
        known = {"staff_member": worker, "offender": offender}
        garden.records[place] = []
        for sheet in OF_FAMILIES:
            values = dict(self._values(sheet, known))
            if sheet.sheet() == "case":
                values |= self._of_case(place, me)
            known[sheet.sheet()] = self._save(session, sheet.sheet(), values, garden, place)
        garden.person[place], garden.case[place] = known["person"], known["case"]
        if place is Place.OPPOSITE:
            his = {"client_id": offender, "responsible_id": me, "opened_on": clock.today()}
            self._save(session, "case", his, None, None)

    def _of_case(self, place: Place, me: UUID) -> dict[str, Any]:
        responsible = {Place.OWN: me, Place.NOBODYS: None}.get(place, self.colleague)
        return {"responsible_id": responsible, "kept_from_id": me if place is Place.KEPT_FROM else None}

    def _values(self, sheet: type[Record], known: dict[str, UUID]) -> Iterator[tuple[str, Any]]:
        asked = ASKED.get(sheet.sheet(), {})
        for one in sheet.fields():
            if one.name in asked:
                value = asked[one.name]
                yield one.name, one.choices[value] if one.choices and isinstance(value, str) else value
            elif one.kind is Kind.REFERENCE:
                other = one.name in ("offender_id", "relative_id", "other_id")
                yield one.name, known["offender"] if other else known.get(one.target or "")
            elif not sheet.numbered[0] or one.name != sheet.numbered[0]:
                yield one.name, self._fresh(one)

    def _fresh(self, one: Field) -> Any:
        number = next(self._count)
        if one.kind in (Kind.LINE, Kind.NOTE):
            return _word(number)
        if one.kind is Kind.PHONE:
            return f"+7777{number:07}"
        if one.kind is Kind.IIN:
            return None
        return sample(one)

    def _save(
        self, session: Session, sheet: str, values: dict[str, Any], garden: Garden | None, place: Place | None
    ) -> UUID:
        if sheet == "person":
            values = {**values, "iin": None, "iin_absence": IinAbsence.NO_DOCUMENT}
        kind = sheet_of(sheet)
        typed = {name: value for name, value in values.items() if name not in kind.programs_own}
        record = self.office.desk.save_in(session, sheet, typed).record
        if kind.programs_own:
            written = session.get_one(kind, record.id)
            for name in kind.programs_own & values.keys():
                setattr(written, name, values[name])
        if garden and place:
            garden.records[place].append((sheet, record.id))
            garden.plants += [
                Plant(value, place, sheet, record.id, one)
                for one in record.fields()
                if one.kind in (Kind.LINE, Kind.NOTE, Kind.PHONE) and one.secrecy > Secrecy.PLAIN
                if isinstance(value := values.get(one.name), str)
            ]
        return record.id


def _word(number: int) -> str:
    """A word like no other, not even nearly: the search forgives a letter or two."""
    drawn = Random(number)
    return "Щ" + "".join(drawn.choices("бвгджзклмнпрстфхц", k=10)) + "щ"


WORDS = re.compile(r"Щ[б-ц]{10}щ|7777\d{7}")
"""Every planted text, wherever it stands; of a telephone number without its plus."""
