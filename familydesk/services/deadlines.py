"""Deadlines: one engine over the duties that sheets declare and the dated tables of terms, norms and working days."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from uuid import UUID

from familydesk.core import clock
from familydesk.core.errors import Problem, Refused
from familydesk.core.fields import Kind
from familydesk.core.i18n import N_, spoken, translate
from familydesk.core.record import Duty, Record
from familydesk.core.show import show, show_day
from familydesk.law.terms import Unit
from familydesk.records import SHEETS
from familydesk.services.due import DOUBT, Due
from familydesk.services.law_in_force import LawInForce
from familydesk.store.open_duties import OpenDuty, ending, open_duties

if TYPE_CHECKING:
    from familydesk.services.office import Office

DECLARED: tuple[tuple[type[Record], Duty], ...] = tuple((sheet, duty) for sheet in SHEETS for duty in sheet.duties)

NO_SUCH_TERM = N_("The table of terms has no term of this kind.")
NO_TERM_YET = N_("The first norm in the table that sets a term of this kind is in force from {day}; this is before.")
NO_TERM_THEN = N_("On that day no law in the table set a term of this kind.")


class NoSuchTerm(Refused):
    """The kind of term that was asked for stands in no table."""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A term reckoned for a moment: when it ends, how that came about, and by which norm."""

    due: datetime
    arithmetic: str
    legal_reference: str


@dataclass(frozen=True, slots=True)
class _Found:
    """The open records of one duty, as they stood at a moment."""

    at: datetime
    records: tuple[OpenDuty, ...]


class Deadlines:
    """What is due in this center, to whom the law gives how long, and why."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._database = office.database
        self.law = LawInForce(office.database)
        self._found: dict[tuple[str, str], _Found] = {}
        self._commits = 0
        self._database.listen(self._forget)

    def all(self, at: datetime | None = None) -> list[Due]:
        """Every open duty at the moment `at` (now, if none is given), the earliest first."""
        return self._told(at or clock.now(), lambda record: True)

    def of(self, cases: Collection[UUID], records: Collection[UUID] = (), at: datetime | None = None) -> list[Due]:
        """The open duties of these cases, and of these records wherever they stand."""
        return self._told(at or clock.now(), lambda record: record.case_id in cases or record.id in records)

    def for_case(self, case_id: UUID, at: datetime | None = None) -> list[Due]:
        """The open duties of one case."""
        return self.of([case_id], at=at)

    def doubt(self) -> str:
        """A sentence that asks to confirm today's date, where the clock went backwards; otherwise nothing."""
        return translate(DOUBT) if self._database.clock.behind() else ""

    def reckon(self, kind: str, start: datetime) -> Reckoned:
        """When the term `kind`, begun at `start`, ends. Refused if there is no such term on that day."""
        start = start.astimezone(clock.ZONE)
        if kind not in self.law.kinds():
            raise NoSuchTerm(NO_SUCH_TERM)
        reckoning, term = self.law.reckon(kind, start), self.law.term(kind, start.date())
        if reckoning is None or term is None:
            raise _no_term(self.law.begins(kind), start)
        cited = self.law.cited(term.reference_code, start.date())
        return Reckoned(reckoning.due, reckoning.explain(), str(cited or ""))

    def fill(self, record: Record, given: Collection[str] = ()) -> None:
        """Reckon the due values that a record keeps, where they are empty.

        One that is there stays, unless the start was given anew (it is in `given`) and the due value was not.
        """
        for duty in record.duties:
            if not duty.due_field or duty.due_field == duty.starts or not getattr(record, duty.starts):
                continue
            moved = duty.starts in given and duty.due_field not in given
            if moved or not getattr(record, duty.due_field):
                self._fill(record, duty)

    def _fill(self, record: Record, duty: Duty) -> None:
        starts = getattr(record, duty.starts)
        start = starts if isinstance(starts, datetime) else clock.local(starts.year, starts.month, starts.day)
        reckoning = self.law.reckon(duty.term, start)
        if reckoning:
            is_day = record.field(duty.due_field).kind is Kind.DAY
            setattr(record, duty.due_field, reckoning.due.date() if is_day else reckoning.due)

    def _told(self, at: datetime, wanted: Callable[[OpenDuty], bool]) -> list[Due]:
        doubtful = bool(self.doubt())
        dues = (
            self._due(sheet, duty, record, at, doubtful)
            for sheet, duty in DECLARED
            for record in self._open(sheet, duty, at)
            if wanted(record)
        )
        return sorted((due for due in dues if due), key=lambda due: due.due)

    def _open(self, sheet: type[Record], duty: Duty, at: datetime) -> Iterator[OpenDuty]:
        if not self._office.account.may_read(sheet.sheet()):
            return iter(())
        key = (sheet.sheet(), duty.term)
        found = self._found.get(key)
        if found is None or found.at > at:
            commits = self._commits
            with self._database.read() as session:
                seen = self._office.account.rights.reach.least
                found = _Found(at, tuple(open_duties(session, sheet, duty, at, seen)))
            # What another thread committed meanwhile may be missing here: then it is read again the next time.
            if commits == self._commits:
                self._found[key] = found
        return (record for record in found.records if not record.until or record.until > at)

    def _forget(self, touched: frozenset[str]) -> None:
        self._commits += 1
        for sheet, duty in DECLARED:
            if touched & {sheet.sheet(), ending(duty, sheet)[0].sheet(), "case"}:
                self._found.pop((sheet.sheet(), duty.term), None)

    def _due(self, sheet: type[Record], duty: Duty, record: OpenDuty, at: datetime, doubtful: bool) -> Due | None:
        """None where no law sets a term and the record keeps no due value, or a repeated term outlives `until`."""
        term = self.law.term(duty.term, record.starts.date())
        reckoning = self.law.reckon(duty.term, record.starts)
        due = _own_due(record) or (reckoning.due if reckoning else None)
        if due is None or (duty.every and record.until and due > record.until):
            return None
        by, field = ending(duty, sheet)
        return Due(
            kind=duty.term,
            sheet=sheet.sheet(),
            id=record.id,
            case_id=record.case_id,
            case_number=record.case_number,
            subject=_subject(sheet, record),
            starts=record.starts,
            due=due,
            ended_by=f"{by.sheet()}.{field}",
            at=at,
            citation=self.law.cited(term.reference_code, record.starts.date()) if term else None,
            reckoning=reckoning if reckoning and reckoning.due == due else None,
            unit=term.unit if term else Unit.WORKING_DAYS,
            calendar=self.law.calendar,
            doubtful=doubtful,
            number=_number(sheet, record),
            person_id=record.person_id,
        )


