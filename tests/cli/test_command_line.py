"""The command line as people and programs use it: every shape, every exit code, and nothing said that must not be."""

import io
import json
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from familydesk.cli import run
from familydesk.core import i18n
from familydesk.records import SHEETS
from familydesk.services import front_door

OWN_WORDS = {"familydesk", "sheet", "id", "values", "file", "xlsx", "form", "kind", "field", "value", "standard"}
"""Words of the command line that are the same in every language."""
PASSPHRASE = "таңғы шық пен кешкі самал 7"


@pytest.fixture(scope="session")
def made(tmp_path_factory) -> Path:
    """A store made once, through the same door as the command."""
    folder = tmp_path_factory.mktemp("cli") / "store"
    created = front_door.create_store(
        folder, center="Көктем орталығы", person="Оспанова Гүлнар Серікқызы", login="head", passphrase=PASSPHRASE
    )
    created.office.close()
    return folder


@pytest.fixture
def desk(made, monkeypatch, capsys, tmp_path):
    """`desk("record list person", lines=...)` runs a command on the store and gives (code, out, err)."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    def call(words, lines=(), passphrase=PASSPHRASE, lang="en"):
        words = words.split() if isinstance(words, str) else list(words)
        monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join([passphrase, *lines]) + "\n"))
        code = run([*words, "--store", str(made), "--passphrase-stdin", "--lang", lang])
        told = capsys.readouterr()
        return SimpleNamespace(code=code, out=told.out, err=told.err, json=_json(told.out))

    return call


def _json(text):
    try:
        return json.loads(text)
    except ValueError:
        return None


def person(desk, **values):
    given = {"surname": "Сейтқалиева", "given": "Әйгерім", "iin_absence": "REFUSED"} | values
    return desk("record add person - --json", [f"{name}={value}" for name, value in given.items()])


def test_a_record_is_added_shown_changed_listed_and_its_history_told(desk):
    added = person(desk, iin="500101100000", iin_absence="", born_on="1850-01-01", sex="MALE")
    assert added.code == 0
    id = added.json["id"]
    assert desk(f"record show person {id} --json").json["iin"] == "500101100000"
    changed = desk(["record", "set", "person", id, "patronymic=Арманқызы", "--json"])
    assert changed.json["patronymic"] == "Арманқызы"
    listed = desk(["record", "list", "person", "--where", "iin=500101100000", "--json"]).json
    assert [one["id"] for one in listed] == [id]
    told = desk(f"record history person {id} --json").json
    assert (told[0]["field"], told[0]["before"], told[0]["after"]) == ("patronymic", None, "Арманқызы")
    assert told[0]["who"] == "Оспанова Гүлнар Серікқызы"


def test_what_may_stand_but_should_be_looked_at_is_told_beside_the_record(desk):
    values = {"iin": "500101200017", "iin_absence": "", "born_on": "1851-02-02", "sex": "MALE"}
    added = person(desk, **values)
    assert (added.code, added.json["iin"]) == (0, "500101200017")
    assert [line.partition(":")[0] for line in added.err.splitlines()] == ["born_on", "sex"]
    again = person(desk, **values, iin_differs="yes")
    assert [line.partition(":")[0] for line in again.err.splitlines()] == ["iin"]
    changed = desk(["record", "set", "person", again.json["id"], "iin_differs=no", "--json"])
    assert [line.partition(":")[0] for line in changed.err.splitlines()] == ["born_on", "sex", "iin"]
    assert "500101200017" not in added.err + again.err + changed.err


def test_the_sheets_describe_themselves(desk):
    told = desk("record sheets --json").json
    assert [one["sheet"] for one in told] == [sheet.sheet() for sheet in SHEETS]
    names = [field["name"] for field in next(one for one in told if one["sheet"] == "person")["fields"]]
    assert names[:7] == ["surname", "given", "patronymic", "born_on", "sex", "iin", "iin_absence"]
    assert {"name", "kind", "required", "choices", "target", "secrecy", "merge"} == set(told[0]["fields"][0])


@pytest.mark.parametrize(
    "spelled", ["Айгерим Сейткалиева", "Seitqaliyeva Aigerim", "Сейтқалиева", "сейткалева айгерим"]
)
def test_anyone_is_found_however_the_name_is_spelled(desk, spelled):
    person(desk)
    found = desk("search - --limit 5 --json", [spelled])
    assert found.code == 0
    assert found.json[0]["title"] == "Сейтқалиева Әйгерім"
    assert set(found.json[0]) == {"sheet", "id", "title"}


def test_a_rule_refuses_with_one_sentence_and_code_1_and_saves_nothing(desk):
    before = len(desk("record list person --json").json)
    refused = desk("record add person - --json", ["surname=Қанатова", "given=Аида"])
    assert refused.code == 1
    assert refused.out == ""
    assert "IIN" in refused.err
    assert refused.err.count("\n") == 1
    assert len(desk("record list person --json").json) == before


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["record", "add", "person", "surname=А", "given=Б", "iin=500101100107"], 1),
        (["record", "add", "person", "surname=А", "given=Б", "iin_absence=NEVER"], 1),
        (["record", "add", "person", "surname=А", "given=Б", "iin_absence=REFUSED", "born_on=01.02.1990"], 1),
        (["record", "add", "person", "nosuchfield=1"], 2),
        (["record", "add", "person", "surname=А", "surname=Б"], 2),
        (["record", "add", "nosuchsheet", "a=1"], 2),
        (["record", "show", "person", "not-an-id"], 2),
        (["record", "show", "person", "00000000-0000-0000-0000-000000000009"], 1),
        (["record", "list", "person", "--where", "shoe_size=43"], 2),
        (["print", "CASE_FORM", "--case", "НЕТ-1", "--out", "x.pdf"], 1),
        (["print", "NO_SUCH_FORM", "--case", "НЕТ-1", "--out", "x.pdf"], 2),
        (["print", "RECORD", "--id", "00000000-0000-0000-0000-000000000009", "--out", "x.pdf"], 2),
        (["print", "CASE_FORM"], 2),
        (["deadline", "NO_SUCH_KIND", "--from", "2026-03-20T10:00+05:00"], 2),
        (["deadline", "PROTECTIVE_ORDER", "--from", "yesterday"], 2),
        (["deadline", "PROTECTIVE_ORDER", "--from", "2026-03-19"], 2),
        (["deadline", "POLICE_NOTICE", "--from", "2026-03-01T10:00+05:00"], 1),
        (["report", "monthly", "--month", "2026-13"], 2),
        (["report", "monthly", "--month", "9999-12"], 1),
        (["report", "half-year", "--half", "2026-3"], 2),
        (["report", "monthly", "--month", "2026-10", "--out", "x.docx"], 2),
        (["import", "register", "no-such-file.xlsx"], 3),
    ],
)
def test_bad_input_gets_one_sentence_and_its_code(desk, words, code):
    told = desk(words)
    assert told.code == code
    assert told.err.count("\n") == 1
    assert "Traceback" not in told.err
    assert told.out == ""


def test_a_paper_in_english_is_asked_for_in_vain(desk):
    told = desk(["print", "CASE_FORM", "--blank", "--out", "x.pdf"], lang="en")
    assert (told.code, told.err.count("\n")) == (1, 1)
    assert "Kazakh or in Russian" in told.err


def test_a_deadline_before_its_norm_says_since_when_there_is_one(capsys):
    assert run(["deadline", "POLICE_NOTICE", "--from", "2026-03-01T23:00+05:00", "--lang", "en"]) == 1
    assert "02.03.2026" in capsys.readouterr().err
    assert run(["deadline", "POLICE_NOTICE", "--from", "2026-03-02T00:00+05:00", "--lang", "en"]) == 0


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["record"],
        ["record", "add"],
        ["print"],
        ["report", "monthly"],
        ["import", "register"],
        ["deadline"],
        ["init"],
        ["hub"],
        ["hub", "device", "retire"],
    ],
    ids=" ".join,
)
def test_every_sentence_of_the_help_is_in_the_language_in_force(words, capsys, monkeypatch):
    """In the made-up language every translated text begins with a bracket."""
    monkeypatch.setattr("familydesk.cli.parser._usual_language", lambda: i18n.PSEUDO)
    with pytest.raises(SystemExit) as left:
        run([*words, "--help"])
    assert left.value.code == 0
    told = capsys.readouterr().out
    assert told.startswith("[usage:")
    assert "[show this and end" in told
    without_names = re.sub(r"(?m)^ {2,4}[\w-]+|^\[usage.*", "", re.sub(r"\[[^\[\]]*·\]", "", told))
    assert set(re.findall(r"(?<![-\w])[a-z]{2,}", without_names)) <= OWN_WORDS | set(words)


def test_a_wrong_common_option_is_told_in_the_language_of_the_settings(capsys, monkeypatch):
    monkeypatch.setattr("familydesk.cli.parser._usual_language", lambda: "ru")
    with pytest.raises(SystemExit) as left:
        run(["record", "sheets", "--lang", "de"])
    assert left.value.code == 2
    assert re.search("[а-я]{4}", capsys.readouterr().err)


def test_bad_usage_exits_2(desk):
    with pytest.raises(SystemExit) as left:
        run(["no-such-command"])
    assert left.value.code == 2


def test_a_wrong_passphrase_exits_3_and_opens_nothing(desk):
    told = desk("record list person --json", passphrase="wrong")
    assert (told.code, told.out) == (3, "")
    assert told.err.count("\n") == 1


def test_a_folder_without_a_store_exits_3(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("x\n"))
    assert run(["record", "list", "person", "--store", str(tmp_path), "--passphrase-stdin"]) == 3
    assert capsys.readouterr().err.count("\n") == 1


def test_while_the_store_is_open_elsewhere_the_command_line_stands_back(desk, made):
    office = front_door.unlock(made, PASSPHRASE)
    try:
        told = desk("record list person --json")
    finally:
        office.close()
    assert (told.code, told.out) == (3, "")


@pytest.mark.parametrize(
    "kind",
    [
        "PRIMARY_ASSESSMENT",
        "PRIMARY_ASSESSMENT_URGENT",
        "GUARDIANSHIP_NOTICE",
        "POLICE_NOTICE",
        "PROTECTIVE_ORDER",
        "REFERRAL_ANSWER",
        "CONSENT_WITHDRAWAL",
    ],
)
def test_a_deadline_names_its_end_its_law_and_its_arithmetic(desk, kind):
    told = desk(["deadline", kind, "--from", "2026-11-20T10:00+05:00", "--json"]).json
    assert set(told) == {"due", "arithmetic", "legal_reference"}
    assert told["due"] > "2026-11-20"
    assert told["legal_reference"]


def test_a_deadline_can_be_asked_without_any_store(capsys):
    assert run(["deadline", "PROTECTIVE_ORDER", "--from", "2027-01-31T23:30+05:00", "--json", "--lang", "ru"]) == 0
    assert json.loads(capsys.readouterr().out)["due"] == "2027-03-02T23:30:00+05:00"


def test_a_moment_without_an_offset_is_one_of_the_desks_own_clock(capsys):
    assert run(["deadline", "PROTECTIVE_ORDER", "--from", "2027-01-31T23:30", "--json", "--lang", "ru"]) == 0
    assert json.loads(capsys.readouterr().out)["due"] == "2027-03-02T23:30:00+05:00"


def test_a_moment_of_a_record_needs_its_hour(desk):
    refused = desk(["record", "add", "appointment", "starts_at=2026-03-19"])
    assert (refused.code, refused.err.partition(":")[0]) == (1, "starts_at")


def test_a_store_is_not_made_where_one_stands(desk):
    refused = desk(["init", "--center", "Орталық", "--person", "Оспанова Гүлнар"])
    assert (refused.code, refused.out, refused.err.count("\n")) == (1, "", 1)
    assert "There is a store in this folder already." in refused.err


def test_a_case_is_printed_with_its_number(desk, tmp_path):
    id = person(desk, surname="Жұмабаева", given="Мөлдір").json["id"]
    case = desk(["record", "add", "case", f"client_id={id}", "opened_on=2026-11-01", "--json"]).json
    out = tmp_path / "form.pdf"
    assert desk(["print", "CASE_FORM", "--case", case["number"], "--out", str(out)], lang="kk").code == 0
    assert out.read_bytes().startswith(b"%PDF-")
    assert [path.name for path in tmp_path.glob("*.p*")] == ["form.pdf"]


def test_the_list_of_papers_needs_no_store(capsys):
    assert run(["print", "--list", "--json", "--lang", "kk"]) == 0
    assert {"form", "title"} <= set(json.loads(capsys.readouterr().out)[0])


def test_a_backup_comes_back_in_another_folder(desk, made, tmp_path, monkeypatch, capsys):
    person(desk, surname="Қайтарбекова")
    file = tmp_path / "copy.fdb"
    assert desk(["backup", "--out", str(file), "--json"]).json == {"file": str(file)}
    monkeypatch.setattr(sys, "stdin", io.StringIO(PASSPHRASE + "\n"))
    elsewhere = tmp_path / "elsewhere"
    capsys.readouterr()
    assert run(["restore", str(file), "--store", str(elsewhere), "--passphrase-stdin", "--lang", "en", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"kept": None}
    office = front_door.unlock(elsewhere, PASSPHRASE)
    try:
        assert office.desk.count("person", {"surname": "Қайтарбекова"}) == 1
    finally:
        office.close()


def test_half_a_year_is_reported_with_its_block(desk):
    told = desk(["report", "half-year", "--half", "2025-2", "--json"])
    assert told.code == 0
    assert (told.json["first"], told.json["last"], told.json["final"]) == ("2025-07-01", "2025-12-31", True)
    assert told.json["sections"][-1]["name"] == "half_year"


def test_a_backup_over_a_file_is_refused_in_one_sentence(desk, tmp_path):
    file = tmp_path / "copy.backup"
    file.write_text("her photographs")
    told = desk(["backup", "--out", str(file)])
    assert (told.code, told.err.count("\n")) == (1, 1)
    assert file.read_text() == "her photographs"


def test_a_real_process_says_nothing_of_a_record_when_it_fails(made):
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "familydesk",
            "record",
            "add",
            "person",
            "-",
            "--store",
            str(made),
            "--passphrase-stdin",
        ],
        input=f"{PASSPHRASE}\nsurname=Құпиябаева\ngiven=Әсем\nborn_on=ертең\n",
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 1
    assert "Құпиябаева" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_complete_installation_lacks_nothing(capsys):
    assert run(["check", "--json", "--lang", "en"]) == 0
    found = {one["name"]: one["found"] for one in json.loads(capsys.readouterr().out)}
    assert found["pyside6-essentials"]


def test_a_store_named_without_a_command_opens_the_window_on_it(monkeypatch, made):
    opened = []
    monkeypatch.setattr("familydesk.app.open_window", lambda folder=None: opened.append(folder) or 0)
    assert run(["--store", str(made)]) == 0
    assert opened == [made]
