"""The center itself: what stands in the head of its papers."""

from __future__ import annotations

import enum
from typing import ClassVar

from sqlalchemy.orm import Mapped

from familydesk.core.fields import Secrecy, choice, line, phone
from familydesk.core.i18n import N_
from familydesk.core.record import Record, Stream

PLAIN = Secrecy.PLAIN


class FacilityKind(enum.Enum):
    """What kind of facility it is; limits of stay follow it."""

    FAMILY_SUPPORT_CENTER = N_("Family support center")
    CRISIS_CENTER = N_("Crisis center")
    ADAPTATION_CENTER = N_("Adaptation center")
    NGO_SHELTER = N_("Shelter of a non-governmental organisation")


class Center(Record):
    """The one center whose store this is."""

    __tablename__ = "center"
    title: ClassVar[str] = N_("Center")
    plural: ClassVar[str] = N_("Center")
    stream: ClassVar[Stream] = Stream.center()
    title_fields: ClassVar[tuple[str, ...]] = ("name_kk",)
    searched: ClassVar[bool] = False

    name_kk: Mapped[str | None] = line(N_("Name in Kazakh"), required=True, listed=True, secrecy=PLAIN)
    name_ru: Mapped[str | None] = line(N_("Name in Russian"), listed=True, secrecy=PLAIN)
    code: Mapped[str | None] = line(N_("Code in case numbers"), required=True, secrecy=PLAIN)
    kind: Mapped[FacilityKind | None] = choice(
        N_("Kind of facility"), FacilityKind, default=FacilityKind.FAMILY_SUPPORT_CENTER, secrecy=PLAIN
    )
    bin: Mapped[str | None] = line(N_("BIN"), secrecy=PLAIN)
    city_kk: Mapped[str | None] = line(N_("City in Kazakh"), secrecy=PLAIN)
    city_ru: Mapped[str | None] = line(N_("City in Russian"), secrecy=PLAIN)
    phone: Mapped[str | None] = phone(N_("Telephone"), secrecy=PLAIN)
    email: Mapped[str | None] = line(N_("E-mail"), secrecy=PLAIN)
