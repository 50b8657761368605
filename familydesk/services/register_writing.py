"""Imported rows on their way into the store, many at a time, through the same triggers and index as a saved record."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from familydesk.core import clock
from familydesk.core.i18n import N_, translate
from familydesk.core.ids import new_id
from familydesk.core.record import Record
from familydesk.exchange.identity import Known, place_key
from familydesk.exchange.vocabulary import channel_of, is_danger, reason_of
from familydesk.law import iin as law
from familydesk.records.application import Application
from familydesk.records.person import IinAbsence, Person, Sex
from familydesk.records.person_address import AddressKind, PersonAddress
from familydesk.records.person_phone import PersonPhone
from familydesk.records.possible_duplicate import Alike, DuplicateState, PossibleDuplicate
from familydesk.services.numbering import next_number

if TYPE_CHECKING:
    from familydesk.services.office import Office
    from familydesk.services.register_plan import Step

_BATCH = 1_000
_Values = dict[str, Any]
"""A record by its columns: as a mapped object it would take as long to fill as its row takes to write."""


class Writing:
    """Writes steps in the caller's transaction. `finish` must be called at the end."""

    def __init__(self, office: Office, session: Session) -> None:
        self._office = office
        self._session = session
        self._waiting: defaultdict[type[Record], list[_Values]] = defaultdict(list)
        self._people: dict[UUID, None] = {}
        self._held: dict[UUID, set[str]] = {}
        self._source = translate(N_("Register, {day}, line {line}"))
        self._day = clock.today().strftime("%d.%m.%Y")

    def add(self, step: Step) -> None:
        """Write what a step made: the person if she is new, facts that she did not have, the application."""
        person, row = step.person, step.row
        assert person is not None
        if step.new:
            self._people[person.id] = None
            self._put(Person, **_person(person, row.absence))
        self._put_facts(person, row.phones, row.address)
        for other, shared in step.alike:
            self._put_pair(person, other, shared)
        self._put(Application, **self._application(step))
        if len(self._waiting[Application]) >= _BATCH:
            self._flush()

    def finish(self) -> None:
        """Write what is left; people enter the search once, with all that was learned of them."""
        self._flush()
        self._office.search.index_ids(self._session.connection(), Person, self._people)
        self._people = {}

    def _flush(self) -> None:
        """Send what is waiting to the file, one statement a sheet."""
        connection = self._session.connection()
        for sheet, rows in self._waiting.items():
            if rows:
                connection.execute(insert(sheet.metadata.tables[sheet.sheet()]), rows)
        self._office.search.index_ids(connection, Application, [row["id"] for row in self._waiting[Application]])
        self._waiting.clear()

    def _put(self, sheet: type[Record], **values: Any) -> None:
        self._waiting[sheet].append({**_blank(sheet), "id": new_id(), **values})

    def _numbers_waiting(self) -> set[str | None]:
        return {waiting["number"] for waiting in self._waiting[Application]}

    def _put_facts(self, person: Known, phones: tuple[str, ...], address: str) -> None:
        """Telephones and addresses that nobody has written down for her yet."""
        held = self._held_by(person)
        for phone in phones:
            if phone not in held:
                held.add(phone)
                self._put_fact(PersonPhone, person, number=phone)
        place = place_key(address) or address
        if place and place not in held:
            held.add(place)
            self._put_fact(PersonAddress, person, kind=AddressKind.ACTUAL, as_written=address)

    def _put_fact(self, sheet: type[Record], person: Known, **values: Any) -> None:
        self._people[person.id] = None
        self._put(sheet, person_id=person.id, **values)

    def _held_by(self, person: Known) -> set[str]:
        if person.id not in self._held:
            self._held[person.id] = self._stored_facts(person) if person.stored else set()
        return self._held[person.id]

    def _stored_facts(self, person: Known) -> set[str]:
        phones = self._session.query(PersonPhone.number).where(PersonPhone.person_id == person.id)
        places = self._session.query(PersonAddress.as_written).where(PersonAddress.person_id == person.id)
        return {number for (number,) in phones if number} | {place_key(at) or at for (at,) in places if at}

    def _put_pair(self, person: Known, other: Known, shared: bool) -> None:
        why = Alike.NAME_AND_FACT if shared else Alike.NAME
        self._put(PossibleDuplicate, person_id=person.id, other_id=other.id, why=why, state=DuplicateState.OPEN)

    def _application(self, step: Step) -> _Values:
        row = step.row
        assert step.person is not None
        return dict(
            number=row.number or next_number(self._session, Application, self._numbers_waiting()),
            received_at=row.received_at,
            person_id=step.person.id,
            channel=channel_of(row.channel or row.sender),
            reason=reason_of(row.reason),
            reason_text=row.reason or None,
            threat_to_life=is_danger(row.reason) or None,
            sender=row.sender or None,
            taken_by=row.taken_by or None,
            result=row.result or None,
            repeated=step.again,
            iin_as_written=None if row.iin else row.iin_written or None,
            source=self._source.format(day=self._day, line=row.line),
            imported_row=row.as_it_was(),
            imported_mark=row.fingerprint.hex(),
        )


def _person(known: Known, absence: str) -> _Values:
    """Of an IIN the date of birth and the sex are read; without one the reason stands."""
    name = known.name
    told = law.read(known.iin) if known.iin else None
    return dict(
        id=known.id,
        surname=name.surname,
        given=name.given,
        patronymic=name.patronymic or None,
        iin=known.iin or None,
        iin_absence=None if known.iin else IinAbsence[absence or "NOT_RECORDED"],
        born_on=(told.born_on if told else None) or known.born_on,
        sex=Sex[told.sex] if told and told.sex else None,
    )


@cache
def _blank(sheet: type[Record]) -> _Values:
    """Every column of a sheet as it is where nothing was said."""
    defaults = {column.name: column.default for column in sheet.__table__.columns}
    return {
        name: default.arg if default is not None and default.is_scalar else None for name, default in defaults.items()
    }
