"""What deciding about rights costs: lists and search with and without the veil, at 100,000 people.

    python bench/bench_rights.py [--people 100000] [--rounds 60]

The reader is a social worker: she is responsible for sixty cases and serves an offender, so that queries are narrowed
and every record is asked about. With and without take turns, and of three turns the quickest counts, so that a busy
minute of the machine is shared fairly. Prints the mean of each in milliseconds, and their ratio.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random
from time import perf_counter

from big_center import copied, opened
from row import Row
from sqlalchemy import update

from familydesk.records.case import Case
from familydesk.records.incident import Incident
from familydesk.records.staff_member import Role
from familydesk.services.office import Office

BAR = 1.10
CASES = 60
IN_SIGHT = 50
"""Rows that a list fetches at once."""

Pair = tuple[float, float]
"""Milliseconds in the mean, with the veil and without."""
TURNS = 3


def measured(people: int, rounds: int) -> dict[str, Pair]:
    """Lists and search, by what was done."""
    with tempfile.TemporaryDirectory() as folder:
        office = opened(copied(people, Path(folder)))
        _sit_down(office)
        found = {name: _in_turn(office, works) for name, works in _works(office, rounds)}
        office.close()
    return found


def rows(quick: bool) -> Iterator[Row]:
    """The ratio over all lists, and over all searches."""
    people, rounds = (5_000, 20) if quick else (100_000, 60)
    found = measured(people, rounds)
    for name, (veiled, bare) in found.items():
        ratio = veiled / bare
        told = f"{veiled:.1f} ms, {ratio:.2f} times"
        yield Row(f"rights: {name}", f"{people:,} people", told, f"≤ {BAR:.2f} times {bare:.1f} ms", ratio <= BAR)


def _sit_down(office: Office) -> None:
    """A social worker with cases of her own, an offender among her clients."""
    her = office.members.add("aya", "Серік Ая", Role.SOCIAL_WORKER).account
    cases = office.desk.ids("case")
    mine, incident = cases[-CASES:], office.desk.ids("incident")[0]
    client = office.desk.get("case", mine[0]).values()["client_id"]
    with office.database.write() as session:
        session.execute(update(Case).where(Case.id.in_(mine)).values(responsible_id=her))
        session.execute(update(Incident).where(Incident.id == incident).values(offender_id=client))
    office.database.actor = her


def _works(office: Office, rounds: int) -> Iterator[tuple[str, list[Callable[[], object]]]]:
    random, desk = Random(11), office.desk

    def shown(sheet: str, order: str, first: float) -> None:
        ids = desk.ids(sheet, order=order)
        at = int(first * max(0, len(ids) - IN_SIGHT))
        desk.rows(sheet, ids[at : at + IN_SIGHT])

    lists = (("person", "surname"), ("case", "opened_on"), ("application", "received_at"))
    works = [partial(shown, *lists[turn % 3], random.random()) for turn in range(rounds // 2)]
    yield "a list sorted, and what is in sight of it", works
    people = desk.rows("person", random.sample(desk.ids("person"), rounds)).values()
    names = [person.title_text() for person in people]
    yield "the search, by a whole name", [partial(office.search.find, name) for name in names]


def _in_turn(office: Office, works: list[Callable[[], object]]) -> Pair:
    """Each work with the veil and without, by turns."""
    veil = office.database.veil
    best: dict[tuple[int, bool], float] = {}
    for turn in range(TURNS * 2):
        veiled = bool(turn % 2)
        office.database.veil = veil if veiled else None
        for number, work in enumerate(works):
            began = perf_counter()
            work()
            took = (perf_counter() - began) * 1000
            best[number, veiled] = min(took, best.get((number, veiled), took))
    office.database.veil = veil
    with_it, without = ([took for (_n, veiled), took in best.items() if veiled is wanted] for wanted in (True, False))
    return statistics.mean(with_it), statistics.mean(without)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--people", type=int, default=100_000)
    words.add_argument("--rounds", type=int, default=60)
    asked = words.parse_args()
    for name, (veiled, bare) in measured(asked.people, asked.rounds).items():
        print(f"{name:45} {veiled:8.1f} {bare:8.1f} ms  {veiled / bare:5.2f}")


if __name__ == "__main__":
    main()
