"""CBOR and zstd as they are used on the wire: one spelling of each value, and nothing that unfolds without bound."""

from __future__ import annotations

import threading
from typing import Any, NoReturn

import cbor2
import zstandard

from familydesk.sync.wire import bounds
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.dictionary import DICTIONARY

_LEVEL = 9
"""zstd's: a tenth smaller than its usual 3 on lists of changes, and no slower than what else is done with them."""
_SMALL = 32 * 1024
"""Bytes up to which the words that everybody has make content smaller; more has words enough of its own."""
_WORDS = zstandard.ZstdCompressionDict(DICTIONARY, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
_WORDS.precompute_compress(level=_LEVEL)


class _Presses(threading.local):
    """Made once a thread, because making one takes as long as a small section."""

    def __init__(self) -> None:
        self.small = zstandard.ZstdCompressor(level=_LEVEL, dict_data=_WORDS)
        self.large = zstandard.ZstdCompressor(level=_LEVEL)


_PRESSES = _Presses()


def _no_tag(*_of: object) -> NoReturn:
    raise Defect("a tagged value")


class _NoTags(dict[int, Any]):
    """Tags would have dates, patterns or mails built from what came; nothing here is written with one."""

    def __missing__(self, tag: int) -> NoReturn:
        _no_tag(tag)


def encoded(value: Any) -> bytes:
    """`value` in CBOR, deterministically (RFC 8949, 4.2.1): numbers as short as they go, keys in order."""
    return cbor2.dumps(value, canonical=True)


def decoded(content: bytes) -> Any:
    """The value. Defect if it nests too deep, is not spelled as `encoded` does, or anything stands after it."""
    try:
        value = cbor2.loads(
            content,
            semantic_decoders=_NoTags(),
            tag_hook=_no_tag,
            max_depth=bounds.DEPTH,
            allow_indefinite=False,
            allow_duplicate_keys=False,
        )
        same = encoded(value) == content
    except (cbor2.CBORError, ValueError, TypeError, RecursionError) as error:
        raise Defect("not readable") from error
    if not same:
        raise Defect("not spelled in the one way")
    return value


def deflated(content: bytes) -> bytes:
    """`content`, compressed by itself or against the words that everybody has; who reads need not know which."""
    press: zstandard.ZstdCompressor = _PRESSES.small if len(content) <= _SMALL else _PRESSES.large
    return press.compress(content)


def inflated(compressed: bytes, at_most: int) -> bytes:
    """What was compressed. Defect if it is more than `at_most` bytes, another number than it says, or not all there is.

    The library takes up as much room as the frame's head claims (a gigabyte for 32 kB), so the head is asked first.
    """
    try:
        if not 0 <= zstandard.frame_content_size(compressed) <= at_most:
            raise Defect("more than there may be")
        reader = zstandard.ZstdDecompressor(dict_data=_WORDS, max_window_size=bounds.INFLATED)
        return reader.decompress(compressed, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise Defect("not readable") from error
