"""A case: the center's accompaniment of one family, from opening to closing and after."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy.orm import Mapped

from familydesk.core.errors import Problem
from familydesk.core.fields import Merge, Secrecy, choice, day, line, note, reference
from familydesk.core.i18n import N_
from familydesk.core.record import Record, Stream


class Stage(enum.Enum):
    """Where the case stands between application and follow-up."""

    INTAKE = N_("Intake")
    ASSESSMENT = N_("Primary assessment")
    PLAN = N_("Individual plan")
    SUPPORT = N_("Support")
    REVIEW = N_("Review")
    CLOSED = N_("Closed")
    FOLLOW_UP = N_("Follow-up after closing")


class Danger(enum.Enum):
    """The center's own judgement of danger, least protective first; never the police's official scale."""

    UNKNOWN = N_("Danger not assessed")
    LOW = N_("Low danger")
    MEDIUM = N_("Medium danger")
    HIGH = N_("High danger")
    EXTREME = N_("Threat to life")


class MapLevel(enum.Enum):
    """Level of the Digital Family Map (Social Code, Art 24): typed or imported with its date, never computed here."""

    A = N_("A, prosperous")
    B = N_("B, satisfactory")
    C = N_("C, disadvantaged")
    D = N_("D, crisis")
    E = N_("E, emergency")


class ClosingReason(enum.Enum):
    """Why a case was closed."""

    GOAL_REACHED = N_("Goal reached")
    REFUSED = N_("The client refused")
    MOVED = N_("Moved away")
    TRANSFERRED = N_("Transferred to another center")
    DIED = N_("Died")
    UNFOUNDED = N_("No ground was found")
    NO_CONTACT = N_("Contact lost")


class Case(Record):
    """One case. Its number carries the center's code and the laptop's block, so that offline laptops never collide."""

    __tablename__ = "case"
    title: ClassVar[str] = N_("Case")
    plural: ClassVar[str] = N_("Cases")
    stream: ClassVar[Stream] = Stream.case("id")
    title_fields: ClassVar[tuple[str, ...]] = ("number",)
    numbered: ClassVar[tuple[str, str]] = ("number", "{code}-{block}-{year}-{count:04}")

    number: Mapped[str | None] = line(N_("Case No"), listed=True, indexed=True, secrecy=Secrecy.PLAIN)
    family_id: Mapped[UUID | None] = reference(N_("Family"), "family", listed=True)
    client_id: Mapped[UUID | None] = reference(N_("Client"), "person", required=True, listed=True)
    stage: Mapped[Stage | None] = choice(N_("Stage"), Stage, default=Stage.INTAKE, listed=True, secrecy=Secrecy.PLAIN)
    responsible_id: Mapped[UUID | None] = reference(
        N_("Responsible"), "staff_member", listed=True, apart_from="kept_from_id"
    )
    kept_from_id: Mapped[UUID | None] = reference(
        N_("Not to be served by"),
        "staff_member",
        help=N_("A colleague who is related to somebody in this case: she neither takes it nor sees it."),
    )
    opened_on: Mapped[date | None] = day(N_("Opened"), required=True, listed=True, secrecy=Secrecy.PLAIN)
    danger: Mapped[Danger | None] = choice(
        N_("Danger"), Danger, default=Danger.UNKNOWN, listed=True, merge=Merge.SAFEST, secrecy=Secrecy.SPECIAL
    )
    map_level: Mapped[MapLevel | None] = choice(
        N_("Level of the Digital Family Map"), MapLevel, secrecy=Secrecy.SPECIAL
    )
    map_level_on: Mapped[date | None] = day(N_("Level as of"), secrecy=Secrecy.SPECIAL)
    map_level_source: Mapped[str | None] = line(N_("Source of the level"), secrecy=Secrecy.SPECIAL)
    situation: Mapped[str | None] = note(N_("Situation"))
    goal: Mapped[str | None] = note(N_("What the family wants"))
    closed_on: Mapped[date | None] = day(N_("Closed"), listed=True, secrecy=Secrecy.PLAIN)
    closing_reason: Mapped[ClosingReason | None] = choice(N_("Reason for closing"), ClosingReason)
    closing_note: Mapped[str | None] = note(N_("Result at closing"))

    sections: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        (N_("Case"), ("number", "client_id", "family_id", "responsible_id", "opened_on", "stage", "danger")),
        (N_("Digital Family Map"), ("map_level", "map_level_on", "map_level_source")),
        (N_("Situation"), ("situation", "goal")),
        (N_("Colleagues"), ("kept_from_id",)),
        (N_("Closing"), ("closed_on", "closing_reason", "closing_note")),
    )

    def rules(self) -> Iterator[Problem]:
        """A level has its date and source; a closed case has its reason; time runs forward."""
        if self.map_level and not (self.map_level_on and self.map_level_source):
            missing = "map_level_on" if not self.map_level_on else "map_level_source"
            yield Problem(missing, N_("A level of the Digital Family Map needs its date and its source."))
        if self.closed_on and self.opened_on and self.closed_on < self.opened_on:
            yield Problem("closed_on", N_("A case cannot be closed before it was opened."))
        if self.closed_on and not self.closing_reason:
            yield Problem("closing_reason", N_("Say why the case is closed."))
        if self.stage is Stage.CLOSED and not self.closed_on:
            yield Problem("closed_on", N_("A closed case needs its day of closing."))
        if self.kept_from_id and self.kept_from_id == self.responsible_id:
            yield Problem("responsible_id", N_("This colleague is related to somebody in the case: choose another."))
