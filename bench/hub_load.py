"""Processes that write at the same time, into a bare PostgreSQL or to a hub. They begin when all of them are ready."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from threading import Barrier
from typing import Any, NamedTuple

import psycopg
from hub_centers import Writer
from nacl.signing import SigningKey

_PATIENCE = 120
"""Seconds until all must be ready."""
_ready: Barrier


class Written(NamedTuple):
    """How many one process wrote, and between which moments (seconds since 1970)."""

    rows: int
    began: float
    ended: float


def each_second(work: Callable[..., Written], words: Sequence[tuple[Any, ...]]) -> float:
    """What all processes together wrote in a second, from when the first began until the last was done."""
    context = get_context("spawn")
    barrier = context.Barrier(len(words), timeout=_PATIENCE)
    with ProcessPoolExecutor(len(words), context, _get_ready, (barrier,)) as processes:
        done = [one.result() for one in [processes.submit(work, *given) for given in words]]
    return sum(one.rows for one in done) / (max(one.ended for one in done) - min(one.began for one in done))


def _get_ready(barrier: Barrier) -> None:
    global _ready
    _ready = barrier


def into_database(dsn: str, site: int, body: bytes, seconds: float) -> Written:
    """Single rows, one a commit, by one connection."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        cursor = connection.cursor(binary=True)
        _ready.wait()
        began, count = time.time(), 0
        while time.time() < began + seconds:
            cursor.execute("INSERT INTO floor(site, seq, body) VALUES(%s, %s, %s)", (site, count, body), prepare=True)
            count += 1
    return Written(count, began, time.time())


def to_hub(url: str, center: bytes, seeds: list[bytes], batches: int, batch: int, size: int) -> Written:
    """Batches of envelopes by some laptops (their keys' seeds), each waiting for the hub's word on the last one.

    They are written beforehand: a laptop makes a thousand of them in a tenth of a second.
    """
    written = []
    for seed in seeds:
        writer = Writer(center, SigningKey(seed))
        written.append((writer, [[writer.write(size) for _ in range(batch)] for _ in range(batches)]))
    with ThreadPoolExecutor(len(seeds)) as threads:
        _ready.wait()
        began = time.time()
        list(threads.map(lambda one: _post(url, *one), written))
    return Written(len(seeds) * batches * batch, began, time.time())


def _post(url: str, writer: Writer, batches: list[list[bytes]]) -> None:
    peer = writer.peer(url)
    for batch in batches:
        receipts = peer.push(batch)
        assert all(receipt.value == "stored" for receipt in receipts), receipts
    peer.close()
