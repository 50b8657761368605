"""`verify` and `access`: what they tell, and with which exit code they end."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from familydesk.cli import run
from familydesk.services import front_door
from familydesk.store import guards
from familydesk.store.derivation import Cost
from familydesk.store.keys import KeyFile

PASSPHRASE = "таңғы шық пен кешкі самал 7"
CHEAP = Cost(3, 64 * 1024 * 1024)


class Told(NamedTuple):
    """What a command left."""

    code: int
    out: str
    err: str


Desk = Callable[..., Told]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A new store."""
    folder = tmp_path / "store"
    words = {"center": "Көктем орталығы", "person": "Оспанова Гүлнар", "login": "head", "passphrase": PASSPHRASE}
    front_door.create_store(folder, **words, cost=CHEAP).office.close()
    return folder


@pytest.fixture
def desk(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Desk:
    """Run a command on the store."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    def call(*words: str, lines: Sequence[str] = ()) -> Told:
        monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join([PASSPHRASE, *lines]) + "\n"))
        code = run([*words, "--store", str(folder), "--passphrase-stdin", "--lang", "en"])
        return Told(code, *capsys.readouterr())

    return call


def asked(desk: Desk, *words: str) -> Any:
    """The JSON that a command tells."""
    return json.loads(desk(*words, "--json").out)


def new_case(desk: Desk) -> tuple[str, str]:
    """The id and the number of a new case of a new person."""
    person = asked(desk, "record", "add", "person", "surname=Жұмабаева", "given=Айгүл", "iin_absence=NOT_RECORDED")
    case = asked(desk, "record", "add", "case", f"client_id={person['id']}", "opened_on=2026-11-20")
    return case["id"], case["number"]


def in_the_file(folder: Path, statement: str) -> list[Any]:
    """Change or read the database by another hand that has the store key."""
    keys = KeyFile.read(folder / "desk.keys")
    key = keys.by_passphrase(PASSPHRASE, "", CHEAP).store_key
    with guards.plain_connection(folder / "desk.db", key) as connection:
        return list(connection.execute(statement).fetchall())


def test_who_opened_a_file_is_asked_by_its_id_too(desk: Desk) -> None:
    case, number = new_case(desk)
    asked(desk, "record", "list", "case")
    by_id = asked(desk, "access", "--case", case)
    assert [one["deed"] for one in by_id] == ["VIEWED"]
    assert asked(desk, "access", "--case", number) == by_id
    assert asked(desk, "access", "--restricted") == []
    for wrong in (["--case", "01900000-0000-7000-8000-000000000009"], ["--case", "FSC-9"]):
        assert desk("access", *wrong).code == 1
    for wrong in ([], ["--case", number, "--restricted"]):
        with pytest.raises(SystemExit) as misused:
            desk("access", *wrong)
        assert misused.value.code == 2


def test_a_record_that_is_set_without_a_value_is_shown_and_that_is_noted(desk: Desk) -> None:
    case, number = new_case(desk)
    assert asked(desk, "record", "set", "case", case)["number"] == number
    assert [one["deed"] for one in asked(desk, "access", "--case", number)] == ["VIEWED"]


def test_a_store_as_it_was_written_is_whole(desk: Desk) -> None:
    told = asked(desk, "verify")
    assert (told["whole"], told["broken"]) == (True, None)
    assert told["events"] >= 3
    assert told["head"].startswith(f"{told['events']}-")


def test_a_changed_event_is_named_with_exit_code_1(desk: Desk, folder: Path) -> None:
    in_the_file(folder, "UPDATE journal SET deed = 'SEARCHED' WHERE seq = 2")
    told = desk("verify", "--json")
    assert told.code == 1
    assert json.loads(told.out)["broken"] == {
        "seq": 2,
        "why": "Event 2 of the journal, or what stands before it, was changed after it was written.",
    }
    assert desk("verify").out.count("\n") == 1


@pytest.mark.parametrize("table", ["journal", "statement", "change"])
def test_a_history_that_another_program_took_out_is_told_as_that(desk: Desk, folder: Path, table: str) -> None:
    in_the_file(folder, f"DROP TABLE {table}")
    told = desk("verify", "--json")
    assert (told.code, told.out, told.err.count("\n")) == (3, "", 1)
    assert "taken out of its file by another program" in told.err


def test_an_old_print_holds_and_a_false_one_does_not(desk: Desk) -> None:
    head = asked(desk, "verify")["head"]
    assert desk("verify", "--print-head", head).code == 0
    assert desk("verify", "--print-head", head[:-1] + ("0" if head[-1] != "0" else "1")).code == 1
    told = desk("verify", "--print-head", "999999-0000-0000-0000-0000")
    assert (told.code, "fewer" in told.out) == (1, True)


@pytest.mark.parametrize("typed", ["", " ", "nonsense", "1207", "1207-7K3Q-M2XD-9VAB"])
def test_what_no_paper_bears_is_bad_usage_and_no_verdict(desk: Desk, typed: str) -> None:
    told = desk("verify", "--print-head", typed, "--json")
    assert (told.code, told.out, told.err.count("\n")) == (2, "", 1)
    assert "as papers bear it" in told.err


def test_a_list_of_records_is_noted_with_its_sheet_and_how_many_they_were(desk: Desk, folder: Path) -> None:
    new_case(desk)
    assert len(asked(desk, "record", "list", "person")) == 1
    asked(desk, "record", "list", "region")
    noted = "SELECT sheet, detail FROM journal WHERE deed = 'VIEWED'"
    (person,) = in_the_file(folder, "SELECT id FROM person")
    assert in_the_file(folder, noted) == [("person", f'{{"about": ["{person[0]}"], "records": 1}}')]


def test_who_opened_a_file_is_listed_with_deed_and_moment(desk: Desk) -> None:
    id, number = new_case(desk)
    desk("record", "show", "case", id)
    listed = asked(desk, "access", "--case", number)
    assert [(one["deed"], one["who"]) for one in listed] == [("VIEWED", "Оспанова Гүлнар")]
    assert set(listed[0]) >= {"at", "who", "deed", "reason"}
    assert listed[0]["at"].endswith("+05:00")


def test_a_file_that_nobody_opened_has_an_empty_list(desk: Desk) -> None:
    _id, number = new_case(desk)
    assert asked(desk, "access", "--case", number) == []


def test_an_unknown_case_number_is_refused_in_one_sentence(desk: Desk) -> None:
    told = desk("access", "--case", "КО-99-2026-9999", "--json")
    assert (told.code, told.out, told.err.count("\n")) == (1, "", 1)


def test_an_older_copy_of_the_store_is_told_on_standard_error(desk: Desk, folder: Path) -> None:
    older = (folder / "desk.db").read_bytes()
    desk("record", "list", "person")
    (folder / "desk.db").write_bytes(older)
    told = desk("verify", "--json")
    assert (told.code, told.err.count("\n")) == (0, 1)
    assert "older" in told.err
    assert desk("verify", "--json").err == ""
