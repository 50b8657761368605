"""A consent that was withdrawn stops the processing: what the center may still write, print and hand on, and on which
ground.

The law gives 15 working days for stopping or a reasoned refusal (Law on Personal Data, Art 8 p7); the program stops at
once. What allows it again stands on the consent sheet: a new consent, the refusal with its reasons, or a legal
exception with its purpose (Art 9). Depersonalised statistics is no ground to go on with a case.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from familydesk.core import clock
from familydesk.core.errors import Problem, Refused
from familydesk.core.fields import Kind
from familydesk.core.i18n import N_
from familydesk.core.record import Record, StreamKind, is_empty, references
from familydesk.core.vocabulary import LegalException
from familydesk.records import sheet_of
from familydesk.records.case import Case
from familydesk.records.consent import Consent
from familydesk.records.person import Person
from familydesk.services.rights import Verb

if TYPE_CHECKING:
    from familydesk.services.office import Office

STOPPED = N_(
    "The consent was withdrawn, so nothing new is written, printed or handed on. Write down a new consent, a reasoned "
    "refusal, or the legal exception with its purpose on the consent sheet first."
)
STILL_WRITTEN = frozenset({"consent", "application", "mandatory_notice", "order_breach", "order_check"})
"""What goes on: the consent itself; an application, by which she comes back of her own will; what the law demands of
the center whatever anybody consents to; and watching over an order that protects her."""
STILL_PRINTED = frozenset({"CONSENT", "SAFETY_CARD", "ACCESS_SHEET", "DESTRUCTION_ACT"})
"""Papers that process nothing further: the consent and its withdrawal, numbers to call, and who opened her file."""
WATCHED = STILL_WRITTEN | {"protective_order"}
"""Sheets whose records are completed even so: serving an order is the law's own course."""
CLOSING = frozenset({"closing_reason", "closing_note"})
"""Of a case, beside the day of closing: how it ends."""
STILL_WITHDRAWN = N_(
    "A withdrawal that was written down is taken out by the head alone. Write down what lets the work go on instead: a "
    "new consent, a reasoned refusal, or the legal exception with its purpose."
)
OF_A_PERSON = frozenset({"person_phone", "person_address"})
"""Sheets outside any case on which a person's data would go on being collected."""


class Withdrawals:
    """What stands on consents, asked each time: an answer must not outlive a new consent."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._database = office.database

    def stopped(self, cases: Collection[UUID]) -> frozenset[UUID]:
        """Those of these cases in which processing has stopped."""
        with self._database.read(whole=True) as session:
            return stopped_in(session, cases)

    def leaving(self, sheet: str, ids: Sequence[UUID]) -> list[UUID]:
        """Those of these records that may leave the center in a list, in their order."""
        kind = sheet_of(sheet)
        with self._database.read(whole=True) as session:
            people, cases = _all_stopped(session)
            theirs = [
                *(getattr(kind, field.name).in_(people) for field in references(kind, "person") if field.required),
                *([kind.id.in_(people)] if kind is Person else []),
                *([getattr(kind, kind.stream.path).in_(cases)] if kind.stream.path in ("id", "case_id") else []),
            ]
            if not (people or cases) or not theirs:
                return list(ids)
            held = set(session.scalars(select(kind.id).where(or_(*theirs))))
        return [id for id in ids if id not in held]

    def check_case(self, case: UUID, exception: LegalException | None = None, reason: str = "") -> None:
        """Refused if its data may not leave the center, unless a legal exception is named with its reason."""
        if not _allows(exception, reason) and self.stopped([case]):
            raise Refused(STOPPED)

    def check(self, session: Session, row: Record | None, record: Record, given: Collection[str]) -> None:
        """Refused if by what was `given` the record would go on with a case, or with somebody, whose consent was
        withdrawn: as a new one, or by filling what `row`, as it stands, leaves empty. Refused too if it would take a
        withdrawal back.
        """
        if isinstance(row, Consent) and isinstance(record, Consent):
            self._check_kept(row, record)
        if row is None or _filled(row, record, given):
            self._check_content(session, record)

    def check_archived(self, record: Record) -> None:
        """Refused if to put this record away would take a withdrawal back."""
        if isinstance(record, Consent):
            self._check_kept(record, None)

    def _check_kept(self, row: Consent, record: Consent | None) -> None:
        """A day that was mistyped is corrected by anybody, as long as the same processing stays stopped."""
        today = clock.today()
        if not row.withdrawn_on or row.withdrawn_on > today or self._office.account.may(Verb.ERASE):
            return
        if record is None or not _stops_as_much(record, row, today):
            raise Refused(Problem("withdrawn_on", STILL_WITHDRAWN))

    def _check_content(self, session: Session, record: Record) -> None:
        sheet = type(record)
        if sheet.sheet() in STILL_WRITTEN or _own_ground(record):
            return
        subjects = {getattr(record, field.name) for field in references(sheet, "person") if field.required}
        if sheet.stream.kind is StreamKind.CENTER:
            if sheet.sheet() in OF_A_PERSON and _is_stopped(session, subjects, None):
                raise Refused(STOPPED)
            return
        case = case_of(session, record)
        client = _clients(session, [case]).get(case) if case else None
        if _is_stopped(session, subjects | {client}, case):
            raise Refused(STOPPED)


def _stops_as_much(record: Consent, row: Consent, today: date) -> bool:
    withdrawn = bool(record.withdrawn_on and record.withdrawn_on <= today)
    return withdrawn and record.person_id == row.person_id and record.case_id in (row.case_id, None)


def _filled(row: Record, record: Record, given: Collection[str]) -> bool:
    """Whether anything new comes into a record by filling what was empty."""
    if row.sheet() in WATCHED:
        return False
    names = [name for name in given if name not in _no_content(type(row)) and is_empty(getattr(row, name))]
    return any(not is_empty(getattr(record, name)) for name in names)


@cache
def _no_content(sheet: type[Record]) -> frozenset[str]:
    """Fields that tell nothing new of anybody: when something was done or came to its end, and by which colleague."""
    colleagues = {field.name for field in references(sheet, "staff_member")}
    days = {field.name for field in sheet.fields() if field.kind in (Kind.DAY, Kind.MOMENT)}
    return frozenset(colleagues | days | (CLOSING if sheet is Case else set()))


def case_of(session: Session, record: Record) -> UUID | None:
    """The case at the end of a record's stream."""
    place, value = type(record), None
    for at, name in enumerate(record.stream.path.split(".")):
        if at == 0:
            value = record.id if name == "id" else getattr(record, name)
        elif value:
            value = session.scalar(select(getattr(place, name)).where(place.id == value))
        if name != "id":
            place = sheet_of(str(place.field(name).target))
    return value


