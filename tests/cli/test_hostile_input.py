"""The command line fed by strangers: other encodings, no terminal, nothing at all, and names where none belong."""

import json
import shutil
import subprocess
import sys

import pytest

from familydesk.services import front_door
from familydesk.store.delay import Delay
from familydesk.store.folder import StoreFolder

PASSPHRASE = "таңғы шық пен кешкі самал 7"
SECRET = "Құпиябаева"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile") / "менің дүкенім 1"
    front_door.create_store(
        folder, center="Көктем орталығы", person="Оспанова Гүлнар", login="head", passphrase=PASSPHRASE
    ).office.close()
    return folder


def fed(made, words, content, **more):
    """A real process, its standard input the bytes `content`."""
    command = [sys.executable, "-m", "familydesk", *words, "--store", str(made), "--lang", "en"]
    return subprocess.run(command, input=content, capture_output=True, timeout=60, check=False, **more)


def lines(*values, end="\n", encoding="utf-8"):
    return end.join((PASSPHRASE, *values)).encode(encoding)


ADD = ["record", "add", "person", "-", "--json", "--passphrase-stdin"]
WHOLE = (f"surname={SECRET}", "given=Әсем", "iin_absence=REFUSED")


@pytest.mark.parametrize(
    "content",
    [
        lines(*WHOLE),
        lines(*WHOLE, "", "", end="\r\n"),
        b"\xef\xbb\xbf" + lines(*WHOLE, ""),
    ],
    ids=["no last newline", "CRLF", "byte order mark"],
)
def test_lines_are_read_however_the_system_ends_them(made, content):
    done = fed(made, ADD, content, env={"LC_ALL": "C", "PATH": ""})
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["surname"] == SECRET


def test_other_encodings_are_refused_and_nothing_is_written(made):
    content = PASSPHRASE.encode() + "\nsurname=Ахметова\n".encode("cp1251")
    done = fed(made, ADD, content)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"UTF-8" in done.stderr


@pytest.mark.parametrize("content", [b"", b"\n"])
def test_no_passphrase_is_told_as_that_and_counts_as_no_try(made, content):
    done = fed(made, ADD, content)
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (2, b"", 1)
    assert not StoreFolder(made).delay.exists()
    assert Delay(StoreFolder(made).delay).left() == 0


def test_without_a_terminal_the_passphrase_is_not_asked_for_in_the_open(made):
    done = fed(made, ["record", "list", "person"], lines(), start_new_session=True)
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (2, b"", 1)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["record", "add", "person", SECRET], 2),
        (["record", "add", "person", f"{SECRET}=1"], 2),
        (["record", "add", "person", f"surname={SECRET}", f"surname={SECRET}"], 2),
        (["record", "add", "person", f"surname={SECRET}\udcff", "given=А", "iin_absence=REFUSED"], 1),
        (["record", "add", "person", f"surname={SECRET}", "given=А", "--sex", SECRET], 2),
        (["search", "--limit", SECRET, SECRET], 2),
        (["search", "--limit", "0", SECRET], 2),
        (["print", SECRET, "--case", SECRET, "--out", "x.pdf"], 2),
        (["deadline", SECRET, "--from", "2026-12-31T23:00+05:00"], 2),
        (["deadline", "POLICE_NOTICE", "--from", "9999-12-31T23:00+05:00"], 1),
        (["report", "monthly", "--month", "9999-12"], 1),
        (["report", "monthly", "--month", "2026-10", "--out", f"{SECRET}.docx"], 2),
        ([SECRET], 2),
        (["record"], 2),
    ],
)
def test_what_was_typed_wrongly_gets_one_sentence_that_repeats_no_name(made, words, code):
    done = fed(made, [*words, "--passphrase-stdin"], lines())
    told = done.stderr.decode()
    assert (done.returncode, done.stdout, told.count("\n")) == (code, b"", 1), told
    assert SECRET not in told
    assert "mistake" not in told


def test_a_device_is_no_backup_and_is_not_read_to_its_end(tmp_path):
    done = fed(tmp_path / "desk", ["restore", "/dev/zero", "--passphrase-stdin"], lines())
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (3, b"", 1)


def test_a_refused_store_leaves_nothing_half_made(tmp_path):
    folder = tmp_path / "desk"
    done = fed(folder, ["init", "--center", " ", "--person", "Оспанова Гүлнар", "--passphrase-stdin"], lines())
    assert done.returncode == 1
    assert not folder.exists()


@pytest.mark.parametrize("center", ["Ұ" * 40_000, "Орталық\udcff"])
def test_the_center_and_its_head_are_tidied_like_any_record(tmp_path, center):
    words = ["init", "--center", center, "--person", "Оспанова Гүлнар", "--passphrase-stdin"]
    done = fed(tmp_path / "desk", words, lines())
    assert (done.returncode, done.stderr.count(b"\n")) == (1, 1)


def test_a_note_about_a_moving_store_that_nobody_wrote_moves_nothing(made, tmp_path):
    copy = tmp_path / "desk"
    shutil.copytree(made, copy)
    (copy / "arriving").mkdir()
    for words in ("{", '{"aside": "../elsewhere"}', '{"aside": 7}', "[]"):
        (copy / "arriving" / "ready.json").write_text(words)
        done = fed(copy, ["record", "list", "person", "--passphrase-stdin"], lines())
        assert (done.returncode, done.stderr.count(b"\n")) == (3, 1)
        assert b"damaged" in done.stderr
    assert (copy / "desk.db").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no cores")
def test_a_crash_leaves_no_memory_on_disk(made):
    # The limit is the process's own, so it is read where the command has set it.
    program = (
        "import resource, sys; sys.argv = ['familydesk', 'print', '--list'];"
        "from familydesk.__main__ import main; main();"
        "print(resource.getrlimit(resource.RLIMIT_CORE), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60, check=True)
    assert done.stderr.decode().strip() == "(0, 0)"
