"""A check of a protective order: once in seven days while it is in force."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy.orm import Mapped

from familydesk.core.fields import Merge, Secrecy, choice, line, moment, note, reference
from familydesk.core.i18n import N_
from familydesk.core.record import Record, Stream


class CheckFinding(enum.Enum):
    """What the check found."""

    KEPT = N_("The order is kept")
    BREACH = N_("Signs of a breach")
    NOT_FOUND = N_("Nobody was met")
    UNCLEAR = N_("Unclear")


class OrderCheck(Record):
    """One check. It stays as it was written; a correction is a new row."""

    __tablename__ = "order_check"
    title: ClassVar[str] = N_("Check of an order")
    plural: ClassVar[str] = N_("Checks of orders")
    stream: ClassVar[Stream] = Stream.case("order_id.case_id")
    title_fields: ClassVar[tuple[str, ...]] = ("checked_at", "finding")
    parent: ClassVar[str] = "order_id"
    searched: ClassVar[bool] = False

    order_id: Mapped[UUID | None] = reference(N_("Protective order"), "protective_order", required=True)
    checked_at: Mapped[datetime | None] = moment(N_("Checked"), required=True, listed=True, merge=Merge.GROWS)
    checked_by: Mapped[str | None] = line(N_("Who checked"), required=True, listed=True, merge=Merge.GROWS)
    finding: Mapped[CheckFinding | None] = choice(
        N_("Finding"), CheckFinding, required=True, listed=True, merge=Merge.GROWS, secrecy=Secrecy.SPECIAL
    )
    remarks: Mapped[str | None] = note(N_("Remarks"))
