"""The system's own events: logind's on a private bus; what Windows sends, put together by hand."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from ctypes import wintypes
from typing import Any

import pytest
from logind_in_hand import Login, needs_bus, private_bus
from PySide6.QtWidgets import QWidget

from familydesk.ui.watchers import windows
from familydesk.ui.watchers.windows import LID, PowerSetting, WindowsWatcher


@pytest.fixture
def bus() -> Iterator[str]:
    """The address of a bus of our own."""
    with private_bus() as address:
        yield address


@pytest.fixture
def login(bus: str, request: pytest.FixtureRequest) -> Iterator[Login]:
    """A login service that knows our session, unless the test wants another."""
    login = Login(bus, *getattr(request, "param", ()))
    yield login
    login.end()


@pytest.fixture
def watcher(bus: str, login: Login, qtbot: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The watcher of Linux, begun, its questions answered."""
    from PySide6.QtDBus import QDBusConnection

    from familydesk.ui.watchers.logind import LogindWatcher

    owner = QWidget()
    qtbot.addWidget(owner)
    connection = QDBusConnection.connectToBus(bus, request.node.name)
    watcher = LogindWatcher(owner, connection)
    watcher._lid.setInterval(20)
    watcher.begin()
    qtbot.waitUntil(lambda: watcher._inhibitor is not None and {"Inhibit", "GetSession", "Get"} <= asked(login))
    qtbot.waitUntil(watcher._lid.isActive)
    yield watcher
    QDBusConnection.disconnectFromBus(request.node.name)


def asked(login: Login) -> set[str]:
    return {line.partition(" ")[0] for line in login.heard}


@needs_bus
@pytest.mark.parametrize("event", ["sleep", "lock", "hint", "lid closed"])
def test_sleep_the_session_s_lock_its_locked_screen_and_the_lid_are_told(
    watcher: Any, login: Login, qtbot: Any, event: str
) -> None:
    with qtbot.waitSignal(watcher.alarmed):
        login.tell(event)


@needs_bus
@pytest.mark.parametrize("event", ["wake", "unhint", "lid open", "other lock", "other hint"])
def test_waking_unlocking_and_another_person_s_session_lock_nothing(
    watcher: Any, login: Login, qtbot: Any, event: str
) -> None:
    with qtbot.assertNotEmitted(watcher.alarmed, wait=150):
        login.tell(event)
    with qtbot.waitSignal(watcher.alarmed):
        login.tell("lock")


@needs_bus
@pytest.mark.parametrize("login", [("sessionless",)], indirect=True)
def test_without_a_session_of_its_own_it_locks_with_every_session(watcher: Any, login: Login, qtbot: Any) -> None:
    with qtbot.waitSignal(watcher.alarmed):
        login.tell("other lock")


@needs_bus
def test_a_lid_that_was_closed_from_the_beginning_locks_nothing(bus: str, login: Login, qtbot: Any) -> None:
    from PySide6.QtDBus import QDBusConnection

    from familydesk.ui.watchers.logind import LogindWatcher

    login.tell("lid closed")
    owner = QWidget()
    qtbot.addWidget(owner)
    watcher = LogindWatcher(owner, QDBusConnection.connectToBus(bus, "docked"))
    watcher._lid.setInterval(20)
    with qtbot.assertNotEmitted(watcher.alarmed, wait=200):
        watcher.begin()
    login.tell("lid open")
    qtbot.waitUntil(lambda: watcher._lid_closed is False)
    with qtbot.waitSignal(watcher.alarmed):
        login.tell("lid closed")
    QDBusConnection.disconnectFromBus("docked")


@needs_bus
def test_sleep_is_held_back_under_neutral_words_until_the_desk_is_gone(watcher: Any, login: Login, qtbot: Any) -> None:
    assert "Inhibit sleep workspace Saving delay" in login.heard
    assert "released" not in login.heard
    login.tell("sleep")
    qtbot.wait(100)
    assert "released" not in login.heard
    # As at the end of the process: the descriptor goes with its owner.
    watcher._inhibitor = None
    qtbot.waitUntil(lambda: "released" in login.heard)


@needs_bus
def test_the_inhibitor_is_closed_by_the_replacing_of_the_process(watcher: Any) -> None:
    import os

    assert not os.get_inheritable(watcher._inhibitor.fileDescriptor())


def test_a_computer_without_a_login_service_is_watched_without_complaint(qtbot: Any) -> None:
    pytest.importorskip("PySide6.QtDBus")
    from PySide6.QtDBus import QDBusConnection

    from familydesk.ui.watchers.logind import LogindWatcher

    owner = QWidget()
    qtbot.addWidget(owner)
    watcher = LogindWatcher(owner, QDBusConnection.connectToBus("unix:path=/nowhere/at/all", "nowhere"))
    with qtbot.assertNotEmitted(watcher.alarmed, wait=50):
        watcher.begin()


# Windows


@pytest.fixture
def take(qtbot: Any) -> tuple[Callable[..., None], list[int]]:
    """Gives the watcher of Windows a message; and how often it told of one."""
    owner = QWidget()
    qtbot.addWidget(owner)
    watcher = WindowsWatcher(owner)
    told: list[int] = []
    watcher.alarmed.connect(lambda: told.append(1))
    return watcher.take, told


def test_windows_tells_of_sleep_and_of_a_session_that_was_left(take: tuple[Callable[..., None], list[int]]) -> None:
    give, told = take
    for session in (windows.WTS_SESSION_LOCK, windows.WTS_REMOTE_DISCONNECT, windows.WTS_CONSOLE_DISCONNECT):
        give(windows.WM_WTSSESSION_CHANGE, session, 1)
    give(windows.WM_POWERBROADCAST, windows.PBT_APMSUSPEND, 0)
    assert len(told) == 4


def test_windows_messages_of_coming_back_and_all_others_lock_nothing(
    take: tuple[Callable[..., None], list[int]],
) -> None:
    give, told = take
    wm_keydown, pbt_apmresumesuspend, wts_session_unlock = 0x0100, 0x0007, 0x8
    give(wm_keydown, windows.PBT_APMSUSPEND, 0)
    give(windows.WM_POWERBROADCAST, pbt_apmresumesuspend, 0)
    give(windows.WM_WTSSESSION_CHANGE, wts_session_unlock, 1)
    give(windows.WM_POWERBROADCAST, windows.PBT_POWERSETTINGCHANGE, 0)
    assert not told


def test_windows_locks_when_the_lid_closes_and_not_while_it_stays_closed(
    take: tuple[Callable[..., None], list[int]],
) -> None:
    give, told = take

    def lid(value: int, setting: bytes = LID.bytes_le) -> None:
        said = PowerSetting((ctypes.c_byte * 16).from_buffer_copy(setting), 4, value)
        give(windows.WM_POWERBROADCAST, windows.PBT_POWERSETTINGCHANGE, ctypes.addressof(said))

    lid(0)
    assert not told
    lid(1)
    lid(0, bytes(16))
    assert not told
    lid(0)
    lid(0)
    assert len(told) == 1


def test_a_message_is_read_as_the_system_lays_it_out(take: tuple[Callable[..., None], list[int]]) -> None:
    give, told = take
    ear = windows._Ear(give)
    message = wintypes.MSG(None, windows.WM_WTSSESSION_CHANGE, windows.WTS_SESSION_LOCK, 1)
    assert ear.nativeEventFilter(b"xcb_generic_event_t", ctypes.addressof(message)) == (False, 0)
    assert not told
    assert ear.nativeEventFilter(b"windows_generic_MSG", ctypes.addressof(message)) == (False, 0)
    assert len(told) == 1
