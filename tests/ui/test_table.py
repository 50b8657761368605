from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from keyboard import write
from PySide6.QtCore import Qt

from familydesk.core.settings import COLUMNS, Settings
from familydesk.records import SHEETS
from familydesk.records.family import Family, FamilyKind
from familydesk.services.office import Office
from familydesk.ui import tasks
from familydesk.ui.parts import standing
from familydesk.ui.record_list import RecordList
from familydesk.ui.row_source import BLOCK, Query
from familydesk.ui.table import RecordTable
from familydesk.ui.workplace import Workplace

MANY = """
WITH RECURSIVE counted(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counted WHERE n + 1 < ?)
INSERT INTO family (id, archived, name, kind, registered_on)
SELECT printf('019a%028x', n), 0, printf('Отбасы %06d', n),
       CASE n % 3 WHEN 0 THEN 'FULL' WHEN 1 THEN 'SINGLE_PARENT' ELSE 'FOSTER' END, printf('2026-01-%02d', 1 + n % 28)
FROM counted
"""
"""Families with a third of each of three kinds."""


@pytest.fixture
def table(place: Workplace, qtbot: Any) -> Callable[..., RecordTable]:
    """A table on screen, its query answered."""

    def make(sheet: str, query: Query | None = None) -> RecordTable:
        table = RecordTable(place, sheet)
        qtbot.addWidget(table)
        table.resize(1000, 600)
        table.show()
        with qtbot.waitSignal(table.counted):
            table.show_query(query or Query())
        return table

    return make


@pytest.fixture
def families(office: Office) -> Callable[[int], None]:
    """Writes many families at once."""

    def write_many(count: int) -> None:
        office.database.capturing = False
        with office.database.connection(write=True) as connection:
            connection.exec_driver_sql(MANY, (count,))
        office.database.capturing = True

    return write_many


def texts(table: RecordTable, column: int, qtbot: Any) -> list[str]:
    model = table.records
    rows = range(min(model.rowCount(), 30))
    qtbot.waitUntil(lambda: all(model.index(row, 0).data(Qt.ItemDataRole.UserRole) is not None for row in rows))
    return [model.index(row, column).data() for row in rows]


def test_a_list_of_a_hundred_thousand_fetches_only_what_is_in_sight(
    table: Callable[..., RecordTable], families: Callable[[int], None], qtbot: Any
) -> None:
    families(100_000)
    shown = table("family")
    assert shown.records.rowCount() == 100_000
    assert texts(shown, 0, qtbot)[0] == "Отбасы 000000"
    begun = time.perf_counter()
    shown.scrollToBottom()
    assert time.perf_counter() - begun < 1, "the window froze while scrolling"
    last = shown.records.index(99_999, 0)
    qtbot.waitUntil(lambda: last.data() == "Отбасы 099999")
    assert len(shown.records.source._blocks) * BLOCK < 2_000


def test_a_row_on_its_way_is_blank_and_not_wrong(
    table: Callable[..., RecordTable], families: Callable[[int], None]
) -> None:
    families(500)
    shown = table("family")
    assert shown.records.index(499, 0).data() == ""
    assert shown.records.id_at(499) is not None


