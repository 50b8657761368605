"""`familydesk hub`: started, asked over TLS, and looked after, by the words that stand in the manual."""

from __future__ import annotations

import json
import re
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from founded import FoundedCenter
from hub_in_hand import HubInHand, state
from hub_process import HubProcess
from sqlalchemy import update

from familydesk.cli import run
from familydesk.core.errors import Weather
from familydesk.hub import admin
from familydesk.hub.storage import Storage, sqlite_file_url
from familydesk.hub.tables import ENVELOPE
from familydesk.sync.http import HubPeer
from familydesk.sync.peer import Receipt

Command = Callable[..., SimpleNamespace]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """`command("hub", "check")`, in this process: code, what was printed, and that as JSON."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    def call(*words: object) -> SimpleNamespace:
        code = run([*map(str, words), "--lang", "en"])
        told = capsys.readouterr()
        is_json = told.out.startswith(("{", "["))
        return SimpleNamespace(code=code, out=told.out, err=told.err, json=json.loads(told.out) if is_json else None)

    return call


@pytest.fixture
def certificate(center: FoundedCenter, tmp_path: Path) -> Path:
    file = tmp_path / "center.txt"
    file.write_bytes(center.certificate)
    return file


@pytest.fixture
def kept(center: FoundedCenter, certificate: Path, tmp_path: Path) -> Path:
    """The folder of a hub with a center and three envelopes."""
    folder = tmp_path / "hub"
    folder.mkdir()
    with HubInHand(sqlite_file_url(folder / "hub.db")) as hub:
        hub.found(center).push(center.laptop.write_many(3))
    return folder


def test_a_hub_with_nothing_but_a_folder_says_one_line_when_it_is_ready(
    center: FoundedCenter, certificate: Path, command: Command, tmp_path: Path
) -> None:
    data = tmp_path / "new" / "hub"
    with HubProcess(data) as process:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", process.url)
        added = command("hub", "center", "add", certificate, "--data", data, "--json")
        assert (added.code, added.json) == (0, {"center": center.id.hex()})
        peer = HubPeer(process.url, center.id, center.laptop.key)
        state(peer, center)
        assert peer.push(center.laptop.write_many(2)) == [Receipt.STORED] * 2
        by_name = HubPeer(process.url.replace("127.0.0.1", "localhost"), center.id, center.laptop.key)
        assert by_name.push(center.laptop.write_many(1)) == [Receipt.STORED]
        assert process.end() == (0, "", "")


def test_a_hub_on_postgresql_remembers_where_its_database_is(
    center: FoundedCenter, certificate: Path, command: Command, database: str, tmp_path: Path
) -> None:
    data = tmp_path / "hub"
    with HubProcess(data, "--database", database) as process:
        assert command("hub", "center", "add", certificate, "--data", data).code == 0
        process.end()
    opened = Storage(database)
    assert [one.center for one in admin.centers(opened)] == [center.id]
    opened.close()


def test_what_a_hub_keeps_is_for_its_owner_alone(command: Command, certificate: Path, tmp_path: Path) -> None:
    data = tmp_path / "hub"
    with HubProcess(data):
        pass
    command("hub", "center", "add", certificate, "--data", data)
    for file in data.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file.name
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


def made_certificate(folder: Path) -> tuple[Path, Path]:
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate for this test, and is not installed")
    certificate, key = folder / "hub.crt", folder / "hub.pem"
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=hub"
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", *words.split(), *names], check=True, capture_output=True)
    return certificate, key


def test_a_hub_speaks_tls_and_a_laptop_that_does_not_trust_it_stays_away(
    center: FoundedCenter, tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = made_certificate(tmp_path)
    with HubProcess(kept, "--certificate", str(certificate), "--key", str(key)) as process:
        assert process.url.startswith("https://127.0.0.1:")
        with pytest.raises(Weather, match="not trusted"):
            HubPeer(process.url, center.id, center.laptop.key).meet({}, "")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        peer = HubPeer(process.url, center.id, center.laptop.key)
        assert peer.meet({}, "").have == {center.laptop.id: 3}
        peer.close()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["hub"], 2),
        (["hub", "--data", "{}", "--listen", "nowhere"], 2),
        (["hub", "--data", "{}", "--listen", "127.0.0.1:99999"], 2),
        (["hub", "--data", "{}", "--certificate", "a.pem"], 2),
        (["hub", "--data", "{}", "--listen", "192.0.2.1:8440"], 3),
        (["hub", "--data", "{}", "--certificate", "no.crt", "--key", "no.pem", "--listen", "127.0.0.1:0"], 3),
        (["hub", "--data", "{}", "--database", "mysql://here/hub"], 1),
        (["hub", "--data", "{}", "--database", "postgresql+psycopg://127.0.0.1:1/hub"], 3),
        (["hub", "--data", "/dev/null/hub"], 3),
        (["hub", "center", "add", "no-file", "--data", "{}"], 3),
        (["hub", "center", "add", "/etc/hostname", "--data", "{}"], 1),
        (["hub", "quota", "ab" * 16, "10", "--data", "{}"], 1),
        (["hub", "device", "retire", "ab" * 16, "cd" * 16, "--data", "{}"], 1),
        (["hub", "restore", "no-file", "--data", "{}"], 1),
        (["hub", "backup", "--out", "/dev/null/file", "--data", "{}"], 3),
    ],
)
def test_what_cannot_be_done_is_one_sentence(words: list[str], code: int, command: Command, tmp_path: Path) -> None:
    refused = command(*(word.replace("{}", str(tmp_path / "hub")) for word in words))
    assert (refused.code, refused.out) == (code, "")
    assert refused.err.count("\n") == 1


def test_an_address_that_is_taken_is_told(command: Command, tmp_path: Path) -> None:
    with HubProcess(tmp_path / "one") as process:
        taken = process.url.rpartition("/")[2]
        refused = command("hub", "--data", tmp_path / "two", "--listen", taken)
    assert (refused.code, refused.err.count("\n")) == (3, 1)


def test_centers_are_listed_with_what_they_keep(center: FoundedCenter, kept: Path, command: Command) -> None:
    command("hub", "quota", center.id.hex(), 5, "--data", kept)
    (told,) = command("hub", "center", "list", "--data", kept, "--json").json
    assert told["center"] == center.id.hex()
    assert (told["envelopes"], told["quota"], told["forks"]) == (3, 5 * 1024 * 1024, 0)
    assert center.id.hex() in command("hub", "center", "list", "--data", kept).out


def test_a_log_that_holds_is_told_apart_from_one_that_does_not(
    center: FoundedCenter, kept: Path, command: Command
) -> None:
    assert command("hub", "check", "--data", kept).code == 0
    opened = Storage(sqlite_file_url(kept / "hub.db"))
    with opened.writing() as connection:
        other = center.laptop.envelopes[0].content
        connection.execute(update(ENVELOPE).where(ENVELOPE.c.position == 2).values(content=other))
    opened.close()
    checked = command("hub", "check", "--data", kept, "--json")
    assert (checked.code, checked.json) == (1, [{"center": center.id.hex(), "envelopes": 3, "broken": 2}])
    assert "position 2" in command("hub", "check", "--data", kept).out


def test_a_hub_moves_from_one_engine_to_the_other_by_its_backup(
    center: FoundedCenter, kept: Path, command: Command, database: str, tmp_path: Path
) -> None:
    backup, moved = tmp_path / "hub.backup", tmp_path / "moved"
    assert "Envelopes: 3." in command("hub", "backup", "--out", backup, "--data", kept).out
    assert [file.name for file in tmp_path.glob("hub.backup*")] == ["hub.backup"]
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    brought = command("hub", "restore", backup, "--data", moved, "--database", database)
    assert (brought.code, "Envelopes: 3." in brought.out) == (0, True)
    assert command("hub", "check", "--data", moved).code == 0
    again = command("hub", "restore", backup, "--data", moved)
    assert again.code == 1
    with HubProcess(moved) as process:
        peer = HubPeer(process.url, center.id, center.laptop.key)
        assert peer.meet({}, "").batch.envelopes == tuple(one.content for one in center.laptop.envelopes)


def test_a_backup_of_a_log_that_does_not_hold_is_not_kept(
    center: FoundedCenter, kept: Path, command: Command, tmp_path: Path
) -> None:
    opened = Storage(sqlite_file_url(kept / "hub.db"))
    with opened.writing() as connection:
        connection.execute(update(ENVELOPE).where(ENVELOPE.c.position == 2).values(chain=bytes(32)))
    opened.close()
    refused = command("hub", "backup", "--out", tmp_path / "hub.backup", "--data", kept)
    assert (refused.code, list(tmp_path.glob("hub.backup*"))) == (3, [])


def test_a_laptop_is_shut_out_and_let_in_again(center: FoundedCenter, kept: Path, command: Command) -> None:
    words = ("hub", "device", "retire", center.id.hex(), center.laptop.id.hex(), "--data", kept)
    with HubProcess(kept) as process:
        address = f"{process.url}/v1/center/{center.id.hex()}/session"
        asked = json.dumps({"device": center.laptop.id.hex()}).encode()
        assert command(*words).code == 0
        assert httpx.post(address, content=asked, trust_env=False).json()["error"] == "revoked"
        assert command(*words, "--again").code == 0
        assert httpx.post(address, content=asked, trust_env=False).json()["error"] == "challenge"


@pytest.mark.parametrize("begin", [0, 4096], ids=["its head", "behind its head"])
def test_a_check_tells_of_a_damaged_database_in_one_sentence(kept: Path, command: Command, begin: int) -> None:
    file = kept / "hub.db"
    content = bytearray(file.read_bytes())
    for place in range(begin, min(begin + 40_000, len(content))):
        content[place] ^= 0x5A
    file.write_bytes(content)
    told = command("hub", "check", "--data", kept)
    assert (told.code, told.out, told.err.count("\n"), "damaged" in told.err) == (1, "", 1, True)


@pytest.mark.parametrize("words", [["check"], ["backup", "--out", "{}/copy"]])
def test_where_no_hub_is_none_is_checked_and_none_is_made(words: list[str], command: Command, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    for data in (there, tmp_path / "mistyped"):
        told = command("hub", *(word.format(there) for word in words), "--data", data)
        assert (told.code, told.out, told.err.count("\n")) == (3, "", 1)
    assert not (tmp_path / "mistyped").exists()
    assert list(there.iterdir()) == []


def test_a_laptop_of_which_nobody_spoke_is_not_shut_out_in_silence(
    center: FoundedCenter, kept: Path, command: Command
) -> None:
    told = command("hub", "device", "retire", center.id.hex(), "00" * 16, "--data", kept)
    assert (told.code, told.out, told.err.count("\n")) == (1, "", 1)


def test_a_backup_that_is_none_is_named(command: Command, tmp_path: Path) -> None:
    backup = tmp_path / "wrong.backup"
    backup.write_bytes(bytes(range(256)) * 64)
    told = command("hub", "restore", backup, "--data", tmp_path / "hub")
    assert (told.code, told.out, told.err.count("\n"), str(backup) in told.err) == (3, "", 1, True)


def test_a_damaged_key_file_stops_the_hub(command: Command, tmp_path: Path) -> None:
    (tmp_path / "hub.key").write_bytes(b"short")
    (tmp_path / "hub.db").touch()
    refused = command("hub", "check", "--data", tmp_path)
    assert (refused.code, "hub.key" in refused.err) == (3, True)
