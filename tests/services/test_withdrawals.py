"""A consent that is withdrawn stops what the center does with somebody's data, until there is another ground."""

from datetime import timedelta

import pytest
from openpyxl import load_workbook
from small_center import NOW

from familydesk.core.errors import Refused
from familydesk.core.vocabulary import LegalException

TODAY = NOW.date()


def consent(center, person, case=None, **values):
    values = {"given_on": TODAY - timedelta(days=20), "collected": ("NAMES",), **values}
    return center.add("consent", person_id=person, case_id=case, **values).id


@pytest.fixture
def stopped(center):
    """Her person, her case, and the consent that she took back today."""
    person = center.person()
    case = center.case(person)
    given = consent(center, person, case)
    center.office.desk.save("consent", {"withdrawn_on": TODAY}, given)
    return person, case, given


def note(center, case):
    return center.add("case_note", case_id=case, written_at=NOW, text="кездесу")


def test_before_it_is_withdrawn_nothing_is_stopped(center):
    person = center.person()
    case = center.case(person)
    consent(center, person, case)
    note(center, case)
    assert center.office.withdrawals.stopped([case]) == frozenset()


def test_nothing_new_is_written_into_her_case(center, stopped):
    person, case, _given = stopped
    assert center.office.withdrawals.stopped([case]) == {case}
    for write in (
        lambda: note(center, case),
        lambda: center.incident(case, person),
        lambda: center.order(case, person),
        lambda: center.referral(case, person, exception="STATISTICS", grounds="есеп"),
    ):
        with pytest.raises(Refused) as why:
            write()
        assert "consent" in str(why.value)
    assert center.office.desk.count("case_note") == 0


def test_an_order_that_protects_her_is_still_watched_and_an_application_of_hers_taken(center):
    person = center.person()
    case = center.case(person)
    order = center.order(case, person, served_at=NOW - timedelta(days=2))
    given = consent(center, person, case)
    center.office.desk.save("consent", {"withdrawn_on": TODAY}, given)
    center.add("order_breach", order_id=order, happened_at=NOW, learned_from="өзі айтты")
    center.application(person, case_id=case)


def test_another_case_of_hers_with_its_own_consent_goes_on(center, stopped):
    person, _case, _given = stopped
    other = center.case(person)
    consent(center, person, other)
    assert note(center, other)


def test_a_consent_for_the_whole_center_stops_every_case_and_her_telephones(center):
    person = center.person()
    case = center.case(person)
    given = consent(center, person)
    center.office.desk.save("consent", {"withdrawn_on": TODAY}, given)
    for write in (
        lambda: note(center, case),
        lambda: center.add("person_phone", person_id=person, number="+77770123456", safe_to_call="YES"),
    ):
        with pytest.raises(Refused):
            write()


@pytest.mark.parametrize(
    "ground",
    [
        {},
        {"exception": "THREAT_TO_LIFE", "purpose": "өміріне қауіп төнді"},
        {"exception": "COURT_OR_POLICE", "purpose": "сот сұрауы № 12"},
        {"exception": "OTHER_LAW", "purpose": "№ 94-V заң, 9-бап"},
    ],
)
def test_a_new_consent_or_a_named_exception_with_its_purpose_lets_it_go_on(center, stopped, ground):
    person, case, _given = stopped
    consent(center, person, case, given_on=TODAY, **ground)
    assert note(center, case)
    assert center.office.withdrawals.stopped([case]) == frozenset()


@pytest.mark.parametrize("ground", [{"exception": "STATISTICS", "purpose": "есеп"}, {"exception": "THREAT_TO_LIFE"}])
def test_statistics_and_an_exception_without_a_purpose_do_not(center, stopped, ground):
    person, case, _given = stopped
    consent(center, person, case, given_on=TODAY, **ground)
    with pytest.raises(Refused):
        note(center, case)


def test_a_referral_may_name_its_own_exception_and_ground(center, stopped):
    person, case, _given = stopped
    with pytest.raises(Refused):
        center.referral(case, person)
    assert center.referral(case, person, grounds="өміріне қауіп төнді")


def test_a_reasoned_refusal_ends_the_task_and_the_stop(center, stopped):
    _person, case, given = stopped
    office = center.office
    assert [due.kind for due in office.deadlines.for_case(case)].count("CONSENT_WITHDRAWAL") == 1
    office.desk.save("consent", {"refusal": "Сот ісі аяқталған жоқ."}, given)
    assert "CONSENT_WITHDRAWAL" not in [due.kind for due in office.deadlines.for_case(case)]
    assert note(center, case)


def test_stopping_ends_the_task_and_not_the_stop(center, stopped):
    _person, case, given = stopped
    office = center.office
    office.desk.save("consent", {"processing_stopped_on": TODAY}, given)
    assert "CONSENT_WITHDRAWAL" not in [due.kind for due in office.deadlines.for_case(case)]
    assert office.withdrawals.stopped([case]) == {case}


def test_the_case_may_be_closed_and_what_stands_corrected(center):
    office = center.office
    person = center.person()
    case = center.case(person)
    kept = note(center, case).id
    given = consent(center, person, case)
    office.desk.save("consent", {"withdrawn_on": TODAY}, given)
    office.desk.save("case_note", {"kind": None}, kept)
    office.desk.save("case", {"closed_on": TODAY, "closing_reason": "REFUSED"}, case)


