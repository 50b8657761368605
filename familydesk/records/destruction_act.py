"""An act of destruction: what was destroyed, on what ground, before whom. It names no person whose data are gone."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy.orm import Mapped

from familydesk.core.errors import Problem
from familydesk.core.fields import Merge, Secrecy, choice, day, line, moment, note, reference
from familydesk.core.fields import number as count
from familydesk.core.i18n import N_
from familydesk.core.record import Record, Stream

PLAIN = Secrecy.PLAIN


class Ground(enum.Enum):
    """Why data are destroyed."""

    TERM = N_("The term of keeping is over")
    ERASURE = N_("Erasure of one person's data")


class DestructionAct(Record):
    """One act. Its contents are numbers, days and counts alone, so that it may be kept when the rest is gone."""

    __tablename__ = "destruction_act"
    title: ClassVar[str] = N_("Act of destruction")
    plural: ClassVar[str] = N_("Acts of destruction")
    stream: ClassVar[Stream] = Stream.center()
    title_fields: ClassVar[tuple[str, ...]] = ("number", "drawn_on")
    numbered: ClassVar[tuple[str, str]] = ("number", "{block}-{count:04}-жою/{year}")
    searched: ClassVar[bool] = False
    programs_own: ClassVar[frozenset[str]] = frozenset({"contents", "record_count", "stays", "copies", "done_at"})

    number: Mapped[str | None] = line(N_("Act No"), listed=True, indexed=True, secrecy=PLAIN)
    drawn_on: Mapped[date | None] = day(N_("Drawn up"), required=True, listed=True, secrecy=PLAIN)
    ground: Mapped[Ground | None] = choice(N_("Ground"), Ground, required=True, listed=True, secrecy=PLAIN)
    reason: Mapped[str | None] = note(N_("Reason"), secrecy=PLAIN, merge=Merge.LAST)
    head_id: Mapped[UUID | None] = reference(N_("Head of the center"), "staff_member", secrecy=PLAIN)
    first_member: Mapped[str | None] = line(N_("First member of the commission"))
    second_member: Mapped[str | None] = line(N_("Second member of the commission"))
    contents: Mapped[str | None] = note(N_("What is destroyed"), secrecy=PLAIN, merge=Merge.LAST)
    record_count: Mapped[int | None] = count(N_("Records destroyed"), listed=True, secrecy=PLAIN)
    stays: Mapped[str | None] = note(N_("What stays, and why"), secrecy=PLAIN, merge=Merge.LAST)
    copies: Mapped[str | None] = note(N_("Copies that still hold it"), secrecy=PLAIN, merge=Merge.LAST)
    done_at: Mapped[datetime | None] = moment(N_("Destroyed"), listed=True, secrecy=PLAIN)

    sections: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        (N_("The act"), ("number", "drawn_on", "ground", "reason")),
        (N_("Commission"), ("head_id", "first_member", "second_member")),
        (N_("What is destroyed"), ("contents", "record_count", "stays", "copies", "done_at")),
    )

    def rules(self) -> Iterator[Problem]:
        """Two colleagues beside the head see what is destroyed by term; the same one twice sees no more."""
        if self.ground is not Ground.TERM:
            return
        for name in ("first_member", "second_member"):
            if not getattr(self, name):
                yield Problem(name, N_("Two members of the commission sign an act of destruction: name both."))
        if self.first_member and (self.first_member or "").casefold() == (self.second_member or "").casefold():
            yield Problem("second_member", N_("The commission needs two different people."))
