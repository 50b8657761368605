"""Working days, on calendars that the seeds make and on any other."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from familydesk.law.calendar import Calendar, DayKind, NotCounted
from familydesk.law.public_holidays import CalendarDay, seed

calendars = st.dictionaries(st.dates(date(2025, 12, 1), date(2026, 3, 31)), st.sampled_from(DayKind)).map(Calendar)
days = st.dates(date(2025, 12, 1), date(2026, 3, 1))
counts = st.integers(1, 30)


@pytest.fixture(scope="module")
def rows() -> tuple[CalendarDay, ...]:
    return seed()


@pytest.fixture(scope="module")
def calendar(rows: tuple[CalendarDay, ...]) -> Calendar:
    return Calendar.of(rows)


@given(calendars, days, counts)
def test_a_count_ends_on_a_working_day_after_so_many_working_days(cal: Calendar, day: date, n: int) -> None:
    count = cal.add(day, n)
    assert cal.is_working(count.due)
    assert cal.between(day, count.due) == n
    assert [walked for walked, _ in count.walked] == [
        day + timedelta(days=step) for step in range(1, (count.due - day).days + 1)
    ]
    assert len(count.walked) - len(count.skipped) == n
    assert not any(cal.is_working(skipped) for skipped, _ in count.skipped)


@given(calendars, days, counts, counts)
def test_counting_on_from_a_due_day_is_counting_once(cal: Calendar, day: date, n: int, more: int) -> None:
    assert cal.add(cal.add(day, n).due, more).due == cal.add(day, n + more).due


@given(calendars, days, days, counts)
def test_a_later_day_is_never_due_earlier(cal: Calendar, one: date, other: date, n: int) -> None:
    early, late = sorted((one, other))
    assert cal.add(early, n).due <= cal.add(late, n).due


@pytest.mark.parametrize("n", [0, -1])
def test_a_count_of_nothing_is_refused(n: int) -> None:
    with pytest.raises(ValueError, match="begins with 1"):
        Calendar({}).add(date(2026, 1, 1), n)


def test_friday_and_three_working_days_make_wednesday(calendar: Calendar) -> None:
    count = calendar.add(date(2026, 11, 13), 3)
    assert count.due == date(2026, 11, 18)
    assert count.skipped == (
        (date(2026, 11, 14), NotCounted.WEEKEND),
        (date(2026, 11, 15), NotCounted.WEEKEND),
    )


def test_nauryz_of_2026_is_walked_around(calendar: Calendar) -> None:
    count = calendar.add(date(2026, 3, 20), 3)
    assert count.due == date(2026, 3, 30)
    assert dict(count.skipped)[date(2026, 3, 23)] is NotCounted.OFF
    assert dict(count.skipped)[date(2026, 3, 25)] is NotCounted.MOVED_OFF


def test_a_worked_weekend_counts(calendar: Calendar) -> None:
    assert calendar.add(date(2024, 5, 3), 1).due == date(2024, 5, 4)
    assert calendar.is_working(date(2025, 1, 5))
    assert not calendar.is_working(date(2025, 1, 3))


def test_constitution_day_moved_from_august_to_march(calendar: Calendar) -> None:
    assert not calendar.is_working(date(2024, 8, 30))
    assert calendar.is_working(date(2026, 8, 31))
    assert not calendar.is_working(date(2027, 3, 15))


@pytest.mark.parametrize(
    ("day", "monday_is_off"), [(date(2024, 6, 16), False), (date(2024, 7, 6), True), (date(2024, 1, 7), False)]
)
def test_kurban_ait_and_christmas_at_a_weekend_move_no_day(calendar: Calendar, day: date, monday_is_off: bool) -> None:
    monday = day + timedelta(days=7 - day.weekday())
    assert calendar.is_working(monday) is not monday_is_off


def test_every_seeded_day_differs_from_its_weekday_or_names_a_holiday(rows: tuple[CalendarDay, ...]) -> None:
    assert len({row.day for row in rows}) == len(rows)
    for row in rows:
        weekend = row.day.weekday() >= 5
        assert row.kind is DayKind.OFF or weekend is (row.kind is DayKind.WORKING_SATURDAY)


def test_every_seeded_day_has_a_name_in_each_language_and_a_source(rows: tuple[CalendarDay, ...]) -> None:
    for row in rows:
        assert row.source
        assert not row.name_ru.isascii()
        assert not row.name_kk.isascii()
        assert row.name_en.isascii()


def test_an_ait_that_is_only_estimated_says_so(rows: tuple[CalendarDay, ...]) -> None:
    told = {row.day.year: "estimated" in row.source for row in rows if row.name_en == "Kurban Ait"}
    assert told == {2024: False, 2025: False, 2026: False, 2027: True, 2028: True}


def test_a_year_without_rows_is_known_to_be_unknown(calendar: Calendar) -> None:
    assert calendar.unknown_years(date(2028, 12, 20), date(2029, 1, 10)) == (2029,)
    assert not calendar.unknown_years(date(2024, 1, 1), date(2028, 12, 31))
