"""Two laptops of one center with real stores: the head at one, Bota at the other. Made once, copied for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

from familydesk.core.settings import Settings
from familydesk.records import SHEETS
from familydesk.services import front_door
from familydesk.services.members import Role
from familydesk.services.office import Office
from familydesk.store.derivation import Cost

CHEAP = Cost(1, 8192)
HEAD, BOTA = "Көктемде жаңбыр жауды", "бота өз сөзін айтты"


def rows(office: Office) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every sheet."""
    with office.database.connection() as connection:
        query = 'SELECT * FROM "{}" ORDER BY id'
        return {
            sheet.sheet(): [tuple(row) for row in connection.exec_driver_sql(query.format(sheet.sheet()))]
            for sheet in SHEETS
        }


class Desk:
    """One laptop, and who sits at it."""

    def __init__(self, folder: Path, login: str, passphrase: str) -> None:
        self.folder = folder
        self.login = login
        self.passphrase = passphrase
        self._settings = Settings(folder.parent / f"{folder.name}.json")

    def open(self, login: str = "", passphrase: str = "") -> Office:
        """The office of whoever is usually here, or of somebody else."""
        return front_door.unlock(
            self.folder,
            passphrase or self.passphrase,
            login=login or self.login,
            settings=self._settings,
            least=CHEAP,
        )


def made(place: Path, *others: str) -> None:
    """The head's store, with an account for Bota, and copies of it that become other laptops of the head's."""
    settings = Settings(place / "settings.json")
    created = front_door.create_store(
        place / "one", "Орталық", "Оспанова Гүлнар", "head", HEAD, settings=settings, cost=CHEAP
    )
    added = created.office.members.add("bota", "Бекова Бота Серікқызы", Role.CASE_MANAGER, cost=CHEAP)
    (place / "paper").write_text(created.recovery_key, encoding="utf-8")
    created.office.close()
    one = Desk(place / "one", "bota", added.temporary_passphrase)
    office = one.open()
    office.account.change_passphrase(added.temporary_passphrase, BOTA, cost=CHEAP)
    office.close()
    for name in others or ("two",):
        # Each is told of those before it, as a head's word is on every laptop that she vouches from.
        shutil.copytree(place / "one", place / name)
        become_another(Desk(place / name, "head", HEAD))


def become_another(desk: Desk) -> None:
    """The head vouches for a copy as for another laptop: what was written until then is the first one's."""
    office = desk.open()
    with office.database.write() as session:
        connection = session.connection()
        first = connection.exec_driver_sql("SELECT device FROM device WHERE number = 1").scalar_one()
        connection.exec_driver_sql("DELETE FROM meta WHERE key IN ('device_seed', 'packed')")
        connection.exec_driver_sql("DELETE FROM device")
        connection.exec_driver_sql("DELETE FROM envelope")
        connection.exec_driver_sql("INSERT INTO device(number, device) VALUES(2, ?)", (first,))
        connection.exec_driver_sql("UPDATE change SET device = 2")
        connection.exec_driver_sql("INSERT INTO meta(key, value) SELECT 'packed', max(seq) FROM change")
    office.center.forget()
    key = office.account.signing_key()
    assert key is not None
    office.center.keep_up(key)
    office.close()
