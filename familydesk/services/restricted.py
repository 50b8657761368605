"""Restricted cases: sealed for named people, opened up again, and opened by a head who breaks the glass.

A case is restricted because it concerns a colleague, or somebody whom people here know, or because of a named threat.
To everyone who is not named its records are not there; a head can open it with a written reason, and those who are
named are told.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from familydesk.core import clock
from familydesk.core.errors import Problem, Refused
from familydesk.core.i18n import N_
from familydesk.core.ids import new_id
from familydesk.records import sheet_of
from familydesk.records.case import Case
from familydesk.services.journal import Deed
from familydesk.services.rights import RIGHTS, Verb
from familydesk.store import sealed_records, search_index
from familydesk.store.case_keys import CopyKind
from familydesk.store.member_list import MemberState
from familydesk.store.overlay import NEXT_EPOCH
from familydesk.store.tables import BROKEN_GLASS, CASE_KEY, DRAFT, GLASS_SEEN, KEPT_APART, RESTRICTED_CASE

if TYPE_CHECKING:
    from familydesk.services.office import Office

NOT_HERE = N_("There is no such record.")
NOT_RESTRICTED = N_("This case is not restricted.")


class Why(enum.Enum):
    """Why a case is restricted. NAMES are stored, sealed with the case."""

    COLLEAGUE = N_("It concerns a colleague or her family")
    KNOWN_PERSON = N_("It concerns somebody whom many people know")
    THREAT = N_("There is a threat by somebody who may reach our papers")


@dataclass(frozen=True, slots=True)
class Restriction:
    """A restricted case that opens here."""

    case: UUID
    why: Why
    since: datetime
    readers: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class BehindGlass:
    """A restricted case that does not open here: when it was restricted, and who is named."""

    case: UUID
    since: datetime
    readers: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Breaking:
    """Somebody who is not named opened a restricted case."""

    id: UUID
    case: UUID
    who: UUID
    at: datetime
    reason: str


class Restricted:
    """The restricted cases of one store."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._database = office.database
        self._keys = office.database.case_keys

    # Asking

    def of(self, case: UUID) -> Restriction | None:
        """The restriction of a case that opens here; None if it has none, or none that opens here."""
        with self._database.read(whole=True) as session:
            return self._of(session, case)

    def _of(self, session: Session, case: UUID) -> Restriction | None:
        generation = self._keys.current(case.hex)
        row = session.execute(select(RESTRICTED_CASE).where(RESTRICTED_CASE.c.case_id == case.hex)).one_or_none()
        if row is None or generation is None:
            return None
        facts = self._keys.unseal((case.hex, generation), _FACTS, row.sealed)
        why = Why[json.loads(facts)["why"]] if facts else Why.THREAT
        return Restriction(case, why, datetime.fromisoformat(row.since), _readers(session, case))

    def behind_glass(self) -> list[BehindGlass]:
        """For whoever may break it: the restricted cases in which she is not named, oldest first."""
        if not self._office.account.may(Verb.BREAK_GLASS):
            return []
        with self._database.read(whole=True) as session:
            rows = session.execute(select(RESTRICTED_CASE).order_by(RESTRICTED_CASE.c.since)).all()
            closed = {UUID(row.case_id): row for row in rows if self._keys.current(row.case_id) is None}
            return [
                BehindGlass(case, datetime.fromisoformat(row.since), _readers(session, case))
                for case, row in closed.items()
            ]

    def candidates(self) -> tuple[UUID, ...]:
        """Who can be named: everybody who may open the store and works with cases."""
        members = self._office.members.list()
        return tuple(one.account for one in members if one.state is MemberState.ACTIVE and RIGHTS[one.role].casework)

    def _heads(self) -> set[UUID]:
        return {one.account for one in self._office.members.list() if one.leads}

    # Restricting

    def restrict(self, case: UUID, why: Why, readers: Iterable[UUID]) -> None:
        """Seal the case and all its records for `readers` and for whoever does it, in one transaction.

        Refused if it is restricted already, if a reader cannot be named, or if whoever is responsible is left out.
        """
        named = self._named(case, {*readers, self._office.me})
        with self._database.write() as session, self._keys.renewed(case.hex):
            if session.scalar(select(RESTRICTED_CASE.c.case_id).where(RESTRICTED_CASE.c.case_id == case.hex)):
                raise Refused(N_("This case is restricted already."))
            self._put_facts(session, case, why)
            self._write_copies(session, case, named)
            self._take_in(session, case)

    def _take_in(self, session: Session, case: UUID) -> None:
        connection = session.connection()
        places = sealed_records.in_the_open(connection, case.hex)
        replaced = sealed_records.take_in(connection, self._keys, case.hex)
        for sheet, record in places:
            search_index.remove(connection, sheet, UUID(record))
            session.execute(delete(DRAFT).where(DRAFT.c.record == record, DRAFT.c.owner != self._office.me.hex))
        self._database.touch(sheet for sheet, _record in places)
        self.note_taken_in(session, case, replaced)

    def note_taken_in(self, session: Session, case: UUID, replaced: sealed_records.Replaced) -> None:
        """Say in the journal which changes stand in the log in another form since."""
        self._office.journal.note_in(session, Deed.RESTRICTED, "case", case, case, detail={"replaced": replaced})

    def _named(self, case: UUID, readers: set[UUID]) -> set[UUID]:
        record = cast("Case", self._office.desk.get("case", case))
        if readers - set(self.candidates()):
            raise Refused(Problem("readers", N_("Only colleagues who can open the store can be named.")))
        if record.responsible_id and record.responsible_id not in readers:
            raise Refused(Problem("readers", N_("Whoever is responsible for the case must be named.")))
        if record.kept_from_id in readers:
            raise Refused(Problem("readers", N_("This case is kept from one of these colleagues: she is related.")))
        return readers

    def _put_facts(self, session: Session, case: UUID, why: Why, since: datetime | None = None) -> None:
        row = {
            "case_id": case.hex,
            "generation": self._keys.current(case.hex),
            "since": (since or clock.now()).isoformat(),
            "sealed": self._keys.seal(case.hex, _FACTS, json.dumps({"why": why.name}).encode()),
        }
        session.execute(insert(RESTRICTED_CASE).prefix_with("OR REPLACE").values(row))

    def _write_copies(self, session: Session, case: UUID, readers: Iterable[UUID]) -> None:
        """Copies of the case's key: for the readers, and for every head behind the glass."""
        for kind, accounts in ((CopyKind.READER, readers), (CopyKind.EMERGENCY, self._heads())):
            for account in accounts:
                public = self._office.members.sealing_public(account)
                if public is None:
                    raise Refused(Problem("readers", N_("Only colleagues who can open the store can be named.")))
                self._keys.write_copy(session.connection(), case.hex, kind, account, public)

    # Opening up

    def open_up(self, case: UUID) -> None:
        """Give the case back to everybody, as it was before, in one transaction. Refused if it does not open here."""
        with self._database.write() as session:
            if self._of(session, case) is None:
                raise Refused(NOT_RESTRICTED)
            connection = session.connection()
            places = sealed_records.sealed(connection, case.hex)
            replaced = sealed_records.let_out(connection, self._keys, case.hex)
            for table in (RESTRICTED_CASE, CASE_KEY, KEPT_APART):
                session.execute(delete(table).where(table.c.case_id == case.hex))
            for sheet, record in places:
                self._office.search.index_ids(connection, sheet_of(sheet), [UUID(record)])
            self._database.touch(sheet for sheet, _record in places)
            self._office.journal.note_in(session, Deed.OPENED_UP, "case", case, case, detail={"replaced": replaced})

    # Readers

    def set_readers(self, case: UUID, readers: Iterable[UUID]) -> None:
        """Name these people and nobody else. Whoever leaves the list is shut out of what is written from now on."""
        named = self._named(case, set(readers))
        if not named:
            raise Refused(Problem("readers", N_("Somebody must be named.")))
        with self._database.write() as session:
            found = self._of(session, case)
            if found is None:
                raise Refused(NOT_RESTRICTED)
            self._name(session, found, named)

    def _name(self, session: Session, found: Restriction, readers: set[UUID]) -> None:
        """Whoever is only added gets a copy of the key; if somebody leaves, there is another key."""
        case, connection = found.case, session.connection()
        gone = set(found.readers) - readers
        former = _accounts(session, case, CopyKind.EMERGENCY) - self._heads()
        if not gone and not former:
            self._write_copies(session, case, readers)
            connection.exec_driver_sql(NEXT_EPOCH)
            return self.note_taken_in(session, case, {})
        with self._keys.renewed(case.hex):
            session.execute(delete(CASE_KEY).where(CASE_KEY.c.case_id == case.hex))
            self._put_facts(session, case, found.why, found.since)
            self._write_copies(session, case, readers)
            self.note_taken_in(session, case, sealed_records.reseal(connection, self._keys, case.hex))
        return None

    def keep_in_step(self, session: Session | None = None) -> None:
        """Bring the copies in step with the center: whoever is responsible is named, a new head has her emergency copy,
        a person with new keys gets copies sealed to them, and whoever was disabled has none.
        """
        if session is None:
            stale = self._stale()
            if stale:
                with self._database.write() as session:
                    for case in stale:
                        self._bring_in_step(session, case)
            return
        for case in map(UUID, self._keys.open_cases()):
            self._bring_in_step(session, case)

    def _stale(self) -> list[UUID]:
        with self._database.read(whole=True) as session:
            return [case for case in map(UUID, self._keys.open_cases()) if self._wanted(session, case)]

    def _bring_in_step(self, session: Session, case: UUID) -> None:
        found, wanted = self._of(session, case), self._wanted(session, case)
        if found and wanted:
            self._name(session, found, wanted)

    def _wanted(self, session: Session, case: UUID) -> set[UUID]:
        """Who should have copies, if the copies are not as they should be; nobody if they are."""
        can = set(self.candidates())
        readers, heads = set(_readers(session, case)), self._heads()
        responsible = session.scalar(select(Case.responsible_id).where(Case.id == case))
        wanted = (readers | ({responsible} if responsible else set())) & can
        copies = session.execute(select(CASE_KEY).where(CASE_KEY.c.case_id == case.hex)).all()
        held = {(copy.kind, UUID(copy.account), copy.public) for copy in copies}
        should = {
            (kind.name, one, (self._office.members.sealing_public(one) or b"").hex())
            for kind, people in ((CopyKind.READER, wanted), (CopyKind.EMERGENCY, heads))
            for one in people
        }
        return wanted if held != should else set()

    # The glass

    def break_glass(self, case: UUID, reason: str) -> None:
        """Open a restricted case in which she is not named, until the store is closed. Those who are named are told.

        Refused without the right, without a reason, or where no emergency copy is hers.
        """
        self._office.account.require(Verb.BREAK_GLASS)
        if len(reason.strip()) < SHORTEST_REASON:
            raise Refused(Problem("reason", N_("Write why you must open this case. Those who are named will read it.")))
        with self._database.write() as session:
            if not _accounts(session, case, CopyKind.EMERGENCY) & {self._office.me}:
                raise Refused(N_("No emergency key of this case is yours. One of those who are named can name you."))
            self._office.journal.note_in(session, Deed.BROKE_GLASS, "case", case, case, reason=reason.strip())
            row = {"id": new_id().hex, "case_id": case.hex, "account": self._office.me.hex}
            row |= {"at": clock.now().isoformat(), "reason": reason.strip()}
            session.execute(insert(BROKEN_GLASS).values(row))
            session.connection().exec_driver_sql(NEXT_EPOCH)
            self._database.touch(["case"])
        self._keys.break_glass(case.hex)

    def broken(self) -> list[Breaking]:
        """Breakings of cases in which she is named that she has not acknowledged, oldest first."""
        seen = select(GLASS_SEEN.c.id).where(GLASS_SEEN.c.account == self._office.me.hex)
        query = select(BROKEN_GLASS).where(BROKEN_GLASS.c.id.not_in(seen)).order_by(BROKEN_GLASS.c.at)
        with self._database.read(whole=True) as session:
            return [
                _breaking(row)
                for row in session.execute(query).all()
                if row.account != self._office.me.hex and self._office.me in _readers(session, UUID(row.case_id))
            ]

    def acknowledge(self, breaking: UUID) -> None:
        """She has read that somebody opened the case; it is not told her again."""
        with self._database.write() as session:
            row = {"id": breaking.hex, "account": self._office.me.hex, "at": clock.now().isoformat()}
            session.execute(insert(GLASS_SEEN).prefix_with("OR REPLACE").values(row))


_FACTS = {"what": "familydesk restriction 1"}
SHORTEST_REASON = 10


def _readers(session: Session, case: UUID) -> tuple[UUID, ...]:
    return tuple(sorted(_accounts(session, case, CopyKind.READER)))


def _accounts(session: Session, case: UUID, kind: CopyKind) -> set[UUID]:
    query = select(CASE_KEY.c.account).where(CASE_KEY.c.case_id == case.hex, CASE_KEY.c.kind == kind.name)
    return {UUID(account) for account in session.scalars(query)}


def _breaking(row: Any) -> Breaking:
    at = datetime.fromisoformat(row.at)
    return Breaking(UUID(row.id), UUID(row.case_id), UUID(row.account), at, row.reason)
