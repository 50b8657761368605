"""Garbage that a worker leaves behind is collected in the window's thread."""

import gc
import threading

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from familydesk.ui.sweeper import Sweeper


class Knot:
    """A cycle that tells in which thread it was untied."""

    untied_in: list[threading.Thread] = []

    def __init__(self) -> None:
        self.self = self

    def __del__(self) -> None:
        self.untied_in.append(threading.current_thread())


def test_a_cycle_left_by_a_worker_dies_in_the_window_s_thread(qtbot: QtBot) -> None:
    Knot.untied_in.clear()
    owner = QObject()
    sweeper = Sweeper(owner)
    before = gc.get_threshold()
    try:
        gc.collect()
        gc.set_threshold(10, 1, 1)
        worker = threading.Thread(target=lambda: [Knot() for _ in range(200)])
        worker.start()
        worker.join()
        assert Knot.untied_in == []
        gc.set_threshold(0, 0, 0)
        sweeper.sweep()
        assert len(Knot.untied_in) == 200
        assert set(Knot.untied_in) == {threading.main_thread()}
    finally:
        gc.set_threshold(*before)
        sweeper.stop()
    assert gc.isenabled()
