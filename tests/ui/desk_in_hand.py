"""The program in a process of its own: it does what lines of JSON on standard input say, and answers each with one.

Run as a script it is the program, `sys.argv` and all; after a lock the same script begins anew. `DeskInHand` is the
other end, for tests.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

Said = dict[str, Any]


class DeskInHand:
    """A running program. `ask` waits for one answer; `until` asks how it stands until that is as wanted."""

    def __init__(self, folder: Path, home: Path, **surroundings: str) -> None:
        """On the store in `folder`, with its settings, cache and temporary files under `home`."""
        for name in ("config", "data", "temporary", "runtime"):
            (home / name).mkdir(exist_ok=True, mode=0o700)
        places = {"XDG_CONFIG_HOME": "config", "XDG_DATA_HOME": "data", "TMPDIR": "temporary"}
        own = {name: str(home / place) for name, place in places.items()}
        self.process = subprocess.Popen(
            [sys.executable, __file__, "--store", str(folder)],
            env=os.environ | own | {"QT_QPA_PLATFORM": "offscreen"} | surroundings,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, do: str, **words: Any) -> Said:
        """One order and its answer."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({"do": do, **words}) + "\n")
        self.process.stdin.flush()
        return dict(json.loads(self.process.stdout.readline()))

    def until(self, wanted: Callable[[Said], bool], seconds: float = 20) -> Said:
        """How it stands once that is as wanted."""
        last = time.monotonic() + seconds
        while time.monotonic() < last:
            if wanted(said := self.ask("report")):
                return said
            time.sleep(0.05)
        raise AssertionError(said)

    def unlock(self, passphrase: str) -> Said:
        """Type the passphrase as soon as it is asked for, and wait for the desk."""
        self.until(lambda said: said["front"] == "UnlockPage")
        self.ask("type", text=passphrase)
        self.ask("enter")
        return self.until(lambda said: said["page"] is not None)

    def end(self) -> None:
        """Kill it, if it still runs."""
        self.process.kill()
        self.process.communicate()


# Inside the program


class Hand:
    """What does the orders, in the program's own thread and through its own widgets."""

    def __init__(self) -> None:
        self.unread = b""

    def read(self) -> None:
        """Orders have come."""
        self.unread += os.read(0, 65536)
        *lines, self.unread = self.unread.split(b"\n")
        for line in lines:
            order = json.loads(line)
            print(json.dumps(getattr(self, order.pop("do"))(**order) or {}), flush=True)

    @property
    def window(self) -> Any:
        """The program's window."""
        from PySide6.QtWidgets import QApplication

        from familydesk.ui.window import Window

        return next((one for one in QApplication.topLevelWidgets() if isinstance(one, Window)), None)

    def report(self) -> Said:
        """How it stands."""
        from familydesk.core.i18n import spoken

        window = self.window
        if window is None:
            return {"front": None, "page": None}
        return {
            "pid": os.getpid(),
            "front": type(window.front).__name__ if window.front else None,
            "page": window.view.page if window.view else None,
            "record": window.view is not None and self._has_record(),
            "shown": window.isVisible(),
            "place": window.geometry().getRect(),
            "language": spoken(),
        }

    def type(self, text: str) -> None:
        """Type into the line of the unlock screen."""
        from keyboard import write

        write(self.window.front.line, text)

    def enter(self) -> None:
        """Press Enter there."""
        self.window.front.try_to_open()

    def read_record(self, sheet: str, record: str) -> None:
        """Open a record's page."""
        self.window.view.open_record(sheet, UUID(record))
        self.window.mark.note()

    def move(self, place: list[int]) -> None:
        """Put the window elsewhere."""
        self.window.setGeometry(*place)

    def speak(self, language: str) -> None:
        """Another language."""
        self.window.speak(language)

    def write_in(self, field: str, text: str) -> None:
        """Type into a field of the record that is open."""
        from keyboard import write

        page = self.window.view.screens[self.window.view.page]
        write(page.form.boxes[field].editor.main(), text)

    def _has_record(self) -> bool:
        """Whether a record is open, and loaded."""
        page = self.window.view.screens[self.window.view.page]
        return hasattr(page, "form") and page.form.isEnabled()

    def lock(self) -> None:
        """Lock, after this answer."""
        from PySide6.QtCore import QTimer

        QTimer.singleShot(0, self.window.lock)

    def die_at(self, step: str) -> None:
        """Be killed as a cut of power would, when the lock comes to this step."""
        from familydesk.ui import lock, tasks

        owner: Any = {
            "leave": self.window.view,
            "finish": tasks,
            "close": self.window.place.office,
            "execve": lock.os,
        }[step]
        setattr(owner, step, lambda *_words: os.kill(os.getpid(), signal.SIGKILL))


def main() -> int:
    """The program, with a hand on it."""
    from PySide6.QtCore import QSocketNotifier

    from familydesk.__main__ import main as program
    from familydesk.ui.desktop import application

    app = application()
    hand = Hand()
    notifier = QSocketNotifier(0, QSocketNotifier.Type.Read, app)
    notifier.activated.connect(hand.read)
    return program()


if __name__ == "__main__":
    sys.exit(main())
