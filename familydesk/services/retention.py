"""What has been kept long enough: closed files, entries of the journals and consents past their term, with the sum."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from familydesk.core.clock import day_bounds
from familydesk.core.i18n import ngettext, translate
from familydesk.core.show import show_day
from familydesk.law import retention
from familydesk.law.dated import covers
from familydesk.law.retention import Kept, Line, Since
from familydesk.records.application import Application
from familydesk.records.case import Case
from familydesk.records.consent import Consent
from familydesk.records.consultation import Consultation
from familydesk.records.incident import Incident
from familydesk.records.person import Person
from familydesk.records.protective_order import ProtectiveOrder
from familydesk.records.retention_term import RetentionTerm

if TYPE_CHECKING:
    from familydesk.store.database import Database

Terms = dict[Kept, Any]
"""The row of each kind that is in force: a record of the center's table, or the program's own row."""


@dataclass(frozen=True, slots=True)
class Expired:
    """One thing whose term is over. `name` is a number, or a day with the end of an id: never a person's name."""

    kind: Kept
    sheet: str
    id: UUID
    name: str
    lines: tuple[Line, ...]

    @property
    def deciding(self) -> Line:
        """The term that ends last; of two that end together the later one in the law's order."""
        return max(self.lines, key=lambda line: line.until)

    @property
    def arithmetic(self) -> str:
        """Every term of it, for a person to follow."""
        return "; ".join(map(told, self.lines))


def told(line: Line) -> str:
    """One term as a sum: day, years, day."""
    # Not the years of an age, which are another word in Kazakh.
    years = ngettext("{count} full year", "{count} full years", line.years).format(count=line.years)
    since = translate(line.since.value)
    return f"{translate(line.kind.value)}: {since}, {show_day(line.begins)} + {years} = {show_day(line.until)}"


