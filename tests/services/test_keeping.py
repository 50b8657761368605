"""Keeping by term: what is due and by which sum, the act, and what destroying it takes and leaves."""

from datetime import date

import pytest
from decrypted import left
from small_center import NOW

from familydesk.core import clock
from familydesk.core.errors import Refused
from familydesk.law import retention
from familydesk.law.retention import Kept, Since
from familydesk.services.rights import RIGHTS, Role

KEY = bytes(range(32))
SURNAME, WORDS = "Құпиябаева", "оның жылап айтқаны осылай"
LONG_AGO = date(2019, 3, 1)


def old_case(center, client=None, closed_on=LONG_AGO, **values):
    return center.case(client, opened_on=date(2018, 6, 1), closed_on=closed_on, closing_reason="GOAL_REACHED", **values)


def names(items):
    return [item.name for item in items]


def number(office, case):
    return office.desk.get("case", case).number


# The sum


def test_a_term_of_years_ends_on_the_same_day_and_that_day_still_counts():
    row = next(row for row in retention.SEED if row.kind is Kept.CASE_FILE)
    line = retention.line(Kept.CASE_FILE, Since.CLOSING, date(2020, 2, 29), row)
    assert line.until == date(2025, 2, 28)
    assert not retention.is_over(line.until, date(2025, 2, 28))
    assert retention.is_over(line.until, date(2025, 3, 1))


def test_a_child_of_29_february_is_of_age_on_1_march_of_a_common_year():
    assert retention.majority(date(2008, 2, 29)) == date(2026, 3, 1)
    assert retention.is_child(date(2008, 2, 29), date(2026, 2, 28))
    assert not retention.is_child(date(2008, 2, 29), date(2026, 3, 1))


def test_a_file_of_a_newborn_is_kept_until_23_and_never_longer_than_25_years_after_closing():
    row = next(row for row in retention.SEED if row.kind is Kept.CHILD_CASE)
    born = date(2020, 5, 1)
    line = retention.line(Kept.CHILD_CASE, Since.MAJORITY, retention.majority(born), row, date(2020, 6, 1))
    assert (line.until, line.capped) == (date(2043, 5, 1), False)
    late = retention.line(Kept.CHILD_CASE, Since.MAJORITY, date(2044, 1, 1), row, date(2020, 6, 1))
    assert (late.until, late.capped) == (date(2045, 6, 1), True)


def test_what_is_kept_for_good_has_no_end():
    row = next(row for row in retention.SEED if row.kind is Kept.STATISTICS)
    assert retention.line(Kept.STATISTICS, Since.ENTRY, LONG_AGO, row) is None


# What is due


def test_a_closed_case_is_due_on_the_day_after_its_term(center):
    office = center.office
    case = old_case(center)
    assert office.keeping.due(date(2024, 3, 1)) == []
    (item,) = office.keeping.due(date(2024, 3, 2))
    assert (item.name, item.kind, item.deciding.until) == (number(office, case), Kept.CASE_FILE, date(2024, 3, 1))
    assert "01.03.2019 + 5 full years = 01.03.2024" in item.arithmetic


def test_a_case_in_which_a_child_was_hurt_waits_for_the_child(center):
    office = center.office
    child = center.person("Сапаров", "Алдияр", born_on=date(2012, 1, 15))
    case = old_case(center)
    center.incident(case, child)
    assert office.keeping.due(date(2035, 1, 15)) == []
    (item,) = office.keeping.due(date(2035, 1, 16))
    assert (item.kind, len(item.lines)) == (Kept.CHILD_CASE, 2)


def test_a_case_waits_for_the_consents_in_it(center):
    office = center.office
    client = center.person()
    case = old_case(center, client)
    center.add(
        "consent", case_id=case, person_id=client, given_on=date(2018, 6, 1), term=date(2026, 1, 1), collected=("IIN",)
    )
    assert office.keeping.due(date(2029, 1, 1)) == []
    assert names(office.keeping.due(date(2029, 1, 2))) == [number(office, case)]


def test_open_cases_and_fresh_entries_are_never_due_and_old_loose_entries_are(center):
    office = center.office
    center.case(opened_on=date(2010, 1, 1))
    center.application()
    old = center.application(received_at=clock.local(2019, 1, 1, 9))
    (item,) = office.keeping.due()
    assert (item.sheet, item.id, item.kind) == ("application", old, Kept.JOURNAL)


def test_the_center_s_own_term_wins_over_the_program_s(center):
    office = center.office
    old_case(center)
    row = office.desk.find("retention_term", {"kind": Kept.CASE_FILE})[0]
    office.desk.save("retention_term", {"years": 10}, row.id)
    assert office.keeping.due(date(2029, 3, 1)) == []
    assert len(office.keeping.due(date(2029, 3, 2))) == 1
    office.desk.save("retention_term", {"years": None}, row.id)
    assert office.keeping.due(date(2100, 1, 1)) == []


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.HEAD])
def test_the_list_is_for_the_head_alone(center, role, monkeypatch):
    monkeypatch.setattr(type(center.office.account), "rights", RIGHTS[role])
    with pytest.raises(Refused):
        center.office.keeping.due()


