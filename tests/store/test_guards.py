from __future__ import annotations

import errno
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from familydesk.core.errors import Refused, Weather
from familydesk.records import sheet_of
from familydesk.store import backup, guards
from familydesk.store.database import SCHEMA, Database
from familydesk.store.folder import StoreFolder

KEY = bytes(range(32))
OTHER = bytes(reversed(range(32)))


@pytest.fixture
def database(place: StoreFolder) -> Path:
    """A closed store with a few hundred pages."""
    made = Database.create(place.database, KEY)
    with made.write() as session:
        session.add_all(sheet_of("region")(kato=f"{n:09}", name_kk="А" * 200, name_ru="Б" * 200) for n in range(500))
    made.close()
    return place.database


def told(path: Path, key: bytes = KEY) -> str:
    """What opening the file says; the file stays as it is."""
    before = path.read_bytes() if path.exists() else None
    with pytest.raises(Weather) as caught:
        read_whole(path, key)
    assert (path.read_bytes() if path.exists() else None) == before
    return caught.value.text


def read_whole(path: Path, key: bytes) -> None:
    guards.check_file(path, key)
    opened = Database.open(path, key)
    try:
        with opened.read() as session:
            session.query(sheet_of("region")).all()
    finally:
        opened.close()


# What stands there


def test_no_store(place: StoreFolder) -> None:
    assert "no store" in told(place.database)
    assert not place.database.exists()


def test_an_unencrypted_file(place: StoreFolder) -> None:
    with sqlite3.connect(place.database) as plain:
        plain.execute("CREATE TABLE meta (key, value)")
    plain.close()
    assert "not encrypted" in told(place.database)


def test_an_empty_file(place: StoreFolder) -> None:
    place.database.touch()
    assert "damaged" in told(place.database)


def test_a_file_of_another_program(place: StoreFolder) -> None:
    place.database.write_bytes(b"%PDF-1.7\n" + bytes(8000))
    assert "do not belong together" in told(place.database)


def test_the_key_of_another_store(database: Path) -> None:
    assert "do not belong together" in told(database, OTHER)


def test_an_encrypted_file_without_our_tables(place: StoreFolder) -> None:
    with guards.plain_connection(place.database, KEY) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE meta (key, value)")
    assert "not a store of this program" in told(place.database)


def test_a_newer_store(database: Path) -> None:
    with guards.plain_connection(database, KEY) as connection:
        connection.execute("UPDATE meta SET value = ? WHERE key = 'schema'", (SCHEMA + 1,))
    assert "newer version" in told(database)


@pytest.mark.parametrize("part", [0.001, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999])
def test_one_changed_bit_anywhere_is_found_as_damage(database: Path, place: StoreFolder, part: float) -> None:
    content = bytearray(database.read_bytes())
    content[int(len(content) * part)] ^= 4
    database.write_bytes(content)
    with pytest.raises(Weather, match="damaged"):
        backup.check(place, KEY)


def test_a_changed_first_page_is_told_as_damage(database: Path) -> None:
    content = bytearray(database.read_bytes())
    content[100] ^= 4
    database.write_bytes(content)
    assert "damaged" in told(database)


def test_a_file_cut_short_is_told_as_damage(database: Path) -> None:
    database.write_bytes(database.read_bytes()[:300])
    assert "damaged" in told(database)


def test_a_few_changed_bytes_at_the_very_beginning_cost_nothing(database: Path) -> None:
    content = bytearray(database.read_bytes())
    content[3:6] = b"\0\0\0"
    database.write_bytes(content)
    opened = Database.open(database, KEY)
    opened.close()


def test_a_store_is_never_written_over(database: Path) -> None:
    with pytest.raises(Refused, match="already"):
        Database.create(database, KEY)


# The key


@pytest.mark.parametrize("length", [0, 16, 31, 33, 48, 64])
def test_a_key_of_another_length_is_never_taken_for_a_passphrase(place: StoreFolder, length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Database.create(place.database, bytes(length))


def test_the_standard_library_cannot_read_the_file(database: Path) -> None:
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(database).execute("SELECT * FROM region")


def test_failing_pages_put_nothing_on_the_screen(database: Path) -> None:
    """SQLCipher logs to standard error unless it is told not to."""
    code = (
        "import sys; from pathlib import Path; from familydesk.store.database import Database\n"
        "try: Database.open(Path(sys.argv[1]), bytes(32))\n"
        "except Exception as error: print(type(error).__name__)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(database)], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("Weather\n", "")


def test_the_binding_is_refused_if_it_does_not_encrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    guards.binding.cache_clear()
    monkeypatch.setitem(sys.modules, "sqlcipher3", type(sys)("sqlcipher3"))
    monkeypatch.setattr(sys.modules["sqlcipher3"], "dbapi2", sqlite3, raising=False)
    with pytest.raises(Weather, match="does not protect"):
        guards.binding()
    guards.binding.cache_clear()


# A failing world


def test_a_full_disk_stops_a_write_and_keeps_everything_before(small_disk: Path) -> None:
    database = Database.create(small_disk / "desk.db", KEY)
    saved = 0

    def save_twenty() -> None:
        with database.write() as session:
            session.add_all(sheet_of("region")(kato="1", name_kk="А" * 5000, name_ru="Б") for _ in range(20))

    with pytest.raises(Weather, match="disk is full"):  # noqa: PT012 - the last of many writes fails
        while saved < 2000:
            save_twenty()
            saved += 20
    with database.read() as session:
        assert session.query(sheet_of("region")).count() == saved > 0
    database.close()


def test_a_folder_without_the_right_to_write(database: Path, make_read_only: Callable[[Path], None]) -> None:
    make_read_only(database.parent)
    assert "cannot be opened in this folder" in told(database)


def test_another_program_writing_is_told_as_busy(database: Path) -> None:
    opened = Database.open(database, KEY)
    with guards.plain_connection(database, KEY) as other:
        other.execute("PRAGMA busy_timeout = 50")
        with opened.write() as session:
            session.add(sheet_of("region")(kato="2", name_kk="А", name_ru="Б"))
            session.flush()
            with pytest.raises(Weather, match="Another program"), guards.told_plainly():
                other.execute("BEGIN IMMEDIATE")
    opened.close()


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (errno.ENOSPC, "full"),
        (errno.EDQUOT, "full"),
        (errno.EFBIG, "full"),
        (errno.EROFS, "cannot be written"),
        (errno.EACCES, "cannot be written"),
        (errno.EIO, "did not answer"),
    ],
)
def test_each_failure_of_the_system_has_its_sentence(number: int, word: str) -> None:
    weather = guards.weather_of(OSError(number, "Әйгерім"))
    assert weather
    assert word in weather.text
    assert weather.advice
    assert "Әйгерім" not in str(weather)


@pytest.mark.parametrize("defect", [ValueError("x"), KeyError("x"), OSError(errno.EBADF, "x"), Refused("x")])
def test_a_defect_of_the_program_is_not_called_weather(defect: Exception) -> None:
    with pytest.raises(type(defect)), guards.told_plainly():
        raise defect


def test_a_wrong_statement_is_a_defect(database: Path) -> None:
    with guards.binding().connect(str(database)) as connection:
        guards.unlock(connection, KEY)
        with pytest.raises(guards.binding().OperationalError), guards.told_plainly():
            connection.execute("SELECT nothing FROM nowhere")
