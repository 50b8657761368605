"""Consent to collect and process personal data: what Art 8 p4 of the Law on Personal Data says it must hold, and
its withdrawal.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy.orm import Mapped

from familydesk.core.errors import Problem
from familydesk.core.fields import Merge, choice, day, line, many, note, reference, yes_no
from familydesk.core.i18n import N_
from familydesk.core.record import Duty, Record, Stream
from familydesk.core.vocabulary import LegalException


class DataKind(enum.Enum):
    """What may be collected."""

    NAMES = N_("Names and date of birth")
    IIN = N_("IIN")
    CONTACTS = N_("Telephone and address")
    FAMILY = N_("Make-up of the family")
    INCOME = N_("Income and property")
    HEALTH = N_("Health and disability")
    VIOLENCE = N_("Facts of violence")
    CHILDREN = N_("Data about children")
    EDUCATION = N_("Education and work")
    CASE = N_("Course of the help")


class ThirdParty(enum.Enum):
    """To whom data may be passed."""

    POLICE = N_("Police")
    PROSECUTOR = N_("Prosecutor")
    GUARDIANSHIP = N_("Guardianship body")
    HEALTH = N_("Health organisations")
    EDUCATION = N_("Education organisations")
    SOCIAL = N_("Bodies of social protection")
    COURT = N_("Court and bailiffs")
    CENTERS = N_("Other centers")
    NGO = N_("Non-governmental organisations")


class ConsentForm(enum.Enum):
    """How consent was given (Art 8 p1)."""

    WRITTEN = N_("In writing")
    ELECTRONIC = N_("By electronic signature")
    STATE_SERVICE = N_("Through the state service")
    OTHER = N_("In another way that can be proved")


class Consent(Record):
    """One consent of one person, or the legal exception under which the center acts without it."""

    __tablename__ = "consent"
    title: ClassVar[str] = N_("Consent")
    plural: ClassVar[str] = N_("Consents")
    stream: ClassVar[Stream] = Stream.case()
    title_fields: ClassVar[tuple[str, ...]] = ("given_on", "form")
    searched: ClassVar[bool] = False

    case_id: Mapped[UUID | None] = reference(N_("Case"), "case", listed=True)
    person_id: Mapped[UUID | None] = reference(N_("Whose data"), "person", required=True, listed=True)
    given_on: Mapped[date | None] = day(N_("Given"), required=True, listed=True)
    form: Mapped[ConsentForm | None] = choice(N_("Form"), ConsentForm, default=ConsentForm.WRITTEN, listed=True)
    exception: Mapped[LegalException | None] = choice(N_("Legal exception instead of consent"), LegalException)
    representative: Mapped[str | None] = line(N_("Representative who signed"))
    representative_kind: Mapped[str | None] = line(N_("Representative's document"))
    representative_offender: Mapped[bool | None] = yes_no(
        N_("The representative is the suspected offender"), safest=True
    )
    term: Mapped[date | None] = day(
        N_("Valid until"), listed=True, help=N_("Left empty, it is valid until the purpose is reached.")
    )
    purpose: Mapped[str | None] = line(N_("Purpose"))
    collected: Mapped[tuple[DataKind, ...] | None] = many(N_("Data collected"), DataKind)
    third_parties: Mapped[tuple[ThirdParty, ...] | None] = many(N_("May be passed to"), ThirdParty)
    cross_border: Mapped[bool | None] = yes_no(N_("Passed across the border"), default=False, safest=False)
    published: Mapped[bool | None] = yes_no(N_("Published in open sources"), default=False, safest=False)
    withdrawn_on: Mapped[date | None] = day(N_("Withdrawn"), listed=True, merge=Merge.SAFEST)
    processing_stopped_on: Mapped[date | None] = day(N_("Processing stopped"))
    refusal: Mapped[str | None] = note(N_("Reasoned refusal to stop"))

    sections: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        (N_("Consent"), ("case_id", "person_id", "given_on", "form", "exception", "term", "purpose")),
        (N_("Content"), ("collected", "third_parties", "cross_border", "published")),
        (N_("Representative"), ("representative", "representative_kind", "representative_offender")),
        (N_("Withdrawal"), ("withdrawn_on", "processing_stopped_on", "refusal")),
    )
    duties: ClassVar[tuple[Duty, ...]] = (
        Duty("CONSENT_WITHDRAWAL", "withdrawn_on", "processing_stopped_on", unless=("refusal",)),
    )

    def rules(self) -> Iterator[Problem]:
        """What the law asks of a consent; a suspected offender cannot consent for the child."""
        if not self.exception and not self.collected:
            yield Problem("collected", N_("A consent lists the data that are collected."))
        if self.term and self.given_on and self.term < self.given_on:
            yield Problem("term", N_("A consent cannot end before it is given."))
        if self.withdrawn_on and self.given_on and self.withdrawn_on < self.given_on:
            yield Problem("withdrawn_on", N_("A consent cannot be withdrawn before it is given."))
        if self.processing_stopped_on and not self.withdrawn_on:
            yield Problem("withdrawn_on", N_("Enter the day of the withdrawal."))
        if self.representative_offender and not self.exception:
            yield Problem(
                "exception",
                N_("The suspected offender cannot consent for a child: choose the mandatory report about a child."),
            )

    def in_force(self, on: date) -> bool:
        """Given, not withdrawn, not past its term, on a day."""
        if not self.given_on or self.given_on > on or (self.withdrawn_on and self.withdrawn_on <= on):
            return False
        return not (self.term and self.term < on)
