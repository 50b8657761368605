"""A note on a case: what happened, who said what. It stays as written; a correction is a new note."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy.orm import Mapped

from familydesk.core.fields import Merge, choice, moment, note, reference
from familydesk.core.i18n import N_
from familydesk.core.record import Record, Stream


class NoteKind(enum.Enum):
    """What the note is about."""

    CONTACT = N_("Contact")
    OBSERVATION = N_("Observation")
    AGREEMENT = N_("Agreement")
    HANDOVER = N_("Handover")
    OTHER = N_("Other")


class CaseNote(Record):
    """One note."""

    __tablename__ = "case_note"
    title: ClassVar[str] = N_("Note")
    plural: ClassVar[str] = N_("Notes")
    stream: ClassVar[Stream] = Stream.case()
    title_fields: ClassVar[tuple[str, ...]] = ("kind", "written_at")
    parent: ClassVar[str] = "case_id"
    searched: ClassVar[bool] = False

    case_id: Mapped[UUID | None] = reference(N_("Case"), "case", required=True)
    written_at: Mapped[datetime | None] = moment(N_("Written"), required=True, listed=True, merge=Merge.GROWS)
    kind: Mapped[NoteKind | None] = choice(
        N_("Kind of note"), NoteKind, default=NoteKind.CONTACT, listed=True, merge=Merge.GROWS
    )
    author_id: Mapped[UUID | None] = reference(N_("Author"), "staff_member", listed=True, merge=Merge.GROWS)
    text: Mapped[str | None] = note(N_("Text"), required=True, listed=True, merge=Merge.GROWS)