@pytest.fixture
def written(center):
    """A case with a note, an incident and an order, all of it before her consent for it was withdrawn."""
    person = center.person()
    case = center.case(person, goal="Баспана")
    held = {"held_at": NOW, "kind": "LEGAL", "form": "PHONE"}
    made = {
        "case": case,
        "incident": center.incident(case, person),
        "protective_order": center.order(case, person),
        "referral": center.referral(case, person, grounds="өміріне қауіп төнді"),
        "consultation": center.add("consultation", case_id=case, person_id=person, **held).id,
        "errand": center.add("errand", case_id=case, what="Қоңырау", who_id=center.worker, due_on=TODAY).id,
    }
    made["consent"] = consent(center, person, case)
    center.office.desk.save("consent", {"withdrawn_on": TODAY}, made["consent"])
    return made


@pytest.mark.parametrize(
    ("sheet", "values"),
    [
        ("incident", {"injuries": "көгерген", "witnesses": "көрші"}),
        ("consultation", {"agreed_steps": "сотқа бару"}),
        ("case", {"situation": "жаңа жағдай"}),
        ("case", {"map_level_source": "хат"}),
    ],
)
def test_an_empty_field_is_not_filled_any_more_for_that_is_new(center, written, sheet, values):
    desk = center.office.desk
    for form in (None, desk.seen(sheet, written[sheet])):
        with pytest.raises(Refused, match="consent was withdrawn"):
            desk.save(sheet, {**(form.values if form else {}), **values}, written[sheet], form)
    assert all(desk.get(sheet, written[sheet]).values()[name] is None for name in values)


@pytest.mark.parametrize(
    ("sheet", "values"),
    [
        ("case", {"goal": "Жұмыс"}),
        ("case", {"goal": None}),
        ("case", {"closed_on": TODAY, "closing_reason": "REFUSED", "closing_note": "Келісімін қайтарып алды."}),
        ("errand", {"done_on": TODAY}),
        ("protective_order", {"served_at": NOW, "officer": "Ахметов"}),
        ("referral", {"answer_text": "қабылданды"}),
    ],
)
def test_what_stands_is_still_corrected_and_brought_to_its_end(center, written, sheet, values):
    assert center.office.desk.save(sheet, values, written[sheet])


LIFTING = [
    {"withdrawn_on": None},
    {"withdrawn_on": TODAY + timedelta(days=1)},
    {"case_id": "other"},
    {"person_id": "x"},
]


@pytest.mark.parametrize("lifting", LIFTING, ids=lambda values: next(iter(values)))
def test_nobody_but_the_head_takes_a_withdrawal_back(center, written, lifting):
    office, case = center.office, written["case"]
    others = {"other": center.case(), "x": center.person("Сапарова", "Айша")}
    values = {name: others.get(value, value) for name, value in lifting.items()}
    head = office.me
    office.database.actor = center.worker
    with pytest.raises(Refused, match="the head alone") as refused:
        office.desk.save("consent", values, written["consent"])
    assert [problem.field for problem in refused.value.problems] == ["withdrawn_on"]
    with pytest.raises(Refused, match="the head alone"):
        office.desk.archive("consent", written["consent"])
    assert office.withdrawals.stopped([case])
    office.database.actor = head
    office.desk.save("consent", values, written["consent"])
    assert not office.withdrawals.stopped([case])


def test_the_day_of_a_withdrawal_is_corrected_by_anybody(center, written):
    center.office.database.actor = center.worker
    center.office.desk.save("consent", {"withdrawn_on": TODAY - timedelta(days=1)}, written["consent"])
    assert center.office.withdrawals.stopped([written["case"]])


def test_the_family_s_page_says_so(center, stopped):
    _person, case, given = stopped
    assert center.office.families.family_page(case).processing_stopped
    center.office.desk.save("consent", {"refusal": "Сот ісі аяқталған жоқ."}, given)
    assert not center.office.families.family_page(case).processing_stopped


def test_papers_are_not_printed_but_the_consent_and_the_numbers_to_call(center, stopped):
    _person, case, _given = stopped
    prints = center.office.prints
    with pytest.raises(Refused):
        prints.draw("CASE_FORM", case_id=case)
    for form in ("CONSENT", "SAFETY_CARD"):
        assert prints.draw(form, case_id=case).startswith(b"%PDF")


def test_lists_that_leave_the_center_leave_her_out_and_say_so(center, stopped, tmp_path):
    person, case, _given = stopped
    office = center.office
    other = center.person("Сапарова", "Айша")
    goes_on = center.case(other)
    out = tmp_path / "list.xlsx"
    done = office.lists.export("case", [case, goes_on], ["number"], out)
    assert done.rows == 1
    told = [str(cell.value) for sheet in load_workbook(out) for row in sheet for cell in row if cell.value]
    assert office.desk.get("case", goes_on).number in told
    assert office.desk.get("case", case).number not in told
    assert any("withdrawn" in line for line in told)
    office.desk.save("consent", {"case_id": None}, _given)
    assert office.lists.export("person", [person, other], ["surname"], tmp_path / "people.xlsx").rows == 1


def test_a_named_exception_lets_one_thing_out(center, stopped):
    _person, case, _given = stopped
    check = center.office.withdrawals.check_case
    with pytest.raises(Refused):
        check(case)
    with pytest.raises(Refused):
        check(case, LegalException.COURT_OR_POLICE, " ")
    check(case, LegalException.COURT_OR_POLICE, "сот сұрауы № 12")
