"""How long a family page, the first screen and a look for duplicates take at 100,000 people and 300,000 records more.

    python bench/bench_family.py [--people 100000] [--rounds 40]

Prints one table row a measure: median and the slowest of twenty, in milliseconds.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from big_center import built, counted, moment, opened
from row import Row

from familydesk.core import clock
from familydesk.core.record import Record
from familydesk.services.office import Office


def measures(office: Office, rounds: int) -> Iterator[tuple[str, list[float]]]:
    """Each measure with its times in seconds. Every page is another family's."""
    random = Random(7)
    families = random.sample(office.desk.ids("family"), rounds)
    cases = random.sample(office.desk.ids("case"), rounds)
    yield "first screen, nothing read before", [_timed(office.today.day)]
    yield "first screen again, nothing changed", [_timed(office.today.day) for _ in range(rounds)]
    yield "family page, by family", [_timed(office.families.family_page, id) for id in families]
    yield "family page, by case", [_timed(office.families.family_page, id) for id in cases]
    for sheet in ("application", "assessment", "protective_order", "referral"):
        yield f"first screen after a change of {sheet}", [_timed(_after, office, sheet) for _ in range(rounds)]
    typed = [_typed(office.desk.get("person", id)) for id in random.sample(office.desk.ids("person"), rounds)]
    office.people.duplicates(typed[0])
    yield "duplicates of a typed person", [_timed(office.people.duplicates, values) for values in typed]
    yield "40 rows of the list of families", [_timed(office.families.rows, families[:40]) for _ in range(rounds)]
    yield "states of orders counted", [_timed(office.orders.counts) for _ in range(rounds)]


def rows(quick: bool) -> Iterator[Row]:
    """A family's page, by family and by case, every one another's."""
    at, rounds = (5_000, 20) if quick else (100_000, 60)
    office = opened(built(at))
    sizes = dict(counted(office.database))
    told = f"{at:,} people, {sum(sizes.values()) - at:,} records"
    random = Random(7)
    with clock.stopped(moment()):
        for sheet in ("family", "case"):
            ids = random.sample(office.desk.ids(sheet), rounds)
            middle = statistics.median([_timed(office.families.family_page, id) for id in ids]) * 1000
            yield Row(f"open a family's page, by {sheet}", told, f"{middle:.0f} ms", "≤ 60 ms", middle <= 60)
    office.close()


def _typed(person: Record) -> dict[str, Any]:
    """What has been typed once name, date of birth and a telephone stand there."""
    values = {name: getattr(person, name) for name in ("surname", "given", "patronymic", "born_on")}
    return {**values, "phones": ["+77010000000"]}


def _after(office: Office, sheet: str) -> None:
    office.deadlines._forget(frozenset({sheet}))  # noqa: SLF001  what a commit would announce
    office.today.day()


def _timed(work: Callable[..., Any], *given: Any) -> float:
    began = time.perf_counter()
    work(*given)
    return time.perf_counter() - began


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--people", type=int, default=100_000)
    words.add_argument("--rounds", type=int, default=40)
    asked = words.parse_args()
    office = opened(built(asked.people))
    sizes = dict(counted(office.database))
    print(f"people {sizes['person']:,}, other records {sum(sizes.values()) - sizes['person']:,}")
    with clock.stopped(moment()):
        day = office.today.day()
        print(f"overdue {len(day.overdue)}, due {len(day.due)}, orders {len(day.orders)}")
        office.deadlines._found.clear()  # noqa: SLF001  the first measure begins cold
        for name, times in measures(office, asked.rounds):
            slowest = sorted(times)[int(len(times) * 0.95) - 1] if len(times) > 1 else times[0]
            print(f"{name:45} {statistics.median(times) * 1000:8.1f} {slowest * 1000:8.1f} ms")
    office.close()


if __name__ == "__main__":
    main()
