"""What proof costs: one event, a year's journal verified, and the door of a store that has one.

    python bench/bench_journal.py [--events 200000] [--rounds 300]

Six people take turns of forty events; every tenth event vouches for changes of records, of which there are half as many
as events. Every link, every person's signature over her turn and every change is checked.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from nacl.signing import SigningKey
from row import Row
from sqlalchemy import Connection

from familydesk.core.settings import Settings
from familydesk.services.front_door import create_store, unlock
from familydesk.services.journal import Deed
from familydesk.services.office import Office
from familydesk.store import proof
from familydesk.store.derivation import Cost
from familydesk.store.journal import Chain, Entry

PASSPHRASE = "таудағы жұлдыз"
CHEAP = Cost(1, 8 * 1024 * 1024)
PEOPLE, TURN, BINDING = 6, 40, 10
KEYS = {UUID(int=number + 1).hex: SigningKey.generate() for number in range(PEOPLE)}
AT = "2026-11-26T10:00:00+05:00"
EVENT_BAR, VERIFY_BAR, UNLOCK_BAR = 3.0, 5.0, 0.3


def made(folder: Path) -> None:
    """A new store, closed again."""
    settings = Settings(folder.parent / "settings.json")
    created = create_store(folder, "Орталық", "Оспанова Гүлнар", "head", PASSPHRASE, settings=settings, cost=CHEAP)
    created.office.close()


def opened(folder: Path) -> Office:
    """Through the front door, with a derivation of a few milliseconds."""
    return unlock(folder, PASSPHRASE, settings=Settings(folder.parent / "settings.json"), least=CHEAP)


def year(office: Office, events: int) -> str:
    """A year of `events`, on a chain of its own; gives back the store's id."""
    accounts = list(KEYS)
    with office.database.write() as session:
        connection = session.connection()
        store = str(connection.exec_driver_sql("SELECT value FROM meta WHERE key = 'store'").scalar())
        chain = Chain(connection, store, 2)
        for number in range(events):
            account = accounts[number // TURN % PEOPLE]
            if number % 2:
                _change(connection, number, account)
            entry = Entry(Deed.VIEWED, AT, account, "case", f"{number:032x}", "c" * 32)
            chain.append(entry, KEYS[account], binding=number % BINDING == BINDING - 1)
    return store


def _change(connection: Connection, number: int, actor: str) -> None:
    connection.exec_driver_sql(
        "INSERT INTO change(sheet, record, field, value, clock, replaces, txn, actor, device, salt) "
        "VALUES('case_note', ?, 'text', '\"қысқа жазба\"', ?, NULL, ?, ?, 2, randomblob(16))",
        (f"{number:032x}", number << 16, number << 16, actor),
    )


def verified(office: Office, store: str) -> float:
    """Seconds to check that year."""
    began = time.perf_counter()
    with office.database.read(whole=True) as session:
        keys = {account: frozenset({bytes(key.verify_key)}) for account, key in KEYS.items()}
        people = proof.People(keys=keys.__getitem__, led=lambda _account, _length: True, digest=lambda _length: "")
        verdict = proof.verify(session.connection(), store, 2, people)
    assert verdict.whole, verdict
    return time.perf_counter() - began


def noted(office: Office, rounds: int) -> float:
    """Milliseconds of one event that is on disk when the call returns, in the median."""
    times = []
    for _round in range(rounds):
        began = time.perf_counter()
        office.journal.note(Deed.PRINTED, "case", office.me, office.me, reason="сот сұрауы")
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


def door(folder: Path, rounds: int) -> float:
    """Seconds of one unlocking, derivation of a few milliseconds included, in the median."""
    times = []
    for _round in range(rounds):
        began = time.perf_counter()
        office = opened(folder)
        times.append(time.perf_counter() - began)
        office.close()
    return statistics.median(times)


def rows(quick: bool, events: int = 200_000, rounds: int = 300) -> Iterator[Row]:
    """One event, the year, the door."""
    if quick:
        events, rounds = events // 100, rounds // 10
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "store"
        made(folder)
        office = opened(folder)
        event = noted(office, rounds)
        spent = verified(office, year(office, events))
        office.close()
        seconds = door(folder, 5)
    size = f"{events:,} events"
    yield Row("Journal: one event, on disk", f"{rounds} times", f"{event:.1f} ms", "≤ 3 ms", event <= EVENT_BAR)
    yield Row("Journal: a year verified", size, f"{spent:.1f} s", "≤ 5 s", spent <= VERIFY_BAR)
    yield Row("Unlock, apart from Argon2id", size, f"{seconds:.2f} s", "≤ 0.3 s", seconds <= UNLOCK_BAR)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=300)
    asked = parser.parse_args()
    for row in rows(False, asked.events, asked.rounds):
        print(*row)
