"""A norm of law that papers and terms cite, with the days on which it was in force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from sqlalchemy.orm import Mapped

from familydesk.core.errors import Problem
from familydesk.core.fields import Secrecy, day, line, yes_no
from familydesk.core.i18n import N_
from familydesk.core.record import Record, Stream

PLAIN = Secrecy.PLAIN


class LegalReference(Record):
    """One norm under one code; of several rows with one code, the one in force on the document's day is cited."""

    __tablename__ = "legal_reference"
    title: ClassVar[str] = N_("Legal reference")
    plural: ClassVar[str] = N_("Legal references")
    stream: ClassVar[Stream] = Stream.center()
    title_fields: ClassVar[tuple[str, ...]] = ("code", "act")
    searched: ClassVar[bool] = False

    code: Mapped[str | None] = line(N_("Code"), required=True, listed=True, secrecy=PLAIN, indexed=True)
    act: Mapped[str | None] = line(N_("Act"), required=True, listed=True, secrecy=PLAIN)
    article: Mapped[str | None] = line(N_("Article or point"), listed=True, secrecy=PLAIN)
    title_kk: Mapped[str | None] = line(N_("Citation in Kazakh"), required=True, secrecy=PLAIN)
    title_ru: Mapped[str | None] = line(N_("Citation in Russian"), required=True, secrecy=PLAIN)
    title_en: Mapped[str | None] = line(N_("Citation in English"), secrecy=PLAIN)
    valid_from: Mapped[date | None] = day(N_("In force from"), listed=True, secrecy=PLAIN)
    valid_to: Mapped[date | None] = day(N_("In force to"), listed=True, secrecy=PLAIN)
    source: Mapped[str | None] = line(N_("Source"), secrecy=PLAIN)
    checked_on: Mapped[date | None] = day(N_("Checked on"), required=True, listed=True, secrecy=PLAIN)
    confirmed: Mapped[bool | None] = yes_no(N_("Read in the law itself"), listed=True, secrecy=PLAIN)

    def rules(self) -> Iterator[Problem]:
        """Time runs forward."""
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            yield Problem("valid_to", N_("The end cannot come before the beginning."))
