"""Another id for a laptop whose disk was copied or brought back, so that no two write under one.

What others have of its work keeps the former id; what they cannot have counts from now on as written under the new one,
and is packed anew. Nothing in the change log is rewritten: a stamp says where the one ends and the other begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nacl.signing import SigningKey
from sqlalchemy import Connection

from familydesk.sync import device, disputes, packing, shelf
from familydesk.sync.laptops import Laptops
from familydesk.sync.peer import Batch, Have, Peer
from familydesk.sync.wire.change import Change
from familydesk.sync.wire.digests import device_id

FORMER_SEED = "former_device_seed"
"""The fact of the file that holds the former key's seed, in hex, as long as no head has admitted the laptop under its
new id: hubs know it by that key.
"""
REQUEST = "renaming_request"
"""The fact of the file that holds what a head is asked then, in hex."""


@dataclass(frozen=True, slots=True)
class Parting:
    """Where a laptop's work under its former id ends: before envelope `first`, and with the change of stamp `until`."""

    first: int
    until: int


def retrace(peer: Peer, have: Have, own: bytes) -> Iterator[Batch]:
    """All that a peer has under this laptop's id, from the first envelope on, and whatever else is new there."""
    asked, batch = {**have, own: 0}, Batch((), "", more=True)
    while batch.more:
        batch = peer.pull(asked, batch.after)
        yield batch


def first_apart(connection: Connection, own: bytes) -> int:
    """The first number under which others have, or may have, another envelope of this laptop than it has itself."""
    return min([*shelf.second_branch(connection, own), shelf.have(connection).get(own, 0) + 1])


def last_shared(connection: Connection, number: int, mine: Iterable[Change], theirs: Iterable[Change]) -> int:
    """The stamp of the last change of this laptop's log that others have under its former id; 0 if there is none.

    `mine` are the changes of its own envelopes that do not count any more, `theirs` those of the others in their place:
    both may begin alike, with what was written before the disk was copied. `number` is the laptop's in its own log.
    """
    packed = min((change.version.clock - 1 for change in mine), default=None)
    if packed is None:
        packed = packing.newest_packed(connection, number)
    query = "SELECT clock, record, field, txn FROM change WHERE device = ? AND clock > ?"
    later = {tuple(row) for row in connection.exec_driver_sql(query, (number, packed))}
    alike = (one.version.clock for one in theirs if _place(one) in later)
    former = connection.exec_driver_sql("SELECT coalesce(max(until), 0) FROM device").scalar_one()
    return max([packed, int(former), *alike])


def _place(change: Change) -> tuple[int, str, str, int]:
    return change.version.clock, change.record.hex(), change.field, change.transaction


def rename(connection: Connection, number: int, key: SigningKey, parting: Parting) -> None:
    """Give this laptop the id of `key`. Its former one becomes another laptop's, with the envelopes that others have
    under it; what they do not have waits to be packed.
    """
    laptops = Laptops(connection)
    former, other, new = laptops.id(number), laptops.free(), device_id(bytes(key.verify_key))
    connection.exec_driver_sql(
        "UPDATE device SET number = ?, until = ? WHERE number = ?", (other, parting.until, number)
    )
    connection.exec_driver_sql("INSERT INTO device(number, device) VALUES(?, ?)", (number, new.hex()))
    seed = kept(connection, device.SEED)
    if kept(connection, FORMER_SEED) is None and seed is not None:
        # Of several ids in turn, hubs know the laptop by the one that a head has spoken of.
        keep(connection, FORMER_SEED, seed.hex())
    keep(connection, device.SEED, bytes(key).hex())
    shelf.branch_off(connection, former, parting.first)
    shelf.speak_again(connection)
    packing.begin_behind(connection, number, parting.until)
    disputes.call_anew(connection, number, parting.until, new)


def keep(connection: Connection, name: str, value: str) -> None:
    """A fact of the file."""
    connection.exec_driver_sql("INSERT OR REPLACE INTO meta(key, value) VALUES(?, ?)", (name, value))


def kept(connection: Connection, name: str) -> bytes | None:
    """The same, read; None if there is none."""
    found = connection.exec_driver_sql("SELECT value FROM meta WHERE key = ?", (name,)).scalar()
    return bytes.fromhex(found) if found else None


def settle(connection: Connection) -> None:
    """A head has admitted the laptop under its new id: nothing is left of the former one but its work."""
    connection.exec_driver_sql("DELETE FROM meta WHERE key IN (?, ?)", (FORMER_SEED, REQUEST))
