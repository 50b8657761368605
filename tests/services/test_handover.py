from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from small_center import NOW, Center

from familydesk.core.errors import Refused
from familydesk.records.case import ClosingReason
from familydesk.records.case_note import NoteKind
from familydesk.services.office import Office


@pytest.fixture
def taker(center: Center) -> UUID:
    return center.add("staff_member", surname="Ким", given="Анна", role="SOCIAL_WORKER").id


@pytest.fixture
def case(center: Center) -> UUID:
    person = center.person()
    opened = center.case(person)
    center.referral(opened, person, sent_on=date(2026, 11, 10))
    center.add("errand", case_id=opened, what="Хат", due_on=date(2026, 11, 20), who_id=center.worker)
    center.add("appointment", case_id=opened, starts_at=NOW + timedelta(days=1), kind="LAWYER", staff_id=center.worker)
    return opened


def test_all_open_work_goes_over_with_a_note_in_each_case(
    office: Office, center: Center, case: UUID, taker: UUID
) -> None:
    second = center.case()
    office.handover.hand_over(center.worker, taker, "Демалыс")
    for one in (case, second):
        assert office.desk.get("case", one).values()["responsible_id"] == taker
        (note,) = (found.values() for found in office.desk.find("case_note", {"case_id": one}))
        assert note["kind"] is NoteKind.HANDOVER
        assert "Оспанова Гүлнар" in note["text"]
        assert "Ким Анна" in note["text"]
        assert "Демалыс" in note["text"]
    assert office.desk.count("errand", {"who_id": taker}) == 1
    assert office.desk.count("appointment", {"staff_id": taker}) == 1
    assert office.handover.preview(center.worker).cases == ()


def test_the_preview_shows_what_would_go_over_and_changes_nothing(office: Office, center: Center, case: UUID) -> None:
    load = office.handover.preview(center.worker)
    assert [one.id for one in load.cases] == [case]
    assert (len(load.errands), len(load.appointments), len(load.referrals)) == (1, 1, 1)
    assert office.desk.get("case", case).values()["responsible_id"] == center.worker


def test_what_is_done_or_closed_or_past_stays(office: Office, center: Center, case: UUID, taker: UUID) -> None:
    closed = center.case(closed_on=NOW.date(), closing_reason=ClosingReason.MOVED)
    done = center.add("errand", what="Хат", due_on=NOW.date(), done_on=NOW.date(), who_id=center.worker).id
    past = center.add("appointment", starts_at=NOW - timedelta(days=1), kind="LAWYER", staff_id=center.worker).id
    office.handover.hand_over(center.worker, taker)
    assert office.desk.get("case", closed).values()["responsible_id"] == center.worker
    assert office.desk.get("errand", done).values()["who_id"] == center.worker
    assert office.desk.get("appointment", past).values()["staff_id"] == center.worker


def test_a_handover_is_taken_back_whole(office: Office, center: Center, case: UUID, taker: UUID) -> None:
    handed = office.handover.hand_over(center.worker, taker)
    assert office.handover.undo(handed).left == ()
    assert office.desk.get("case", case).values()["responsible_id"] == center.worker
    assert office.desk.count("errand", {"who_id": center.worker}) == 1
    assert office.desk.count("case_note") == 0


def test_a_case_given_on_meanwhile_stays_where_it_is(office: Office, center: Center, case: UUID, taker: UUID) -> None:
    third = center.add("staff_member", surname="Ли", given="Вера", role="LAWYER").id
    handed = office.handover.hand_over(center.worker, taker)
    office.desk.save("case", {"responsible_id": third}, case)
    assert office.handover.undo(handed).left == (("case", case),)
    assert office.desk.get("case", case).values()["responsible_id"] == third


def test_nobody_hands_over_to_herself_to_the_absent_or_to_those_who_left(
    office: Office, center: Center, case: UUID, taker: UUID
) -> None:
    with pytest.raises(Refused):
        office.handover.hand_over(center.worker, center.worker)
    office.desk.save("staff_member", {"absent_from": NOW.date()}, taker)
    with pytest.raises(Refused):
        office.handover.hand_over(center.worker, taker)
    office.desk.save("staff_member", {"absent_from": None, "left_on": NOW.date()}, taker)
    with pytest.raises(Refused):
        office.handover.hand_over(center.worker, taker)


def test_an_empty_desk_has_nothing_to_hand_over(office: Office, center: Center, taker: UUID) -> None:
    with pytest.raises(Refused):
        office.handover.hand_over(center.worker, taker)
