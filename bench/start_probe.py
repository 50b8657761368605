"""Starts a program's own `main` in this process and tells when its window stood there and could be used.

    python start_probe.py BINDING MODULE:FUNCTION OUT.json [--passphrase TEXT [--typing SECONDS]] [--derived FILE]
                          [--watch SECONDS] [-- WORDS OF THE PROGRAM]

Needs nothing but the program's own binding to Qt, so that any Qt program can be measured. Seconds are counted from
`PROBE_BEGAN`, the monotonic clock of whoever started this process.

painted  the queue is empty for the first time after the main window's first paint
usable   the beginning of the first tenth of a second in which a beat every 10 ms was never 20 ms late

With a passphrase it stands in the line that has the focus so many seconds after the window was painted, and `usable`
is told of the desk behind it, with all that its first screen asked of the store. `--derived` keeps what the passphrase
derives to: made by the first run, read by the others, whose times are therefore without the derivation.
`--watch` stays that long on the desk and tells the resident memory of every second.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.abc
import importlib.machinery
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

BEGAN = float(os.environ.get("PROBE_BEGAN") or time.monotonic())
BEAT, LATE, QUIET = 0.010, 0.020, 0.100


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="When a window stands there.")
    parser.add_argument("binding")
    parser.add_argument("entry")
    parser.add_argument("out", type=Path)
    parser.add_argument("--passphrase", default="")
    parser.add_argument("--typing", type=float, default=0.0)
    parser.add_argument("--derived", type=Path)
    parser.add_argument("--watch", type=int, default=0)
    return parser.parse_args(own)


split = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
own, theirs = sys.argv[1:split], sys.argv[split + 1 :]
asked = arguments()
QtCore: Any = importlib.import_module(f"{asked.binding}.QtCore")
QtGui: Any = importlib.import_module(f"{asked.binding}.QtGui")
QtWidgets: Any = importlib.import_module(f"{asked.binding}.QtWidgets")


def since() -> float:
    return time.monotonic() - BEGAN


class Watch(QtCore.QObject):  # type: ignore[misc]
    """Follows the first main window that is shown, from its first paint to the end of the measure."""

    def __init__(self, window: Any) -> None:
        super().__init__()
        self.window, self.told = window, {"shown": since()}
        self.seen = False
        self.memory: list[float] = []
        window.installEventFilter(self)

    def eventFilter(self, watched: Any, event: Any) -> bool:
        if not self.seen and event.type() == QtCore.QEvent.Type.Paint:
            self.seen = True
            QtCore.QTimer.singleShot(0, self.on_painted)
        return False

    def on_painted(self) -> None:
        self.window.removeEventFilter(self)
        self.told["painted"] = since()
        self.beats = QtCore.QTimer()
        self.beats.setTimerType(QtCore.Qt.TimerType.PreciseTimer)
        self.beats.timeout.connect(self.on_typed)
        self.beats.start(round(asked.typing * 1000))

    def on_typed(self) -> None:
        self.told["typed"] = since()
        self.quiet_since = self.last = time.monotonic()
        if asked.passphrase:
            # The window's own, because without a window manager no window is the active one.
            line = self.window.focusWidget()
            line.setText(asked.passphrase)
            line.returnPressed.emit()
        self.beats.timeout.disconnect(self.on_typed)
        self.beats.timeout.connect(self.on_beat)
        self.beats.start(round(BEAT * 1000))

    def on_beat(self) -> None:
        now = time.monotonic()
        if now - self.last > BEAT + LATE or not arrived(self.window):
            self.quiet_since = now
        self.last = now
        if now - self.quiet_since >= QUIET:
            self.beats.stop()
            self.told["usable"] = self.quiet_since - BEGAN
            self.stay(asked.watch)

    def stay(self, seconds: int) -> None:
        self.memory.append(status("VmRSS"))
        if seconds:
            QtCore.QTimer.singleShot(1000, lambda: self.stay(seconds - 1))
            return
        self.told |= {"qt": QtCore.qVersion(), "modules": len(sys.modules), "peak": status("VmHWM")}
        self.told |= {"memory": self.memory, "cpu": time.process_time()}
        asked.out.write_text(json.dumps(self.told))
        os._exit(0)


def arrived(window: Any) -> bool:
    """Whether what is waited for stands there: of the desk its view, and nothing asked for and not yet answered."""
    if not asked.passphrase:
        return True
    return window.view is not None and not sys.modules["familydesk.ui.tasks"]._waiting  # noqa: SLF001


def status(name: str) -> float:
    """Megabytes, as the system tells them of this process."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))


def watch_shows() -> None:
    """Whichever way the first main window is shown, a `Watch` is set on it."""
    watches: list[Watch] = []

    def watched(name: str) -> None:
        show = getattr(QtWidgets.QWidget, name)

        def shown(self: Any, *given: Any) -> Any:
            if not watches and isinstance(self, QtWidgets.QMainWindow) and given != (False,):
                watches.append(Watch(self))
            return show(self, *given)

        setattr(QtWidgets.QWidget, name, shown)

    for name in ("show", "showNormal", "showMaximized", "setVisible"):
        watched(name)


class PreparedKey(importlib.abc.MetaPathFinder):
    """Puts the prepared key in the place of the derivation, at the moment at which the program loads it."""

    NAME = "familydesk.store.derivation"

    def __init__(self, kept: Path) -> None:
        self.kept = kept

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.NAME:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)
        assert spec
        assert spec.loader
        run = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            run(module)
            self.replace(module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec

    def replace(self, module: Any) -> None:
        derive = module.derive

        def prepared(*given: Any) -> bytes:
            if not self.kept.exists():
                self.kept.write_bytes(derive(*given))
            importlib.import_module("nacl.pwhash.argon2id")
            return self.kept.read_bytes()

        module.derive = prepared


if __name__ == "__main__":
    watch_shows()
    if asked.derived:
        sys.meta_path.insert(0, PreparedKey(asked.derived))
    module, _colon, function = asked.entry.partition(":")
    sys.argv = [module, *theirs]
    sys.exit(getattr(importlib.import_module(module), function)())
