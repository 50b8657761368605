"""A consultation: one line of the consultation journal, and the specialist's own note that nobody else reads."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy.orm import Mapped

from familydesk.core.errors import Problem
from familydesk.core.fields import Secrecy, choice, many, moment, note, number, reference
from familydesk.core.i18n import N_
from familydesk.core.record import Record, Stream


class ConsultationKind(enum.Enum):
    """Whose knowledge was asked for."""

    PSYCHOLOGICAL = N_("Psychological")
    LEGAL = N_("Legal")
    SOCIAL = N_("Social")
    MEDIATION = N_("Mediation")
    PEDAGOGICAL = N_("Pedagogical")
    MEDICAL = N_("Medical")


class ConsultationForm(enum.Enum):
    """How they met."""

    IN_PERSON = N_("At the center")
    PHONE = N_("By telephone")
    ONLINE = N_("Online")
    HOME = N_("At home")
    GROUP = N_("In a group")
    FIELD = N_("On a visit of the mobile group")


class Topic(enum.Enum):
    """What was spoken about."""

    VIOLENCE = N_("Violence and safety")
    RELATIONS = N_("Relations in the family")
    DIVORCE = N_("Divorce and property")
    ALIMONY = N_("Alimony")
    CHILDREN = N_("Children and upbringing")
    CUSTODY = N_("With whom the child lives")
    BENEFITS = N_("Benefits and social help")
    HOUSING = N_("Housing")
    WORK = N_("Work")
    DEPENDENCE = N_("Dependence")
    GRIEF = N_("Loss and crisis")
    DOCUMENTS = N_("Documents")
    HEALTH = N_("Health")
    OTHER = N_("Other")


class Consultation(Record):
    """One consultation. `specialist_note` is sealed for the specialist and is printed on no shared paper."""

    __tablename__ = "consultation"
    title: ClassVar[str] = N_("Consultation")
    plural: ClassVar[str] = N_("Consultations")
    stream: ClassVar[Stream] = Stream.case()
    title_fields: ClassVar[tuple[str, ...]] = ("kind", "held_at")

    case_id: Mapped[UUID | None] = reference(N_("Case"), "case", listed=True)
    person_id: Mapped[UUID | None] = reference(N_("Client"), "person", required=True, listed=True)
    held_at: Mapped[datetime | None] = moment(N_("Held"), required=True, listed=True, indexed=True)
    kind: Mapped[ConsultationKind | None] = choice(
        N_("Kind of consultation"), ConsultationKind, required=True, listed=True
    )
    form: Mapped[ConsultationForm | None] = choice(N_("Form"), ConsultationForm, required=True, listed=True)
    minutes: Mapped[int | None] = number(N_("Length"), unit=N_("min"), listed=True)
    specialist_id: Mapped[UUID | None] = reference(N_("Specialist"), "staff_member", listed=True)
    topics: Mapped[tuple[Topic, ...] | None] = many(N_("Topics"), Topic, secrecy=Secrecy.SPECIAL)
    summary: Mapped[str | None] = note(N_("What was spoken about"))
    agreed_steps: Mapped[str | None] = note(N_("Agreed steps"))
    specialist_note: Mapped[str | None] = note(
        N_("Specialist's own note"),
        secrecy=Secrecy.PRIVILEGED,
        help=N_("Sealed for you. Colleagues do not read it, and it is printed on no shared paper."),
    )

    sections: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        (N_("Consultation"), ("case_id", "person_id", "held_at", "kind", "form", "minutes", "specialist_id")),
        (N_("Content"), ("topics", "summary", "agreed_steps")),
        (N_("For the specialist alone"), ("specialist_note",)),
    )

    def rules(self) -> Iterator[Problem]:
        """A length that a person can sit through."""
        if self.minutes is not None and not 0 < self.minutes <= 24 * 60:
            yield Problem("minutes", N_("The length lies between 1 minute and a day."))
        if Topic.OTHER in (self.topics or ()) and not self.summary:
            yield Problem("summary", N_("“Other” needs a few words of explanation."))
