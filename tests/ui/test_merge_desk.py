"""The merge desk: what was written twice is decided by one key, and nothing of it is lost."""

from __future__ import annotations

from typing import Any

import pytest
from keyboard import write
from one_family import Ids
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from familydesk.records.case import Danger
from familydesk.services.office import Office
from familydesk.ui.special.compared import pieces
from familydesk.ui.special.merge_desk import MergeDesk
from familydesk.ui.special.merge_people import MergeScreen
from familydesk.ui.special.settled import SettledScreen
from familydesk.ui.special.side import Side
from familydesk.ui.window import Window
from familydesk.ui.workplace import Workplace

pytestmark = pytest.mark.usefixtures("inline")


@pytest.fixture
def office(family_office: Office) -> Office:
    return family_office


def wrote_twice(office: Office, sheet: str, record: Any, name: str, first: Any, second: Any) -> None:
    """Two forms were open on one record; the second is saved over the first."""
    seen = office.desk.seen(sheet, record)
    office.desk.save(sheet, {name: first}, record)
    office.desk.save(sheet, {name: second}, record, seen)


@pytest.fixture
def goals(office: Office, ids: Ids) -> None:
    """The goal of a case was written twice."""
    wrote_twice(office, "case", ids.case, "goal", "Бірге тұру", "Бөлек тұру")


@pytest.fixture
def desk(place: Workplace, qtbot: Any) -> Any:
    """Opens the merge desk."""

    def open_desk() -> MergeDesk:
        screen = MergeDesk(place)
        qtbot.addWidget(screen)
        screen.resize(1200, 900)
        screen.show()
        return screen

    return open_desk


def goal(office: Office, ids: Ids) -> Any:
    return office.desk.get("case", ids.case).values()["goal"]


@pytest.mark.usefixtures("goals")
def test_both_values_stand_side_by_side_with_who_wrote_them(desk: Any) -> None:
    (card,) = desk().cards
    before, stands, meant = (side.accessibleName() for side in card.findChildren(Side))
    assert stands.startswith("Stands now. Бірге тұру. ")
    assert meant.startswith("Was meant instead. Бөлек тұру. ")
    assert "Оспанова" in stands
    assert "Оспанова" in meant
    assert before.startswith("Before. ")


@pytest.mark.usefixtures("goals")
def test_one_key_keeps_what_stands(desk: Any, office: Office, ids: Ids, qtbot: Any) -> None:
    screen = desk()
    write(screen.cards[0].main, "1")
    assert goal(office, ids) == "Бірге тұру"
    assert not office.conflicts.open()
    qtbot.waitUntil(lambda: not screen.cards, timeout=2000)


@pytest.mark.usefixtures("goals")
@pytest.mark.parametrize("key", ["2", "ә"])
def test_the_same_key_takes_the_other_on_a_kazakh_keyboard(desk: Any, office: Office, ids: Ids, key: str) -> None:
    write(desk().cards[0].main, key)
    assert goal(office, ids) == "Бөлек тұру"


@pytest.mark.usefixtures("goals")
def test_both_texts_are_offered_when_a_field_is_written_anew(desk: Any, office: Office, ids: Ids) -> None:
    card = desk().cards[0]
    write(card.main, "3")
    assert card.panel
    editor = card.panel.boxes["goal"].editor
    assert editor.value() == "Бірге тұру\n\nБөлек тұру"
    editor.put("Алдымен бөлек тұру")
    card.panel.run()
    assert goal(office, ids) == "Алдымен бөлек тұру"
    assert not office.conflicts.open()


@pytest.mark.usefixtures("goals")
def test_digits_that_are_typed_into_a_new_value_decide_nothing(desk: Any, office: Office) -> None:
    screen = desk()
    card = screen.cards[0]
    card.write()
    write(card.panel.boxes["goal"].editor.main(), "12")
    write(screen, "1")
    assert len(office.conflicts.open()) == 1


@pytest.mark.usefixtures("goals")
def test_a_value_begun_anew_is_not_lost_to_what_comes_meanwhile(
    desk: Any, office: Office, ids: Ids, place: Workplace, qtbot: Any
) -> None:
    screen = desk()
    card = screen.cards[0]
    card.write()
    wrote_twice(office, "family", ids.family, "name", "Жұмабаевтар", "Жұмабаевтар үйі")
    place.touched.emit(frozenset(("family",)))
    QApplication.processEvents()
    assert screen.cards == [card]
    card.panel.left.emit()
    qtbot.waitUntil(lambda: len(screen.cards) == len(office.conflicts.open()), timeout=2000)


def test_next_goes_from_field_to_field_and_says_the_keys_only_where_they_act(
    desk: Any, office: Office, ids: Ids
) -> None:
    wrote_twice(office, "case", ids.case, "goal", "Бірге тұру", "Бөлек тұру")
    wrote_twice(office, "case", ids.lone_case, "goal", "Жұмыс табу", "Үй табу")
    screen = desk()
    first, second = screen.cards
    assert first.ways[0].text().endswith("   1")
    assert second.ways[0].text() == second.ways[0].words
    write(first.main, "0")
    assert second.ways[0].text().endswith("   1")
    write(second.main, "2")
    assert office.desk.get("case", ids.lone_case).values()["goal"] == "Үй табу"
    assert goal(office, ids) == "Бірге тұру"


