"""Of a laptop that was cut off, what counts is the chain that ends at the envelope which the cut names.

Whoever holds its key can write envelopes with numbers below the cut for ever. The cut names the last good one by its
hash, and each names the one before it: what does not lie on that chain is kept as evidence and never applied.
"""

from __future__ import annotations

import enum

from sqlalchemy import Connection

from familydesk.sync import shelf
from familydesk.sync.identity import Device
from familydesk.sync.shelf import Standing
from familydesk.sync.wire.envelope import FIRST, read


class Chain(enum.Enum):
    """How much of a laptop's chain is on the shelf."""

    WHOLE = "from the cut down to what was taken in already"
    LACKING = "something of it has not come yet"
    ANOTHER = "something else was taken in here before the cut was heard of"


def settle(connection: Connection, device: Device) -> Chain:
    """Bring the shelf in line with the chain of a laptop that was cut off, from the cut down."""
    seq, hash = device.last_seq or 0, device.last_hash
    while seq:
        there = shelf.find(connection, device.id, seq)
        if there is not None and there.hash != hash and there.standing is Standing.APPLIED:
            return Chain.ANOTHER
        if there is None or there.hash != hash:
            if not shelf.put_right(connection, device.id, seq, hash):
                return Chain.LACKING
        elif there.standing is Standing.APPLIED:
            return Chain.WHOLE
        seq, hash = seq - 1, read(shelf.content(connection, device.id, seq)).header.prev
    return Chain.WHOLE if hash == FIRST else Chain.LACKING
