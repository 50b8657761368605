"""`sync` on the command line: what it prints, the exit codes, and that all of it can be done without a window."""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from familydesk.cli import run
from familydesk.services import front_door

sys.path.append(str(Path(__file__).parents[1] / "sync"))
from colleagues import CHEAP, desk_of, made

Call = Callable[..., Any]
PERSON = "record add person surname=Жұмабаева given=Мөлдір iin_absence=NOT_RECORDED --json"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("both")
    made(place)
    return place


@pytest.fixture
def desks(both: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """`desks("one", words)` runs a command on the head's laptop, `desks("two", words)` on Bota's."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(front_door, "unlock", partial(front_door.unlock, least=CHEAP))
    for name in ("one", "two"):
        shutil.copytree(both / name, tmp_path / name)
    (tmp_path / "stick").mkdir()

    def call(name: str, words: str) -> SimpleNamespace:
        desk = desk_of(tmp_path, name)
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{desk.passphrase}\n"))
        words = words.replace("STICK", str(tmp_path / "stick"))
        store = ["--store", str(tmp_path / name), "--as", desk.login, "--passphrase-stdin", "--lang", "en"]
        code = run([*words.split(), *store])
        told = capsys.readouterr()
        found = json.loads(told.out) if "--json" in words and told.out else None
        return SimpleNamespace(code=code, out=told.out, err=told.err, json=found)

    return call


def test_two_laptops_exchange_a_days_work_and_end_equal(desks: Call) -> None:
    client = desks("one", PERSON).json["id"]
    sent = desks("one", "sync --with STICK --json")
    assert (sent.code, sent.err) == (0, "")
    assert sent.json.pop("sent") > 0
    assert sent.json == {"received": 0, "conflicts": 0, "parked": 0, "waiting": 0, "warnings": []}
    came = desks("two", "sync --with STICK --json").json
    assert (came["received"] > 0, came["sent"], came["waiting"]) == (True, 0, 0)
    assert desks("two", f"record set person {client} given=Айша").code == 0
    desks("two", "sync --with STICK")
    desks("one", "sync --with STICK")
    both = [desks(name, f"record show person {client} --json").json for name in ("one", "two")]
    assert both[0] == both[1]
    assert both[0]["given"] == "Айша"


def test_what_both_wrote_is_shown_on_both_and_settled_on_one(desks: Call) -> None:
    client = desks("one", PERSON).json["id"]
    for name in ("one", "two"):
        desks(name, "sync --with STICK")
    desks("one", f"record set person {client} given=Айша")
    desks("two", f"record set person {client} given=Мария")
    found = [desks(name, "sync --with STICK --json").json["conflicts"] for name in ("one", "two", "one")]
    assert found == [0, 1, 1]
    here = desks("one", "conflict list --json").json
    assert [(one["field"], one["before"], one["mine"], one["theirs"]) for one in here] == [
        ("given", "Мөлдір", "Айша", "Мария")
    ]
    assert desks("one", f"conflict settle {here[0]['id']} keep").code == 0
    for name in ("one", "two"):
        desks(name, "sync --with STICK")
    for name in ("one", "two"):
        assert desks(name, "conflict list --json").json == []
        assert desks(name, f"record show person {client} --json").json["given"] == "Айша"


def test_people_read_what_was_exchanged_in_a_line(desks: Call) -> None:
    desks("one", PERSON)
    told = desks("one", "sync --with STICK")
    assert "Received: 0. New conflicts: 0." in told.out
    assert "Nothing is left to send." in told.out


def test_a_stick_that_is_not_in_is_one_sentence_and_exit_code_3(desks: Call) -> None:
    told = desks("one", "sync --with STICK/not/there --json")
    assert (told.code, told.out, told.err.count("\n")) == (3, "", 1)
    assert "not there" in told.err


@pytest.mark.parametrize("peer", ["", "  ", "ftp://nowhere"])
@pytest.mark.parametrize("command", [["sync"], ["member", "list"], ["referral", "inbox"]])
def test_a_peer_that_is_none_is_bad_usage_and_nothing_is_made(
    peer: str, command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as left:
        run([*command, "--with", peer, "--store", str(tmp_path / "one"), "--lang", "en"])
    told = capsys.readouterr()
    assert (left.value.code, told.out, told.err.count("\n")) == (2, "", 1)
    assert list(tmp_path.iterdir()) == []


def test_what_has_to_be_looked_at_is_told_beside_it(desks: Call, tmp_path: Path) -> None:
    desks("one", PERSON)
    desks("one", "sync --with STICK")
    newest = max((tmp_path / "stick").rglob("*.fde"), key=lambda one: one.name)
    newest.write_bytes(b"torn")
    told = desks("two", "sync --with STICK")
    assert told.code == 0
    assert "could not be read" in told.err


def test_without_saying_with_whom_it_is_bad_usage(desks: Call) -> None:
    with pytest.raises(SystemExit) as left:
        desks("one", "sync")
    assert left.value.code == 2


def test_a_copied_disk_says_so_in_a_sentence_and_sends_its_work_under_a_new_name(desks: Call, tmp_path: Path) -> None:
    desks("one", "sync --with STICK --json")
    desks("two", "sync --with STICK --json")
    shutil.copytree(tmp_path / "two", tmp_path / "aside")
    desks("two", PERSON)
    desks("two", "sync --with STICK --json")
    shutil.rmtree(tmp_path / "two")
    (tmp_path / "aside").rename(tmp_path / "two")
    desks("two", PERSON)
    noticed = desks("two", "sync --with STICK --json")
    assert (noticed.code, noticed.json["sent"], noticed.json["waiting"]) == (0, 1, 0)
    copied, waits = noticed.json["warnings"]
    assert "was copied or brought back" in copied
    print_ = waits.partition("aloud: ")[2].partition(". ")[0]
    asked = desks("one", "member requests --with STICK --json").json
    (request,) = asked if isinstance(asked, list) else asked["requests"]
    admitted = desks("one", f"member admit {request['request']} --fingerprint {print_} --with STICK --json")
    assert admitted.code == 0
    again = desks("two", "sync --with STICK --json")
    assert (again.code, again.json["warnings"]) == (0, [])
    assert desks("one", "sync --with STICK --json").json["parked"] == 0
