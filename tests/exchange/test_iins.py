from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from registers import TODAY, iin

from familydesk.exchange.iins import find_iin, read_iin
from familydesk.exchange.problems import Fault

GOOD = "500101200017"
EARLY = iin(77, born="050203")


@pytest.mark.parametrize(
    "cell",
    [
        GOOD,
        int(GOOD),
        float(GOOD),
        f" {GOOD}\u00a0",
        "500101 200017",
        "500 101 200 017",
        "500101-200017",
        "500101\n200017",
        "500101/200017",
        f"'{GOOD}",
        f"’{GOOD}",
        f"ИИН {GOOD}",
        f"ЖСН: {GOOD}",
        f"ИИН:{GOOD}",
        f"{GOOD}.0",
        f"{GOOD},00",
        "5OO1O12OOO17",
        "5ОО1О12ООО17",
        "500l0l2000l7",
        "5.00101200017E+11",
        '="500101200017"',
        "5,00101200017E+11",
    ],
)
def test_one_number_in_every_spelling(cell):
    found = read_iin(cell, TODAY)
    assert found.iin == GOOD
    assert found.fault is None


def test_a_small_number_is_no_foreigner_without_a_date_of_birth():
    assert [number for number in range(1, 3000) if read_iin(number, TODAY).iin] == []


def test_a_number_gets_its_leading_zeros_back_and_a_text_does_not():
    assert EARLY.startswith("0")
    assert read_iin(float(EARLY), TODAY).iin == EARLY
    assert read_iin(EARLY.lstrip("0"), TODAY).fault is Fault.BAD_IIN
    assert read_iin(EARLY, TODAY).iin == EARLY


@pytest.mark.parametrize(
    "cell",
    [
        "50010120001",
        "5001012000170",
        "500101200018",
        500101200018,
        "501301100000",
        "590229200000",
        "5,00101E+11",
        500101200017.5,
        1e20,
        float("nan"),
        0,
        -5,
        "000000000000",
        "500101200017x",
        "99999",
    ],
)
def test_a_wrong_number_is_kept_as_it_was_written(cell):
    found = read_iin(cell, TODAY)
    assert (found.iin, found.fault) == ("", Fault.BAD_IIN)
    assert found.written
    assert found.absence == "NOT_RECORDED"


@pytest.mark.parametrize(
    ("cell", "absence"),
    [
        ("", "NOT_RECORDED"),
        ("-", "NOT_RECORDED"),
        ("нет", "NOT_RECORDED"),
        ("жоқ", "NOT_RECORDED"),
        ("без документов", "NO_DOCUMENT"),
        ("құжаты жоқ", "NO_DOCUMENT"),
        ("новорожденный", "NEWBORN"),
        ("гражданка РФ", "FOREIGNER"),
        ("шетелдік", "FOREIGNER"),
        ("отказалась", "REFUSED"),
    ],
)
def test_words_instead_of_a_number_tell_why_there_is_none(cell, absence):
    found = read_iin(cell, TODAY)
    assert (found.iin, found.fault, found.absence) == ("", Fault.NO_IIN, absence)


def test_of_two_numbers_the_first_is_hers_and_the_cell_is_flagged():
    found = read_iin(f"{GOOD}, {iin(9)}", TODAY)
    assert (found.iin, found.several) == (GOOD, True)


def test_a_number_of_someone_not_yet_born_is_wrong():
    unborn = iin(1, born="991231", seventh="6")
    assert read_iin(unborn, TODAY).fault is Fault.BAD_IIN


def test_two_numbers_in_a_text_are_nobodys():
    assert find_iin(f"Ким {GOOD}", TODAY) == GOOD
    assert find_iin(f"Ким {GOOD} Пак {iin(9)}", TODAY) == ""


@given(st.text(max_size=30) | st.floats() | st.integers() | st.booleans())
def test_any_cell_gives_a_number_or_a_fault(cell):
    found = read_iin(cell, TODAY)
    assert bool(found.iin) != bool(found.fault)


@given(st.integers(0, 4999), st.integers(0, 11), st.integers(1, 9))
def test_a_mistyped_digit_never_passes_for_another_person_of_the_same_length(serial, place, shift):
    good = iin(serial)
    wrong = good[:place] + str((int(good[place]) + shift) % 10) + good[place + 1 :]
    found = read_iin(wrong, TODAY)
    assert found.iin in ("", wrong)
    assert found.iin != good
