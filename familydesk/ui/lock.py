"""After a lock the process itself is replaced: Python cannot wipe a key out of its own memory, the system can.

The new process is of the same program, stands in the same place, and is told nothing that is anybody's secret.
"""

from __future__ import annotations

import enum
import json
import os
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, NoReturn

from PySide6.QtCore import QByteArray, Qt

if TYPE_CHECKING:
    from collections.abc import Mapping

    from familydesk.ui.window import Window

NAME = "FAMILYDESK_WAY_BACK"
"""The variable of the environment in which the new process finds its way back."""
FAILED = 3


class Stance(enum.StrEnum):
    """How the window stood. Nobody who is typing elsewhere gets an unlock screen under her fingers."""

    FRONT = "front"
    BEHIND = "behind"
    MINIMIZED = "minimized"


@dataclass(frozen=True, slots=True)
class WayBack:
    """What the new process is told: which store, which settings file, the language, and where the window stood."""

    store: str
    settings: str
    language: str
    geometry: str = ""
    """As `QWidget.saveGeometry` gives it, in hex: place, size and screen."""
    stance: str = Stance.FRONT

    @classmethod
    def taken(cls) -> WayBack | None:
        """From the environment, out of which it is taken; None if this process follows no lock."""
        try:
            found = json.loads(os.environ.pop(NAME, ""))
            return cls(**found) if all(isinstance(value, str) for value in found.values()) else None
        except (ValueError, TypeError, AttributeError):
            return None

    def packed(self) -> str:
        """For the environment. Plain ASCII, whatever bytes the name of a folder is made of."""
        return json.dumps(asdict(self))

    def show(self, window: Window) -> None:
        """Show `window` where the one before it stood."""
        window.restoreGeometry(QByteArray.fromHex(self.geometry.encode()))
        if self.stance == Stance.MINIMIZED:
            window.showMinimized()
            return
        window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, self.stance == Stance.BEHIND)
        window.show()


def geometry_of(window: Window) -> str:
    """Where `window` stands, for `WayBack.geometry`."""
    return window.saveGeometry().toHex().toStdString()


def stance_of(window: Window) -> Stance:
    """How `window` stands among the others."""
    if window.isMinimized():
        return Stance.MINIMIZED
    return Stance.FRONT if window.isActiveWindow() else Stance.BEHIND


def begin_anew(back: WayBack) -> NoReturn:
    """Replace this process. Where the system cannot, the program ends: going on would keep the keys in memory."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with suppress(OSError, ValueError):
                stream.flush()
    program, surroundings = [sys.executable, *same_program()[1:]], {**os.environ, NAME: back.packed()}
    # Anything but an end here would leave a window open whose memory still holds the keys.
    with suppress(BaseException):
        if sys.platform == "win32":
            _spawn(program, surroundings)
        else:
            _leave_no_file_open()
            os.execve(program[0], program, surroundings)
    os._exit(FAILED)


def same_program() -> list[str]:
    """How this process was started, without the words that followed: a demo is not made anew at each lock."""
    return sys.orig_argv[: len(sys.orig_argv) - len(sys.argv[1:])]


def _leave_no_file_open() -> None:
    """Files and sockets that a library opened do not live on in the new process. Python's own never do."""
    for name in os.listdir("/dev/fd"):
        if int(name) > 2:
            with suppress(OSError):
                os.set_inheritable(int(name), False)


def _spawn(program: list[str], surroundings: Mapping[str, str]) -> None:
    """Windows cannot replace a process: another is started, and this one ends."""
    if sys.platform == "win32":
        import ctypes
        import subprocess

        started = subprocess.Popen(program, env=surroundings, close_fds=True)
        # Else Windows shows the new window behind all others.
        ctypes.windll.user32.AllowSetForegroundWindow(started.pid)
        os._exit(0)
