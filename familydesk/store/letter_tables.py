"""The store's tables for letters between centers; the rest of its own are in `tables`."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table

from familydesk.core.record import Record

LETTER = Table(
    "letter",
    Record.metadata,
    Column("name", String, primary_key=True),
    Column("outgoing", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("center", String(32), nullable=False),
    Column("sending", String(32), nullable=False),
    Column("record", String(32), nullable=False),
    Column("state", String, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("at", String, nullable=False),
    Column("fields", String, nullable=False),
    Column("content", LargeBinary),
    Index("ix_letter_state", "outgoing", "state"),
    Index("ix_letter_digest", "digest"),
)
"""Letters between centers, sealed as they travel (`sync/letter`), by the names of their objects. `center` is the other
side and `sending` the referral's name between the two, both empty as long as the letter could not be read; `record` is
the referral that was sent or answered, `fields` the names of what was sent. `state`: WAITING, LEFT (at a hub or in a
folder), SETTLED or BAD; of these two only the name and the digest stay, so that nothing counts twice."""

NEIGHBOUR = Table(
    "neighbour",
    Record.metadata,
    Column("center", String(32), primary_key=True),
    Column("anchor", String(64), nullable=False),
    Column("sealing", String(64), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("name", String, nullable=False),
    Column("compared", String(32), nullable=False),
    Column("at", String, nullable=False),
    Column("said", LargeBinary, nullable=False),
)
"""Other centers whose fingerprint somebody has compared here, and who (`compared`, `at`): the keys of their
certificates and the epoch of the second one, what they call themselves, and what they have shown of their membership
logs (`said`)."""
