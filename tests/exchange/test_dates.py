from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from registers import TODAY

from familydesk.exchange.dates import EARLIEST, read_date, read_hour
from familydesk.exchange.problems import Fault

NINTH = date(2024, 1, 9)


@pytest.mark.parametrize(
    "cell",
    [
        NINTH,
        datetime(2024, 1, 9, 14, 30),
        "09.01.2024",
        "9.1.2024",
        "09.01.24",
        "09/01/2024",
        "09-01-2024",
        "09_01_2024",
        "09·01·2024",
        "09.012024",
        "0901.2024",
        "10:15 09.01.2024",
        "9-ое января 2024",
        "2024-01-09",
        "2024.01.09",
        "2024/1/9",
        "2024-01-09T10:00:00",
        "2024-01-09 00:00:00",
        "09.01.2024 14:30",
        "09.01.2024 в 14.30",
        "09.01.2024 (повторно)",
        "принято 09.01.2024 г. утром",
        "09.01.2024 г.",
        "09.01.2024г",
        "09.01.2024 года",
        "09.01.2024 ж.",
        "09.01.2024 жыл",
        " 09.01.2024\u00a0",
        "09.01,2024",
        "09,01,2024",
        "09 01 2024",
        "09. 01. 2024",
        "09..01.2024",
        "'09.01.2024",
        "от 09.01.2024",
        "вт, 09.01.2024",
        "О9.О1.2О24",
        "9 января 2024 г.",
        "09 ЯНВАРЯ 2024 ГОДА",
        "«09» января 2024 г.",
        "9 янвaря 2024",
        "9-янв-24",
        "9 қаңтар 2024 ж.",
        "2024 жылғы 9 қаңтар",
        "2024 ж. 9 қаңтар",
        "9 кантар 2024",
        "Jan 9, 2024",
        "вторник, 9 января 2024 г.",
        "09012024",
        "20240109",
        9012024,
        20240109,
        45300,
        45300.0,
        45300.604,
        "45300",
        "45300.0",
    ],
)
def test_one_day_in_every_spelling(cell):
    assert read_date(cell, TODAY) == NINTH


@pytest.mark.parametrize("cell", ["", "  ", "-", "—", "\u00a0", "...", "?"])
def test_nothing_written_is_a_missing_date(cell):
    assert read_date(cell, TODAY) is Fault.NO_DATE


@pytest.mark.parametrize(
    "cell",
    [
        "31.02.2025",
        "30.02.2024",
        "32.01.2024",
        "00.01.2024",
        "2024-13-01",
        "2024-02-30",
        "12.25.2024",
        "31.04.2024",
        "29.02.2023",
        "01.2024",
        "январь 2024",
        "2024",
        "09.01",
        "09.01.202",
        "09.01.20244",
        "09.01.2024-10.01.2024",
        "вчера",
        "не указана",
        "б/д",
        "31 февраля 2024",
        12.5,
        2024,
        5,
        -45300,
        float("nan"),
        float("inf"),
        1e300,
        True,
        time(10, 0),
        timedelta(days=3),
        "99999999999999999999",
    ],
)
def test_what_is_no_day_is_said_to_be_none(cell):
    assert read_date(cell, TODAY) is Fault.BAD_DATE


@pytest.mark.parametrize("cell", ["19.11.2026", "01.01.2062", "9.1.2204", date(2027, 1, 1), "2206-01-09", 60000])
def test_a_day_to_come_is_no_date_of_an_application(cell):
    assert read_date(cell, TODAY) is Fault.FUTURE_DATE


@pytest.mark.parametrize("cell", ["09.01.1924", "01.01.0024", date(1900, 1, 1), "31.12.1991"])
def test_a_day_before_any_register_is_a_slip(cell):
    assert read_date(cell, TODAY) is Fault.EARLY_DATE


def test_today_counts():
    assert read_date(TODAY, TODAY) == TODAY


days = st.dates(EARLIEST, TODAY)
SPELLINGS = [
    "{0:%d.%m.%Y}",
    "{0:%Y-%m-%d}",
    "{0:%d/%m/%Y}",
    "{0:%d.%m.%Y} г.",
    "{0.day}.{0.month}.{0.year}",
    "{0:%Y%m%d}",
]


@given(days, st.sampled_from(SPELLINGS))
def test_every_day_survives_its_spelling(day, spelling):
    assert read_date(spelling.format(day), TODAY) == day


@given(days)
def test_every_day_survives_as_a_spreadsheet_number(day):
    assert read_date(float((day - date(1899, 12, 30)).days), TODAY) == day


@given(st.dates(date(2000, 1, 1), TODAY))
def test_a_year_of_two_digits_is_of_this_century(day):
    assert read_date(f"{day:%d.%m.%y}", TODAY) == day


@given(st.text(max_size=40) | st.floats() | st.integers() | st.datetimes() | st.dates() | st.times() | st.booleans())
def test_any_cell_gives_a_past_day_or_a_fault(cell):
    found = read_date(cell, TODAY)
    assert isinstance(found, Fault) or EARLIEST <= found <= TODAY


@given(st.from_regex(r"\A[0-9./ \-гж,янвОo:T]{0,24}\Z"))
def test_near_dates_give_a_past_day_or_a_fault(cell):
    found = read_date(cell, TODAY)
    assert isinstance(found, Fault) or EARLIEST <= found <= TODAY


@pytest.mark.parametrize(
    "cell",
    [
        datetime(2024, 3, 6, 14, 35, 20),
        "06.03.2024 14:35",
        "06.03.2024 г. 14:35",
        "06.03.2024 в 14.35",
        "06.03.2024 сағ. 14:35",
        "2024-03-06T14:35:20",
        "14:35 06.03.2024",
        45357 + (14 * 60 + 35) / 1440,
    ],
)
def test_an_hour_is_read_wherever_it_stands_with_the_day(cell):
    assert (read_date(cell, TODAY), read_hour(cell)) == (date(2024, 3, 6), time(14, 35))


@pytest.mark.parametrize(
    "cell", ["06.03.2024", date(2024, 3, 6), datetime(2024, 3, 6), 45357, "06.03.2024 25:00", "2024-03-06T14:35Z", ""]
)
def test_no_hour_is_made_up(cell):
    assert read_hour(cell) is None
