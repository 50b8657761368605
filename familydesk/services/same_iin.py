"""One valid IIN is one person: whoever is saved with an IIN that somebody has already is a pair to look at."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from familydesk.core.errors import Problem
from familydesk.core.i18n import N_
from familydesk.core.record import Record
from familydesk.records.person import Person
from familydesk.records.possible_duplicate import Alike, DuplicateState, PossibleDuplicate
from familydesk.store.sealing import digest

if TYPE_CHECKING:
    from familydesk.services.account import Account

HELD = N_("Somebody in the directory has this IIN already: look at the possible duplicates.")


def held_already(account: Account, session: Session, candidate: Record) -> list[Problem]:
    """A warning where another person has the candidate's IIN."""
    return [Problem("iin", HELD, warning=True)] if _others(account, session, candidate) else []


def note_pairs(account: Account, session: Session, saved: Record) -> None:
    """A pair to look at with each other holder of the IIN, unless the two were paired before, whatever was decided."""
    for other in _others(account, session, saved):
        _pair(session, saved.id, other.id)
    session.flush()


def note_pairs_among(session: Session, people: Iterable[str]) -> None:
    """The same for many people (ids in hex) who came from other laptops; who then sees the pair, the veil decides."""
    other = aliased(Person)
    given = func.json_each(json.dumps(sorted(people))).table_valued("value")
    query = select(Person.id, other.id).join(other, (other.iin == Person.iin) & (other.id != Person.id))
    query = query.where(Person.id.in_(select(given.c.value)), ~Person.archived, ~other.archived)
    for one, two in session.execute(query).all():
        _pair(session, one, two)
    session.flush()


def _pair(session: Session, one: UUID, two: UUID) -> None:
    pair = PossibleDuplicate
    straight = (pair.person_id == one) & (pair.other_id == two)
    turned = (pair.person_id == two) & (pair.other_id == one)
    if session.scalar(select(pair.id).where(or_(straight, turned)).limit(1)) is None:
        first, second = sorted((one, two))
        fresh = pair(person_id=first, other_id=second, why=Alike.IIN, state=DuplicateState.OPEN)
        fresh.id = _pair_id(first, second)
        session.add(fresh)


def _pair_id(first: UUID, second: UUID) -> UUID:
    """Two laptops that find the same two people make one pair of them."""
    return UUID(bytes=digest(first.bytes + second.bytes, b"fd-pair")[:16])


def _others(account: Account, session: Session, person: Record) -> list[Person]:
    """Who else has the IIN, of those whom the account reaches: of others not even a warning may tell."""
    if not isinstance(person, Person) or not person.iin:
        return []
    same = select(Person).where(Person.iin == person.iin, Person.id != person.id, ~Person.archived)
    with session.no_autoflush:
        return [other for other in session.scalars(same) if account.reaches(session, other)]
