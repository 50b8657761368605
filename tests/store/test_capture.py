"""Capture: whatever way a row is written, the change log holds it, with the version it replaced."""

import json
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, text, update

from familydesk.core.errors import Weather
from familydesk.core.record import Record
from familydesk.records import SHEETS
from familydesk.records.person import Language, Person, Sex
from familydesk.store import capture
from familydesk.store.database import Database
from familydesk.store.tables import CHANGE


@pytest.fixture
def database(tmp_path):
    made = Database.create(tmp_path / "desk.db", os.urandom(32))
    yield made
    made.close()


def log(database, sheet="person"):
    with database.read() as session:
        return list(session.execute(select(CHANGE).where(CHANGE.c.sheet == sheet).order_by(CHANGE.c.seq)))


def add(database, **values):
    with database.write() as session:
        person = Person(**values)
        session.add(person)
        session.flush()
        return person.id


def test_a_new_row_is_one_change_that_holds_what_was_written(database):
    add(database, surname="Омарова", given="Әйгерім", sex=Sex.FEMALE, languages=(Language.KAZAKH,))
    (change,) = log(database)
    assert change.field == capture.WHOLE
    assert change.replaces is None
    assert json.loads(change.value) == {
        "surname": "Омарова",
        "given": "Әйгерім",
        "sex": "FEMALE",
        "languages": '["KAZAKH"]',
        "archived": 0,
    }


def test_an_update_is_one_change_a_field_and_names_the_version_it_replaced(database):
    id = add(database, surname="Омарова", given="Әйгерім")
    with database.write() as session:
        session.get(Person, id).surname = "Ахметова"
    with database.write() as session:
        session.get(Person, id).surname = "Сәрсенова"
    first, second, third = log(database)
    assert [second.field, third.field] == ["surname", "surname"]
    assert [second.replaces, third.replaces] == [first.seq, second.seq]
    assert json.loads(third.value) == "Сәрсенова"


def test_writing_what_stands_there_already_is_no_change(database):
    id = add(database, surname="Омарова", given="Әйгерім")
    with database.write() as session:
        session.execute(update(Person).where(Person.id == id).values(surname="Омарова"))
    assert len(log(database)) == 1


@pytest.mark.parametrize(
    "write",
    [
        lambda session, id: session.execute(update(Person).values(given="Aida")),
        lambda session, id: session.execute(text("UPDATE person SET given = 'Aida'")),
        lambda session, id: session.bulk_update_mappings(Person, [{"id": id, "given": "Aida"}]),
        lambda session, id: session.connection().exec_driver_sql(
            "INSERT INTO person(id, surname, given, archived) VALUES(?, 'Омарова', 'Aida', 0) "
            "ON CONFLICT(id) DO UPDATE SET given = excluded.given",
            (id.hex,),
        ),
    ],
    ids=["statement", "text", "bulk", "upsert"],
)
def test_no_road_into_the_table_goes_round_the_log(database, write):
    id = add(database, surname="Омарова", given="Әйгерім")
    with database.write() as session:
        write(session, id)
    assert [(change.field, json.loads(change.value)) for change in log(database)[1:]] == [("given", "Aida")]


def test_rows_inserted_in_bulk_are_captured_one_by_one(database):
    with database.write() as session:
        session.execute(insert(Person), [{"surname": f"С{n}", "given": "Ә"} for n in range(50)])
    assert len(log(database)) == 50


def test_replacing_a_row_logs_both_its_end_and_its_new_beginning(database):
    id = add(database, surname="Омарова", given="Әйгерім")
    with database.write() as session:
        session.connection().exec_driver_sql(
            "INSERT OR REPLACE INTO person(id, surname, given, archived) VALUES(?, 'Б', 'В', 0)", (id.hex,)
        )
    assert [change.field for change in log(database)] == [capture.WHOLE, capture.GONE, capture.WHOLE]


