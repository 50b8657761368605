from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_center import NOW, Center

from familydesk.core import clock, i18n
from familydesk.core.errors import Refused
from familydesk.services.deadlines import DECLARED, Deadlines, reckon_as_shipped
from familydesk.services.due import Due, DueState
from familydesk.services.office import Office
from familydesk.store.database import Database
from familydesk.store.hybrid_clock import COUNTER_BITS

HOUR = timedelta(hours=1)


def dues(office: Office, kind: str, at: datetime | None = None) -> list[Due]:
    return [due for due in office.deadlines.all(at) if due.kind == kind]


def only(office: Office, kind: str, at: datetime | None = None) -> Due:
    (due,) = dues(office, kind, at)
    return due


def test_an_application_is_assessed_within_three_working_days(office: Office, center: Center) -> None:
    application = center.application(received_at=clock.local(2026, 11, 13, 17, 30))
    due = only(office, "PRIMARY_ASSESSMENT")
    assert (due.sheet, due.id, due.ended_by) == ("application", application, "assessment.done_on")
    assert due.due == clock.local(2026, 11, 18, 23, 59, 59)
    assert due.state is DueState.TODAY
    assert due.late_text == "today"
    assert "14.11.2026, Saturday: not counted (weekend)." in due.arithmetic_text.splitlines()
    assert "256-НҚ" in due.legal_text


def test_a_threat_to_life_leaves_one_working_day(office: Office, center: Center) -> None:
    center.application(received_at=clock.local(2026, 11, 13, 17, 30), threat_to_life=True)
    assert only(office, "PRIMARY_ASSESSMENT_URGENT").due == clock.local(2026, 11, 16, 23, 59, 59)
    assert not dues(office, "PRIMARY_ASSESSMENT")


def test_the_holidays_of_nauryz_are_not_counted(office: Office, center: Center) -> None:
    center.application(received_at=clock.local(2026, 3, 20, 9))
    due = only(office, "PRIMARY_ASSESSMENT")
    assert due.due.date() > date(2026, 3, 25)
    assert "23.03.2026" in due.arithmetic_text
    assert all(office.deadlines.law.calendar.is_working(day) for day in (due.due.date(),))


def test_the_assessment_ends_its_deadline(office: Office, center: Center) -> None:
    application = center.application()
    assert dues(office, "PRIMARY_ASSESSMENT")
    done = center.add(
        "assessment",
        application_id=application,
        done_on=NOW.date(),
        done_by_id=center.worker,
        conclusion="NOT_DIFFICULT",
    )
    assert not dues(office, "PRIMARY_ASSESSMENT")
    office.desk.archive("assessment", done.id)
    assert dues(office, "PRIMARY_ASSESSMENT")


def test_an_imported_application_brings_no_deadline(office: Office, center: Center) -> None:
    center.application(source="register.xlsx")
    assert not office.deadlines.all()


def test_an_archived_application_brings_no_deadline(office: Office, center: Center) -> None:
    office.desk.archive("application", center.application())
    assert not office.deadlines.all()


def test_a_harmed_child_means_guardianship_within_24_hours(office: Office, center: Center) -> None:
    person = center.person()
    center.incident(
        center.case(person),
        person,
        learned_at=clock.local(2026, 11, 14, 23, 10),
        child_harmed=True,
        happened_at=clock.local(2026, 11, 14, 20),
    )
    due = only(office, "GUARDIANSHIP_NOTICE")
    assert due.due == clock.local(2026, 11, 15, 23, 10)
    assert due.state is DueState.OVERDUE
    assert dues(office, "POLICE_NOTICE")


def test_a_notice_to_another_body_does_not_end_the_duty(office: Office, center: Center) -> None:
    person = center.person()
    incident = center.incident(center.case(person), person, child_harmed=True)
    center.add("mandatory_notice", incident_id=incident, addressee="POLICE", sent_at=NOW, channel="PHONE_102")
    assert not dues(office, "POLICE_NOTICE")
    assert dues(office, "GUARDIANSHIP_NOTICE")


