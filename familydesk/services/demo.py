"""The demo: an encrypted store of a synthetic center after fourteen months of work. The same seed, the same center."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from familydesk.core import clock
from familydesk.core.errors import Refused
from familydesk.core.i18n import N_
from familydesk.services.demo_data import bodies

if TYPE_CHECKING:
    from familydesk.core.settings import Settings
    from familydesk.services.office import Office
    from familydesk.store.derivation import Cost

PASSPHRASE = "sarqyrama bulaq"
"""Known to everybody: the demo's people are invented."""

Progress = Callable[[int, int], None]
"""Told how many events are written, and of how many."""


@dataclass(frozen=True, slots=True)
class Demo:
    """The store, open, and the two ways into it."""

    office: Office
    passphrase: str
    recovery_key: str


def make_demo(
    folder: Path,
    families: int = 60,
    seed: int = 1,
    progress: Progress | None = None,
    *,
    today: date | None = None,
    settings: Settings | None = None,
    cost: Cost | None = None,
) -> Demo:
    """A new store in `folder` with so many families, as it would stand on the morning of `today`.

    Refused if a store stands there already. Records are saved through the desk, each at its own moment, so every rule
    applies and every number is the one that would have been given.
    """
    # Loaded for a demo only.
    from familydesk.services.demo_data.chronicle import Chronicle
    from familydesk.services.demo_data.furnishing import furnish
    from familydesk.services.demo_data.scanned import scan
    from familydesk.services.demo_data.stories import tell
    from familydesk.services.demo_data.twice import write_twice
    from familydesk.services.front_door import create_store
    from familydesk.services.office import Office

    day = today or clock.today()
    created = create_store(
        folder,
        bodies.CENTER["name_kk"],
        bodies.HEAD,
        bodies.LOGIN,
        PASSPHRASE,
        code=bodies.CENTER["code"],
        settings=settings,
        cost=cost,
    )
    try:
        # Without keys: what colleagues who have no account here wrote is written by the roles in their records.
        past = Office(created.office.database, folder, created.office.settings)
        chronicle = Chronicle(past, clock.local(day.year, day.month, day.day, 9))
        center = furnish(past, chronicle.now)
        tell(chronicle, center, Random(seed), families)
        chronicle.write(progress)
        past.database.veil = created.office.account
        write_twice(created.office, chronicle.now)
        scan(created.office, chronicle.now)
    except BaseException:
        created.office.close()
        raise
    return Demo(created.office, PASSPHRASE, created.recovery_key)


def clear_earlier(folder: Path, settings: Settings) -> None:
    """Take an earlier demo away. Refused if what stands in `folder` does not open as one: then it stays as it is."""
    from familydesk.services import front_door

    if front_door.state_of(folder) is front_door.State.NONE:
        return
    try:
        front_door.unlock(folder, PASSPHRASE, settings=settings).close()
    except front_door.WrongPassphrase:
        raise Refused(
            N_("A store that is no demo stands in this folder, and it was left as it is."),
            N_("Name another folder with --dir."),
        ) from None
    shutil.rmtree(folder)
