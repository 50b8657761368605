"""Who is whose: the lines of the family tree."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from typing import ClassVar
from uuid import UUID

from sqlalchemy.orm import Mapped

from familydesk.core.errors import Problem
from familydesk.core.fields import choice, reference
from familydesk.core.i18n import N_
from familydesk.core.record import Record, Stream


class KinshipKind(enum.Enum):
    """What the first person is to the second."""

    PARENT = N_("Parent of")
    ADOPTER = N_("Adopter of")
    STEP_PARENT = N_("Step-parent of")
    GUARDIAN = N_("Guardian of")
    SPOUSE = N_("Married to")
    FORMER_SPOUSE = N_("Divorced from")
    PARTNER = N_("Lives with")
    FORMER_PARTNER = N_("Lived with")
    SIBLING = N_("Brother or sister of")


class Kinship(Record):
    """One tie between two people."""

    __tablename__ = "kinship"
    title: ClassVar[str] = N_("Kinship")
    plural: ClassVar[str] = N_("Kinships")
    stream: ClassVar[Stream] = Stream.center()
    title_fields: ClassVar[tuple[str, ...]] = ("kind",)
    parent: ClassVar[str] = "person_id"
    searched: ClassVar[bool] = False

    person_id: Mapped[UUID | None] = reference(N_("Person"), "person", required=True, listed=True)
    kind: Mapped[KinshipKind | None] = choice(N_("Is"), KinshipKind, required=True, listed=True)
    relative_id: Mapped[UUID | None] = reference(N_("Whose"), "person", required=True, listed=True)

    def rules(self) -> Iterator[Problem]:
        """Nobody is her own relative."""
        if self.person_id and self.person_id == self.relative_id:
            yield Problem("relative_id", N_("A person cannot be her own relative."))
