"""From a passphrase to a key: Argon2id (RFC 9106), as dear as this computer bears and never below the floor."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass

from familydesk.core.errors import Weather
from familydesk.core.i18n import N_

MIB = 1024 * 1024
SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Cost:
    """What one derivation costs: passes over `memory` bytes."""

    passes: int
    memory: int

    def reaches(self, least: Cost) -> bool:
        """Whether no part of it is cheaper than `least`."""
        return self.passes >= least.passes and self.memory >= least.memory

    def bearable(self) -> bool:
        """Whether a derivation of this cost ends; a damaged key file may ask for any."""
        return self.passes <= 16 and self.memory <= 1024 * MIB


WANTED = Cost(3, 256 * MIB)
FLOOR = Cost(3, 64 * MIB)
"""The cheapest that the program makes or accepts: for small laptops."""


def measured() -> Cost:
    """The dearest cost up to `WANTED` that takes no more than a quarter of the memory that is free now."""
    free = _free_memory()
    memory = WANTED.memory
    while memory > FLOOR.memory and memory * 4 > free:
        memory //= 2
    return Cost(WANTED.passes, memory)


def derive(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    """32 bytes. The memory goes back to the system at once. Weather if there is not enough of it."""
    from nacl.pwhash import argon2id

    text = unicodedata.normalize("NFC", passphrase).encode()
    try:
        return argon2id.kdf(32, text, salt, opslimit=cost.passes, memlimit=cost.memory)
    except (MemoryError, RuntimeError) as error:
        raise Weather(
            N_("There is not enough free memory to open the store."), N_("Close other programs and try again.")
        ) from error


def _free_memory() -> int:
    if os.name == "nt":
        return _free_on_windows()
    try:
        with open("/proc/meminfo", encoding="ascii") as table:
            facts = dict(line.split(":", 1) for line in table)
        return int(facts["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        # macOS tells only how much there is; half of it is a cautious guess.
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2


def _free_on_windows() -> int:
    import ctypes

    class MemoryStatus(ctypes.Structure):
        _fields_ = [
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *((name, ctypes.c_ulonglong) for name in ("total", "free", "pages", "free_pages", "space", "left", "x")),
        ]

    status = MemoryStatus()
    status.length = ctypes.sizeof(status)
    ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))  # type: ignore[attr-defined]
    return int(status.free)
