"""What each row of a register becomes: decided from the file and the store, written nowhere."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from familydesk.core.fields import Field
from familydesk.core.ids import new_id
from familydesk.exchange.identity import Identities, Known, facts_of, may_be_one
from familydesk.exchange.names import PersonName
from familydesk.exchange.packed import PackedRows
from familydesk.exchange.problems import Fault
from familydesk.exchange.problems_workbook import Flagged
from familydesk.records.application import Application
from familydesk.records.person import Person
from familydesk.records.person_address import PersonAddress
from familydesk.records.person_phone import PersonPhone

if TYPE_CHECKING:
    from familydesk.exchange.register import Register
    from familydesk.exchange.row import Row

_REPORT_EVERY = 200


@dataclass
class Step:
    """One row and what becomes of it: an application of `person`, a repeat, or a problem row (neither).

    `new` tells that this row makes the person; `alike` are those she may be the same as, and whether they share a fact.
    """

    row: Row
    faults: tuple[Fault, ...]
    repeated: bool = False
    person: Known | None = None
    new: bool = False
    again: bool | None = None
    alike: list[tuple[Known, bool]] = field(default_factory=list)

    def flagged(self) -> Flagged:
        """The row for a person to look at."""
        return Flagged(self.row.sheet, self.row.line, self.faults, self.row.labels, self.row.cells)


class Plan:
    """Goes through the rows twice: first who the valid IINs are, under which names and at which addresses; then row by
    row.

    So a row without an IIN finds its person wherever in the file the row with the IIN stands. Telephones and addresses
    that the store has count only where `may_ask_by` allows lists to be narrowed by them, and never those of people whom
    she is `kept_from`: a row that matches would tell whoever made up the file that she guessed right.
    """

    def __init__(
        self,
        file: Register,
        session: Session,
        report: Callable[[int, int], None] | None,
        may_ask_by: Callable[[Field], bool],
        kept_from: Collection[UUID],
    ) -> None:
        self._file = file
        self._may_ask_by, self._kept_from = may_ask_by, kept_from
        self._report = report or (lambda done, total: None)
        self._people = Identities()
        self._met: set[Known] = set()
        self._kept = PackedRows()
        self._seen_before = _marks(session)
        self._numbers = _numbers(session)
        self._learn_store(session)

    def steps(self) -> Iterator[Step]:
        """One step a row, in the file's order."""
        for row in self._followed(self._file.rows(), 0):
            self._kept.add(row)
            if row.usable and row.iin and not self._is_repeat(row):
                self._learn(row)
        for row in self._followed(self._kept, 1):
            yield self._step(row)

    def _followed(self, rows: Iterable[Row], reading: int) -> Iterator[Row]:
        """The rows, telling how far they are."""
        total = 2 * self._file.height
        for count, row in enumerate(rows):
            if count % _REPORT_EVERY == 0:
                self._report(reading * self._file.height + row.position, total)
            yield row
        self._report((reading + 1) * self._file.height, total)

    def _is_repeat(self, row: Row) -> bool:
        return row.repeat or row.fingerprint.hex() in self._seen_before

    def _step(self, row: Row) -> Step:
        if self._is_repeat(row):
            return Step(row, row.faults, repeated=True)
        faults = row.faults
        if row.number in self._numbers and Fault.NUMBER_TWICE not in faults:
            faults = (*faults, Fault.NUMBER_TWICE)
        if not row.usable or row.name is None:
            return Step(row, faults)
        person, new = self._person(row, row.name)
        if row.iin and not may_be_one(row.name, person.name):
            faults = (*faults, Fault.NAME_DIFFERS)
        # Without an IIN a first row is no proof that she never came before.
        again = True if person in self._met or person.stored else (False if person.iin else None)
        self._met.add(person)
        alike = self._people.alike(person, without_iin=bool(person.iin)) if new else []
        return Step(row, faults, person=person, new=new, again=again, alike=alike)

    def _person(self, row: Row, name: PersonName) -> tuple[Known, bool]:
        """Whose row it is, and whether the row makes her."""
        if row.iin:
            known = self._people.by_iin[row.iin]
            return known, not known.stored and known not in self._met
        facts = facts_of(row.phones, row.address)
        fitting = self._people.fitting(name, facts, row.born_on)
        if fitting:
            self._people.note(fitting, name, facts)
            return fitting, not fitting.stored and fitting not in self._met
        made = Known(new_id(), born_on=row.born_on)
        self._people.note(made, name, facts)
        return made, True

    def _learn(self, row: Row) -> None:
        known = self._people.by_iin.get(row.iin)
        if known is None:
            known = Known(new_id(), row.iin, born_on=row.born_on)
            self._people.add(known)
        if row.name:
            self._people.note(known, row.name, facts_of(row.phones, row.address))

    def _learn_store(self, session: Session) -> None:
        """Everybody who is in the store, with telephones and addresses."""
        facts = self._facts(session)
        columns = (Person.id, Person.iin, Person.born_on, Person.surname, Person.given, Person.patronymic)
        for id_, iin, born_on, surname, given, patronymic in session.execute(select(*columns).where(~Person.archived)):
            known = Known(id_, iin or "", stored=True, born_on=born_on)
            known.names[PersonName(surname or "", given or "", patronymic or "")] += 1
            known.facts.update(facts.get(id_, ()))
            self._people.add(known)

    def _facts(self, session: Session) -> dict[object, list[str]]:
        """Telephones and addresses by person, those by which she may ask."""
        facts: dict[object, list[str]] = {}
        if self._may_ask_by(PersonPhone.field("number")):
            for person_id, number in session.execute(select(PersonPhone.person_id, PersonPhone.number)):
                facts.setdefault(person_id, []).extend(facts_of([number or ""], ""))
        if self._may_ask_by(PersonAddress.field("as_written")):
            for person_id, written in session.execute(select(PersonAddress.person_id, PersonAddress.as_written)):
                facts.setdefault(person_id, []).extend(facts_of([], written or ""))
        for one in self._kept_from:
            facts.pop(one, None)
        return facts


def _marks(session: Session) -> set[str]:
    """The marks of all rows imported before."""
    return set(session.scalars(select(Application.imported_mark).where(Application.imported_mark.is_not(None))))


def _numbers(session: Session) -> set[str]:
    return {number for number in session.scalars(select(Application.number)) if number}
