"""What other laptops wrote, at the desk: found, told apart from one's own, vouched for, settled and taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from laptop import Laptop
from met_desks import HEAD, Desk, meet, name, take_in
from sqlalchemy import select

from familydesk.core import clock
from familydesk.core.errors import Refused
from familydesk.core.fields import Secrecy
from familydesk.law.iin import is_valid
from familydesk.records.consultation import ConsultationForm, ConsultationKind
from familydesk.records.possible_duplicate import DuplicateState
from familydesk.services.journal import Deed
from familydesk.store.case_keys import is_token
from familydesk.store.tables import CHANGE, CONFLICT
from familydesk.sync.parking import Origin, Parked, Reason, park
from familydesk.sync.wire.change import Change, Version

IIN = next(f"900101200{tail:03d}" for tail in range(1000) if is_valid(f"900101200{tail:03d}"))
"""Of a woman born on 1 January 1890."""


@pytest.fixture
def desks(small_store: Path, tmp_path: Path) -> Iterator[tuple[Desk, Desk]]:
    two = Desk(small_store, tmp_path / "one", 1), Desk(small_store, tmp_path / "two", 2)
    yield two
    for one in two:
        one.office.close()


@pytest.fixture
def known(desks: tuple[Desk, Desk]) -> UUID:
    """A person whom both desks know."""
    here, there = desks
    person = here.person("Жұмабаева")
    there.hear(here)
    return person


@pytest.fixture
def twice(desks: tuple[Desk, Desk], known: UUID) -> UUID:
    """Both have written her name, and heard of each other; the second one's stands."""
    for desk, given in zip(desks, ("Дана", "Аида"), strict=True):
        desk.office.desk.save("person", {"given": given}, known)
    meet(*desks)
    return known


def conflict(desk: Desk, record: UUID) -> object:
    (one,) = desk.office.conflicts.open(record)
    return one


# Beside the sheets


def test_who_came_is_found_and_under_the_name_she_has_now(desks: tuple[Desk, Desk], known: UUID) -> None:
    here, there = desks
    assert [hit.id for hit in there.office.search.find("жумабаева")] == [known]
    here.office.desk.save("person", {"surname": "Есенова"}, known)
    there.hear(here)
    assert [hit.id for hit in there.office.search.find("есенова")] == [known]
    assert there.office.search.find("жумабаева") == []


def test_a_telephone_that_came_leads_to_its_person(desks: tuple[Desk, Desk], known: UUID) -> None:
    here, there = desks
    here.office.desk.save("person_phone", {"person_id": known, "number": "+77010000001"})
    there.hear(here)
    assert [hit.id for hit in there.office.search.find("77010000001")] == [known]


def test_one_person_registered_on_two_laptops_is_one_pair_to_look_at_on_both(desks: tuple[Desk, Desk]) -> None:
    here, there = desks
    people = {
        here.person("Жұмабаева", iin=IIN, iin_differs=True),
        there.person("Джумабаева", iin=IIN, iin_differs=True),
    }
    meet(*desks)
    meet(*desks)
    found = [desk.office.desk.find("possible_duplicate") for desk in desks]
    for (pair,) in found:
        assert {pair.person_id, pair.other_id} == people  # type: ignore[attr-defined]
    assert found[0][0].id == found[1][0].id
    assert not here.office.conflicts.open()
    there.office.desk.save("possible_duplicate", {"state": DuplicateState.DIFFERENT}, found[1][0].id)
    meet(*desks)
    assert here.value("possible_duplicate", found[0][0].id, "state") is DuplicateState.DIFFERENT
    assert not here.office.conflicts.open()


def test_a_pair_that_was_decided_on_one_laptop_before_the_other_one_told_of_it_is_decided(
    desks: tuple[Desk, Desk],
) -> None:
    here, there = desks
    here.person("Жұмабаева", iin=IIN, iin_differs=True)
    there.person("Джумабаева", iin=IIN, iin_differs=True)
    here.hear(there)
    (pair,) = here.office.desk.ids("possible_duplicate")
    here.office.desk.save("possible_duplicate", {"state": DuplicateState.DIFFERENT}, pair)
    meet(*desks)
    meet(*desks)
    assert [desk.value("possible_duplicate", pair, "state") for desk in desks] == [DuplicateState.DIFFERENT] * 2
    assert not any(desk.office.conflicts.open() for desk in desks)


