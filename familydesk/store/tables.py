"""The store's own tables, beside the sheets: the change log, drafts, conflicts, number series and a few facts of
the file.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text, text

from familydesk.core.record import Record
from familydesk.store import open_duties
from familydesk.store.letter_tables import LETTER as LETTER
from familydesk.store.letter_tables import NEIGHBOUR as NEIGHBOUR

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
    Column("salt", LargeBinary),
    Column("proved", String(64)),
    Index("ix_change_record", "record", "field", "seq"),
    Index("ix_change_txn", "txn"),
)
"""Every change ever made. `field` is empty for a new record, whose whole row is the value; `replaces` is the `seq` of
the version that it replaced; `clock` is a hybrid clock (milliseconds << 16 | counter); `txn` groups one transaction;
`salt` goes into the digest by which the journal proves the change; where the content was erased or sealed since,
`proved` is that digest."""

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
    Column("settled_by", String(32)),
    Column("settled_at", String),
    Column("loser", Integer),
    Column("by_clock", Integer, nullable=False, server_default="0"),
    Index("ix_conflict_record", "record"),
)
"""Two values for one field of which neither writer saw the other. `loser` is the `seq` of the change that does not
stand, and its log holds the values; it is empty where a form was not saved over what came between, and then the values
stand here, as they lie in the change log. `by_clock`: what stands was written on a laptop whose clock is doubtful.
`settled` is the verdict, with the account and the moment (ISO 8601) of who gave it, here or elsewhere."""

FRONT = Table(
    "front",
    metadata,
    Column("record", String(32), primary_key=True),
    Column("field", String, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("stands", Integer, nullable=False),
)
"""The changes of a field that no other has replaced, where they are more than one or not the newest in the log. Of one,
`stands` is 1: it is on the sheet; of those that hold the same value 2; of open conflicts 0. Most fields have no row
here."""

REPLACED = Table(
    "replaced",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("former", Integer, primary_key=True, autoincrement=False),
    Index("ix_replaced_former", "former"),
)
"""What a change replaces besides its own `replaces`: the versions that a settlement puts an end to, and those that
whoever archived a record had seen of it."""

EXPECTED = Table(
    "expected",
    metadata,
    Column("device", String(32), primary_key=True),
    Column("clock", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
)
"""Versions that change `seq` replaces and that have not arrived yet."""

PARKED = Table(
    "parked",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reason", String, nullable=False),
    Column("device", String(32), nullable=False),
    Column("envelope", Integer, nullable=False),
    Column("waits_for", String, nullable=False),
    Column("record", String(32)),
    Column("content", LargeBinary, nullable=False),
    Index("ix_parked_waits", "reason", "waits_for"),
)
"""What came and cannot be applied yet: a field that this version does not know, a key that is not here, a parent that
has not arrived. `content` is as it came; nothing is dropped. `record` is what it is about, as far as that can be
read."""

DEVICE = Table(
    "device",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("device", String(32), nullable=False, unique=True),
    Column("heard", String),
    Column("wall", Integer),
    Column("until", Integer),
)
"""The laptops by the small numbers under which this store's log knows them; this one has number 1. `heard` is when
something of it was applied last (ISO 8601), `wall` what its own clock said then (milliseconds). `until`, where this
laptop itself bore that id before its disk was copied or brought back, is the last stamp under which it did: changes of
number 1 up to there have it."""

ENVELOPE = Table(
    "envelope",
    metadata,
    Column("device", String(32), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("hash", String(64), nullable=False),
    Column("standing", String, nullable=False),
    Column("changes", Integer, nullable=False, server_default="0"),
    Column("content", LargeBinary, nullable=False),
    Index("ix_envelope_waiting", "device", "seq", sqlite_where=text("standing = 'WAITING'")),
)
"""Envelopes as they travel, this laptop's own and the others', to be handed on. `standing`: APPLIED, WAITING for what
comes before it or for somebody to vouch, QUARANTINED, BAD, or FAILED over. `changes`: how many it holds, as far as they
open here.
"""

BASE = Table(
    "base",
    metadata,
    Column("device", String(32), primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("clock", Integer, nullable=False),
)
"""Up to which envelope (number and hash) the work of a laptop is here without its envelopes: it came with a snapshot,
or they were cut off after one. `clock` is the newest stamp of that laptop in it."""

VOUCHED = Table(
    "vouched",
    metadata,
    Column("first", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
    Column("signer", String(32), nullable=False),
)
"""Changes of other laptops, from `first` to `last` in this log, that their author had left unsigned: who signed for
them instead. What bears another's name on nothing but a colleague's word is told so where it is shown."""

PEER = Table(
    "peer",
    metadata,
    Column("name", String, primary_key=True),
    Column("after", String, nullable=False),
    Column("public", String(64), nullable=False),
    Column("head", LargeBinary),
    Column("met", String),
    Column("token", String, nullable=False),
    Column("seen", Text, nullable=False, server_default="{}"),
)
"""Hubs and folders that were met: where to go on, the hub's key or the folder's mark, its last signed head, when
(ISO 8601), the pass for the next minutes, and up to which number it had each device's envelopes (JSON), so that one
that was put back is noticed."""

STREAM_KEY = Table(
    "stream_key",
    metadata,
    Column("stream", String(32), primary_key=True),
    Column("key", String(32), primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("destroyed", Integer, nullable=False, server_default="0"),
)
"""Keys of streams, wrapped under an epoch key; of one that was destroyed only the name stays."""

KEY_BUNDLE = Table(
    "key_bundle",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("destroyed", Integer, nullable=False, server_default="0"),
)
"""The same keys as they travel, many at once; of a bundle in which one was destroyed only the name stays, and another
one holds the rest."""

COUNTER = Table(
    "counter",
    metadata,
    Column("series", String, primary_key=True),
    Column("last", Integer, nullable=False),
)
"""The last number given in a series on this laptop. Numbers are never given twice."""

ABOUT_STAFF = "sheet = 'staff_member'"
"""Events about colleagues, as the partial index has them: few among many."""

JOURNAL = Table(
    "journal",
    metadata,
    Column("device", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String, nullable=False),
    Column("account", String(32), nullable=False),
    Column("deed", String, nullable=False),
    Column("sheet", String, nullable=False),
    Column("record", String(32), nullable=False),
    Column("case_id", String(32), nullable=False),
    Column("reason", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("salt", LargeBinary),
    Column("words", String(64), nullable=False),
    Column("first", Integer),
    Column("last", Integer),
    Column("changes", String(64), nullable=False),
    Column("signed", Integer, nullable=False),
    Column("link", String(64), nullable=False),
    Column("signature", String(128), nullable=False),
    Index("ix_journal_case", "case_id"),
    Index("ix_journal_record", "record"),
    Index("ix_journal_bound", "device", "last", sqlite_where=text("last IS NOT NULL")),
    Index("ix_journal_staff", "deed", sqlite_where=text(ABOUT_STAFF)),
)
"""What was done with the records, one chain a device (docs/journal.md). `words` commits to `reason`, `recipient` and
`detail` under `salt`; `changes` is the digest of the changes `first` to `last`; `link` holds the event and the link
before it, and `signature` is the person's over it."""

