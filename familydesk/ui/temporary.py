"""Where temporary files go. The program itself writes no record into one; the libraries it prints through do.

Qt hands a paper to CUPS by way of `cupsTempFd(3)`: the pages lie in the open in the folder of temporary files until the
print service has taken them.
"""

from __future__ import annotations

import os
import sys


def keep_in_memory() -> None:
    """Under Linux let temporary files lie in this user's own folder in memory, which ends with her session.

    A folder that somebody chose by TMPDIR is left as it is. Elsewhere the system decides where they lie.
    """
    folder = os.environ.get("XDG_RUNTIME_DIR", "")
    if sys.platform == "linux" and os.path.isdir(folder):
        # Read by Qt, by Python and by CUPS's own library alike.
        os.environ.setdefault("TMPDIR", folder)