def _all_stopped(session: Session) -> tuple[set[UUID], set[UUID]]:
    """People who have withdrawn everywhere, and cases in which processing has stopped."""
    query = select(Consent.person_id, Consent.case_id).where(Consent.withdrawn_on.is_not(None), ~Consent.archived)
    withdrawn = [(person, case) for person, case in session.execute(query)]
    people = {person for person, case in withdrawn if person and not case and _is_stopped(session, {person}, None)}
    own = session.scalars(select(Case.id).where(Case.client_id.in_([person for person, _case in withdrawn])))
    clients = _clients(session, {*own, *(case for _person, case in withdrawn if case)})
    return people, {case for case, client in clients.items() if _is_stopped(session, {client}, case)}


def _clients(session: Session, cases: Collection[UUID]) -> dict[UUID, UUID | None]:
    rows = session.execute(select(Case.id, Case.client_id).where(Case.id.in_(cases)))
    return {case: client for case, client in rows}


def _is_stopped(session: Session, people: Iterable[UUID | None], case: UUID | None) -> bool:
    """Whether one of them has withdrawn a consent for this case, or for the center at large, and no ground is left."""
    asked = [person for person in people if person]
    if not asked:
        return False
    theirs = Consent.person_id.in_(asked), ~Consent.archived
    # Hardly anybody withdraws: most questions end here.
    if session.scalar(select(Consent.id).where(*theirs, Consent.withdrawn_on.is_not(None)).limit(1)) is None:
        return False
    here = Consent.case_id.is_(None) if case is None else or_(Consent.case_id == case, Consent.case_id.is_(None))
    found = list(session.scalars(select(Consent).where(*theirs, here)))
    today = clock.today()
    return any(_stops([one for one in found if one.person_id == person], today) for person in asked)


def stopped_in(session: Session, cases: Collection[UUID]) -> frozenset[UUID]:
    """Those of these cases in which processing has stopped, inside a session that is open already."""
    clients = _clients(session, cases)
    return frozenset(case for case in clients if _is_stopped(session, {clients[case]}, case))


def stops(consents: Iterable[Consent], case: Case, today: date) -> bool:
    """The same question of consents that were read already, for the client of one case."""
    here = (case.id, None)
    return _stops([one for one in consents if one.person_id == case.client_id and one.case_id in here], today)


def _stops(consents: list[Consent], today: date) -> bool:
    withdrawn = any(one.withdrawn_on and one.withdrawn_on <= today and not one.refusal for one in consents)
    return withdrawn and not any(_is_ground(one, today) for one in consents)


def _is_ground(consent: Consent, today: date) -> bool:
    if not consent.in_force(today):
        return False
    return not consent.exception or _allows(consent.exception, consent.purpose)


def _own_ground(record: Any) -> bool:
    """Whether the record names its own legal exception, as a referral does, and on what it rests."""
    reason = getattr(record, "exception_text", None) or getattr(record, "grounds", None)
    return _allows(getattr(record, "exception", None), reason)


def _allows(exception: LegalException | None, reason: str | None) -> bool:
    return exception not in (None, LegalException.STATISTICS) and bool((reason or "").strip())
