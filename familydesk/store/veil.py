"""Sessions that ask before they read: which sheets may be read at all, and what of a record stays covered. Writes are
asked about too, once, before they stand.

Rights are the services' to decide; here they are only asked, once, where every record passes. A session without a veil
is for the program's own work: counting, indexing, merging. What it reads is shown to nobody as it is.
"""

from __future__ import annotations

from typing import Protocol

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session

from familydesk.core.record import Record

VEIL = "veil"


class Veil(Protocol):
    """Whoever decides what the person at the desk may see."""

    def ask(self, state: ORMExecuteState) -> None:
        """A query is about to run: refuse it, or narrow it."""

    def cover(self, session: Session, record: Record) -> None:
        """A record was read: take away what may not be seen, and name it in `record.covered`."""

    def begin(self, session: Session, sheets: frozenset[str]) -> None:
        """Records of these sheets are about to be written: remember what is kept from her, as it stands before."""

    def settle(self, session: Session) -> None:
        """What was written is about to stand: Refused if it would open to her what was kept from her."""


class VeiledSession(Session):
    """A session that asks its veil, `info["veil"]`."""


@event.listens_for(VeiledSession, "do_orm_execute")
def _ask(state: ORMExecuteState) -> None:
    if state.is_select:
        state.session.info[VEIL].ask(state)


@event.listens_for(VeiledSession, "loaded_as_persistent")
def _cover(session: Session, instance: object) -> None:
    if isinstance(instance, Record):
        session.info[VEIL].cover(session, instance)
