"""A breach of a protective order (Administrative Code, Art 461). It does not end the order's term."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy.orm import Mapped

from familydesk.core.errors import Problem
from familydesk.core.fields import Merge, Secrecy, line, moment, note, reference
from familydesk.core.i18n import N_
from familydesk.core.record import Record, Stream


class OrderBreach(Record):
    """One breach: when, how it became known, when 102 was told and under which number."""

    __tablename__ = "order_breach"
    title: ClassVar[str] = N_("Breach of an order")
    plural: ClassVar[str] = N_("Breaches of orders")
    stream: ClassVar[Stream] = Stream.case("order_id.case_id")
    title_fields: ClassVar[tuple[str, ...]] = ("happened_at",)
    parent: ClassVar[str] = "order_id"
    searched: ClassVar[bool] = False

    order_id: Mapped[UUID | None] = reference(N_("Protective order"), "protective_order", required=True)
    happened_at: Mapped[datetime | None] = moment(N_("Happened"), required=True, listed=True, merge=Merge.GROWS)
    learned_from: Mapped[str | None] = line(
        N_("How it became known"), required=True, listed=True, secrecy=Secrecy.SPECIAL
    )
    reported_at: Mapped[datetime | None] = moment(N_("Reported to 102"), listed=True)
    police_number: Mapped[str | None] = line(N_("Police book of records, No"), listed=True, secrecy=Secrecy.SPECIAL)
    outcome: Mapped[str | None] = note(N_("Outcome"))

    def rules(self) -> Iterator[Problem]:
        """A breach that nobody reported stands out."""
        if not self.reported_at:
            yield Problem("reported_at", N_("A breach is reported to 102 at once."), warning=True)
        elif self.happened_at and self.reported_at < self.happened_at:
            yield Problem("reported_at", N_("A breach cannot be reported before it happened."))
