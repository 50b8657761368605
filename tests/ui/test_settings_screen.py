from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton

from familydesk.core import settings as known
from familydesk.core.i18n import translate
from familydesk.core.settings import Settings
from familydesk.records import sheet_of
from familydesk.services.office import Office
from familydesk.ui import tasks
from familydesk.ui.setting_rows import shown_settings
from familydesk.ui.settings_screen import DATED, PEOPLE, SettingsScreen
from familydesk.ui.theme import Theme
from familydesk.ui.workplace import Workplace


@pytest.fixture
def screen(office: Office, qtbot: Any, inline: None) -> Iterator[SettingsScreen]:
    """The settings on screen."""
    theme = Theme("light")
    theme.apply()
    screen = SettingsScreen(Workplace(office, office.settings, theme))
    qtbot.addWidget(screen)
    screen.resize(1100, 800)
    screen.show()
    yield screen
    tasks.finish()


def press(screen: SettingsScreen, name: str) -> None:
    next(made for made in screen.findChildren(QPushButton) if made.accessibleName() == name).click()


def test_every_setting_that_a_person_chooses_has_its_row(screen: SettingsScreen) -> None:
    names = {made.accessibleName() for made in screen.findChildren(QPushButton)}
    for setting in shown_settings():
        assert any(translate(setting.label) in name for name in names), setting.key


def test_a_choice_is_kept_in_the_file_at_once(screen: SettingsScreen) -> None:
    press(screen, "Lock after minutes without work: 5")
    assert Settings(screen.place.settings.path).get(known.LOCK_AFTER) == 5


def test_the_look_changes_as_soon_as_it_is_chosen(screen: SettingsScreen) -> None:
    press(screen, "Appearance: Dark")
    assert screen.theme.dark
    press(screen, "Text size, %: 150")
    assert screen.theme.percent == 150
    screen.theme.choose("light", 100)


def test_another_language_is_a_wish_for_the_window(screen: SettingsScreen, qtbot: Any) -> None:
    with qtbot.waitSignal(screen.place.language_wanted) as wanted:
        press(screen, "Language: Русский")
    assert wanted.args == ["ru"]


@pytest.mark.parametrize("sheet", PEOPLE + DATED)
def test_every_table_opens_in_place_and_returns(screen: SettingsScreen, sheet: str) -> None:
    screen.open_table(sheet)
    assert screen.table is not None
    assert screen.table.list.head.title.text() == translate(sheet_of(sheet).plural)
    assert screen.state() == (sheet, None)
    screen.close_table()
    assert screen.stack.currentWidget() is screen.front


def test_a_dated_table_can_be_edited(screen: SettingsScreen, office: Office) -> None:
    term = office.desk.find("response_term", limit=1)[0]
    screen.open_table("response_term")
    assert screen.table is not None
    screen.table.open(term.id)
    form = screen.table.record.form  # type: ignore[union-attr]
    form.boxes["source"].editor.put("Әділет")
    form.save()
    assert office.desk.get("response_term", term.id).values()["source"] == "Әділет"


def test_the_store_s_own_bookkeeping_is_no_setting(screen: SettingsScreen) -> None:
    assert known.COLUMNS not in shown_settings()
    assert known.LAST_STORE not in shown_settings()
