"""What the encrypted store costs: one save through its service, capture's share of it, and a bulk insert beside a
plain file.

    python bench/bench_store.py [--people 100000] [--rows 200000] [--rounds 300]

The plain file is the same library without its key: schema, triggers, index and pragmas are the same.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from big_center import copied, opened
from people import people
from row import Row
from sqlalchemy import insert

from familydesk.core.ids import new_id
from familydesk.core.settings import Settings
from familydesk.records.person import IinAbsence, Person
from familydesk.services.office import Office
from familydesk.store import guards
from familydesk.store.database import Database

KEY = bytes(range(32))
BATCH = 5_000
TURN = 20
"""Saves in a row with capture, before as many without: a busy moment of the machine falls on both."""


def saves(office: Office, rounds: int, capturing: bool) -> list[float]:
    """Seconds of each save of a new person."""
    office.database.capturing = capturing
    times = []
    for one in people(rounds, seed=int(time.time())):
        values = {"surname": one.surname, "given": one.given, "patronymic": one.patronymic}
        began = time.perf_counter()
        office.desk.save("person", values | {"iin_absence": IinAbsence.NOT_RECORDED})
        times.append(time.perf_counter() - began)
    return times


def bulk(path: Path, rows: list[dict[str, object]]) -> float:
    """Seconds to insert `rows`, captured and indexed, into a new file."""
    database = Database.create(path, KEY)
    office = Office(database, path.parent, Settings(path.parent / "settings.json"))
    began = time.perf_counter()
    with database.write() as session:
        for first in range(0, len(rows), BATCH):
            batch = rows[first : first + BATCH]
            session.execute(insert(Person), batch)
            office.search.index_many(session.connection(), [Person(**row) for row in batch])
    spent = time.perf_counter() - began
    database.close()
    return spent


def in_the_open(path: Path, rows: list[dict[str, object]]) -> float:
    """The same without encryption."""
    lock, guards.unlock = guards.unlock, lambda connection, key: None
    try:
        return bulk(path, rows)
    finally:
        guards.unlock = lock


def a_save(people_there: int, rounds: int) -> tuple[float, float]:
    """Milliseconds of one save, captured and not; in turns, each its median."""
    with tempfile.TemporaryDirectory() as folder:
        office = opened(copied(people_there, Path(folder)))
        saves(office, 20, True)
        captured, bare = [], []
        for _ in range(rounds // TURN):
            captured += saves(office, TURN, True)
            bare += saves(office, TURN, False)
        office.close()
    return statistics.median(captured) * 1000, statistics.median(bare) * 1000


def both_bulks(count: int, rounds: int) -> tuple[float, float]:
    """Seconds to insert so many rows, encrypted and in the open; in turns, each its median."""
    rows = [
        {"id": new_id(), "archived": False, "surname": one.surname, "given": one.given, "patronymic": one.patronymic}
        for one in people(count, seed=3)
    ]
    sealed, plain = [], []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(rounds):
            plain.append(in_the_open(Path(folder) / f"plain-{number}.db", rows))
            sealed.append(bulk(Path(folder) / f"sealed-{number}.db", rows))
    return statistics.median(sealed), statistics.median(plain)


def rows(quick: bool) -> Iterator[Row]:
    """A save through its service, and a bulk insert beside a plain file."""
    at = 5_000 if quick else 100_000
    whole, bare = a_save(at, 80 if quick else 400)
    share = (whole - bare) / whole
    yield Row("save one record, captured and indexed", f"{at:,} people", f"{whole:.1f} ms", "≤ 10 ms", whole <= 10)
    yield Row("capture's share of it", f"{at:,} people", f"{share:.0%}", "≤ 10 %", share <= 0.10)
    count = 20_000 if quick else 200_000
    sealed, plain = both_bulks(count, 1 if quick else 3)
    told = f"{sealed / plain:.2f} × ({sealed:.1f} s and {plain:.1f} s)"
    what = "bulk insert, captured and indexed, beside the same library unencrypted"
    yield Row(what, f"{count:,} rows", told, "≤ 1.4 ×", sealed / plain <= 1.4)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=400)
    given = parser.parse_args()
    whole, bare = a_save(given.people, given.rounds)
    print(f"save one person, {given.people:,} people     {whole:8.2f} ms   bar 10 ms")
    print(f"capture's share of it               {(whole - bare) / whole:8.1%}      bar 10 %")
    sealed, plain = both_bulks(given.rows, 1)
    ratio = f"{sealed:.1f} s encrypted, {plain:.1f} s plain, ratio {sealed / plain:.2f}"
    print(f"bulk insert, {given.rows:,} rows: {ratio}   bar 1.40")


if __name__ == "__main__":
    main()
