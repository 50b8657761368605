from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from small_center import NOW, Center

from familydesk.core.errors import Refused
from familydesk.core.i18n import speaking, translate
from familydesk.core.record import references
from familydesk.records import SHEETS
from familydesk.records.person_phone import SafeToCall
from familydesk.records.possible_duplicate import Alike, DuplicateState
from familydesk.services.office import Office


class Two:
    """One woman, written down twice."""

    def __init__(self, center: Center) -> None:
        self.keep = center.person("Жұмабаева", "Мөлдір", remarks="Бірінші", occupation="Мұғалім")
        self.drop = center.person(
            "Жумабаева", "Молдир", born_on=date(1990, 2, 1), remarks="Екінші", occupation="Дәрігер"
        )


@pytest.fixture
def two(center: Center) -> Two:
    return Two(center)


def snapshot(office: Office) -> dict[str, Any]:
    """Every record of every sheet but the merges themselves, by id."""
    return {
        f"{sheet.sheet()}/{record.id}": (record.archived, record.values())
        for sheet in SHEETS
        if sheet.sheet() != "possible_duplicate"
        for archived in (False, True)
        for record in office.desk.find(sheet.sheet(), archived=archived)
    }


def test_what_the_one_lacks_comes_from_the_other(office: Office, two: Two) -> None:
    office.people.merge(two.keep, two.drop)
    person = office.desk.get("person", two.keep)
    assert (person.surname, person.given, person.born_on) == ("Жұмабаева", "Мөлдір", date(1990, 2, 1))
    assert person.occupation == "Мұғалім"
    assert person.remarks == "Бірінші\n\nЕкінші"
    assert office.desk.get("person", two.drop).archived


def test_a_choice_stands(office: Office, two: Two) -> None:
    office.people.merge(two.keep, two.drop, {"occupation": "Дәрігер", "remarks": "Екінші"})
    person = office.desk.get("person", two.keep)
    assert (person.occupation, person.remarks) == ("Дәрігер", "Екінші")


def test_two_people_are_laid_side_by_side(office: Office, two: Two) -> None:
    sides = {one.field.name: one for one in office.people.compare(two.keep, two.drop)}
    assert sides["occupation"].differs
    assert sides["occupation"].chosen == "Мұғалім"
    assert not sides["born_on"].differs
    assert sides["born_on"].chosen == date(1990, 2, 1)


def test_every_reference_on_every_sheet_moves(office: Office, center: Center, two: Two) -> None:
    case = center.case(two.drop)
    center.application(two.drop)
    center.incident(case, two.drop)
    center.order(case, center.person(), offender_id=two.drop)
    center.referral(case, two.drop)
    child = center.person("Жұмабаева", "Айша")
    center.add("kinship", person_id=two.drop, kind="PARENT", relative_id=child)
    center.add("consent", person_id=two.drop, given_on=date(2026, 11, 1), collected=("NAMES",))
    center.add("appointment", person_id=two.drop, starts_at=NOW, kind="LAWYER")
    office.people.merge(two.keep, two.drop)
    left = [
        (sheet.sheet(), field.name)
        for sheet in SHEETS
        if sheet.sheet() != "possible_duplicate"
        for field in references(sheet, "person")
        if office.desk.count(sheet.sheet(), {field.name: two.drop})
    ]
    assert left == []
    assert office.desk.get("case", case).client_id == two.keep
    assert office.desk.find("kinship")[0].person_id == two.keep


def test_undoing_a_merge_brings_everything_back(office: Office, center: Center, two: Two) -> None:
    case = center.case(two.drop)
    center.incident(case, two.drop)
    family = center.add("family", name="Жұмабаевтар").id
    for person in (two.keep, two.drop):
        center.add("family_member", family_id=family, person_id=person, relation="CLIENT")
        center.add("person_phone", person_id=person, number="87011234542", safe_to_call="YES")
    center.add("person_address", person_id=two.drop, kind="ACTUAL", street="Абай 1")
    before = snapshot(office)
    merge = office.people.merge(two.keep, two.drop)
    assert snapshot(office) != before
    assert office.people.undo(merge).left == ()
    assert snapshot(office) == before
    assert office.desk.get("possible_duplicate", merge).state is DuplicateState.OPEN
    with pytest.raises(Refused):
        office.people.undo(merge)


def test_undoing_keeps_what_somebody_changed_since(office: Office, two: Two) -> None:
    merge = office.people.merge(two.keep, two.drop)
    office.desk.save("person", {"born_on": date(1991, 1, 1)}, two.keep)
    assert office.people.undo(merge).left == (("person", two.keep),)
    assert office.desk.get("person", two.keep).born_on == date(1991, 1, 1)
    assert not office.desk.get("person", two.drop).archived


def test_no_telephone_or_address_is_lost_and_the_careful_answer_holds(office: Office, center: Center, two: Two) -> None:
    center.add("person_phone", person_id=two.keep, number="87011234542", safe_to_call="YES")
    center.add("person_phone", person_id=two.drop, number="87011234542", safe_to_call="NO")
    center.add("person_phone", person_id=two.drop, number="87011234542", safe_hours="10:00-12:00")
    center.add("person_phone", person_id=two.drop, number="87019990000")
    center.add("person_address", person_id=two.drop, kind="ACTUAL", street="Абай 1")
    office.people.merge(two.keep, two.drop)
    phones = office.desk.find("person_phone", {"person_id": two.keep})
    assert {phone.number for phone in phones} == {"+77011234542", "+77019990000"}
    twice = [phone for phone in phones if phone.number == "+77011234542"]
    assert [phone.safe_to_call for phone in twice] == [SafeToCall.NO, SafeToCall.NO]
    assert "10:00-12:00" in {phone.safe_hours for phone in twice}
    assert office.desk.count("person_address", {"person_id": two.keep}) == 1


