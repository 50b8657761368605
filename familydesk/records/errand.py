"""An errand: what someone must do by when."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy.orm import Mapped

from familydesk.core.fields import Secrecy, day, line, note, reference
from familydesk.core.i18n import N_
from familydesk.core.record import Duty, Record, Stream


class Errand(Record):
    """One errand, done on the day on which it was done."""

    __tablename__ = "errand"
    title: ClassVar[str] = N_("Errand")
    plural: ClassVar[str] = N_("Errands")
    stream: ClassVar[Stream] = Stream.case()
    title_fields: ClassVar[tuple[str, ...]] = ("what",)
    parent: ClassVar[str] = "case_id"
    searched: ClassVar[bool] = False

    case_id: Mapped[UUID | None] = reference(N_("Case"), "case", listed=True)
    what: Mapped[str | None] = line(N_("What is to be done"), required=True, listed=True, secrecy=Secrecy.SPECIAL)
    who_id: Mapped[UUID | None] = reference(N_("Who does it"), "staff_member", listed=True)
    due_on: Mapped[date | None] = day(N_("By when"), required=True, listed=True)
    done_on: Mapped[date | None] = day(N_("Done"), listed=True)
    remarks: Mapped[str | None] = note(N_("Remarks"))

    duties: ClassVar[tuple[Duty, ...]] = (Duty("ERRAND", "due_on", "done_on", due_field="due_on"),)