def test_after_a_decision_the_next_field_has_the_keyboard(desk: Any, office: Office, ids: Ids, qtbot: Any) -> None:
    for case, words in ((ids.case, "Бөлек тұру"), (ids.lone_case, "Үй табу")):
        wrote_twice(office, "case", case, "goal", "Басқа", words)
    wrote_twice(office, "person", ids.mother, "patronymic", "Маратқызы", "Серікқызы")
    screen = desk()
    with qtbot.waitActive(screen):
        screen.activateWindow()
    fields = [card.choice.title for card in screen.cards]
    assert QApplication.focusWidget() is screen.cards[0].main
    write(screen.cards[0].main, "1")
    qtbot.waitUntil(lambda: len(screen.cards) == 2, timeout=2000)
    assert [card.choice.title for card in screen.cards] == fields[1:]
    assert QApplication.focusWidget() is screen.cards[0].main


def test_a_page_that_is_brought_anew_takes_no_keyboard_from_another_place(
    desk: Any, office: Office, ids: Ids, place: Workplace, qtbot: Any
) -> None:
    wrote_twice(office, "case", ids.case, "goal", "Бірге тұру", "Бөлек тұру")
    screen = desk()
    line = QLineEdit()
    qtbot.addWidget(line)
    line.show()
    with qtbot.waitActive(line):
        line.activateWindow()
    line.setFocus()
    place.touched.emit(frozenset(("case",)))
    qtbot.waitUntil(lambda: not screen.stale, timeout=2000)
    assert QApplication.focusWidget() is line


def test_fields_stand_under_their_case(desk: Any, office: Office, ids: Ids) -> None:
    wrote_twice(office, "case", ids.lone_case, "goal", "Жұмыс табу", "Үй табу")
    wrote_twice(office, "person", ids.mother, "patronymic", "Маратқызы", "Серікқызы")
    wrote_twice(office, "case", ids.case, "goal", "Бірге тұру", "Бөлек тұру")
    found = office.merge_desk.lay_out(10)
    assert [(one.case, one.count) for one in found.cases] == [(ids.case, 2), (ids.lone_case, 1)]
    assert [card.choice.case for card in desk().cards] == [ids.case, ids.case, ids.lone_case]


@pytest.mark.usefixtures("goals")
def test_a_safety_field_comes_first_and_says_why_the_safer_value_holds(desk: Any, office: Office, ids: Ids) -> None:
    office.desk.save("case", {"danger": Danger.LOW}, ids.case)
    wrote_twice(office, "case", ids.case, "danger", Danger.HIGH, Danger.MEDIUM)
    choice, _goal = (card.choice for card in desk().cards)
    high, medium = (one.text for one in choice.versions)
    assert choice.why == f"“{high}” protects more than “{medium}”."


def test_what_differs_only_in_spelling_is_settled_together(desk: Any, office: Office, ids: Ids) -> None:
    wrote_twice(office, "case", ids.case, "goal", "Бірге тұру", "бірге  тұру ")
    office.desk.save("case", {"goal": "Жұмыс табу"}, ids.lone_case)
    wrote_twice(office, "case", ids.lone_case, "goal", "ЖҰМЫС ТАБУ", "Жұмыс пен үй табу")
    wrote_twice(office, "person", ids.mother, "patronymic", "Маратқызы", "Серікқызы")
    screen = desk()
    assert screen.plain.isVisible()
    screen.plain.settle()
    assert [one.field.name for one in office.conflicts.open()] == ["patronymic"]
    assert office.desk.get("case", ids.lone_case).values()["goal"] == "Жұмыс пен үй табу"


@pytest.mark.usefixtures("goals")
def test_what_was_settled_can_be_looked_at(desk: Any, office: Office, place: Workplace, qtbot: Any) -> None:
    desk().cards[0].ways[1].click()
    settled = SettledScreen(place)
    qtbot.addWidget(settled)
    settled.show()
    (one,) = settled.card.things
    assert one.line.startswith("“Бөлек тұру” and not “Бірге тұру”. ")
    assert one.line.endswith("· Оспанова Гүлнар")


def test_people_who_may_be_here_twice_lead_to_the_merging_of_people(desk: Any, place: Workplace, qtbot: Any) -> None:
    screen = desk()
    wanted: list[Any] = []
    place.page_wanted.connect(lambda *page: wanted.append(page))
    (row,) = screen.pairs.rows()
    QTest.keyClick(row, Qt.Key.Key_Return)
    (pair,) = screen.pairs.things
    assert wanted[-1] == ("duplicates", str(pair.id))
    people = MergeScreen(place)
    qtbot.addWidget(people)
    people.restore(str(pair.id))
    assert people.both.pair
    assert people.both.pair.id == pair.id


def test_words_that_only_one_text_has_are_marked() -> None:
    assert pieces("Собрать справки до пятницы.", "Собрать справки до среды.") == [
        ("Собрать справки до ", False),
        ("пятницы.", True),
    ]
    assert pieces("a < b\nc", "a < b\nc") == [("a < b\nc", False)]


@pytest.mark.usefixtures("goals")
def test_the_bars_say_how_much_was_written_twice(window: Window, office: Office, qtbot: Any) -> None:
    assert window.view
    assert window.view.side.buttons["conflicts"].badge.text() == "1"
    window.resize(1440, 900)
    assert window.view.top.note.text() == "1 written twice"
    window.view.top.note.click()
    assert window.view.page == "conflicts"
    window.view.screens["conflicts"].cards[0].ways[0].click()
    qtbot.waitUntil(lambda: window.view.side.buttons["conflicts"].badge.text() == "", timeout=2000)
    assert not window.view.top.note.isVisible()
