"""`referral` on the command line: two centers that write to each other by a stick, without a window."""

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

sys.path.append(str(Path(__file__).parents[1] / "services"))
from neighbours import HEAD, Neighbours
from newcomers import CHEAP

Call = Callable[..., Any]
PERSON = "record add person surname=Құндызбаева given=Мөлдір iin_absence=NOT_RECORDED --json"
CONSENT = "given_on=2026-03-02 collected=NAMES,VIOLENCE third_parties=CENTERS --json"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Neighbours:
    return Neighbours.made(tmp_path_factory.mktemp("made") / "both")


@pytest.fixture
def desks(
    made: Neighbours, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Call:
    """`desks("ours", words)` runs a command at the head of the center that sends."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(front_door, "unlock", partial(front_door.unlock, least=CHEAP))
    shutil.copytree(made.root, tmp_path / "both")

    def call(name: str, words: str, *more: str, stdin: str = "") -> SimpleNamespace:
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{HEAD}\n{stdin}"))
        words = words.replace("STICK", str(tmp_path / "both" / "carried")).replace("CERT", str(tmp_path / "theirs.txt"))
        store = ["--store", str(tmp_path / "both" / name / "head"), "--passphrase-stdin", "--lang", "en"]
        code = run([*words.split(), *more, *store])
        told = capsys.readouterr()
        found = json.loads(told.out) if "--json" in words and told.out else None
        return SimpleNamespace(code=code, out=told.out, err=told.err, json=found)

    return call


def a_referral(desks: Call, *more: str) -> str:
    person = desks("ours", PERSON).json["id"]
    case = desks("ours", f"record add case client_id={person} opened_on=2026-03-02 --json").json["id"]
    about = f"case_id={case} person_id={person}"
    consent = desks("ours", f"record add consent {about} {CONSENT}").json["id"]
    asked = f"destination_kind=CRISIS_CENTER request=Баспана consent_id={consent}"
    return str(desks("ours", f"record add referral {about} {asked} --json", *more).json["id"])


def test_a_referral_goes_there_and_its_answer_comes_back(desks: Call) -> None:
    id = a_referral(desks)
    told = desks("theirs", "center certificate --out CERT --json").json
    sent = desks("ours", f"referral send {id} --to CERT --fingerprint {told['referrals']} --with STICK --json")
    assert (sent.code, sent.err, sent.json["left"], sent.json["again"]) == (0, "", True, False)
    assert "person.surname" in sent.json["fields"]
    came = desks("theirs", "referral inbox --with STICK --json").json
    [one] = came["letters"]
    assert (came["received"], came["warnings"], one["compared"], one["ground"]["kind"]) == (1, [], False, "CONSENT")
    assert one["fingerprint"] == sent.json["fingerprint"]
    answer = f"referral answer {one['id'][:8]} accept --fingerprint {one['fingerprint']} --with STICK --json"
    given = desks("theirs", answer).json
    assert (given["verdict"], given["left"]) == ("ACCEPTED", True)
    case = desks("theirs", f"record show case {given['case']} --json").json
    assert case["client_id"] == given["person"]
    back = desks("ours", "referral inbox --with STICK --json").json
    assert (back["answers"], back["letters"], back["warnings"]) == (1, [], [])
    assert desks("ours", f"record show referral {id} --json").json["answer"] == "ACCEPTED"
    later = f"referral answer {one['id']} answer --reason - --with STICK"
    assert desks("theirs", later, stdin="Баспана берілді\n").code == 0
    desks("ours", "sync --with STICK")
    desks("ours", "referral inbox --with STICK")
    assert desks("ours", f"record show referral {id} --json").json["answer_text"] == "Баспана берілді"


def test_without_a_fingerprint_nothing_leaves(desks: Call, tmp_path: Path) -> None:
    id = a_referral(desks)
    desks("theirs", "center certificate --out CERT")
    told = desks("ours", f"referral send {id} --to CERT --with STICK")
    assert (told.code, told.out) == (1, "")
    assert "read its fingerprint" in told.err
    assert list((tmp_path / "both" / "carried").iterdir()) == []


def test_a_refusal_on_the_command_line_needs_its_reason(desks: Call) -> None:
    id = a_referral(desks)
    told = desks("theirs", "center certificate --out CERT --json").json
    desks("ours", f"referral send {id} --to CERT --fingerprint {told['referrals']} --with STICK")
    [one] = desks("theirs", "referral inbox --with STICK --json").json["letters"]
    refuse = f"referral answer {one['id']} refuse --fingerprint {one['fingerprint']}"
    assert desks("theirs", refuse).code == 1
    assert desks("theirs", refuse, "--reason", "Орын жоқ").code == 0
    assert "waits" not in desks("theirs", "referral inbox --with STICK").err
    desks("ours", "referral inbox --with STICK")
    shown = desks("ours", f"record show referral {id} --json").json
    assert (shown["answer"], shown["answer_text"]) == ("REFUSED", "Орын жоқ")


def test_what_would_leave_is_shown_before_it_does(desks: Call, tmp_path: Path) -> None:
    id = a_referral(desks)
    plan = desks("ours", f"referral send {id} --to CERT --dry-run --json").json
    assert plan["fields"] == [
        "person.given",
        "person.surname",
        "referral.number",
        "referral.request",
        "referral.urgency",
    ]
    usual = [one["field"] for one in desks("ours", "referral fields --json").json if one["usual"]]
    assert set(plan["fields"]) <= set(usual)
    assert list((tmp_path / "both" / "carried").iterdir()) == []


def test_people_read_what_came_in_lines(desks: Call) -> None:
    id = a_referral(desks)
    told = desks("theirs", "center certificate --out CERT --json").json
    sent = desks("ours", f"referral send {id} --to CERT --fingerprint {told['referrals']} --with STICK")
    assert "It was left for the other center, sealed." in sent.out
    came = desks("theirs", "referral inbox --with STICK").out
    assert "Referrals that came: 1. Answers: 0. Handed over: 0." in came
    assert "Surname: Құндызбаева" in came
    assert "Nobody has compared this center yet" in came


def test_only_who_is_accepted_can_be_somebody_known_here(desks: Call) -> None:
    told = desks("theirs", f"referral answer abcdef01 refuse --reason x --person {'0' * 32}")
    assert told.code == 2
