"""Whom she is kept from she does not come near by writing either: no edit, merge, handover, undo or trial import."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from openpyxl import Workbook
from small_center import NOW, Center
from test_register import ABAI, HEADER, MIRA, row
from two_sides import NUMBER, Sides

from familydesk.core.errors import Refused
from familydesk.records.possible_duplicate import DuplicateState, PossibleDuplicate
from familydesk.services.journal import Deed
from familydesk.services.reversal import Step, packed

APART = "kept apart"


@pytest.fixture
def sides(center: Center) -> Sides:
    return Sides(center)


def is_apart(sides: Sides) -> bool:
    """Whether who serves the offender is kept from how the victim and her child are reached."""
    with sides.seat(sides.hers):
        phones = sides.office.desk.find("person_phone", {"person_id": sides.victim})
        addresses = sides.office.desk.find("person_address", {"person_id": sides.child})
        return not phones and not addresses


Edit = Callable[[Sides, UUID], Any]
EDITS: dict[str, Edit] = {
    "the offender leaves the incident": lambda sides, _case: sides.office.desk.save(
        "incident", {"offender_id": None}, sides.incident
    ),
    "the victim leaves the incident": lambda sides, _case: sides.office.desk.save(
        "incident", {"victim_id": sides.center.person("Қасым", "Нұрила")}, sides.incident
    ),
    "the case gets another client": lambda sides, case: sides.office.desk.save(
        "case", {"client_id": sides.center.person("Оразов", "Ерлан")}, case
    ),
    "the child leaves the family": lambda sides, _case: sides.office.desk.save(
        "family_member", {"person_id": sides.center.person("Оразов", "Ерлан")}, _place_of_child(sides)
    ),
    "the child becomes a client of hers": lambda sides, _case: sides.center.case(
        sides.child, responsible_id=sides.hers
    ),
}


def _place_of_child(sides: Sides) -> UUID:
    (place,) = sides.office.desk.find("family_member", {"person_id": sides.child})
    return place.id


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_who_serves_the_offender_ends_by_no_edit_what_keeps_her_from_the_victim(sides: Sides, edit: Edit) -> None:
    case = sides.serve()
    assert is_apart(sides)
    with sides.seat(sides.hers), pytest.raises(Refused, match=APART):
        edit(sides, case)
    assert is_apart(sides)


def test_a_case_manager_does_not_give_the_offender_away_by_an_edit_to_see_the_victim(sides: Sides) -> None:
    colleague = sides.staff("Динара")
    sides.hers = sides.staff("Ахмет", "CASE_MANAGER")
    case = sides.serve()
    with sides.seat(sides.hers), pytest.raises(Refused, match=APART):
        sides.office.desk.save("case", {"responsible_id": colleague}, case)
    assert is_apart(sides)


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_a_head_may_decide_otherwise(sides: Sides, edit: Edit) -> None:
    case = sides.serve()
    edit(sides, case)
    assert not is_apart(sides)


def test_an_order_keeps_apart_as_an_incident_does(sides: Sides) -> None:
    order = sides.center.order(sides.case, sides.victim, offender_id=sides.offender)
    sides.office.desk.save("incident", {"offender_id": None}, sides.incident)
    sides.serve()
    with sides.seat(sides.hers), pytest.raises(Refused, match=APART):
        sides.office.desk.save("protective_order", {"offender_id": sides.center.person("Оразов", "Ерлан")}, order)
    assert is_apart(sides)


def test_what_is_put_away_and_brought_back_keeps_apart_all_the_same(sides: Sides) -> None:
    case = sides.serve()
    with sides.seat(sides.hers):
        for sheet, id in (("incident", sides.incident), ("case", case), ("person", sides.offender)):
            sides.office.desk.archive(sheet, id)
    assert is_apart(sides)
    with sides.seat(sides.hers):
        sides.office.desk.bring_back("incident", sides.incident)
    assert is_apart(sides)


def test_who_is_kept_from_the_victim_does_not_put_her_or_her_case_away(sides: Sides) -> None:
    sides.serve()
    for sheet, id in (("person", sides.victim), ("person", sides.child), ("case", sides.case)):
        with sides.seat(sides.hers), pytest.raises(Refused, match="apart from this person"):
            sides.office.desk.archive(sheet, id)
        sides.office.desk.archive(sheet, id)
        with sides.seat(sides.hers), pytest.raises(Refused, match="apart from this person"):
            sides.office.desk.bring_back(sheet, id)


def test_she_does_not_join_two_of_the_victims_family_either(sides: Sides) -> None:
    sides.serve()
    with sides.seat(sides.hers), pytest.raises(Refused, match="apart from this person"):
        sides.office.people.merge(sides.victim, sides.child)


def test_what_she_writes_besides_is_saved(sides: Sides) -> None:
    case = sides.serve()
    with sides.seat(sides.hers):
        sides.office.desk.save("case", {"opened_on": NOW.date()}, case)
        sides.office.desk.save("case_note", {"case_id": case, "written_at": NOW, "text": "Қоңырау"})
    assert is_apart(sides)


def test_a_case_manager_who_hands_over_the_offender_stays_written_down_in_his_case(sides: Sides) -> None:
    sides.hers = sides.staff("Ахмет", "CASE_MANAGER")
    case, colleague = sides.serve(), sides.staff("Динара")
    with sides.seat(sides.hers):
        sides.office.handover.hand_over(sides.hers, colleague)
        assert sides.office.desk.get("case", case).values()["responsible_id"] == colleague
    assert is_apart(sides)
    (note,) = sides.office.desk.find("case_note", {"case_id": case})
    with sides.seat(sides.hers), pytest.raises(Refused, match=APART):
        sides.office.desk.save("case_note", {"author_id": None}, note.id)


def test_a_victim_written_down_twice_stays_apart_when_the_two_are_joined(sides: Sides) -> None:
    again = sides.center.person("Жумабаева", "Молдир")
    sides.center.incident(sides.case, again, offender_id=sides.offender)
    sides.serve()
    with sides.seat(sides.hers), pytest.raises(Refused, match="apart from this person"):
        sides.office.people.merge(again, sides.victim)
    merge = sides.office.people.merge(again, sides.victim)
    with sides.seat(sides.hers):
        assert sides.office.desk.find("person_phone", {"number": NUMBER}) == []
        with pytest.raises(Refused, match="kept from you"):
            sides.office.people.undo(merge)
    assert sides.office.people.undo(merge).left == ()


# Taking back


def test_no_transaction_is_taken_back_that_the_journal_does_not_know_as_a_handover(sides: Sides) -> None:
    (center,) = sides.office.desk.find("center")
    sides.office.desk.save("center", {"name_ru": "Центр"}, center.id)
    with sides.office.database.connection() as connection:
        newest = connection.exec_driver_sql("SELECT txn FROM change ORDER BY seq DESC LIMIT 1").scalar_one()
    with sides.seat(sides.center.worker), pytest.raises(Refused, match="does not know"):
        sides.office.handover.undo(newest)
    assert sides.office.desk.get("center", center.id).values()["name_ru"] == "Центр"


def test_a_handover_that_is_taken_back_is_noted_in_its_cases(sides: Sides) -> None:
    taker = sides.staff("Ким")
    sides.office.handover.undo(sides.office.handover.hand_over(sides.center.worker, taker))
    noted = [one.deed for one in sides.office.journal.access(case_id=sides.case) if one.deed is Deed.HANDED_OVER]
    assert len(noted) == 2


def test_errands_alone_that_are_handed_over_are_taken_back_too(sides: Sides) -> None:
    giver, taker = sides.staff("Ли"), sides.staff("Ким")
    errand = sides.center.add("errand", what="Хат", due_on=NOW.date(), who_id=giver).id
    handed_over = sides.office.handover.hand_over(giver, taker)
    assert sides.office.handover.undo(handed_over).left == ()
    assert sides.office.desk.get("errand", errand).values()["who_id"] == giver


def test_nobody_types_how_a_merge_is_undone(sides: Sides) -> None:
    pair = {"person_id": sides.victim, "other_id": sides.offender}
    steps = packed([Step("case", sides.case.hex, "responsible_id", sides.hers.hex, sides.center.worker.hex)])
    with pytest.raises(Refused) as refused:
        sides.office.desk.save("possible_duplicate", pair | {"merge_log": steps})
    assert [problem.field for problem in refused.value.problems] == ["merge_log"]
    saved = sides.office.desk.save("possible_duplicate", pair | {"merge_log": None}).id
    with pytest.raises(Refused):
        sides.office.desk.save("possible_duplicate", {"merge_log": steps}, saved)


def test_a_merge_that_was_written_past_the_program_is_not_undone(sides: Sides) -> None:
    steps = packed([Step("case", sides.case.hex, "responsible_id", sides.hers.hex, sides.center.worker.hex)])
    with sides.office.database.write() as session:
        pair = PossibleDuplicate(person_id=sides.victim, other_id=sides.offender, state=DuplicateState.MERGED)
        pair.merge_log = steps
        session.add(pair)
    with sides.seat(sides.hers), pytest.raises(Refused, match="does not know"):
        sides.office.people.undo(pair.id)


def test_a_merge_with_another_log_than_its_own_is_not_undone(sides: Sides) -> None:
    one, other = sides.center.person("Оразов", "Ерлан"), sides.center.person("Оразов", "Ерлан")
    merge = sides.office.people.merge(one, other)
    with sides.office.database.write() as session:
        pair = session.get_one(PossibleDuplicate, merge)
        pair.merge_log = packed([Step("case", sides.case.hex, "responsible_id", sides.hers.hex)])
    with pytest.raises(Refused, match="does not know"):
        sides.office.people.undo(merge)


# An import that is only tried


@pytest.fixture
def tried(sides: Sides, tmp_path: Path) -> Callable[[str, str], dict[str, int]]:
    """What a colleague is told who tries a register with one row."""

    def ask(name: str, address: str) -> dict[str, int]:
        book = Workbook()
        for cells in (["Журнал"], HEADER, row("1", name=name, address=address)):
            book.active.append(cells)
        book.save(tmp_path / "register.xlsx")
        with sides.seat(sides.hers):
            return sides.office.register.preview(tmp_path / "register.xlsx").counts()

    return ask


def test_a_trial_import_does_not_tell_whether_an_address_is_right(
    sides: Sides, tried: Callable[[str, str], dict[str, int]]
) -> None:
    client = sides.center.person("Қасым", "Нұрила")
    sides.center.case(client)
    sides.center.add("person_address", person_id=client, kind="ACTUAL", as_written=ABAI)
    assert tried("Қасым Нұрила", ABAI) == tried("Қасым Нұрила", MIRA)
    sides.hers = sides.office.me
    assert tried("Қасым Нұрила", ABAI) != tried("Қасым Нұрила", MIRA)


def test_a_trial_import_does_not_tell_the_victims_telephone_to_who_serves_the_offender(
    sides: Sides, tried: Callable[[str, str], dict[str, int]]
) -> None:
    right, wrong = NUMBER, NUMBER[:-1] + "8"
    assert tried("Жұмабаева Мөлдір", right) != tried("Жұмабаева Мөлдір", wrong)
    sides.serve()
    assert tried("Жұмабаева Мөлдір", right) == tried("Жұмабаева Мөлдір", wrong)


def test_a_trial_import_is_noted_with_its_numbers(sides: Sides, tried: Callable[[str, str], dict[str, int]]) -> None:
    counts = tried("Жұмабаева Мөлдір", MIRA)
    with sides.office.database.connection() as connection:
        query = "SELECT json_extract(detail, '$.tried', '$.rows') FROM journal WHERE deed = 'IMPORTED' AND account = ?"
        noted = connection.exec_driver_sql(query, (sides.hers.hex,)).scalars().all()
    assert noted == [f"[true,{counts['rows']}]"]
