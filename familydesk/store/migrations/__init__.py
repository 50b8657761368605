"""The steps from one schema to the next, one file each, numbered; the number of the last is the schema of the program.

Nothing here is loaded at an ordinary start: only the file names are looked at.
"""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent


def newest() -> int:
    """The schema that this program writes."""
    return max((int(path.name[:4]) for path in (HERE / "versions").glob("[0-9][0-9][0-9][0-9]_*.py")), default=0)
