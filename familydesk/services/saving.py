"""Saving one record: tidy, fill, check, seal, compare with what was seen, write, index; all in the caller's
transaction.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from familydesk.core.errors import Problem, Refused
from familydesk.core.fields import Field, Kind, Merge, Secrecy
from familydesk.core.i18n import N_
from familydesk.core.ids import new_id
from familydesk.core.record import Record
from familydesk.records import sheet_of
from familydesk.records.case import Case
from familydesk.records.staff_member import StaffMember
from familydesk.services import entry, responsibility, same_iin
from familydesk.services.numbering import next_number
from familydesk.store import front
from familydesk.store.capture import WHOLE
from familydesk.store.tables import CHANGE

if TYPE_CHECKING:
    from familydesk.services.office import Office

UNSEEN = N_("Your role does not see this, so it cannot be changed here.")
NEARER = N_("This would open to you what your role hides: ask the one responsible, or the head.")
PROGRAMS_OWN = N_("The program writes this itself; nobody types it.")


@dataclass(frozen=True)
class Seen:
    """What a form showed when it was opened: each field's value, and the version (`change.seq`) it had."""

    values: Mapping[str, Any]
    versions: Mapping[str, int]
    covered: frozenset[str] = frozenset()
    """Fields that the reader may not see; they were shown as hidden."""

    def moved(self, name: str, now: Mapping[str, int]) -> bool:
        """Whether a field has another version now than it had then."""
        return _version(self.versions, name) != _version(now, name)


@dataclass(frozen=True)
class Saved:
    """What became of a save: the record as it stands, warnings that may stand, and fields that met another's change."""

    record: Record
    warnings: tuple[Problem, ...] = ()
    conflicts: tuple[UUID, ...] = field(default=())

    @property
    def id(self) -> UUID:
        """The record's id."""
        return self.record.id


def _version(versions: Mapping[str, int], name: str) -> int:
    """The field's own last change, or the record's beginning."""
    return versions.get(name) or versions.get(WHOLE, 0)


def blank(sheet: type[Record]) -> Record:
    """A transient record with its columns' defaults applied."""
    record = sheet()
    for column in sheet.__table__.columns:
        default = column.default
        if default is not None and default.is_scalar:
            setattr(record, column.name, default.arg)
    return record


def seen_by(session: Session, record: Record) -> Seen:
    """What a form that loads `record` now will have seen."""
    return Seen(record.values(), versions(session, record.id), record.covered)


def versions(session: Session, id: UUID) -> dict[str, int]:
    """The change of each field of a record that stands; the key `""` is its beginning."""
    query = select(CHANGE.c.field, CHANGE.c.seq).where(CHANGE.c.record == id.hex).order_by(CHANGE.c.seq)
    newest = {name: seq for name, seq in session.execute(query)}
    return newest | front.standing(session.connection(), id.hex)