def test_the_heads_written_reason_ends_the_duty_to_notify(office: Office, center: Center) -> None:
    person = center.person()
    incident = center.incident(center.case(person), person, child_harmed=True)
    center.add("mandatory_notice", incident_id=incident, addressee="GUARDIANSHIP", not_sent_reason="Хабарланған")
    assert not dues(office, "GUARDIANSHIP_NOTICE")


def test_no_duty_to_tell_the_police_what_they_know(office: Office, center: Center) -> None:
    person = center.person()
    center.incident(center.case(person), person, threat_to_life=True, police_called=True)
    assert not office.deadlines.all()


def test_an_order_runs_thirty_times_24_hours_from_service(office: Office, center: Center) -> None:
    person = center.person()
    with clock.stopped(clock.local(2027, 2, 1)):
        order = center.order(center.case(person), person, served_at=clock.local(2027, 1, 31, 23, 30))
        assert office.desk.get("protective_order", order).valid_to == clock.local(2027, 3, 2, 23, 30)


def test_an_order_that_is_not_served_runs_no_term(office: Office, center: Center) -> None:
    person = center.person()
    center.order(center.case(person), person)
    assert not office.deadlines.all()


def test_an_order_cites_the_law_of_its_day(office: Office, center: Center) -> None:
    person = center.person()
    with clock.stopped(clock.local(2026, 3, 2, 12)):
        old = center.order(
            center.case(person), person, issued_at=clock.local(2026, 2, 25), served_at=clock.local(2026, 3, 1, 10)
        )
        new = center.order(
            center.case(person), person, issued_at=clock.local(2026, 2, 25), served_at=clock.local(2026, 3, 2, 10)
        )
        told = {due.id: due.legal_text for due in dues(office, "PROTECTIVE_ORDER")}
    assert "214-IV" in told[old]
    assert "245-VIII" in told[new]


def test_an_expired_order_is_not_overdue(office: Office, center: Center) -> None:
    person = center.person()
    served = NOW - timedelta(days=8)
    center.order(center.case(person), person, served_at=served)
    assert len(office.deadlines.all()) == 2
    assert not office.deadlines.all(served + timedelta(days=30))
    assert len(office.deadlines.all()) == 2


def test_an_order_is_checked_once_in_seven_days_until_it_ends(office: Office, center: Center) -> None:
    person = center.person()
    served = NOW - timedelta(days=8)
    order = center.order(center.case(person), person, served_at=served)
    assert only(office, "ORDER_CHECK").due == served + timedelta(days=7)
    assert only(office, "ORDER_CHECK").state is DueState.OVERDUE
    check = served + timedelta(days=7, hours=5)
    center.add("order_check", order_id=order, checked_at=check, checked_by="Инспектор", finding="KEPT")
    assert only(office, "ORDER_CHECK").due == check + timedelta(days=7)
    center.add(
        "order_check", order_id=order, checked_at=served + timedelta(days=24), checked_by="Инспектор", finding="KEPT"
    )
    assert not dues(office, "ORDER_CHECK")


def test_a_cancelled_order_owes_nothing(office: Office, center: Center) -> None:
    person = center.person()
    order = center.order(center.case(person), person, served_at=NOW - timedelta(days=8))
    office.desk.save("protective_order", {"cancelled_at": NOW}, order)
    assert not office.deadlines.all()


def test_a_referral_is_answered_in_fifteen_working_days_or_as_it_says(office: Office, center: Center) -> None:
    person = center.person()
    case = center.case(person)
    plain = center.referral(case, person, sent_on=date(2026, 11, 2))
    assert office.desk.get("referral", plain).due_on == date(2026, 11, 23)
    own = center.referral(case, person, sent_on=date(2026, 11, 2), due_on=date(2026, 11, 19))
    told = {due.id: due for due in dues(office, "REFERRAL_ANSWER")}
    assert told[plain].due == clock.local(2026, 11, 23, 23, 59, 59)
    assert told[own].due == clock.local(2026, 11, 19, 23, 59, 59)
    assert told[own].arithmetic_text == "The record itself says until when: 19.11.2026 23:59."
    assert told[own].late_text == "tomorrow"
    office.desk.save("referral", {"answered_on": NOW.date(), "answer": None}, own)
    assert [due.id for due in dues(office, "REFERRAL_ANSWER")] == [plain]


