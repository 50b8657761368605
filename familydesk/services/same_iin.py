"""One valid IIN is one person: whoever is saved with an IIN that somebody has already is a pair to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from familydesk.core.errors import Problem
from familydesk.core.i18n import N_
from familydesk.core.record import Record
from familydesk.records.person import Person
from familydesk.records.possible_duplicate import Alike, DuplicateState, PossibleDuplicate

if TYPE_CHECKING:
    from familydesk.services.account import Account

HELD = N_("Somebody in the directory has this IIN already: look at the possible duplicates.")


def held_already(account: Account, session: Session, candidate: Record) -> list[Problem]:
    """A warning where another person has the candidate's IIN."""
    return [Problem("iin", HELD, warning=True)] if _others(account, session, candidate) else []


def note_pairs(account: Account, session: Session, saved: Record) -> None:
    """A pair to look at with each other holder of the IIN, unless the two were paired before, whatever was decided."""
    for other in _others(account, session, saved):
        pair = PossibleDuplicate
        straight = (pair.person_id == saved.id) & (pair.other_id == other.id)
        turned = (pair.person_id == other.id) & (pair.other_id == saved.id)
        if session.scalar(select(pair.id).where(or_(straight, turned)).limit(1)) is None:
            session.add(pair(person_id=saved.id, other_id=other.id, why=Alike.IIN, state=DuplicateState.OPEN))
    session.flush()


def _others(account: Account, session: Session, person: Record) -> list[Person]:
    """Who else has the IIN, of those whom the account reaches: of others not even a warning may tell."""
    if not isinstance(person, Person) or not person.iin:
        return []
    same = select(Person).where(Person.iin == person.iin, Person.id != person.id, ~Person.archived)
    with session.no_autoflush:
        return [other for other in session.scalars(same) if account.reaches(session, other)]
