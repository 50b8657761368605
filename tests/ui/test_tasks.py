from __future__ import annotations

import sys
import threading
from typing import Any

import pytest
from PySide6.QtCore import QObject, QThread
from shiboken6 import delete

from familydesk.core.errors import Refused, Weather
from familydesk.ui import tasks
from familydesk.ui.tasks import Lane, Progress, Task


def test_work_is_done_elsewhere_and_its_result_arrives_in_the_gui_thread(qtbot: Any) -> None:
    owner, seen = QObject(), []
    here = threading.get_ident()
    Task(owner, threading.get_ident).then(lambda there: seen.append((there, threading.get_ident()))).start()
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0][0] != here
    assert seen[0][1] == here


def test_the_store_worker_keeps_the_order_of_asking(qtbot: Any) -> None:
    owner, done = QObject(), []
    for number in range(50):
        Task(owner, lambda number=number: number).then(done.append).start()
    qtbot.waitUntil(lambda: len(done) == 50)
    assert done == list(range(50))


def test_a_result_for_a_dead_owner_is_dropped(qtbot: Any) -> None:
    owner, alive, got = QObject(), QObject(), []
    gate = threading.Event()
    Task(owner, lambda: gate.wait(5)).then(got.append).start()
    Task(alive, lambda: "after").then(got.append).start()
    delete(owner)
    gate.set()
    qtbot.waitUntil(lambda: bool(got))
    assert got == ["after"]


@pytest.mark.parametrize("error", [Refused("no"), Weather("rain")])
def test_refusal_and_weather_come_to_the_failed_slot(qtbot: Any, error: Exception) -> None:
    owner, told = QObject(), []

    def work() -> None:
        raise error

    Task(owner, work).failed(told.append).start()
    qtbot.waitUntil(lambda: told == [error])


def test_a_defect_never_comes_to_the_failed_slot(qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, told, crashed = QObject(), [], []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: crashed.append(kind))
    Task(owner, lambda: 1 // 0).failed(told.append).start()
    qtbot.waitUntil(lambda: crashed == [ZeroDivisionError])
    assert told == []


def test_work_that_is_cancelled_stops_at_its_next_report_and_still_ends(qtbot: Any) -> None:
    owner, done, ended = QObject(), [], []
    begun = threading.Event()

    def work(progress: Progress) -> int:
        for step in range(10_000):
            begun.set()
            progress.report(step, 10_000)
            QThread.msleep(1)
        return 1

    task = Task(owner, work, Lane.POOL).reporting().then(done.append).ended(lambda: ended.append(True)).start()
    begun.wait(5)
    task.cancel()
    qtbot.waitUntil(lambda: ended == [True])
    assert done == []


def test_inline_work_is_done_before_start_returns(inline: None) -> None:
    done: list[int] = []
    Task(QObject(), lambda: 5).then(done.append).start()
    assert done == [5]


def test_inline_lasts_only_as_long_as_its_block() -> None:
    with tasks.inline():
        pass
    done: list[int] = []
    Task(QObject(), lambda: 5).then(done.append).start()
    assert done == []
    tasks.finish()
