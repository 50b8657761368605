"""The store's own tables, beside the sheets: the change log, drafts, conflicts, number series and a few facts of
the file.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from familydesk.core.record import Record
from familydesk.store import open_duties

metadata = Record.metadata

META = Table(
    "meta",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", Text),
)
"""Facts of the file: schema version, hash of the triggers, store id, the laptop's block of numbers."""

CHANGE = Table(
    "change",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("sheet", String, nullable=False),
    Column("record", String(32), nullable=False),
    Column("field", String, nullable=False),
    Column("value", Text),
    Column("clock", Integer, nullable=False),
    Column("replaces", Integer),
    Column("txn", Integer, nullable=False),
    Column("actor", String(32)),
    Column("device", Integer, nullable=False),
    Index("ix_change_record", "record", "field", "seq"),
    Index("ix_change_txn", "txn"),
)
"""Every change ever made. `field` is empty for a new record, whose whole row is the value; `replaces` is the `seq` of
the version that it replaced; `clock` is a hybrid clock (milliseconds << 16 | counter); `txn` groups one transaction."""

DRAFT = Table(
    "draft",
    metadata,
    Column("owner", String(32), primary_key=True),
    Column("sheet", String, primary_key=True),
    Column("record", String(32), primary_key=True),
    Column("sealed", Text, nullable=False),
    Column("at", String, nullable=False),
)
"""What someone typed and has not saved, sealed for her alone.

`record` is empty for a record that does not exist yet.
"""

CONFLICT = Table(
    "conflict",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("sheet", String, nullable=False),
    Column("record", String(32), nullable=False),
    Column("field", String, nullable=False),
    Column("before", Text),
    Column("mine", Text),
    Column("theirs", Text),
    Column("actor", String(32)),
    Column("at", String, nullable=False),
    Column("settled", String),
    Index("ix_conflict_record", "record"),
)
"""Two values for one field of which neither writer saw the other; values as they lie in the change log."""

COUNTER = Table(
    "counter",
    metadata,
    Column("series", String, primary_key=True),
    Column("last", Integer, nullable=False),
)
"""The last number given in a series on this laptop. Numbers are never given twice."""

OPEN_DUTIES = tuple(open_duties.indexes())
"""Indexes on the sheets themselves, by which what is due is found."""
