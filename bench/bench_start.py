"""From the start to a window that can be used, beside two Qt programs that many people have: vorta and picard.

    python bench/bench_start.py [--people 20000] [--runs 9] [--platforms offscreen,xcb] [--watched 100000]

The programs start in turns, so that a busy minute of the machine is shared by all. FamilyDesk is measured three times:
to its unlock screen, which is the first it shows; through it to the desk with the first screen's own data, where the
typing of the passphrase takes two seconds that are not counted; and to the desk with no such pause, as where this
computer remembers the store. For both desks the key was derived beforehand. The others start with an empty profile,
which flatters them. They are fetched by name, each into an environment of its own, once.

`--watched` is the center at which memory is watched for a minute and a half after an unlocking by passphrase, as it is
in life: derivation before it, the backup of the day at the end of it; 0 for none.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from big_center import CACHE, PASSPHRASE, copied
from row import Row

PROBE = Path(__file__).with_name("start_probe.py")
OURS = "familydesk.__main__:main"
DISPLAY = ":97"
UNLOCK, DESK, AT_ONCE = "unlock screen", "desk", "desk at once"
WATCHED_FOR = 90
"""Seconds: a minute, and a part of the backup that begins then."""


@dataclass(frozen=True)
class Program:
    """How a program is started."""

    name: str
    python: str
    binding: str
    entry: str
    words: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    """What the probe itself is told."""


def peers() -> Iterator[Program]:
    """The two others, fetched at the first time."""
    for name, entry, words in (
        ("vorta", "vorta.__main__:main", ()),
        ("picard", "picard.tagger:main", ("--stand-alone-instance",)),
    ):
        folder = CACHE / "peers" / name
        python = folder / "bin" / "python"
        if not (folder / "whole").exists():
            venv.create(folder, with_pip=True, clear=True)
            subprocess.run([python, "-m", "pip", "install", "--quiet", name], check=True)
            (folder / "whole").touch()
        yield Program(name, str(python), "PyQt6", entry, words)


def ours(key: Path) -> tuple[Program, ...]:
    """To the unlock screen, to the desk behind it, and to the desk at once."""
    words = (sys.executable, "PySide6", OURS)
    return (
        Program(UNLOCK, *words),
        Program(DESK, *words, own=(*_unlocking(key), "--typing", "2")),
        Program(AT_ONCE, *words, own=_unlocking(key)),
    )


def _unlocking(key: Path | None) -> tuple[str, ...]:
    return ("--passphrase", PASSPHRASE, *(("--derived", str(key)) if key else ()))


Told = dict[str, Any]


def started(program: Program, place: Path, platform: str, *own: str) -> Told:
    """One start; what the probe told. `place` is the program's home, the same at each of its starts."""
    home = place / program.name
    told = place / "told.json"
    told.unlink(missing_ok=True)
    run = home / "run"
    run.mkdir(parents=True, exist_ok=True, mode=0o700)
    environment = {name: value for name, value in os.environ.items() if name in ("PATH", "LD_LIBRARY_PATH")} | {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(place / "config"),
        "XDG_RUNTIME_DIR": str(run),
        "QT_QPA_PLATFORM": platform,
        "DISPLAY": DISPLAY,
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
        "LANG": "C.UTF-8",
        "PROBE_BEGAN": repr(time.monotonic()),
    }
    words = [program.python, PROBE, program.binding, program.entry, told, *program.own, *own, "--", *program.words]
    done = subprocess.run(list(map(str, words)), env=environment, capture_output=True, text=True, timeout=240)
    if not told.exists():
        raise SystemExit(f"{program.name} ended with {done.returncode} and no window:\n{done.stderr[-2000:]}")
    found = json.loads(told.read_text())
    # Nobody waits for the machine while she types.
    found["waited"] = found["usable"] - (found["typed"] - found["painted"])
    return dict(found)


@contextmanager
def screen(platform: str) -> Iterator[None]:
    """A display of its own for a platform that needs one."""
    if platform != "xcb":
        yield
        return
    words = ["Xvfb", DISPLAY, "-screen", "0", "1440x900x24", "-nolisten", "tcp"]
    server = subprocess.Popen(words, stderr=subprocess.DEVNULL)
    time.sleep(1.5)
    try:
        yield
    finally:
        server.terminate()
        server.wait()


