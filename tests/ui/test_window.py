from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from keyboard import write
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from familydesk.core import i18n
from familydesk.core import settings as known
from familydesk.core.errors import Weather
from familydesk.services.office import Office
from familydesk.ui import pages
from familydesk.ui.record_page import RecordPage
from familydesk.ui.record_screen import RecordScreen
from familydesk.ui.screen import Screen
from familydesk.ui.window import Window
from familydesk.ui.workplace import Aside

CONTROL = Qt.KeyboardModifier.ControlModifier


def screen(window: Window) -> Any:
    assert window.view is not None
    return window.view.stack.currentWidget()


def test_pages_are_built_at_their_first_visit_and_kept(window: Window, office: Office) -> None:
    view = window.view
    assert view is not None
    assert list(view.screens) == [pages.offered(office.account)[0].name]
    view.open_page("cases")
    cases = screen(window)
    view.open_page("organisations")
    view.open_page("cases")
    assert screen(window) is cases
    assert view.side.buttons["cases"].isChecked()


def test_every_page_of_the_side_bar_opens(window: Window, office: Office) -> None:
    assert window.view is not None
    for page in pages.offered(office.account):
        window.view.open_page(page.name)
        assert isinstance(screen(window), Screen), page.name


def test_pages_are_reached_with_alt_and_a_number(window: Window, office: Office, qtbot: Any) -> None:
    listed = [page.name for page in pages.offered(office.account) if page.name != "settings"]
    qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    view = window.view
    assert view is not None
    qtbot.waitUntil(lambda: view.page == listed[2])


def test_the_title_says_nothing_of_what_the_desk_is_for(window: Window, person: Callable[..., UUID]) -> None:
    titles = []
    assert window.view is not None
    window.view.open_record("person", person("Қоңырбаева"))
    for language in ("kk", "ru", "en"):
        window.speak(language)
        titles.append(window.windowTitle())
    assert all("Қоңырбаева" not in title and "amily" not in title for title in titles)
    assert "Workspace" in titles


def test_no_part_of_a_page_stands_as_a_window_of_its_own(
    window: Window, office: Office, person: Callable[..., UUID]
) -> None:
    assert window.view is not None
    for page in pages.offered(office.account):
        window.view.open_page(page.name)
        assert [shown for shown in QApplication.topLevelWidgets() if shown.isVisible()] == [window]
    window.view.open_page("settings", ("person", person()))
    window.view.write_aside(Aside("protective_order"))
    assert [shown for shown in QApplication.topLevelWidgets() if shown.isVisible()] == [window]


# Hide now


@pytest.mark.parametrize(
    ("key", "modifier"),
    [
        (Qt.Key.Key_F12, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_H, CONTROL | Qt.KeyboardModifier.ShiftModifier),
    ],
)
def test_one_key_hides_everything_at_once(window: Window, qtbot: Any, key: Any, modifier: Any) -> None:
    qtbot.keyClick(window, key, modifier)
    assert window.stack.currentWidget() is window.calm
    assert window.view is not None
    assert not window.view.isVisible()


def test_any_key_brings_the_desk_back_as_it_was_and_reaches_no_form(
    window: Window, qtbot: Any, person: Callable[..., UUID], office: Office
) -> None:
    assert window.view is not None
    window.view.open_record("person", person())
    page = screen(window)
    window.hide_now()
    qtbot.keyClick(window.calm, Qt.Key.Key_Shift)
    assert window.stack.currentWidget() is window.calm
    qtbot.keyClick(window.calm, Qt.Key.Key_X)
    assert window.stack.currentWidget() is window.view
    assert screen(window) is page


def test_hiding_closes_what_lies_over_the_window(window: Window, qtbot: Any) -> None:
    from PySide6.QtWidgets import QDialog

    over = QDialog()
    qtbot.addWidget(over)
    over.show()
    window.hide_now()
    assert not over.isVisible()


