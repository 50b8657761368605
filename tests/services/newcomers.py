"""A head's laptop and a stick, made once, and laptops that ask to be admitted."""

from __future__ import annotations

import shutil
from pathlib import Path

from familydesk.core.settings import Settings
from familydesk.services import front_door, joining
from familydesk.services.joining import Asked
from familydesk.services.office import Office
from familydesk.store.derivation import Cost

CHEAP = Cost(1, 8192)
HEAD, BOTA, DINA = "Көктемде жаңбыр жауды", "бота өз сөзін айтты", "дина да сөз айтты"
BOTA_NAMED, DINA_NAMED = "Бекова Бота Серікқызы", "Динова Дина Ерланқызы"


class Desk:
    """A laptop at its place, opened and closed by one person."""

    def __init__(self, folder: Path, passphrase: str, login: str = "") -> None:
        self.folder = folder
        self.passphrase = passphrase
        self.login = login
        self._settings = Settings(folder.parent / f"{folder.name}.json")
        self._office: Office | None = None

    def open(self, login: str = "", passphrase: str = "") -> Office:
        self.leave()
        words = passphrase or self.passphrase
        login = login or self.login
        self._office = front_door.unlock(self.folder, words, login=login, settings=self._settings, least=CHEAP)
        return self._office

    def leave(self) -> None:
        if self._office is not None:
            self._office.close()
            self._office = None

    def ask(self, stick: Path, person: str, login: str = "", pinned: str = "") -> Asked:
        return joining.ask(self.folder, str(stick), person, self.passphrase, login=login, pinned=pinned, cost=CHEAP)

    def arrive(self, stick: Path | None = None) -> str:
        return joining.arrive(self.folder, self.passphrase, str(stick or ""), least=CHEAP, cost=CHEAP)

    def sync(self, stick: Path) -> dict[str, object]:
        """Open, meet, close."""
        outcome = self.open().syncing.sync(str(stick)).as_json()
        self.leave()
        return outcome


class Place:
    """A folder in which laptops and a stick lie."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.stick = root / "stick"
        self.head = Desk(root / "head", HEAD, "head")

    @classmethod
    def made(cls, root: Path) -> Place:
        """A new center, whose head has been at the stick."""
        place = cls(root)
        place.stick.mkdir(parents=True)
        settings = Settings(root / "head.json")
        created = front_door.create_store(
            place.head.folder, "Орталық", "Оспанова Гүлнар", "head", HEAD, settings=settings, cost=CHEAP
        )
        created.office.syncing.sync(str(place.stick))
        created.office.close()
        return place

    def copied(self, root: Path) -> Place:
        shutil.copytree(self.root, root)
        return Place(root)

    def desk(self, name: str, passphrase: str, login: str = "") -> Desk:
        return Desk(self.root / name, passphrase, login)

    def admitted(self, name: str, passphrase: str, person: str, role: str) -> Desk:
        """Somebody new with her laptop, from the request to the first meeting."""
        from familydesk.services.members import Role

        desk = self.desk(name, passphrase)
        asked = desk.ask(self.stick, person)
        self.head.open().admissions.admit(str(self.stick), asked.request, asked.fingerprint, Role[role])
        self.head.leave()
        self.head.sync(self.stick)
        desk.arrive()
        desk.sync(self.stick)
        return desk
