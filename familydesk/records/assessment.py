"""The primary assessment of a family: whether it is in a difficult life situation, and on what ground."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy.orm import Mapped

from familydesk.core import clock
from familydesk.core.errors import Problem
from familydesk.core.fields import Secrecy, choice, day, many, note, reference, yes_no
from familydesk.core.i18n import N_
from familydesk.core.record import Record, Stream


class Ground(enum.Enum):
    """The closed list of grounds (Social Code, Art 133 p1)."""

    ORPHANHOOD = N_("Orphanhood")
    NO_PARENTAL_CARE = N_("Absence of parental care")
    CHILD_NEGLECT = N_("Neglect of minors, including deviant behaviour")
    SPECIAL_EDUCATION = N_("Minors in special education organisations")
    EARLY_DEVELOPMENT = N_("Limited early development, from birth to three years")
    DISABILITY = N_("Disability or persistent impairment")
    DISEASE = N_("Socially significant or dangerous disease")
    OLD_AGE = N_("Inability to care for oneself because of old age")
    CRUEL_TREATMENT = N_("Cruel treatment that led to maladaptation and deprivation")
    HOMELESSNESS = N_("Homelessness")
    RELEASE = N_("Release from prison")
    PROBATION = N_("Probation")


class Conclusion(enum.Enum):
    """What the assessment found."""

    DIFFICULT = N_("In a difficult life situation")
    NOT_DIFFICULT = N_("Not in a difficult life situation")


class Assessment(Record):
    """One assessment, done within the term that the application started."""

    __tablename__ = "assessment"
    title: ClassVar[str] = N_("Primary assessment")
    plural: ClassVar[str] = N_("Primary assessments")
    stream: ClassVar[Stream] = Stream.case()
    title_fields: ClassVar[tuple[str, ...]] = ("done_on", "conclusion")
    searched: ClassVar[bool] = False

    application_id: Mapped[UUID | None] = reference(N_("Application"), "application", required=True, listed=True)
    case_id: Mapped[UUID | None] = reference(N_("Case"), "case", listed=True)
    done_on: Mapped[date | None] = day(N_("Done"), required=True, listed=True)
    done_by_id: Mapped[UUID | None] = reference(N_("Done by"), "staff_member", required=True, listed=True)
    conclusion: Mapped[Conclusion | None] = choice(
        N_("Conclusion"), Conclusion, required=True, listed=True, secrecy=Secrecy.SPECIAL
    )
    grounds: Mapped[tuple[Ground, ...] | None] = many(N_("Grounds"), Ground, secrecy=Secrecy.SPECIAL)
    visited_home: Mapped[bool | None] = yes_no(N_("The home was visited"))
    findings: Mapped[str | None] = note(N_("Findings"))
    needs: Mapped[str | None] = note(N_("What the family needs"))

    def rules(self) -> Iterator[Problem]:
        """A difficult life situation has its ground in the law."""
        if self.done_on and self.done_on > clock.today():
            yield Problem("done_on", N_("An assessment cannot be done in the future."))
        if self.conclusion is Conclusion.DIFFICULT and not self.grounds:
            yield Problem("grounds", N_("Name the ground on which the situation is recognised."))
