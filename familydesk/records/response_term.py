"""How long the law gives for an answer: a dated table, never a constant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from sqlalchemy.orm import Mapped

from familydesk.core.errors import Problem
from familydesk.core.fields import Secrecy, choice, day, line, number, yes_no
from familydesk.core.i18n import N_
from familydesk.core.record import Record, Stream
from familydesk.law.terms import Unit

PLAIN = Secrecy.PLAIN


class ResponseTerm(Record):
    """One term of one kind; the row in force on the day on which the term starts is the one that counts."""

    __tablename__ = "response_term"
    title: ClassVar[str] = N_("Response term")
    plural: ClassVar[str] = N_("Response terms")
    stream: ClassVar[Stream] = Stream.center()
    title_fields: ClassVar[tuple[str, ...]] = ("kind",)
    searched: ClassVar[bool] = False

    kind: Mapped[str | None] = line(N_("Kind of term"), required=True, listed=True, secrecy=PLAIN)
    amount: Mapped[int | None] = number(N_("How many"), required=True, listed=True, secrecy=PLAIN)
    unit: Mapped[Unit | None] = choice(N_("Of what"), Unit, required=True, listed=True, secrecy=PLAIN)
    reference_code: Mapped[str | None] = line(N_("Legal reference"), required=True, listed=True, secrecy=PLAIN)
    valid_from: Mapped[date | None] = day(N_("In force from"), listed=True, secrecy=PLAIN)
    valid_to: Mapped[date | None] = day(N_("In force to"), listed=True, secrecy=PLAIN)
    source: Mapped[str | None] = line(N_("Source"), secrecy=PLAIN)
    checked_on: Mapped[date | None] = day(N_("Checked on"), required=True, listed=True, secrecy=PLAIN)
    confirmed: Mapped[bool | None] = yes_no(N_("Read in the law itself"), listed=True, secrecy=PLAIN)

    def rules(self) -> Iterator[Problem]:
        """A term has a length."""
        if self.amount is not None and self.amount <= 0:
            yield Problem("amount", N_("A term is longer than nothing."))
