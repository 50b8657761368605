"""Gathering what a form is drawn from: the record it starts from, its case, and whatever these point to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from familydesk.core import clock
from familydesk.core.errors import Refused
from familydesk.core.fields import Kind, Secrecy
from familydesk.core.i18n import N_
from familydesk.core.record import Record, StreamKind
from familydesk.paper.dossier import AccessLine, Dossier, OpenDeadline
from familydesk.paper.forms import FormInfo
from familydesk.paper.redaction import redacted
from familydesk.records import sheet_of
from familydesk.records.case import Case
from familydesk.records.center import Center
from familydesk.records.staff_member import Role

if TYPE_CHECKING:
    from familydesk.services.office import Office

POINTED_TO = (
    "person",
    "family",
    "staff_member",
    "organisation",
    "region",
    "consent",
    "incident",
    "application",
    "case",
)
"""Sheets whose records come along when a gathered record refers to them."""

NOTHING_YET = N_("This case has nothing for this form yet. Add the record first, or print the form blank.")
OF_ANOTHER = N_("This record belongs to another case.")
NO_CASE = N_("There is no case of that number.")


class Gathering:
    """One dossier in the making. The desk reads more than a form may print, so each record is redacted as it comes."""

    def __init__(self, office: Office, form: FormInfo, permission: str = "") -> None:
        self.desk = office.desk
        self.office = office
        self.form = form
        self.permission = permission
        self.found: dict[str, dict[UUID, Record]] = {}

    def blank(self) -> Dossier:
        """An empty paper with the center's head."""
        return self._dossier(sheet_of(self.form.sheet)(), blank=True)

    def about(self, subject: Record, case: Case | None) -> Dossier:
        """The dossier of a record, and of its case if it has one."""
        self._keep([subject])
        if case:
            self._keep([case])
            self._of_case(case)
        self._pointed_to()
        if case and case.client_id:
            self._reaching(case.client_id)
        self._keep(self.desk.find("staff_member", {"role": Role.HEAD}))
        return self._dossier(self.found[subject.sheet()][subject.id], case)

    def _dossier(self, subject: Record, case: Case | None = None, blank: bool = False) -> Dossier:
        self._keep(self.desk.find("center", limit=1))
        records = {sheet_of(name): _in_order(found.values()) for name, found in self.found.items()}
        records.setdefault(Center, ())
        open_ones = self._deadlines(case) if case and self.form.timed else ()
        opened_by = self._accesses(case) if case and self.form.accesses else ()
        return Dossier(subject, clock.now(), self._cite, records, open_ones, blank, self.permission, opened_by)

    def _keep(self, records: Iterable[Record]) -> None:
        for record in records:
            safe = redacted(record, location=bool(self.permission))
            self.found.setdefault(record.sheet(), {})[record.id] = safe

    def _of_case(self, case: Case) -> None:
        for name in self.form.needs:
            stream = sheet_of(name).stream
            if stream.kind in (StreamKind.CASE, StreamKind.REFERRAL):
                self._keep(self._in_stream(name, stream.path, case))
        if "family_member" in self.form.needs and case.family_id:
            self._keep(self.desk.find("family_member", {"family_id": case.family_id}))

    def _in_stream(self, name: str, path: str, case: Case) -> list[Record]:
        """The sheet's records of the case; those of a child sheet by way of their parents."""
        step, _, beyond = path.partition(".")
        if not beyond:
            return self.desk.find(name, {step: case.id})
        parents = self.desk.ids(str(sheet_of(name).field(step).target), {beyond: case.id})
        return self.desk.find(name, {step: parents}) if parents else []

    def _pointed_to(self) -> None:
        wanted: dict[str, set[UUID]] = {}
        for target, id in self._references():
            if target in POINTED_TO and id not in self.found.get(target, {}):
                wanted.setdefault(target, set()).add(id)
        for target, ids in wanted.items():
            self._keep(self.desk.rows(target, ids).values())

    def _references(self) -> Iterable[tuple[str, UUID]]:
        for found in self.found.values():
            for record in found.values():
                for field in record.fields():
                    if field.kind is Kind.REFERENCE and (id := getattr(record, field.name)):
                        yield str(field.target), id

    def _reaching(self, client: UUID) -> None:
        """How the client is reached, and nobody else: the other side of a conflict may be a client of its own case."""
        for name in ("person_phone", "person_address"):
            if name in self.form.needs:
                self._keep(self.desk.find(name, {"person_id": client}))
        self._pointed_to()

    def _deadlines(self, case: Case) -> tuple[OpenDeadline, ...]:
        return tuple(
            OpenDeadline(due.kind, due.id, due.title, due.due, due.legal_text, due.late_text)
            for due in self.office.deadlines.for_case(case.id)
        )

    def _accesses(self, case: Case) -> tuple[AccessLine, ...]:
        return tuple(
            AccessLine(
                one.at,
                one.who,
                " · ".join(filter(None, (one.done, one.what))),
                " · ".join(filter(None, (one.reason, one.recipient))),
            )
            for one in self.office.journal.access(case.id)
        )

    def _cite(self, code: str, on: date) -> str:
        return str(self.office.deadlines.law.cited(code, on) or "")


