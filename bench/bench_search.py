"""How fast and how surely a damaged name finds its person, in the encrypted file.

    python bench/bench_search.py --people 100000 [--each 100] [--limit 10] [--postgres DSN]

Prints a table an engine, by kind of damage: milliseconds at the median and at 95 of 100, and the share of queries that
had the right person (or one of the same full folded name) among the first; with it memory, size and building time of
the index. With `--postgres` (a libpq connection string; needs `psql` on the path) the same queries run against pg_trgm
on the same folded names.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from uuid import UUID

from people import Person, Query, people, queries
from postgres_names import PostgresNames
from postgres_server import server
from row import Row
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from familydesk.core.fold import fold
from familydesk.store import guards, search_index
from familydesk.store.search_entry import EntryKind
from familydesk.store.search_find import find
from familydesk.store.search_lexicon import Vocabulary

Asked = Callable[[str, int], list[int]]
"""An engine's answer: numbers of people, the best first."""


def main() -> int:
    arguments = _arguments()
    found = measured(arguments.people, arguments.each, arguments.limit, arguments.postgres)
    for name, results in found.items():
        _report(name, results)
    return 0


def measured(count: int, each: int, limit: int, postgres_at: str = "") -> dict[str, Results]:
    """By engine what each query took and found; pg_trgm is among the engines if it is said where."""
    sheet = people(count)
    asked = list(queries(sheet, each))
    _told_shape(sheet, asked)
    with tempfile.TemporaryDirectory() as folder:
        engines = {"FamilyDesk": _desk(Path(folder), sheet)}
        if not postgres_at:
            return _run(engines, sheet, asked, limit)
        postgres = PostgresNames(postgres_at)
        print(f"pg_trgm: {postgres.build([fold(str(person)) for person in sheet])}")
        found = _run(engines | {"pg_trgm": postgres.find}, sheet, asked, limit)
        postgres.close()
        return found


def rows(quick: bool) -> Iterator[Row]:
    """The search as typed: at 100,000 people, and at 1,000,000 beside pg_trgm if a server is installed."""
    p95, share = _summed(measured(10_000 if quick else 100_000, 20 if quick else 100, 10)["FamilyDesk"])
    at = f"{10_000 if quick else 100_000:,} people"
    yield Row("search as typed, names damaged in nine ways, 95 of 100", at, f"{p95:.1f} ms", "≤ 30 ms", p95 <= 30)
    yield Row("the same: right person among the first 10", at, f"{share:.1%}", "≥ 97 %", share >= 0.97)
    if quick:
        return
    with server() as postgres_at:
        found = measured(1_000_000, 56, 20, os.environ.get("FAMILYDESK_BENCH_POSTGRES", postgres_at))
    (p95, share), theirs = _summed(found["FamilyDesk"]), found.get("pg_trgm")
    other_p95, other_share = _summed(theirs) if theirs else (0.0, 0.0)
    told = f"PostgreSQL's best, {other_p95:.0f} ms" if theirs else "PostgreSQL is not installed"
    better = p95 < other_p95 if theirs else None
    yield Row("search as typed, 95 of 100", "1,000,000 people", f"{p95:.1f} ms", told, better)
    told = f"PostgreSQL's best, {other_share:.1%}" if theirs else "PostgreSQL is not installed"
    better = share > other_share if theirs else None
    yield Row("the same: right person among the first 20", "1,000,000 people", f"{share:.1%}", told, better)


def _summed(results: Results) -> tuple[float, float]:
    """Milliseconds at 95 of 100, and the share of queries that found whom they meant."""
    every = [result for of_kind in results.values() for result in of_kind]
    times = sorted(took for took, _ in every)
    return times[round(0.95 * (len(times) - 1))], sum(right for _, right in every) / len(every)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Search by damaged names.")
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--each", type=int, default=100, help="queries of each kind of damage")
    parser.add_argument("--limit", type=int, default=10, help="how many answers count")
    parser.add_argument("--postgres", metavar="DSN", default="", help="compare with pg_trgm there")
    return parser.parse_args()


def _told_shape(sheet: list[Person], asked: list[Query]) -> None:
    surnames, given = {person.surname for person in sheet}, {person.given for person in sheet}
    print(f"{len(sheet):,} people, {len(surnames):,} surnames, {len(given):,} given names; {len(asked)} queries")


def _desk(folder: Path, sheet: list[Person]) -> Asked:
    path = folder / "names.db"
    engine = create_engine("sqlite://", module=guards.binding(), creator=lambda: _opened(path), poolclass=StaticPool)
    connection = engine.connect()
    search_index.create(connection)
    started = perf_counter()
    search_index.write_many(connection, map(_document, range(len(sheet)), sheet))
    connection.commit()
    took = perf_counter() - started
    pages = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())
    size = pages * int(connection.exec_driver_sql("PRAGMA page_size").scalar_one())
    before = _resident()
    vocabulary = Vocabulary()

    def answer(text: str, most: int) -> list[int]:
        return [hit.record_id.int for hit in find(connection, vocabulary, text, most)]

    answer(str(sheet[0]), 10)
    holds = _resident() - before
    print(
        f"FamilyDesk: index {size / 1e6:.0f} MB, built in {took:.1f} s, the vocabulary holds {holds:.0f} MB of memory"
    )
    return answer


def _opened(path: Path) -> object:
    connection = guards.binding().connect(str(path))
    guards.unlock(connection, bytes(range(32)))
    for pragma in ("journal_mode = WAL", "secure_delete = ON", "cache_size = -64000"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _document(number: int, person: Person) -> search_index.Document:
    return "person", UUID(int=number), [(EntryKind.NAME, part) for part in person if part]


Results = dict[str, list[tuple[float, bool]]]
"""By kind of damage: milliseconds taken, and whether the right person was among the first."""


def _run(engines: dict[str, Asked], sheet: list[Person], asked: list[Query], limit: int) -> dict[str, Results]:
    """Every query to each engine in turn, so that a busy minute of the machine is shared fairly."""
    for query in asked[:5]:
        for answer in engines.values():
            answer(query.text, limit)
    results: dict[str, Results] = {name: defaultdict(list) for name in engines}
    for query in asked:
        meant = fold(str(sheet[query.meant]))
        for name, answer in engines.items():
            started = perf_counter()
            found = answer(query.text, limit)
            took = (perf_counter() - started) * 1000
            results[name][query.kind].append((took, any(fold(str(sheet[number])) == meant for number in found)))
    return results


def _report(name: str, results: Results) -> None:
    every = [result for of_kind in results.values() for result in of_kind]
    print(f"{name:<16} {'p50 ms':>8} {'p95 ms':>8} {'found':>7}")
    for kind, of_kind in [("all", every), *results.items()]:
        times = sorted(took for took, _ in of_kind)
        p95 = times[round(0.95 * (len(times) - 1))]
        share = sum(right for _, right in of_kind) / len(of_kind)
        print(f"  {kind:<14} {statistics.median(times):8.1f} {p95:8.1f} {share:7.1%}")


def _resident() -> float:
    """Megabytes this process holds now; its peak where the system tells nothing better."""
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


if __name__ == "__main__":
    sys.exit(main())
