"""An appointment: who comes when, to whom, for how long."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy.orm import Mapped

from familydesk.core.errors import Problem
from familydesk.core.fields import choice, moment, note, number, reference
from familydesk.core.i18n import N_
from familydesk.core.record import Record, Stream


class AppointmentKind(enum.Enum):
    """What the meeting is."""

    PSYCHOLOGIST = N_("Psychologist")
    LAWYER = N_("Lawyer")
    SOCIAL_WORKER = N_("Social worker")
    MEDIATION = N_("Mediation")
    MOBILE_GROUP = N_("Mobile group visit")
    COURT = N_("Court hearing")
    OTHER = N_("Other")


class Kept(enum.Enum):
    """What became of it."""

    PLANNED = N_("Planned")
    CAME = N_("Came")
    MISSED = N_("Did not come")
    CANCELLED = N_("Cancelled")


class Appointment(Record):
    """One appointment."""

    __tablename__ = "appointment"
    title: ClassVar[str] = N_("Appointment")
    plural: ClassVar[str] = N_("Appointments")
    stream: ClassVar[Stream] = Stream.case()
    title_fields: ClassVar[tuple[str, ...]] = ("kind", "starts_at")
    searched: ClassVar[bool] = False

    case_id: Mapped[UUID | None] = reference(N_("Case"), "case", listed=True)
    person_id: Mapped[UUID | None] = reference(N_("Who comes"), "person", listed=True)
    starts_at: Mapped[datetime | None] = moment(N_("Starts"), required=True, listed=True, indexed=True)
    minutes: Mapped[int | None] = number(N_("Length"), unit=N_("min"), listed=True, default=60)
    kind: Mapped[AppointmentKind | None] = choice(
        N_("Kind of appointment"), AppointmentKind, required=True, listed=True
    )
    staff_id: Mapped[UUID | None] = reference(N_("With whom"), "staff_member", listed=True)
    kept: Mapped[Kept | None] = choice(N_("Kept"), Kept, default=Kept.PLANNED, listed=True)
    remarks: Mapped[str | None] = note(N_("Remarks"))

    def rules(self) -> Iterator[Problem]:
        """A length that fits a day."""
        if self.minutes is not None and not 0 < self.minutes <= 24 * 60:
            yield Problem("minutes", N_("The length lies between 1 minute and a day."))
