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
PR_SET_DUMPABLE = 4
"""Of `prctl(2)`, from <linux/prctl.h>."""


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
    """A crash writes no picture of the memory to disk: the keys and the names of an open store stand in it.

    Under Linux other programs of the same user cannot read that memory either, nor attach to the process.
    """
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes

        # A handler of crashes to which the kernel pipes its pictures heeds no limit of size, only this.
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


if __name__ == "__main__":
    sys.exit(main())
