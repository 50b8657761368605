"""Telephone numbers as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from familydesk.core.show import show_phone
from familydesk.law.phone import Fault, PhoneFault, mask, normalise


@pytest.mark.parametrize(
    "written",
    [
        "+77011234567",
        "87011234567",
        "77011234567",
        "7011234567",
        "8 (701) 123-45-67",
        "+7 701 123 45 67",
        "+7\N{NO-BREAK SPACE}701\N{EN DASH}123.45.67",
    ],
)
def test_every_way_of_writing_one_number_is_one_number(written: str) -> None:
    assert normalise(written) == "+77011234567"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", Fault.EMPTY),
        (" - ", Fault.EMPTY),
        ("+", Fault.SIGNS),
        ("8701123456x", Fault.SIGNS),
        ("8701٠234567", Fault.SIGNS),
        ("87011234567, 87011234568", Fault.SIGNS),
        ("870112345678", Fault.LENGTH),
        ("+7701123456", Fault.LENGTH),
        ("123456", Fault.LENGTH),
        ("+87011234567", Fault.COUNTRY),
        ("+99871123456", Fault.COUNTRY),
        ("89161234567", Fault.COUNTRY),
        ("+79161234567", Fault.COUNTRY),
    ],
)
def test_what_is_no_number_of_the_country_is_refused_with_its_reason(written: str, reason: Fault) -> None:
    with pytest.raises(PhoneFault) as caught:
        normalise(written)
    assert caught.value.reason is reason


@pytest.mark.parametrize("line", ["101", "102", "103", "104", "111", "112", "150", "1414", "116 16"])
def test_a_help_line_is_accepted_only_where_it_is_asked_for(line: str) -> None:
    assert normalise(line, short=True) == line.replace(" ", "")
    with pytest.raises(PhoneFault):
        normalise(line)


@pytest.mark.parametrize("line", ["100", "113", "1415", "+102"])
def test_not_every_short_number_is_a_help_line(line: str) -> None:
    with pytest.raises(PhoneFault):
        normalise(line, short=True)


@given(st.integers(7_000_000_000, 7_999_999_999))
def test_a_shown_number_reads_back_as_itself(national: int) -> None:
    phone = f"+{7}{national}"
    assert normalise(show_phone(phone)) == normalise(phone) == phone


@given(st.integers(7_000_000_000, 7_999_999_999))
def test_a_masked_number_keeps_only_its_last_two_digits(national: int) -> None:
    masked = mask(f"+7{national}")
    assert "".join(filter(str.isdigit, masked)) == f"7{national % 100:02d}"
    assert len(masked) == len(show_phone(f"+7{national}"))


def test_a_number_that_was_never_normalised_is_masked_too() -> None:
    assert mask("8701 1234567") == "•••• •••••67"
    assert mask("102") == "102"
