"""Every measure, as one table: `make bench`, or `python -m bench [--quick] [--only start,paper]`.

A whole run takes about half an hour and writes the table into docs/benchmarks.md. `--quick` measures small centers and
few rounds, to see that everything runs; with it, or with `--only`, the table is only printed.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from row import Row, rows_of

MEASURES = ("start", "family", "search", "store", "paper", "import", "journal", "rights", "sync", "hub")
PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
BEGINS, ENDS = "<!-- table -->", "<!-- end of table -->"


def main() -> int:
    parser = argparse.ArgumentParser(description="Every measure, as one table.")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default=",".join(MEASURES))
    asked = parser.parse_args()
    names = asked.only.split(",")
    table = list(lines([row for name in names for row in measured(name, asked.quick)]))
    print("\n".join(table))
    if not asked.quick and names == list(MEASURES):
        write(table)
    return 0


def measured(name: str, quick: bool) -> list[Row]:
    """The rows of one bench, in a process of its own: what one leaves in memory is no burden to the next."""
    print(f"-- {name}", file=sys.stderr)
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        return process.submit(rows_of, name, quick).result()


def lines(rows: list[Row]) -> Iterator[str]:
    """The table and the machine it was measured on, as Markdown."""
    yield machine()
    yield ""
    yield "| what | at | measured | bar | met |"
    yield "|---|---|---|---|---|"
    for row in rows:
        met = "not compared" if row.met is None else ("yes" if row.met else "**no**")
        yield f"| {row.what} | {row.at} | {row.measured} | {row.bar} | {met} |"


def machine() -> str:
    """One sentence on what it was measured."""
    from PySide6.QtCore import qVersion

    from familydesk.core import clock
    from familydesk.store import guards

    binding = guards.binding()
    with binding.connect(":memory:") as connection:
        cipher = connection.execute("PRAGMA cipher_version").fetchone()[0]
    load = f", load {os.getloadavg()[0]:.1f} when it ended" if hasattr(os, "getloadavg") else ""
    return (
        f"{clock.today():%Y-%m-%d}, {processor()}, {os.cpu_count()} cores, {memory()}, {platform.system()} "
        f"{platform.release()}{load}. Python {platform.python_version()}, Qt {qVersion()}, "
        f"SQLCipher {cipher} (SQLite {binding.sqlite_version})."
    )


def processor() -> str:
    """Its name, where the system tells it."""
    told = Path("/proc/cpuinfo")
    names = [line.split(":", 1)[1].strip() for line in _lines(told) if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def memory() -> str:
    """How much of it there is."""
    whole = [int(line.split()[1]) for line in _lines(Path("/proc/meminfo")) if line.startswith("MemTotal")]
    return f"{whole[0] / 1024**2:.0f} GB of memory" if whole else "memory not told"


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def write(table: list[str]) -> None:
    """Put the table into the page, between its marks."""
    page = PAGE.read_text(encoding="utf-8")
    before, _mark, rest = page.partition(BEGINS)
    _old, _mark, after = rest.partition(ENDS)
    PAGE.write_text("\n".join([before + BEGINS, *table, ENDS]) + after, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
