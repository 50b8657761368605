"""Two laptops of a center meet through a folder, signed and sealed; PouchDB does the same on the same rows in clear.

    python bench/bench_sync.py [--rows 10000] [--edits 2000]

PouchDB (npm: pouchdb-node) is fetched into a folder of its own; where there is no npm nothing is compared.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import laptops
import zstandard
from row import Row

from familydesk.services.office import Office

FIRST_BAR, BYTES_BAR, EDITS_BAR, NEW_LAPTOP_BAR, INDEXED_BAR = 5.0, 1.3, 6.0, 60.0, 5.0
ROUNDS = 3
PEER = Path(tempfile.gettempdir()) / "familydesk-bench" / "pouch"
IN_BOTH = 10
"""One in so many of a laptop's edits is of a row that the other edits too."""


def timed(work: Callable[[], Any]) -> float:
    """Seconds."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def meet(road: str, *offices: Office) -> None:
    """One after another, until the first has heard the last."""
    for office in (*offices, offices[0]):
        outcome = office.syncing.sync(road)
        assert not outcome.warnings, outcome.warnings


def halves(edits: int) -> tuple[slice, slice]:
    """The rows that each laptop edits."""
    return slice(0, edits), slice(edits - edits // IN_BOTH, 2 * edits - edits // IN_BOTH)


class Times(NamedTuple):
    """Seconds of the first meeting, of indexing what it brought, and of the second; bytes beside zstd of the rows; and
    the conflicts that are open in the end.
    """

    first: float
    indexed: float
    second: float
    share: float
    conflicts: int


def ours(place: Path, rows: list[dict[str, Any]], edits: int) -> Times:
    """Two laptops of a new center."""
    road = str(place / "stick")
    Path(road).mkdir()
    head = laptops.founded(place / "one")
    other = laptops.joined(head, place / "two", road)
    with laptops.closing(head, other):
        meet(road, head, other)
        laptops.put_in(head, rows)
        before = _size(road)
        first = timed(lambda: (head.syncing.sync(road), other.syncing.sync(road)))
        share = (_size(road) - before) / _packed(rows)
        assert head.desk.count("person") == other.desk.count("person") == len(rows)
        indexed = timed(other.search.catch_up)
        for office, word, part in zip((head, other), ("бір", "екі"), halves(edits), strict=True):
            laptops.edit(office, rows[part], word)
        second = timed(lambda: meet(road, head, other))
        return Times(first, indexed, second, share, len(other.conflicts.open()))


def _size(road: str) -> int:
    return sum(path.stat().st_size for path in Path(road).rglob("*.fde"))


def _packed(rows: list[dict[str, Any]]) -> int:
    text = json.dumps(json.loads(laptops.spelled(rows, (slice(0), slice(0))))["rows"], ensure_ascii=False)
    return len(zstandard.compress(text.encode(), 3))


def theirs(place: Path, rows: list[dict[str, Any]], edits: int) -> dict[str, float] | None:
    """What PouchDB takes; None where it cannot be fetched."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        return None
    PEER.mkdir(parents=True, exist_ok=True)
    if not (PEER / "node_modules" / "pouchdb-node").exists():
        (PEER / "package.json").write_text("{}")
        subprocess.run([npm, "install", "--silent", "pouchdb-node"], cwd=PEER, check=True, stdout=subprocess.DEVNULL)
    (place / "rows.json").write_text(laptops.spelled(rows, halves(edits)), encoding="utf-8")
    (place / "pouch").mkdir()
    script = Path(__file__).with_name("pouch.mjs")
    words = [node, str(script), str(place / "rows.json"), str(place / "pouch")]
    told: dict[str, float] = json.loads(subprocess.run(words, cwd=PEER, check=True, capture_output=True).stdout)
    return told


def new_laptop(place: Path, count: int) -> float:
    """Seconds until a laptop that was just admitted has everything: its first meeting."""
    road = str(place / "stick")
    Path(road).mkdir()
    head = laptops.founded(place / "one")
    laptops.put_in(head, laptops.twelve_fields(count, seed=2))
    other = laptops.joined(head, place / "two", road)
    with laptops.closing(head, other):
        spent = timed(lambda: other.syncing.sync(road))
        assert other.desk.count("person") == count
    return spent


def in_turns(rows: list[dict[str, Any]], edits: int, rounds: int) -> Iterator[tuple[Times, dict[str, float] | None]]:
    """Both on the same rows, one after the other: a busy moment of the machine falls on both."""
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            yield ours(Path(folder), rows, edits), theirs(Path(folder), rows, edits)


def rows(quick: bool, count: int = 10_000, edits: int = 2_000, records: int = 50_000) -> Iterator[Row]:
    """The first meeting, the second after both have worked, and a new laptop."""
    if quick:
        count, edits, records = count // 10, edits // 10, records // 10
    measured = list(in_turns(laptops.twelve_fields(count), edits, 1 if quick else ROUNDS))
    own, peers = [times for times, _peer in measured], [peer for _times, peer in measured if peer]
    size, both = f"{count:,} rows", f"2 × {edits:,} edits"
    first, second = median(one.first for one in own), median(one.second for one in own)
    yield _beside("First sync of a laptop", size, first, [peer["first"] for peer in peers], FIRST_BAR)
    indexed = median(one.indexed for one in own)
    yield Row("Until the search knows them too", size, f"{indexed:.2f} s", "≤ 5 s", indexed <= INDEXED_BAR)
    share = max(one.share for one in own)
    yield Row("Bytes on the stick, beside zstd of the rows", size, f"{share:.2f} ×", "≤ 1.3 ×", share <= BYTES_BAR)
    yield _beside("Edits of two laptops, both ways", both, second, [peer["edits"] for peer in peers], EDITS_BAR)
    wanted, told = 2 * (edits // IN_BOTH), {one.conflicts for one in own}
    yield Row("Conflicts that are told", both, ", ".join(map(str, told)), f"= {wanted}", told == {wanted})
    with tempfile.TemporaryDirectory() as folder:
        spent = new_laptop(Path(folder), records)
    yield Row(
        "A new laptop has everything", f"{records:,} records", f"{spent:.1f} s", "≤ 60 s", spent <= NEW_LAPTOP_BAR
    )


def _beside(what: str, at: str, ours: float, peers: list[float], bar: float) -> Row:
    if not peers:
        return Row(what, at, f"{ours:.2f} s", f"PouchDB ≥ {bar:.0f} × as long", None)
    theirs = median(peers)
    ratio = theirs / ours
    return Row(what, at, f"{ours:.2f} s, PouchDB {theirs:.2f} s", f"≥ {bar:.0f} × faster ({ratio:.1f} ×)", ratio >= bar)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--edits", type=int, default=2_000)
    asked = parser.parse_args()
    for row in rows(False, asked.rows, asked.edits):
        print(*row)
