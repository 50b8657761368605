"""The search index: what of a record may be found, kept in own tables of the encrypted file.

Own tables, not a full-text extension, because an erased name must be gone with its row: every row here belongs to one
record and is deleted with it, and with `secure_delete` on (set at every opening) its bytes are overwritten. There are
no tombstones, no merged segments and no plaintext beside the file.

    search_doc      one row a record: its sheet, its id, and the recipe of what was indexed, so that it can be undone
    search_word     the vocabulary: each distinct folded word once, names apart from other text
    search_posting  which word stands in which record
    search_code     digits: every tail of a phone, both ends of an IIN, every part of a number

All functions work on the connection of the caller, inside her transaction. The index is local to a file: it is never
synced and can be built again from the records at any time.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from familydesk.store.search_entry import Entry, codes_of, words_in

TABLES = ("search_doc", "search_word", "search_posting", "search_code")

Document = tuple[str, UUID, Sequence[Entry]]
"""A sheet's name, a record's id, and what of the record may be found."""

_Key = tuple[bytes, str]
"""A record's id and its sheet."""
_Stored = tuple[int, bytes, str]
"""A row of search_doc: its id, its word ids packed in four bytes each, its codes one a line."""

_BATCH = 5000
"""Records indexed at once: enough that sorted rows fill whole pages, few enough to need no memory to speak of."""

_STATEMENTS = (
    "CREATE TABLE search_doc (id INTEGER PRIMARY KEY, sheet TEXT NOT NULL, record BLOB NOT NULL,"
    " words BLOB NOT NULL, codes TEXT NOT NULL)",
    "CREATE UNIQUE INDEX search_doc_record ON search_doc (record, sheet)",
    # An id that comes back with another word would mislead a vocabulary that was read before.
    "CREATE TABLE search_word (id INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL, word TEXT NOT NULL,"
    " UNIQUE (kind, word))",
    "CREATE TABLE search_posting (word INTEGER NOT NULL, doc INTEGER NOT NULL, PRIMARY KEY (word, doc)) WITHOUT ROWID",
    "CREATE TABLE search_code (code TEXT NOT NULL, doc INTEGER NOT NULL, PRIMARY KEY (code, doc)) WITHOUT ROWID",
)


def create(connection: Connection) -> None:
    """Make the empty tables of the index."""
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement)


def clear(connection: Connection) -> None:
    """Forget everything that was indexed."""
    for table in TABLES:
        connection.exec_driver_sql(f"DELETE FROM {table}")


def write(connection: Connection, sheet: str, record_id: UUID, entries: Sequence[Entry]) -> None:
    """Index one record anew, in place of what was indexed of it before. Writes nothing if nothing changed."""
    write_many(connection, [(sheet, record_id, entries)])


def write_many(connection: Connection, documents: Iterable[Document]) -> None:
    """Index many records; the way for imports. Of a record that comes twice, the later one stays."""
    cursor = cursor_of(connection)
    ahead = iter(documents)
    while batch := list(islice(ahead, _BATCH)):
        _replace(cursor, {(id_.bytes, sheet): entries for sheet, id_, entries in batch})


def remove(connection: Connection, sheet: str, record_id: UUID) -> None:
    """Take a record out of the index, and out of the vocabulary each word that stood in this record alone."""
    cursor = cursor_of(connection)
    stored = _stored(cursor, (record_id.bytes, sheet))
    if stored:
        _forget_words(cursor, _delete(cursor, stored))


def cursor_of(connection: Connection) -> Any:
    """The driver's own cursor in the caller's transaction: a record's index must not cost a millisecond."""
    if not connection.in_transaction():
        # Past SQLAlchemy nothing would begin one, and each row would be committed by itself.
        connection.begin()
    return connection.connection.cursor()


def word_ids(packed: bytes) -> array[int]:
    """The word ids of a stored recipe."""
    return array("I", packed)


def _replace(cursor: Any, batch: dict[_Key, Sequence[Entry]]) -> None:
    # To spell a text costs more than to write its words; of a batch many bear the same name, and live in one land.
    spelled = cache(words_in)
    recipes = {
        key: ([word for entry in entries for word in spelled(entry)], codes_of(entries))
        for key, entries in batch.items()
    }
    ids = _ids_of(cursor, {word for words, _ in recipes.values() for word in words})
    left: set[int] = set()
    fresh: dict[_Key, tuple[bytes, str]] = {}
    for key, (words, codes) in recipes.items():
        recipe = array("I", [ids[word] for word in words]).tobytes(), "\n".join(codes)
        stored = _stored(cursor, key)
        if stored is None or stored[1:] != recipe:
            left |= _delete(cursor, stored) if stored else set()
            fresh[key] = recipe
    _insert(cursor, fresh)
    _forget_words(cursor, left)


def _ids_of(cursor: Any, words: set[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """The ids of these words; words seen for the first time get theirs now."""
    ids = {}
    for word in sorted(words):
        known = cursor.execute("SELECT id FROM search_word WHERE kind = ? AND word = ?", word).fetchone()
        if not known:
            cursor.execute("INSERT INTO search_word (kind, word) VALUES (?, ?)", word)
        ids[word] = known[0] if known else cursor.lastrowid
    return ids


def _stored(cursor: Any, key: _Key) -> _Stored | None:
    found: _Stored | None = cursor.execute(
        "SELECT id, words, codes FROM search_doc WHERE record = ? AND sheet = ?", key
    ).fetchone()
    return found


def _insert(cursor: Any, fresh: dict[_Key, tuple[bytes, str]]) -> None:
    following = cursor.execute("SELECT coalesce(max(id), 0) + 1 FROM search_doc").fetchone()[0]
    rows = [(doc, sheet, record, *recipe) for doc, ((record, sheet), recipe) in enumerate(fresh.items(), following)]
    cursor.executemany("INSERT INTO search_doc (id, sheet, record, words, codes) VALUES (?, ?, ?, ?, ?)", rows)
    postings = sorted((word, doc) for doc, _, _, words, _ in rows for word in set(word_ids(words)))
    cursor.executemany("INSERT INTO search_posting (word, doc) VALUES (?, ?)", postings)
    coded = sorted((code, doc) for doc, _, _, _, codes in rows for code in codes.split("\n") if code)
    cursor.executemany("INSERT INTO search_code (code, doc) VALUES (?, ?)", coded)


def _delete(cursor: Any, stored: _Stored) -> set[int]:
    """Undo one record's recipe; returns the words that may now stand nowhere."""
    doc, words, codes = stored
    left = set(word_ids(words))
    cursor.execute("DELETE FROM search_doc WHERE id = ?", (doc,))
    cursor.executemany("DELETE FROM search_posting WHERE word = ? AND doc = ?", [(word, doc) for word in left])
    gone = [(code, doc) for code in codes.split("\n") if code]
    cursor.executemany("DELETE FROM search_code WHERE code = ? AND doc = ?", gone)
    return left


def _forget_words(cursor: Any, left: Iterable[int]) -> None:
    cursor.executemany(
        "DELETE FROM search_word WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM search_posting WHERE word = ?1)",
        [(word,) for word in left],
    )
