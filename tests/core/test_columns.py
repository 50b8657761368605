from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from familydesk.core.columns import Moment

ZONES = st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))
MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=ZONES)


def kept(value: datetime) -> str:
    return Moment().process_bind_param(value, None) or ""


@given(MOMENTS)
def test_a_moment_of_any_year_comes_back_to_the_second(value: datetime) -> None:
    assert Moment().process_result_value(kept(value), None) == value.replace(microsecond=0)


@given(MOMENTS, MOMENTS)
def test_moments_sort_in_the_file_as_they_do_in_time(one: datetime, other: datetime) -> None:
    one, other = one.replace(microsecond=0), other.replace(microsecond=0)
    assert (kept(one) < kept(other)) == (one < other)


def test_a_moment_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        kept(datetime(2026, 11, 22, 10))
    assert kept(datetime(2026, 11, 22, 10, tzinfo=UTC)) == "2026-11-22T10:00:00Z"
