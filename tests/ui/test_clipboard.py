"""What was copied out of the program goes from the clipboard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QApplication, QLineEdit

from familydesk.ui.clipboard import STAYS, ClipboardKeeper


@pytest.fixture
def clipboard(qapp: QApplication) -> Iterator[QClipboard]:
    """The clipboard, empty before and after."""
    board = qapp.clipboard()
    board.clear()
    yield board
    board.clear()


@pytest.fixture
def line(clipboard: QClipboard, qtbot: Any) -> QLineEdit:
    """A line with a telephone in it, in the window that has the keyboard."""
    line = QLineEdit("+77010000042")
    qtbot.addWidget(line)
    line.show()
    with qtbot.waitActive(line):
        line.activateWindow()
    line.selectAll()
    return line


@pytest.fixture
def keeper(clipboard: QClipboard) -> Iterator[ClipboardKeeper]:
    """What watches it."""
    owner = QObject()
    yield ClipboardKeeper(owner)
    owner.deleteLater()


def leave(line: QLineEdit, qtbot: Any) -> None:
    """Another program's window has the keyboard."""
    line.close()
    line.deleteLater()
    qtbot.waitUntil(lambda: QApplication.focusWindow() is None)


def test_a_copied_text_goes_after_a_minute(
    keeper: ClipboardKeeper, line: QLineEdit, clipboard: QClipboard, qtbot: Any
) -> None:
    line.copy()
    assert keeper._minute.isActive()
    assert keeper._minute.interval() == STAYS == 60_000
    assert clipboard.text() == "+77010000042"
    keeper._minute.start(20)
    qtbot.waitUntil(lambda: clipboard.text() == "")


def test_a_second_copy_begins_its_own_minute(keeper: ClipboardKeeper, line: QLineEdit, clipboard: QClipboard) -> None:
    line.copy()
    keeper._minute.stop()
    line.setText("+77010000043")
    line.selectAll()
    line.copy()
    assert keeper._minute.isActive()
    keeper.empty()
    assert clipboard.text() == ""


def test_what_another_program_has_put_there_since_is_left_alone(
    keeper: ClipboardKeeper, line: QLineEdit, clipboard: QClipboard, qtbot: Any
) -> None:
    line.copy()
    leave(line, qtbot)
    clipboard.setText("from elsewhere")
    keeper.empty()
    assert clipboard.text() == "from elsewhere"


def test_what_was_there_before_anything_was_copied_is_left_alone(
    keeper: ClipboardKeeper, clipboard: QClipboard, line: QLineEdit, qtbot: Any
) -> None:
    leave(line, qtbot)
    clipboard.setText("from elsewhere")
    keeper.empty()
    assert clipboard.text() == "from elsewhere"


def test_the_keeper_keeps_no_copy_of_the_text(keeper: ClipboardKeeper, line: QLineEdit) -> None:
    line.copy()
    assert "+77010000042" not in repr(vars(keeper))
