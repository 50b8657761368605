"""Settings: one declaration each, read and written through `Settings`, kept in a small file that holds nothing
personal, unless the center wants its logins offered on the locked screen.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from familydesk.core.i18n import N_

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """One setting: its key in the file, type, default and label."""

    key: str
    kind: type[T]
    default: T
    label: str
    choices: tuple[T, ...] = ()


LANGUAGE = Setting("language", str, "kk", N_("Language"), ("kk", "ru", "en"))
THEME = Setting("theme", str, "system", N_("Appearance"), ("system", "light", "dark"))
TEXT_SIZE = Setting("text_size", int, 100, N_("Text size, %"), (100, 125, 150, 175, 200))
LOCK_AFTER = Setting("lock_after_minutes", int, 10, N_("Lock after minutes without work"), (5, 10, 15, 30))
BACKUP_FOLDER = Setting("backup_folder", str, "", N_("Folder for daily backups"))
BACKUPS_KEPT = Setting("backups_kept", int, 14, N_("Daily backups kept"), (7, 14, 30, 60))
NAMES_AT_DOOR = Setting("names_at_the_door", bool, False, N_("Offer logins on the locked screen"), (False, True))
SEVERAL = Setting("several_people", bool, False, N_("Several people open the store"))
LOGINS = Setting("logins_offered", list, [], N_("Logins offered on the locked screen"))
SYNC_WITH = Setting("sync_with", str, "", N_("Hub or folder of the last sync"))
SYNC_EVERY = Setting("sync_every_minutes", int, 0, N_("Sync by itself, minutes apart"), (0, 15, 30, 60, 120))
LAST_STORE = Setting("last_store", str, "", N_("Store opened last"))
COLUMNS = Setting("columns", dict, {}, N_("Columns of lists"))

ALL: tuple[Setting[Any], ...] = (
    LANGUAGE,
    THEME,
    TEXT_SIZE,
    LOCK_AFTER,
    BACKUP_FOLDER,
    BACKUPS_KEPT,
    NAMES_AT_DOOR,
    SEVERAL,
    LOGINS,
    SYNC_WITH,
    SYNC_EVERY,
    LAST_STORE,
    COLUMNS,
)


class Settings:
    """The settings file. A missing or damaged file is the defaults; a value of the wrong type is its default."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._values = self._read()

    def _read(self) -> dict[str, Any]:
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def get(self, setting: Setting[T]) -> T:
        """The value in force."""
        value = self._values.get(setting.key, setting.default)
        fits = isinstance(value, setting.kind) and (not setting.choices or value in setting.choices)
        return value if fits else setting.default

    def put(self, setting: Setting[T], value: T) -> None:
        """Keep `value`; the file is replaced whole. A folder that cannot be written to keeps it for this run only.

        What another window of the program has put meanwhile stays.
        """
        self._values = {**self._values, **self._read(), setting.key: value}
        fresh = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # Plain ASCII, so that a folder whose name is no valid text can be kept as well.
            fresh.write_text(json.dumps(self._values, indent=1), encoding="ascii")
            os.replace(fresh, self.path)
        except OSError:
            with suppress(OSError):
                fresh.unlink()


def usual_settings() -> Settings:
    """The settings of this user on this computer."""
    from platformdirs import user_config_path

    return Settings(user_config_path("familydesk", appauthor=False) / "settings.json")