def test_a_start_given_anew_moves_the_due_day(office: Office, center: Center) -> None:
    person = center.person()
    referral = center.referral(center.case(person), person, sent_on=date(2026, 11, 2))
    office.desk.save("referral", {"sent_on": date(2026, 11, 3)}, referral)
    assert office.desk.get("referral", referral).due_on == date(2026, 11, 24)
    office.desk.save("referral", {"sent_on": date(2026, 11, 4), "due_on": date(2026, 12, 31)}, referral)
    assert office.desk.get("referral", referral).due_on == date(2026, 12, 31)


def test_processing_ends_fifteen_working_days_after_a_withdrawal(office: Office, center: Center) -> None:
    person = center.person()
    consent = center.add("consent", person_id=person, given_on=date(2026, 11, 1), collected=("NAMES",)).id
    assert not office.deadlines.all()
    office.desk.save("consent", {"withdrawn_on": date(2026, 11, 16)}, consent)
    assert only(office, "CONSENT_WITHDRAWAL").due.date() == date(2026, 12, 7)


def test_an_errand_is_due_on_its_day(office: Office, center: Center) -> None:
    errand = center.add("errand", what="Анықтама алу", due_on=date(2026, 11, 16)).id
    due = only(office, "ERRAND")
    assert (due.title, due.late_text, due.legal_text) == ("Анықтама алу", "2 working days late", "")
    office.desk.save("errand", {"done_on": NOW.date()}, errand)
    assert not office.deadlines.all()


def test_lateness_is_told_on_the_clock_of_the_term(office: Office, center: Center) -> None:
    person = center.person()
    center.incident(center.case(person), person, child_harmed=True, police_called=True)
    assert only(office, "GUARDIANSHIP_NOTICE").late_text == "tomorrow by 10:00"
    assert only(office, "GUARDIANSHIP_NOTICE", NOW + 14 * HOUR).late_text == "today by 10:00"
    assert only(office, "GUARDIANSHIP_NOTICE", NOW + 34 * HOUR).late_text == "10 hours late"
    assert only(office, "GUARDIANSHIP_NOTICE", NOW + 96 * HOUR).late_text == "3 days late"


def test_a_deadline_names_the_field_that_ends_it(office: Office, center: Center) -> None:
    center.application()
    assert only(office, "PRIMARY_ASSESSMENT").ended_by_text == "Primary assessment: Done"


def test_texts_follow_the_language_in_force(office: Office, center: Center) -> None:
    center.application()
    due = only(office, "PRIMARY_ASSESSMENT")
    with i18n.speaking("ru"):
        russian = due.legal_text
    with i18n.speaking("kk"):
        assert due.legal_text != russian


def test_a_change_of_the_law_counts_at_once(office: Office, center: Center) -> None:
    center.application()
    before = only(office, "PRIMARY_ASSESSMENT").due
    for term in office.desk.find("response_term", {"kind": "PRIMARY_ASSESSMENT"}):
        office.desk.save("response_term", {"amount": 5}, term.id)
    assert only(office, "PRIMARY_ASSESSMENT").due > before


