"""The dated tables: what is in force when, and in which words."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from familydesk.law import ages, indexes, references, regions
from familydesk.law.acts import Place
from familydesk.law.ages import AgeKind, Representation, age_on, band_of, representation

days = st.dates(date(1990, 1, 1), date(2040, 12, 31))


def cited(code: str, on: date) -> references.LegalReference:
    found = references.in_force(references.SEED, code, on)
    assert found
    return found


def test_an_order_of_1_march_2026_cites_the_old_law_and_of_2_march_the_new() -> None:
    old, new = (cited("PROTECTIVE_ORDER", date(2026, 3, day)) for day in (1, 2))
    assert (old.act, old.article) == ("214-IV", "20")
    assert (new.act, new.article) == ("245-VIII", "60")
    assert cited("PROTECTIVE_ORDER", date(2026, 2, 25)) is old


def test_a_code_that_nobody_entered_has_no_norm() -> None:
    assert references.in_force(references.SEED, "UNHEARD_OF", date(2026, 11, 22)) is None


def test_a_centers_own_later_row_takes_over_from_the_seed() -> None:
    own = replace(cited("CONSENT", date(2026, 11, 22)), valid_from=date(2026, 6, 1), article="8-1")
    rows = [own, *references.SEED]
    assert references.in_force(rows, "CONSENT", date(2026, 5, 31)) is not own
    assert references.in_force(rows, "CONSENT", date(2026, 6, 1)) is own


def test_every_norm_is_cited_in_three_languages_with_its_number() -> None:
    for row in references.SEED:
        for title in (row.title_kk, row.title_ru, row.title_en):
            assert row.act in title
        assert set(row.title_kk) & set("әғқңөұүһі")
        assert row.source


def test_only_norms_whose_text_was_read_are_confirmed() -> None:
    for row in references.SEED:
        assert row.confirmed is row.source.startswith("text of the act read")
    assert not cited("PRIMARY_ASSESSMENT", date(2026, 11, 22)).confirmed


@pytest.mark.parametrize(
    ("place", "kk", "ru", "en"),
    [
        (Place("60"), "60-бабы", "статья 60", "Article 60"),
        (Place("72", "3"), "72-бабының 3-тармағы", "пункт 3 статьи 72", "Article 72(3)"),
        (
            Place("5-1", "2", "4"),
            "5-1-бабы 2-тармағының 4) тармақшасы",
            "подпункт 4) пункта 2 статьи 5-1",
            "Article 5-1(2)(4)",
        ),
        (Place(point="13"), "13-тармағы", "пункт 13", "Point 13"),
    ],
)
def test_a_place_in_an_act_is_written_as_each_language_writes_it(place: Place, kk: str, ru: str, en: str) -> None:
    assert (place.kk(), place.ru(), place.en()) == (kk, ru, en)


@pytest.mark.parametrize(("year", "amount"), [(2024, 3692), (2025, 3932), (2026, 4325)])
def test_the_index_is_the_one_of_the_year(year: int, amount: int) -> None:
    for day in (date(year, 1, 1), date(year, 12, 31)):
        row = indexes.in_force(indexes.SEED, day)
        assert row
        assert row.amount == Decimal(amount)


@pytest.mark.parametrize("day", [date(2023, 12, 31), date(2027, 1, 1)])
def test_a_year_without_an_index_does_not_borrow_anothers(day: date) -> None:
    assert indexes.in_force(indexes.SEED, day) is None


def test_an_index_raised_during_the_year_holds_from_its_day() -> None:
    raised = indexes.CalculationIndex(date(2026, 4, 1), Decimal(4500), "test", date(2026, 4, 1), True)
    rows = (raised, *indexes.SEED)
    assert indexes.in_force(rows, date(2026, 3, 31)) is not raised
    assert indexes.in_force(rows, date(2026, 4, 1)) is raised


def test_there_are_seventeen_regions_and_three_cities_each_once() -> None:
    codes = [row.kato for row in regions.SEED]
    assert len(codes) == len(set(codes)) == 20
    assert all(len(code) == 9 and code.isdigit() and code.endswith("0000000") for code in codes)
    assert sum(row.name_kk.endswith("қаласы") for row in regions.SEED) == 3
    for name in ("name_kk", "name_ru", "name_en"):
        assert len({getattr(row, name) for row in regions.SEED}) == 20


@pytest.mark.parametrize("row_type", [references.LegalReference, indexes.CalculationIndex, ages.LegalAge])
def test_every_row_of_law_says_where_it_comes_from_and_who_checked_it(row_type: type) -> None:
    assert {"valid_from", "source", "checked_on", "confirmed"} <= {field.name for field in fields(row_type)}


@given(days, days)
def test_age_grows_by_one_on_the_birthday_and_at_no_other_day(one: date, other: date) -> None:
    born, day = sorted((one, other))
    age = age_on(born, day)
    assert age_on(born, born) == 0
    assert age_on(born, day.replace(month=12, day=31)) == day.year - born.year >= age
    assert (day.month, day.day) < (born.month, born.day) or age == day.year - born.year


def test_a_child_of_29_february_turns_on_1_march_of_a_common_year() -> None:
    born = date(2012, 2, 29)
    assert [age_on(born, date(2026, 2, 28)), age_on(born, date(2026, 3, 1))] == [13, 14]
    assert age_on(born, date(2028, 2, 29)) == 16


def test_there_is_no_age_before_birth() -> None:
    with pytest.raises(ValueError, match="before birth"):
        age_on(date(2026, 1, 2), date(2026, 1, 1))


def test_guardianship_becomes_trusteeship_at_14_and_ends_at_18() -> None:
    born = date(2012, 5, 10)
    assert representation(born, date(2026, 5, 9)) is Representation.GUARDIANSHIP
    assert representation(born, date(2026, 5, 10)) is Representation.TRUSTEESHIP
    assert representation(born, date(2030, 5, 9)) is Representation.TRUSTEESHIP
    assert representation(born, date(2030, 5, 10)) is None


def test_a_day_that_no_legal_age_covers_is_not_guessed() -> None:
    with pytest.raises(LookupError):
        representation(date(2005, 5, 10), date(2011, 5, 10))


@given(st.integers(0, 120))
def test_every_age_lies_in_exactly_one_band(age: int) -> None:
    on = date(2026, 11, 22)
    assert [band for band in ages.BANDS if band.first <= age <= (band.last or 200)] == [band_of(age, on)]


def test_a_band_begins_at_every_age_the_law_speaks_of() -> None:
    begins = {band.first for band in ages.BANDS}
    assert {row.years for row in ages.SEED} <= begins
    assert [str(ages.BANDS[0]), str(ages.BANDS[-1])] == ["0–2", "63+"]


def test_an_order_can_be_issued_against_a_person_of_16() -> None:
    found = ages.in_force(ages.SEED, AgeKind.PROTECTIVE_ORDER, date(2026, 11, 22))
    assert found
    assert (found.years, found.confirmed) == (16, False)
