"""Terms: when they end, how that is explained, and which law sets them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from familydesk.core.clock import ZONE, local
from familydesk.core.i18n import speaking
from familydesk.law import references
from familydesk.law.arithmetic import Reckoning, StepKind
from familydesk.law.calendar import Calendar
from familydesk.law.public_holidays import seed
from familydesk.law.terms import SEED, Term, TermKind, Unit, in_force, reckon

moments = st.datetimes(datetime(2024, 6, 17), datetime(2028, 10, 1), timezones=st.just(UTC))
kinds = st.sampled_from(TermKind)


@lru_cache
def calendar() -> Calendar:
    return Calendar.of(seed())


def term(kind: TermKind, on: date = date(2026, 11, 22)) -> Term:
    found = in_force(SEED, kind, on)
    assert found
    return found


def due(kind: TermKind, start: datetime) -> datetime:
    return reckon(term(kind), start, calendar()).due


def last_second(year: int, month: int, day: int) -> datetime:
    return local(year, month, day, 23, 59, 59)


@pytest.mark.parametrize("hour", [0, 10, 23])
def test_received_on_friday_the_assessment_is_due_by_the_end_of_wednesday(hour: int) -> None:
    assert due(TermKind.PRIMARY_ASSESSMENT, local(2026, 11, 13, hour)) == last_second(2026, 11, 18)


def test_a_threat_to_life_leaves_one_working_day() -> None:
    assert due(TermKind.PRIMARY_ASSESSMENT_URGENT, local(2026, 11, 13, 10)) == last_second(2026, 11, 16)


def test_an_application_before_nauryz_is_due_after_it() -> None:
    assert due(TermKind.PRIMARY_ASSESSMENT, local(2026, 3, 20, 10)) == last_second(2026, 3, 30)


def test_an_order_served_in_january_ends_thirty_times_24_hours_later() -> None:
    assert due(TermKind.PROTECTIVE_ORDER, local(2027, 1, 31, 23, 30)) == local(2027, 3, 2, 23, 30)


def test_the_day_of_receipt_is_the_countrys_day_not_the_worlds() -> None:
    late_thursday_in_london = datetime(2026, 11, 12, 22, 0, tzinfo=UTC)
    assert due(TermKind.PRIMARY_ASSESSMENT, late_thursday_in_london) == last_second(2026, 11, 18)


@pytest.mark.parametrize("kind", [TermKind.GUARDIANSHIP_NOTICE, TermKind.POLICE_NOTICE])
def test_a_notice_is_due_after_24_hours_on_holidays_too(kind: TermKind) -> None:
    assert due(kind, local(2026, 12, 31, 18, 5)) == local(2027, 1, 1, 18, 5)


def test_when_the_clocks_were_changed_the_hours_ran_on() -> None:
    start = local(2024, 2, 29, 12)
    reckoning = reckon(term(TermKind.GUARDIANSHIP_NOTICE), start, calendar())
    assert reckoning.due.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=24)
    assert reckoning.due == local(2024, 3, 1, 11)
    assert StepKind.CLOCKS_CHANGED in [step.kind for step in reckoning.steps]


def test_the_day_that_lasted_25_hours_ends_with_its_second_midnight() -> None:
    one_day = Term(TermKind.PRIMARY_ASSESSMENT, 1, Unit.WORKING_DAYS, "", date(2024, 1, 1), None, "", date.max, False)
    reckoning = reckon(one_day, local(2024, 2, 28, 9), calendar())
    assert reckoning.due.astimezone(UTC) == datetime(2024, 2, 29, 18, 59, 59, tzinfo=UTC)


@given(kinds, moments, moments)
def test_what_begins_later_never_ends_earlier(kind: TermKind, one: datetime, other: datetime) -> None:
    early, late = sorted((one, other))
    assert due(kind, early) <= due(kind, late)


@given(kinds, moments)
def test_a_term_ends_after_it_begins_and_its_last_step_says_when(kind: TermKind, start: datetime) -> None:
    reckoning = reckon(term(kind), start, calendar())
    assert reckoning.due > start
    assert reckoning.steps[0].at == start
    assert reckoning.steps[-1].at == reckoning.due
    assert datetime.fromisoformat(str(reckoning.facts()[-1]["at"])) == reckoning.due


@given(kinds, moments)
def test_the_steps_count_exactly_the_amount_of_the_term(kind: TermKind, start: datetime) -> None:
    row = term(kind)
    steps = reckon(row, start, calendar()).steps
    if row.unit is Unit.WORKING_DAYS:
        numbers = [step.number for step in steps if step.kind is StepKind.COUNTED]
        assert numbers == list(range(1, row.amount + 1))
    else:
        assert steps[1].number == row.amount


@given(st.sampled_from([Unit.HOURS, Unit.DAYS_24H]), st.integers(1, 400), moments)
def test_hours_are_exact_on_the_worlds_clock(unit: Unit, amount: int, start: datetime) -> None:
    row = Term(TermKind.ORDER_CHECK, amount, unit, "", date(2024, 1, 1), None, "", date(2026, 1, 1), False)
    span = reckon(row, start.astimezone(ZONE), calendar()).due.astimezone(UTC) - start
    assert span == timedelta(hours=amount * (24 if unit is Unit.DAYS_24H else 1))


def explained(reckoning: Reckoning) -> list[str]:
    with speaking("en"):
        return reckoning.explain().splitlines()


def test_the_arithmetic_is_told_day_by_day() -> None:
    reckoning = reckon(term(TermKind.PRIMARY_ASSESSMENT), local(2026, 11, 13, 10, 5), calendar())
    assert explained(reckoning) == [
        "The term starts: 13.11.2026 10:05, Friday.",
        "13.11.2026, Friday: day of receipt, not counted.",
        "14.11.2026, Saturday: not counted (weekend).",
        "15.11.2026, Sunday: not counted (weekend).",
        "16.11.2026, Monday: working day 1.",
        "17.11.2026, Tuesday: working day 2.",
        "18.11.2026, Wednesday: working day 3.",
        "Due: 18.11.2026 23:59, Wednesday.",
    ]


def test_days_of_24_hours_are_told_as_such() -> None:
    reckoning = reckon(term(TermKind.PROTECTIVE_ORDER), local(2027, 1, 31, 23, 30), calendar())
    assert explained(reckoning)[1] == "Days of 24 hours added: 30 × 24 = 720 hours."


def test_a_term_into_a_year_without_a_calendar_says_so() -> None:
    reckoning = reckon(term(TermKind.REFERRAL_ANSWER), local(2028, 12, 20), calendar())
    assert reckoning.unknown_years == (2029,)
    assert "2029" in explained(reckoning)[-2]


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        reckon(term(TermKind.POLICE_NOTICE), datetime(2026, 11, 13), calendar())


def test_every_kind_has_a_term_today_and_every_term_a_reference_on_each_of_its_days() -> None:
    for kind in TermKind:
        assert in_force(SEED, kind, date(2026, 11, 22))
    for row in SEED:
        for day in (row.valid_from, row.valid_to or date(2026, 11, 22)):
            assert references.in_force(references.SEED, row.reference_code, day), row.kind


def test_no_two_seeded_terms_of_one_kind_are_in_force_together() -> None:
    for kind in TermKind:
        spans = sorted((row.valid_from, row.valid_to or date.max) for row in SEED if row.kind is kind)
        assert all(end < begin for (_, end), (begin, _) in zip(spans, spans[1:], strict=False))


def test_a_notice_by_the_new_law_has_no_term_before_it() -> None:
    assert in_force(SEED, TermKind.POLICE_NOTICE, date(2026, 3, 1)) is None