def test_a_clock_set_back_makes_deadlines_doubtful(office: Office, center: Center) -> None:
    center.application()
    assert not office.deadlines.doubt()
    office.database.clock.last += 24 * 3_600_000 << COUNTER_BITS
    assert office.deadlines.doubt()
    assert all(due.doubtful for due in office.deadlines.all())


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        ("PRIMARY_ASSESSMENT", clock.local(2026, 11, 23, 23, 59, 59)),
        ("PRIMARY_ASSESSMENT_URGENT", clock.local(2026, 11, 19, 23, 59, 59)),
        ("GUARDIANSHIP_NOTICE", clock.local(2026, 11, 19, 10)),
        ("POLICE_NOTICE", clock.local(2026, 11, 19, 10)),
        ("PROTECTIVE_ORDER", clock.local(2026, 12, 18, 10)),
        ("REFERRAL_ANSWER", clock.local(2026, 12, 9, 23, 59, 59)),
        ("CONSENT_WITHDRAWAL", clock.local(2026, 12, 9, 23, 59, 59)),
    ],
)
def test_every_kind_of_term_is_reckoned_with_its_norm(office: Office, kind: str, due: datetime) -> None:
    reckoned = office.deadlines.reckon(kind, NOW)
    assert reckoned.due == due
    assert reckoned.legal_reference
    assert "18.11.2026 10:00" in reckoned.arithmetic


@pytest.mark.parametrize("reckon", [lambda office: office.deadlines.reckon, lambda office: reckon_as_shipped])
def test_the_law_of_the_countrys_own_day_is_cited_wherever_the_moment_was_written(office: Office, reckon: Any) -> None:
    with i18n.speaking("en"):
        before = reckon(office)("PROTECTIVE_ORDER", datetime(2026, 3, 1, 18, 59, tzinfo=UTC))
        after = reckon(office)("PROTECTIVE_ORDER", datetime(2026, 3, 1, 19, tzinfo=UTC))
    assert "214-IV" in before.legal_reference
    assert "245-VIII" in after.legal_reference


def test_an_unknown_term_is_refused(office: Office) -> None:
    with pytest.raises(Refused):
        office.deadlines.reckon("TEA_BREAK", NOW)


def test_a_day_before_any_law_is_refused(office: Office) -> None:
    with pytest.raises(Refused):
        office.deadlines.reckon("POLICE_NOTICE", clock.local(2020, 1, 1))


@pytest.fixture(scope="module")
def reckoning(small_store: Any) -> Any:
    class Desk:
        database = Database.open(small_store, bytes(range(32)))

    yield Deadlines(Desk())  # type: ignore[arg-type]
    Desk.database.close()


LAWFUL = st.datetimes(datetime(2026, 3, 2), datetime(2028, 10, 1), timezones=st.just(clock.ZONE))
KINDS = st.sampled_from(sorted({duty.term for _, duty in DECLARED} - {"ERRAND"}))


def test_hours_of_lateness_are_those_of_the_world_and_not_of_the_wall_clock(office: Office, center: Center) -> None:
    person = center.person()
    center.order(
        center.case(person), person, issued_at=clock.local(2024, 1, 30, 10), served_at=clock.local(2024, 1, 30, 23, 30)
    )
    due = only(office, "PROTECTIVE_ORDER", clock.local(2024, 2, 29, 20)).due
    at = (due.astimezone(UTC) + 3 * HOUR).astimezone(clock.ZONE)
    assert at.utcoffset() != due.utcoffset()
    assert replace(only(office, "PROTECTIVE_ORDER", due - HOUR), at=at).late_text == "3 hours late"


@settings(deadline=None)
@given(kind=KINDS, start=LAWFUL, later=st.integers(0, 10**6))
def test_a_term_never_ends_before_it_starts_and_a_later_start_never_ends_sooner(
    reckoning: Deadlines, kind: str, start: datetime, later: int
) -> None:
    due = reckoning.reckon(kind, start).due
    assert due > start
    assert reckoning.reckon(kind, start + timedelta(seconds=later)).due >= due


@settings(deadline=None)
@given(start=LAWFUL)
def test_a_term_in_working_days_ends_on_a_working_day(reckoning: Deadlines, start: datetime) -> None:
    for kind in ("PRIMARY_ASSESSMENT", "PRIMARY_ASSESSMENT_URGENT", "REFERRAL_ANSWER", "CONSENT_WITHDRAWAL"):
        due = reckoning.reckon(kind, start).due
        assert reckoning.law.calendar.is_working(due.date())
        assert (due.hour, due.minute, due.second) == (23, 59, 59)
