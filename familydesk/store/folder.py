"""What lies in a store's folder."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class StoreFolder:
    """A store's folder and the neutral names of the files in it."""

    root: Path

    def make(self) -> bool:
        """The folder, for its owner alone if it is new or empty; whether it is new. Raises OSError."""
        new = not self.root.exists()
        self.root.parent.mkdir(parents=True, exist_ok=True)
        self.root.mkdir(mode=0o700, exist_ok=True)
        # Another's empty folder is used as it is: every file in it is closed by itself.
        with suppress(PermissionError):
            if os.name != "nt" and not any(self.root.iterdir()):
                self.root.chmod(0o700)
        return new

    @property
    def database(self) -> Path:
        """The encrypted file."""
        return self.root / "desk.db"

    @property
    def keys(self) -> Path:
        """The key file: the store key, sealed once for each way in."""
        return self.root / "desk.keys"

    @property
    def lock(self) -> Path:
        """Held while the store is open."""
        return self.root / "desk.lock"

    @property
    def joining(self) -> Path:
        """What a laptop keeps that has asked a center to admit it, sealed under the passphrase; no store yet."""
        return self.root / "desk.joining"

    @property
    def delay(self) -> Path:
        """How many wrong passphrases were tried; no names."""
        return self.root / "delay.json"

    @property
    def numbers(self) -> Path:
        """The last block of numbers begun here. Outside the store, so that bringing a backup back leaves it."""
        return self.root / "numbers.json"

    @property
    def heads(self) -> Path:
        """Where the journal ended when it was last seen. Outside the store, so that an older copy of it is noticed."""
        return self.root / "desk.heads"

    @property
    def backups(self) -> Path:
        """Where backups go unless another folder is chosen."""
        return self.root / "backups"

    @property
    def arriving(self) -> Path:
        """A new or restored store on its way in."""
        return self.root / "arriving"

    def database_files(self) -> tuple[Path, ...]:
        """The encrypted file and what SQLite may keep beside it, the log first."""
        names = ("desk.db-wal", "desk.db-shm", "desk.db-journal", "desk.db")
        return tuple(self.root / name for name in names)