def test_the_journal_vouches_for_what_came_and_proves_whole(desks: tuple[Desk, Desk], twice: UUID) -> None:
    for desk in desks:
        verdict = desk.office.journal.verify()
        assert verdict.whole, verdict
        assert verdict.loose == 0
        with desk.office.database.connection() as connection:
            deeds = connection.exec_driver_sql("SELECT deed FROM journal").scalars().all()
        assert Deed.RECEIVED.name in deeds


def test_a_change_in_the_name_of_another_laptop_that_did_not_come_from_one_is_found(desks: tuple[Desk, Desk]) -> None:
    here, there = desks
    here.person("Жұмабаева")
    there.hear(here)
    with there.office.database.write(whole=True) as session:
        session.connection().exec_driver_sql(
            "INSERT INTO change(sheet, record, field, value, clock, txn, actor, device) "
            "SELECT sheet, record, 'given', '\"Дана\"', clock + 1, txn, actor, 2 FROM change WHERE device = 2"
        )
        there.office.journal.note_in(session, Deed.EXPORTED)
    assert not there.office.journal.verify().whole


def test_the_history_tells_who_wrote_elsewhere_and_over_what(desks: tuple[Desk, Desk], twice: UUID) -> None:
    for desk in desks:
        told = {(one.before, one.after) for one in desk.office.history.of("person", twice) if one.field == "given"}
        assert told == {(None, "Мөлдір"), ("Мөлдір", "Дана"), ("Мөлдір", "Аида")}
        assert all(one.who for one in desk.office.history.of("person", twice))


def test_a_form_that_was_open_when_something_came_overwrites_nothing(desks: tuple[Desk, Desk], known: UUID) -> None:
    here, there = desks
    seen = there.office.desk.seen("person", known)
    here.office.desk.save("person", {"given": "Дана"}, known)
    there.hear(here)
    saved = there.office.desk.save("person", {"given": "Аида"}, known, seen)
    assert len(saved.conflicts) == 1
    assert there.value("person", known, "given") == "Дана"


def test_a_form_that_was_open_when_something_came_that_does_not_stand_is_saved(
    desks: tuple[Desk, Desk], known: UUID
) -> None:
    here, there = desks
    here.office.desk.save("person", {"given": "Дана"}, known)
    there.office.desk.save("person", {"given": "Аида"}, known)
    seen = there.office.desk.seen("person", known)
    there.hear(here)
    assert there.value("person", known, "given") == "Аида"
    saved = there.office.desk.save("person", {"given": "Мадина"}, known, seen)
    assert saved.conflicts == ()
    assert there.value("person", known, "given") == "Мадина"


# Conflicts


def test_each_laptop_calls_its_own_value_mine(desks: tuple[Desk, Desk], twice: UUID) -> None:
    here, there = (conflict(desk, twice) for desk in desks)
    assert here.id == there.id  # type: ignore[attr-defined]
    assert (here.before, here.mine, here.theirs) == ("Мөлдір", "Дана", "Аида")  # type: ignore[attr-defined]
    assert (there.before, there.mine, there.theirs) == ("Мөлдір", "Аида", "Дана")  # type: ignore[attr-defined]
    assert (here.mine_stands, there.mine_stands) == (False, True)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("verdict", "value", "stands", "elsewhere"),
    [("keep", None, "Дана", "take"), ("take", None, "Аида", "keep"), ("write", "Мадина", "Мадина", "write")],
)
def test_a_choice_here_settles_it_there(
    desks: tuple[Desk, Desk], twice: UUID, verdict: str, value: str | None, stands: str, elsewhere: str
) -> None:
    here, there = desks
    here.office.conflicts.settle(conflict(here, twice).id, verdict, value)  # type: ignore[attr-defined, arg-type]
    meet(*desks)
    for desk, word in ((here, verdict), (there, elsewhere)):
        assert desk.value("person", twice, "given") == stands
        assert desk.office.conflicts.open() == []
        ((settled, said),) = desk.office.conflicts.settled(5)
        assert {settled.mine, settled.theirs} == {"Дана", "Аида"}
        assert said == word
        with desk.office.database.connection() as connection:
            row = connection.execute(select(CONFLICT)).one()
        assert (row.settled_by, bool(row.settled_at)) == (HEAD.hex, True)
        assert desk.office.journal.verify().whole


def test_a_choice_that_was_made_while_something_newer_came_is_refused(desks: tuple[Desk, Desk], twice: UUID) -> None:
    here, there = desks
    looked_at = conflict(here, twice)
    there.office.desk.save("person", {"given": "Мадина"}, twice)
    meet(*desks)
    with pytest.raises(Refused, match="changed once more"):
        here.office.conflicts.settle(looked_at.id, "take", standing=looked_at.standing)  # type: ignore[attr-defined]
    assert here.value("person", twice, "given") == "Мадина"


