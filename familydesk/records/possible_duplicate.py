"""Two people who may be one: a work item, settled by a person and never by the program."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from typing import ClassVar
from uuid import UUID

from sqlalchemy.orm import Mapped

from familydesk.core.errors import Problem
from familydesk.core.fields import Secrecy, choice, note, reference
from familydesk.core.i18n import N_
from familydesk.core.record import Record, Stream


class DuplicateState(enum.Enum):
    """What was decided."""

    OPEN = N_("To be looked at")
    MERGED = N_("One person, merged")
    DIFFERENT = N_("Two different people")


class Alike(enum.Enum):
    """What made somebody, or an import, think that two may be one."""

    IIN = N_("The same IIN")
    NAME_AND_BIRTH = N_("A similar name and the same date of birth")
    NAME_AND_FACT = N_("Alike names, and the same telephone or address")
    NAME = N_("Alike names")


class PossibleDuplicate(Record):
    """One pair to look at, with what makes them alike.

    After a merge `merge_log` holds what is needed to undo it: values of both, up to the conditions of calling.
    """

    __tablename__ = "possible_duplicate"
    title: ClassVar[str] = N_("Possible duplicate")
    plural: ClassVar[str] = N_("Possible duplicates")
    stream: ClassVar[Stream] = Stream.center()
    title_fields: ClassVar[tuple[str, ...]] = ("state",)
    searched: ClassVar[bool] = False
    programs_own: ClassVar[frozenset[str]] = frozenset({"merge_log"})

    person_id: Mapped[UUID | None] = reference(N_("Person"), "person", required=True, listed=True)
    other_id: Mapped[UUID | None] = reference(N_("May be the same as"), "person", required=True, listed=True)
    why: Mapped[Alike | None] = choice(N_("What makes them alike"), Alike, listed=True)
    state: Mapped[DuplicateState | None] = choice(
        N_("Decision"), DuplicateState, default=DuplicateState.OPEN, listed=True
    )
    merge_log: Mapped[str | None] = note(N_("How to undo the merge"), secrecy=Secrecy.LOCATION)

    def rules(self) -> Iterator[Problem]:
        """A pair is of two."""
        if self.person_id and self.person_id == self.other_id:
            yield Problem("other_id", N_("Choose two different people."))
