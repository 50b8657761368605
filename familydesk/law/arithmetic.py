"""How a due moment came about, step by step: kept as facts, so that it can be shown in any language later."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime

from familydesk.core.clock import ZONE
from familydesk.core.i18n import N_, translate
from familydesk.law.calendar import NotCounted

WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)


class StepKind(enum.Enum):
    """A kind of step, and the sentence that shows it."""

    START = N_("The term starts: {when}.")
    ADD_HOURS = N_("Hours added: {number}.")
    ADD_DAYS_24H = N_("Days of 24 hours added: {number} × 24 = {hours} hours.")
    CLOCKS_CHANGED = N_("The clocks of the country were changed on the way; the hours run on.")
    DAY_ZERO = N_("{when}: day of receipt, not counted.")
    COUNTED = N_("{when}: working day {number}.")
    SKIPPED = N_("{when}: not counted ({why}).")
    DUE = N_("Due: {when}.")
    UNKNOWN_YEAR = N_("The calendar has no holidays of {number} yet: fill them in and check this term again.")


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `at` is a day or a moment, `number` what is counted or added, `why` the reason of a skipped day."""

    kind: StepKind
    at: date | datetime | None = None
    number: int = 0
    why: NotCounted | None = None

    def fact(self) -> dict[str, str | int]:
        """The step for a program to read: NAMES, ISO 8601 days and moments."""
        told: dict[str, str | int] = {"step": self.kind.name}
        if self.at:
            told["at"] = self.at.isoformat()
        if self.number:
            told["number"] = self.number
        if self.why:
            told["why"] = self.why.name
        return told

    def __str__(self) -> str:
        """The step as a sentence in the language in force."""
        return translate(self.kind.value).format(
            when=_when(self.at),
            number=self.number,
            hours=self.number * 24,
            why=translate(self.why.value) if self.why else "",
        )


@dataclass(frozen=True, slots=True)
class Reckoning:
    """When a term ends, and the steps that lead there."""

    due: datetime
    steps: tuple[Step, ...]

    @property
    def unknown_years(self) -> tuple[int, ...]:
        """Years it ran through whose holidays nobody has entered: the due day may prove later."""
        return tuple(step.number for step in self.steps if step.kind is StepKind.UNKNOWN_YEAR)

    def explain(self) -> str:
        """The arithmetic in the language in force, a sentence a line."""
        return "\n".join(map(str, self.steps))

    def facts(self) -> list[dict[str, str | int]]:
        """The arithmetic for a program to read."""
        return [step.fact() for step in self.steps]


def _when(at: date | datetime | None) -> str:
    if at is None:
        return ""
    local = at.astimezone(ZONE) if isinstance(at, datetime) else at
    shown = local.strftime("%d.%m.%Y %H:%M" if isinstance(at, datetime) else "%d.%m.%Y")
    return f"{shown}, {translate(WEEKDAYS[local.weekday()])}"
