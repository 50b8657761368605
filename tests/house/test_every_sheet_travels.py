"""Every sheet from one laptop to another: what a new sheet gets for its one line in the index."""

import sys
from pathlib import Path

import pytest
from samples import later, save

from familydesk.core.fields import Kind, Secrecy
from familydesk.records import SHEETS, sheet_of

sys.path.append(str(Path(__file__).parents[1] / "services"))
from met_desks import Desk, meet

every_sheet = pytest.mark.parametrize("sheet", [sheet.sheet() for sheet in SHEETS])


@pytest.fixture(scope="module")
def desks(small_store, tmp_path_factory):
    place = tmp_path_factory.mktemp("desks")
    two = Desk(small_store, place / "one", 1), Desk(small_store, place / "two", 2)
    yield two
    for one in two:
        one.office.close()


def raw(desk, sheet, record):
    with desk.office.database.connection() as connection:
        return connection.exec_driver_sql(f'SELECT * FROM "{sheet}" WHERE id = ?', (record.hex,)).one()


@every_sheet
def test_a_record_comes_to_another_laptop_as_it_was_saved_and_edited(desks, sheet):
    here, there = desks
    record = save(here.office, sheet)
    there.hear(here)
    assert raw(there, sheet, record) == raw(here, sheet, record)
    changed = {
        field.name: later(field, getattr(here.office.desk.get(sheet, record), field.name))
        for field in sheet_of(sheet).fields()
        if field.kind in (Kind.LINE, Kind.NOTE) and field.secrecy is not Secrecy.PRIVILEGED
        if field.name not in sheet_of(sheet).programs_own and getattr(here.office.desk.get(sheet, record), field.name)
    }
    here.office.desk.save(sheet, changed, record)
    meet(*desks)
    assert raw(there, sheet, record) == raw(here, sheet, record)
    assert not there.office.conflicts.open()


@every_sheet
def test_a_record_that_was_put_away_is_away_everywhere_and_comes_back(desks, sheet):
    here, there = desks
    record = save(here.office, sheet)
    here.office.desk.archive(sheet, record)
    there.hear(here)
    assert record not in there.office.desk.ids(sheet)
    there.office.desk.bring_back(sheet, record)
    here.hear(there)
    assert record in here.office.desk.ids(sheet)


def test_in_the_end_both_journals_vouch_for_all_of_it(desks):
    meet(*desks)
    assert all(desk.office.journal.verify().whole for desk in desks)
