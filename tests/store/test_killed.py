"""A process killed in the middle of its work: what it acknowledged is there, and nothing it knew lies about in
the open.
"""

import os
import random
import signal
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from familydesk.core.fold import fold
from familydesk.store.database import Database

KEY = bytes(range(32))
PLANTED = "Құпиябаева"
WRITER = Path(__file__).with_name("writer_process.py")


@pytest.fixture
def home(tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "tmp").mkdir()
    Database.create(tmp_path / "desk.db", KEY).close()
    return tmp_path


def killed_writer(home: Path, after: int) -> list[str]:
    """Let a second process save people, kill it after `after` acknowledged saves, and give back what it
    acknowledged.
    """
    environment = os.environ | {
        "HOME": str(home / "home"),
        "TMPDIR": str(home / "tmp"),
        "XDG_CONFIG_HOME": str(home / "home"),
    }
    with subprocess.Popen(
        [sys.executable, str(WRITER), str(home / "desk.db"), KEY.hex(), PLANTED],
        stdout=subprocess.PIPE,
        encoding="ascii",
        env=environment,
    ) as writer:
        acknowledged = [writer.stdout.readline().strip() for _ in range(after)]
        os.kill(writer.pid, signal.SIGKILL)
        acknowledged += [line.strip() for line in writer.stdout if line.endswith("\n")]
    return acknowledged


def spellings(name: str):
    """Every way the name's letters could lie in a file."""
    texts = {
        name,
        name.lower(),
        name.upper(),
        fold(name),
        unicodedata.normalize("NFD", name),
        "Kupiyabaeva",
        "Qupiiabaeva",
    }
    for text in texts:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be", "cp1251", "koi8-r"):
            yield text.encode(encoding, "ignore")
        yield text.encode("unicode_escape")


def test_every_acknowledged_save_survives_many_kills_and_the_store_stays_whole(home):
    chance = random.Random(7)
    acknowledged = []
    for _ in range(6):
        acknowledged += killed_writer(home, after=chance.randint(1, 12))
    database = Database.open(home / "desk.db", KEY)
    with database.read() as session:
        connection = session.connection()
        there = {row[0] for row in connection.exec_driver_sql("SELECT id FROM person")}
        logged = {row[0] for row in connection.exec_driver_sql("SELECT record FROM change WHERE field = ''")}
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert connection.exec_driver_sql("PRAGMA cipher_integrity_check").fetchall() == []
    database.close()
    assert set(acknowledged) <= there
    assert there == logged


def test_after_a_kill_no_file_holds_a_planted_name_in_any_spelling(home):
    killed_writer(home, after=8)
    files = [path for path in home.rglob("*") if path.is_file()]
    assert any(path.name.endswith("-wal") and path.stat().st_size for path in files), "the kill came while writing"
    for path in files:
        content = path.read_bytes()
        assert not content.startswith(b"SQLite format 3")
        for spelled in spellings(PLANTED):
            assert spelled not in content, path.name
