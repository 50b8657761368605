"""How large anything that travels may be. Whoever reads refuses more before it takes up room."""

from __future__ import annotations

MIB = 1024 * 1024

ENVELOPE = MIB
"""Bytes of one envelope."""
CHANGES = 256
"""Changes in one envelope."""
INFLATED = 8 * MIB
"""Bytes of all sections of an envelope after they were inflated."""
REPLACES = 4096
"""Versions that one change replaces."""
DEPTH = 16
"""How deep what was encoded may nest."""
STATEMENT = 64 * 1024
"""Bytes of one statement of the membership log."""
STATEMENTS = 10_000
"""Statements that are taken in at once: more than any center has."""
OBJECT = 4 * MIB
"""Bytes of any other object: a wrapped key, a piece of an attachment or of a snapshot, a request to join."""


class Defect(ValueError):
    """What came is not as it was sent, or never was what it says. Its words name no content."""


class TooLarge(Defect):
    """What is to be sent is larger than anybody would take."""
