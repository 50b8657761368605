"""A bus of our own, and the fake login service on it, in a process of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

needs_bus = pytest.mark.skipif(
    sys.platform != "linux" or not shutil.which("dbus-daemon"), reason="there is no dbus-daemon on this computer"
)


@contextmanager
def private_bus() -> Iterator[str]:
    """The address of a bus that ends with the block."""
    words = ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address"]
    daemon = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert daemon.stdout
    try:
        yield daemon.stdout.readline().strip()
    finally:
        daemon.kill()
        daemon.communicate()


class Login:
    """The fake login service: `tell` has it send something, `heard` is what it was asked for."""

    def __init__(self, address: str, *words: str) -> None:
        pytest.importorskip("jeepney", reason="the bus's other end is spoken by the keyring's library")
        script = Path(__file__).with_name("fake_logind.py")
        self.process = subprocess.Popen(
            [sys.executable, str(script), address, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout
        assert self.process.stdout.readline() == "ready\n"
        self.heard: list[str] = []
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.heard.append(line.strip())

    def tell(self, what: str) -> None:
        """Send the signal of that name."""
        assert self.process.stdin
        self.process.stdin.write(what + "\n")
        self.process.stdin.flush()

    def end(self) -> None:
        """Leave the bus."""
        self.process.kill()
        self._listening.join()
        self.process.communicate()
