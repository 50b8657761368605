"""The words that a laptop and whom it meets have in common. Their values travel."""

from __future__ import annotations

import enum


class ObjectKind(enum.Enum):
    """What travels beside the log. Values stand in addresses and in names of folders."""

    STATEMENT = "statement"
    KEY = "key"
    REQUEST = "request"
    ADMISSION = "admission"
    CHUNK = "chunk"
    SNAPSHOT = "snapshot"
    INBOX = "inbox"
    RESTRICTION = "restriction"


class Receipt(enum.Enum):
    """What became of one envelope that was handed over."""

    STORED = "stored"
    KNOWN = "known"
    FORK = "fork"
    REVOKED = "revoked"
    QUOTA = "quota"
    BAD = "bad"
