from __future__ import annotations

import shutil
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection, inspect

from familydesk.core.errors import Weather
from familydesk.law import retention
from familydesk.records import sheet_of
from familydesk.store import backup, database, guards, upgrade
from familydesk.store.database import Database
from familydesk.store.derivation import Cost
from familydesk.store.folder import StoreFolder
from familydesk.store.keys import KeyFile
from familydesk.store.migrations import HERE, newest, steps
from familydesk.store.migrations.comparing import OPTIONS

KEYS, OPENED, _ = KeyFile.new(UUID(int=1), "ana", "Көктемде жаңбыр жауды", Cost(1, 8192))
KEY = OPENED.store_key

STEP = """
import sqlalchemy as sa
from alembic import op

revision = "{this:04}"
down_revision = "{before:04}"


def upgrade():
    with op.batch_alter_table("region") as region:
        region.add_column(sa.Column("capital", sa.String()))
        region.alter_column("name_kk", nullable=False, server_default="")
    op.execute("UPDATE region SET capital = name_kk")
    {more}
"""


def shape(connection: Connection) -> dict[str, object]:
    """What the tables look like: columns, keys and indexes."""
    found = inspect(connection)
    return {
        table: (
            sorted((c["name"], str(c["type"]), c["nullable"], c["default"]) for c in found.get_columns(table)),
            found.get_pk_constraint(table)["constrained_columns"],
            sorted((i["name"], tuple(i["column_names"]), i["unique"]) for i in found.get_indexes(table)),
        )
        for table in found.get_table_names()
    }


@pytest.fixture
def store(place: StoreFolder) -> StoreFolder:
    """A closed store of today's schema, with records."""
    KEYS.write(place.keys)
    made = Database.create(place.database, KEY)
    with made.write() as session:
        session.add_all(sheet_of("region")(kato=f"{n:09}", name_kk=f"Аймақ {n}", name_ru="Б") for n in range(40))
    made.close()
    return place


