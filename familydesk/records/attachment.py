"""A scan or a photo that belongs to a case. What is shown of it stands here; its bytes lie sealed beside the sheets."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy.orm import Mapped

from familydesk.core.errors import Problem
from familydesk.core.fields import Merge, Secrecy, choice, day, line, note, number, reference
from familydesk.core.i18n import N_
from familydesk.core.record import Record, Stream


class AttachmentKind(enum.Enum):
    """What was scanned or photographed."""

    INJURIES = N_("Photo of injuries or damage")
    MEDICAL = N_("Medical document")
    POLICE = N_("Paper of the police or the prosecutor")
    COURT = N_("Paper of a court")
    SIGNED = N_("Paper signed at the center")
    LETTER = N_("Letter or message")
    SCHOOL = N_("Paper of a school or kindergarten")
    IDENTITY = N_("Copy of an identity document")
    OTHER = N_("Other")


class CopyGround(enum.Enum):
    """Why an identity document may be copied at all (Law on Personal Data, Art 7 p10)."""

    NO_INTEGRATION = N_("The center has no link to the state's systems")
    NO_TECHNOLOGY = N_("She cannot be identified by technical means")
    OTHER_LAW = N_("Another case named by law")


class MediaType(enum.Enum):
    """What the content itself says it is; a file's name is never asked."""

    JPEG = N_("Photo (JPEG)")
    PNG = N_("Picture (PNG)")
    PDF = N_("Document (PDF)")


class Attachment(Record):
    """One file. Size, pages, media type and fingerprint are read from its content and never typed."""

    __tablename__ = "attachment"
    title: ClassVar[str] = N_("Attachment")
    plural: ClassVar[str] = N_("Attachments")
    stream: ClassVar[Stream] = Stream.case()
    title_fields: ClassVar[tuple[str, ...]] = ("subject",)
    parent: ClassVar[str] = "case_id"
    searched: ClassVar[bool] = False
    programs_own: ClassVar[frozenset[str]] = frozenset({"media_type", "size", "pages", "digest"})

    case_id: Mapped[UUID | None] = reference(N_("Case"), "case", required=True)
    subject: Mapped[str | None] = line(N_("What it is"), required=True, listed=True, secrecy=Secrecy.SPECIAL)
    kind: Mapped[AttachmentKind | None] = choice(
        N_("Kind of attachment"), AttachmentKind, required=True, listed=True, secrecy=Secrecy.SPECIAL
    )
    copy_ground: Mapped[CopyGround | None] = choice(
        N_("Why an identity document may be copied"),
        CopyGround,
        help=N_("Paper copies of identity documents are prohibited (Law No 94-V, Art 7 p10), save in these cases."),
    )
    taken_on: Mapped[date | None] = day(N_("Taken or dated"), listed=True)
    person_id: Mapped[UUID | None] = reference(N_("Whom it shows or concerns"), "person")
    incident_id: Mapped[UUID | None] = reference(N_("Incident"), "incident")
    application_id: Mapped[UUID | None] = reference(N_("Application"), "application")
    remarks: Mapped[str | None] = note(N_("Remarks"))
    file_name: Mapped[str | None] = line(N_("Name of the file"), secrecy=Secrecy.SPECIAL, merge=Merge.GROWS)
    media_type: Mapped[MediaType | None] = choice(
        N_("Type of content"), MediaType, listed=True, secrecy=Secrecy.PLAIN, merge=Merge.GROWS
    )
    size: Mapped[int | None] = number(N_("Size"), unit=N_("bytes"), secrecy=Secrecy.PLAIN, merge=Merge.GROWS)
    pages: Mapped[int | None] = number(N_("Pages"), listed=True, secrecy=Secrecy.PLAIN, merge=Merge.GROWS)
    digest: Mapped[str | None] = line(
        N_("Fingerprint (SHA-256)"),
        secrecy=Secrecy.SPECIAL,
        merge=Merge.GROWS,
        help=N_("Of the file as it was attached. The program shows no other in its place."),
    )

    sections: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        (N_("Attachment"), ("case_id", "subject", "kind", "copy_ground", "taken_on")),
        (N_("What it belongs to"), ("person_id", "incident_id", "application_id", "remarks")),
        (N_("Content"), ("file_name", "media_type", "size", "pages", "digest")),
    )

    def rules(self) -> Iterator[Problem]:
        """A copy of an identity document names the exception that allows it."""
        if self.kind is AttachmentKind.IDENTITY and not self.copy_ground:
            yield Problem(
                "copy_ground",
                N_(
                    "The law prohibits copies of identity documents (No 94-V, Art 7 p10). "
                    "Write down the number instead, or name the exception."
                ),
            )
