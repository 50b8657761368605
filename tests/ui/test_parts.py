"""Parts of pages that turn with the width they are given."""

from PySide6.QtWidgets import QBoxLayout, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from familydesk.ui.parts import Pair
from familydesk.ui.theme import Theme


def wide(width: int) -> QWidget:
    made = QWidget()
    made.setMinimumWidth(width)
    return made


def test_parts_that_do_not_fit_beside_each_other_stand_below_each_other_and_nothing_is_cut(qtbot: QtBot) -> None:
    pair = Pair(Theme("light", 100), wide(300), wide(300), room=200)
    page = QScrollArea()
    page.setWidgetResizable(True)
    page.setWidget(pair)
    qtbot.addWidget(page)
    page.resize(500, 400)
    page.show()
    qtbot.waitUntil(lambda: pair.box.direction() == QBoxLayout.Direction.TopToBottom)
    assert pair.width() <= page.viewport().width()
    page.resize(800, 400)
    qtbot.waitUntil(lambda: pair.box.direction() == QBoxLayout.Direction.LeftToRight)