def test_two_choices_that_knew_nothing_of_each_other_are_a_conflict_again(
    desks: tuple[Desk, Desk], twice: UUID
) -> None:
    here, there = desks
    here.office.conflicts.settle(conflict(here, twice).id, "keep")  # type: ignore[attr-defined]
    there.office.conflicts.settle(conflict(there, twice).id, "write", "Мадина")  # type: ignore[attr-defined]
    meet(*desks)
    assert {conflict(desk, twice).id for desk in desks}  # type: ignore[attr-defined]
    here.office.conflicts.settle(conflict(here, twice).id, "take")  # type: ignore[attr-defined]
    meet(*desks)
    assert [desk.value("person", twice, "given") for desk in desks] == ["Мадина"] * 2
    assert not any(desk.office.conflicts.open() for desk in desks)


@pytest.mark.parametrize(("verdict", "away"), [("keep", True), ("take", False)])
def test_a_record_that_was_put_away_here_and_written_there_is_decided_by_a_person(
    desks: tuple[Desk, Desk], known: UUID, verdict: str, away: bool
) -> None:
    here, there = desks
    there.office.desk.save("person", {"given": "Дана"}, known)
    here.office.desk.archive("person", known)
    meet(*desks)
    one = conflict(here, known)
    assert (one.field.name, one.mine, one.theirs) == ("archived", True, False)  # type: ignore[attr-defined]
    here.office.conflicts.settle(one.id, verdict)  # type: ignore[attr-defined, arg-type]
    meet(*desks)
    assert [bool(desk.value("person", known, "archived")) for desk in desks] == [away, away]
    assert not any(desk.office.conflicts.open() for desk in desks)


def test_a_privileged_note_that_was_written_twice_is_settled_by_its_owner(desks: tuple[Desk, Desk]) -> None:
    here, there = desks
    person = here.person("Жұмабаева")
    case = here.office.desk.save("case", {"number": "КО-1", "client_id": person, "opened_on": clock.today()}).id
    blank = here.office.desk.blank("consultation")
    secret = next(field.name for field in blank.fields() if field.secrecy is Secrecy.PRIVILEGED)
    values = {"case_id": case, "person_id": person, "held_at": clock.now(), "kind": ConsultationKind.LEGAL}
    sheet = "consultation"
    record = here.office.desk.save(sheet, {**values, "form": ConsultationForm.PHONE, secret: "Бастапқы"}).id
    there.hear(here)
    here.office.desk.save(sheet, {secret: "Бірінші"}, record)
    there.office.desk.save(sheet, {secret: "Екінші"}, record)
    meet(*desks)
    one = conflict(here, record)
    assert (one.mine, one.theirs) == ("Бірінші", "Екінші")  # type: ignore[attr-defined]
    here.office.conflicts.settle(one.id, "keep")  # type: ignore[attr-defined]
    meet(*desks)
    assert [desk.value(sheet, record, secret) for desk in desks] == ["Бірінші"] * 2


# Merging people, erasing


def test_people_that_were_merged_there_are_one_here_and_can_be_taken_apart_here(desks: tuple[Desk, Desk]) -> None:
    here, there = desks
    kept, dropped = here.person("Жұмабаева"), here.person("Джумабаева")
    phone = here.office.desk.save("person_phone", {"person_id": dropped, "number": "+77010000001"}).id
    there.hear(here)
    merge = here.office.people.merge(kept, dropped, {})
    there.hear(here)
    assert there.value("person_phone", phone, "person_id") == kept
    assert there.value("person", dropped, "archived")
    there.office.people.undo(merge)
    meet(*desks)
    for desk in desks:
        assert desk.value("person_phone", phone, "person_id") == dropped
        assert not desk.value("person", dropped, "archived")
        assert not desk.office.conflicts.open()


def test_what_comes_of_somebody_who_was_erased_here_stays_out(desks: tuple[Desk, Desk], known: UUID) -> None:
    here, there = desks
    there.office.keeping.erase(known, "келісімін кері алды")
    here.office.desk.save("person", {"given": "Дана"}, known)
    there.hear(here)
    assert there.office.desk.ids("person") == []
    with there.office.database.connection() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM parked").scalar() == 0


