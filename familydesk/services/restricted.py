"""Restricted cases: sealed for named people, and opened up again.

A case is restricted because it concerns a colleague, or somebody whom people here know, or because of a named threat.
To everyone who is not named its records are not there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, cast
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from familydesk.core import clock
from familydesk.core.errors import Problem, Refused, Weather
from familydesk.core.i18n import N_
from familydesk.records import sheet_of
from familydesk.records.case import Case
from familydesk.services.journal import Deed
from familydesk.services.restriction import Restriction, Why
from familydesk.services.rights import RIGHTS, Verb
from familydesk.services.told_of import What, done_here, tell
from familydesk.store import sealed_records, search_index
from familydesk.store.case_keys import FACTS, CopyKind
from familydesk.store.database import QUICKLY_REWRITTEN, REWRITE
from familydesk.store.overlay import NEXT_EPOCH, Overlay
from familydesk.store.tables import (
    CASE_KEY,
    DRAFT,
    FREED_CASE_KEY,
    KEPT_APART,
    META,
    RESTRICTED_CASE,
    SEALED_RECORD,
)
from familydesk.sync.member_list import MemberState

if TYPE_CHECKING:
    from familydesk.services.office import Office

NOT_RESTRICTED = N_("This case is not restricted.")
BY_PAPER = N_("By the recovery key restricted cases are only read. Choose a passphrase and come in again.")
NOT_NAMED = N_("Whoever is named in a restricted case changes who is, or a head.")


class Restricted:
    """The restricted cases of one store."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._database = office.database
        self._keys = office.database.case_keys
        self._taken_in = False
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
        facts = self._keys.unseal((case.hex, generation), FACTS, row.sealed)
        damaged = sealed_records.damaged(session.connection(), case.hex)
        return Restriction.of(case, datetime.fromisoformat(row.since), facts, damaged)

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
        Afterwards the file is written anew: what lay in the open lies in no stale page and not in the log.
        """
        self._require_rights()
        named = self._named(case, {*readers, self._office.me})
        with self._database.write() as session, self._keys.renewed(case.hex):
            if session.scalar(select(RESTRICTED_CASE.c.case_id).where(RESTRICTED_CASE.c.case_id == case.hex)):
                raise Refused(N_("This case is restricted already."))
            self._put(session, Restriction(case, why, clock.now(), ()).naming(named, self._heads()))
            self._take_in(session, case, named)
            self._office.case_words.close(session, case)

    def _take_in(self, session: Session, case: UUID, named: set[UUID]) -> None:
        connection = session.connection()
        places = sealed_records.in_the_open(connection, case.hex)
        replaced = sealed_records.take_in(connection, self._keys, case.hex)
        self.leave_out(session, case, places, named)
        self._database.touch(sheet for sheet, _record in places)
        self.note_taken_in(session, case, replaced)

    def leave_out(
        self, session: Session, case: UUID, places: Iterable[sealed_records.Place], readers: Collection[UUID]
    ) -> None:
        """Take out of the search and of the drafts what is for `readers` alone from now on."""
        for sheet, record in places:
            search_index.remove(session.connection(), sheet, UUID(record))
        self._drop_drafts(session, case, readers)

    def _drop_drafts(self, session: Session, case: UUID, readers: Collection[UUID]) -> None:
        """What others have begun to write about these records is for nobody any more: they cannot save it."""
        named = [one.hex for one in readers]
        records = [record for _sheet, record in sealed_records.sealed(session.connection(), case.hex)]
        session.execute(delete(DRAFT).where(DRAFT.c.record.in_(records), DRAFT.c.owner.not_in(named)))

    def note_taken_in(
        self, session: Session, case: UUID, replaced: sealed_records.Replaced, by: UUID | None = None
    ) -> None:
        """Say in the journal which changes stand in the log in another form since, and that the file is to be written
        anew: an older page of it may still hold what they were. `by`: who said so on another laptop.
        """
        if replaced:
            session.execute(insert(META).prefix_with("OR REPLACE").values(key=REWRITE, value="1"))
            self._taken_in = True
        self._office.journal.note_in(session, Deed.RESTRICTED, "case", case, case, detail=_told(replaced, by))

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

    def _put(self, session: Session, named: Restriction) -> None:
        """Write down who is named, and give each a copy of the newest key. What other copies stood there go."""
        case = named.case
        row = {
            "case_id": case.hex,
            "generation": self._keys.current(case.hex),
            "since": named.since.isoformat(),
            "sealed": self._keys.seal(case.hex, FACTS, named.facts(self._keys.known(case.hex))),
            "public": self._keys.public(case.hex).hex(),
        }
        session.execute(insert(RESTRICTED_CASE).prefix_with("OR REPLACE").values(row))
        session.execute(delete(CASE_KEY).where(CASE_KEY.c.case_id == case.hex))
        for kind, accounts in ((CopyKind.READER, named.readers), (CopyKind.EMERGENCY, named.heads)):
            for account in accounts:
                public = self._office.members.sealing_public(account)
                if public is None:
                    raise Refused(Problem("readers", N_("Only colleagues who can open the store can be named.")))
                self._keys.write_copy(session.connection(), case.hex, kind, account, public)

    # Opening up

    def open_up(self, case: UUID) -> None:
        """Give the case back to everybody, as it was before, in one transaction. Refused if it does not open here."""
        self._require_rights()
        self._in_charge(case)
        with self._database.write() as session:
            people = self._concerned(session, self._hers(session, case))
            for generation, key in self._keys.known(case.hex):
                row = {"case_id": case.hex, "generation": generation, "key": key}
                session.execute(insert(FREED_CASE_KEY).prefix_with("OR IGNORE").values(row))
            word = self._office.case_words.free(session, case)
            tell(session, people, done_here(case, self._office.me, What.LIFTED, word))
            self.let_out(session, case)

    def let_out(self, session: Session, case: UUID, by: UUID | None = None) -> None:
        """Put a case that opens here back as it was. `by`: who said so on another laptop."""
        connection = session.connection()
        places = sealed_records.sealed(connection, case.hex)
        replaced = sealed_records.let_out(connection, self._keys, case.hex)
        for table in (RESTRICTED_CASE, CASE_KEY, KEPT_APART):
            session.execute(delete(table).where(table.c.case_id == case.hex))
        for sheet, record in places:
            self._office.search.index_ids(connection, sheet_of(sheet), [UUID(record)])
        self._database.touch(["case", *(sheet for sheet, _record in places)])
        self._office.journal.note_in(session, Deed.OPENED_UP, "case", case, case, detail=_told(replaced, by))

    # Readers

    def set_readers(self, case: UUID, readers: Iterable[UUID]) -> None:
        """Name these people and nobody else. Whoever leaves the list is shut out of what is written from now on."""
        self._require_rights()
        named = self._named(case, set(readers))
        if not named:
            raise Refused(Problem("readers", N_("Somebody must be named.")))
        with self._database.write() as session:
            self._name(session, self._hers(session, case), named)

    def _hers(self, session: Session, case: UUID) -> Restriction:
        """The restriction of a case that opens here. Refused for whoever is neither named in it nor a head."""
        found = self._of(session, case)
        if found is None:
            raise Refused(NOT_RESTRICTED)
        if self._office.me not in found.readers and not self._office.account.may(Verb.BREAK_GLASS):
            raise Refused(NOT_NAMED)
        return found

    @staticmethod
    def _concerned(session: Session, found: Restriction) -> set[UUID]:
        """Who is named; where the list does not open, for whom copies lie there."""
        return set(found.readers) or accounts_of(session, found.case, CopyKind.READER)

    def _name(self, session: Session, found: Restriction, readers: set[UUID]) -> None:
        """Whoever is only added gets a copy of the key; if somebody leaves, there is another key."""
        case, connection = found.case, session.connection()
        named = found.naming(readers, self._heads())
        # A list that does not open may have named anybody.
        stays = found.readers and readers.issuperset(found.readers) and set(named.heads).issuperset(found.heads)
        if stays:
            self._put(session, named)
            self._office.case_words.close(session, case)
            connection.exec_driver_sql(NEXT_EPOCH)
            return self.note_taken_in(session, case, {})
        left = self._concerned(session, found) - readers - {self._office.me}
        with self._keys.renewed(case.hex):
            self._put(session, named)
            word = self._office.case_words.close(session, case)
            if left:
                tell(session, left, done_here(case, self._office.me, What.TAKEN_OFF, word))
            self._drop_drafts(session, case, readers)
            self.note_taken_in(session, case, sealed_records.reseal(connection, self._keys, case.hex))
        return None

    def seal_to_her_new_key(self, session: Session, public: bytes) -> None:
        """Let the copies of whoever is at the desk open with a new key of hers from now on."""
        self._keys.seal_to_new_key(session.connection(), self._office.me, public)
        session.connection().exec_driver_sql(NEXT_EPOCH)

    def keep_in_step(self, session: Session | None = None) -> None:
        """Bring the copies in step with the center: whoever is responsible is named, a new head has her emergency copy,
        a person with new keys gets copies sealed to them, and whoever was disabled or is not on the list has none.
        """
        if self._office.account.signing_key() is None or not self._office.account.may_write("case"):
            return
        if session is not None:
            self._bring_in_step(session)
        elif self._stale():
            with self._database.write() as session:
                self._bring_in_step(session)

    def _follow(self, touched: frozenset[str]) -> None:
        """Whoever becomes responsible is named at once, and who must be kept apart is told to all; where something was
        sealed, the file is written anew.
        """
        if touched & _TOLD_OF and self._keys.open_cases():
            self.keep_in_step()
        if self._taken_in:
            self._taken_in = False
            # It is sealed already; a disk too full for the second copy leaves that for the next opening.
            with suppress(Weather):
                self._database.rewrite(at_most=QUICKLY_REWRITTEN)

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
        """Who should be named, if list and copies are not as they should be; nobody if they are, or if it is not for
        her to mend. Only what is sealed with the case counts: the list, and who is responsible.
        """
        found, heads = self._of(session, case), self._heads()
        if found is None or not found.readers:
            return set()
        responsible = self._responsible(session, case)
        wanted = ({*found.readers} | ({responsible} if responsible else set())) & set(self.candidates())
        if self._office.me not in wanted | heads:
            return set()
        named = found.naming(wanted, heads)
        as_due = named == found and _copies(session, case) == self._due(named) and not self._planted(session, case)
        return set() if as_due and not self._office.case_words.is_behind(session, case) else wanted

    @staticmethod
    def _responsible(session: Session, case: UUID) -> UUID | None:
        """As the sealed record says: a row that somebody put on the sheet under the same id does not count."""
        connection = session.connection()
        account = dict(Overlay.of(connection).opened(connection, "case", "responsible_id")).get(case.hex)
        return UUID(account) if account else None

    def _planted(self, session: Session, case: UUID) -> bool:
        """Whether there are copies of a key of which nobody has said that it is one of the case."""
        of_case = select(RESTRICTED_CASE.c.public).where(RESTRICTED_CASE.c.case_id == case.hex)
        known = {*session.scalars(of_case), *self._office.case_words.publics(session, case)}
        return not known.issuperset(session.scalars(select(CASE_KEY.c.of_key).where(CASE_KEY.c.case_id == case.hex)))

    def _due(self, named: Restriction) -> set[Copy]:
        return {
            (kind.name, one, (self._office.members.sealing_public(one) or b"").hex())
            for kind, people in ((CopyKind.READER, named.readers), (CopyKind.EMERGENCY, named.heads))
            for one in people
        }

    def _require_rights(self) -> None:
        if self._office.account.signing_key() is None:
            raise Refused(BY_PAPER)
        self._office.account.require_write("case")

    @staticmethod
    def keeps(session: Session, ids: Collection[str]) -> bool:
        """Whether any of these records (ids in hex) lies sealed, or a restricted case speaks of one of them."""
        asked = (SEALED_RECORD.c.record, KEPT_APART.c.one, KEPT_APART.c.other)
        return not {id_ for column in asked for id_ in session.scalars(select(column))}.isdisjoint(ids)


_TOLD_OF = frozenset({"case", "incident", "protective_order"})
"""Sheets whose records say who is responsible, and who must not be led to whom."""
Copy = tuple[str, UUID, str]
"""Of a copy of a key: its kind, whose it is, and to which public key (hex) it is sealed."""


def _copies(session: Session, case: UUID) -> set[Copy]:
    """Of the key that seals now."""
    newest = select(RESTRICTED_CASE.c.public).where(RESTRICTED_CASE.c.case_id == case.hex).scalar_subquery()
    copies = session.execute(select(CASE_KEY).where(CASE_KEY.c.case_id == case.hex, CASE_KEY.c.of_key == newest)).all()
    return {(copy.kind, UUID(copy.account), copy.public) for copy in copies}


def accounts_of(session: Session, case: UUID, kind: CopyKind) -> set[UUID]:
    """For whom copies of a case's key lie there: where it does not open, all that is known of who is named."""
    return {account for held, account, _public in _copies(session, case) if held == kind.name}


def _told(replaced: sealed_records.Replaced, by: UUID | None) -> dict[str, object]:
    return {"replaced": replaced, **({"by": by.hex} if by else {})}
