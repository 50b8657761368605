"""Two laptops of one center with real stores: the head at one, Bota at the other. Made once, copied for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

from familydesk.core.settings import Settings
from familydesk.records import SHEETS
from familydesk.services import front_door, joining
from familydesk.services.members import Role
from familydesk.services.office import Office
from familydesk.store.derivation import Cost

CHEAP = Cost(1, 8192)
HEAD, BOTA = "Көктемде жаңбыр жауды", "бота өз сөзін айтты"
COLLEAGUES = {
    "two": "Бекова Бота Серікқызы",
    "three": "Динова Дина Ерланқызы",
    "four": "Саматова Сәуле Ерланқызы",
    "five": "Ахметова Айжан Болатқызы",
}
"""Who works on which laptop; her login is her surname, and the passphrase of all of them is BOTA."""


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
    """The head's laptop "one", and those of her colleagues, admitted through a stick that is then thrown away."""
    settings, stick = Settings(place / "settings.json"), place / "road"
    stick.mkdir()
    created = front_door.create_store(
        place / "one", "Орталық", "Оспанова Гүлнар", "head", HEAD, settings=settings, cost=CHEAP
    )
    (place / "paper").write_text(created.recovery_key, encoding="utf-8")
    created.office.syncing.sync(str(stick))
    created.office.close()
    for name in others or ("two",):
        _admit(place, stick, name)
    shutil.rmtree(stick)


def _admit(place: Path, stick: Path, name: str) -> None:
    asked = joining.ask(place / name, str(stick), COLLEAGUES[name], BOTA, cost=CHEAP)
    head = Desk(place / "one", "head", HEAD).open()
    head.admissions.admit(str(stick), asked.request, asked.fingerprint, Role.CASE_MANAGER)
    head.syncing.sync(str(stick))
    head.close()
    joining.arrive(place / name, BOTA, least=CHEAP, cost=CHEAP)
    hers = desk_of(place, name).open()
    hers.syncing.sync(str(stick))
    hers.close()


def desk_of(place: Path, name: str) -> Desk:
    """The laptop of that name and who works on it."""
    return Desk(place / name, *(("head", HEAD) if name == "one" else (COLLEAGUES[name].split()[0].lower(), BOTA)))
