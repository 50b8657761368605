"""A whole day in a real window on a real display server, by keyboard alone: first run to finding her again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

DAY = Path(__file__).with_name("keyboard_day.py")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def display() -> Iterator[str]:
    """A display of its own, on a number that the server chooses."""
    server = shutil.which("Xvfb")
    if server is None:
        pytest.skip("not run: Xvfb is not installed, so there is no display for a real window")
    reads, writes = os.pipe()
    command = [server, "-displayfd", str(writes), "-screen", "0", "1440x900x24", "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=[writes], stderr=subprocess.DEVNULL)
    os.close(writes)
    with os.fdopen(reads) as told:
        number = told.readline().strip()
    if not number:
        process.wait(10)
        pytest.skip("not run: Xvfb does not start here")
    yield f":{number}"
    process.terminate()
    process.wait(10)


def sit_down(part: str, folder: Path, display: str) -> None:
    """One sitting in a process of its own."""
    environment = {
        **os.environ,
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_DATA_HOME": str(folder / "data"),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, str(DAY), part, str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=150, check=False)
    if "could not load the Qt platform plugin" in done.stderr.lower():
        pytest.skip("not run: the libraries that Qt needs for a real display are not installed")
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    assert done.stdout.strip().endswith("done")


def test_a_day_by_keyboard_from_the_first_run_to_finding_her_again(display: str, tmp_path: Path) -> None:
    sit_down("first", tmp_path, display)
    assert (tmp_path / "paper.pdf").read_bytes().startswith(b"%PDF")
    assert not (tmp_path / "store").joinpath("desk.db").read_bytes().startswith(b"SQLite format 3")
    sit_down("again", tmp_path, display)