def test_what_hangs_on_somebody_who_was_erased_here_leaves_nothing(desks: tuple[Desk, Desk], known: UUID) -> None:
    here, there = desks
    phone = here.office.desk.save("person_phone", {"person_id": known, "number": "+77010000001"}).id
    there.office.keeping.erase(known, "келісімін кері алды")
    there.hear(here)
    here.office.desk.save("person_phone", {"number": "+77010000002"}, phone)
    there.hear(here)
    with there.office.database.connection() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM parked").scalar() == 0
        held = connection.execute(select(CHANGE.c.field).where(CHANGE.c.record == phone.hex)).scalars().all()
    assert held == ["*"]
    assert there.office.desk.ids("person_phone") == []
    assert there.office.journal.verify().whole


def test_what_waits_for_somebody_goes_when_she_is_erased(desks: tuple[Desk, Desk], known: UUID) -> None:
    _here, there = desks
    with there.office.database.write(whole=True) as session:
        change = Change("person_phone", bytes(16), "", '{"number":"+77010000001"}', Version(9, b"9" * 16), (), 9)
        parked = Parked.change(Origin(b"9" * 16, HEAD, 1), Reason.PARENT, known.hex, change)
        assert park(session.connection(), [parked]) == 1
    there.office.keeping.erase(known, "келісімін кері алды")
    with there.office.database.connection() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM parked").scalar() == 0


# Restricted cases


@pytest.fixture
def note_elsewhere(laptop: Laptop, records: dict[str, UUID]) -> Change:
    """A new note in a restricted case, written on a laptop that knows nothing of the restriction."""
    value = f'{{"case_id":"{records["case"].hex}","text":"Құпия сөз","archived":0}}'
    return Change("case_note", bytes(15) + b"\1", "", value, Version(1 << 60, b"9" * 16), (), 1 << 60)


def test_what_comes_for_a_restricted_case_is_sealed_with_it(laptop: Laptop, note_elsewhere: Change) -> None:
    office = laptop.enter("bota")
    name(office.database, b"1" * 16)
    note = UUID(bytes=note_elsewhere.record)
    edit = Change(
        "case_note", note_elsewhere.record, "text", '"Басқа сөз"', Version((1 << 60) + 1, b"9" * 16),
        (note_elsewhere.version,), 1 << 60,
    )  # fmt: skip
    take_in(office, b"9" * 16, [note_elsewhere, edit])
    assert office.desk.get("case_note", note).text == "Басқа сөз"  # type: ignore[attr-defined]
    with office.database.connection() as connection:
        query = "SELECT count(*) FROM main.case_note WHERE id = ?"
        assert connection.exec_driver_sql(query, (note.hex,)).scalar() == 0
        values = connection.execute(select(CHANGE.c.value).where(CHANGE.c.record == note.hex)).scalars().all()
    assert len(values) == 2
    assert all(map(is_token, values))


def test_what_comes_for_a_case_that_is_not_open_here_waits_until_somebody_who_is_named_sits_here(
    laptop: Laptop, note_elsewhere: Change
) -> None:
    office = laptop.enter("saule")
    name(office.database, b"1" * 16)
    assert take_in(office, b"9" * 16, [note_elsewhere]).parked == 1
    office = laptop.enter("bota")
    applied = office.receiving.replay()
    assert (applied.received, applied.parked) == (1, -1)
    assert office.desk.get("case_note", UUID(bytes=note_elsewhere.record)).text == "Құпия сөз"  # type: ignore[attr-defined]


def test_what_comes_sealed_with_a_case_opens_with_its_key_and_waits_without(
    laptop: Laptop, note_elsewhere: Change
) -> None:
    office = laptop.enter("bota")
    name(office.database, b"1" * 16)
    case = json.loads(note_elsewhere.value or "")["case_id"]
    keys, place = office.database.case_keys, ("case_note", note_elsewhere.record.hex())
    whole = replace(note_elsewhere, value=keys.token(case, *place, "", note_elsewhere.value or ""))
    version = Version(note_elsewhere.version.clock + 1, note_elsewhere.version.device)
    edit = Change(
        "case_note", whole.record, "text", keys.token(case, *place, "text", '"Басқа сөз"'), version, (whole.version,), 9
    )
    office = laptop.enter("saule")
    assert take_in(office, b"9" * 16, [whole, edit]).parked == 2
    office = laptop.enter("bota")
    assert office.receiving.replay().received == 2
    note = office.desk.get("case_note", UUID(bytes=whole.record))
    assert note.text == "Басқа сөз"  # type: ignore[attr-defined]
