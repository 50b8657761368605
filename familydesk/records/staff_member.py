"""A member of the center's staff."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from sqlalchemy.orm import Mapped

from familydesk.core.errors import Problem
from familydesk.core.fields import Secrecy, choice, day, line, phone
from familydesk.core.i18n import N_
from familydesk.core.record import Record, Stream


class Role(enum.Enum):
    """What she does at the center, and so what she may read."""

    HEAD = N_("Head of the center")
    CASE_MANAGER = N_("Case manager")
    PSYCHOLOGIST = N_("Psychologist")
    LAWYER = N_("Lawyer")
    SOCIAL_WORKER = N_("Social worker")
    MEDIATOR = N_("Mediator")
    DUTY_ADMINISTRATOR = N_("Duty administrator")
    ANALYST = N_("Methodologist and analyst")


class StaffMember(Record):
    """One colleague. Her account, if she has one, bears this record's id."""

    __tablename__ = "staff_member"
    title: ClassVar[str] = N_("Staff member")
    plural: ClassVar[str] = N_("Staff")
    stream: ClassVar[Stream] = Stream.center()
    title_fields: ClassVar[tuple[str, ...]] = ("surname", "given", "patronymic")

    surname: Mapped[str | None] = line(N_("Surname"), required=True, listed=True)
    given: Mapped[str | None] = line(N_("Given name"), required=True, listed=True)
    patronymic: Mapped[str | None] = line(N_("Patronymic (if any)"), listed=True)
    role: Mapped[Role | None] = choice(N_("Role"), Role, required=True, listed=True, secrecy=Secrecy.PLAIN)
    position: Mapped[str | None] = line(N_("Position"), listed=True, secrecy=Secrecy.PLAIN)
    login: Mapped[str | None] = line(N_("Login"), listed=True)
    phone: Mapped[str | None] = phone(N_("Telephone"))
    absent_from: Mapped[date | None] = day(N_("Absent from"))
    absent_until: Mapped[date | None] = day(N_("Absent until"))
    left_on: Mapped[date | None] = day(N_("Left the center"), listed=True)

    def rules(self) -> Iterator[Problem]:
        """Time runs forward."""
        if self.absent_from and self.absent_until and self.absent_until < self.absent_from:
            yield Problem("absent_until", N_("The end cannot come before the beginning."))
