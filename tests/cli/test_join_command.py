"""A laptop joins from the command line: the shapes, the exit codes, and nothing said that must not be."""

import io
import json
import sys
from types import SimpleNamespace

import pytest

from familydesk.cli import run
from familydesk.services import front_door
from familydesk.store import derivation
from familydesk.store.derivation import FLOOR

HERS, BOTAS = "таңғы шық пен кешкі самал 7", "бота өзі таңдаған сөз"
NAME = "Бекова Бота Серікқызы"


@pytest.fixture
def center(monkeypatch, capsys, tmp_path):
    """`center(store, words, lines...)` runs a command; the head's store is `head`, the stick is `stick`."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(derivation, "WANTED", FLOOR)
    stick = tmp_path / "stick"
    stick.mkdir()
    front_door.create_store(tmp_path / "head", "Көктем", "Оспанова Гүлнар", "head", HERS, cost=FLOOR).office.close()

    def call(store, words, *lines):
        words = [str(stick) if word == "STICK" else word for word in words]
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        try:
            code = run([*words, "--store", str(tmp_path / store), "--passphrase-stdin", "--lang", "en"])
        except SystemExit as left:
            code = left.code
        told = capsys.readouterr()
        return SimpleNamespace(code=code, out=told.out, err=told.err, json=_json(told.out))

    call.folder = tmp_path
    return call


def _json(text):
    try:
        return json.loads(text)
    except ValueError:
        return None


def test_a_laptop_joins_works_and_is_revoked(center):
    head, stick = ("head",), ("--with", "STICK", "--json")
    assert center(*head, ["sync", *stick], HERS).code == 0
    asked = center("bota", ["join", *stick, "--person", NAME], BOTAS)
    assert (asked.code, asked.json.keys()) == (0, {"request", "fingerprint", "center"})
    early = center("bota", ["sync", *stick], BOTAS)
    assert (early.code, early.out, early.err.count("\n"), "not confirmed" in early.err) == (1, "", 1, True)

    found = center(*head, ["member", "requests", *stick], HERS)
    assert found.json == [{"request": asked.json["request"], "person": NAME, "login": None}]
    assert asked.json["fingerprint"] not in found.out
    admit = ["member", "admit", asked.json["request"], *stick, "--role", "LAWYER", "--fingerprint"]
    wrong = center(*head, [*admit, "00000-00000-00000-00000"], HERS)
    assert (wrong.code, wrong.out) == (1, "")
    admitted = center(*head, [*admit, asked.json["fingerprint"]], HERS)
    assert (admitted.code, admitted.json["login"], admitted.json["waiting"]) == (0, "бекова", False)

    met = center("bota", ["sync", *stick], BOTAS)
    assert (met.code, met.json["received"] > 0, met.json["warnings"]) == (0, True, [])
    listed = center(*head, ["member", "list", *stick], HERS).json
    assert [(one["login"], one["role"], one["state"]) for one in listed["people"]] == [
        ("head", "HEAD", "ACTIVE"),
        ("бекова", "LAWYER", "ACTIVE"),
    ]
    assert [(one["block"], one["own"]) for one in listed["laptops"]] == [(1, True), (2, False)]
    assert center(*head, ["member", "revoke", admitted.json["laptop"], *stick], HERS).code == 0
    last = center("bota", ["sync", *stick], BOTAS)
    assert (last.code, any("revoked" in one for one in last.json["warnings"])) == (0, True)
    assert center("bota", ["sync", *stick], BOTAS).code == 1


def test_the_certificate_is_a_line_and_its_fingerprint_pins_the_center(center):
    out = center.folder / "certificate"
    told = center("head", ["center", "certificate", "--out", str(out), "--json"], HERS)
    assert (told.code, told.json["fingerprint"].count("-")) == (0, 3)
    assert out.read_text().startswith("familydesk center 1 ")
    center("head", ["sync", "--with", "STICK"], HERS)
    pinned = ["join", "--with", "STICK", "--json", "--person", NAME, "--center"]
    assert center("bota", [*pinned, told.json["fingerprint"]], BOTAS).json["center"] == told.json["fingerprint"]
    other = center("dina", [*pinned, "00000-00000-00000-00000"], BOTAS)
    assert (other.code, other.out, "another fingerprint" in other.err) == (1, "", True)


def test_a_wrong_passphrase_while_it_waits_is_the_worlds_matter_and_no_store_is_made(center):
    center("head", ["sync", "--with", "STICK"], HERS)
    center("bota", ["join", "--with", "STICK", "--person", NAME], BOTAS)
    told = center("bota", ["sync", "--with", "STICK"], "мүлдем басқа сөз")
    assert (told.code, told.out) == (3, "")
    assert not (center.folder / "bota" / "desk.db").exists()


def test_where_a_store_stands_no_laptop_joins(center):
    center("head", ["sync", "--with", "STICK"], HERS)
    told = center("head", ["join", "--with", "STICK", "--person", NAME], BOTAS)
    assert (told.code, told.out) == (1, "")
    assert not (center.folder / "head" / "desk.joining").exists()


def test_too_short_a_passphrase_and_half_a_name_are_refused(center):
    center("head", ["sync", "--with", "STICK"], HERS)
    assert center("bota", ["join", "--with", "STICK", "--person", NAME], "қысқа").code == 1
    assert center("bota", ["join", "--with", "STICK", "--person", "Бекова"], BOTAS).code == 1
