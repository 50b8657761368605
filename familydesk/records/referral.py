"""A referral to another body, and its answer."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy.orm import Mapped

from familydesk.core.errors import Problem
from familydesk.core.fields import Secrecy, choice, day, line, note, reference
from familydesk.core.i18n import N_
from familydesk.core.record import Duty, Record, Stream
from familydesk.core.vocabulary import DestinationKind, LegalException


class Delivery(enum.Enum):
    """How the letter goes."""

    LETTER = N_("Letter")
    ELECTRONIC = N_("Electronic document")
    PHONE = N_("By telephone")
    BY_HAND = N_("By hand")


class Urgency(enum.Enum):
    """Least protective first."""

    ORDINARY = N_("Ordinary")
    URGENT = N_("Urgent")
    AT_ONCE = N_("At once")


class Answer(enum.Enum):
    """What came back."""

    ACCEPTED = N_("Accepted")
    PARTIAL = N_("Accepted in part")
    REFUSED = N_("Refused")
    NO_ANSWER = N_("No answer")


class Referral(Record):
    """One referral. It says no more of the woman than the other body needs, and never where she is."""

    __tablename__ = "referral"
    title: ClassVar[str] = N_("Referral")
    plural: ClassVar[str] = N_("Referrals")
    stream: ClassVar[Stream] = Stream.referral()
    title_fields: ClassVar[tuple[str, ...]] = ("number", "destination_kind")
    numbered: ClassVar[tuple[str, str]] = ("number", "{block}-{count:04}-шығ/{year}")

    number: Mapped[str | None] = line(N_("Outgoing No"), listed=True, indexed=True, secrecy=Secrecy.PLAIN)
    case_id: Mapped[UUID | None] = reference(N_("Case"), "case", required=True, listed=True)
    person_id: Mapped[UUID | None] = reference(N_("About whom"), "person", required=True, listed=True)
    destination_kind: Mapped[DestinationKind | None] = choice(
        N_("Kind of body"), DestinationKind, required=True, listed=True, secrecy=Secrecy.PLAIN
    )
    organisation_id: Mapped[UUID | None] = reference(N_("To whom"), "organisation", listed=True)
    addressee: Mapped[str | None] = line(N_("Addressee: position and name"))
    request: Mapped[str | None] = note(N_("What is asked"), required=True, secrecy=Secrecy.SPECIAL)
    grounds: Mapped[str | None] = note(N_("Grounds"))
    enclosures: Mapped[str | None] = note(N_("Documents enclosed"), secrecy=Secrecy.PERSONAL)
    consent_id: Mapped[UUID | None] = reference(N_("Consent"), "consent")
    exception: Mapped[LegalException | None] = choice(N_("Legal exception instead of consent"), LegalException)
    exception_text: Mapped[str | None] = line(N_("Which law"))
    delivery: Mapped[Delivery | None] = choice(N_("How it is sent"), Delivery)
    urgency: Mapped[Urgency | None] = choice(N_("Urgency"), Urgency, default=Urgency.ORDINARY)
    sent_on: Mapped[date | None] = day(N_("Sent"), listed=True, secrecy=Secrecy.PLAIN)
    due_on: Mapped[date | None] = day(
        N_("Answer due"), listed=True, help=N_("Left empty, it is reckoned by the response term.")
    )
    answered_on: Mapped[date | None] = day(N_("Answered"), listed=True, secrecy=Secrecy.PLAIN)
    answer: Mapped[Answer | None] = choice(N_("Answer"), Answer, listed=True)
    answer_text: Mapped[str | None] = note(N_("What they answered"))
    outcome: Mapped[str | None] = note(N_("What it changed for the family"))

    sections: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        (N_("Referral"), ("number", "case_id", "person_id", "destination_kind", "organisation_id", "addressee")),
        (N_("Request"), ("request", "grounds", "enclosures", "urgency", "delivery", "sent_on", "due_on")),
        (N_("On what basis"), ("consent_id", "exception", "exception_text")),
        (N_("Answer"), ("answered_on", "answer", "answer_text", "outcome")),
    )
    duties: ClassVar[tuple[Duty, ...]] = (Duty("REFERRAL_ANSWER", "sent_on", "answered_on", due_field="due_on"),)

    def rules(self) -> Iterator[Problem]:
        """Nothing leaves the center without consent or a named exception (Law on Personal Data, Art 7-9)."""
        if not self.consent_id and not self.exception:
            yield Problem(
                "consent_id", N_("Choose her consent, or name the legal exception that allows this without it.")
            )
        if self.exception is LegalException.OTHER_LAW and not self.exception_text:
            yield Problem("exception_text", N_("Name the law that allows it."))
        if self.sent_on and self.answered_on and self.answered_on < self.sent_on:
            yield Problem("answered_on", N_("An answer cannot come before the referral was sent."))
        if self.sent_on and self.due_on and self.due_on < self.sent_on:
            yield Problem("due_on", N_("An answer cannot be due before the referral was sent."))
        if self.answer and self.answer is not Answer.NO_ANSWER and not self.answered_on:
            yield Problem("answered_on", N_("Enter the day on which the answer came."))
        if self.answer is Answer.REFUSED and not self.answer_text:
            yield Problem("answer_text", N_("A refusal needs its reason."))
