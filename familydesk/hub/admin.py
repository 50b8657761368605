"""What whoever runs a hub does with it, beside a hub that runs or without one: centers, quotas, devices, the log."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from familydesk.core.errors import Refused
from familydesk.core.i18n import N_
from familydesk.hub.limits import QUOTA
from familydesk.hub.roll import Rolls
from familydesk.hub.storage import Damaged, Storage, insist_on_whole, is_damage
from familydesk.hub.tables import CENTER, DEVICE, ENVELOPE, FORK
from familydesk.sync.wire import certificate, envelope
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.envelope import FIRST
from familydesk.sync.wire.head import START, lengthened

_AT_ONCE = 200
"""Envelopes that are read at once while a log is gone through."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One center as the hub keeps it."""

    center: bytes
    envelopes: int
    bytes: int
    quota: int
    devices: int
    forks: int


@dataclass(frozen=True, slots=True)
class Checked:
    """One center's log, gone through. `broken` is the first position at which it does not hold."""

    center: bytes
    envelopes: int
    broken: int | None


def add_center(storage: Storage, file: Path, quota: int = QUOTA) -> bytes:
    """Keep the center with this certificate from now on: its id. One that is kept already stays as it is.

    Refused if the file is no certificate; OSError if it cannot be read.
    """
    with file.open("rb") as opened:
        content = opened.read(certificate.LARGEST + 1)
    try:
        found = certificate.read(content)
    except Defect:
        raise Refused(N_("This file is not the certificate of a center.")) from None
    with storage.writing() as connection:
        if not _row(connection, found.center):
            row = {"id": found.center, "anchor": found.anchor, "certificate": found.content, "quota": quota}
            empty = {"position": 0, "chain": START, "bytes": 0, "statements": 0, "objects": 0, "objects_chain": START}
            connection.execute(insert(CENTER).values(**row, **empty, added=int(time.time() * 1000)))
    return found.center


def centers(storage: Storage) -> list[Kept]:
    """All of them."""
    with storage.snapshot() as connection:
        rows = connection.execute(select(CENTER).order_by(CENTER.c.added, CENTER.c.id)).all()
        return [_kept(connection, row) for row in rows]


def set_quota(storage: Storage, center: bytes, quota: int) -> None:
    """How many bytes a center may keep from now on. Refused if there is no such center."""
    with storage.writing() as connection:
        _known(connection, center)
        connection.execute(update(CENTER).where(CENTER.c.id == center).values(quota=quota))


def retire(storage: Storage, center: bytes, device: bytes, *, again: bool = False) -> None:
    """Shut a device out, or let it in again, whatever its center says. What it brought before stays.

    Refused if there is no such center, or nothing here speaks of such a device.
    """
    own = (DEVICE.c.center == center, DEVICE.c.id == device)
    with storage.writing() as connection:
        found = _known(connection, center, lock=True)
        if Rolls().of(connection, found).device(device) is None and not _has_left(connection, center, device):
            raise Refused(N_("This hub knows no laptop of this id; “familydesk member list” shows a center's laptops."))
        if not connection.execute(update(DEVICE).where(*own).values(retired=not again)).rowcount:
            row = {"center": center, "id": device, "seq": 0, "hash": FIRST, "spent": 0, "retired": not again}
            connection.execute(insert(DEVICE).values(row))


def checked(storage: Storage) -> list[Checked]:
    """Every log, gone through. Damaged if the database's file is none any more."""
    try:
        with storage.snapshot() as connection:
            insist_on_whole(connection)
            return list(check(connection))
    except DBAPIError as error:
        raise (Damaged() if is_damage(error) else error) from None


def check(connection: Connection) -> Iterator[Checked]:
    """Go through every log: positions, hashes, the chain, each device's numbers, and the end that the center's row
    names.
    """
    for row in connection.execute(select(CENTER).order_by(CENTER.c.added, CENTER.c.id)).all():
        yield Checked(row.id, row.position, _first_broken(connection, row))


def _first_broken(connection: Connection, center: Row[Any]) -> int | None:
    chain, position = START, 0
    tails: dict[bytes, tuple[int, bytes]] = {}
    for row in _log(connection, center.id):
        position += 1
        follows = _follows(row, center.id, tails.get(row.device, (0, FIRST)))
        chain = lengthened(chain, row.hash)
        if not follows or (row.position, row.chain) != (position, chain):
            return position
        tails[row.device] = row.seq, row.hash
    return None if (position, chain) == (center.position, center.chain) else position + 1


def _log(connection: Connection, center: bytes) -> Iterator[Row[Any]]:
    position = 0
    behind = select(ENVELOPE).where(ENVELOPE.c.center == center).order_by(ENVELOPE.c.position).limit(_AT_ONCE)
    while rows := connection.execute(behind.where(ENVELOPE.c.position > position)).all():
        yield from rows
        position = rows[-1].position


def _follows(row: Row[Any], center: bytes, tail: tuple[int, bytes]) -> bool:
    """Whether the bytes are those that were taken in, and the device's next ones.

    Of what was cut off only its place is left. What a snapshot stands for may never have come here, so a device may go
    on behind a gap; a row that is missing breaks the log's own chain.
    """
    if row.size == 0:
        return bool(row.seq > tail[0])
    try:
        found = envelope.read(row.content)
    except Defect:
        return False
    header = found.header
    same = (header.center, header.device, header.seq, found.hash) == (center, row.device, row.seq, row.hash)
    return same and ((header.seq - 1, header.prev) == tail or header.seq - 1 > tail[0])


def _kept(connection: Connection, row: Row[Any]) -> Kept:
    counted = (
        connection.execute(select(func.count()).where(table.c.center == row.id)).scalar_one()
        for table in (DEVICE, FORK)
    )
    devices, forks = counted
    return Kept(row.id, row.position, row.bytes, row.quota, devices, forks)


def _has_left(connection: Connection, center: bytes, device: bytes) -> bool:
    query = select(DEVICE.c.id).where(DEVICE.c.center == center, DEVICE.c.id == device)
    return connection.execute(query).first() is not None


def _known(connection: Connection, center: bytes, *, lock: bool = False) -> Row[Any]:
    row = _row(connection, center, lock=lock)
    if row is None:
        raise Refused(
            N_("This hub does not keep a center of this id; “familydesk hub center list” shows those it has.")
        )
    return row


def _row(connection: Connection, center: bytes, *, lock: bool = False) -> Row[Any] | None:
    query = select(CENTER).where(CENTER.c.id == center)
    return connection.execute(query.with_for_update() if lock else query).first()
