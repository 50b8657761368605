"""A protective order: the tracking sheet of an order that the police issued. The center issues none."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from sqlalchemy.orm import Mapped

from familydesk.core import clock
from familydesk.core.errors import Problem
from familydesk.core.fields import Secrecy, choice, line, many, moment, note, reference, yes_no
from familydesk.core.i18n import N_
from familydesk.core.record import Duty, Record, Stream


class OrderState(enum.Enum):
    """Where the order stands; told by its moments, so it is never out of date."""

    ISSUED = N_("Issued, not served")
    SERVED = N_("In force")
    EXPIRED = N_("Expired")
    BREACHED = N_("Breached")
    CANCELLED = N_("Cancelled on appeal")


class Restriction(enum.Enum):
    """What the order forbids, against the victim's will."""

    SEEK = N_("To seek the victim out")
    PURSUE = N_("To pursue the victim")
    VISIT = N_("To visit the victim")
    TALK = N_("To speak with the victim, in person or by telephone")
    CONTACT = N_("To make contact in any other way")
    CHILDREN = N_("All this towards minor or incapacitated family members")


class Serving(enum.Enum):
    """How the order was handed over."""

    SIGNED = N_("Handed over against signature")
    REFUSED = N_("Signature refused, recorded")


class ProtectiveOrder(Record):
    """One order. Its term runs from service, not from issue: 30 times 24 hours unless the order says otherwise."""

    __tablename__ = "protective_order"
    title: ClassVar[str] = N_("Protective order")
    plural: ClassVar[str] = N_("Protective orders")
    stream: ClassVar[Stream] = Stream.case()
    title_fields: ClassVar[tuple[str, ...]] = ("number",)

    case_id: Mapped[UUID | None] = reference(N_("Case"), "case", required=True, listed=True)
    incident_id: Mapped[UUID | None] = reference(N_("Incident"), "incident")
    number: Mapped[str | None] = line(N_("Order No"), required=True, listed=True, indexed=True)
    issued_at: Mapped[datetime | None] = moment(N_("Issued"), required=True, listed=True)
    issued_place: Mapped[str | None] = line(N_("Place of issue"))
    issued_by: Mapped[str | None] = line(N_("Body that issued it"), required=True, listed=True)
    officer: Mapped[str | None] = line(N_("Officer: position, rank, name"))
    officer_phone: Mapped[str | None] = line(N_("Officer's telephone"))
    victim_id: Mapped[UUID | None] = reference(N_("Victim"), "person", required=True, listed=True)
    offender_id: Mapped[UUID | None] = reference(N_("Offender"), "person", listed=True, secrecy=Secrecy.SPECIAL)
    restrictions: Mapped[tuple[Restriction, ...] | None] = many(
        N_("Restrictions"), Restriction, secrecy=Secrecy.SPECIAL
    )
    served_at: Mapped[datetime | None] = moment(N_("Served on the offender"), listed=True)
    served_how: Mapped[Serving | None] = choice(N_("How it was served"), Serving)
    copy_to_victim_at: Mapped[datetime | None] = moment(N_("Copy handed to the victim"))
    copy_to_prosecutor_at: Mapped[datetime | None] = moment(N_("Copy sent to the prosecutor"))
    valid_to: Mapped[datetime | None] = moment(
        N_("In force until"),
        listed=True,
        indexed=True,
        help=N_("Reckoned from service; change it only if the order itself says otherwise."),
    )
    cancelled_at: Mapped[datetime | None] = moment(N_("Cancelled on appeal"))
    victim_told_of_duties: Mapped[bool | None] = yes_no(N_("The victim knows what to do at a breach"))
    remarks: Mapped[str | None] = note(N_("Remarks"))

    sections: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        (
            N_("The order"),
            ("case_id", "incident_id", "number", "issued_at", "issued_place", "issued_by", "officer", "officer_phone"),
        ),
        (N_("People"), ("victim_id", "offender_id", "restrictions")),
        (
            N_("Service and term"),
            ("served_at", "served_how", "valid_to", "copy_to_victim_at", "copy_to_prosecutor_at", "cancelled_at"),
        ),
        (N_("Care"), ("victim_told_of_duties", "remarks")),
    )
    duties: ClassVar[tuple[Duty, ...]] = (
        Duty("PROTECTIVE_ORDER", "served_at", "cancelled_at", due_field="valid_to", until="valid_to"),
        Duty(
            "ORDER_CHECK",
            "served_at",
            "order_check.checked_at",
            unless=("cancelled_at",),
            every=True,
            until="valid_to",
        ),
    )

    def rules(self) -> Iterator[Problem]:
        """Issue, service, end: in that order."""
        if self.issued_at and self.issued_at > clock.now():
            yield Problem("issued_at", N_("An order cannot be issued in the future."))
        if self.served_at and self.issued_at and self.served_at < self.issued_at:
            yield Problem("served_at", N_("An order cannot be served before it is issued."))
        if self.served_at and self.served_at > clock.now():
            yield Problem("served_at", N_("An order cannot be served in the future."))
        if self.valid_to and not self.served_at:
            yield Problem("valid_to", N_("The term runs from service: enter when the order was served first."))
        if self.valid_to and self.served_at and self.valid_to <= self.served_at:
            yield Problem("valid_to", N_("An order cannot end before it is served."))
        if self.cancelled_at and self.issued_at and self.cancelled_at < self.issued_at:
            yield Problem("cancelled_at", N_("An order cannot be cancelled before it is issued."))
        if self.victim_id and self.victim_id == self.offender_id:
            yield Problem("offender_id", N_("Victim and offender cannot be one person."))

    def state(self, at: datetime, breached: bool = False) -> OrderState:
        """The order's state at a moment. A breach does not end the term: after it, an order is expired like any
        other.
        """
        if self.cancelled_at and self.cancelled_at <= at:
            return OrderState.CANCELLED
        if not self.served_at or self.served_at > at:
            return OrderState.ISSUED
        if self.valid_to and self.valid_to <= at:
            return OrderState.EXPIRED
        return OrderState.BREACHED if breached else OrderState.SERVED

    def time_left(self, at: datetime) -> timedelta | None:
        """What remains of the term; None before service."""
        if not (self.served_at and self.valid_to):
            return None
        return max(clock.between(at, self.valid_to), timedelta(0))
