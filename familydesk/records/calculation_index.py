"""The monthly calculation index (MCI), year by year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

from sqlalchemy.orm import Mapped

from familydesk.core.fields import Secrecy, amount, day, line, yes_no
from familydesk.core.i18n import N_
from familydesk.core.record import Record, Stream

PLAIN = Secrecy.PLAIN


class CalculationIndex(Record):
    """One value, in force from its day on."""

    __tablename__ = "calculation_index"
    title: ClassVar[str] = N_("Monthly calculation index")
    plural: ClassVar[str] = N_("Monthly calculation indexes")
    stream: ClassVar[Stream] = Stream.center()
    title_fields: ClassVar[tuple[str, ...]] = ("valid_from", "amount")
    searched: ClassVar[bool] = False

    valid_from: Mapped[date | None] = day(N_("In force from"), required=True, listed=True, secrecy=PLAIN)
    amount: Mapped[Decimal | None] = amount(N_("Amount"), required=True, listed=True, secrecy=PLAIN)
    source: Mapped[str | None] = line(N_("Source"), secrecy=PLAIN)
    checked_on: Mapped[date | None] = day(N_("Checked on"), required=True, listed=True, secrecy=PLAIN)
    confirmed: Mapped[bool | None] = yes_no(N_("Read in the law itself"), listed=True, secrecy=PLAIN)
