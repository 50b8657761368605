from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from keyboard import write
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from familydesk.core import settings as known
from familydesk.core.settings import Settings
from familydesk.services import front_door
from familydesk.store.derivation import FLOOR
from familydesk.ui import tasks
from familydesk.ui.desk_view import DeskView
from familydesk.ui.desktop import Desktop, likely_there
from familydesk.ui.first_run import FirstRun
from familydesk.ui.restore_page import RestorePage
from familydesk.ui.unlock import UnlockPage

PASSPHRASE = "жеті қара тас төбеде"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A real store with its key file, and its recovery key."""
    folder = tmp_path_factory.mktemp("made") / "store"
    settings = Settings(folder.parent / "settings.json")
    created = front_door.create_store(
        folder, "Орталық", "Оспанова Гүлнар", "head", PASSPHRASE, settings=settings, cost=FLOOR
    )
    created.office.close()
    return folder, created.recovery_key


@pytest.fixture
def desktop(made: tuple[Path, str], tmp_path: Path, qtbot: Any) -> Iterator[Desktop]:
    """The program on a copy of that store, at its unlock screen."""
    folder = tmp_path / "store"
    shutil.copytree(made[0], folder)
    settings = Settings(tmp_path / "settings.json")
    settings.put(known.LANGUAGE, "en")
    desktop = Desktop(settings, folder)
    qtbot.addWidget(desktop.window)
    desktop.window.show()
    yield desktop
    desktop.window.close()
    tasks.finish()


def unlock_page(desktop: Desktop) -> UnlockPage:
    page = desktop.window.front
    assert isinstance(page, UnlockPage)
    return page


def test_the_passphrase_typed_and_enter_opens_the_desk(desktop: Desktop, qtbot: Any) -> None:
    page = unlock_page(desktop)
    write(page.line, PASSPHRASE)
    qtbot.keyClick(page.line, Qt.Key.Key_Return)
    assert not page.go.isEnabled()
    qtbot.waitUntil(lambda: isinstance(desktop.window.view, DeskView), timeout=20_000)
    view = desktop.window.view
    assert view is not None
    qtbot.waitUntil(lambda: "Оспанова Г." in view.top.who.text())


def test_a_wrong_passphrase_is_told_in_a_sentence_and_can_be_typed_again(desktop: Desktop, qtbot: Any) -> None:
    page = unlock_page(desktop)
    write(page.line, "not this one at all")
    page.try_to_open()
    qtbot.waitUntil(lambda: page.problem.isVisible(), timeout=20_000)
    assert "passphrase" in page.problem.text()
    assert page.line.isEnabled()
    assert page.line.selectedText()
    assert desktop.window.view is None


def test_what_is_typed_is_hidden_until_asked_for(desktop: Desktop) -> None:
    assert unlock_page(desktop).line.echoMode() is QLineEdit.EchoMode.Password


def test_nothing_typed_asks_nothing_of_the_store(desktop: Desktop) -> None:
    page = unlock_page(desktop)
    page.try_to_open()
    assert page.go.isEnabled()
    assert not page.problem.isVisible()


def test_the_recovery_key_opens_the_desk_and_asks_for_a_new_passphrase(
    desktop: Desktop, made: tuple[Path, str], qtbot: Any
) -> None:
    page = unlock_page(desktop)
    page.turn()
    write(page.line, made[1].lower().replace("-", " "))
    page.try_to_open()
    qtbot.waitUntil(lambda: isinstance(desktop.window.view, DeskView), timeout=20_000)
    view = desktop.window.view
    assert view is not None
    assert [strip.message.offer for strip in view.board.strips()] == ["Choose a passphrase"]


def test_a_mistyped_recovery_key_names_its_wrong_group(desktop: Desktop, made: tuple[Path, str], qtbot: Any) -> None:
    groups = made[1].split("-")
    groups[2] = ("A" if groups[2][0] != "A" else "B") + groups[2][1:]
    page = unlock_page(desktop)
    page.turn()
    write(page.line, "-".join(groups))
    page.try_to_open()
    qtbot.waitUntil(lambda: page.problem.isVisible(), timeout=20_000)
    assert "3" in page.problem.text()


def test_locking_comes_back_to_the_unlock_screen_and_lets_the_folder_go(desktop: Desktop, qtbot: Any) -> None:
    desktop.window.enter(desktop._unlock(PASSPHRASE))
    desktop.window.lock()
    assert isinstance(desktop.window.front, UnlockPage)
    front_door.unlock(desktop.folder, PASSPHRASE, settings=desktop.settings).close()


def test_after_a_lock_she_stands_where_she_stood(desktop: Desktop) -> None:
    desktop.window.enter(desktop._unlock(PASSPHRASE))
    assert desktop.window.view is not None
    desktop.window.view.open_page("organisations")
    desktop.window.lock()
    desktop._on_opened(desktop._unlock(PASSPHRASE))
    assert desktop.window.view.page == "organisations"


@pytest.mark.parametrize("locked", [False, True])
def test_a_computer_that_remembers_opens_by_itself_at_the_start_and_not_after_a_lock(
    desktop: Desktop, qtbot: Any, locked: bool
) -> None:
    if locked:
        desktop.window.enter(desktop._unlock(PASSPHRASE))
        desktop.window.lock()
    page = unlock_page(desktop)
    desktop._on_begun(page, True, True)
    assert page.go.isEnabled() is locked
    # Nothing is remembered after all: the passphrase can be typed.
    qtbot.waitUntil(page.go.isEnabled)


def test_another_language_is_spoken_at_once_and_remembered(desktop: Desktop) -> None:
    unlock_page(desktop).language_wanted.emit("ru")
    assert desktop.settings.get(known.LANGUAGE) == "ru"
    assert isinstance(desktop.window.front, UnlockPage)


def test_a_backup_comes_back_with_the_passphrase_of_its_day(desktop: Desktop, tmp_path: Path, qtbot: Any) -> None:
    office = desktop._unlock(PASSPHRASE)
    office.backups.make(tmp_path / "copy.desk")
    office.close()
    desktop.folder = tmp_path / "elsewhere"
    desktop.choose_backup()
    page = desktop.window.front
    assert isinstance(page, RestorePage)
    page.restore()
    assert page.problem.isVisible()
    page.take(tmp_path / "copy.desk")
    write(page.line, PASSPHRASE)
    page.restore()
    qtbot.waitUntil(lambda: isinstance(desktop.window.front, UnlockPage), timeout=20_000)
    desktop._unlock(PASSPHRASE).close()


def test_over_a_store_a_backup_comes_back_with_the_passphrases_of_both_days(
    desktop: Desktop, tmp_path: Path, qtbot: Any
) -> None:
    changed = "бүгінгі жаңа құпия сөз"
    office = desktop._unlock(PASSPHRASE)
    office.backups.make(tmp_path / "copy.desk")
    office.account.change_passphrase(PASSPHRASE, changed, cost=FLOOR)
    office.close()
    desktop.choose_backup()
    page = desktop.window.front
    assert isinstance(page, RestorePage)
    page.take(tmp_path / "copy.desk")
    write(page.line, PASSPHRASE)
    page.restore()
    qtbot.waitUntil(lambda: page.problem.isVisible(), timeout=20_000)
    assert "A store stands in this folder" in page.problem.text()
    with qtbot.waitActive(desktop.window):
        desktop.window.activateWindow()
    page.line.setFocus()
    qtbot.keyClick(page.line, Qt.Key.Key_Tab)
    assert page.present.hasFocus()
    write(page.present, changed)
    qtbot.keyClick(page.present, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(desktop.window.front, UnlockPage), timeout=20_000)
    desktop._unlock(PASSPHRASE).close()


def test_the_passphrase_of_today_is_asked_for_only_where_a_store_stands_and_without_the_paper(
    desktop: Desktop, tmp_path: Path
) -> None:
    def page() -> RestorePage:
        desktop.choose_backup()
        assert isinstance(desktop.window.front, RestorePage)
        return desktop.window.front

    over = page()
    assert over.present.isVisible()
    over.by_paper.setChecked(True)
    assert not over.present.isVisible()
    desktop.folder = tmp_path / "elsewhere"
    assert not page().present.isVisible()


def test_an_empty_folder_begins_the_first_run(tmp_path: Path, qtbot: Any) -> None:
    desktop = Desktop(Settings(tmp_path / "settings.json"), tmp_path / "none")
    qtbot.addWidget(desktop.window)
    assert isinstance(desktop.window.front, FirstRun)


def test_the_program_starts_shows_its_window_and_ends(tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from familydesk.core.settings import Settings
from familydesk.ui import desktop
app = desktop.application()
shown = lambda: print([one.isVisible() for one in app.topLevelWidgets() if type(one).__name__ == "Window"])
QTimer.singleShot(400, lambda: (shown(), app.quit()))
sys.exit(desktop.run(Settings(Path(sys.argv[1]) / "settings.json"), Path(sys.argv[1]) / "store"))
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout.strip()) == (0, "[True]"), done.stderr


def test_a_folder_that_only_looks_like_a_store_begins_the_first_run_after_a_look(tmp_path: Path, qtbot: Any) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "letter.txt").write_text("hello")
    assert likely_there(folder)
    desktop = Desktop(Settings(tmp_path / "settings.json"), folder)
    qtbot.addWidget(desktop.window)
    desktop.begin()
    qtbot.waitUntil(lambda: isinstance(desktop.window.front, FirstRun), timeout=20_000)