def test_the_changes_of_one_transaction_share_its_number_and_each_has_its_own_clock(database):
    id = add(database, surname="Омарова", given="Әйгерім")
    with database.write() as session:
        person = session.get(Person, id)
        person.surname, person.given = "Ахметова", "Аида"
    changes = log(database)
    assert changes[1].txn == changes[2].txn != changes[0].txn
    clocks = [change.clock for change in changes]
    assert clocks == sorted(set(clocks))


def test_a_transaction_that_fails_leaves_neither_row_nor_change(database):
    def fail():
        with database.write() as session:
            session.add(Person(surname="Омарова", given="Әйгерім"))
            session.flush()
            raise RuntimeError("the world ended")

    with pytest.raises(RuntimeError, match="the world ended"):
        fail()
    assert log(database) == []


def test_a_stray_program_with_the_right_key_cannot_write_past_the_log(database):
    import sqlcipher3.dbapi2 as binding

    stray = binding.connect(str(database.path))
    stray.execute(f"PRAGMA key = \"x'{database.key.hex()}'\"")
    with pytest.raises(binding.OperationalError, match="fd_"):
        stray.execute("INSERT INTO person(id, surname, archived) VALUES('00', 'X', 0)")


def test_triggers_that_were_removed_are_put_back_at_the_next_opening(database):
    with database.connection(write=True) as connection:
        connection.exec_driver_sql('DROP TRIGGER "capture_person_update"')
    database.close()
    again = Database.open(database.path, database.key)
    id = add(again, surname="Омарова", given="Әйгерім")
    with again.write() as session:
        session.get(Person, id).given = "Аида"
    assert [change.field for change in log(again)] == [capture.WHOLE, "given"]
    again.close()


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.sheet())
def test_every_column_of_every_sheet_is_captured(sheet):
    triggers = "\n".join(capture.definitions())
    for column in capture.captured(sheet):
        assert f'NEW."{column}"' in triggers
    assert set(capture.captured(sheet)) == {column.name for column in sheet.__table__.columns} - {"id"}


def test_after_a_commit_listeners_hear_once_which_sheets_were_touched(database):
    heard = []
    stop = database.listen(heard.append)
    with database.write() as session:
        session.add_all([Person(surname="А", given="Б"), Person(surname="В", given="Г")])
    stop()
    add(database, surname="Д", given="Е")
    assert heard == [frozenset({"person"})]


def test_a_listener_that_fails_makes_no_save_fail_and_keeps_nobody_else_from_hearing(database):
    heard, defects = [], []
    database.tell_defect = defects.append
    database.listen(lambda touched: touched.missing)
    database.listen(heard.append)
    id = add(database, surname="Омарова", given="Әйгерім")
    with database.read() as session:
        assert session.get(Person, id)
    assert heard == [frozenset({"person"})]
    assert [type(defect) for defect in defects] == [AttributeError]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["surname", "given", "remarks"]), st.text(max_size=20) | st.none()), max_size=8)
)
def test_the_log_replayed_on_an_empty_table_gives_the_row(tmp_path_factory, edits):
    database = Database.create(tmp_path_factory.mktemp("replay") / "desk.db", os.urandom(32))
    try:
        edits = [
            (name, value if value is None else value.replace("\0", "").encode("utf-8", "ignore").decode())
            for name, value in edits
        ]
        id = add(database, surname="Омарова", given="Әйгерім")
        for name, value in edits:
            with database.write() as session:
                setattr(session.get(Person, id), name, value)
        replayed = {}
        for change in log(database):
            value = json.loads(change.value)
            replayed.update(value if change.field == capture.WHOLE else {change.field: value})
        with database.read() as session:
            row = session.get(Person, id)
            assert all(replayed.get(name) == getattr(row, name) for name in ("surname", "given", "remarks"))
    finally:
        database.close()


def test_the_wrong_key_opens_nothing(database):
    database.close()
    with pytest.raises(Weather):
        Database.open(database.path, os.urandom(32))


def test_every_sheet_has_a_stream():
    assert all(sheet.stream for sheet in Record.__subclasses__())