def test_a_picture_of_the_hidden_window_is_calm(window: Window) -> None:
    window.hide_now()
    QApplication.processEvents()
    image = window.grab().toImage()
    colors = {image.pixelColor(x, y).name() for x in range(0, image.width(), 7) for y in range(0, 200, 7)}
    assert colors == {window.theme.colors.ground.lower()}


# Lock


def test_locking_closes_the_store_and_leaves_no_page(window: Window, qtbot: Any, office: Office) -> None:
    with qtbot.waitSignal(window.locked):
        qtbot.keyClick(window, Qt.Key.Key_L, CONTROL)
    assert window.view is None
    assert window.place is None
    assert office.database.engine.pool.checkedout() == 0


def test_one_key_locks_from_the_calm_page_as_well(window: Window, qtbot: Any) -> None:
    window.hide_now()
    with qtbot.waitSignal(window.locked):
        qtbot.keyClick(window.calm, Qt.Key.Key_F12, Qt.KeyboardModifier.ShiftModifier)


def test_nothing_of_a_record_is_on_the_screen_while_the_store_is_being_closed(
    window: Window, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = []
    close = office.close
    monkeypatch.setattr(office, "close", lambda: (shown.append(window.stack.currentWidget()), close()))
    window.lock()
    assert shown == [window.calm]


def test_a_disk_that_takes_nothing_more_keeps_no_lock_from_happening(
    window: Window, office: Office, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    close = office.close

    def fail() -> None:
        close()
        raise Weather("The disk is full.")

    monkeypatch.setattr(office, "close", fail)
    with qtbot.waitSignal(window.locked), pytest.raises(Weather):
        window.lock()


def test_the_lock_comes_by_itself_after_the_time_of_rest(window: Window, qtbot: Any) -> None:
    assert window._idle.isActive()
    assert window._idle.interval() == window.settings.get(known.LOCK_AFTER) * 60_000
    window._idle.setInterval(10)
    with qtbot.waitSignal(window.locked, timeout=2000):
        window._idle.start()


def test_a_key_begins_the_time_of_rest_anew(window: Window, qtbot: Any) -> None:
    window._idle.setInterval(5_000)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Shift)
    qtbot.waitUntil(lambda: window._idle.interval() == window.settings.get(known.LOCK_AFTER) * 60_000)


def test_a_hidden_window_keeps_counting_its_time_of_rest(window: Window, qtbot: Any) -> None:
    window.hide_now()
    window._idle.setInterval(150)
    window._idle.start()
    qtbot.keyClick(window.calm, Qt.Key.Key_Shift)
    assert window._idle.interval() == 150
    with qtbot.waitSignal(window.locked, timeout=2000):
        pass


def test_what_was_typed_survives_a_lock(
    window: Window, office: Office, person: Callable[..., UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    record_id = person()
    assert window.view is not None
    window.view.open_page("settings")
    window.view.screens["settings"].restore(("person", record_id))
    page = window.view.screens["settings"].table.record
    assert isinstance(page, RecordPage)
    write(page.form.boxes["occupation"].editor.main(), "Тігінші")
    monkeypatch.setattr(office, "close", lambda: None)
    window.lock()
    window.enter(office, office.bookmark.get())
    assert window.view.page == "settings"
    again = window.view.screens["settings"].table.record
    assert again.record_id == record_id
    assert again.form.boxes["occupation"].editor.value() == "Тігінші"


# Language and look


def test_another_language_changes_every_word_and_leaves_her_where_she_was(window: Window, office: Office) -> None:
    assert window.view is not None
    window.view.open_page("organisations")
    window.view.open_record("organisation", office.desk.save("organisation", organisation_values()).id)
    before = window.view.page
    window.speak("ru")
    assert i18n.spoken() == "ru"
    assert window.settings.get(known.LANGUAGE) == "ru"
    assert window.view.page == before
    assert window.view.top.language.text() == "РУС"
    i18n.use("xx")
    window.rebuild()
    assert all(button.text().startswith("[") for button in window.view.side.buttons.values())


def organisation_values() -> dict[str, Any]:
    from familydesk.core.fields import Kind
    from familydesk.records.organisation import Organisation

    values: dict[str, Any] = {}
    for field in Organisation.fields():
        if field.required:
            values[field.name] = next(iter(field.choices)) if field.kind is Kind.CHOICE and field.choices else "Полиция"
    return values


def test_a_draft_survives_a_change_of_language(window: Window, person: Callable[..., UUID]) -> None:
    record_id = person()
    assert window.view is not None
    window.view.open_page("settings", ("person", record_id))
    page = window.view.screens["settings"].table.record
    write(page.form.boxes["occupation"].editor.main(), "Тігінші")
    window.speak("kk")
    again = window.view.screens["settings"].table.record
    assert again is not page
    assert again.form.boxes["occupation"].editor.value() == "Тігінші"


def test_a_larger_text_makes_a_larger_window_part(window: Window) -> None:
    assert window.view is not None
    small = window.view.top.height()
    window.theme.choose("dark", 150)
    assert window.view.top.height() > small
    assert window.theme.dark
    window.theme.choose("light", 100)


# Records


@pytest.fixture
def people(window: Window, person: Callable[..., UUID], qtbot: Any) -> RecordScreen:
    """The generated screen of people, three of them there."""
    for surname in ("Әбдіқадырова", "Жұмабаева", "Қоңырбаева"):
        person(surname)
    assert window.view is not None
    window.view.open_screen("people", lambda: RecordScreen(window.place, "person"))  # type: ignore[arg-type]
    made = screen(window)
    assert isinstance(made, RecordScreen)
    return made


def test_a_row_opens_its_record_and_escape_returns(people: RecordScreen, qtbot: Any) -> None:
    people.list.table.selectRow(1)
    qtbot.keyClick(people.list.table, Qt.Key.Key_Return)
    assert isinstance(people.record, RecordPage)
    assert people.record.head.title.text() == "Жұмабаева Мөлдір"
    surname = people.record.form.boxes["surname"].editor.main()
    surname.setFocus()
    qtbot.waitUntil(surname.hasFocus)
    qtbot.keyClick(surname, Qt.Key.Key_Escape)
    assert people.record is None
    assert people.stack.currentWidget() is people.list


def test_archiving_offers_to_undo_it(people: RecordScreen, window: Window, office: Office, qtbot: Any) -> None:
    people.open(people.list.table.records.id_at(0))
    assert isinstance(people.record, RecordPage)
    people.record.archive()
    assert people.record is None
    qtbot.waitUntil(lambda: people.list.table.records.rowCount() == 2)
    assert window.view is not None
    strip = window.view.board.strips()[0]
    assert strip.message.text == "Archived."
    strip._accept()
    qtbot.waitUntil(lambda: people.list.table.records.rowCount() == 3)


def test_an_archived_record_says_so_and_can_be_brought_back(people: RecordScreen, office: Office) -> None:
    record_id = people.list.table.records.id_at(0)
    office.desk.archive("person", record_id)
    people.open(record_id)
    assert isinstance(people.record, RecordPage)
    strip = people.record.form.board.strips()[0]
    assert strip.message.offer == "Bring it back"
    strip._accept()
    assert not office.desk.get("person", record_id).archived


def test_a_child_is_written_beside_its_parent_and_appears_there(
    people: RecordScreen, window: Window, office: Office, qtbot: Any
) -> None:
    parent = people.list.table.records.id_at(0)
    people.open(parent)
    page = people.record
    assert isinstance(page, RecordPage)
    card = next(card for card in page.children_cards if card.child.sheet() == "person_phone")
    card.add()
    assert window.view is not None
    aside = window.view.aside
    assert aside is not None
    write(aside.form.boxes["number"].editor.main(), "87010000042")
    aside.form.save()
    assert window.view.aside is None
    phones = office.desk.find("person_phone", {"person_id": parent})
    assert [phone.values()["number"] for phone in phones] == ["+77010000042"]
    qtbot.waitUntil(lambda: "42" in text_of(card))
    assert "701" not in text_of(card)


def text_of(widget: Any) -> str:
    from PySide6.QtWidgets import QLabel

    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def test_escape_closes_the_form_beside_and_keeps_its_draft(
    people: RecordScreen, window: Window, office: Office, qtbot: Any
) -> None:
    assert window.place is not None
    assert window.view is not None
    window.place.write_aside("organisation")
    aside = window.view.aside
    assert aside is not None
    field = next(box for box in aside.form.boxes.values() if box.field.required and not box.field.choices)
    write(field.editor.main(), "Полиция")
    qtbot.waitUntil(field.editor.main().hasFocus)
    qtbot.keyClick(field.editor.main(), Qt.Key.Key_Escape)
    assert window.view.aside is None
    draft = office.drafts.load("organisation", None)
    assert draft is not None
    assert draft.values[field.field.name] == "Полиция"


def test_a_record_s_history_is_shown_when_asked_for(people: RecordScreen, office: Office, qtbot: Any) -> None:
    record_id = people.list.table.records.id_at(0)
    office.desk.save("person", {"occupation": "Тігінші"}, record_id)
    office.desk.save("person", {"occupation": "Мұғалім"}, record_id)
    people.open(record_id)
    assert isinstance(people.record, RecordPage)
    history = people.record.history
    assert history is not None
    history.turn()
    qtbot.waitUntil(lambda: "Тігінші → Мұғалім" in text_of(history))
    assert "Оспанова" in text_of(history)


def test_a_new_record_s_page_becomes_its_own_once_saved(people: RecordScreen, office: Office) -> None:
    people.open()
    page = people.record
    assert isinstance(page, RecordPage)
    assert page.children_cards == []
    page.form.boxes["surname"].editor.put("Сәрсенова")
    page.form.boxes["given"].editor.put("Жанар")
    from familydesk.records.person import IinAbsence

    page.form.boxes["iin_absence"].editor.put(IinAbsence.NO_DOCUMENT)
    page.form.save()
    assert page.head.title.text() == "Сәрсенова Жанар"
    assert {card.child.sheet() for card in page.children_cards} >= {"person_phone", "person_address"}


def test_every_button_and_field_in_sight_has_a_name_for_a_screen_reader(window: Window) -> None:
    from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit

    assert window.view is not None
    for page in ("cases", "settings"):
        window.view.open_page(page)
        for kind in (QPushButton, QComboBox, QLineEdit, QPlainTextEdit):
            for widget in window.findChildren(kind):
                if widget.isVisible() and not widget.parent().inherits("QSpinBox"):
                    assert widget.accessibleName() or widget.text(), widget


def test_weather_is_told_on_the_board_and_a_defect_in_its_own_window(window: Window, qtbot: Any) -> None:
    from familydesk.core.errors import Weather
    from familydesk.ui.crash import CrashHandler, report_of

    told: list[Exception] = []
    handler = CrashHandler(window.theme, told.append)
    handler.handle(Weather, Weather("No disk."), None)
    assert [str(error) for error in told] == ["No disk."]

    def fail(name: str) -> None:
        raise KeyError(name)

    try:
        fail("Қоңырбаева")
    except KeyError as error:
        report = report_of(KeyError, error.__traceback__)
        handler.handle(KeyError, error, error.__traceback__)
    qtbot.waitUntil(lambda: handler.window is not None)
    assert handler.window is not None
    assert "Қоңырбаева" not in handler.window.report.toPlainText()
    assert "fail" in report
    handler.window.close()


def test_nothing_heavy_is_loaded_before_it_is_needed() -> None:
    heavy = "reportlab alembic keyring xlsxwriter python_calamine rapidfuzz babel holidays zxcvbn"
    code = (
        "import sys; import familydesk.ui.desktop, familydesk.ui.desk_view, familydesk.services.front_door; "
        f"print([name for name in {heavy.split()} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