def test_a_place_in_one_family_stays_one_place(office: Office, center: Center, two: Two) -> None:
    family = center.add("family", name="Жұмабаевтар").id
    for person in (two.keep, two.drop):
        center.add("family_member", family_id=family, person_id=person, relation="CLIENT")
    office.people.merge(two.keep, two.drop)
    assert [one.person_id for one in office.desk.find("family_member")] == [two.keep]


def test_victim_and_offender_cannot_become_one_person(office: Office, center: Center, two: Two) -> None:
    center.incident(center.case(two.keep), two.keep, offender_id=two.drop)
    before = snapshot(office)
    with pytest.raises(Refused):
        office.people.merge(two.keep, two.drop)
    assert snapshot(office) == before


def test_kinship_of_the_two_says_nothing_afterwards(office: Office, center: Center, two: Two) -> None:
    center.add("kinship", person_id=two.keep, kind="SIBLING", relative_id=two.drop)
    office.people.merge(two.keep, two.drop)
    assert office.desk.find("kinship") == []


def test_two_iins_are_not_joined_without_a_word(office: Office, center: Center) -> None:
    first, second = (iin for iin in iins())
    keep, drop = center.person(iin=first), center.person(iin=second)
    with pytest.raises(Refused) as refused:
        office.people.merge(keep, drop)
    assert refused.value.problems[0].field == "iin"
    office.people.merge(keep, drop, {"iin": second})
    assert office.desk.get("person", keep).iin == second


def test_an_iin_takes_the_place_of_the_reason_for_its_absence(office: Office, center: Center, two: Two) -> None:
    known = center.person(iin=next(iins()))
    office.people.merge(two.keep, known)
    person = office.desk.get("person", two.keep)
    assert (person.iin, person.iin_absence) == (next(iins()), None)


def test_a_person_is_not_joined_with_herself_or_with_someone_put_away(office: Office, two: Two) -> None:
    with pytest.raises(Refused):
        office.people.merge(two.keep, two.keep)
    office.desk.archive("person", two.drop)
    with pytest.raises(Refused):
        office.people.merge(two.keep, two.drop)


def test_the_one_who_stays_is_found_and_the_other_is_not(office: Office, center: Center, two: Two) -> None:
    center.add("person_phone", person_id=two.drop, number="87019990000")
    merge = office.people.merge(two.keep, two.drop)
    assert [hit.id for hit in office.search.find("87019990000", sheets=("person",))] == [two.keep]
    office.people.undo(merge)
    assert [hit.id for hit in office.search.find("87019990000", sheets=("person",))] == [two.drop]


def test_possible_duplicates_wait_until_somebody_decides(office: Office, center: Center, two: Two) -> None:
    other = center.person("Жумабаева", "Малдир")
    same = center.add("possible_duplicate", person_id=two.keep, other_id=two.drop, why="NAME").id
    strange = center.add("possible_duplicate", person_id=two.drop, other_id=other).id
    assert [pair.id for pair in office.people.possible()] == [same, strange]
    with speaking("ru"):
        assert office.people.possible()[0].why == translate(Alike.NAME.value)
    office.people.different(strange)
    assert office.people.merge(two.keep, two.drop) == same
    assert office.people.possible() == []


def test_why_a_pair_waits_is_told_in_the_readers_language(office: Office, center: Center, two: Two) -> None:
    pair = center.add("possible_duplicate", person_id=two.keep, other_id=two.drop, why="NAME_AND_FACT").id
    told = {}
    for language in ("kk", "ru"):
        with speaking(language):
            told[language] = (office.people.possible()[0].why, office.desk.get("possible_duplicate", pair).shown("why"))
    assert told["kk"][0] == told["kk"][1] != told["ru"][0] == told["ru"][1]


def test_a_reason_that_was_stored_as_a_text_is_shown_as_it_is(office: Office, center: Center, two: Two) -> None:
    center.add("possible_duplicate", person_id=two.keep, other_id=two.drop)
    with office.database.write() as session:
        session.connection().exec_driver_sql("UPDATE possible_duplicate SET why = 'Аты ұқсас'")
    assert office.people.possible()[0].why == "Аты ұқсас"


def test_another_pair_of_the_one_put_away_follows_her(office: Office, center: Center, two: Two) -> None:
    other = center.person("Жумабаева", "Малдир")
    center.add("possible_duplicate", person_id=two.drop, other_id=other)
    office.people.merge(two.keep, two.drop)
    ((pair),) = office.people.possible()
    assert (pair.one.id, pair.other.id) == (two.keep, other)


def test_a_merge_stands_in_the_history(office: Office, two: Two) -> None:
    office.people.merge(two.keep, two.drop)
    assert "born_on" in {entry.field for entry in office.history.of("person", two.keep)}
    assert "archived" in {entry.field for entry in office.history.of("person", two.drop)}


def iins() -> Any:
    """IINs of two women born on 1 January 1890."""
    from familydesk.law.iin import is_valid

    for serial in ("0001", "0002"):
        start = f"9001012{serial}"
        yield next(start + str(digit) for digit in range(10) if is_valid(start + str(digit)))
