"""Erasing from the command line: the contract, its exit codes, and nothing left of her afterwards."""

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from familydesk.cli import run
from familydesk.services import front_door
from familydesk.store.derivation import FLOOR

PASSPHRASE = "таңғы шық пен кешкі самал 7"
NOBODY = "00000000-0000-0000-0000-000000000009"


@pytest.fixture
def store(tmp_path) -> Path:
    folder = tmp_path / "store"
    made = front_door.create_store(
        folder, center="Көктем орталығы", person="Оспанова Гүлнар", login="head", passphrase=PASSPHRASE, cost=FLOOR
    )
    made.office.close()
    return folder


@pytest.fixture
def desk(store, monkeypatch, capsys, tmp_path):
    """`desk("erase", id, ...)` runs a command on the store and gives (code, out, err)."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    def call(*words, lines=()):
        monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join([PASSPHRASE, *lines]) + "\n"))
        code = run([*words, "--store", str(store), "--passphrase-stdin", "--lang", "en"])
        told = capsys.readouterr()
        return SimpleNamespace(code=code, out=told.out, err=told.err)

    return call


def added(desk, sheet, *values):
    return json.loads(desk("record", "add", sheet, "-", "--json", lines=values).out)["id"]


@pytest.fixture
def woman(desk):
    return added(desk, "person", "surname=Құпиябаева", "given=Ғазизәгүл", "iin_absence=REFUSED")


def test_a_person_is_erased_and_the_act_and_the_counts_are_told(desk, woman):
    added(desk, "person_phone", f"person_id={woman}", "number=+77770123456", "safe_to_call=NO")
    told = desk("erase", woman, "--reason", "келісімін кері алды", "--json")
    assert told.code == 0
    answer = json.loads(told.out)
    assert answer["records"] == {"person": 1, "person_phone": 1}
    assert answer["act"].startswith("01-0001-")
    assert (answer["copies"], answer["clean"]) == ([], True)
    assert desk("record", "show", "person", woman).code == 1
    assert json.loads(desk("search", "-", "--json", lines=["Құпиябаева"]).out) == []
    assert json.loads(desk("verify", "--json").out)["whole"] is True


def test_former_versions_that_name_her_are_listed_and_go_with_her(desk, woman):
    other = added(desk, "person", "surname=Сапарова", "given=Айша", "iin_absence=REFUSED", "remarks=Құпиябаева еді")
    assert desk("record", "set", "person", other, "-", lines=["remarks=таза"]).code == 0
    named = [{"sheet": "person", "id": other}]
    assert json.loads(desk("erase", woman, "--preview", "--json").out)["former"] == named
    assert f"A former version of this record names her: person {other}" in desk("erase", woman, "--preview").out
    assert desk("erase", woman, "--reason", "келісімін кері алды", "--keep-former").code == 0
    assert "Құпиябаева" in desk("record", "history", "person", other).out


def test_a_preview_tells_what_would_go_and_erases_nothing(desk, woman):
    other = added(
        desk, "person", "surname=Сапарова", "given=Айша", "iin_absence=REFUSED", "remarks=Құпиябаева Ғазизәгүл"
    )
    case = added(desk, "case", f"client_id={woman}", "opened_on=2026-01-12")
    told = json.loads(desk("erase", woman, "--preview", "--json").out)
    assert told["records"] == {"person": 1, "case": 1}
    assert told["mentions"] == [{"sheet": "person", "id": other}]
    assert "Close it first" in told["refused"][0]
    assert "Close it first" in desk("erase", woman, "--preview").out
    assert desk("record", "show", "case", case).code == 0


def test_what_still_names_her_is_told_after_she_is_erased(desk, woman):
    other = added(desk, "person", "surname=Сапарова", "given=Айша", "iin_absence=REFUSED", "remarks=Құпиябаева еді")
    told = json.loads(desk("erase", woman, "--reason", "келісімін кері алды", "--json").out)
    assert told["mentions"] == [{"sheet": "person", "id": other}]
    another = added(desk, "person", "surname=Мұсабаева", "given=Айша", "iin_absence=REFUSED")
    assert desk("record", "set", "person", other, "-", lines=["remarks=Мұсабаева еді"]).code == 0
    told = desk("erase", another, "--reason", "келісімін кері алды").out
    assert f"still names her: person {other}" in told


def test_in_words_it_says_the_same_and_never_her_name(desk, woman):
    told = desk("erase", woman, "--reason", "келісімін кері алды")
    assert told.code == 0
    assert "1 record is erased." in told.out
    assert "Құпиябаева" not in told.out


@pytest.mark.parametrize(
    ("id", "code", "sentence"),
    [(NOBODY, 1, "There is no such person.\n"), ("not-an-id", 2, "This is not the id of a record.\n")],
)
def test_a_wrong_id_is_one_sentence_and_its_code(desk, id, code, sentence):
    told = desk("erase", id, "--reason", "келісімін кері алды")
    assert (told.code, told.out, told.err) == (code, "", sentence)


def test_what_forbids_it_is_one_line_and_code_1_and_nothing_is_gone(desk, woman):
    added(desk, "case", f"client_id={woman}", "opened_on=2026-01-12")
    told = desk("erase", woman, "--reason", "келісімін кері алды")
    assert (told.code, told.out, told.err.count("\n")) == (1, "", 1)
    assert "Close it first" in told.err
    assert desk("record", "show", "person", woman).code == 0


def test_a_reason_is_part_of_the_command(desk, woman):
    assert desk("erase", woman).code == 2
    assert desk("erase", woman, "--reason", " ").code == 1
    assert desk("record", "show", "person", woman).code == 0


def test_what_is_past_its_term_is_listed_with_its_sum(desk, woman):
    values = (f"client_id={woman}", "opened_on=2016-01-12", "closed_on=2018-01-12", "closing_reason=MOVED")
    case = added(desk, "case", *values)
    (one,) = json.loads(desk("keeping", "due", "--json").out)
    assert (one["id"], one["kind"], one["until"]) == (case, "CASE_FILE", "2023-01-12")
    assert "12.01.2018 + 5 full years = 12.01.2023" in desk("keeping", "due").out
