"""An encrypted store read as a thief with the key would read it: every page that lies on the disk, free ones too."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from familydesk.core.fold import fold, words

# It comes with the keyring of Linux; elsewhere the tests that read pages are skipped.
ciphers = pytest.importorskip("cryptography.hazmat.primitives.ciphers")

PAGE, RESERVED, SALT, IV = 4096, 80, 16, 16
WAL_HEAD, FRAME_HEAD = 32, 24


def pages(database: Path, key: bytes) -> Iterator[bytes]:
    """All pages of the file, used and free, and all frames of the write-ahead log, in the open (SQLCipher 4)."""
    raw = database.read_bytes()
    for start in range(0, len(raw), PAGE):
        yield _opened(raw[start : start + PAGE], key, SALT if start == 0 else 0)
    log = database.with_name(database.name + "-wal")
    frames = log.read_bytes() if log.exists() else b""
    for start in range(WAL_HEAD, len(frames), FRAME_HEAD + PAGE):
        first = int.from_bytes(frames[start : start + 4], "big") == 1
        yield _opened(frames[start + FRAME_HEAD : start + FRAME_HEAD + PAGE], key, SALT if first else 0)


def _opened(page: bytes, key: bytes, skip: int) -> bytes:
    body, iv = page[skip : PAGE - RESERVED], page[PAGE - RESERVED : PAGE - RESERVED + IV]
    decryptor = ciphers.Cipher(ciphers.algorithms.AES(key), ciphers.modes.CBC(iv)).decryptor()
    return decryptor.update(body) + decryptor.finalize()


def traces(value: str) -> set[bytes]:
    """Every shape in which a value may lie in a file: spellings, foldings, encodings, escapes, reversed digits."""
    texts = {value, value.lower(), value.upper(), fold(value), unicodedata.normalize("NFD", value)}
    if " " not in value:
        texts |= set(words(value))
    if value.strip("+").isdigit():
        texts |= {value[::-1], value[-10:]}
    found = {text.encode(encoding, "ignore") for text in texts for encoding in ("utf-8", "utf-16-le", "cp1251")}
    found |= {text.encode("unicode_escape") for text in texts}
    return {trace for trace in found if len(trace) >= 6}


def left(database: Path, key: bytes, *values: str) -> set[str]:
    """Those of the values that lie somewhere in the file or its log, in any shape."""
    everything = list(pages(database, key))
    assert any(b"CREATE TABLE" in page for page in everything), "the pages were opened"
    # A value may run from a page to its overflow page, so its pieces count as well; they are cut at words.
    return {value for value in values for trace in traces(value) if any(trace in page for page in everything)}
