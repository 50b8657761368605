"""The synthetic center of the demo."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from familydesk.core import clock, i18n
from familydesk.core.settings import Settings
from familydesk.law import iin
from familydesk.records import SHEETS
from familydesk.records.protective_order import OrderState
from familydesk.services.demo import Demo, make_demo
from familydesk.services.front_door import unlock
from familydesk.store.derivation import Cost

CHEAP = Cost(1, 8192)
DAY = date(2026, 11, 18)
NOON = clock.local(2026, 11, 18, 12)


def made(folder: Path, families: int = 40) -> Demo:
    settings = Settings(folder / "settings.json")
    with clock.stopped(NOON):
        return make_demo(folder / "store", families=families, today=DAY, settings=settings, cost=CHEAP)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    i18n.use("en")
    demo = made(tmp_path_factory.mktemp("demo"))
    with clock.stopped(NOON):
        yield demo
    demo.office.close()


def told(demo: Demo, sheet: str) -> list[Any]:
    return list(demo.office.desk.find(sheet))


def test_every_record_keeps_the_rules_it_was_saved_under(demo: Demo) -> None:
    for sheet in SHEETS:
        for record in told(demo, sheet.sheet()):
            assert [problem for problem in record.problems() if not problem.warning] == [], sheet.sheet()


def test_nobody_alive_can_bear_a_number_of_the_demo(demo: Demo) -> None:
    people = told(demo, "person")
    with_number = [person.iin for person in people if person.iin]
    assert len(set(with_number)) == len(with_number) > 20
    for number in with_number:
        known = iin.read(number)
        assert known.born_on
        assert known.born_on.year < 1900
    assert all(person.iin_absence for person in people if not person.iin)


def test_names_are_of_both_languages_and_have_kazakh_letters(demo: Demo) -> None:
    names = " ".join(f"{person.surname} {person.given} {person.patronymic or ''}" for person in told(demo, "person"))
    assert set("әғқңөұүі") <= set(names.lower())
    assert "қызы" in names
    assert "овна" in names or "евна" in names


def test_orders_stand_in_every_state(demo: Demo) -> None:
    breached = {breach.order_id for breach in told(demo, "order_breach")}
    states = {order.state(clock.now(), order.id in breached) for order in told(demo, "protective_order")}
    assert states == set(OrderState)


def test_referrals_are_answered_late_and_waited_for(demo: Demo) -> None:
    referrals = told(demo, "referral")
    assert any(one.answered_on and one.answered_on > one.due_on for one in referrals)
    assert any(one.answered_on and one.answered_on <= one.due_on for one in referrals)
    assert any(not one.answered_on and one.due_on < DAY for one in referrals)
    assert any(not one.answered_on and one.due_on >= DAY for one in referrals)


def test_something_waits_on_the_desk_this_morning(demo: Demo) -> None:
    today = [one for one in told(demo, "appointment") if one.starts_at.date() == DAY]
    assert len(today) >= 4
    dues = demo.office.deadlines.all()
    assert any(due.due < clock.now() for due in dues)
    assert any(due.due.date() == DAY for due in dues)
    assert demo.office.desk.count("possible_duplicate") >= 2
    assert any(consent.withdrawn_on for consent in told(demo, "consent"))


def test_every_sheet_of_a_family_has_something_to_show(demo: Demo) -> None:
    empty = [sheet.sheet() for sheet in SHEETS if not demo.office.desk.count(sheet.sheet())]
    # The center is a year old: the first term of keeping ends in four years, and no act is drawn up before.
    assert empty == ["destruction_act"]
    assert any(consultation.specialist_note for consultation in told(demo, "consultation"))


def test_numbers_follow_the_days_of_the_journal(demo: Demo) -> None:
    journal = sorted(told(demo, "application"), key=lambda one: one.received_at)
    years = {one.received_at.year for one in journal}
    assert years == {2025, 2026}
    for year in years:
        of_year = [one.number for one in journal if one.received_at.year == year]
        assert of_year == sorted(of_year)
        assert all(number.startswith(f"{year}/") for number in of_year)


def test_nothing_lies_in_the_future_but_what_is_planned(demo: Demo) -> None:
    planned = {"starts_at", "due_on", "valid_to", "absent_until", "term"}
    for sheet in ("application", "case", "incident", "consultation", "protective_order", "referral", "order_check"):
        for record in told(demo, sheet):
            for name, value in record.values().items():
                if name not in planned and isinstance(value, datetime):
                    assert value <= clock.now(), (sheet, name)
                elif name not in planned and isinstance(value, date):
                    assert value <= DAY, (sheet, name)


def test_two_people_wrote_the_same_fields_and_that_waits_to_be_settled(demo: Demo) -> None:
    assert {conflict.field.name for conflict in demo.office.conflicts.open()} == {"housing", "kind"}


def test_the_report_of_any_of_its_months_adds_up(demo: Demo) -> None:
    for month in range(1, 11):
        report = demo.office.figures.month(date(2026, month, 1), date(2026, month, 28))
        assert report.final


def test_it_opens_with_its_passphrase_and_is_the_same_each_time(tmp_path: Path) -> None:
    def names(folder: Path) -> list[str]:
        folder.mkdir()
        demo = made(folder, families=6)
        demo.office.close()
        office = unlock(folder / "store", demo.passphrase, settings=Settings(folder / "settings.json"), least=CHEAP)
        try:
            people = office.desk.find("person")
            cases = office.desk.find("case")
            return [person.title_text() for person in people] + [case.title_text() for case in cases]
        finally:
            office.close()

    first, second = names(tmp_path / "one"), names(tmp_path / "two")
    assert first == second
    assert len(first) > 15


@pytest.mark.parametrize("families", [0, 1])
def test_a_very_small_demo_is_made_too(tmp_path: Path, families: int) -> None:
    demo = made(tmp_path, families)
    assert demo.office.desk.count("family") == families
    demo.office.close()
