"""People in the directory: who may be there already, and who is there twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select

from familydesk.records.person import Person
from familydesk.records.possible_duplicate import DuplicateState, PossibleDuplicate
from familydesk.services.duplicates import Candidate, Duplicates
from familydesk.services.merging import Difference, Merging
from familydesk.services.reversal import TakenBack
from familydesk.services.rights import Verb

if TYPE_CHECKING:
    from familydesk.services.office import Office


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people who may be one, waiting for a person's decision; `why` in the language in force, or as an import of
    old wrote it.
    """

    id: UUID
    one: Person
    other: Person
    why: str


class People:
    """Duplicates: found, settled, joined, taken apart."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def duplicates(self, values: Mapping[str, Any], exclude: UUID | None = None) -> list[Candidate]:
        """People who may be the one being typed in, each with the reason; `exclude` is the record being edited."""
        return Duplicates(self._office).of(values, exclude)

    def possible(self) -> list[Pair]:
        """The pairs that nobody has decided on, oldest first; both people are still in the directory."""
        query = select(PossibleDuplicate).where(
            PossibleDuplicate.state == DuplicateState.OPEN, ~PossibleDuplicate.archived
        )
        self._office.account.require(Verb.MERGE)
        with self._office.database.read() as session:
            pairs = list(session.scalars(query.order_by(PossibleDuplicate.id)))
            ids = {id for pair in pairs for id in (pair.person_id, pair.other_id)}
            people = {
                one.id: one for one in session.scalars(select(Person).where(Person.id.in_(ids), ~Person.archived))
            }
            session.expunge_all()
        return [
            Pair(pair.id, people[pair.person_id], people[pair.other_id], pair.shown("why"))
            for pair in pairs
            if pair.person_id in people and pair.other_id in people
        ]

    def different(self, pair: UUID) -> None:
        """These two are two people."""
        self._office.account.require(Verb.MERGE)
        self._office.desk.save("possible_duplicate", {"state": DuplicateState.DIFFERENT}, pair)

    def compare(self, keep: UUID, drop: UUID) -> list[Difference]:
        """Two people side by side, field by field."""
        return self._merging.compare(keep, drop)

    def merge(self, keep: UUID, drop: UUID, choices: Mapping[str, Any] | None = None) -> UUID:
        """Make `drop` one with `keep`; gives back the merge's id. See `Merging.merge`."""
        return self._merging.merge(keep, drop, choices or {})

    def undo(self, merge: UUID) -> TakenBack:
        """Take two joined people apart again."""
        return self._merging.undo(merge)

    @cached_property
    def _merging(self) -> Merging:
        return Merging(self._office)
