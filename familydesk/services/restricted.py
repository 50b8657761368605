"""Restricted cases: sealed for named people, and opened up again.

A case is restricted because it concerns a colleague, or somebody whom people here know, or because of a named threat.
To everyone who is not named its records are not there.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from familydesk.core import clock
from familydesk.core.errors import Problem, Refused
from familydesk.core.i18n import N_
from familydesk.records import sheet_of
from familydesk.records.case import Case
from familydesk.services.journal import Deed
from familydesk.services.rights import RIGHTS, Verb
from familydesk.store import sealed_records, search_index
from familydesk.store.case_keys import CopyKind
from familydesk.store.member_list import MemberState
from familydesk.store.overlay import NEXT_EPOCH
from familydesk.store.tables import (
    CASE_KEY,
    DRAFT,
    KEPT_APART,
    RESTRICTED_CASE,
    SEALED_RECORD,
)

if TYPE_CHECKING:
    from familydesk.services.office import Office

NOT_RESTRICTED = N_("This case is not restricted.")
BY_PAPER = N_("By the recovery key restricted cases are only read. Choose a passphrase and come in again.")


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
    damaged: int = 0
    """How many of its records do not open, because somebody wrote into the file or a disk failed."""


class Restricted:
    """The restricted cases of one store."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._database = office.database
        self._keys = office.database.case_keys
        office.database.listen(self._follow)

    # Asking

    def opens(self, case: UUID) -> bool:
        """Whether this is a restricted case that opens here."""
        return self._keys.current(case.hex) is not None

    def of(self, case: UUID) -> Restriction | None:
        """The restriction of a case that opens here; None if it has none, or none that opens here."""
        with self._database.read(whole=True) as session:
            return self._of(session, case)

    def any_closed(self) -> bool:
        """Whether there are restricted cases that do not open here."""
        with self._database.read(whole=True) as session:
            return any(not self.opens(UUID(case)) for case in session.scalars(select(RESTRICTED_CASE.c.case_id)).all())

    def _of(self, session: Session, case: UUID) -> Restriction | None:
        generation = self._keys.current(case.hex)
        row = session.execute(select(RESTRICTED_CASE).where(RESTRICTED_CASE.c.case_id == case.hex)).one_or_none()
        if row is None or generation is None:
            return None
        facts = self._keys.unseal((case.hex, generation), _FACTS, row.sealed)
        why = Why[json.loads(facts)["why"]] if facts else Why.THREAT
        damaged = sealed_records.damaged(session.connection(), case.hex)
        return Restriction(case, why, datetime.fromisoformat(row.since), readers_of(session, case), damaged)

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
        self._require_signature()
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
        self._drop_drafts(session, case)
        self._database.touch(sheet for sheet, _record in places)
        self.note_taken_in(session, case, replaced)

    def _drop_drafts(self, session: Session, case: UUID) -> None:
        """What others have begun to write about these records is for nobody any more: they cannot save it."""
        named = [one.hex for one in readers_of(session, case)]
        records = [record for _sheet, record in sealed_records.sealed(session.connection(), case.hex)]
        session.execute(delete(DRAFT).where(DRAFT.c.record.in_(records), DRAFT.c.owner.not_in(named)))

    def note_taken_in(self, session: Session, case: UUID, replaced: sealed_records.Replaced) -> None:
        """Say in the journal which changes stand in the log in another form since."""
        self._office.journal.note_in(session, Deed.RESTRICTED, "case", case, case, detail={"replaced": replaced})

    def _named(self, case: UUID, readers: set[UUID]) -> set[UUID]:
        record = self._in_charge(case)
        if readers - set(self.candidates()):
            raise Refused(Problem("readers", N_("Only colleagues who can open the store can be named.")))
        if record.responsible_id and record.responsible_id not in readers:
            raise Refused(Problem("readers", N_("Whoever is responsible for the case must be named.")))
        if record.kept_from_id in readers:
            raise Refused(Problem("readers", N_("This case is kept from one of these colleagues: she is related.")))
        return readers

    def _in_charge(self, case: UUID) -> Case:
        """The case. Refused unless she is responsible for it, or nobody is, or she leads: nobody else shuts out."""
        record = cast("Case", self._office.desk.get("case", case))
        if record.responsible_id not in (None, self._office.me) and not self._office.account.may(Verb.BREAK_GLASS):
            raise Refused(N_("Whoever is responsible for a case restricts it, or a head."))
        return record

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
        self._require_signature()
        self._in_charge(case)
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
        self._require_signature()
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
        former = accounts_of(session, case, CopyKind.EMERGENCY) - self._heads()
        if not gone and not former:
            self._write_copies(session, case, readers)
            connection.exec_driver_sql(NEXT_EPOCH)
            return self.note_taken_in(session, case, {})
        with self._keys.renewed(case.hex):
            session.execute(delete(CASE_KEY).where(CASE_KEY.c.case_id == case.hex))
            self._put_facts(session, case, found.why, found.since)
            self._write_copies(session, case, readers)
            self._drop_drafts(session, case)
            self.note_taken_in(session, case, sealed_records.reseal(connection, self._keys, case.hex))
        return None

    def keep_in_step(self, session: Session | None = None) -> None:
        """Bring the copies in step with the center: whoever is responsible is named, a new head has her emergency copy,
        a person with new keys gets copies sealed to them, and whoever was disabled has none.
        """
        if self._office.account.signing_key() is None:
            return
        if session is not None:
            self._bring_in_step(session)
        elif self._stale():
            with self._database.write() as session:
                self._bring_in_step(session)

    def _follow(self, touched: frozenset[str]) -> None:
        """Whoever becomes responsible is named at once."""
        if "case" in touched and self._keys.open_cases():
            self.keep_in_step()

    def _stale(self) -> bool:
        with self._database.read(whole=True) as session:
            # Begun before the keys are asked: whoever begins learns the copies that are new.
            session.connection()
            return any(self._wanted(session, UUID(case)) for case in self._keys.open_cases())

    def _bring_in_step(self, session: Session) -> None:
        for case in map(UUID, self._keys.open_cases()):
            found, wanted = self._of(session, case), self._wanted(session, case)
            if found and wanted:
                self._name(session, found, wanted)

    def _wanted(self, session: Session, case: UUID) -> set[UUID]:
        """Who should have copies, if the copies are not as they should be; nobody if they are."""
        can = set(self.candidates())
        readers, heads = set(readers_of(session, case)), self._heads()
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

    def _require_signature(self) -> None:
        if self._office.account.signing_key() is None:
            raise Refused(BY_PAPER)

    def refuse_to_destroy(self, session: Session, ids: Collection[str]) -> None:
        """Refused if any of these records (ids in hex) lies sealed, or a restricted case speaks of one of them."""
        asked = (SEALED_RECORD.c.record, KEPT_APART.c.one, KEPT_APART.c.other)
        found = {id_ for column in asked for id_ in session.scalars(select(column))}
        if not found.isdisjoint(ids):
            raise Refused(N_("A restricted case belongs to this. Somebody who is named in it must open it up first."))


_FACTS = {"what": "familydesk restriction 1"}


def readers_of(session: Session, case: UUID) -> tuple[UUID, ...]:
    """Who is named in a restricted case."""
    return tuple(sorted(accounts_of(session, case, CopyKind.READER)))


def accounts_of(session: Session, case: UUID, kind: CopyKind) -> set[UUID]:
    """Who has copies of one kind of a case's key."""
    query = select(CASE_KEY.c.account).where(CASE_KEY.c.case_id == case.hex, CASE_KEY.c.kind == kind.name)
    return {UUID(account) for account in session.scalars(query)}
