"""A notice that the law demands: to guardianship, the police or the prosecutor, with or without anyone's consent."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy.orm import Mapped

from familydesk.core.errors import Problem
from familydesk.core.fields import Secrecy, choice, line, moment, note, reference
from familydesk.core.i18n import N_
from familydesk.core.record import Record, Stream


class Addressee(enum.Enum):
    """Who must be told."""

    GUARDIANSHIP = N_("Guardianship body")
    POLICE = N_("Police")
    PROSECUTOR = N_("Prosecutor")


class NoticeChannel(enum.Enum):
    """How they were told."""

    PHONE_102 = N_("By telephone, 102")
    PHONE = N_("By telephone")
    LETTER = N_("Letter")
    ELECTRONIC = N_("Electronic document")
    IN_PERSON = N_("In person")


class MandatoryNotice(Record):
    """One notice: sent, or not sent for the head's written reason. There is no third way to be rid of it."""

    __tablename__ = "mandatory_notice"
    title: ClassVar[str] = N_("Mandatory notice")
    plural: ClassVar[str] = N_("Mandatory notices")
    stream: ClassVar[Stream] = Stream.case("incident_id.case_id")
    title_fields: ClassVar[tuple[str, ...]] = ("addressee", "sent_at")
    parent: ClassVar[str] = "incident_id"
    searched: ClassVar[bool] = False

    incident_id: Mapped[UUID | None] = reference(N_("Incident"), "incident", required=True, listed=True)
    addressee: Mapped[Addressee | None] = choice(N_("To whom"), Addressee, required=True, listed=True)
    sent_at: Mapped[datetime | None] = moment(N_("Sent"), listed=True)
    channel: Mapped[NoticeChannel | None] = choice(N_("How it was sent"), NoticeChannel, listed=True)
    number: Mapped[str | None] = line(N_("Number"), listed=True)
    taken_by: Mapped[str | None] = line(N_("Who took it"))
    text: Mapped[str | None] = note(N_("Text"), secrecy=Secrecy.SPECIAL)
    not_sent_reason: Mapped[str | None] = note(N_("The head's reason for not sending it"))

    def rules(self) -> Iterator[Problem]:
        """Sent with its channel, or not sent with a reason."""
        if not self.sent_at and not self.not_sent_reason:
            yield Problem("sent_at", N_("Enter when it was sent, or the head's written reason for not sending it."))
        if self.sent_at and not self.channel:
            yield Problem("channel", N_("Say how it was sent."))