def test_the_cache_forgets_what_was_seen_long_ago(
    table: Callable[..., RecordTable], families: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    from familydesk.ui import row_source

    monkeypatch.setattr(row_source, "BLOCKS_KEPT", 3)
    families(1_000)
    shown = table("family")
    with tasks.inline():
        for row in range(0, 1_000, BLOCK):
            shown.records.index(row, 0).data()
            shown.records.source._fetch()
    assert len(shown.records.source._blocks) == 3


def test_a_head_sorts_up_and_down_and_is_remembered(
    table: Callable[..., RecordTable], families: Callable[[int], None], qtbot: Any
) -> None:
    families(40)
    shown = table("family")
    with qtbot.waitSignal(shown.counted):
        shown.horizontalHeader().setSortIndicator(0, Qt.SortOrder.DescendingOrder)
    assert texts(shown, 0, qtbot)[0] == "Отбасы 000039"
    assert texts(table("family"), 0, qtbot)[0] == "Отбасы 000039"


def test_kazakh_letters_sort_in_their_own_places(table: Callable[..., RecordTable], office: Office, qtbot: Any) -> None:
    for name in ("Өтеген", "Бекова", "Әбенова", "Ахметова"):
        office.desk.save("family", {"name": name})
    shown = table("family", Query(order="name"))
    assert texts(shown, 0, qtbot) == ["Ахметова", "Әбенова", "Бекова", "Өтеген"]


def test_references_are_shown_and_sorted_by_name(
    table: Callable[..., RecordTable], office: Office, person: Callable[..., UUID], qtbot: Any
) -> None:
    for surname in ("Өтеген", "Бекова", "Әбенова"):
        office.desk.save("case", {"client_id": person(surname=surname), "opened_on": date(2026, 11, 2)})
    shown = table("case")
    at = [one.name for one in shown.records.columns].index("client_id")
    assert texts(shown, at, qtbot) == ["Өтеген Мөлдір", "Бекова Мөлдір", "Әбенова Мөлдір"]
    with qtbot.waitSignal(shown.counted):
        shown.horizontalHeader().setSortIndicator(at, Qt.SortOrder.AscendingOrder)
    assert texts(shown, at, qtbot) == ["Әбенова Мөлдір", "Бекова Мөлдір", "Өтеген Мөлдір"]


def test_of_an_iin_a_list_shows_only_the_end(
    table: Callable[..., RecordTable], person: Callable[..., UUID], qtbot: Any
) -> None:
    person(iin="500101100000", iin_absence=None, born_on=date(1850, 1, 1), sex="MALE")
    shown = table("person")
    at = [one.name for one in shown.records.columns].index("iin")
    assert texts(shown, at, qtbot) == ["••••••••0000"]


def test_columns_are_remembered_as_they_were_left(
    table: Callable[..., RecordTable], place: Workplace, qtbot: Any
) -> None:
    shown = table("person")
    shown.show_column("iin", False)
    shown.horizontalHeader().moveSection(0, 2)
    shown.setColumnWidth(1, 333)
    qtbot.waitUntil(lambda: place.settings.get(COLUMNS)["person"]["widths"].get("given") == 333)
    again = table("person")
    assert again.visible_fields() == shown.visible_fields()
    assert "iin" not in again.visible_fields()
    assert again.columnWidth(1) == 333
    assert Settings(place.settings.path).get(COLUMNS)["person"]["hidden"] == ["iin"]


def test_the_last_column_cannot_be_hidden(table: Callable[..., RecordTable]) -> None:
    shown = table("family")
    for field in shown.records.columns:
        shown.show_column(field.name, False)
    assert len(shown.visible_fields()) == 1


@pytest.mark.parametrize("memory", [7, {"order": 3, "widths": [], "hidden": "x", "sort": ["gone", 1]}, {"sort": [1]}])
def test_a_damaged_memory_of_columns_counts_as_none(
    table: Callable[..., RecordTable], place: Workplace, memory: Any
) -> None:
    place.settings.put(COLUMNS, {"family": memory})
    assert table("family").visible_fields() == ["name", "kind", "registered_on"]


def test_enter_opens_the_current_record(
    table: Callable[..., RecordTable], families: Callable[[int], None], qtbot: Any
) -> None:
    families(3)
    shown = table("family")
    shown.selectRow(1)
    with qtbot.waitSignal(shown.opened) as opened:
        qtbot.keyClick(shown, Qt.Key.Key_Return)
    assert opened.args == [shown.records.id_at(1)]


def test_an_empty_list_says_so_in_a_sentence(table: Callable[..., RecordTable]) -> None:
    shown = table("referral")
    assert shown.empty.isVisible()
    assert shown.empty.text() == "Nothing here yet."


def test_every_sheet_makes_a_list(table: Callable[..., RecordTable]) -> None:
    for sheet in SHEETS:
        shown = table(sheet.sheet())
        assert shown.records.columnCount() > 0, sheet.sheet()
        assert shown.accessibleName()


def test_a_person_s_number_shows_its_end_only(
    table: Callable[..., RecordTable], office: Office, person: Callable[..., UUID], qtbot: Any
) -> None:
    office.desk.save("person_phone", {"person_id": person(), "number": "+77010000042"})
    shown = table("person_phone")
    at = [one.name for one in shown.records.columns].index("number")
    assert texts(shown, at, qtbot)[0].endswith("42")
    assert "701" not in texts(shown, at, qtbot)[0]


# The page around the table


@pytest.fixture
def page(place: Workplace, qtbot: Any, inline: None) -> Callable[[str], RecordList]:
    """A list page on screen."""

    def make(sheet: str) -> RecordList:
        page = RecordList(place, sheet)
        qtbot.addWidget(page)
        page.resize(1200, 700)
        page.show()
        return page

    return make


def test_a_list_is_narrowed_by_a_choice_and_says_so(
    page: Callable[[str], RecordList], families: Callable[[int], None]
) -> None:
    families(30)
    shown = page("family")
    shown.narrow(Family.field("kind"), FamilyKind.FULL)
    assert shown.table.records.rowCount() == 10
    assert shown.head.line.text() == "10 records"
    assert "Both parents" in standing(shown.chips)[0].text()
    shown.narrow(Family.field("kind"), None)
    assert shown.table.records.rowCount() == 30


def test_a_list_is_narrowed_by_typing(
    page: Callable[[str], RecordList], person: Callable[..., UUID], qtbot: Any
) -> None:
    person("Қоңырбаева", "Айша")
    person("Жұмабаева", "Мөлдір")
    shown = page("person")
    write(shown.filter, "конырбаева")
    qtbot.waitUntil(lambda: shown.table.records.rowCount() == 1)
    shown.filter.clear()
    write(shown.filter, "зззжжжззз")
    qtbot.waitUntil(lambda: shown.table.records.rowCount() == 0)
    assert shown.table.empty.text() == "Nothing fits what you are looking for."


def test_a_list_follows_what_others_save(
    page: Callable[[str], RecordList], person: Callable[..., UUID], qtbot: Any
) -> None:
    shown = page("person")
    assert shown.table.records.rowCount() == 0
    person()
    qtbot.waitUntil(lambda: shown.table.records.rowCount() == 1)


def test_a_hidden_list_loads_only_when_seen_again(
    page: Callable[[str], RecordList], person: Callable[..., UUID], qtbot: Any
) -> None:
    shown = page("person")
    shown.hide()
    person()
    qtbot.wait(30)
    assert shown.stale
    assert shown.table.records.rowCount() == 0
    shown.show()
    assert shown.table.records.rowCount() == 1


def test_the_archived_stand_apart(
    page: Callable[[str], RecordList], person: Callable[..., UUID], office: Office
) -> None:
    person("Қоңырбаева")
    office.desk.archive("person", person("Жұмабаева"))
    shown = page("person")
    assert shown.table.records.rowCount() == 1
    shown.show_archived(True)
    assert shown.table.records.rowCount() == 1
    assert standing(shown.chips)[0].text() == "Archived"


def test_what_is_shown_is_written_into_a_spreadsheet(
    page: Callable[[str], RecordList], families: Callable[[int], None], tmp_path: Any
) -> None:
    from python_calamine import CalamineWorkbook

    families(12)
    shown = page("family")
    shown.narrow(Family.field("kind"), FamilyKind.FULL)
    shown.export(tmp_path / "list.xlsx")
    rows = CalamineWorkbook.from_path(tmp_path / "list.xlsx").get_sheet_by_index(0).to_python()
    written = [row for row in rows if any(str(cell).startswith("Отбасы") for cell in row)]
    assert len(written) == 4
