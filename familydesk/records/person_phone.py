"""A telephone number of a person, with what must be known before anyone dials it."""

from __future__ import annotations

import enum
from typing import ClassVar
from uuid import UUID

from sqlalchemy.orm import Mapped

from familydesk.core.fields import Merge, Secrecy, choice, line, phone, reference, yes_no
from familydesk.core.i18n import N_
from familydesk.core.record import Record, Stream
from familydesk.law.phone import mask


class SafeToCall(enum.Enum):
    """Least protective first, so that of two laptops' answers the careful one holds."""

    YES = N_("Safe to call")
    WITH_CARE = N_("Only as agreed")
    UNKNOWN = N_("Not asked yet")
    NO = N_("Do not call")


class PersonPhone(Record):
    """One number. Anything but "safe to call" is shown or printed only after its conditions have been read."""

    __tablename__ = "person_phone"
    title: ClassVar[str] = N_("Telephone")
    plural: ClassVar[str] = N_("Telephones")
    stream: ClassVar[Stream] = Stream.center()
    title_fields: ClassVar[tuple[str, ...]] = ("number",)
    parent: ClassVar[str] = "person_id"

    person_id: Mapped[UUID | None] = reference(N_("Person"), "person", required=True)
    number: Mapped[str | None] = phone(N_("Number"), required=True, listed=True, indexed=True)
    safe_to_call: Mapped[SafeToCall | None] = choice(
        N_("Safe to call?"), SafeToCall, default=SafeToCall.UNKNOWN, listed=True, merge=Merge.SAFEST
    )
    safe_to_write: Mapped[bool | None] = yes_no(N_("Safe to send messages"), safest=False)
    safe_hours: Mapped[str | None] = line(N_("When to call"), listed=True, secrecy=Secrecy.LOCATION)
    introduce_as: Mapped[str | None] = line(N_("Under which name to call"), secrecy=Secrecy.LOCATION)
    who_may_answer: Mapped[str | None] = line(N_("Who else may answer"), secrecy=Secrecy.LOCATION)

    def title_text(self) -> str:
        """The number; of one that is not safe to call only its end, because no conditions stand beside a title."""
        number = self.number or ""
        return super().title_text() if self.safe_to_call is SafeToCall.YES else mask(number)
