"""How long the center keeps what: a dated table, never a constant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from sqlalchemy.orm import Mapped

from familydesk.core.errors import Problem
from familydesk.core.fields import Secrecy, choice, day, line, number, yes_no
from familydesk.core.i18n import N_
from familydesk.core.record import Record, Stream
from familydesk.law.retention import Kept, Since

PLAIN = Secrecy.PLAIN
LONGEST = 100


class RetentionTerm(Record):
    """One term of one kind; the row in force on the day on which the question is asked is the one that counts."""

    __tablename__ = "retention_term"
    title: ClassVar[str] = N_("Retention term")
    plural: ClassVar[str] = N_("Retention terms")
    stream: ClassVar[Stream] = Stream.center()
    title_fields: ClassVar[tuple[str, ...]] = ("kind",)
    searched: ClassVar[bool] = False

    kind: Mapped[Kept | None] = choice(N_("What is kept"), Kept, required=True, listed=True, secrecy=PLAIN)
    years: Mapped[int | None] = number(
        N_("Years"), listed=True, secrecy=PLAIN, help=N_("Left empty, it is kept for good.")
    )
    since: Mapped[Since | None] = choice(N_("Counted from"), Since, required=True, listed=True, secrecy=PLAIN)
    most: Mapped[int | None] = number(N_("At most so many years after closing"), secrecy=PLAIN)
    norm: Mapped[str | None] = line(N_("Norm"), required=True, secrecy=PLAIN)
    valid_from: Mapped[date | None] = day(N_("In force from"), listed=True, secrecy=PLAIN)
    valid_to: Mapped[date | None] = day(N_("In force to"), listed=True, secrecy=PLAIN)
    source: Mapped[str | None] = line(N_("Source"), listed=True, secrecy=PLAIN)
    checked_on: Mapped[date | None] = day(N_("Checked on"), required=True, listed=True, secrecy=PLAIN)
    confirmed: Mapped[bool | None] = yes_no(
        N_("Confirmed with the archive"),
        listed=True,
        secrecy=PLAIN,
        default=False,
        help=N_("A confirmed term must run out before anything that it covers may be erased."),
    )

    def rules(self) -> Iterator[Problem]:
        """A term has a length, and a cap is no shorter."""
        if self.years is not None and not 0 < self.years <= LONGEST:
            yield Problem("years", N_("A term lasts from 1 to {most} years."), {"most": LONGEST})
        if self.most is not None and not 0 < self.most <= LONGEST:
            yield Problem("most", N_("A term lasts from 1 to {most} years."), {"most": LONGEST})
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            yield Problem("valid_to", N_("A term cannot end before it begins."))
