"""Two desks of one small center, each with its own store, that tell each other what was written."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from familydesk.core.settings import Settings
from familydesk.services.office import Office
from familydesk.services.receiving import Applied, Origin
from familydesk.store.database import Database
from familydesk.store.folder import StoreFolder
from familydesk.store.keys import Opened
from familydesk.store.privileged import Privileged
from familydesk.store.slots import Secrets
from familydesk.sync.wire.change import Change

sys.path.append(str(Path(__file__).parents[1] / "sync"))
from stores import written

HEAD = UUID("01900000-0000-7000-8000-000000000001")
KEY = bytes(range(32))
"""Those of the small store that every test has."""


class Desk:
    """One office on a laptop that knows its own id."""

    def __init__(self, store: Path, folder: Path, number: int) -> None:
        folder.mkdir()
        shutil.copy(store, folder / "desk.db")
        self.id = bytes([number]) * 16
        database = Database.open(folder / "desk.db", KEY)
        database.actor = HEAD
        database.privileged = Privileged(HEAD, {HEAD: KEY})
        keys = (StoreFolder(folder), Opened.by(HEAD, replace(Secrets.fresh(KEY), anchor=b"")))
        self.office = Office(database, folder, Settings(folder / "settings.json"), keys=keys)
        name(database, self.id)
        self._heard: dict[bytes, int] = {}

    def hear(self, other: Desk) -> Applied:
        """Take in what the other desk has written since the last time."""
        heard = self._heard.get(other.id, 0)
        changes = [change for change in written(other.office.database, other.id) if change.version.clock > heard]
        self._heard[other.id] = max((change.version.clock for change in changes), default=heard)
        return take_in(self.office, other.id, changes)

    def value(self, sheet: str, record: UUID, name: str) -> object:
        return getattr(self.office.desk.get(sheet, record), name)

    def person(self, surname: str, given: str = "Мөлдір", **values: object) -> UUID:
        from familydesk.records.person import IinAbsence

        absence = None if values.get("iin") else IinAbsence.NOT_RECORDED
        given_values = {"surname": surname, "given": given, "iin_absence": absence, **values}
        return self.office.desk.save("person", given_values).id


def name(database: Database, id: bytes) -> None:
    """Give a laptop an id, if it has none."""
    with database.connection(write=True) as connection:
        connection.exec_driver_sql("INSERT OR IGNORE INTO device(number, device) VALUES(1, ?)", (id.hex(),))


def take_in(office: Office, device: bytes, changes: list[Change]) -> Applied:
    """Take in changes of another laptop, as the loop does: one transaction from the first to the journal's word."""
    with office.database.write(whole=True) as session:
        applied = office.receiving.take_in(session, Origin(device, HEAD, 1), changes)
        return office.receiving.finish(session, [applied], [device])


def meet(*desks: Desk) -> None:
    """Everybody hears everybody."""
    for here in desks:
        for there in desks:
            if here is not there:
                here.hear(there)
