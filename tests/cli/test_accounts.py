"""People from the command line: the shapes, the exit codes, and nothing said that must not be."""

import io
import json
import shutil
import sys
from types import SimpleNamespace

import pytest

from familydesk.cli import run
from familydesk.cli.accounts import ROLES
from familydesk.records.staff_member import Role
from familydesk.services import front_door
from familydesk.store import derivation
from familydesk.store.derivation import FLOOR

HERS, BOTAS = "таңғы шық пен кешкі самал 7", "бота өзі таңдаған сөз"
NAME = "Бекова Бота Серікқызы"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A store with two people: its folder, its recovery key, and the second one's temporary passphrase."""
    folder = tmp_path_factory.mktemp("accounts") / "store"
    created = front_door.create_store(folder, "Көктем", "Оспанова Гүлнар", "head", HERS, cost=FLOOR)
    added = created.office.members.add("bota", NAME, Role.PSYCHOLOGIST, cost=FLOOR)
    created.office.close()
    return SimpleNamespace(folder=folder, paper=created.recovery_key, given=added.temporary_passphrase)


@pytest.fixture
def desk(made, monkeypatch, capsys, tmp_path):
    """`desk(words, lines...)` runs a command with those lines on standard input and gives (code, out, err, json)."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(derivation, "WANTED", FLOOR)
    folder = shutil.copytree(made.folder, tmp_path / "store")

    def call(words, *lines):
        words = words.split() if isinstance(words, str) else list(words)
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        try:
            code = run([*words, "--store", str(folder), "--passphrase-stdin", "--lang", "en"])
        except SystemExit as left:
            code = left.code
        told = capsys.readouterr()
        return SimpleNamespace(code=code, out=told.out, err=told.err, json=_json(told.out))

    return call


def _json(text):
    try:
        return json.loads(text)
    except ValueError:
        return None


def refused(told, code, sentence):
    return (told.code, told.out, told.err.count("\n"), sentence in told.err) == (code, "", 1, True)


def test_the_roles_that_may_be_typed_are_the_roles_there_are():
    assert [role.name for role in Role] == list(ROLES)


def test_the_list_names_everybody_and_no_secret(desk):
    told = desk("account list --as head --json", HERS)
    assert [(one["login"], one["name"], one["role"], one["state"]) for one in told.json] == [
        ("head", "Оспанова Гүлнар", "HEAD", "ACTIVE"),
        ("bota", NAME, "PSYCHOLOGIST", "ACTIVE"),
    ]
    assert {key for one in told.json for key in one} == {"login", "id", "name", "role", "state"}


def test_a_new_account_has_an_id_and_a_passphrase_that_opens_only_the_choice_of_her_own(desk):
    added = desk(
        ["account", "add", "dina", "--person", "Динова Дина", "--role", "LAWYER", "--as", "head", "--json"], HERS
    )
    assert set(added.json) == {"login", "id", "temporary_passphrase"}
    given = added.json["temporary_passphrase"]
    for command in ("record list person --json", "search - --json", "account list", "backup --out x.backup"):
        assert refused(desk(f"{command} --as dina", given, "x"), 1, "account passphrase")
    chosen = desk("account passphrase --as dina --json", given, BOTAS, BOTAS)
    assert (chosen.code, chosen.json) == (0, {"login": "dina"})
    assert desk("record list person --as dina --json", BOTAS).json == []
    assert desk("record list person --as dina --json", given).code == 3


def test_with_two_people_a_login_has_to_be_said(desk):
    assert refused(desk("record list person --json", HERS), 2, "your login")


def test_a_login_that_nobody_has_is_told_as_a_wrong_passphrase_is(desk):
    nobody, wrong = desk("record list person --as nobody", HERS), desk("record list person --as head", "nothing at all")
    assert (nobody.code, nobody.err) == (wrong.code, wrong.err)


def test_whoever_is_no_head_is_refused_in_one_sentence(desk, made):
    desk("account passphrase --as bota", made.given, BOTAS, BOTAS)
    add = ["account", "add", "dina", "--person", "Динова Дина", "--role", "HEAD", "--as", "bota"]
    for words in (add, "account disable head --as bota", "account readmit head --as bota", "account list --as bota"):
        assert refused(desk(words, BOTAS), 1, "Your role may not do this.")


def test_who_is_disabled_cannot_open_and_comes_back_with_a_new_passphrase(desk, made):
    desk("account passphrase --as bota", made.given, BOTAS, BOTAS)
    assert desk("account disable bota --as head", HERS).code == 0
    assert desk("record list person --as bota", BOTAS).code == 3
    back = desk("account readmit bota --as head --json", HERS)
    assert back.code == 0
    assert desk("account passphrase --as bota", back.json["temporary_passphrase"], BOTAS, BOTAS).code == 0
    assert desk("record list person --as bota --json", BOTAS).code == 0


def test_a_role_is_changed_and_the_record_follows(desk):
    assert desk("account role bota LAWYER --as head", HERS).code == 0
    (bota,) = [one for one in desk("account list --as head --json", HERS).json if one["login"] == "bota"]
    assert bota["role"] == "LAWYER"
    assert desk(f"record show staff_member {bota['id']} --as head --json", HERS).json["role"] == "LAWYER"
    assert refused(desk(f"record set staff_member {bota['id']} role=HEAD --as head", HERS), 1, "has an account")


@pytest.mark.parametrize(
    ("lines", "code", "sentence"),
    [
        ((HERS, "мүлдем жаңа сөз", "мүлдем басқа сөз"), 1, "differ"),
        (("wrong old words", "мүлдем жаңа сөз", "мүлдем жаңа сөз"), 3, "does not open"),
        ((HERS, "қысқа", "қысқа"), 1, "at least 8"),
        ((HERS, HERS, HERS), 1, "another passphrase"),
        ((HERS,), 2, "No passphrase"),
    ],
)
def test_a_passphrase_is_not_changed_by_halves(desk, lines, code, sentence):
    assert refused(desk("account passphrase --as head", *lines), code, sentence)
    assert desk("account list --as head", HERS).code == 0


def test_the_recovery_key_gives_a_new_passphrase_to_the_founder_or_to_whom_it_is_said(desk, made):
    assert desk("recover", made.paper, "мүлдем жаңа сөз", "мүлдем жаңа сөз").code == 0
    assert desk("account list --as head", "мүлдем жаңа сөз").code == 0
    assert desk("account list --as head", HERS).code == 3
    assert desk("recover --as bota", made.paper, BOTAS, BOTAS).code == 0
    assert desk("record list person --as bota", BOTAS).code == 0
    assert refused(desk("recover --as nobody", made.paper, BOTAS, BOTAS), 1, "by that login")
    assert refused(desk("recover", made.paper[:-1], BOTAS, BOTAS), 1, "13")


def test_a_mistyped_role_is_bad_usage(desk):
    assert (
        desk(["account", "add", "dina", "--person", "Динова Дина", "--role", "QUEEN", "--as", "head"], HERS).code == 2
    )
