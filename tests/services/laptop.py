"""One laptop with three people, made once: the head, Bota who is named in the case, and Saule who is not."""

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from familydesk.core.fields import Kind, Secrecy
from familydesk.core.record import StreamKind
from familydesk.core.settings import Settings
from familydesk.records import SHEETS, sheet_of
from familydesk.services import front_door
from familydesk.services.members import Role
from familydesk.services.office import Office
from familydesk.store.derivation import Cost

sys.path.append(str(Path(__file__).parents[1] / "house"))
from samples import values

CHEAP = Cost(1, 8192)
PASSPHRASES = {
    "head": "Көктемде жаңбыр жауды",
    "bota": "бота өз сөзін айтты",
    "saule": "сәуле таңда келеді",
}
PEOPLE = {
    "bota": ("Бекова Бота Серікқызы", Role.PSYCHOLOGIST),
    "saule": ("Саматова Сәуле Ерланқызы", Role.SOCIAL_WORKER),
}
SEALABLE = [sheet.sheet() for sheet in SHEETS if sheet.stream.kind is not StreamKind.CENTER]


class Laptop:
    """A store that one person after another opens; `paper` is its recovery key."""

    def __init__(self, folder: Path, paper: str = "", logins: dict[str, UUID] | None = None) -> None:
        self.folder = folder
        self.paper = paper
        self.people = logins or {}
        self._settings = Settings(folder.parent / "settings.json")
        self._office: Office | None = None

    @classmethod
    def made(cls, folder: Path) -> "Laptop":
        """A new one."""
        laptop = cls(folder)
        made = front_door.create_store(
            folder, "Орталық", "Оспанова Гүлнар", "head", PASSPHRASES["head"], settings=laptop._settings, cost=CHEAP
        )
        laptop.paper, laptop.people["head"] = made.recovery_key, made.office.me
        added = [made.office.members.add(login, *PEOPLE[login], cost=CHEAP) for login in PEOPLE]
        made.office.close()
        for one in added:
            laptop.people[one.login] = one.account
            office = laptop.enter(one.login, one.temporary_passphrase)
            office.account.change_passphrase(one.temporary_passphrase, PASSPHRASES[one.login], cost=CHEAP)
        laptop.leave()
        return laptop

    def copied(self, folder: Path) -> "Laptop":
        """The same store in another place."""
        folder.parent.mkdir(exist_ok=True)
        shutil.copytree(self.folder, folder)
        return Laptop(folder, self.paper, self.people)

    def enter(self, login: str, passphrase: str = "", **way: object) -> Office:
        """Open it for one person; whoever was there before leaves."""
        self.leave()
        words = "" if way else passphrase or PASSPHRASES[login]
        self._office = front_door.unlock(self.folder, words, login=login, settings=self._settings, least=CHEAP, **way)
        return self._office

    def leave(self) -> None:
        """Close it."""
        if self._office is not None:
            self._office.close()
            self._office = None


def planted(sheet: str) -> str:
    """A word that stands nowhere but in the records of this sheet."""
    return f"Құпия{sheet.replace('_', '')}белгі"


def whole_case(office: Office, responsible: UUID) -> dict[str, UUID]:
    """A case with one record of every sheet that can belong to one, each bearing its planted word; ids by sheet."""
    case = _saved(office, "case", {"responsible_id": responsible, "kept_from_id": None})
    made = {"case": case}
    for sheet in SEALABLE:
        if sheet != "case":
            made[sheet] = _saved(office, sheet, _belonging(sheet, made))
    return made


def _belonging(sheet: str, made: dict[str, UUID]) -> dict[str, UUID]:
    return {field.name: made[field.target] for field in sheet_of(sheet).fields() if field.target in made}


def _saved(office: Office, sheet: str, own: dict) -> UUID:
    given = values(office, sheet) | own
    for field in sheet_of(sheet).fields():
        if isinstance(given.get(field.name), str) and field.kind.name in ("LINE", "NOTE"):
            given[field.name] = f"{planted(sheet)} {given[field.name]}"
    return office.desk.save(sheet, given).id


def later_values(sheet: str, seen: Mapping[str, object]) -> dict[str, object]:
    """What a form gives back in which one text was changed."""
    kind = sheet_of(sheet)
    texts = [field.name for field in kind.fields() if field.kind is Kind.NOTE and field.secrecy < Secrecy.PRIVILEGED]
    return {**seen, texts[0]: f"{seen[texts[0]] or ''} және тағы"}