# The act


def act(office, items=None):
    return office.keeping.draw_up(items or office.keeping.due(), "Сейітова А. Б.", "Омаров Д. Е.")


def test_an_act_needs_two_different_members_and_something_to_destroy(center):
    office = center.office
    old_case(center)
    due = office.keeping.due()
    for first, second in (("", "Омаров"), ("Омаров", ""), ("Омаров", "омаров")):
        with pytest.raises(Refused):
            office.keeping.draw_up(due, first, second)
    with pytest.raises(Refused):
        office.keeping.draw_up([], "Сейітова", "Омаров")
    assert office.desk.count("destruction_act") == 0


def test_drawing_up_an_act_destroys_nothing_and_names_nobody(center):
    office = center.office
    case = old_case(center, center.person(SURNAME, "Ғазизәгүл"))
    drawn = office.desk.get("destruction_act", act(office))
    assert drawn.contents == f"CASE_FILE · {number(office, case)} · 2019-03-01 + 5 = 2024-03-01"
    assert drawn.done_at is None
    assert office.desk.count("case") == 1


@pytest.mark.parametrize("name", ["contents", "stays", "copies"])
def test_what_an_act_tells_of_the_destruction_is_never_typed(center, name):
    office = center.office
    old_case(center)
    drawn = act(office)
    with pytest.raises(Refused, match="program writes this itself"):
        office.desk.save("destruction_act", {name: "CASE_FILE · КО-01-2019-0001"}, drawn)
    office.desk.save("destruction_act", {"second_member": "Жанқұлов Е. Ж."}, drawn)
    assert office.desk.get("destruction_act", drawn).second_member == "Жанқұлов Е. Ж."


def test_destroying_takes_the_file_its_people_and_every_trace_and_leaves_the_number(center):
    office = center.office
    client = center.person(SURNAME, "Ғазизәгүл", iin="880615200009", sex="FEMALE")
    family = center.add("family", name=SURNAME).id
    child = center.person(SURNAME, "Алдияр")
    for one, place in ((client, "CLIENT"), (child, "CHILD")):
        center.add("family_member", family_id=family, person_id=one, relation=place)
    case = old_case(center, client, family_id=family, situation=WORDS)
    center.incident(case, client, circumstances=WORDS, offender_id=center.person("Сапаров", "Ерлан"))
    gone = number(office, case)
    done = office.keeping.destroy(act(office))
    assert done.clean
    for sheet in ("person", "family", "family_member", "case", "incident"):
        assert office.desk.count(sheet) == 0, sheet
    assert left(office.database.path, KEY, SURNAME, "880615200009", WORDS) == set()
    drawn = office.desk.get("destruction_act", done.act)
    assert gone in drawn.contents
    assert (drawn.record_count, drawn.done_at) == (done.count, NOW)
    assert office.journal.verify().whole


def test_who_is_needed_by_another_case_or_family_stays_and_the_act_counts_her(center):
    office = center.office
    client, child = center.person(SURNAME, "Ғазизәгүл"), center.person("Сапаров", "Алдияр")
    old = old_case(center, client)
    center.incident(old, child)
    new = center.case(client)
    done = office.keeping.destroy(act(office))
    assert [one.id for one in office.desk.find("case")] == [new]
    assert [one.id for one in office.desk.find("person")] == [client]
    assert office.desk.get("destruction_act", done.act).stays == "person · 1 · case"
    assert old not in [one.id for one in office.desk.find("case")]


def test_an_act_is_carried_out_once_and_only_while_all_of_it_is_due(center):
    office = center.office
    case = old_case(center)
    drawn = act(office)
    office.desk.save("case", {"closed_on": NOW.date()}, case)
    with pytest.raises(Refused, match=r".") as why:
        office.keeping.destroy(drawn)
    assert number(office, case) in str(why.value)
    assert office.desk.count("case") == 1
    office.desk.save("case", {"closed_on": LONG_AGO}, case)
    office.keeping.destroy(drawn)
    with pytest.raises(Refused):
        office.keeping.destroy(drawn)


def test_the_copies_that_still_hold_it_are_named_with_the_day_of_their_going(center, tmp_path, monkeypatch):
    office = center.office
    backups = tmp_path / "backups"
    backups.mkdir()
    for day in ("2026-11-17", "2026-11-18"):
        (backups / f"desk-{day}.backup").write_bytes(b"")
    (tmp_path / "before-restore-20260101-000000").mkdir()
    old_case(center)
    told = {copy.name: copy.until for copy in office.keeping.copies()}
    assert told == {
        "desk-2026-11-18.backup": date(2026, 12, 2),
        "desk-2026-11-17.backup": date(2026, 12, 1),
        "before-restore-20260101-000000": None,
    }
    assert "desk-2026-11-18.backup · 2026-12-02" in office.desk.get("destruction_act", act(office)).copies
