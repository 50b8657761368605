"""Windows: power and session messages, which the system sends to every top-level window that asked for them.

Untested until the program was run there; what is decided here is tested everywhere. Interfaces: WM_POWERBROADCAST,
RegisterPowerSettingNotification and WTSRegisterSessionNotification of the Windows SDK.
"""

from __future__ import annotations

import ctypes
import enum
import sys
from collections.abc import Callable
from ctypes import wintypes
from uuid import UUID

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication
from PySide6.QtWidgets import QWidget

from familydesk.ui.watchers.watcher import Watcher

WM_POWERBROADCAST, WM_WTSSESSION_CHANGE = 0x0218, 0x02B1
PBT_APMSUSPEND, PBT_POWERSETTINGCHANGE = 0x0004, 0x8013
WTS_CONSOLE_DISCONNECT, WTS_REMOTE_DISCONNECT, WTS_SESSION_LOGOFF, WTS_SESSION_LOCK = 0x2, 0x4, 0x6, 0x7
NOTIFY_FOR_THIS_SESSION = DEVICE_NOTIFY_WINDOW_HANDLE = 0
LID = UUID("ba3e0f4d-b817-4094-a2d1-d56379e6a0f3")
"""GUID_LIDSWITCH_STATE_CHANGE: its value is 0 when the lid is closed."""
GONE = {WTS_CONSOLE_DISCONNECT, WTS_REMOTE_DISCONNECT, WTS_SESSION_LOGOFF, WTS_SESSION_LOCK}


class Lid(enum.Enum):
    """How the lid stands."""

    OPEN = "open"
    CLOSED = "closed"


class PowerSetting(ctypes.Structure):
    """POWERBROADCAST_SETTING with a value of four bytes."""

    _fields_ = (("setting", ctypes.c_byte * 16), ("length", wintypes.DWORD), ("value", wintypes.DWORD))


def is_farewell(message: int, what: int) -> bool:
    """Whether a window message (its number and wParam) says that nobody sits in front of the screen any more."""
    if message == WM_WTSSESSION_CHANGE:
        return what in GONE
    return message == WM_POWERBROADCAST and what == PBT_APMSUSPEND


def lid_of(message: int, what: int, detail: int) -> Lid | None:
    """How the lid stands, if that is what a window message (with its lParam) is about."""
    if (message, what) != (WM_POWERBROADCAST, PBT_POWERSETTINGCHANGE) or not detail:
        return None
    said = PowerSetting.from_address(detail)
    if bytes(said.setting) != LID.bytes_le:
        return None
    return Lid.OPEN if said.value else Lid.CLOSED


class WindowsWatcher(Watcher):
    """Asks for the messages of its window, and hears them before Qt does."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._ear = _Ear(self.take)
        self._lid = Lid.CLOSED

    def begin(self) -> None:
        """Have the messages sent to the window. Sleep itself is sent without asking."""
        if app := QCoreApplication.instance():
            app.installNativeEventFilter(self._ear)
        if sys.platform == "win32":
            handle = wintypes.HWND(int(self._window.winId()))
            ctypes.windll.wtsapi32.WTSRegisterSessionNotification(handle, NOTIFY_FOR_THIS_SESSION)
            setting = (ctypes.c_byte * 16).from_buffer_copy(LID.bytes_le)
            ctypes.windll.user32.RegisterPowerSettingNotification(
                handle, ctypes.byref(setting), DEVICE_NOTIFY_WINDOW_HANDLE
            )

    def take(self, message: int, what: int, detail: int) -> None:
        """A message: its number, wParam and lParam."""
        lid = lid_of(message, what, detail)
        # The first message of the lid only says how it stands: closed all day, if another screen is in use.
        closing = lid is Lid.CLOSED and self._lid is Lid.OPEN
        self._lid = lid or self._lid
        if closing or is_farewell(message, what):
            self.alarmed.emit()


class _Ear(QAbstractNativeEventFilter):
    def __init__(self, take: Callable[[int, int, int], None]) -> None:
        super().__init__()
        self._take = take

    def nativeEventFilter(
        self, kind: QByteArray | bytes | bytearray | memoryview[int], message: int
    ) -> tuple[bool, int]:
        """A message of the system to any window of the program: looked at, never kept from Qt."""
        if kind == b"windows_generic_MSG" and message:
            said = wintypes.MSG.from_address(int(message))
            self._take(said.message, said.wParam, said.lParam)
        return False, 0
