"""Another key for a store that somebody has left who knew the one until now.

The store is copied under a fresh key into a folder of its own, with a key file in which that key is sealed to everybody
who stays, and moves in whole (see `arrival`): killed at any step, the store opens by the old key or by the new one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from uuid import UUID

from nacl.utils import random
from sqlalchemy import Connection

from familydesk.core.errors import Weather
from familydesk.store import arrival, backup, guards, heads
from familydesk.store.database import Database
from familydesk.store.folder import StoreFolder
from familydesk.store.heads import DamagedHeads
from familydesk.store.keys import KeyFile, Opened
from familydesk.store.slots import KEY_BYTES
from familydesk.store.weather import told_plainly

ASIDE = "before-renewal"
"""The folder that takes the store under its former key for a moment, and goes with it."""


Staying = Callable[[Connection, bytes], Mapping[UUID, bytes]]
"""The public keys of everybody whom a head calls active, by the list that the holder of the anchor began."""


def if_due(place: StoreFolder, opened: Opened, staying: Staying) -> Opened:
    """Give the closed store in `place` another key if somebody left it; what is opened then.

    An old key file that was put back does not say so any more: who has a slot there and no place on the list has left.
    A full disk keeps nobody from her work: the store stays as it is, and the renewal due.
    """
    if not opened.anchor:
        return opened
    keys, publics = KeyFile.read(place.keys).trusted(opened.store_key), _publics(place, opened, staying)
    # Whom the list does not let in is refused at the door; what she opened decides nothing.
    if opened.account not in publics or not (keys.due or keys.accounts - publics.keys()):
        return opened
    try:
        with told_plainly():
            return _carried_out(place, keys, opened, publics)
    except Weather:
        arrival.abandon(place)
        if (place.arriving / arrival.READY).exists():
            # Half moved in: only the next opening can end it.
            raise
        return opened


def _carried_out(place: StoreFolder, keys: KeyFile, opened: Opened, publics: Mapping[UUID, bytes]) -> Opened:
    if _still_open(place, opened.store_key):
        return opened
    fresh = random(KEY_BYTES)
    staged = arrival.begin(place)
    backup.check(staged, fresh, backup.copy_database(place.database, staged.database, opened.store_key, fresh))
    for account in keys.accounts - publics.keys():
        keys = keys.without_person(opened, account)
    keys.under(opened.paper, fresh, publics).write(staged.keys)
    _carry_heads(place, staged, keys.store.hex, (opened.store_key, fresh))
    arrival.admit(place, aside=ASIDE, keep=False)
    secrets = replace(opened.secrets, store_key=fresh) if opened.secrets else None
    return replace(opened, store_key=fresh, secrets=secrets)


def _publics(place: StoreFolder, opened: Opened, staying: Staying) -> Mapping[UUID, bytes]:
    database = Database(place.database, opened.store_key)
    try:
        with database.connection() as connection:
            return staying(connection, opened.anchor)
    finally:
        database.close()


def _still_open(place: StoreFolder, key: bytes) -> bool:
    """Take the log into the file. Whether somebody still has the store open: what she writes would stay behind."""
    with guards.plain_connection(place.database, key) as connection:
        return bool(connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])


def _carry_heads(place: StoreFolder, staged: StoreFolder, store: str, keys: tuple[bytes, bytes]) -> None:
    """What is remembered of the journal's end, under the new key. What does not open stays and is told at the door."""
    former, fresh = keys
    try:
        known = heads.read(place.heads, store, former)
    except DamagedHeads:
        return
    if known is not None:
        heads.write(staged.heads, store, fresh, known)