class Saving:
    """The saving of one record of one sheet."""

    def __init__(self, office: Office, session: Session, sheet: type[Record]) -> None:
        self._office = office
        self._session = session
        self._sheet = sheet

    def save(self, values: Mapping[str, Any], id: UUID | None, seen: Seen | None, own: Mapping[str, Any]) -> Saved:
        """Write `values` over the record `id`, or make a new one. Fields not named keep what they hold. `own` are
        values that no person gave but the program, for the fields that are its own.
        """
        account = self._office.account
        account.require_write(self._sheet.sheet())
        row = self._row(id)
        given = self._tidied(values)
        if row is not None:
            self._refuse_unseen(account.hidden(self._session, row), given, seen)
        candidate = self._candidate(row, given, seen)
        _refuse_programs_own(candidate, row)
        for name, value in own.items():
            setattr(candidate, name, value)
        # A new case is how the center takes somebody in: whoever is responsible for it comes near, and it is seen.
        taken_in = row is None and isinstance(candidate, Case)
        near = {} if taken_in else account.sight(self._session, row or candidate, candidate)
        warnings = self._checked(row, candidate, given)
        self._office.withdrawals.check(self._session, row, candidate, given)
        if isinstance(candidate, StaffMember):
            self._office.members.check_record(candidate)
        if self._sheet.numbered[0] and row is None and not getattr(candidate, self._sheet.numbered[0]):
            setattr(candidate, self._sheet.numbered[0], next_number(self._session, self._sheet))
        if row is None:
            row = self._inserted(candidate)
            conflicts: tuple[UUID, ...] = ()
        else:
            conflicts = self._updated(row, candidate, given, seen)
        self._session.flush()
        self._refuse_nearer(near, row)
        same_iin.note_pairs(account, self._session, row)
        self._office.search.index(self._session.connection(), row)
        covered = account.hidden(self._session, row)
        self._session.expunge(row)
        account.cover_these(row, covered)
        return Saved(self._office.desk.unsealed(row), warnings, conflicts)

    def _refuse_unseen(self, hidden: frozenset[str], given: Mapping[str, Any], seen: Seen | None) -> None:
        """What she may not see she cannot change; a form gives it back as it was shown: empty."""
        for known in self._sheet.fields():
            if known.name in given and known.name in hidden and not (seen and _untouched(known, given, seen)):
                raise Refused(Problem(known.name, UNSEEN))

    def _refuse_nearer(self, before: Mapping[UUID, Secrecy], row: Record) -> None:
        """Nobody opens to herself what her role hides, by writing herself or a stranger's record into a case."""
        after = self._office.account.sight(self._session, row) if before else {}
        if any(after[id] > seen for id, seen in before.items() if id in after):
            raise Refused(NEARER)

    def problems(self, values: Mapping[str, Any], id: UUID | None) -> list[Problem]:
        """What the rules say of `values`, warnings included."""
        given, row = self._tidied(values), self._row(id)
        return self._said_of(row, self._candidate(row, given), given)

    def _row(self, id: UUID | None) -> Record | None:
        if id is None:
            return None
        row = self._session.get(self._sheet, id)
        if row is None or not self._office.account.reaches(self._session, row):
            raise Refused(N_("There is no such record."))
        if row.archived:
            # She would not find again what she saved: lists and search pass over it.
            raise Refused(N_("This record was put away. Bring it back before you change it."))
        return row

    def _tidied(self, values: Mapping[str, Any]) -> dict[str, Any]:
        tidied = {}
        for name, value in values.items():
            try:
                tidied[name] = entry.tidy(self._sheet.field(name), value)
            except KeyError:
                raise Refused(Problem(name, N_("This sheet has no such field."))) from None
        return tidied

    def _candidate(self, row: Record | None, given: Mapping[str, Any], seen: Seen | None = None) -> Record:
        """The record as it would stand, PRIVILEGED texts in the open, attached to nothing. What a form gives back as it
        was shown stands as it is now, whoever has changed it meanwhile.
        """
        candidate = blank(self._sheet)
        candidate.id = row.id if row is not None else new_id()
        if row is not None:
            for name, value in row.values().items():
                setattr(candidate, name, self._opened(row, self._sheet.field(name), value))
        for name, value in given.items():
            if row is None or not (seen and _untouched(self._sheet.field(name), given, seen)):
                setattr(candidate, name, value)
        self._office.deadlines.fill(candidate, given)
        return candidate

    def _opened(self, row: Record, field: Field, value: Any) -> Any:
        if field.secrecy is not Secrecy.PRIVILEGED or not value:
            return value
        return self._office.database.privileged.open(row.sheet(), row.id, field.name, value)

    def _checked(self, row: Record | None, candidate: Record, given: Mapping[str, Any]) -> tuple[Problem, ...]:
        problems = self._said_of(row, candidate, given)
        faults = [problem for problem in problems if not problem.warning]
        if faults:
            raise Refused(*faults)
        return tuple(problems)

    def _said_of(self, row: Record | None, candidate: Record, given: Mapping[str, Any]) -> list[Problem]:
        held = same_iin.held_already(self._office.account, self._session, candidate)
        answers = responsibility.faults(self._office, self._session, row, candidate)
        return [*candidate.problems(), *self._strangers(given), *answers, *held]

    def _strangers(self, given: Mapping[str, Any]) -> list[Problem]:
        """References to records that are not here. One that arrived by itself may wait for its other end; typed
        ones may not.
        """
        return [
            Problem(name, N_("The record this points to is not in the store."))
            for name, value in given.items()
            if self._sheet.field(name).kind is Kind.REFERENCE and value and not self._there(name, value)
        ]

    def _there(self, name: str, id: UUID) -> bool:
        target = self._session.get(sheet_of(self._sheet.field(name).target or ""), id)
        return target is not None and self._office.account.reaches(self._session, target)

    def _inserted(self, candidate: Record) -> Record:
        for secret in _privileged(self._sheet):
            setattr(candidate, secret.name, self._sealed(candidate.id, secret, getattr(candidate, secret.name)))
        self._session.add(candidate)
        return candidate

    def _sealed(self, id: UUID, secret: Field, text: str | None) -> str | None:
        return self._office.database.privileged.seal(self._sheet.sheet(), id, secret.name, text) if text else None

    def _updated(self, row: Record, candidate: Record, given: Mapping[str, Any], seen: Seen | None) -> tuple[UUID, ...]:
        current = versions(self._session, row.id) if seen else {}
        conflicts = []
        for known in self._sheet.fields():
            wanted, held = getattr(candidate, known.name), self._opened(row, known, getattr(row, known.name))
            if _same(wanted, held) or (seen and _untouched(known, given, seen)):
                continue
            if seen and seen.moved(known.name, current):
                conflicts.append(self._conflict(row, known, seen, wanted))
                if not _safer(known, wanted, held):
                    continue
            self._write(row, known, wanted, held)
        return tuple(conflicts)

    def _write(self, row: Record, known: Field, wanted: Any, held: Any) -> None:
        if known.secrecy is Secrecy.PRIVILEGED:
            if getattr(row, known.name) and held is None:
                raise Refused(Problem(known.name, N_("This note belongs to a colleague and cannot be overwritten.")))
            wanted = self._sealed(row.id, known, wanted)
        setattr(row, known.name, wanted)

    def _conflict(self, row: Record, field: Field, seen: Seen, mine: Any) -> UUID:
        return self._office.conflicts.note(self._session, row, field, before=seen.values.get(field.name), mine=mine)


