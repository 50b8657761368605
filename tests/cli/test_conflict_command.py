"""Conflicts from the command line: the contract, and what is refused."""

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest

from familydesk.cli import run
from familydesk.core.settings import Settings
from familydesk.services import front_door
from familydesk.store.derivation import FLOOR
from familydesk.sync.wire.change import Change, Version

sys.path.append(str(Path(__file__).parents[1] / "services"))
from met_desks import name, take_in

PASSPHRASE = "таңғы шық пен кешкі самал 7"
ELSEWHERE = bytes([9]) * 16


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
    """`desk("conflict", "list", ...)` runs a command on the store and gives (code, out, err)."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    def call(*words, lines=()):
        monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join([PASSPHRASE, *lines]) + "\n"))
        code = run([*words, "--store", str(store), "--passphrase-stdin", "--lang", "en"])
        told = capsys.readouterr()
        return SimpleNamespace(code=code, out=told.out, err=told.err)

    return call


@pytest.fixture
def conflict(desk, store, tmp_path):
    """A given name, written here and on another laptop; the one from elsewhere stands."""
    values = ["surname=Есенова", "given=Дана", "iin_absence=REFUSED"]
    person = UUID(json.loads(desk("record", "add", "person", "-", "--json", lines=values).out)["id"])
    desk("record", "set", "person", str(person), "given=Аида")
    office = front_door.unlock(store, PASSPHRASE, settings=Settings(tmp_path / "settings.json"))
    name(office.database, b"1" * 16)
    with office.database.connection() as connection:
        query = "SELECT clock FROM change WHERE record = ? AND field = ''"
        begun = connection.exec_driver_sql(query, (person.hex,)).scalar_one()
        own = bytes.fromhex(connection.exec_driver_sql("SELECT device FROM device WHERE number = 1").scalar_one())
    version = Version(office.database.clock.tick(), ELSEWHERE)
    edit = Change("person", person.bytes, "given", '"Мадина"', version, (Version(begun, own),), version.clock)
    take_in(office, ELSEWHERE, [edit])
    office.close()
    (told,) = json.loads(desk("conflict", "list", "--json").out)
    return told


def given(desk, conflict):
    return json.loads(desk("record", "show", "person", conflict["record"], "--json").out)["given"]


def test_the_list_tells_what_was_here_and_there(desk, conflict):
    assert set(conflict) == {"id", "sheet", "record", "field", "before", "mine", "theirs"}
    assert (conflict["sheet"], conflict["field"]) == ("person", "given")
    assert (conflict["before"], conflict["mine"], conflict["theirs"]) == ("Дана", "Аида", "Мадина")
    assert given(desk, conflict) == "Мадина"
    for_people = desk("conflict", "list").out
    assert "keep: Аида" in for_people
    assert "take: Мадина" in for_people


@pytest.mark.parametrize(("words", "stands"), [(("keep",), "Аида"), (("take",), "Мадина"), (("write", "Айша"), "Айша")])
def test_a_choice_settles_it(desk, conflict, words, stands):
    assert desk("conflict", "settle", conflict["id"], *words).code == 0
    assert given(desk, conflict) == stands
    assert json.loads(desk("conflict", "list", "--json").out) == []


def test_a_third_value_can_come_from_standard_input(desk, conflict):
    told = desk("conflict", "settle", conflict["id"], "write", "-", "--json", lines=["Айша"])
    assert json.loads(told.out) == {"id": conflict["id"], "settled": "write"}
    assert given(desk, conflict) == "Айша"


def test_what_is_settled_cannot_be_settled_again(desk, conflict):
    desk("conflict", "settle", conflict["id"], "take")
    assert desk("conflict", "settle", conflict["id"], "keep").code == 1


@pytest.mark.parametrize("words", [("keep", "Айша"), ("write",)])
def test_a_choice_that_makes_no_sense_is_bad_usage(desk, conflict, words):
    assert desk("conflict", "settle", conflict["id"], *words).code == 2
    assert given(desk, conflict) == "Мадина"


def test_an_id_that_is_none_is_bad_usage(desk):
    assert desk("conflict", "settle", "Айша", "keep").code == 2
