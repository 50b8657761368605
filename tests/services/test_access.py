"""Who opened a file: found by every record of its client, by lists and papers, and by all her cases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from laptop import Laptop
from small_center import Center
from two_sides import Sides

from familydesk.core.errors import Refused
from familydesk.services.access import Access
from familydesk.services.giving_out import Handing, Protection
from familydesk.store.journal import Deed

NEED = "Сот сұрауы"


@pytest.fixture
def sides(center: Center) -> Sides:
    return Sides(center)


def listed(sides: Sides, case: UUID | None = None) -> list[tuple[str, str]]:
    """Deed and sheet of each line about the victim's case."""
    found: list[Access] = sides.office.journal.access(case or sides.case)
    return [(one.deed.name, one.sheet) for one in found if one.deed is not Deed.UNLOCKED]


def member(sides: Sides) -> UUID:
    (place,) = sides.office.desk.find("family_member", {"person_id": sides.victim})
    return place.id


LOOKS: dict[str, Callable[[Sides], tuple[str, UUID]]] = {
    "her telephone": lambda sides: ("person_phone", sides.phone),
    "her child's hidden address": lambda sides: ("person_address", sides.address),
    "her place in the family": lambda sides: ("family_member", member(sides)),
    "herself": lambda sides: ("person", sides.victim),
    "her child": lambda sides: ("person", sides.child),
    "her family": lambda sides: ("family", sides.family),
    "an incident": lambda sides: ("incident", sides.incident),
    "an application without a case": lambda sides: ("application", sides.center.application(sides.victim)),
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_a_look_at_any_record_of_the_client_is_a_look_at_her_file(
    sides: Sides, look: Callable[[Sides], tuple[str, UUID]]
) -> None:
    sheet, id = look(sides)
    sides.office.desk.look(sheet, id)
    assert listed(sides) == [("VIEWED", sheet)]


@pytest.mark.parametrize("sheet", ["incident", "case", "person", "person_phone", "person_address", "family_member"])
def test_a_list_that_shows_one_of_her_records_is_a_look_at_her_file(sides: Sides, sheet: str) -> None:
    stranger = sides.center.case(sides.center.person("Қасым", "Нұрила"))
    sides.office.desk.look_through(sheet)
    assert listed(sides) == [("VIEWED", sheet)]
    assert listed(sides, stranger) == ([("VIEWED", sheet)] if sheet in ("case", "person") else [])


def test_a_list_in_which_none_of_hers_stands_is_none(sides: Sides) -> None:
    sides.center.case(sides.center.person("Қасым", "Нұрила"))
    sides.office.desk.look_through("person", {"surname": "Қасым"})
    sides.office.desk.look_through("region")
    assert listed(sides) == []


def test_her_address_on_paper_stands_in_her_file_with_its_reason(sides: Sides) -> None:
    sides.office.prints.draw("RECORD", sheet="person_address", record_id=sides.address, allow_location=NEED)
    sides.office.prints.draw("RECORD", sheet="person_phone", record_id=sides.phone, only_look=True)
    assert listed(sides) == [("PRINTED", "person_address"), ("VIEWED", "person_phone")]
    assert sides.office.journal.access(sides.case)[0].reason == NEED


def test_a_spreadsheet_and_a_list_for_others_stand_in_the_files_that_they_show(sides: Sides, tmp_path: Path) -> None:
    office = sides.office
    office.lists.export("person_phone", [sides.phone], ["number"], tmp_path / "list.xlsx")
    handing = Handing(NEED, "Полиция", Protection.PASSPHRASE, "ұзын құпия сөз керек")
    office.lists.give_out("incident", [sides.incident], ["severity"], handing).save(tmp_path / "given")
    assert listed(sides) == [("EXPORTED", "person_phone"), ("EXPORTED", "incident")]


def test_a_look_through_a_second_case_stands_in_the_first_one_too(sides: Sides) -> None:
    with sides.seat(sides.hers):
        second = sides.center.case(sides.victim, responsible_id=sides.hers)
        sides.office.desk.look("case", second)
        sides.office.desk.look("person_address", sides.address)
    found = sides.office.journal.access(sides.case)
    assert [(one.sheet, one.account) for one in found] == [("case", sides.hers), ("person_address", sides.hers)]


def test_a_look_at_the_other_side_is_no_look_at_her_file(sides: Sides) -> None:
    sides.office.desk.look("case", sides.serve())
    sides.office.desk.look("person", sides.offender)
    assert listed(sides) == []


def test_a_look_stays_found_when_the_address_is_somebody_elses_since(sides: Sides) -> None:
    sides.office.desk.look("person_address", sides.address)
    stranger = sides.center.person("Қасым", "Нұрила")
    sides.office.desk.save("person_address", {"person_id": stranger}, sides.address)
    assert listed(sides) == [("VIEWED", "person_address")]


def test_there_is_no_file_of_a_case_that_is_not_there(sides: Sides) -> None:
    with pytest.raises(Refused):
        sides.office.journal.access(UUID(int=7))


def test_who_opened_a_restricted_case_is_told_by_its_id(laptop: Laptop, records: dict[str, UUID]) -> None:
    laptop.enter("bota").desk.look("case", records["case"])
    office = laptop.enter("head")
    (closed,) = office.glass.behind()
    assert closed.case == records["case"]
    found = office.journal.access(closed.case)
    assert [(one.deed.name, one.account) for one in found] == [
        ("RESTRICTED", laptop.people["bota"]),
        ("VIEWED", laptop.people["bota"]),
    ]
