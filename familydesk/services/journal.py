"""The journal of this laptop: what was done with the records, by whom and why, in a chain that cannot be rewritten
unnoticed.

What lets something out (a print, an export) is written before it happens, at once. Views and searches are written a
moment later by a thread of their own, so that no window ever waits for them.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.orm import Session

from familydesk.core import clock
from familydesk.core.errors import Refused, Weather
from familydesk.core.ids import new_id
from familydesk.core.record import Record
from familydesk.services.late_entries import LateEntries
from familydesk.services.nearness import case_of
from familydesk.services.printed_head import held_against, read_short
from familydesk.services.rights import OPEN_TO_ALL, Verb
from familydesk.services.sitting import OFTEN, Arrival, Ends, Standing
from familydesk.services.subjects import about, subjects
from familydesk.store.heads import brought_back
from familydesk.store.journal import BROUGHT_BY, BY_PAPER, INSTEAD_OF, Chain, Deed, Entry, Head
from familydesk.store.proof import People, verify
from familydesk.store.verdict import Verdict
from familydesk.sync import acquaintance, shelf
from familydesk.sync.member_list import MemberList

if TYPE_CHECKING:
    from nacl.signing import SigningKey

    from familydesk.services.access import Access
    from familydesk.services.office import Office

__all__ = ["Deed", "Head", "Journal", "Standing", "Verdict"]

FOLDED = 600.0
"""Seconds in which views of the same case by the same person are one event."""


class Journal:
    """The events of one open store."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._database = office.database
        self._late = LateEntries(self._write_late)
        self._viewed: dict[tuple[str, str], float] = {}
        self._since = 0
        self._open = False
        self.arrival = Arrival(Standing.SAME)
        """What was found when the store was opened."""

    # Coming and going

    def begin(self) -> None:
        """The store was opened: say whether it is the one that was left here, and note who came in."""
        self._note_restore()
        with self._database.read(whole=True) as session:
            self.arrival = self._ends.compare(self._chain(session), session.connection())
        # Two copies of a store that are opened in the same second by the same person must part ways all the same.
        way = {"sitting": new_id().hex, **({} if self._signer else {BY_PAPER: True})}
        entry = self._entry(Deed.UNLOCKED, detail={**way, **self.arrival.detail()})
        if not self._write_late([entry]):
            # A disk that is full must not lock a caseworker out: it is written as soon as there is room.
            self._late.add(entry)
        self._open = True
        self._ends.remember(self.head())

    def _note_restore(self) -> None:
        """Who restored had only the backup's keys at hand, and perhaps an older schema: it is noted now, with her name.

        It vouches for no change: what the backup holds beyond its last event is for the opening to take over.
        """
        with suppress(Weather), self._database.write() as session:
            if (found := brought_back(session.connection())) is not None:
                told = {INSTEAD_OF: found.instead_of, BROUGHT_BY: found.by}
                self._append_all(session, [self._entry(Deed.RESTORED, detail=told)])
                if acquaintance.known(session.connection()):
                    # What was handed over since the backup is not in it: nothing more goes out under the same identity.
                    shelf.fall_silent(session.connection())

    def end(self) -> None:
        """The store is being closed. What cannot be written now is lost, but nothing else is."""
        waiting = self._late.stop()
        closing = self._open
        self._open = False
        if not (waiting or closing):
            return
        with suppress(Weather):
            with self._database.write() as session:
                self._append_all(session, waiting)
                if closing:
                    self._append(session, self._entry(Deed.LOCKED))
            if closing:
                self._ends.remember(self.head())

    # Writing

    def note(
        self,
        deed: Deed,
        sheet: str = "",
        record: UUID | None = None,
        case: UUID | None = None,
        reason: str = "",
        recipient: str = "",
        detail: Mapping[str, Any] | None = None,
    ) -> Head:
        """One event, on disk when this returns, and the chain's end with it. Weather if the disk does not take it."""
        waiting = self._late.take()
        try:
            with self._database.write() as session:
                # What waits comes first: it happened first.
                self._append_all(session, waiting)
                head = self._append(session, self._entry(deed, sheet, record, case, reason, recipient, detail))
        except BaseException:
            self._late.put_back(waiting)
            raise
        self._remember_now_and_then()
        return head

    def note_in(
        self,
        session: Session,
        deed: Deed,
        sheet: str = "",
        record: UUID | None = None,
        case: UUID | None = None,
        reason: str = "",
        recipient: str = "",
        detail: Mapping[str, Any] | None = None,
    ) -> Head:
        """The same inside an open write: the event stands if the write does, and vouches for what it changed so far."""
        return self._append(session, self._entry(deed, sheet, record, case, reason, recipient, detail))

    def viewed(
        self, sheet: str, record: UUID, case: UUID | None = None, detail: Mapping[str, Any] | None = None
    ) -> None:
        """Somebody looks at a record. Within ten minutes the same case, or record without one, is noted once."""
        place = (self._office.me.hex, (case or record).hex)
        now = time.monotonic()
        if now - self._viewed.get(place, -FOLDED) >= FOLDED:
            self._viewed[place] = now
            self._late.add(self._entry(Deed.VIEWED, sheet, record, case, detail=detail))

    def looked_at(self, record: Record) -> None:
        """The same of a record that was read, with the case it belongs to; of what belongs to nobody, nothing."""
        if record.sheet() in OPEN_TO_ALL:
            return
        with self._database.read(whole=True) as session:
            case = case_of(session.connection(), record)
        self.viewed(record.sheet(), record.id, case, {} if case else self.about([record]))

    def about(self, records: Iterable[Record]) -> dict[str, list[str]]:
        """For the detail of an event without a case: in whose files it is found."""
        with self._database.read(whole=True) as session:
            return about(subjects(session.connection(), records))

    def searched(self, text: str, found: int) -> None:
        """Somebody searched. Of what was typed only its measure is kept, and of one typing only the last state."""
        letters, digits = sum(map(str.isalpha, text)), sum(map(str.isdigit, text))
        if letters or digits:
            detail = {"letters": letters, "digits": digits, "found": found}
            self._late.settle(self._entry(Deed.SEARCHED, detail=detail))

    def flush(self) -> None:
        """Write down now what waits for its moment, if the disk takes it."""
        self._late.flush()

    # Reading

    def head(self) -> Head:
        """Where the chain ends."""
        with self._database.read(whole=True) as session:
            return self._chain(session).head()

    def verify(self, print_head: str = "") -> Verdict:
        """Walk the whole journal and the history of records that it vouches for; `print_head` is what an old paper
        bears at its foot. Refused if that is not written as papers bear it, and to who may not check.
        """
        self._office.account.require(Verb.ACCESS_LIST)
        printed = read_short(print_head) if print_head else None
        self.flush()
        with self._database.read(whole=True) as session:
            people = self._people(self._office.members.for_proof(session))
            verdict = verify(session.connection(), self._store, self._database.device, people)
            if printed and verdict.whole:
                verdict = held_against(printed, self._chain(session), verdict)
        return self._named(verdict)

    def _people(self, listed: MemberList) -> People:
        """As the list of members has them; of a store without a list, she alone who is at the desk."""
        if self._office.members.begun:
            orders = {one.id.hex() for one in listed.log.erasures()}
            keys = {account.hex: publics for account, publics in listed.keys.items()}
            return People(lambda account: keys.get(account, ()), listed.led, listed.digest, orders.__contains__)
        me, key = self._office.me.hex, self._signer
        own = {bytes(key.verify_key)} if key else set()
        return People(
            lambda account: own if account == me else (), lambda account, _seq: account == me, lambda _seq: ""
        )

    def _named(self, verdict: Verdict) -> Verdict:
        accounts = {UUID(hex=notice.account) for notice in verdict.notices if notice.account}
        names = self._office.desk.names("staff_member", accounts)
        notices = (
            replace(notice, who=names.get(UUID(hex=notice.account), "")) if notice.account else notice
            for notice in verdict.notices
        )
        return replace(verdict, notices=tuple(notices))

    def access(self, case_id: UUID | None = None, number: str = "") -> list[Access]:
        """Who opened the file of a case, by its id or its number, oldest first. Refused to who may not see it, and if
        there is no such case. A restricted case that does not open here bears no number that could be found.
        """
        from familydesk.services.access import access_to
        from familydesk.services.dossiers import NO_CASE
        from familydesk.services.dossiers import case_of as case_named

        self._office.account.require(Verb.ACCESS_LIST)
        case = case_named(self._office, number, None) if number else None
        asked = case.id if case else case_id
        if asked is None:
            raise Refused(NO_CASE)
        self.flush()
        return access_to(self._office, asked)

    def _entry(
        self,
        deed: Deed,
        sheet: str = "",
        record: UUID | None = None,
        case: UUID | None = None,
        reason: str = "",
        recipient: str = "",
        detail: Mapping[str, Any] | None = None,
    ) -> Entry:
        return Entry(
            deed,
            clock.now().isoformat(),
            self._office.me.hex,
            sheet,
            record.hex if record else "",
            case.hex if case else "",
            reason.strip(),
            recipient.strip(),
            {**(detail or {}), **self._office.members.told(deed)},
        )

    def _remember_now_and_then(self) -> None:
        if self._open and self._since >= OFTEN:
            self._since = 0
            self._ends.remember(self.head())

    def _append(self, session: Session, entry: Entry) -> Head:
        session.flush()
        self._since += 1
        return self._chain(session).append(entry, self._signer)

    def _append_all(self, session: Session, entries: list[Entry]) -> None:
        chain = self._chain(session)
        self._since += len(entries)
        for entry in entries:
            # Of these only an opening vouches for changes: those after which the program was killed.
            chain.append(entry, self._signer, binding=entry.deed is Deed.UNLOCKED)

    def _write_late(self, entries: list[Entry]) -> bool:
        try:
            with self._database.write() as session:
                self._append_all(session, entries)
            self._remember_now_and_then()
        except Weather:
            return False
        return True

    def _chain(self, session: Session) -> Chain:
        return Chain(session.connection(), self._store, self._database.device)

    @cached_property
    def _ends(self) -> Ends:
        return Ends(self._office, self._store, self._signer)

    @cached_property
    def _signer(self) -> SigningKey | None:
        return self._office.account.signing_key()

    @cached_property
    def _store(self) -> str:
        with self._database.connection() as connection:
            found = connection.exec_driver_sql("SELECT value FROM meta WHERE key = 'store'").scalar()
        return str(found or "")
