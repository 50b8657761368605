"""Backups: by hand to any file, daily into a folder with rotation, and back again."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from familydesk.core import clock
from familydesk.core.errors import Refused, Weather
from familydesk.core.i18n import N_
from familydesk.core.settings import BACKUP_FOLDER, BACKUPS_KEPT
from familydesk.services import standing_store
from familydesk.services.journal import Deed
from familydesk.services.rights import Verb
from familydesk.services.way_in import WayIn
from familydesk.store import arrival, backup, erased_before, heads, number_block
from familydesk.store.derivation import FLOOR, Cost
from familydesk.store.folder import StoreFolder
from familydesk.store.keys import KeyFile
from familydesk.store.lock import StoreLock
from familydesk.store.weather import told_plainly

if TYPE_CHECKING:
    from familydesk.services.office import Office

_DAILY = "desk-????-??-??" + backup.SUFFIX


@dataclass(frozen=True, slots=True)
class DailyBackup:
    """One of the daily copies in the folder."""

    path: Path
    day: date
    size: int


class Backups:
    """The copies of one open store."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._place = StoreFolder(office.folder)

    @property
    def folder(self) -> Path:
        """Where daily copies go: the folder from the settings, or one beside the store."""
        chosen = self._office.settings.get(BACKUP_FOLDER)
        return Path(chosen) if chosen else self._place.backups

    def make(self, out: Path, progress: backup.Progress = lambda done, steps: None, instead: bool = False) -> Path:
        """A copy at `out`, written whole or not at all, and opened before it counts. `progress` may raise to cancel.

        Refused if a file stands there, unless the copy shall take its place: `instead` of an older backup.
        """
        self._office.account.require(Verb.BACK_UP)
        if out.exists() and not instead:
            raise Refused(N_("A file of this name is there already: name another. Nothing was written."))
        self._office.journal.note(Deed.BACKED_UP)
        self._clean()
        backup.make(self._place, self._office.database.key, out, progress)
        return out

    def daily(self, progress: backup.Progress = lambda done, steps: None) -> Path | None:
        """Today's copy, if there is none yet; then the oldest beyond the number kept are removed.

        The program's own work, whoever unlocked first that day: it opens nothing to anybody.
        """
        out = self.folder / f"desk-{clock.today():%Y-%m-%d}{backup.SUFFIX}"
        if backup.is_backup(out):
            return None
        if self.folder == self._place.backups:
            with told_plainly():
                self.folder.mkdir(mode=0o700, exist_ok=True)
        self._office.journal.note(Deed.BACKED_UP, detail={"daily": True})
        self._clean()
        backup.make(self._place, self._office.database.key, out, progress)
        self._rotate()
        return out

    def _clean(self) -> None:
        """A page may still hold a stale copy of what was erased; a copy of the file would carry it along for weeks.

        Where the disk has no room for it, the copy is made all the same: the work of the day comes first.
        """
        with suppress(Weather):
            self._office.database.rewrite()

    def found(self) -> list[DailyBackup]:
        """The daily copies in the folder, newest first."""
        with told_plainly():
            paths = sorted(self.folder.glob(_DAILY), reverse=True)
            return [DailyBackup(path, day, path.stat().st_size) for path in paths if (day := _day_of(path))]

    def _rotate(self) -> None:
        kept = self._office.settings.get(BACKUPS_KEPT)
        with told_plainly():
            for old in self.found()[kept:]:
                old.path.unlink(missing_ok=True)
            # What a killed program left half-written.
            for part in self.folder.glob(_DAILY + backup.PART):
                part.unlink(missing_ok=True)


def restore(
    file: Path, folder: Path, passphrase: str = "", *, recovery: str = "", present: str = "", least: Cost = FLOOR
) -> Path | None:
    """Bring a backup back into `folder`, opened with the passphrase of its day or the recovery key.

    The store that stood there is kept in a folder beside it, which is given back; None if there was none. Where one
    stands it must let her in who brings it back, by the same words or by the passphrase of today (`present`), and give
    her `Verb.BACK_UP`; or she has the recovery key. Refused otherwise. Until the backup was opened and read whole
    nothing is moved. Weather while the store is open, or if the backup is not whole.
    """
    place = StoreFolder(folder)
    with told_plainly():
        new = place.make()
    lock = StoreLock(place.lock)
    try:
        arrival.finish(place)
        staged = arrival.begin(place)
        backup.unpack(file, staged)
        keys = KeyFile.read(staged.keys)
        opened = WayIn(passphrase, recovery, least=least).open(place, keys)
        backup.check(staged, opened.store_key)
        standing = standing_store.opened_by(place, WayIn(present or passphrase, recovery, least=least))
        number_block.begin_next(place, staged, opened.store_key)
        by = "" if recovery else (standing or opened).account.hex
        former = (standing or opened).store_key
        erased_before.hand_on(place, staged, opened.store_key, former)
        heads.hand_on(place, staged, keys.store.hex, opened.store_key, by, former)
        return arrival.admit(place, aside=f"before-restore-{clock.now():%Y%m%d-%H%M%S}")
    finally:
        arrival.leave(place, lock, new)


def _day_of(path: Path) -> date | None:
    try:
        return date.fromisoformat(path.stem.removeprefix("desk-"))
    except ValueError:
        return None