ATTACHMENT_CONTENT = Table(
    "attachment_content",
    metadata,
    Column("attachment", String(32), primary_key=True),
    Column("key", Text, nullable=False),
    Column("pieces", Integer, nullable=False),
    Column("size", Integer, nullable=False),
)
"""One attachment's key, as `attachment_content` wraps it, and how many pieces and bytes there must be."""

ATTACHMENT_CHUNK = Table(
    "attachment_chunk",
    metadata,
    Column("attachment", String(32), primary_key=True),
    Column("piece", Integer, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)
"""An attachment's bytes, piece by piece. Beside the sheets, so that no change log ever holds them."""

STATEMENT = Table(
    "statement",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("id", String(64), nullable=False, unique=True),
    Column("account", String(32), nullable=False),
    Column("content", Text, nullable=False),
)
"""The membership log: who may open this store, and as what; laptops and keys of the center. Rows are only added to, in
the order in which statements were made here or came (`sync/member_list`). `account` is of whom it speaks, empty for
others than people; `content` are the bytes as they travel, in hex."""

RESTRICTED_CASE = Table(
    "restricted_case",
    metadata,
    Column("case_id", String(32), primary_key=True),
    Column("generation", Integer, nullable=False),
    Column("since", String, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("public", String(64), nullable=False, server_default=""),
    Column("word", String(32), nullable=False, server_default=""),
)
"""Cases that are sealed for named people. `generation` numbers the key that seals now and `public` is its public half;
`sealed` holds why. `word` names the word (table `case_word`) that said so; empty as long as none did."""

FREED_CASE_KEY = Table(
    "freed_case_key",
    metadata,
    Column("case_id", String(32), primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("key", String(64), primary_key=True),
)
"""Keys of cases that were opened up again: they keep nothing from anybody here, and what was sealed under them may
still come."""

CASE_WORD = Table(
    "case_word",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("followed", Integer, nullable=False),
)
"""What people said of restricted cases, sealed as it travels (`sync/case_words`). `followed`: whether it was looked at
here and nothing is left to be done about it."""

CASE_KEY = Table(
    "case_key",
    metadata,
    Column("case_id", String(32), primary_key=True),
    Column("kind", String, primary_key=True),
    Column("account", String(32), primary_key=True),
    Column("of_key", String(64), primary_key=True, server_default=""),
    Column("generation", Integer, nullable=False),
    Column("public", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
"""Copies of the keys of restricted cases, each sealed to one person's `public` key (hex): a READER's, or an EMERGENCY
copy for a head. `of_key` is the public half of the case's key: where two laptops restricted the case apart, there are
copies of both keys for a time."""

SEALED_RECORD = Table(
    "sealed_record",
    metadata,
    Column("record", String(32), primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("sheet", String, nullable=False),
    Column("case_id", String(32), nullable=False),
    Column("generation", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_sealed_record_seq", "seq"),
    Index("ix_sealed_record_case", "case_id"),
)
"""The records of restricted cases, instead of rows on their sheets. `seq` grows with every write; `version` counts the
writes of one record and is bound into the seal."""

KEPT_APART = Table(
    "kept_apart",
    metadata,
    Column("case_id", String(32), primary_key=True),
    Column("one", String(32), primary_key=True),
    Column("other", String(32), primary_key=True),
)
"""Who must not be led to whom: `one` is an offender or a colleague, or empty for everybody who is not named; `other` is
the person or family. Kept in the clear of restricted cases: sealed, whoever holds no key could not keep the rule."""

BROKEN_GLASS = Table(
    "broken_glass",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("case_id", String(32), nullable=False),
    Column("account", String(32), nullable=False),
    Column("at", String, nullable=False),
    Column("reason", Text, nullable=False),
)
"""Each time somebody opened a restricted case in which she is not named. In place of a reason a NAME says
that somebody was taken off, or the restriction lifted (`services/told_of`)."""

GLASS_SEEN = Table(
    "glass_seen",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("account", String(32), primary_key=True),
    Column("at", String, nullable=False),
)
"""For whom it is kept, and when she acknowledged it: empty until then."""

OPEN_DUTIES = tuple(open_duties.indexes())
"""Indexes on the sheets themselves, by which what is due is found."""
