"""An incident: one event of violence or threat, and what it did."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy.orm import Mapped

from familydesk.core import clock
from familydesk.core.errors import Problem
from familydesk.core.fields import (
    Merge,
    Secrecy,
    choice,
    day,
    line,
    many,
    moment,
    note,
    number,
    reference,
    yes_no,
)
from familydesk.core.i18n import N_
from familydesk.core.record import Duty, Record, Stream


class ViolenceForm(enum.Enum):
    """The four forms of domestic violence, with bullying from the law on the rights of the child."""

    PHYSICAL = N_("Physical violence")
    PSYCHOLOGICAL = N_("Psychological violence")
    SEXUAL = N_("Sexual violence")
    ECONOMIC = N_("Economic violence")
    BULLYING = N_("Bullying of a child")


class Severity(enum.Enum):
    """Severity for statistics, least protective first. Set by a forensic report, not by the caseworker."""

    UNKNOWN = N_("Not established")
    NO_INJURY = N_("No bodily injury")
    BEATING = N_("Beating without harm to health")
    LIGHT = N_("Light harm to health")
    MEDIUM = N_("Medium harm to health")
    GRAVE = N_("Grave harm to health")
    DEATH = N_("Death")


class SeveritySource(enum.Enum):
    """Whose word the severity is."""

    FORENSIC = N_("Forensic examination")
    MEDICAL = N_("Medical certificate")
    VICTIM = N_("The victim's words")
    POLICE = N_("Police")


class Offender(enum.Enum):
    """What the offender is to the victim; the first groups are those of the note to Art 73 of the Administrative
    Code.
    """

    SPOUSE = N_("Spouse")
    FORMER_SPOUSE = N_("Former spouse")
    COHABITANT = N_("Cohabitant")
    FORMER_COHABITANT = N_("Former cohabitant")
    PARENT = N_("Parent")
    STEP_PARENT = N_("Step-parent or adopter")
    CHILD = N_("Son or daughter")
    SIBLING = N_("Brother or sister")
    GRANDPARENT = N_("Grandparent")
    GRANDCHILD = N_("Grandchild")
    PARENT_IN_LAW = N_("Parent-in-law")
    CHILD_IN_LAW = N_("Son- or daughter-in-law")
    CO_PARENT = N_("Parent of a common child")
    GUARDIAN = N_("Guardian or foster carer")
    OTHER_RELATIVE = N_("Other relative")
    HOUSEHOLD = N_("Other person in the household")
    UNKNOWN = N_("Not known")


class Incident(Record):
    """One incident. Victim and offender may both be clients: they meet in this record alone."""

    __tablename__ = "incident"
    title: ClassVar[str] = N_("Incident")
    plural: ClassVar[str] = N_("Incidents")
    stream: ClassVar[Stream] = Stream.case()
    title_fields: ClassVar[tuple[str, ...]] = ("happened_at", "forms")

    case_id: Mapped[UUID | None] = reference(N_("Case"), "case", required=True, listed=True)
    happened_at: Mapped[datetime | None] = moment(N_("Happened"), required=True, listed=True, indexed=True)
    learned_at: Mapped[datetime | None] = moment(
        N_("The center learned of it"), required=True, help=N_("The terms for notices run from this moment.")
    )
    victim_id: Mapped[UUID | None] = reference(N_("Victim"), "person", required=True, listed=True)
    offender_id: Mapped[UUID | None] = reference(N_("Offender"), "person", listed=True, secrecy=Secrecy.SPECIAL)
    offender_relation: Mapped[Offender | None] = choice(
        N_("Offender is the victim's"), Offender, required=True, listed=True, secrecy=Secrecy.SPECIAL
    )
    forms: Mapped[tuple[ViolenceForm, ...] | None] = many(
        N_("Forms of violence"), ViolenceForm, required=True, listed=True, secrecy=Secrecy.SPECIAL
    )
    severity: Mapped[Severity | None] = choice(
        N_("Severity"), Severity, default=Severity.UNKNOWN, listed=True, merge=Merge.SAFEST, secrecy=Secrecy.SPECIAL
    )
    severity_source: Mapped[SeveritySource | None] = choice(
        N_("Source of the severity"), SeveritySource, secrecy=Secrecy.SPECIAL
    )
    place: Mapped[str | None] = line(N_("Place"), secrecy=Secrecy.LOCATION)
    circumstances: Mapped[str | None] = note(N_("Circumstances"))
    injuries: Mapped[str | None] = note(N_("Injuries"))
    weapon: Mapped[bool | None] = yes_no(N_("A weapon was used or shown"), safest=True, secrecy=Secrecy.SPECIAL)
    strangulation: Mapped[bool | None] = yes_no(N_("Strangulation"), safest=True, secrecy=Secrecy.SPECIAL)
    threat_to_life: Mapped[bool | None] = yes_no(N_("Threat to life or health"), safest=True, secrecy=Secrecy.SPECIAL)
    intoxicated: Mapped[bool | None] = yes_no(N_("The offender was drunk or drugged"), secrecy=Secrecy.SPECIAL)
    witnesses: Mapped[str | None] = note(N_("Witnesses"))
    children_present: Mapped[int | None] = number(N_("Children present"), unit=N_("children"), secrecy=Secrecy.SPECIAL)
    child_harmed: Mapped[bool | None] = yes_no(
        N_("A child was harmed or left without care"),
        safest=True,
        secrecy=Secrecy.SPECIAL,
        help=N_("Guardianship and the police must then be told; nobody's consent is needed for that."),
    )
    police_called: Mapped[bool | None] = yes_no(N_("Reported to the police"), listed=True, secrecy=Secrecy.SPECIAL)
    police_number: Mapped[str | None] = line(N_("Police book of records, No"), secrecy=Secrecy.SPECIAL)
    police_registered_on: Mapped[date | None] = day(N_("Registered by the police on"), secrecy=Secrecy.SPECIAL)
    investigation_number: Mapped[str | None] = line(
        N_("Unified register of pre-trial investigations, No"), secrecy=Secrecy.SPECIAL
    )
    victim_wishes: Mapped[str | None] = note(N_("What the victim decided"))

    sections: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        (N_("What happened"), ("case_id", "happened_at", "learned_at", "victim_id", "forms", "place", "circumstances")),
        (N_("Harm"), ("severity", "severity_source", "injuries", "weapon", "strangulation", "threat_to_life")),
        (N_("Offender"), ("offender_id", "offender_relation", "intoxicated")),
        (N_("Children and witnesses"), ("children_present", "child_harmed", "witnesses")),
        (
            N_("Police"),
            ("police_called", "police_number", "police_registered_on", "investigation_number", "victim_wishes"),
        ),
    )
    duties: ClassVar[tuple[Duty, ...]] = (
        Duty(
            "GUARDIANSHIP_NOTICE",
            "learned_at",
            "mandatory_notice.sent_at",
            excused_by="not_sent_reason",
            given=("child_harmed",),
            only=(("addressee", "GUARDIANSHIP"),),
        ),
        Duty(
            "POLICE_NOTICE",
            "learned_at",
            "mandatory_notice.sent_at",
            excused_by="not_sent_reason",
            given=("child_harmed", "threat_to_life"),
            unless=("police_called",),
            only=(("addressee", "POLICE"),),
        ),
    )

    def rules(self) -> Iterator[Problem]:
        """Severity has a source; nobody learns of what has not happened."""
        if self.happened_at and self.happened_at > clock.now():
            yield Problem("happened_at", N_("An incident cannot lie in the future."))
        if self.learned_at and self.happened_at and self.learned_at < self.happened_at:
            yield Problem("learned_at", N_("The center cannot learn of an incident before it happened."))
        if self.severity not in (None, Severity.UNKNOWN) and not self.severity_source:
            yield Problem("severity_source", N_("Say whose word the severity is."))
        if self.victim_id and self.victim_id == self.offender_id:
            yield Problem("offender_id", N_("Victim and offender cannot be one person."))
        if self.children_present is not None and self.children_present < 0:
            yield Problem("children_present", N_("A number of children cannot be below zero."))
