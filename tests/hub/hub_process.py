"""`familydesk hub` as a process of its own, as whoever runs one starts it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType


class HubProcess:
    """A hub on loopback. `kill` ends it as a power cut would."""

    def __init__(self, data: Path, *words: str) -> None:
        self._words = ["--data", str(data), *words]
        self.url = ""

    def __enter__(self) -> HubProcess:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.end()

    def start(self, listen: str = "127.0.0.1:0") -> None:
        words = [sys.executable, "-m", "familydesk", "hub", *self._words, "--listen", listen]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        assert said.startswith("listening on "), said + (self.process.stderr.read() if self.process.stderr else "")
        self.url = said.removeprefix("listening on ").strip()

    def kill(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.communicate()

    def end(self) -> tuple[int, str, str]:
        """Exit code, and what it said since it was ready."""
        if self.process.poll() is None:
            self.process.terminate()
        out, err = self.process.communicate(timeout=30)
        return self.process.returncode, out, err

    def start_again(self) -> None:
        """At the same address."""
        self.start(self.url.rpartition("/")[2])
