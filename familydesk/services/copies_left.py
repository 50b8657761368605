"""Which copies of the store still hold what was erased, and until when: an erasure cannot reach into a backup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from familydesk.core import clock
from familydesk.core.settings import BACKUPS_KEPT
from familydesk.store import backup
from familydesk.store.folder import StoreFolder
from familydesk.store.weather import told_plainly

if TYPE_CHECKING:
    from familydesk.services.office import Office


@dataclass(frozen=True, slots=True)
class CopyLeft:
    """One copy by its neutral file name. `until` is the day on which rotation removes it; None: only a person does."""

    name: str
    until: date | None

    @property
    def entry(self) -> str:
        """As an act holds it."""
        return f"{self.name} · {self.until.isoformat()}" if self.until else self.name


def copies_left(office: Office) -> tuple[CopyLeft, ...]:
    """The copies that this laptop knows of: daily ones with the day of their going, and those that stay until somebody
    removes them (before an upgrade, before a restore). Copies made by hand lie wherever somebody put them.
    """
    place = StoreFolder(office.folder)
    kept = office.settings.get(BACKUPS_KEPT)
    daily = [
        CopyLeft(one.path.name, clock.today() + timedelta(days=max(kept - at, 1)))
        for at, one in enumerate(office.backups.found())
    ]
    with told_plainly():
        staying = sorted(
            [path.name for path in place.backups.glob(f"before-upgrade-*{backup.SUFFIX}")]
            + [path.name for path in place.root.glob("before-restore-*") if path.is_dir()]
        )
    return (*daily, *(CopyLeft(name, None) for name in staying))