def _no_term(begins: date, start: datetime) -> Refused:
    """No norm sets the term on that day; where the first one came later, it says since when."""
    if start.date() < begins:
        return Refused(Problem("", NO_TERM_YET, {"day": show_day(begins)}))
    return Refused(NO_TERM_THEN)


def _own_due(record: OpenDuty) -> datetime | None:
    """The due value that the record keeps; a day lasts to its last second."""
    if record.due is None or isinstance(record.due, datetime):
        return record.due
    return datetime.combine(record.due, time(23, 59, 59, fold=1), clock.ZONE)


def _subject(sheet: type[Record], record: OpenDuty) -> str:
    pairs = zip(sheet.title_fields, record.title_values, strict=True)
    return " ".join(filter(None, (show(sheet.field(name), value) for name, value in pairs)))


def _number(sheet: type[Record], record: OpenDuty) -> str:
    """The number that the program or its user gave the record; empty where the sheet has none."""
    titles = dict(zip(sheet.title_fields, record.title_values, strict=True))
    return str(titles.get(sheet.numbered[0]) or "")


def reckon_as_shipped(kind: str, start: datetime) -> Reckoned:
    """As `Deadlines.reckon`, by the tables that the program ships: a question that needs no store."""
    from familydesk.law import public_holidays, references, terms
    from familydesk.law.calendar import Calendar

    if kind not in terms.TermKind.__members__:
        raise NoSuchTerm(NO_SUCH_TERM)
    start = start.astimezone(clock.ZONE)
    term = terms.in_force(terms.SEED, terms.TermKind[kind], start.date())
    if term is None:
        raise _no_term(min(row.valid_from for row in terms.SEED if row.kind.name == kind), start)
    reckoning = terms.reckon(term, start, Calendar.of(public_holidays.seed()))
    cited = references.in_force(references.SEED, term.reference_code, start.date())
    return Reckoned(reckoning.due, reckoning.explain(), getattr(cited, f"title_{spoken()}", "") if cited else "")
