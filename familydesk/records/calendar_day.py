"""A day that is not what its weekday says: a holiday, a day off moved here, a working Saturday."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from sqlalchemy.orm import Mapped

from familydesk.core.fields import Secrecy, choice, line
from familydesk.core.fields import day as a_day
from familydesk.core.i18n import N_
from familydesk.core.record import Record, Stream
from familydesk.law.calendar import DayKind

PLAIN = Secrecy.PLAIN


class CalendarDay(Record):
    """One day."""

    __tablename__ = "calendar_day"
    title: ClassVar[str] = N_("Calendar day")
    plural: ClassVar[str] = N_("Calendar")
    stream: ClassVar[Stream] = Stream.center()
    title_fields: ClassVar[tuple[str, ...]] = ("day", "kind")
    searched: ClassVar[bool] = False

    day: Mapped[date | None] = a_day(N_("Day"), required=True, listed=True, secrecy=PLAIN, indexed=True)
    kind: Mapped[DayKind | None] = choice(N_("Kind of day"), DayKind, required=True, listed=True, secrecy=PLAIN)
    name_kk: Mapped[str | None] = line(N_("Name in Kazakh"), secrecy=PLAIN, listed=True)
    name_ru: Mapped[str | None] = line(N_("Name in Russian"), secrecy=PLAIN)
    name_en: Mapped[str | None] = line(N_("Name in English"), secrecy=PLAIN)
    source: Mapped[str | None] = line(N_("Source"), secrecy=PLAIN)
    checked_on: Mapped[date | None] = a_day(N_("Checked on"), listed=True, secrecy=PLAIN)
