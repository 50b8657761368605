"""How long the center's old register takes to come in, with everything that an import does: problems told, people
recognised, every change captured and indexed.

    python bench/bench_import.py [--rows 3000] [--rounds 3]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from big_center import PASSPHRASE
from register_file import written
from row import Row

from familydesk.core.settings import Settings
from familydesk.services import front_door
from familydesk.store.derivation import Cost


def imported(file: Path, folder: Path) -> tuple[float, dict[str, int]]:
    """Seconds to import `file` into a new store in `folder`, and what was counted."""
    settings = Settings(folder / "settings.json")
    made = front_door.create_store(
        folder / "store", "Орталық", "Оспанова Гүлнар", "head", PASSPHRASE, settings=settings, cost=Cost(1, 8192)
    )
    began = time.perf_counter()
    outcome = made.office.register.take_in(file, problems=folder / "problems.xlsx")
    spent = time.perf_counter() - began
    made.office.close()
    return spent, outcome.counts()


def measured(rows: int, rounds: int) -> tuple[list[float], dict[str, int]]:
    """Seconds of each round; every round begins with an empty store."""
    with tempfile.TemporaryDirectory() as place:
        file = written(Path(place) / "register.xlsx", rows)
        times, counts = [], {}
        for number in range(rounds):
            folder = Path(place) / str(number)
            folder.mkdir()
            spent, counts = imported(file, folder)
            times.append(spent)
    return times, counts


def rows(quick: bool) -> Iterator[Row]:
    """The old register comes in."""
    times, counts = measured(3_000, 1 if quick else 3)
    middle = statistics.median(times)
    yield Row("import of a messy register", f"{counts['rows']:,} rows", f"{middle:.1f} s", "≤ 6 s", middle <= 6)


def main() -> None:
    parser = argparse.ArgumentParser(description="An old register comes in.")
    parser.add_argument("--rows", type=int, default=3_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    times, counts = measured(asked.rows, asked.rounds)
    print(f"import of {counts['rows']:,} rows: {statistics.median(times):.2f} s   bar 6 s")
    print(", ".join(f"{name} {count:,}" for name, count in counts.items()))


if __name__ == "__main__":
    main()
