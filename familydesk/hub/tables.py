"""What a hub keeps: one schema for SQLite and PostgreSQL. Ids, sizes, times and sealed bytes; not one name."""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    Column,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    event,
    false,
)

METADATA = MetaData()
PARTITIONS = 16
"""Parts of the log on PostgreSQL, by center: each can be moved, vacuumed and indexed by itself."""

SCHEMA = Table("hub_schema", METADATA, Column("version", Integer, primary_key=True))
"""One row: the version that the tables have."""

CENTER = Table(
    "center",
    METADATA,
    Column("id", LargeBinary(16), primary_key=True),
    Column("anchor", LargeBinary(32), nullable=False),
    Column("certificate", LargeBinary, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("chain", LargeBinary(32), nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("quota", BigInteger, nullable=False),
    Column("statements", Integer, nullable=False),
    Column("objects", BigInteger, nullable=False),
    Column("objects_chain", LargeBinary(32), nullable=False),
    Column("added", BigInteger, nullable=False),
)
"""Centers: the key that began each, how long the log is and its chain, how many bytes are kept and may be, how many
statements there are, and the number of the newest object with the chain of all names. Its row is the lock under which
log and objects grow. Times are milliseconds since 1970 everywhere."""

ENVELOPE = Table(
    "envelope",
    METADATA,
    Column("center", LargeBinary(16), primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("device", LargeBinary(16), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("chain", LargeBinary(32), nullable=False),
    Column("size", Integer, nullable=False),
    Column("arrived", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),
    UniqueConstraint("center", "device", "seq"),
    postgresql_partition_by="HASH (center)",
)
"""The logs: dense positions from 1, each with the chain up to it."""

DEVICE = Table(
    "device",
    METADATA,
    Column("center", LargeBinary(16), primary_key=True),
    Column("id", LargeBinary(16), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("spent", BigInteger, nullable=False),
    Column("retired", Boolean, nullable=False, server_default=false()),
)
"""By device: its newest envelope, the challenge that it answered last, and whether who runs the hub has shut it out."""

FORK = Table(
    "fork",
    METADATA,
    Column("center", LargeBinary(16), primary_key=True),
    Column("device", LargeBinary(16), primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("hash", LargeBinary(32), primary_key=True),
    Column("arrived", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),
)
"""Evidence: a second envelope that a device has signed for one place."""

OBJECT = Table(
    "object",
    METADATA,
    Column("center", LargeBinary(16), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("name", String(260), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("chain", LargeBinary(32), nullable=False),
    Column("size", Integer, nullable=False),
    Column("arrived", BigInteger, nullable=False),
    Column("destroyed", BigInteger),
    Column("content", LargeBinary),
    UniqueConstraint("center", "number"),
)
"""What lies beside the logs, numbered as it came. Of one that was destroyed the name stays, so that it is not taken in
again."""


def _partition(number: int) -> str:
    return (
        f"CREATE TABLE envelope_{number} PARTITION OF envelope FOR VALUES WITH (MODULUS {PARTITIONS}, "
        f"REMAINDER {number})"
    )


# Sealed bytes do not shrink: PostgreSQL need not try. Partitions take the setting over from what they are part of.
_AS_IT_IS = "ALTER TABLE {table} ALTER COLUMN content SET STORAGE EXTERNAL"
_AFTER_ENVELOPE = [_AS_IT_IS.format(table="envelope"), *map(_partition, range(PARTITIONS))]
_AFTER_OBJECT = [_AS_IT_IS.format(table="object")]

for _table, _statements in ((ENVELOPE, _AFTER_ENVELOPE), (OBJECT, _AFTER_OBJECT)):
    for _statement in _statements:
        event.listen(_table, "after_create", DDL(_statement).execute_if(dialect="postgresql"))
