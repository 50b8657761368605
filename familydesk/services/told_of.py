"""What is told to whoever was named in a restricted case when somebody did something to it: that the case was opened
in need, that she was taken off, that it is restricted no more.

For whom is written down as it happens. Whoever did it may take her off or lift the restriction right afterwards: she is
told all the same.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, insert, select
from sqlalchemy.orm import Session

from familydesk.core import clock
from familydesk.core.i18n import N_
from familydesk.core.ids import new_id
from familydesk.services.case_words import short
from familydesk.store.tables import BROKEN_GLASS, GLASS_SEEN
from familydesk.sync.case_words import Standing, named
from familydesk.sync.wire.case_word import Broke, CaseWord, Closed, CopyOf


class What(enum.Enum):
    """What was done. The NAMES of the last two are stored in place of a reason: they are shorter than any may be."""

    BROKEN = N_("The case was opened in need.")
    TAKEN_OFF = N_("You were taken off: you are named in this case no more.")
    LIFTED = N_("The restriction was lifted: the case is for everybody again.")


@dataclass(frozen=True, slots=True)
class Breaking:
    """Somebody opened a restricted case, or changed for whom it is. `reason` is empty unless she opened it in need."""

    id: UUID
    case: UUID
    who: UUID
    at: datetime
    reason: str
    what: What = What.BROKEN


def tell(session: Session, people: Iterable[UUID], done: Breaking) -> None:
    """Keep for these people, but who did it, what was done; told once, however often it comes."""
    reason = done.reason if done.what is What.BROKEN else done.what.name
    row = {"id": done.id.hex, "case_id": done.case.hex, "account": done.who.hex, "at": done.at.isoformat()}
    session.execute(insert(BROKEN_GLASS).prefix_with("OR IGNORE").values(reason=reason, **row))
    for account in {*people} - {done.who}:
        unread = {"id": done.id.hex, "account": account.hex, "at": ""}
        session.execute(insert(GLASS_SEEN).prefix_with("OR IGNORE").values(unread))


def done_here(case: UUID, who: UUID, what: What, word: CaseWord | None, reason: str = "") -> Breaking:
    """Something that was done at this desk just now. `word`: how other laptops are told, under the same id."""
    return Breaking(UUID(short(word)) if word else new_id(), case, who, clock.now(), reason, what)


def tell_what_came(session: Session, case: UUID, standing: Standing) -> None:
    """The same by the words about a case, said here or elsewhere: for who was named where each was said."""
    for word in standing.words.values():
        before = named(standing.words[id] for id in word.prev if id in standing.words)
        people, what, reason = before, What.LIFTED, ""
        if isinstance(word.said, Broke):
            what, reason = What.BROKEN, word.said.reason
        elif isinstance(word.said, Closed):
            people, what = before - word.said.accounts(CopyOf.READER), What.TAKEN_OFF
        if what is What.BROKEN or people - {word.by}:
            at = clock.from_milliseconds(word.at)
            tell(session, people, Breaking(UUID(short(word)), case, word.by, at, reason, what))


def unread(session: Session, account: UUID) -> list[tuple[Breaking, bool]]:
    """What others did that she has not acknowledged, oldest first, and whether it was kept for her by name."""
    hers = and_(GLASS_SEEN.c.id == BROKEN_GLASS.c.id, GLASS_SEEN.c.account == account.hex)
    query = select(BROKEN_GLASS, GLASS_SEEN.c.at.label("seen")).outerjoin(GLASS_SEEN, hers)
    rows = [row for row in session.execute(query).all() if not row.seen and row.account != account.hex]
    found = [(_read(row), row.seen is not None) for row in rows]
    return sorted(found, key=lambda pair: (pair[0].at, [*What].index(pair[0].what)))


def _read(row: Any) -> Breaking:
    what = What[row.reason] if row.reason in What.__members__ else What.BROKEN
    reason = row.reason if what is What.BROKEN else ""
    return Breaking(UUID(row.id), UUID(row.case_id), UUID(row.account), datetime.fromisoformat(row.at), reason, what)