class Retention:
    """The table of terms, and what of the store is past them. Numbers and days alone are read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, on: date) -> list[Expired]:
        """All that may be destroyed on the day `on`, what ended first first."""
        with self._database.read(whole=True) as session:
            terms = _in_force(session, on)
            found = [*_cases(session, terms, on), *_journals(session, terms, on), *_consents(session, terms, on)]
        return sorted(
            (one for one in found if retention.is_over(one.deciding.until, on)),
            key=lambda one: (one.deciding.until, one.name),
        )

    def kept_until(self, session: Session, cases: Iterable[UUID], on: date) -> dict[str, date]:
        """Until when a term that the center has confirmed keeps these closed cases, by number."""
        terms = {kind: row for kind, row in _in_force(session, on).items() if row.confirmed}
        files = _files(session, terms, Case.id.in_(list(cases)))
        return {one.name: one.deciding.until for one in files if not retention.is_over(one.deciding.until, on)}


def _in_force(session: Session, on: date) -> Terms:
    """A kind that the table does not know keeps the term that the program ships."""
    own: Iterable[Any] = session.scalars(select(RetentionTerm).where(~RetentionTerm.archived)).all()
    terms: Terms = {}
    for row in sorted((*retention.SEED, *own), key=lambda row: (row in own, row.valid_from or date.min)):
        if isinstance(row.kind, Kept) and covers(_Open(row), on):
            terms[row.kind] = row
    return terms


class _Open:
    """A row whose beginning may be open."""

    def __init__(self, row: Any) -> None:
        self.valid_from: date = row.valid_from or date.min
        self.valid_to: date | None = row.valid_to


def _cases(session: Session, terms: Terms, on: date) -> Iterator[Expired]:
    """Those that cannot be due yet by their own term alone are not looked at: there are many."""
    years = terms[Kept.CASE_FILE].years
    if years is not None:
        yield from _files(session, terms, Case.closed_on <= retention.years_after(on, -years))


def _files(session: Session, terms: Terms, which: Any) -> Iterator[Expired]:
    """Closed cases with their terms; one that any of them keeps for good, or none covers, is left out."""
    closed: Iterable[Any] = session.execute(
        select(Case.id, Case.number, Case.closed_on).where(which, Case.closed_on.is_not(None))
    )
    births, consents = _births(session, which), _consents_of(session, which)
    for id, number, closed_on in closed:
        youngest = max((born for born in births[id] if born and retention.is_child(born, closed_on)), default=None)
        lines = [*_of_file(terms, closed_on, youngest), *_of_consents(terms, consents[id], closed_on)]
        if lines and None not in lines:
            kind = Kept.CHILD_CASE if youngest else Kept.CASE_FILE
            yield Expired(kind, "case", id, number or _nameless(id, closed_on), tuple(filter(None, lines)))


def _of_file(terms: Terms, closed_on: date, youngest: date | None) -> Iterator[Line | None]:
    if Kept.CASE_FILE in terms:
        yield retention.line(Kept.CASE_FILE, Since.CLOSING, closed_on, terms[Kept.CASE_FILE])
    if youngest and Kept.CHILD_CASE in terms:
        of_age = retention.majority(youngest)
        yield retention.line(Kept.CHILD_CASE, Since.MAJORITY, of_age, terms[Kept.CHILD_CASE], closed_on)


def _of_consents(terms: Terms, ends: list[date | None], closed_on: date) -> Iterator[Line | None]:
    """A consent without an end was given until its purpose is reached: until the case was closed."""
    if ends and Kept.CONSENT in terms:
        last = max(end or closed_on for end in ends)
        yield retention.line(Kept.CONSENT, Since.CONSENT_END, last, terms[Kept.CONSENT])


def _births(session: Session, which: Any) -> defaultdict[UUID, list[date | None]]:
    """When those were born whom a case is about: its client, and whoever suffered what it records."""
    births: defaultdict[UUID, list[date | None]] = defaultdict(list)
    clients = select(Case.id, Person.born_on).join(Person, Person.id == Case.client_id)
    hurt = [
        select(sheet.case_id, Person.born_on)
        .join(Person, Person.id == sheet.victim_id)
        .join(Case, Case.id == sheet.case_id)
        for sheet in (Incident, ProtectiveOrder)
    ]
    for query in (clients, *hurt):
        rows: Iterable[Any] = session.execute(query.where(which))
        for case, born_on in rows:
            births[case].append(born_on)
    return births


def _consents_of(session: Session, which: Any) -> defaultdict[UUID, list[date | None]]:
    ends: defaultdict[UUID, list[date | None]] = defaultdict(list)
    query = select(Consent.case_id, Consent.term, Consent.withdrawn_on).join(Case, Case.id == Consent.case_id)
    rows: Iterable[Any] = session.execute(query.where(which))
    for case, term, withdrawn_on in rows:
        ends[case].append(_earlier(term, withdrawn_on))
    return ends


def _journals(session: Session, terms: Terms, on: date) -> Iterator[Expired]:
    """Entries that never became a case."""
    row = terms[Kept.JOURNAL]
    if row.years is None:
        return
    _before, last = day_bounds(on, retention.years_after(on, -row.years))
    loose = (
        select(Application.id, Application.number, Application.received_at).where(
            Application.case_id.is_(None), Application.received_at < last
        ),
        select(Consultation.id, Consultation.id, Consultation.held_at).where(
            Consultation.case_id.is_(None), Consultation.held_at < last
        ),
    )
    for sheet, query in zip((Application, Consultation), loose, strict=True):
        rows: Iterable[Any] = session.execute(query)
        for id, number, moment in rows:
            line = retention.line(Kept.JOURNAL, Since.ENTRY, moment.date(), row)
            name = number if isinstance(number, str) else _nameless(id, moment.date())
            yield Expired(Kept.JOURNAL, sheet.sheet(), id, name, tuple(filter(None, (line,))))


def _consents(session: Session, terms: Terms, on: date) -> Iterator[Expired]:
    """Consents outside any case that came to an end."""
    ended = or_(Consent.term.is_not(None), Consent.withdrawn_on.is_not(None))
    query = select(Consent.id, Consent.term, Consent.withdrawn_on).where(Consent.case_id.is_(None), ended)
    for id, term, withdrawn_on in session.execute(query):
        end = _earlier(term, withdrawn_on)
        line = retention.line(Kept.CONSENT, Since.CONSENT_END, end, terms[Kept.CONSENT]) if end else None
        if line:
            yield Expired(Kept.CONSENT, "consent", id, _nameless(id, line.begins), (line,))


def _earlier(one: date | None, other: date | None) -> date | None:
    return min(filter(None, (one, other)), default=None)


def _nameless(id: UUID, on: date) -> str:
    """What has no number is called by its day and the end of its id."""
    return f"{on.isoformat()}/{id.hex[-6:]}"
