from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from keyboard import write
from PySide6.QtCore import Qt

from familydesk.core import settings as known
from familydesk.core.settings import Settings
from familydesk.ui import tasks
from familydesk.ui.desk_view import DeskView
from familydesk.ui.desktop import Desktop
from familydesk.ui.first_run import FirstRun
from familydesk.ui.recovery_sheet import RecoverySheet
from familydesk.ui.strength import judge

PASSPHRASE = "жеті қара тас төбеде"


@pytest.fixture
def desktop(tmp_path: Path, qtbot: Any) -> Iterator[Desktop]:
    """The program on a computer that has never seen it."""
    settings = Settings(tmp_path / "settings.json")
    settings.put(known.LANGUAGE, "en")
    desktop = Desktop(settings, tmp_path / "store")
    qtbot.addWidget(desktop.window)
    desktop.window.show()
    yield desktop
    desktop.window.close()
    tasks.finish()


@pytest.fixture
def wizard(desktop: Desktop) -> FirstRun:
    """Its first page."""
    page = desktop.window.front
    assert isinstance(page, FirstRun)
    return page


def answer_who(wizard: FirstRun, qtbot: Any) -> None:
    wizard.show_step(1)
    write(wizard.center, "«Қамқор» орталығы")
    write(wizard.person, "Оспанова Гүлнар")
    qtbot.keyClick(wizard.person, Qt.Key.Key_Return)


def test_a_center_is_set_up_by_keyboard_alone(desktop: Desktop, wizard: FirstRun, qtbot: Any) -> None:
    qtbot.keyClick(wizard.focusProxy(), Qt.Key.Key_Space)
    assert wizard.step == 1
    answer_who(wizard, qtbot)
    assert wizard.step == 2
    write(wizard.first, PASSPHRASE)
    write(wizard.second, PASSPHRASE)
    qtbot.keyClick(wizard.second, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: wizard.step == 3, timeout=30_000)
    groups = wizard.recovery.split("-")
    assert len(groups) == 13
    wizard.show_step(4)
    write(wizard.group, groups[wizard.asked - 1].lower())
    qtbot.keyClick(wizard.group, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(desktop.window.view, DeskView), timeout=20_000)
    place = desktop.window.place
    assert place is not None
    assert place.office.who().title_text() == "Оспанова Гүлнар"
    assert desktop.settings.get(known.LAST_STORE) == str(desktop.folder)


def test_a_name_alone_is_not_enough(wizard: FirstRun, qtbot: Any) -> None:
    wizard.show_step(1)
    write(wizard.center, "Орталық")
    write(wizard.person, "Гүлнар")
    qtbot.keyClick(wizard.person, Qt.Key.Key_Return)
    assert wizard.step == 1
    assert wizard.problem.isVisible()


def test_two_lines_that_differ_make_no_store(desktop: Desktop, wizard: FirstRun, qtbot: Any) -> None:
    answer_who(wizard, qtbot)
    write(wizard.first, PASSPHRASE)
    write(wizard.second, PASSPHRASE + "я")
    qtbot.keyClick(wizard.second, Qt.Key.Key_Return)
    assert "differ" in wizard.problem.text()
    assert not desktop.folder.exists()


def test_a_weak_passphrase_makes_no_store_and_says_what_would_be_better(
    desktop: Desktop, wizard: FirstRun, qtbot: Any
) -> None:
    answer_who(wizard, qtbot)
    write(wizard.first, "password12")
    write(wizard.second, "password12")
    qtbot.keyClick(wizard.second, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: wizard.problem.isVisible(), timeout=20_000)
    assert wizard.step == 2
    assert wizard.go.isEnabled()
    assert not desktop.folder.exists()


def test_going_back_keeps_what_was_answered(wizard: FirstRun, qtbot: Any) -> None:
    answer_who(wizard, qtbot)
    wizard.show_step(1)
    assert wizard.center.text() == "«Қамқор» орталығы"


def test_the_wrong_group_does_not_open_the_desk(wizard: FirstRun, qtbot: Any) -> None:
    wizard.recovery = "-".join(f"{number:05}" for number in range(13))
    wizard.show_step(4)
    write(wizard.group, "ZZZZZ")
    qtbot.keyClick(wizard.group, Qt.Key.Key_Return)
    assert wizard.problem.isVisible()
    assert str(wizard.asked) in wizard.problem.text()


def test_the_key_s_paper_holds_every_group_and_no_center(wizard: FirstRun, tmp_path: Path) -> None:
    import pypdfium2

    key = "-".join(f"A{number:04}" for number in range(13))
    path = tmp_path / "key.pdf"
    RecoverySheet(wizard, key, wizard.complain).write(path)
    document = pypdfium2.PdfDocument(path)
    page = document[0]
    words = page.get_textpage().get_text_range()
    document.close()
    assert [group for group in key.split("-") if group not in words] == []
    assert "Қамқор" not in words


def test_strength_grows_with_words_and_shrinks_for_what_is_known() -> None:
    assert judge("").score == 0
    assert not judge("қысқа").enough
    assert not judge("password12").enough
    assert judge(PASSPHRASE).enough
    assert not judge("оспановагүлнар", ("Оспанова Гүлнар", "оспановагүлнар")).enough
    assert judge("слово " * 500).score >= 0
