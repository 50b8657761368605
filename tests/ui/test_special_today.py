"""The first screen, the search under Ctrl+K and the board of orders, on a real store."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from one_family import Furnishing, Ids
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from familydesk.core import clock
from familydesk.records.order_check import CheckFinding
from familydesk.services.office import Office
from familydesk.ui.special.orders_board import OrdersBoard
from familydesk.ui.special.search_palette import SearchPalette
from familydesk.ui.special.today import TodayScreen, waiting_lines
from familydesk.ui.workplace import Workplace


@pytest.fixture
def office(family_office: Office) -> Office:
    return family_office


@pytest.fixture
def wishes(place: Workplace) -> list[tuple[Any, ...]]:
    """What screens asked the window for."""
    found: list[tuple[Any, ...]] = []
    place.record_wanted.connect(lambda *wish: found.append(wish))
    place.page_wanted.connect(lambda *wish: found.append(wish))
    return found


def shown(screen: Any, qtbot: Any) -> Any:
    qtbot.addWidget(screen)
    screen.resize(1200, 900)
    screen.show()
    return screen


def test_today_tells_what_is_late_who_comes_and_whose_order_ends(
    place: Workplace, ids: Ids, qtbot: Any, inline: None
) -> None:
    screen = shown(TodayScreen(place), qtbot)
    names = [row.accessibleName() for row in screen.overdue.rows()]
    assert any("guardianship" in name and "late" in name for name in names)
    assert len(screen.visits.rows()) == 3
    assert [row.accessibleName().partition(".")[0] for row in screen.orders.rows()] == ["No 398", "No 412", "No 415"]
    assert screen.waiting.isVisibleTo(screen)


def test_a_deadline_opens_its_record(place: Workplace, wishes: list[Any], qtbot: Any, inline: None) -> None:
    screen = shown(TodayScreen(place), qtbot)
    row = screen.overdue.rows()[0]
    QTest.keyClick(row, Qt.Key.Key_Return)
    due = screen.overdue.things[0]
    assert wishes == [(due.sheet, due.id)]
    assert due.arithmetic_text == row.toolTip()


def test_a_bad_month_is_shown_a_page_at_a_time(place: Workplace, ids: Ids, qtbot: Any, inline: None) -> None:
    make = Furnishing(place.office)
    for number in range(30):
        make.put("errand", case_id=ids.case, what=f"Іс {number}", due_on=clock.today() - timedelta(days=2))
    screen = shown(TodayScreen(place), qtbot)
    assert len(screen.overdue.rows()) == 8
    screen.overdue.more()
    assert len(screen.overdue.rows()) == len(screen.overdue.things) > 30


def test_what_waits_without_a_term_is_said_only_if_something_waits() -> None:
    assert waiting_lines(0, 0, False) == []
    assert [line.page for line in waiting_lines(2, 1, True)] == ["intake", "conflicts", "duplicates"]
    assert waiting_lines(1, 0, False)[0].sentence.startswith("1 pair ")


def test_search_is_steered_from_its_line(
    place: Workplace, ids: Ids, wishes: list[Any], qtbot: Any, inline: None
) -> None:
    palette = shown(SearchPalette(place), qtbot)
    palette.line.setText("Aisha Zhumabaeva")
    palette.look()
    assert palette.found[0].id == ids.daughter
    assert palette.rows[0].property("chosen")
    QTest.keyClick(palette.line, Qt.Key.Key_Down)
    assert palette.at == 1
    QTest.keyClick(palette.line, Qt.Key.Key_Up)
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert wishes == [("person", ids.daughter)]
    assert palette.line.text() == ""
    assert not palette.isVisible()


def test_enter_struck_before_the_answer_searches_first(place: Workplace, qtbot: Any, inline: None) -> None:
    palette = shown(SearchPalette(place), qtbot)
    QTest.keyClicks(palette.line, "Zhumabaev")
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert palette.isVisible()
    assert palette.found


def test_only_the_latest_answer_of_a_search_counts(place: Workplace, qtbot: Any) -> None:
    palette = shown(SearchPalette(place), qtbot)
    palette.line.setText("Жұмабаева")
    palette.look()
    palette.line.setText("412")
    palette.look()
    qtbot.waitUntil(lambda: bool(palette.found), timeout=3000)
    qtbot.wait(100)
    assert all(found.sheet != "person" or "412" in found.title for found in palette.found[:1])


def test_an_order_is_served_from_the_board(place: Workplace, office: Office, qtbot: Any, inline: None) -> None:
    board = shown(OrdersBoard(place), qtbot)
    row = next(one for one in board.rows if one.order.number == "415")
    row.serve()
    assert row.panel
    assert row.panel.boxes["served_at"].editor.value() is not None
    row.panel.boxes["served_at"].editor.put(clock.now() - timedelta(hours=2))
    row.panel.run()
    order = office.desk.get("protective_order", row.order.id).values()
    assert order["valid_to"] - order["served_at"] == timedelta(days=30)
    board.refresh()
    assert next(one.order.left for one in board.rows if one.order.number == "415")


def test_what_a_check_lacks_is_said_at_its_field(place: Workplace, office: Office, qtbot: Any, inline: None) -> None:
    board = shown(OrdersBoard(place), qtbot)
    row = next(one for one in board.rows if one.order.number == "412")
    row.check()
    assert row.panel
    row.panel.run()
    assert row.panel.boxes["finding"].wrong.text()
    row.panel.boxes["finding"].editor.put(CheckFinding.KEPT)
    row.panel.run()
    assert row.panel is None
    assert office.desk.count("order_check", {"order_id": row.order.id}) == 2


def test_the_board_waits_while_something_is_written_under_an_order(place: Workplace, qtbot: Any, inline: None) -> None:
    board = shown(OrdersBoard(place), qtbot)
    row = board.rows[0]
    row.breach()
    assert row.panel
    row.panel.boxes["learned_from"].editor.put("көршісі")
    board.refresh()
    assert row.panel.boxes["learned_from"].editor.value() == "көршісі"
    row.close_panel()
    assert row not in board.rows
