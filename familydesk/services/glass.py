"""Breaking the glass: a head opens a restricted case in which she is not named, with a written reason.

Her emergency copy of the key is there from the first moment; that she used it stands in the journal, and everybody who
was named then reads it on her first screen until she acknowledges it, whatever becomes of the restriction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from familydesk.core import clock
from familydesk.core.errors import Problem, Refused
from familydesk.core.i18n import N_
from familydesk.services.journal import Deed
from familydesk.services.restricted import accounts_of
from familydesk.services.rights import Verb
from familydesk.services.told_of import Breaking, What, done_here, tell, unread
from familydesk.store.case_keys import CopyKind
from familydesk.store.overlay import NEXT_EPOCH
from familydesk.store.tables import GLASS_SEEN, RESTRICTED_CASE
from familydesk.sync.wire.case_word import REASON, Broke

if TYPE_CHECKING:
    from familydesk.services.office import Office

SHORTEST_REASON = 10


@dataclass(frozen=True, slots=True)
class BehindGlass:
    """A restricted case that does not open here: when it was restricted, and who has copies of its key."""

    case: UUID
    since: datetime
    readers: tuple[UUID, ...]


class Glass:
    """What stands between a head and the restricted cases in which she is not named."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._database = office.database
        self._keys = office.database.case_keys

    def behind(self) -> list[BehindGlass]:
        """For whoever may break it: the restricted cases in which she is not named, oldest first."""
        if not self._office.account.may(Verb.BREAK_GLASS):
            return []
        with self._database.read(whole=True) as session:
            rows = session.execute(select(RESTRICTED_CASE).order_by(RESTRICTED_CASE.c.since)).all()
            closed = {UUID(row.case_id): row for row in rows if self._keys.current(row.case_id) is None}
            return [
                BehindGlass(case, datetime.fromisoformat(row.since), _named(session, case))
                for case, row in closed.items()
            ]

    def break_open(self, case: UUID, reason: str) -> None:
        """Open a restricted case in which she is not named, until the store is closed. Those who are named are told.

        Refused without the right, without a reason, or where no emergency copy is hers.
        """
        self._office.account.require(Verb.BREAK_GLASS)
        if len(reason.strip()) < SHORTEST_REASON:
            raise Refused(Problem("reason", N_("Write why you must open this case. Those who are named will read it.")))
        with self._database.write() as session:
            if not accounts_of(session, case, CopyKind.EMERGENCY) & {self._office.me}:
                raise Refused(N_("No emergency key of this case is yours. One of those who are named can name you."))
            self._office.journal.note_in(session, Deed.BROKE_GLASS, "case", case, case, reason=reason.strip())
            word = self._office.case_words.say(session, case, Broke(reason.strip()[:REASON]))
            done = done_here(case, self._office.me, What.BROKEN, word, reason.strip())
            tell(session, accounts_of(session, case, CopyKind.READER), done)
            session.connection().exec_driver_sql(NEXT_EPOCH)
        self._keys.break_glass(case.hex)
        # Whoever is named and has new keys since gets a copy sealed to them: there may be nobody else who could.
        self._office.restricted.keep_in_step()

    def broken(self) -> list[Breaking]:
        """What others did to cases in which she was named, or is, that she has not acknowledged, oldest first."""
        with self._database.read(whole=True) as session:
            told = unread(session, self._office.me)
        # Whoever is named since reads of the breakings before her time too.
        others = {one.case for one, hers in told if not hers and one.what is What.BROKEN}
        named = {case for case in others if self._names_her(case)}
        return [one for one, hers in told if hers or (one.what is What.BROKEN and one.case in named)]

    def _names_her(self, case: UUID) -> bool:
        found = self._office.restricted.of(case)
        return found is not None and self._office.me in found.readers

    def acknowledge(self, breaking: UUID) -> None:
        """She has read that somebody opened the case; it is not told her again."""
        with self._database.write() as session:
            row = {"id": breaking.hex, "account": self._office.me.hex, "at": clock.now().isoformat()}
            session.execute(insert(GLASS_SEEN).prefix_with("OR REPLACE").values(row))


def _named(session: Session, case: UUID) -> tuple[UUID, ...]:
    return tuple(sorted(accounts_of(session, case, CopyKind.READER)))
