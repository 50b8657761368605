"""The directory of bodies that the center works with."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from sqlalchemy.orm import Mapped

from familydesk.core.fields import Secrecy, choice, line, note, phone, reference
from familydesk.core.i18n import N_
from familydesk.core.record import Record, Stream
from familydesk.core.vocabulary import DestinationKind

PLAIN = Secrecy.PLAIN


class Organisation(Record):
    """One body, with the person there who answers."""

    __tablename__ = "organisation"
    title: ClassVar[str] = N_("Organisation")
    plural: ClassVar[str] = N_("Organisations")
    stream: ClassVar[Stream] = Stream.center()
    title_fields: ClassVar[tuple[str, ...]] = ("name_kk",)

    name_kk: Mapped[str | None] = line(N_("Name in Kazakh"), required=True, listed=True, secrecy=PLAIN)
    name_ru: Mapped[str | None] = line(N_("Name in Russian"), listed=True, secrecy=PLAIN)
    kind: Mapped[DestinationKind | None] = choice(
        N_("Kind of body"), DestinationKind, required=True, listed=True, secrecy=PLAIN
    )
    region_id: Mapped[UUID | None] = reference(N_("Region"), "region", listed=True, secrecy=PLAIN)
    phone: Mapped[str | None] = phone(N_("Telephone"), listed=True, secrecy=PLAIN)
    email: Mapped[str | None] = line(N_("E-mail"), secrecy=PLAIN)
    address: Mapped[str | None] = line(N_("Address"), secrecy=PLAIN)
    contact: Mapped[str | None] = line(N_("Contact person"))
    remarks: Mapped[str | None] = note(N_("Remarks"), secrecy=Secrecy.PERSONAL)
