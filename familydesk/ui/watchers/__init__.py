"""The system's own events that lock the desk: sleep, the lid, the locked screen. One watcher for each system."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from familydesk.ui.watchers.watcher import Watcher

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

__all__ = ["Watcher", "of_this_system"]


def of_this_system(window: QWidget) -> Watcher:
    """The watcher for the system that the program runs on; it lives as long as `window`."""
    system: str = sys.platform
    if system == "win32":
        from familydesk.ui.watchers.windows import WindowsWatcher

        return WindowsWatcher(window)
    if system == "darwin":
        from familydesk.ui.watchers.macos import MacWatcher

        return MacWatcher(window)
    if system == "linux":
        from familydesk.ui.watchers.logind import LogindWatcher

        return LogindWatcher(window)
    return Watcher(window)
