"""What a hub bears: laptops that hand over at once beside the bare database, a day of many laptops, a quiet visit.

    python bench/bench_hub.py [--laptops 500] [--minutes 1]

The hub is a process of its own, asked over HTTP on loopback. PostgreSQL is a private server with its usual settings, so
that every commit is on the disk before it is answered; where it is not installed only SQLite is measured.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import httpx
import laptops
import postgres_server
import psycopg
from hub_centers import InventedCenter, visit
from hub_load import each_second, into_database, to_hub
from hub_process import hub
from row import Row

DEVICES, BATCH, SIZE = 32, 25, 800
"""Laptops that hand over at the same time, envelopes in one request, bytes inside of one: about 1 kB with its seal."""
PROCESSES = 4
CONNECTIONS = 8
CENTER_OF = 20
"""Laptops of one center, in the day of many."""
DAY = [2_400] * 4
"""What one laptop wrote in a day: 10 kB in four envelopes."""
AT_ONCE = 64
"""Visits of the day of many that may be under way together."""
SHARE_BAR, DAY_BAR, QUIET_BAR = 0.5, 2.0, 0.150


# Beside the bare database


def floor(dsn: str, body: bytes, seconds: float) -> float:
    """Rows a second that the server takes from eight connections."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS floor")
        columns = "id bigserial PRIMARY KEY, site int NOT NULL, seq bigint NOT NULL, body bytea NOT NULL"
        connection.execute(f"CREATE TABLE floor ({columns}, at timestamptz DEFAULT now(), UNIQUE (site, seq))")
    return each_second(into_database, [(dsn, site, body, seconds) for site in range(CONNECTIONS)])


def posted(database: str, batches: int) -> float:
    """Envelopes a second that a hub takes from 32 laptops of one center."""
    center = InventedCenter(DEVICES)
    seeds = [bytes(writer.key) for writer in center.writers]
    with hub([center.certificate], database) as url:
        center.introduce(url)
        parts = [seeds[first::PROCESSES] for first in range(PROCESSES)]
        return each_second(to_hub, [(url, center.id, part, batches, BATCH, SIZE) for part in parts])


def beside_the_floor(batches: int, seconds: float) -> Iterator[Row]:
    """The hub on PostgreSQL, between two measures of what the same server takes without it."""
    what, bar = "Hub on PostgreSQL, laptops that post batches of 25", f"≥ {SHARE_BAR:.0%} of single rows, one a commit"
    with postgres_server.server() as dsn:
        if not dsn:
            yield Row(what, f"{DEVICES} laptops", "no PostgreSQL here", bar, None)
            return
        body = InventedCenter(1).writers[0].write(SIZE)
        before = floor(dsn, body, seconds)
        taken = posted(address(dsn), batches)
        rows = statistics.mean([before, floor(dsn, body, seconds)])
        told = f"{taken:,.0f} a second, the server alone {rows:,.0f} ({taken / rows:.0%})"
        yield Row(what, f"{DEVICES} laptops", told, bar, taken / rows >= SHARE_BAR)


def address(dsn: str) -> str:
    """The connection string as the hub's address of the same database."""
    facts = dict(word.split("=", 1) for word in dsn.split())
    return f"postgresql+psycopg://{facts['user']}@/{facts['dbname']}?host={facts['host']}"


# A day


def day(url: str, centers: list[InventedCenter], seconds: float) -> tuple[list[float], int]:
    """How long each laptop's visit took, from when it wanted to begin, and how many came to nothing.

    Every laptop was there the day before. They come at moments of chance within these seconds.
    """
    everyone = [(center, writer) for center in centers for writer in center.writers]
    keys = {center.id: center.publics() for center in centers}
    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(lambda one: visit(url, one[1], keys[one[0].id], [300]), everyone))
        random.shuffle(everyone)
        moments = sorted(random.uniform(0, seconds) for _ in everyone)
        begin = time.perf_counter()
        asked: list[Future[float]] = []
        for (center, writer), moment in zip(everyone, moments, strict=True):
            time.sleep(max(0.0, begin + moment - time.perf_counter()))
            asked.append(threads.submit(_timed_from, begin + moment, visit, url, writer, keys[center.id], DAY))
    failed = sum(one.exception() is not None for one in asked)
    return [one.result() for one in asked if one.exception() is None], failed


def _timed_from(moment: float, work: Callable[..., object], *words: object) -> float:
    work(*words)
    return time.perf_counter() - moment


def many_laptops(count: int, seconds: float) -> Row:
    """A day's work of many laptops."""
    centers = [InventedCenter(CENTER_OF) for _ in range(count // CENTER_OF)]
    with postgres_server.server() as dsn, hub([one.certificate for one in centers], address(dsn) if dsn else "") as url:
        for center in centers:
            center.introduce(url)
        times, failed = day(url, centers, seconds)
    late = statistics.quantiles(times, n=20)[-1]
    kind = "PostgreSQL" if dsn else "SQLite"
    told = f"95 of 100 within {late:.2f} s, {failed} errors ({kind}; all within {seconds:.0f} s)"
    met = not failed and late <= DAY_BAR
    return Row("A day's work of many laptops", f"{count} laptops, 10 kB each", told, "≤ 2 s within ten minutes", met)


# Nothing new


def quiet(rounds: int) -> Row:
    """A meeting of two who have nothing for each other, warm, and the requests that it takes."""
    with tempfile.TemporaryDirectory() as folder:
        head = laptops.founded(Path(folder) / "one")
        certificate = Path(folder) / "certificate.txt"
        head.admissions.certificate(certificate)
        with laptops.closing(head), hub([certificate.read_bytes()]) as url:
            laptops.put_in(head, laptops.twelve_fields(1_000))
            for _ in range(3):
                head.syncing.sync(url)
            before, times = _requests(url), []
            for _ in range(rounds):
                began = time.perf_counter()
                outcome = head.syncing.sync(url)
                times.append(time.perf_counter() - began)
                assert not outcome.sent
                assert not outcome.warnings, outcome.warnings
            requests = (_requests(url) - before) / rounds
    median = statistics.median(times)
    told = f"{median * 1000:.0f} ms, {requests:g} request{'' if requests == 1 else 's'}"
    return Row("Sync of nothing new", "a hub", told, "≤ 150 ms, 1 request", median <= QUIET_BAR and requests == 1)


def _requests(url: str) -> int:
    """How many requests the hub has answered, those for its counters apart."""
    lines = httpx.get(f"{url}/metrics", trust_env=False).text.splitlines()
    counted = [line for line in lines if line.startswith("familydesk_hub_requests_total") and '"metrics"' not in line]
    return sum(int(line.rpartition(" ")[2]) for line in counted)


def rows(quick: bool, count: int = 500, seconds: float = 60.0) -> Iterator[Row]:
    """Beside the bare database, a day of many laptops ten times as dense as it comes, and a visit without news."""
    if quick:
        count, seconds = count // 5, seconds / 5
    yield from beside_the_floor(5 if quick else 20, 2.0 if quick else 5.0)
    yield many_laptops(count, seconds)
    yield quiet(5 if quick else 20)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--laptops", type=int, default=500)
    parser.add_argument("--minutes", type=float, default=1.0)
    asked = parser.parse_args()
    for row in rows(False, asked.laptops, asked.minutes * 60):
        print(*row)
