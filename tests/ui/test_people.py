"""Who opens the store, in the window: added, let in with a login, put out, and the paper tried."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from keyboard import write
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from familydesk.core import settings as known
from familydesk.core.settings import Settings
from familydesk.services import front_door
from familydesk.services.members import Role
from familydesk.store.derivation import FLOOR
from familydesk.ui import tasks
from familydesk.ui.account_card import AccountCard
from familydesk.ui.desk_view import DeskView
from familydesk.ui.desktop import Desktop
from familydesk.ui.drill_line import DrillLine
from familydesk.ui.own_passphrase import OwnPassphrase
from familydesk.ui.people_card import PeopleCard
from familydesk.ui.settings_screen import SettingsScreen
from familydesk.ui.unlock import UnlockPage

HERS, BOTAS = "жеті қара тас төбеде", "бота өзі таңдаған сөз"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A store with two people: its folder, its recovery key, and the second one's temporary passphrase."""
    folder = tmp_path_factory.mktemp("made") / "store"
    settings = Settings(folder.parent / "settings.json")
    created = front_door.create_store(folder, "О", "Оспанова Гүлнар", "head", HERS, settings=settings, cost=FLOOR)
    added = created.office.members.add("bota", "Бекова Бота", Role.PSYCHOLOGIST, cost=FLOOR)
    created.office.close()
    return folder, created.recovery_key, added.temporary_passphrase


@pytest.fixture
def folder(made: tuple[Path, str, str], tmp_path: Path) -> Path:
    return Path(shutil.copytree(made[0], tmp_path / "store"))


@pytest.fixture
def desktop(folder: Path, tmp_path: Path, qtbot: Any, inline: None) -> Iterator[Desktop]:
    """The program at its unlock screen, on a computer that has not seen the store yet."""
    settings = Settings(tmp_path / "settings.json")
    settings.put(known.LANGUAGE, "en")
    desktop = Desktop(settings, folder)
    qtbot.addWidget(desktop.window)
    desktop.window.show()
    yield desktop
    desktop.window.close()
    tasks.finish()


def front(desktop: Desktop, kind: type[Any]) -> Any:
    page = desktop.window.front
    assert isinstance(page, kind)
    return page


def open_as(desktop: Desktop, login: str, passphrase: str) -> None:
    page = front(desktop, UnlockPage)
    page.login.setText(login)
    write(page.line, passphrase)
    page.try_to_open()


def settings_page(desktop: Desktop) -> SettingsScreen:
    view = desktop.window.view
    assert isinstance(view, DeskView)
    view.open_page("settings")
    (screen,) = view.findChildren(SettingsScreen)
    return screen


