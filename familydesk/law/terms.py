"""Terms of the law on two clocks: hours that run day and night, and working days that end with the day."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol, TypeVar

from familydesk.core.clock import ZONE
from familydesk.core.i18n import N_
from familydesk.law.arithmetic import Reckoning, Step, StepKind
from familydesk.law.calendar import Calendar, Count
from familydesk.law.dated import Dated, newest
from familydesk.law.references import CENTERS_BEGIN, OLD_LAW_ENDS, PREVENTION_BEGINS, QUOTED, READ, START_UNKNOWN

_CHECKED = date(2026, 11, 22)


class Unit(enum.Enum):
    """What a term is counted in. `DAYS_24H` are hours too, told as so many times 24."""

    HOURS = N_("hours")
    DAYS_24H = N_("days of 24 hours")
    WORKING_DAYS = N_("working days")


class TermKind(enum.Enum):
    """What the law sets a term for."""

    PRIMARY_ASSESSMENT = N_("Primary assessment")
    PRIMARY_ASSESSMENT_URGENT = N_("Primary assessment, threat to life or health")
    GUARDIANSHIP_NOTICE = N_("Notice to the guardianship body")
    POLICE_NOTICE = N_("Police notice")
    PROTECTIVE_ORDER = N_("Protective order in force")
    ORDER_CHECK = N_("Check of a protective order")
    REFERRAL_ANSWER = N_("Answer to a referral")
    CONSENT_WITHDRAWAL = N_("End of processing after consent is withdrawn")


@dataclass(frozen=True, slots=True)
class Term:
    """So many units, by the norm called `reference_code`."""

    kind: TermKind
    amount: int
    unit: Unit
    reference_code: str
    valid_from: date
    valid_to: date | None
    source: str
    checked_on: date
    confirmed: bool


class Length(Protocol):
    """What a reckoning needs to know of a term."""

    @property
    def amount(self) -> int: ...  # noqa: D102

    @property
    def unit(self) -> Unit: ...  # noqa: D102


class TermRow(Length, Dated, Protocol):
    """A row of the table of terms, wherever it is kept."""

    @property
    def kind(self) -> TermKind: ...  # noqa: D102


Row = TypeVar("Row", bound=TermRow)


def in_force(rows: Iterable[Row], kind: TermKind, on: date) -> Row | None:
    """The term that the law in force on the day `on` sets for `kind`; None if it sets none."""
    return newest((row for row in rows if row.kind is kind), on)


def reckon(term: Length, start: datetime, calendar: Calendar) -> Reckoning:
    """When `term`, begun at the aware moment `start`, ends.

    Hours are counted on the world's clock, to the second. Of working days the day of receipt is day 0, and the term
    ends with the last second of the last of them, by the clock of the country.
    """
    if start.tzinfo is None:
        raise ValueError("a term begins at a moment with its zone")
    if term.amount < 1:
        raise ValueError("a term is at least one unit long")
    if term.unit is Unit.WORKING_DAYS:
        return _working_days(term.amount, start, calendar)
    return _hours(term, start)


def _hours(term: Length, start: datetime) -> Reckoning:
    whole_days = term.unit is Unit.DAYS_24H
    begun = start.astimezone(ZONE)
    due = (start.astimezone(UTC) + timedelta(hours=term.amount * (24 if whole_days else 1))).astimezone(ZONE)
    steps = [
        Step(StepKind.START, begun),
        Step(StepKind.ADD_DAYS_24H if whole_days else StepKind.ADD_HOURS, number=term.amount),
    ]
    if begun.utcoffset() != due.utcoffset():
        steps.append(Step(StepKind.CLOCKS_CHANGED))
    return Reckoning(due, (*steps, Step(StepKind.DUE, due)))


def _working_days(amount: int, start: datetime, calendar: Calendar) -> Reckoning:
    begun = start.astimezone(ZONE)
    count = calendar.add(begun.date(), amount)
    # fold: on 29 February 2024 the last hour of the day ran twice, and a day ends with the second of the two.
    due = datetime.combine(count.due, time(23, 59, 59, fold=1), ZONE)
    unknown = calendar.unknown_years(begun.date(), count.due)
    steps = (
        Step(StepKind.START, begun),
        Step(StepKind.DAY_ZERO, begun.date()),
        *_walk(count),
        *(Step(StepKind.UNKNOWN_YEAR, number=year) for year in unknown),
        Step(StepKind.DUE, due),
    )
    return Reckoning(due, steps)


def _walk(count: Count) -> Iterator[Step]:
    number = 0
    for day, why in count.walked:
        number += why is None
        yield Step(StepKind.SKIPPED, day, why=why) if why else Step(StepKind.COUNTED, day, number)


def _term(
    kind: TermKind,
    amount: int,
    unit: Unit,
    since: date,
    source: str,
    *,
    reference_code: str = "",
    until: date | None = None,
) -> Term:
    code = reference_code or kind.name
    return Term(kind, amount, unit, code, since, until, source, _CHECKED, source.startswith(READ))


_RULES = QUOTED + START_UNKNOWN
_PRACTICE = "known from practice; compare with the text of the act"

SEED: tuple[Term, ...] = (
    _term(TermKind.PRIMARY_ASSESSMENT, 3, Unit.WORKING_DAYS, CENTERS_BEGIN, _RULES),
    _term(
        TermKind.PRIMARY_ASSESSMENT_URGENT,
        1,
        Unit.WORKING_DAYS,
        CENTERS_BEGIN,
        _RULES,
        reference_code="PRIMARY_ASSESSMENT",
    ),
    _term(TermKind.GUARDIANSHIP_NOTICE, 24, Unit.HOURS, CENTERS_BEGIN, _RULES),
    _term(TermKind.POLICE_NOTICE, 24, Unit.HOURS, PREVENTION_BEGINS, QUOTED),
    _term(TermKind.PROTECTIVE_ORDER, 30, Unit.DAYS_24H, date(2015, 1, 1), _PRACTICE, until=OLD_LAW_ENDS),
    _term(TermKind.PROTECTIVE_ORDER, 30, Unit.DAYS_24H, PREVENTION_BEGINS, QUOTED),
    _term(
        TermKind.ORDER_CHECK,
        7,
        Unit.DAYS_24H,
        date(2015, 1, 1),
        _PRACTICE,
        reference_code="PROTECTIVE_ORDER",
        until=OLD_LAW_ENDS,
    ),
    _term(TermKind.ORDER_CHECK, 7, Unit.DAYS_24H, PREVENTION_BEGINS, QUOTED, reference_code="PROTECTIVE_ORDER"),
    _term(TermKind.REFERRAL_ANSWER, 15, Unit.WORKING_DAYS, date(2021, 7, 1), _PRACTICE),
    _term(TermKind.CONSENT_WITHDRAWAL, 15, Unit.WORKING_DAYS, date(2024, 1, 1), READ + START_UNKNOWN),
)
