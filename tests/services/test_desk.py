"""What the desk refuses, and what it keeps, when a record is changed from two sides or was put away."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from small_center import NOW

from familydesk.core.errors import Refused
from familydesk.core.fields import Kind
from familydesk.records import SHEETS
from familydesk.services.reversal import steps_of, take_back, transaction_of
from familydesk.store.privileged import Privileged, is_sealed
from familydesk.store.tables import CHANGE


def sit_down(office, who: UUID) -> None:
    """Another person at the desk, with her own key."""
    office.database.actor = who
    office.database.privileged = Privileged(who, {who: who.bytes * 2})


def consultation(center, **values):
    given = {"person_id": center.person(), "held_at": NOW, "kind": "LEGAL", "form": "PHONE"}
    return center.add("consultation", **given, **values).id


def test_a_record_that_was_put_away_is_brought_back_before_it_is_changed(center):
    office, id = center.office, center.person()
    seen = office.desk.seen("person", id)
    office.desk.archive("person", id)
    with pytest.raises(Refused, match="put away"):
        office.desk.save("person", {"given": "Аида"}, id, seen)
    office.desk.bring_back("person", id)
    assert office.desk.save("person", {"given": "Аида"}, id, seen).record.given == "Аида"


def test_mine_is_not_taken_over_a_value_that_came_after_the_conflict(center):
    office, id = center.office, center.person()
    mine, hers = office.desk.seen("person", id), office.desk.seen("person", id)
    office.desk.save("person", {"occupation": "дәрігер"}, id, hers)
    office.desk.save("person", {"occupation": "мұғалім"}, id, mine)
    (conflict,) = office.conflicts.open(id)
    office.desk.save("person", {"occupation": "заңгер"}, id)
    with pytest.raises(Refused, match="once more"):
        office.conflicts.settle(conflict.id, "take")
    assert office.desk.get("person", id).occupation == "заңгер"
    (again,) = office.conflicts.open(id)
    assert (again.mine, again.theirs) == ("мұғалім", "заңгер")
    office.conflicts.settle(conflict.id, "take")
    assert office.desk.get("person", id).occupation == "мұғалім"


def test_a_conflict_is_settled_once(center):
    office, id = center.office, center.person()
    mine, hers = office.desk.seen("person", id), office.desk.seen("person", id)
    office.desk.save("person", {"occupation": "дәрігер"}, id, hers)
    office.desk.save("person", {"occupation": "мұғалім"}, id, mine)
    (conflict,) = office.conflicts.open(id)
    office.conflicts.settle(conflict.id, "keep")
    with pytest.raises(Refused, match="already"):
        office.conflicts.settle(conflict.id, "take")
    assert office.desk.get("person", id).occupation == "дәрігер"


def test_the_more_careful_value_that_was_written_can_be_confirmed(center):
    office = center.office
    id = center.add("person_phone", person_id=center.person(), number="+77011234567", safe_to_call="YES").id
    mine, hers = office.desk.seen("person_phone", id), office.desk.seen("person_phone", id)
    order = type(mine.values["safe_to_call"])
    office.desk.save("person_phone", {"safe_to_call": order.WITH_CARE}, id, hers)
    office.desk.save("person_phone", {"safe_to_call": order.NO}, id, mine)
    (conflict,) = office.conflicts.open(id)
    office.conflicts.settle(conflict.id, "take")
    assert office.desk.get("person_phone", id).safe_to_call is order.NO


def test_a_colleague_cannot_settle_away_a_note_that_she_cannot_read(center):
    office, head = center.office, center.office.me
    id = consultation(center, specialist_note="Алғашқы")
    mine, hers = office.desk.seen("consultation", id), office.desk.seen("consultation", id)
    office.desk.save("consultation", {"specialist_note": "Екінші"}, id, hers)
    office.desk.save("consultation", {"specialist_note": "Үшінші"}, id, mine)
    keys = office.database.privileged
    sit_down(office, center.worker)
    (conflict,) = office.conflicts.open(id)
    assert (conflict.mine, conflict.theirs) == (None, None)
    for verdict in ("take", "write"):
        with pytest.raises(Refused, match="colleague"):
            office.conflicts.settle(conflict.id, verdict, "Басқа")
    office.database.actor, office.database.privileged = head, keys
    (conflict,) = office.conflicts.open(id)
    office.conflicts.settle(conflict.id, "take")
    assert office.desk.get("consultation", id).specialist_note == "Үшінші"


def test_a_draft_of_a_record_keeps_what_she_has_emptied(center):
    office, id = center.office, center.person(occupation="дәрігер")
    office.drafts.save("person", id, {"occupation": None, "given": "Аида", "languages": ()})
    assert dict(office.drafts.load("person", id).values) == {"occupation": None, "given": "Аида", "languages": None}


def test_a_sealed_note_that_is_taken_back_is_never_written_in_the_open(center):
    office = center.office
    id = consultation(center, specialist_note="Бірінші нұсқа")
    with office.database.write() as session:
        office.desk.save_in(session, "consultation", {"specialist_note": "Екінші нұсқа"}, id)
        steps = steps_of(session, transaction_of(session))
    with office.database.write() as session:
        assert take_back(office, session, steps).left == ()
    assert office.desk.get("consultation", id).specialist_note == "Бірінші нұсқа"
    with office.database.read() as session:
        kept = session.connection().exec_driver_sql("SELECT specialist_note FROM consultation").scalars().all()
        changes = session.scalars(CHANGE.select().with_only_columns(CHANGE.c.value)).all()
    assert all(is_sealed(text) for text in kept)
    assert not [text for text in changes if text and "нұсқа" in text]


def test_a_choice_of_a_newer_program_is_kept_and_stops_no_rule(center):
    office, id = center.office, center.person(sex=None)
    office.desk.save("person", {"sex": "NOT_KNOWN_HERE"}, id)
    office.desk.save("person", {"iin": "500101100000", "iin_absence": None}, id)
    assert (office.desk.get("person", id).sex, office.desk.get("person", id).iin) == ("NOT_KNOWN_HERE", "500101100000")


def test_a_row_of_law_that_only_a_newer_program_understands_is_passed_over(center):
    office = center.office
    before = office.deadlines.reckon("PRIMARY_ASSESSMENT", NOW).due
    day = {"day": NOW.date() + timedelta(days=1), "kind": "HALF_HOLIDAY"}
    office.desk.save("calendar_day", day)
    term = {"kind": "PRIMARY_ASSESSMENT", "amount": 2, "unit": "FULL_MOONS", "reference_code": "PRIMARY_ASSESSMENT"}
    office.desk.save("response_term", {**term, "valid_from": NOW.date(), "checked_on": NOW.date()})
    assert office.deadlines.reckon("PRIMARY_ASSESSMENT", NOW).due == before


@pytest.mark.parametrize("safe", ["YES", "WITH_CARE", "UNKNOWN", "NO"])
def test_a_number_names_its_record_in_full_only_if_it_is_safe_to_call(center, safe):
    phone = {"person_id": center.person(), "number": "87015550199", "safe_to_call": safe}
    title = center.office.desk.name_of("person_phone", center.add("person_phone", **phone).id)
    assert title == ("+7 701 555 01 99" if safe == "YES" else "+7 ••• ••• •• 99")


@pytest.mark.parametrize(
    ("sheet", "name"),
    [(sheet, field.name) for sheet in SHEETS for field in sheet.fields() if field.kind is Kind.REFERENCE],
    ids=lambda part: part if isinstance(part, str) else part.sheet(),
)
def test_every_list_can_be_sorted_by_every_reference(office, sheet, name):
    assert (
        office.desk.ids(sheet.sheet(), order=name) == office.desk.ids(sheet.sheet(), order=name, descending=True)[::-1]
    )


def test_a_list_sorted_by_a_reference_keeps_the_records_that_refer_to_nobody(office, center):
    late, early = center.person("Яковлева"), center.person("Абенова")
    ids = [center.application(late), center.application(early)]
    nobody = center.add("appointment", starts_at=NOW, kind="LAWYER").id
    hers = center.add("appointment", starts_at=NOW, kind="LAWYER", person_id=late).id
    assert office.desk.ids("application", order="person_id") == ids[::-1]
    assert office.desk.ids("appointment", order="person_id", descending=True) == [hers, nobody]
