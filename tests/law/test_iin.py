"""The IIN, by its official vectors and by what its check digit can and cannot see."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from familydesk.law import bin as business
from familydesk.law.checksum import FIRST_PASS, check_digit
from familydesk.law.iin import Fault, IinFault, disagreements, is_valid, read

days = st.dates(date(1800, 1, 1), date(1899, 12, 31))
sexes = st.sampled_from([("1", "MALE"), ("2", "FEMALE")])
serials = st.integers(0, 9999).map("{:04d}".format)


@st.composite
def numbers(draw: st.DrawFn) -> tuple[str, date, str]:
    born, (digit, sex) = draw(days), draw(sexes)
    eleven = f"{born:%y%m%d}{digit}{draw(serials)}"
    last = check_digit(eleven)
    assume(last is not None)
    return f"{eleven}{last}", born, sex


def reason(text: str) -> object:
    with pytest.raises(IinFault) as caught:
        read(text)
    return caught.value.reason


@pytest.mark.parametrize(
    ("digits", "born", "sex"),
    [
        ("500101100000", date(1850, 1, 1), "MALE"),
        ("600229200004", date(1860, 2, 29), "FEMALE"),
        ("880615200009", date(1888, 6, 15), "FEMALE"),
        ("500101100106", date(1850, 1, 1), "MALE"),
        ("500101100118", date(1850, 1, 1), "MALE"),
    ],
)
def test_an_official_vector_tells_birth_and_sex(digits: str, born: date, sex: str) -> None:
    known = read(digits)
    assert (known.digits, known.born_on, known.sex, known.warnings) == (digits, born, sex, ())


@pytest.mark.parametrize("eleven", ["50010110012", "60022920057"])
def test_where_both_passes_give_ten_no_check_digit_is_accepted(eleven: str) -> None:
    assert check_digit(eleven) is None
    assert {reason(f"{eleven}{last}") for last in range(10)} == {Fault.CHECK_DIGIT}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("500101100107", Fault.CHECK_DIGIT),
        ("590229200000", Fault.DATE),
        ("501301100000", Fault.DATE),
        ("500001100000", Fault.DATE),
        ("500101700000", Fault.CENTURY),
        ("500101900000", Fault.CENTURY),
        ("", Fault.LENGTH),
        ("50010110000", Fault.LENGTH),
        ("5001011000000", Fault.LENGTH),
        ("50010110000O", Fault.NOT_DIGITS),
        ("5001011000٠٠", Fault.NOT_DIGITS),
        ("500101-100000", Fault.NOT_DIGITS),
        ("500101100000.0", Fault.NOT_DIGITS),
    ],
)
def test_a_number_that_is_no_iin_is_refused_with_its_reason(text: str, expected: Fault) -> None:
    assert reason(text) is expected
    assert not is_valid(text)


@pytest.mark.parametrize("last", range(10))
def test_a_date_that_never_was_is_refused_whatever_the_check_digit(last: int) -> None:
    assert reason(f"59022920000{last}") is Fault.DATE


def test_spaces_around_and_inside_are_no_fault() -> None:
    assert read(" 600229 2000\N{NO-BREAK SPACE}04 ").digits == "600229200004"


def test_a_foreigners_number_without_a_century_is_accepted_with_a_warning() -> None:
    eleven = "70010100001"
    known = read(f"{eleven}{check_digit(eleven)}")
    assert (known.born_on, known.sex, len(known.warnings)) == (None, None, 1)
    assert not list(disagreements(known, date(1970, 1, 1), "MALE"))


@given(numbers())
def test_every_number_built_by_the_rule_reads_back(number: tuple[str, date, str]) -> None:
    digits, born, sex = number
    known = read(digits)
    assert (known.born_on, known.sex) == (born, sex)
    assert not list(disagreements(known, born, sex))


@given(numbers(), st.integers(0, 9))
def test_a_wrong_check_digit_is_always_caught(number: tuple[str, date, str], last: int) -> None:
    digits = number[0]
    assume(last != int(digits[11]))
    assert reason(f"{digits[:11]}{last}") is Fault.CHECK_DIGIT


def first_sum(eleven: str) -> int:
    return sum(int(d) * w for d, w in zip(eleven, FIRST_PASS, strict=True)) % 11


@given(numbers(), st.integers(0, 9), st.integers(0, 9))
def test_one_wrong_digit_of_the_first_ten_slips_through_only_by_the_second_pass(
    number: tuple[str, date, str], place: int, digit: int
) -> None:
    digits = number[0]
    assume(digit != int(digits[place]))
    other = f"{digits[:place]}{digit}{digits[place + 1 :]}"
    if 10 not in (first_sum(digits[:11]), first_sum(other[:11])):
        assert not is_valid(other)


def test_the_first_pass_does_not_see_the_eleventh_digit() -> None:
    assert [last for last in range(10) if is_valid(f"5001011000{last}0")] == list(range(10))


def test_a_birth_date_or_sex_that_contradicts_the_number_is_named() -> None:
    known = read("600229200004")
    assert [field for field, _ in disagreements(known, date(1860, 3, 1), "MALE")] == ["born_on", "sex"]
    assert [field for field, _ in disagreements(known, known.born_on, "MALE")] == ["sex"]
    assert not list(disagreements(known, None, None))


@given(st.text(max_size=14))
def test_no_text_at_all_breaks_the_reader_or_shows_in_its_refusal(text: str) -> None:
    try:
        read(text)
    except IinFault as fault:
        told = f"{fault} {fault!r} {fault.args}"
        assert len(text.strip()) < 4 or text.strip() not in told


def test_a_number_is_in_no_text_a_program_prints_of_it() -> None:
    assert "600229200004" not in repr(read("600229200004"))
    with pytest.raises(IinFault) as caught:
        read("600229200005")
    assert "600229200005" not in f"{caught.value!r} {caught.value}"


@given(st.integers(0, 9999), st.sampled_from("456"), st.integers(0, 999999))
def test_a_bin_built_by_the_rule_is_read(when: int, kind: str, rest: int) -> None:
    eleven = f"{when:04d}{kind}{rest:06d}"
    last = check_digit(eleven)
    assume(last is not None)
    assert business.read(f"{eleven[:6]} {eleven[6:]}{last}") == f"{eleven}{last}"
    assert [digit for digit in range(10) if business.is_valid(f"{eleven}{digit}")] == [last]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("600229200004", business.Fault.ENTITY),
        ("9701400000", business.Fault.LENGTH),
        ("97014000000a", business.Fault.NOT_DIGITS),
    ],
)
def test_what_is_no_bin_is_refused_with_its_reason(text: str, expected: business.Fault) -> None:
    with pytest.raises(business.BinFault) as caught:
        business.read(text)
    assert caught.value.reason is expected
