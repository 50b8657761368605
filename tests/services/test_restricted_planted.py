"""Restricted cases against a colleague who holds the store's key and a tool of her own; and who may change them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from decrypted import left
from laptop import CHEAP, SEALABLE, Laptop, planted

from familydesk.core import clock
from familydesk.core.errors import Refused
from familydesk.services import restricted
from familydesk.services.members import Role
from familydesk.services.office import Office
from familydesk.services.restriction import Why
from familydesk.store import guards
from familydesk.store.database import REWRITE

WORDS = [planted(sheet) for sheet in SEALABLE]


def by_hand(laptop: Laptop, statement: str, values: tuple[Any, ...] = ()) -> list[Any]:
    """Write into the file, or read it, as a tool with the store's key does: no trigger of the program answers it."""
    key = laptop.enter("head").database.key
    laptop.leave()
    with guards.plain_connection(laptop.folder / "desk.db", key) as raw:
        triggers = raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'case'").fetchall()
        for (name,) in triggers:
            raw.execute(f'DROP TRIGGER "{name}"')
        found: list[Any] = raw.execute(statement, values).fetchall()
        raw.commit()
    return found


def opens_for(laptop: Laptop, login: str) -> list[str]:
    return laptop.enter(login).database.case_keys.open_cases()


# Who is named


@pytest.mark.parametrize("kind", ["READER", "EMERGENCY"])
@pytest.mark.parametrize("own_key", [True, False])
def test_a_copy_that_a_colleague_put_there_names_nobody(
    laptop: Laptop, records: dict[str, UUID], kind: str, own_key: bool
) -> None:
    case, saule = records["case"], laptop.people["saule"]
    public = laptop.enter("saule").members.sealing_public(saule)
    assert public
    row = (case.hex, kind, saule.hex, 1, (public if own_key else bytes(32)).hex(), b"x")
    by_hand(laptop, "INSERT INTO case_key(case_id, kind, account, generation, public, sealed) VALUES(?,?,?,?,?,?)", row)
    found = laptop.enter("bota").restricted.of(case)
    assert found
    assert found.readers == (laptop.people["bota"],)
    assert opens_for(laptop, "saule") == []
    copies = by_hand(laptop, "SELECT account, generation FROM case_key")
    assert saule.hex not in {account for account, _generation in copies}
    assert {generation for _account, generation in copies} == {1}, "nobody left: the key is the same"


def test_a_row_on_the_sheet_under_the_case_s_id_does_not_say_who_is_responsible(
    laptop: Laptop, records: dict[str, UUID]
) -> None:
    case, bota, saule = records["case"], laptop.people["bota"], laptop.people["saule"]
    by_hand(laptop, 'INSERT INTO "case"(id, responsible_id, archived) VALUES(?, ?, 0)', (case.hex, saule.hex))
    office = laptop.enter("bota")
    found = office.restricted.of(case)
    assert found
    assert found.readers == (bota,)
    assert office.desk.get("case", case).responsible_id == bota  # type: ignore[attr-defined]
    assert office.desk.ids("case").count(case) == 1
    office.restricted.set_readers(case, [bota])
    assert opens_for(laptop, "saule") == []


@pytest.mark.parametrize("bent", ["one bit", "of another generation"])
def test_a_list_that_another_hand_exchanged_names_nobody_until_a_head_makes_it_anew(
    laptop: Laptop, records: dict[str, UUID], bent: str
) -> None:
    case, bota, saule = records["case"], laptop.people["bota"], laptop.people["saule"]
    office = laptop.enter("bota")
    office.restricted.set_readers(case, [bota, saule])
    ((former,),) = by_hand(laptop, "SELECT sealed FROM restricted_case")
    laptop.enter("bota").restricted.set_readers(case, [bota])
    ((newest,),) = by_hand(laptop, "SELECT sealed FROM restricted_case")
    wrong = former if bent == "of another generation" else newest[:-1] + bytes([newest[-1] ^ 1])
    by_hand(laptop, "UPDATE restricted_case SET sealed = ?", (wrong,))
    office = laptop.enter("bota")
    found = office.restricted.of(case)
    assert found
    assert (found.readers, found.damaged) == ((), 1)
    with pytest.raises(Refused):
        office.restricted.set_readers(case, [bota])
    assert opens_for(laptop, "saule") == []
    office = laptop.enter("head")
    office.glass.break_open(case, "Тізім бүлінген, қайта жасаймын")
    office.restricted.set_readers(case, [bota])
    found = laptop.enter("bota").restricted.of(case)
    assert found
    assert (found.readers, found.damaged) == ((bota,), 0)
    assert by_hand(laptop, "SELECT generation FROM restricted_case") == [(3,)], "the lost list may have named anybody"


