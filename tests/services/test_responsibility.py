"""Who answers for a case and who is kept off it: decided by whoever hands cases over, never against a victim."""

from __future__ import annotations

from uuid import UUID

import pytest
from small_center import NOW, Center
from two_sides import Sides

from familydesk.core.errors import Refused
from familydesk.services.sides import ONLY_WORKER

HANDS_OVER = "hands cases over"
ROLES = ("PSYCHOLOGIST", "LAWYER", "SOCIAL_WORKER", "MEDIATOR", "DUTY_ADMINISTRATOR")


@pytest.fixture
def sides(center: Center) -> Sides:
    return Sides(center)


def _give(sides: Sides, case: UUID, to: UUID | None) -> None:
    sides.office.desk.save("case", {"responsible_id": to}, case)


def _answers(sides: Sides, case: UUID) -> UUID | None:
    return sides.office.desk.get("case", case).values()["responsible_id"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("role", ROLES)
def test_a_colleagues_case_is_given_to_nobody_else_by_who_hands_no_cases_over(sides: Sides, role: str) -> None:
    other, third = sides.staff("Ахмет", role), sides.staff("Динара")
    for taker in (third, None):
        with sides.seat(other), pytest.raises(Refused) as refused:
            _give(sides, sides.case, taker)
        assert [problem.field for problem in refused.value.problems] == ["responsible_id"]
    assert _answers(sides, sides.case) == sides.center.worker


def test_nobody_gives_her_own_case_away_but_who_hands_cases_over(sides: Sides) -> None:
    own, third = sides.center.case(responsible_id=sides.hers), sides.staff("Динара")
    with sides.seat(sides.hers), pytest.raises(Refused, match=HANDS_OVER):
        _give(sides, own, third)
    with sides.seat(sides.staff("Ахмет", "CASE_MANAGER")):
        _give(sides, own, third)
    assert _answers(sides, own) == third


def test_a_case_that_nobody_answers_for_is_taken_and_given_by_whoever_takes_people_in(sides: Sides) -> None:
    for taker in (sides.hers, sides.staff("Динара")):
        case = sides.center.case(responsible_id=None)
        with sides.seat(sides.hers):
            _give(sides, case, taker)
        assert _answers(sides, case) == taker


@pytest.mark.parametrize("role", ROLES)
def test_nobody_is_kept_off_a_colleagues_case_nor_let_in_again(sides: Sides, role: str) -> None:
    other, related = sides.staff("Ахмет", role), sides.staff("Динара")
    for kept, wanted in ((None, related), (related, None)):
        sides.office.desk.save("case", {"kept_from_id": kept}, sides.case)
        with sides.seat(other), pytest.raises(Refused, match="kept off"):
            sides.office.desk.save("case", {"kept_from_id": wanted}, sides.case)
    assert sides.office.desk.get("case", sides.case).values()["kept_from_id"] == related


def test_the_one_responsible_says_who_is_related(sides: Sides) -> None:
    related = sides.staff("Динара")
    own = sides.center.case(responsible_id=sides.hers)
    with sides.seat(sides.hers):
        for kept in (related, None):
            sides.office.desk.save("case", {"kept_from_id": kept}, own)
            assert sides.office.desk.get("case", own).values()["kept_from_id"] == kept


def test_who_was_kept_off_a_case_without_a_worker_is_not_let_in_by_anybody(sides: Sides) -> None:
    case, related = sides.center.case(responsible_id=None), sides.staff("Динара")
    with sides.seat(sides.hers):
        sides.office.desk.save("case", {"kept_from_id": related}, case)
        with pytest.raises(Refused, match="kept off"):
            sides.office.desk.save("case", {"kept_from_id": None}, case)


def test_a_form_that_was_open_while_the_case_was_handed_over_still_saves_the_rest(sides: Sides) -> None:
    with sides.seat(sides.hers):
        shown = sides.office.desk.seen("case", sides.case)
    third = sides.staff("Динара")
    _give(sides, sides.case, third)
    with sides.seat(sides.hers):
        sides.office.desk.save("case", {**shown.values, "goal": "Баспана"}, sides.case, shown)
    assert _answers(sides, sides.case) == third
    assert sides.office.desk.get("case", sides.case).values()["goal"] == "Баспана"


def test_the_victims_only_worker_is_not_made_the_offenders(sides: Sides) -> None:
    case, worker = sides.serve(), sides.center.worker
    with pytest.raises(Refused) as refused:
        _give(sides, case, worker)
    assert [problem.text for problem in refused.value.problems] == [ONLY_WORKER]
    with pytest.raises(Refused, match="no longer reach her"):
        sides.serve(responsible_id=worker)
    with pytest.raises(Refused, match="no longer reach her"):
        sides.office.handover.hand_over(sides.hers, worker)
    with sides.seat(worker):
        assert sides.office.desk.get("person_phone", sides.phone).id == sides.phone


def test_a_colleague_beside_whom_another_reaches_the_victim_may_take_the_offender_on(sides: Sides) -> None:
    case = sides.serve()
    sides.center.case(sides.victim, responsible_id=sides.staff("Динара"))
    _give(sides, case, sides.center.worker)
    assert _answers(sides, case) == sides.center.worker


def test_the_rest_of_a_case_whose_worker_serves_both_sides_is_still_written(sides: Sides) -> None:
    case = sides.serve(responsible_id=None)
    with sides.seat(sides.center.worker):
        _give(sides, case, sides.center.worker)
        sides.office.desk.save("case", {"opened_on": NOW.date()}, case)
    sides.office.desk.save("case", {"goal": "Жұмыс"}, case)
    assert _answers(sides, case) == sides.center.worker