def subject_of(office: Office, form: FormInfo, case: Case | None, sheet: str, id: UUID | None) -> Record:
    """The record that the form starts from: the one named, else the newest of the case. Refused if there is none."""
    if id:
        named = office.desk.get(sheet, id)
        own = its_case(office, named)
        if case and own and own.id != case.id:
            raise Refused(OF_ANOTHER)
        return named
    if case is None:
        raise Refused(NO_CASE)
    if sheet == "case":
        return case
    found = _in_order(office.desk.find(sheet, {"case_id": case.id}))
    if not found:
        raise Refused(NOTHING_YET)
    return found[-1]


def case_of(office: Office, number: str | None, id: UUID | None) -> Case | None:
    """The case of that number or id. Refused if no case bears the number."""
    if number:
        found = office.desk.find("case", {"number": number}, limit=1) or office.desk.find(
            "case", {"number": number}, limit=1, archived=True
        )
        if not found:
            raise Refused(NO_CASE)
        return cast(Case, found[0])
    return cast(Case, office.desk.get("case", id)) if id else None


def its_case(office: Office, subject: Record) -> Case | None:
    """The case that a record belongs to, along the path that its stream names; None where it leads nowhere."""
    if isinstance(subject, Case):
        return subject
    place: Record = subject
    for step in filter(None, subject.stream.path.split(".")):
        id = getattr(place, step)
        found = office.desk.rows(str(place.field(step).target), [id] if id else [])
        if id not in found:
            return None
        place = found[id]
    return place if isinstance(place, Case) else None


def may_tell_where(office: Office, subject: Record, case: Case | None) -> bool:
    """Whether the one at the desk may have a secret place printed: whoever sees all, or her own, in this very case.

    A record that stands outside any case (an address) counts to `case` only if it is its client's; where no case is
    named, to each case of its client.
    """
    reach = office.account.rights.reach
    if reach.least >= Secrecy.LOCATION:
        return True
    if reach.own < Secrecy.LOCATION:
        return False
    its_own = its_case(office, subject)
    theirs = [its_own] if its_own else _cases_outside(office, subject, case)
    return any(one.responsible_id == office.me for one in theirs)


def _cases_outside(office: Office, subject: Record, case: Case | None) -> list[Case]:
    """Of these cases a record that stands outside any is its client's: `case`, or all there are."""
    people = {subject.id, getattr(subject, "person_id", None)} - {None}
    if case:
        return [case] if case.client_id in people else []
    return cast(list[Case], office.desk.find("case", {"client_id": people}))


def _in_order(records: Iterable[Record]) -> tuple[Record, ...]:
    """Oldest first, by the first day or moment of the sheet; those without one at the end."""
    return tuple(sorted(records, key=_age))


def _age(record: Record) -> tuple[bool, str, str]:
    value: Any = next(
        (getattr(record, field.name) for field in record.fields() if field.kind in (Kind.DAY, Kind.MOMENT)), None
    )
    return value is None, value.isoformat() if value else "", str(record.id)
