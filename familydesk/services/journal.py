"""The journal of this laptop: what was done with the records, by whom and why, in a chain that cannot be rewritten
unnoticed.

What lets something out (a print, an export) is written before it happens, at once. Views and searches are written a
moment later by a thread of their own, so that no window ever waits for them.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.orm import Session

from familydesk.core import clock
from familydesk.core.errors import Weather
from familydesk.services.late_entries import LateEntries
from familydesk.store.journal import Chain, Deed, Entry, Head

if TYPE_CHECKING:
    from nacl.signing import SigningKey

    from familydesk.services.office import Office

__all__ = ["Deed", "Head", "Journal"]

FOLDED = 600.0
"""Seconds in which views of the same case by the same person are one event."""


class Journal:
    """The events of one open store."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._database = office.database
        self._late = LateEntries(self._write_late)
        self._viewed: dict[tuple[str, str], float] = {}

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
                return self._append(session, self._entry(deed, sheet, record, case, reason, recipient, detail))
        except BaseException:
            self._late.put_back(waiting)
            raise

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

    def viewed(self, sheet: str, record: UUID, case: UUID | None = None) -> None:
        """Somebody looks at a record. Within ten minutes the same case, or record without one, is noted once."""
        place = (self._office.me.hex, (case or record).hex)
        now = time.monotonic()
        if now - self._viewed.get(place, -FOLDED) >= FOLDED:
            self._viewed[place] = now
            self._late.add(self._entry(Deed.VIEWED, sheet, record, case))

    def searched(self, text: str, found: int) -> None:
        """Somebody searched. Of what was typed only its measure is kept, and of one typing only the last state."""
        letters, digits = sum(map(str.isalpha, text)), sum(map(str.isdigit, text))
        if letters or digits:
            detail = {"letters": letters, "digits": digits, "found": found}
            self._late.settle(self._entry(Deed.SEARCHED, detail=detail))

    def flush(self) -> None:
        """Write down now what waits for its moment, if the disk takes it."""
        if (waiting := self._late.take()) and not self._write_late(waiting):
            self._late.put_back(waiting)

    # Reading

    def head(self) -> Head:
        """Where the chain ends."""
        with self._database.read(whole=True) as session:
            return self._chain(session).head()

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
            detail or {},
        )

    def _append(self, session: Session, entry: Entry) -> Head:
        session.flush()
        return self._chain(session).append(entry, self._signer)

    def _append_all(self, session: Session, entries: list[Entry]) -> None:
        chain = self._chain(session)
        for entry in entries:
            chain.append(entry, self._signer, binding=False)

    def _write_late(self, entries: list[Entry]) -> bool:
        try:
            with self._database.write() as session:
                self._append_all(session, entries)
        except Weather:
            return False
        return True

    def _chain(self, session: Session) -> Chain:
        return Chain(session.connection(), self._store, self._database.device)

    @cached_property
    def _signer(self) -> SigningKey | None:
        return self._office.account.signing_key()

    @cached_property
    def _store(self) -> str:
        with self._database.connection() as connection:
            found = connection.exec_driver_sql("SELECT value FROM meta WHERE key = 'store'").scalar()
        return str(found or "")
