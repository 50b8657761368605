"""`python -m familydesk` and the `familydesk` command: no argument opens the window, anything else is the command
line.
"""

from __future__ import annotations

import gc
import sys

FEW_COLLECTIONS = 50_000
"""Objects made before Python looks for garbage: at its own 700 the looking takes a fifth of the start, and what is
loaded at the start is never garbage.
"""


def main() -> int:
    """Run, and give back the exit code."""
    gc.set_threshold(FEW_COLLECTIONS, 20, 20)
    _leave_no_core()
    if len(sys.argv) == 1:
        from familydesk.app import open_window

        return open_window()
    from familydesk.cli import run

    return run(sys.argv[1:])


def _leave_no_core() -> None:
    """A crash writes no picture of the memory to disk: the keys and the names of an open store stand in it."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
