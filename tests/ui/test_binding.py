"""What the window leans on in its binding to Qt."""

from __future__ import annotations

import sys
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRunnable, Signal
from PySide6.QtWidgets import QApplication, QLayout, QLayoutItem
from shiboken6 import getAllValidWrappers

from familydesk.services.office import Office
from familydesk.ui import pages
from familydesk.ui.tasks import Task
from familydesk.ui.window import Window


class Bell(QObject):
    rung = Signal()


def test_a_signal_that_is_sent_costs_no_reference() -> None:
    """PySide6 6.12.0 gives `True` back from `emit` without counting it: after some thousand keystrokes Python 3.11 ends
    the program with "deallocating True or False".
    """
    bell = Bell()
    before = sys.getrefcount(True)
    for _ in range(50):
        bell.rung.emit()
    assert before - sys.getrefcount(True) < 25


def test_the_window_takes_nothing_out_of_a_layout(window: Window, office: Office) -> None:
    """The binding goes on holding an item of a layout that Qt has deleted with its widget, and takes the next object at
    that address for it: a menu line is a spacer then, or the program ends. So items are never asked for; see `Flow`.
    """
    for page in pages.offered(office.account):
        assert window.view is not None
        window.view.open_page(page.name)
    window.rebuild()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    handed_out = [one for one in getAllValidWrappers() if isinstance(one, QLayoutItem) and not isinstance(one, QLayout)]
    assert handed_out == []


def test_work_in_the_background_leaves_nothing_behind_in_the_binding(qtbot: Any) -> None:
    """As with a layout's items: the binding would hold a runnable of Qt's thread pool after the pool has deleted it."""
    owner, done = QObject(), []
    for number in range(10):
        Task(owner, lambda number=number: number).then(done.append).start()
    qtbot.waitUntil(lambda: len(done) == 10)
    assert [one for one in getAllValidWrappers() if isinstance(one, QRunnable)] == []