@pytest.fixture
def next_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of steps of a program one schema ahead; its last step is written by `ahead`."""
    there = tmp_path / "steps"
    shutil.copytree(HERE, there, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(steps, "HERE", there)
    for module in (upgrade, backup):
        monkeypatch.setattr(module, "newest", lambda: newest() + 1)
    monkeypatch.setattr(database, "SCHEMA", newest() + 1)
    return there / "versions"


def ahead(versions: Path, more: str = "pass") -> None:
    number = newest() + 1
    (versions / f"{number:04}_ahead.py").write_text(STEP.format(this=number, before=number - 1, more=more))


def rows(place: StoreFolder, query: str) -> list[tuple[object, ...]]:
    with guards.plain_connection(place.database, KEY) as connection:
        return connection.execute(query).fetchall()


# The steps and the sheets say the same


@pytest.fixture
def migrated(place: StoreFolder) -> Database:
    made = Database(place.database, KEY)
    with made.connection(write=True) as connection:
        upgrade.take_steps(connection, 0)
    yield made
    made.close()


def test_the_steps_lead_to_what_the_sheets_say(migrated: Database) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    options = {name: value for name, value in OPTIONS.items() if name != "target_metadata"}
    with migrated.connection() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, OPTIONS["target_metadata"]) == [], (
            'the sheets changed: run python -m familydesk.store.migrations "what changed"'
        )


def test_a_new_store_is_what_the_steps_make(migrated: Database, tmp_path: Path) -> None:
    fresh = Database.create(tmp_path / "fresh.db", KEY)
    with migrated.connection() as stepped, fresh.connection() as created:
        assert shape(stepped) == shape(created)
        assert guards.schema_of(stepped) == guards.schema_of(created) == newest()
    fresh.close()


def test_a_store_made_by_steps_captures_what_is_written(migrated: Database) -> None:
    with migrated.write() as session:
        session.add(sheet_of("region")(kato="1", name_kk="А", name_ru="Б"))
    with migrated.connection() as connection:
        assert connection.exec_driver_sql("SELECT sheet FROM change").all() == [("region",)]


# Up with data


def test_a_store_comes_up_with_its_records_and_its_history(store: StoreFolder, next_program: Path) -> None:
    ahead(next_program)
    changes = rows(store, "SELECT * FROM change")
    assert upgrade.bring_up(store, KEY)
    assert rows(store, "SELECT capital, name_kk FROM region") == [(f"Аймақ {n}",) * 2 for n in range(40)]
    assert rows(store, "SELECT * FROM change") == changes
    assert rows(store, "SELECT value FROM meta WHERE key = 'schema'") == [(str(newest() + 1),)]
    assert not rows(store, "SELECT 1 FROM sqlite_master WHERE name LIKE 'alembic%'")


def test_a_store_that_came_up_captures_again(store: StoreFolder, next_program: Path) -> None:
    ahead(next_program)
    upgrade.bring_up(store, KEY)
    opened = Database.open(store.database, KEY)
    with opened.write() as session:
        session.query(sheet_of("region")).first().name_ru = "В"
    opened.close()
    assert rows(store, "SELECT field, value FROM change ORDER BY seq DESC LIMIT 1") == [("name_ru", '"В"')]


def test_a_copy_of_the_old_store_is_kept_first_and_opens(
    store: StoreFolder, next_program: Path, tmp_path: Path
) -> None:
    ahead(next_program)
    copy = upgrade.bring_up(store, KEY)
    there = StoreFolder(tmp_path / "there")
    there.root.mkdir()
    backup.unpack(copy, there)
    backup.check(there, KEY)
    assert rows(there, "SELECT value FROM meta WHERE key = 'schema'") == [(str(newest()),)]
    assert rows(there, "SELECT count(*) FROM region") == [(40,)]


def test_a_step_that_fails_leaves_the_store_as_it_was(store: StoreFolder, next_program: Path) -> None:
    ahead(next_program, more='op.execute("UPDATE nowhere SET nothing = 1")')
    with pytest.raises(Exception, match="nowhere"):
        upgrade.bring_up(store, KEY)
    assert rows(store, "SELECT value FROM meta WHERE key = 'schema'") == [(str(newest()),)]
    assert "capital" not in [row[1] for row in rows(store, "PRAGMA table_info(region)")]
    assert rows(store, "SELECT count(*) FROM region") == [(40,)]
    assert len(rows(store, "SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'capture_region%'")) == 3


def test_without_room_for_the_copy_nothing_is_upgraded(
    store: StoreFolder, next_program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead(next_program)

    def no_room(*given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", no_room)
    with pytest.raises(Weather, match="disk is full"):
        upgrade.bring_up(store, KEY)
    assert rows(store, "SELECT value FROM meta WHERE key = 'schema'") == [(str(newest()),)]


def test_a_store_of_todays_schema_is_left_alone(store: StoreFolder) -> None:
    assert upgrade.bring_up(store, KEY) is None
    assert not store.backups.exists()


def test_a_newer_store_is_left_alone(store: StoreFolder) -> None:
    with guards.plain_connection(store.database, KEY) as connection:
        connection.execute("UPDATE meta SET value = '9999' WHERE key = 'schema'")
    before = store.database.read_bytes()
    assert upgrade.bring_up(store, KEY) is None
    assert store.database.read_bytes() == before


def test_the_steps_are_numbered_without_a_gap() -> None:
    numbers = sorted(int(path.name[:4]) for path in (HERE / "versions").glob("[0-9]*.py"))
    assert numbers == list(range(1, newest() + 1))


def test_the_next_step_is_drafted_from_the_sheets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = tmp_path / "steps"
    shutil.copytree(HERE, there, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(steps, "HERE", there)
    drafted = steps.draft("Nothing new")
    assert drafted.name == f"{newest() + 1:04}_nothing_new.py"
    assert "pass" in drafted.read_text()
    assert "Choice" not in drafted.read_text()


def test_a_store_of_the_first_schema_gets_the_terms_of_keeping(place: StoreFolder) -> None:
    """Tables that a new store begins with are filled in an old one too."""
    first = Database(place.database, KEY)
    with first.connection(write=True) as connection:
        steps.take(connection, 0, "0001")
        connection.exec_driver_sql("INSERT INTO meta(key, value) VALUES('schema', '1')")
    first.close()
    KEYS.write(place.keys)
    assert upgrade.bring_up(place, KEY)
    new = {(kept.kind.name, kept.years) for kept in retention.SEED}
    assert set(rows(place, "SELECT kind, years FROM retention_term")) == new


def test_an_address_of_the_first_schema_keeps_its_secrecy_and_its_history_under_the_new_name(
    place: StoreFolder,
) -> None:
    """The field had the word by which the command line names what a reader may not see."""
    first = Database(place.database, KEY)
    log = (
        "INSERT INTO change(sheet, record, field, value, clock, txn, actor, device) VALUES(?, 'a1', ?, ?, 1, 1, '', 1)"
    )
    with first.connection(write=True) as connection:
        steps.take(connection, 0, "0001")
        connection.exec_driver_sql("INSERT INTO meta(key, value) VALUES('schema', '1')")
        connection.exec_driver_sql("INSERT INTO person_address(id, hidden, archived) VALUES('a1', 1, 0)")
        for change in (
            ("person_address", "", '{"street":"Абай 1","hidden":0}'),
            ("person_address", "", '{"street":"Абай 2"}'),
            ("person_address", "hidden", "1"),
            ("person", "hidden", "1"),
        ):
            connection.exec_driver_sql(log, change)
    first.close()
    KEYS.write(place.keys)
    assert upgrade.bring_up(place, KEY)
    assert rows(place, "SELECT id, kept_secret FROM person_address") == [("a1", 1)]
    assert rows(place, "SELECT sheet, field, value FROM change ORDER BY seq") == [
        ("person_address", "", '{"street":"Абай 1","kept_secret":0}'),
        ("person_address", "", '{"street":"Абай 2"}'),
        ("person_address", "kept_secret", "1"),
        ("person", "hidden", "1"),
    ]