def words_of(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def press(widget: QWidget, name: str) -> None:
    (found,) = [one for one in widget.findChildren(QPushButton) if one.accessibleName() == name]
    found.click()


def test_a_computer_that_does_not_know_yet_asks_for_a_login_after_the_first_try(desktop: Desktop, qtbot: Any) -> None:
    page = front(desktop, UnlockPage)
    assert not page.login.isVisible()
    write(page.line, HERS)
    page.try_to_open()
    qtbot.waitUntil(page.login.isVisible)
    assert page.line.text() == HERS
    page.login.setText("head")
    page.try_to_open()
    assert desktop.window.view


def test_once_it_knows_the_login_is_asked_for_and_none_is_offered(desktop: Desktop) -> None:
    open_as(desktop, "head", HERS)
    desktop.window.lock()
    page = front(desktop, UnlockPage)
    assert page.login.isVisible()
    assert not [one for one in page.findChildren(QPushButton) if one.text() in ("head", "bota")]
    assert page.focusProxy() is page.login


def test_where_the_center_wants_it_logins_are_offered_until_it_does_not(desktop: Desktop) -> None:
    open_as(desktop, "head", HERS)
    screen = settings_page(desktop)
    press(screen, "Offer logins on the locked screen: Yes")
    desktop.window.lock()
    page = front(desktop, UnlockPage)
    press(page, "bota")
    press(page, "head")
    assert page.login.text() == "head"
    write(page.line, HERS)
    page.try_to_open()
    press(settings_page(desktop), "Offer logins on the locked screen: No")
    assert "bota" not in desktop.settings.path.read_text()


def test_a_temporary_passphrase_opens_only_the_choice_of_her_own(desktop: Desktop, made: tuple[Path, str, str]) -> None:
    open_as(desktop, "bota", made[2])
    page = front(desktop, OwnPassphrase)
    assert desktop.window.view is None
    for again, answer in (("other", "differ"), (made[2], "another passphrase")):
        page.new.setText(made[2])
        page.again.setText(again)
        page.save()
        assert answer in page.problem.text()
    page.new.setText(BOTAS)
    page.again.setText(BOTAS)
    page.save()
    view = desktop.window.view
    assert view
    assert not view.findChildren(PeopleCard)
    desktop.window.lock()
    open_as(desktop, "bota", BOTAS)
    assert desktop.window.view


def test_another_time_closes_the_store_again(desktop: Desktop, made: tuple[Path, str, str], folder: Path) -> None:
    open_as(desktop, "bota", made[2])
    front(desktop, OwnPassphrase).leave()
    assert front(desktop, UnlockPage)
    front_door.unlock(folder, HERS, login="head", settings=desktop.settings).close()


def test_the_head_adds_puts_out_and_readmits_people(desktop: Desktop, qtbot: Any) -> None:
    open_as(desktop, "head", HERS)
    (card,) = settings_page(desktop).findChildren(PeopleCard)
    qtbot.waitUntil(lambda: "Оспанова Гүлнар" in words_of(card))
    card.open()
    write(card.person, "Динова Дина")
    write(card.login, "dina")
    card.save()
    assert card.once.isVisibleTo(card)
    given = card.given.text()
    assert given.count("-") == 3
    card.put_away()
    assert given not in words_of(card)
    press(card, "Disable: dina")
    assert "sealed" in words_of(card)
    press(card, "Disable dina?")
    qtbot.waitUntil(lambda: "Disabled" in words_of(card))
    press(card, "Readmit: dina")
    card.sure.close_again()
    assert "Disabled" in words_of(card)
    press(card, "Readmit: dina")
    press(card, "A temporary passphrase for dina?")
    assert "Disabled" not in words_of(card)
    assert card.given.text() not in ("", given)


def test_with_the_recovery_key_she_is_readmitted_and_a_wrong_one_is_told(
    desktop: Desktop, made: tuple[Path, str, str]
) -> None:
    open_as(desktop, "head", HERS)
    (card,) = settings_page(desktop).findChildren(PeopleCard)
    members = card.place.office.members
    (before,) = [one.signing_public for one in members.list() if one.login == "bota"]
    press(card, "New passphrase…: bota")
    write(card.sure.recovery, made[1][:-1])
    card.sure.take()
    assert "Group 13" in card.problem.text()
    card.sure.recovery.setText(made[1])
    card.sure.take()
    assert card.given.text()
    assert [one.signing_public for one in members.list() if one.login == "bota"] == [before]


def test_a_login_that_is_taken_is_told_on_the_card(desktop: Desktop) -> None:
    open_as(desktop, "head", HERS)
    (card,) = settings_page(desktop).findChildren(PeopleCard)
    card.open()
    write(card.person, "Динова Дина")
    write(card.login, "bota")
    card.save()
    assert "already" in card.problem.text()
    assert card.isEnabled()


def test_the_paper_is_tried_on_the_own_card(desktop: Desktop, made: tuple[Path, str, str]) -> None:
    open_as(desktop, "head", HERS)
    (card,) = settings_page(desktop).findChildren(AccountCard)
    (line,) = card.findChildren(DrillLine)
    line.open()
    write(line.line, made[1][:-1])
    line.check()
    assert "recovery key" in line.problem.text()
    line.line.setText(made[1])
    line.check()
    assert line.form.isHidden()
    assert line.line.text() == ""
