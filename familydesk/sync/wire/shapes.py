"""What a decoded value has to be. Everything else is a Defect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.digests import ID_BYTES

LARGEST_NUMBER = 2**53


def array(found: object, length: int | None = None) -> Sequence[Any]:
    """An array, of this length if one is given."""
    if not isinstance(found, list) or length not in (None, len(found)):
        raise Defect("an array of another length")
    return found


def exactly(found: object, length: int) -> bytes:
    """So many bytes."""
    if not isinstance(found, bytes) or len(found) != length:
        raise Defect("bytes of another length")
    return found


def at_most(found: object, length: int) -> bytes:
    """Bytes, so many at most."""
    if not isinstance(found, bytes) or len(found) > length:
        raise Defect("bytes of another length")
    return found


def word(found: object, length: int) -> str:
    """Text of so many letters at most."""
    if not isinstance(found, str) or len(found) > length:
        raise Defect("no text, or too much")
    return found


def number(found: object, least: int = 0) -> int:
    """A number from `least` on."""
    if type(found) is not int or not least <= found < LARGEST_NUMBER:
        raise Defect("no number")
    return found


def uuid(found: object) -> UUID:
    """An account, or any id of 16 bytes."""
    return UUID(bytes=exactly(found, ID_BYTES))
