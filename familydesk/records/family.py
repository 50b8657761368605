"""A family: the people who live or belong together, under one name in the desk."""

from __future__ import annotations

import enum
from datetime import date
from decimal import Decimal
from typing import ClassVar

from sqlalchemy.orm import Mapped

from familydesk.core.fields import Secrecy, amount, choice, day, line, many, note
from familydesk.core.i18n import N_
from familydesk.core.record import Record, Stream


class FamilyKind(enum.Enum):
    """How the family is made up."""

    FULL = N_("Both parents")
    SINGLE_PARENT = N_("Single parent")
    MANY_CHILDREN = N_("Many children")
    FOSTER = N_("Foster family")
    GUARDIAN = N_("Under guardianship")
    EXTENDED = N_("Several generations")
    OTHER = N_("Other")


class Housing(enum.Enum):
    """Where the family lives, without saying where."""

    OWN = N_("Own home")
    RENTED = N_("Rented")
    RELATIVES = N_("With relatives")
    DORMITORY = N_("Dormitory")
    SHELTER = N_("Shelter")
    NONE = N_("No home")


class RiskMarker(enum.Enum):
    """Practical signs of hardship, kept apart from the legal grounds."""

    LOW_INCOME = N_("Low income")
    UNEMPLOYMENT = N_("Unemployment")
    DEBTS = N_("Debts")
    DIVORCE = N_("Divorce under way")
    ALCOHOL_DRUGS = N_("Alcohol or drug dependence")
    GAMBLING = N_("Gambling")
    SUICIDE_RISK = N_("Risk of suicide")
    SCHOOL_ABSENCE = N_("Absence from school")
    TEENAGE_PREGNANCY = N_("Teenage pregnancy")
    MANY_CHILDREN = N_("Many children")
    SINGLE_PARENT = N_("Single parent")
    HOUSING_LOSS = N_("Loss of housing")


class Family(Record):
    """One family; who belongs to it is told by `family_member`, who is whose by `kinship`."""

    __tablename__ = "family"
    title: ClassVar[str] = N_("Family")
    plural: ClassVar[str] = N_("Families")
    stream: ClassVar[Stream] = Stream.center()
    title_fields: ClassVar[tuple[str, ...]] = ("name",)

    name: Mapped[str | None] = line(N_("Family name"), required=True, listed=True)
    kind: Mapped[FamilyKind | None] = choice(N_("Kind of family"), FamilyKind, listed=True)
    registered_on: Mapped[date | None] = day(N_("Known since"), listed=True)
    housing: Mapped[Housing | None] = choice(N_("Housing"), Housing)
    monthly_income: Mapped[Decimal | None] = amount(N_("Monthly income"), secrecy=Secrecy.SPECIAL)
    markers: Mapped[tuple[RiskMarker, ...] | None] = many(N_("Signs of hardship"), RiskMarker, secrecy=Secrecy.SPECIAL)
    remarks: Mapped[str | None] = note(N_("Remarks"))
