"""Laptops of one center with real stores, for tests of what is packed on one and opened on another."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

from nacl.signing import SigningKey
from sqlalchemy import Connection

from familydesk.core.record import Record
from familydesk.store.database import Database
from familydesk.sync import device, packing
from familydesk.sync.identity import Device, Identity, Standing
from familydesk.sync.keyring import StreamKeys
from familydesk.sync.opening import Opened, opened, verified
from familydesk.sync.wire.digests import center_id, device_id

STORE_KEY = bytes(range(32))


@dataclass
class Center:
    """Who belongs to it, by devices, people and epoch keys, as its statements would say."""

    id: bytes = field(default_factory=lambda: center_id(os.urandom(32)))
    epochs: dict[int, bytes] = field(default_factory=lambda: {1: os.urandom(32)})
    people: dict[UUID, SigningKey] = field(default_factory=dict)
    devices: dict[bytes, Device] = field(default_factory=dict)

    def person(self) -> UUID:
        """Somebody new."""
        account = uuid4()
        self.people[account] = SigningKey.generate()
        return account

    def device(self, device: bytes) -> Device | None:
        return self.devices.get(device)

    def signing_publics(self, account: UUID) -> frozenset[bytes]:
        return frozenset(bytes(key.verify_key) for known, key in self.people.items() if known == account)

    def standing(self, device: bytes, seq: int, hash: bytes) -> Standing:
        return Standing.ACCEPTED if device in self.devices else Standing.UNKNOWN


class Laptop:
    """One store, and somebody at it."""

    def __init__(self, folder: Path, center: Center, account: UUID) -> None:
        folder.mkdir()
        self.center = center
        self.database = Database.create(folder / "desk.db", STORE_KEY)
        with self.database.connection(write=True) as connection:
            self._key = device.own_key(connection, self.database.device)
        self.device = device_id(bytes(self._key.verify_key))
        center.devices[self.device] = Device(self.device, bytes(self._key.verify_key), account, 1)
        self.seat(account)

    def seat(self, account: UUID) -> None:
        """Let somebody else sit down."""
        self.database.actor = account

    @property
    def who(self) -> Identity:
        account = self.database.actor
        return Identity(self.center.id, self.device, self._key, account, self.center.people.get(account))

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self.database.write() as session:
            yield session.connection()

    def keys(self, connection: Connection, epochs: Mapping[int, bytes] | None = None) -> StreamKeys:
        return StreamKeys(connection, self.center.id, epochs or self.center.epochs)

    def save(self, *records: Record) -> None:
        with self.database.write() as session:
            session.add_all(records)

    def pack(self) -> int:
        """As it is done at the end of a sitting."""
        count = 0
        while self.who.person_key and self.waiting():
            with self.writing() as connection:
                count += packing.pack(connection, self.who, self.keys(connection), self.database.device)
        return count

    def waiting(self) -> int:
        """How many changes are in no envelope yet."""
        with self.database.connection() as connection:
            return packing.waiting(connection, self.database.device)

    def shelf(self) -> list[bytes]:
        """Its own envelopes, as they travel."""
        with self.database.read(whole=True) as session:
            query = "SELECT content FROM envelope WHERE device = ? ORDER BY seq"
            return list(session.connection().exec_driver_sql(query, (self.device.hex(),)).scalars())

    def open(self, content: bytes, other: Laptop | None = None) -> Opened:
        """An envelope, opened with the keys of this laptop or of another one."""
        laptop = other or self
        with laptop.database.read(whole=True) as session:
            keys = laptop.keys(session.connection())
            return opened(verified(content, self.center.id, self.center), self.center, keys)

    def opened(self) -> list[Opened]:
        """Its own envelopes, opened."""
        return [self.open(content) for content in self.shelf()]

    def give_keys(self, other: Laptop) -> None:
        """Hand every stream's key to another laptop, as a peer does."""
        with self.writing() as mine, other.writing() as theirs:
            source, target = self.keys(mine).bundles, other.keys(theirs).bundles
            for name in source.names():
                target.take(name, source.content(name) or b"")

    def clocks(self) -> list[int]:
        """The stamps in its log."""
        with self.database.connection() as connection:
            return list(connection.exec_driver_sql("SELECT clock FROM change ORDER BY seq").scalars())

    def count(self, table: str) -> int:
        with self.database.read(whole=True) as session:
            return int(session.connection().exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())
