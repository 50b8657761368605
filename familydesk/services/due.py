"""One thing that is due: what, on what ground, by when, and how long that is from now."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from familydesk.core.i18n import N_, ngettext, translate
from familydesk.core.show import show_moment
from familydesk.law.arithmetic import Reckoning
from familydesk.law.calendar import Calendar
from familydesk.law.terms import TermKind, Unit
from familydesk.records import sheet_of
from familydesk.services.law_in_force import Citation

SOON = timedelta(days=3)
STILL_IN_HOURS = timedelta(hours=48)

DOUBT = N_(
    "This computer's clock stands before the last change in the store. Confirm today's date before you rely on it."
)
ITS_OWN = N_("The record itself says until when: {when}.")


class DueState(enum.Enum):
    """How near the due moment is."""

    OVERDUE = N_("Overdue")
    TODAY = N_("Today")
    SOON = N_("Soon")
    LATER = N_("Later")


@dataclass(frozen=True, slots=True)
class Due:
    """A duty that is open. Its texts are told in the language in force when they are asked for.

    `number` is the record's own; `person` is named where no case number tells one duty from another.
    `ended_by` is the field whose value ends it, with its sheet (`assessment.done_on`); `subject` names the record;
    `doubtful` says that the clock went backwards, so that today's date should be confirmed first.
    """

    kind: str
    sheet: str
    id: UUID
    case_id: UUID | None
    case_number: str
    subject: str
    starts: datetime
    due: datetime
    ended_by: str
    at: datetime
    citation: Citation | None
    reckoning: Reckoning | None
    unit: Unit
    calendar: Calendar
    doubtful: bool = False
    number: str = ""
    person_id: UUID | None = None
    person: str = ""

    @property
    def title(self) -> str:
        """What is due: "Primary assessment". An errand is told in its own words."""
        known = TermKind.__members__.get(self.kind)
        return translate(known.value) if known else self.subject or translate(sheet_of(self.sheet).title)

    @property
    def ended_by_text(self) -> str:
        """The sheet and the field whose value ends the duty, by their labels."""
        sheet, _, field = self.ended_by.rpartition(".")
        by = sheet_of(sheet)
        return f"{translate(by.title)}: {translate(by.field(field).label)}"

    @property
    def legal_text(self) -> str:
        """The norm in force on the day on which the term started; empty where no law sets the term."""
        return str(self.citation) if self.citation else ""

    @property
    def arithmetic_text(self) -> str:
        """How the due moment came about, a sentence a line."""
        if self.reckoning:
            return self.reckoning.explain()
        return translate(ITS_OWN).format(when=show_moment(self.due))

    @property
    def state(self) -> DueState:
        """How near it is."""
        if self._late_by() > timedelta(0):
            return DueState.OVERDUE
        if self.due.date() == self.at.date():
            return DueState.TODAY
        return DueState.SOON if self.due.date() <= self.at.date() + SOON else DueState.LATER

    @property
    def late_text(self) -> str:
        """A few words for a badge: how late, today, tomorrow, or how long there is still."""
        if self.state is DueState.OVERDUE:
            return self._late()
        days = (self.due.date() - self.at.date()).days
        if days > 1:
            return self._left(days)
        if self.unit is Unit.WORKING_DAYS:
            return translate(N_("tomorrow") if days else N_("today"))
        return translate(N_("tomorrow by {time}") if days else N_("today by {time}")).format(time=f"{self.due:%H:%M}")

    def _late(self) -> str:
        late = self._late_by()
        if self.unit is not Unit.WORKING_DAYS and late < STILL_IN_HOURS:
            hours = max(1, round(late / timedelta(hours=1)))
            return ngettext("{count} hour late", "{count} hours late", hours).format(count=hours)
        working = self._working_days(self.due.date(), self.at.date())
        if working:
            return ngettext("{count} working day late", "{count} working days late", working).format(count=working)
        days = max(1, (self.at.date() - self.due.date()).days)
        return ngettext("{count} day late", "{count} days late", days).format(count=days)

    def _late_by(self) -> timedelta:
        # In UTC: a difference of two moments of one zone is that of their wall clocks, which were changed in 2024.
        return self.at.astimezone(UTC) - self.due.astimezone(UTC)

    def _left(self, days: int) -> str:
        working = self._working_days(self.at.date(), self.due.date())
        if working:
            return ngettext("{count} working day left", "{count} working days left", working).format(count=working)
        return ngettext("{count} day left", "{count} days left", days).format(count=days)

    def _working_days(self, after: date, last: date) -> int:
        return self.calendar.between(after, last) if self.unit is Unit.WORKING_DAYS else 0
