"""An application: one line of the official journal of applications."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy.orm import Mapped

from familydesk.core import clock
from familydesk.core.errors import Problem
from familydesk.core.fields import Secrecy, choice, line, moment, note, reference, yes_no
from familydesk.core.i18n import N_
from familydesk.core.record import Duty, Record, Stream


class Channel(enum.Enum):
    """How the application reached the center."""

    SELF = N_("Came herself or himself")
    HELPLINE_111 = N_("Contact center 111")
    POLICE = N_("Police")
    PROBATION = N_("Probation service")
    SCHOOL = N_("School or kindergarten")
    HEALTH = N_("Health organisation")
    AKIMAT = N_("Local executive body")
    MOBILE_GROUP = N_("Mobile group")
    PROSECUTOR = N_("Prosecutor")
    FAMILY_MAP = N_("Digital Family Map list")
    NGO = N_("Non-governmental organisation")
    COURT = N_("Court")
    OTHER_CENTER = N_("Another center")
    PHONE = N_("By telephone")
    ONLINE = N_("Online")
    OTHER = N_("Other")


class ApplicantKind(enum.Enum):
    """Who applied, where it was not the client (Social Code, Art 139 p3)."""

    CLIENT = N_("The client")
    FAMILY_MEMBER = N_("Adult family member")
    GUARDIAN = N_("Guardian or trustee")
    AKIM = N_("Akim of the settlement")
    PROXY = N_("By power of attorney")
    PROVIDER = N_("The service provider")
    PREVENTION_BODY = N_("Body that carried out prevention")


class ApplicationReason(enum.Enum):
    """Why help is asked for."""

    DOMESTIC_VIOLENCE = N_("Domestic violence")
    FAMILY_CONFLICT = N_("Family conflict")
    DIVORCE = N_("Divorce")
    ALIMONY = N_("Alimony")
    CHILD_CARE = N_("Upbringing and care of a child")
    CHILD_NEGLECT = N_("Neglect of a child")
    CHILD_VIOLENCE = N_("Violence against a child")
    MATERIAL = N_("Material hardship")
    HOUSING = N_("Housing")
    EMPLOYMENT = N_("Employment")
    DEPENDENCE = N_("Alcohol or drug dependence")
    HEALTH = N_("Health or disability")
    PSYCHOLOGICAL = N_("Psychological state")
    DOCUMENTS = N_("Documents")
    LEGAL = N_("Legal question")
    DIFFICULT_SITUATION = N_("Difficult life situation")
    THREAT_TO_LIFE = N_("Threat to life or health")
    OTHER = N_("Other")


class Application(Record):
    """One application, in the columns of the official journal."""

    __tablename__ = "application"
    title: ClassVar[str] = N_("Application")
    plural: ClassVar[str] = N_("Applications")
    stream: ClassVar[Stream] = Stream.case()
    title_fields: ClassVar[tuple[str, ...]] = ("number", "received_at")
    numbered: ClassVar[tuple[str, str]] = ("number", "{year}/{block}-{count:04}")

    number: Mapped[str | None] = line(N_("Application No"), listed=True, indexed=True, secrecy=Secrecy.PLAIN)
    received_at: Mapped[datetime | None] = moment(
        N_("Received"), required=True, listed=True, indexed=True, secrecy=Secrecy.PLAIN
    )
    person_id: Mapped[UUID | None] = reference(N_("Applicant"), "person", required=True, listed=True)
    case_id: Mapped[UUID | None] = reference(N_("Case"), "case", listed=True)
    channel: Mapped[Channel | None] = choice(
        N_("Kind of application"), Channel, required=True, listed=True, secrecy=Secrecy.PLAIN
    )
    reason: Mapped[ApplicationReason | None] = choice(
        N_("Reason"), ApplicationReason, required=True, listed=True, secrecy=Secrecy.SPECIAL
    )
    reason_text: Mapped[str | None] = note(N_("Reason in her own words"))
    sender: Mapped[str | None] = line(N_("Organisation that sent it"), listed=True)
    sender_id: Mapped[UUID | None] = reference(N_("Sender in the directory"), "organisation")
    applicant_kind: Mapped[ApplicantKind | None] = choice(
        N_("Who applies"), ApplicantKind, default=ApplicantKind.CLIENT
    )
    why_not_herself: Mapped[str | None] = line(N_("Why the client did not apply"))
    repeated: Mapped[bool | None] = yes_no(N_("Repeated application"), secrecy=Secrecy.PLAIN)
    threat_to_life: Mapped[bool | None] = yes_no(
        N_("Threat to life or health"), listed=True, safest=True, secrecy=Secrecy.SPECIAL
    )
    taken_by: Mapped[str | None] = line(N_("Taken by"), listed=True)
    taken_by_id: Mapped[UUID | None] = reference(N_("Taken by (staff)"), "staff_member")
    result: Mapped[str | None] = note(N_("Result"), listed=True)
    iin_as_written: Mapped[str | None] = line(N_("IIN as it was written"))
    source: Mapped[str | None] = line(N_("Imported from"), secrecy=Secrecy.PLAIN)
    imported_row: Mapped[str | None] = note(N_("Row as it stood in the register"), secrecy=Secrecy.LOCATION)
    imported_mark: Mapped[str | None] = line(N_("Mark of the imported row"), indexed=True, secrecy=Secrecy.SPECIAL)

    sections: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        (
            N_("Application"),
            ("number", "received_at", "person_id", "channel", "reason", "reason_text", "threat_to_life"),
        ),
        (N_("Who sent it"), ("sender", "sender_id", "applicant_kind", "why_not_herself", "repeated")),
        (N_("Handling"), ("case_id", "taken_by", "taken_by_id", "result", "iin_as_written", "source", "imported_row")),
    )
    duties: ClassVar[tuple[Duty, ...]] = (
        Duty("PRIMARY_ASSESSMENT", "received_at", "assessment.done_on", unless=("threat_to_life", "source")),
        Duty(
            "PRIMARY_ASSESSMENT_URGENT",
            "received_at",
            "assessment.done_on",
            given=("threat_to_life",),
            unless=("source",),
        ),
    )

    def rules(self) -> Iterator[Problem]:
        """What a prosecutor's check found missing in the journals of other centers."""
        if self.received_at and self.received_at > clock.now():
            yield Problem("received_at", N_("An application cannot be received in the future."))
        if self.applicant_kind not in (None, ApplicantKind.CLIENT) and not self.why_not_herself and not self.source:
            yield Problem("why_not_herself", N_("Say why the client did not apply herself."))
        if self.reason is ApplicationReason.OTHER and not self.reason_text and not self.source:
            yield Problem("reason_text", N_("“Other” needs a few words of explanation."))
        if self.result and self.result == self.reason_text:
            yield Problem("result", N_("The result only repeats the reason."), warning=True)