def _refuse_programs_own(candidate: Record, row: Record | None) -> None:
    """What the program acts upon is never typed; a form gives it back as it stands."""
    for name in sorted(candidate.programs_own):
        if not _same(getattr(candidate, name), getattr(row, name, None)):
            raise Refused(Problem(name, PROGRAMS_OWN))


def _privileged(sheet: type[Record]) -> list[Field]:
    return [known for known in sheet.fields() if known.secrecy is Secrecy.PRIVILEGED]


def _untouched(known: Field, given: Mapping[str, Any], seen: Seen) -> bool:
    """The form gives back what it was shown: nobody changed this field here."""
    return known.name in given and _same(given[known.name], seen.values.get(known.name))


def _same(one: Any, other: Any) -> bool:
    return one == other or (one in (None, (), "") and other in (None, (), ""))


def _safer(field: Field, wanted: Any, held: Any) -> bool:
    """Whether a SAFEST field's new value protects more than the one that came between."""
    if field.merge is not Merge.SAFEST:
        return False
    if field.kind is Kind.YES_NO:
        return wanted is field.safest
    if isinstance(wanted, enum.Enum) and field.choices:
        order = list(field.choices)
        return not isinstance(held, enum.Enum) or order.index(wanted) > order.index(held)
    return held is None
