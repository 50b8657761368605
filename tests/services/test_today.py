from __future__ import annotations

from datetime import date, timedelta

from small_center import NOW, Center

from familydesk.core import clock
from familydesk.services.due import DueState
from familydesk.services.office import Office
from familydesk.services.today import length_text


def test_an_empty_center_has_an_empty_day(office: Office) -> None:
    day = office.today.day()
    assert (day.overdue, day.due, day.visits, day.orders, day.doubt) == ((), (), (), (), "")
    assert day.summary == "0 deadlines have passed, 0 deadlines end today, 0 people are coming"


def test_the_day_holds_what_is_overdue_and_what_ends_until_tomorrow(office: Office, center: Center) -> None:
    late = center.application(received_at=clock.local(2026, 11, 12, 9))
    today = center.application(received_at=clock.local(2026, 11, 13, 9))
    tomorrow = center.application(received_at=clock.local(2026, 11, 16, 9))
    center.application(received_at=clock.local(2026, 11, 17, 9))
    day = office.today.day()
    assert [due.id for due in day.overdue] == [late]
    assert [(due.id, due.state) for due in day.due] == [(today, DueState.TODAY), (tomorrow, DueState.SOON)]
    assert day.badges == {"today": 1, "application": 1} == office.today.badges()


def test_only_the_visits_of_today_that_were_not_cancelled(office: Office, center: Center) -> None:
    case = center.case()
    first = center.add(
        "appointment", case_id=case, starts_at=clock.local(2026, 11, 18, 0), kind="LAWYER", staff_id=center.worker
    ).id
    last = center.add("appointment", starts_at=clock.local(2026, 11, 18, 23, 59), kind="PSYCHOLOGIST").id
    center.add("appointment", starts_at=clock.local(2026, 11, 19, 0), kind="LAWYER")
    center.add("appointment", starts_at=NOW, kind="LAWYER", kept="CANCELLED")
    visits = office.today.day().visits
    assert [visit.id for visit in visits] == [first, last]
    assert visits[0].with_whom == "Оспанова Гүлнар"
    assert visits[0].case_number == office.desk.get("case", case).number
    assert "2 people are coming" in office.today.day().summary


def test_the_day_shows_orders_in_force_and_those_not_served(office: Office, center: Center) -> None:
    person = center.person()
    case = center.case(person)
    center.order(case, person, number="398", served_at=NOW - timedelta(days=28), issued_at=NOW - timedelta(days=29))
    center.order(case, person, number="415")
    center.order(case, person, number="1", served_at=NOW - timedelta(days=31), issued_at=NOW - timedelta(days=32))
    assert [(order.number, order.left_text) for order in office.today.day().orders] == [
        ("398", "2 days left"),
        ("415", "Issued, not served"),
    ]


def test_the_day_is_read_again_after_a_change(office: Office, center: Center) -> None:
    errand = center.add("errand", what="Хат", due_on=date(2026, 11, 18)).id
    assert len(office.today.day().due) == 1
    office.desk.save("errand", {"done_on": date(2026, 11, 18)}, errand)
    assert not office.today.day().due


def test_lengths_are_told_in_hours_and_minutes() -> None:
    assert [length_text(minutes) for minutes in (45, 60, 90)] == ["45 min", "1 h", "1 h 30 min"]


def test_two_applications_outside_any_case_are_told_apart_by_number_and_person(office: Office, center: Center) -> None:
    for surname in ("Ахметова", "Бекова"):
        center.application(center.person(surname), received_at=clock.local(2026, 11, 12, 9))
    rows = [(due.number, due.person.split()[0]) for due in office.today.day().overdue]
    assert sorted(person for _number, person in rows) == ["Ахметова", "Бекова"]
    assert len({number for number, _person in rows if number}) == 2


def test_a_duty_inside_a_case_is_named_by_the_case_alone(office: Office, center: Center) -> None:
    person = center.person()
    case = center.case(person)
    center.application(person, case_id=case, received_at=clock.local(2026, 11, 12, 9))
    (due,) = office.today.day().overdue
    assert (due.case_number, due.person) == (office.desk.get("case", case).number, "")
