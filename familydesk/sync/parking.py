"""What came and cannot be applied yet: kept as it came, and taken up again when what it waits for is there."""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

import cbor2
from sqlalchemy import Connection

from familydesk.sync.wire.change import Change, Version


class Reason(enum.Enum):
    """Why something is parked. NAMES are stored; `waits_for` says what would wake it."""

    SHEET = "this program does not know the sheet: its name"
    FIELD = "this program does not know the field: sheet and field, with a dot between"
    VALUE = "the value does not fit its column, but may in a newer program: the schema of this one"
    RECORD = "the record's beginning is not here: its id"
    PARENT = "the record on which it hangs is not here: its id"
    CASE = "it belongs to a restricted case that does not open here: the case's id"
    SECTION = "the key of its stream is not here: the key's id"
    UNENTITLED = "no role of who signed it may write this sheet: account and sheet, with a dot between"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where changes come from: one envelope."""

    device: bytes
    """The laptop's id, 16 bytes."""
    author: UUID
    """The account of who wrote."""
    envelope: int
    """The envelope's number in its device's sequence."""
    wall: int = 0
    """What the laptop's own clock said, in milliseconds; 0 if it is not known."""
    doubtful: bool = False
    """Whether that clock is not to be trusted: conflicts that its changes win say so."""
    signer: UUID | None = None
    """Who signed, if it was not the author: she vouches for what the author had left."""


@dataclass(frozen=True, slots=True)
class Parked:
    """One thing that waits."""

    origin: Origin
    reason: Reason
    waits_for: str
    content: bytes = field(repr=False)
    record: str | None = None
    """The id of the record, in hex; of a section it cannot be told."""

    @classmethod
    def change(cls, origin: Origin, reason: Reason, waits_for: str, change: Change) -> Parked:
        """A change that waits."""
        replaces = [list(version) for version in change.replaces]
        version = list(change.version)
        row = [change.sheet, change.record, change.field, change.value, version, replaces, change.transaction]
        return cls(origin, reason, waits_for, cbor2.dumps([_packed(origin), row]), change.record.hex())

    @classmethod
    def section(cls, origin: Origin, key: bytes, content: bytes) -> Parked:
        """A section whose stream key (its id, 16 bytes) is not here."""
        return cls(origin, Reason.SECTION, key.hex(), cbor2.dumps([_packed(origin), content]))

    def unpacked(self) -> Change:
        """The change, if it is one."""
        sheet, record, name, value, version, replaces, transaction = cbor2.loads(self.content)[1]
        return Change(
            sheet, record, name, value, Version(*version), tuple(Version(*one) for one in replaces), transaction
        )

    def sealed(self) -> bytes:
        """The section, if it is one."""
        content: bytes = cbor2.loads(self.content)[1]
        return content


def _packed(origin: Origin) -> list[object]:
    return [origin.author.bytes, origin.wall, origin.doubtful, origin.signer.bytes if origin.signer else None]


def park(connection: Connection, waiting: Iterable[Parked]) -> int:
    """Keep them; gives back how many were not parked before."""
    added = 0
    for one in waiting:
        where = (one.reason.name, one.origin.device.hex(), one.origin.envelope, one.waits_for)
        done = connection.exec_driver_sql(
            "INSERT INTO parked(reason, device, envelope, waits_for, content, record) SELECT ?1, ?2, ?3, ?4, ?5, ?6 "
            "WHERE NOT EXISTS (SELECT 1 FROM parked "
            "WHERE reason = ?1 AND waits_for = ?4 AND device = ?2 AND content = ?5)",
            (*where, one.content, one.record),
        )
        added += done.rowcount
    return added


def count(connection: Connection) -> int:
    """How much waits, in all."""
    return int(connection.exec_driver_sql("SELECT count(*) FROM parked").scalar_one())


def awaited(connection: Connection, *reasons: Reason) -> set[str]:
    """What would wake something that is parked for one of these reasons."""
    marks = ", ".join("?" * len(reasons))
    query = f"SELECT DISTINCT waits_for FROM parked WHERE reason IN ({marks})"
    return set(connection.exec_driver_sql(query, tuple(reason.name for reason in reasons)).scalars())


def take_up(connection: Connection, reasons: Iterable[Reason], woken: Iterable[str]) -> list[Parked]:
    """Those that waited for one of these things, in the order in which they came. They are parked no more."""
    given = (json.dumps([reason.name for reason in reasons]), json.dumps(sorted(woken)))
    rows = connection.exec_driver_sql(
        "SELECT id, reason, device, envelope, waits_for, content FROM parked WHERE reason IN "
        "(SELECT value FROM json_each(?)) AND waits_for IN (SELECT value FROM json_each(?)) ORDER BY id",
        given,
    ).all()
    for row in rows:
        connection.exec_driver_sql("DELETE FROM parked WHERE id = ?", (row[0],))
    return [_read(*row[1:]) for row in rows]


def take_up_of(connection: Connection, records: Iterable[str]) -> list[Parked]:
    """Changes of these records (ids in hex), and of what hangs on one of them, that wait for something else than the
    key of a case. They are parked no more.
    """
    found = take_up(connection, (Reason.RECORD, Reason.PARENT), records)
    rows = connection.exec_driver_sql(
        "SELECT id, reason, device, envelope, waits_for, content FROM parked WHERE reason IN "
        f"('{Reason.FIELD.name}', '{Reason.VALUE.name}', '{Reason.PARENT.name}', '{Reason.UNENTITLED.name}') "
        "AND record IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps(sorted(records)),),
    ).all()
    for row in rows:
        connection.exec_driver_sql("DELETE FROM parked WHERE id = ?", (row[0],))
    return found + [_read(*row[1:]) for row in rows]


def lying(connection: Connection, reason: Reason) -> list[Parked]:
    """Those that wait for one reason, in the order in which they came."""
    query = "SELECT reason, device, envelope, waits_for, content FROM parked WHERE reason = ? ORDER BY id"
    return [_read(*row) for row in connection.exec_driver_sql(query, (reason.name,)).all()]


def forget(connection: Connection, one: Parked) -> None:
    """Let it wait no more: what it waits for was erased."""
    where = (one.reason.name, one.waits_for, one.origin.device.hex(), one.origin.envelope, one.content)
    connection.exec_driver_sql(
        "DELETE FROM parked WHERE reason = ? AND waits_for = ? AND device = ? AND envelope = ? AND content = ?", where
    )


def _read(reason: str, device: str, envelope: int, waits_for: str, content: bytes) -> Parked:
    author, wall, doubtful, signer = cbor2.loads(content)[0]
    vouching = UUID(bytes=signer) if signer else None
    origin = Origin(bytes.fromhex(device), UUID(bytes=author), envelope, wall, doubtful, vouching)
    return Parked(origin, Reason[reason], waits_for, content)


def by_origin(parked: Iterable[Parked]) -> Iterator[tuple[Origin, list[Change]]]:
    """Changes that waited, an envelope at a time."""
    found: dict[Origin, list[Change]] = {}
    for one in parked:
        found.setdefault(one.origin, []).append(one.unpacked())
    yield from found.items()
