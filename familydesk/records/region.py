"""A region of the national classifier of places (KATO), top level."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from sqlalchemy.orm import Mapped

from familydesk.core.fields import Secrecy, day, line
from familydesk.core.i18n import N_
from familydesk.core.record import Record, Stream

PLAIN = Secrecy.PLAIN


class Region(Record):
    """One oblast or city of republican significance."""

    __tablename__ = "region"
    title: ClassVar[str] = N_("Region")
    plural: ClassVar[str] = N_("Regions")
    stream: ClassVar[Stream] = Stream.center()
    title_fields: ClassVar[tuple[str, ...]] = ("name_kk",)
    searched: ClassVar[bool] = False

    kato: Mapped[str | None] = line(N_("KATO code"), required=True, listed=True, secrecy=PLAIN, indexed=True)
    name_kk: Mapped[str | None] = line(N_("Name in Kazakh"), required=True, listed=True, secrecy=PLAIN)
    name_ru: Mapped[str | None] = line(N_("Name in Russian"), required=True, listed=True, secrecy=PLAIN)
    name_en: Mapped[str | None] = line(N_("Name in English"), listed=True, secrecy=PLAIN)
    source: Mapped[str | None] = line(N_("Source"), secrecy=PLAIN)
    checked_on: Mapped[date | None] = day(N_("Checked on"), secrecy=PLAIN)