def at_home(people: int, place: Path) -> None:
    """A copy of the center under `place`, which the program there takes for the store it opened last."""
    (place / "config" / "familydesk").mkdir(parents=True)
    settings = {"last_store": str(copied(people, place))}
    (place / "config" / "familydesk" / "settings.json").write_text(json.dumps(settings))


def measured(people: int, runs: int, platforms: list[str]) -> dict[str, dict[str, list[Told]]]:
    """By platform and program what each run told, after one that is not counted."""
    results: dict[str, dict[str, list[Told]]] = {platform: defaultdict(list) for platform in platforms}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        at_home(people, place)
        programs = [*ours(place / "derived"), *peers()]
        for platform in platforms:
            with screen(platform):
                for turn in range(runs + 1):
                    for program in programs:
                        told = started(program, place, platform)
                        if turn:
                            results[platform][program.name].append(told)
    return results


def memory(people: int) -> Told:
    """Megabytes a minute after unlocking by passphrase, and the most that was held afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        at_home(people, place)
        desk = Program("desk", sys.executable, "PySide6", OURS, own=_unlocking(None))
        told = started(desk, place, "offscreen", "--watch", str(WATCHED_FOR))
    return {"minute": told["memory"][60], "after": max(told["memory"][60:]), "peak": told["peak"]}


def median(results: list[Told], name: str) -> float:
    return statistics.median(told[name] for told in results)


def rows(quick: bool) -> Iterator[Row]:
    """Every start beside the two others, and the memory."""
    at = 5_000 if quick else 20_000
    platforms = ["offscreen"] if quick or not shutil.which("Xvfb") else ["offscreen", "xcb"]
    for platform, told in measured(at, 3 if quick else 9, platforms).items():
        waited = {name: median(runs, "waited") for name, runs in told.items()}
        others = {name: waited.pop(name) for name in ("vorta", "picard")}
        bar = "faster than " + " and ".join(f"{name} {spent:.2f} s" for name, spent in others.items())
        for name, what in WORDS.items():
            spent = waited[name]
            ratios = " and ".join(f"{spent / other:.2f}" for other in others.values())
            met = spent < min(others.values())
            yield Row(f"{what}, {PLATFORMS[platform]}", f"{at:,} people", f"{spent:.2f} s ({ratios} ×)", bar, met)
    at = 5_000 if quick else 100_000
    held = memory(at)
    what = "resident memory a minute after unlocking, the window open"
    told = f"{held['minute']:.0f} MB ({held['after']:.0f} MB while the daily backup is made)"
    yield Row(what, f"{at:,} people", told, "≤ 250 MB", held["minute"] <= 250)


WORDS = {
    UNLOCK: "start to the unlock screen",
    DESK: "start to the desk, typing and key derivation apart",
    AT_ONCE: "start to the desk of a remembered store, key derivation apart",
}
PLATFORMS = {"offscreen": "no screen", "xcb": "X server"}


def report(results: dict[str, dict[str, list[Told]]]) -> None:
    print(f"{'':10} {'':14} {'painted s':>10} {'waited s':>9} {'least':>7} {'cpu s':>7} {'peak MB':>8} {'modules':>8}")
    for platform, programs in results.items():
        for name, told in programs.items():
            least = min(one["waited"] for one in told)
            figures = f"{median(told, 'painted'):10.2f} {median(told, 'waited'):9.2f} {least:7.2f}"
            rest = f"{median(told, 'cpu'):7.2f} {median(told, 'peak'):8.0f} {median(told, 'modules'):8.0f}"
            print(f"{platform:10} {name:14} {figures} {rest}")


def main() -> None:
    parser = argparse.ArgumentParser(description="The start, beside vorta and picard.")
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--platforms", default="offscreen,xcb" if shutil.which("Xvfb") else "offscreen")
    parser.add_argument("--watched", type=int, default=100_000)
    asked = parser.parse_args()
    report(measured(asked.people, asked.runs, asked.platforms.split(",")))
    if asked.watched:
        print(f"memory at {asked.watched:,} people, MB: {memory(asked.watched)}")


if __name__ == "__main__":
    main()
