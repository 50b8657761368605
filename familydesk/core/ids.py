"""Record ids: time-ordered (UUID version 7, RFC 9562), so that new rows land at the end of every index."""

from __future__ import annotations

from uuid import UUID


def new_id() -> UUID:
    """A fresh id, larger than every id given before by this process."""
    from uuid_utils.compat import uuid7

    return uuid7()
