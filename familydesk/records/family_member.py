"""A person's place in a family."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy.orm import Mapped

from familydesk.core.errors import Problem
from familydesk.core.fields import Secrecy, choice, day, reference, yes_no
from familydesk.core.i18n import N_
from familydesk.core.record import Record, Stream


class FamilyRole(enum.Enum):
    """The person's place, seen from the family's adult client."""

    CLIENT = N_("Client")
    SPOUSE = N_("Spouse")
    FORMER_SPOUSE = N_("Former spouse")
    COHABITANT = N_("Cohabitant")
    CHILD = N_("Child")
    PARENT = N_("Parent")
    SIBLING = N_("Brother or sister")
    GRANDPARENT = N_("Grandparent")
    GRANDCHILD = N_("Grandchild")
    PARENT_IN_LAW = N_("Parent-in-law")
    CHILD_IN_LAW = N_("Son- or daughter-in-law")
    GUARDIAN = N_("Guardian or trustee")
    OTHER = N_("Other relative or household member")


class FamilyMember(Record):
    """One person in one family, from when to when, and whether under the same roof."""

    __tablename__ = "family_member"
    title: ClassVar[str] = N_("Family member")
    plural: ClassVar[str] = N_("Family members")
    stream: ClassVar[Stream] = Stream.center()
    title_fields: ClassVar[tuple[str, ...]] = ("relation",)
    parent: ClassVar[str] = "family_id"
    searched: ClassVar[bool] = False

    family_id: Mapped[UUID | None] = reference(N_("Family"), "family", required=True)
    person_id: Mapped[UUID | None] = reference(N_("Person"), "person", required=True, listed=True)
    relation: Mapped[FamilyRole | None] = choice(N_("Relation"), FamilyRole, required=True, listed=True)
    lives_together: Mapped[bool | None] = yes_no(N_("Lives with the family"), listed=True)
    since: Mapped[date | None] = day(N_("Since"))
    until: Mapped[date | None] = day(N_("Until"))
    offender: Mapped[bool | None] = yes_no(N_("Offender in an incident"), secrecy=Secrecy.SPECIAL)

    def rules(self) -> Iterator[Problem]:
        """Time runs forward."""
        if self.since and self.until and self.until < self.since:
            yield Problem("until", N_("The end cannot come before the beginning."))