# Who may change it


def test_a_passphrase_that_was_made_up_for_her_changes_no_restricted_case(
    laptop: Laptop, records: dict[str, UUID]
) -> None:
    case, bota, saule = records["case"], laptop.people["bota"], laptop.people["saule"]
    made_up = laptop.enter("head").members.readmit("bota", laptop.paper, cost=CHEAP).temporary_passphrase
    office = laptop.enter("bota", made_up)
    for change in (
        lambda: office.restricted.open_up(case),
        lambda: office.restricted.set_readers(case, [bota, saule]),
        lambda: office.restricted.restrict(case, Why.THREAT, []),
    ):
        with pytest.raises(Refused):
            change()
    assert opens_for(laptop, "saule") == []


def test_a_passphrase_that_was_made_up_for_her_brings_nothing_in_step(laptop: Laptop, records: dict[str, UUID]) -> None:
    laptop.enter("bota").restricted.set_readers(records["case"], [laptop.people[one] for one in ("bota", "saule")])
    members = laptop.enter("head").members
    members.disable("saule")
    laptop.enter("bota", members.readmit("bota", laptop.paper, cost=CHEAP).temporary_passphrase)
    assert by_hand(laptop, "SELECT generation FROM restricted_case") == [(1,)]


def test_whoever_is_not_on_the_list_brings_nothing_in_step(laptop: Laptop, records: dict[str, UUID]) -> None:
    case, bota, saule = records["case"], laptop.people["bota"], laptop.people["saule"]
    laptop.enter("bota").restricted.set_readers(case, [bota, saule])
    before = by_hand(laptop, "SELECT sealed FROM case_key ORDER BY account, kind")
    laptop.enter("head").members.set_role("saule", Role.ANALYST)
    laptop.enter("saule")
    assert by_hand(laptop, "SELECT sealed FROM case_key ORDER BY account, kind") == before
    found = laptop.enter("bota").restricted.of(case)
    assert found
    assert found.readers == (bota,)
    assert opens_for(laptop, "saule") == []


# What is left in the file


def found_now(office: Office, *words: str) -> set[str]:
    """Which of these words lie in the file or in the write-ahead log, as a kill at this moment would leave them."""
    return left(office.database.path, office.database.key, *words)


def waiting(office: Office) -> bool:
    with office.database.connection() as connection:
        return bool(connection.exec_driver_sql("SELECT 1 FROM meta WHERE key = ?", (REWRITE,)).first())


def test_right_after_restricting_no_word_is_left_in_the_file_or_its_log(
    open_laptop: Laptop, records: dict[str, UUID]
) -> None:
    office = open_laptop.enter("bota")
    office.desk.save("incident", {"place": "Жасырынкөше"}, records["incident"])
    assert found_now(office, "Жасырынкөше") == {"Жасырынкөше"}
    office.restricted.restrict(records["case"], Why.THREAT, [office.me])
    assert found_now(office, "Жасырынкөше", *WORDS) == set()
    assert not waiting(office)


def test_right_after_a_record_joins_the_case_nothing_of_it_is_left(laptop: Laptop, records: dict[str, UUID]) -> None:
    office = laptop.enter("bota")
    errand = office.desk.save("errand", {"what": "Ашық тапсырма", "due_on": clock.today(), "who_id": office.me}).id
    assert found_now(office, "Ашық тапсырма")
    office.desk.save("errand", {"case_id": records["case"]}, errand)
    assert found_now(office, "Ашық тапсырма") == set()


def test_a_large_file_is_written_anew_when_nobody_waits(
    open_laptop: Laptop, records: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restricted, "QUICKLY_REWRITTEN", 0)
    office = open_laptop.enter("bota")
    office.restricted.restrict(records["case"], Why.THREAT, [office.me])
    assert waiting(office)
    assert office.keeping.finish()
    assert not waiting(office)
    assert found_now(office, *WORDS) == set()


def test_what_a_killed_program_left_to_do_is_done_at_the_next_opening(laptop: Laptop) -> None:
    by_hand(laptop, "INSERT INTO meta(key, value) VALUES(?, '1')", (REWRITE,))
    assert not waiting(laptop.enter("bota"))


# Two hands at once


def test_whoever_reads_a_restricted_case_does_not_wait_for_whoever_writes(
    laptop: Laptop, records: dict[str, UUID]
) -> None:
    office, note = laptop.enter("bota"), records["case_note"]
    with office.database.write() as session:
        office.desk.save_in(session, "case_note", {"text": "Жазылып жатыр"}, note)
        assert planted("case_note") in office.desk.get("case_note", note).text  # type: ignore[attr-defined]
    assert office.desk.get("case_note", note).text == "Жазылып жатыр"  # type: ignore[attr-defined]
