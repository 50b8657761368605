"""Two centers that know nothing of each other, each with a head's laptop, and a stick that is carried between them."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from newcomers import CHEAP, HEAD, Place

from familydesk.core import clock
from familydesk.core.settings import Settings
from familydesk.records import sheet_of
from familydesk.records.consent import DataKind, ThirdParty
from familydesk.services import front_door
from familydesk.services.office import Office
from familydesk.services.referring import Sent

NOW = clock.local(2026, 3, 2, 10)
SURNAME, GIVEN, REQUEST = "Құндызбаева", "Мөлдірай", "Баспана мен заңгердің кеңесі керек"
SITUATION, CONTACT, IIN = "Үйінен қашып шыққан", "Көршісі арқылы ғана", "500101100000"
OURS, THEIRS = "Алматы орталығы", "Тараз дағдарыс орталығы"


class Neighbours:
    """`ours` sends, `theirs` receives."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.ours, self.theirs = Place(root / "ours"), Place(root / "theirs")
        self.stick = root / "carried"
        self.stick.mkdir(exist_ok=True)

    @classmethod
    def made(cls, root: Path) -> Neighbours:
        """Both, each with a stick of its own for its colleagues."""
        for name, center in (("ours", OURS), ("theirs", THEIRS)):
            place = root / name
            (place / "stick").mkdir(parents=True)
            settings = Settings(place / "head.json")
            made = front_door.create_store(
                place / "head", center, "Оспанова Гүлнар", "head", HEAD, settings=settings, cost=CHEAP
            )
            made.office.syncing.sync(str(place / "stick"))
            made.office.close()
        return cls(root)

    def copied(self, root: Path) -> Neighbours:
        shutil.copytree(self.root, root)
        return Neighbours(root)

    def leave(self) -> None:
        self.ours.head.leave()
        self.theirs.head.leave()

    def certificate(self) -> tuple[Path, str]:
        """That of the receiving center as a file, and the fingerprint that is read aloud."""
        office, path = self.theirs.head.open(), self.root / "theirs.txt"
        office.admissions.certificate(path)
        return path, office.referring.letters.fingerprint()

    def fingerprint(self) -> str:
        """What the sending center reads aloud."""
        return self.ours.head.open().referring.letters.fingerprint()

    def send(self, referral: UUID, fields: Sequence[str] = (), peer: str = "", **words: Any) -> Sent:
        path, typed = self.certificate()
        office = self.ours.head.open()
        return office.referring.send(referral, str(path), typed, fields, peer=peer or str(self.stick), **words)


def save(office: Office, sheet: str, id: UUID | None = None, **values: Any) -> UUID:
    """A record; choices may be given by NAME."""
    known = {name: sheet_of(sheet).field(name).choices for name in values}
    given = {
        name: choices[value] if (choices := known[name]) and isinstance(value, str) else value
        for name, value in values.items()
    }
    return office.desk.save(sheet, given, id).id


def referral(office: Office, **values: Any) -> UUID:
    """A woman with her case, her consent and a referral to be sent."""
    whose = {"born_on": date(1850, 1, 1), "sex": "MALE", "iin": IIN, "contact_care": CONTACT}
    person = save(office, "person", surname=SURNAME, given=GIVEN, **whose)
    save(office, "person_phone", person_id=person, number="+77010000001", safe_to_call="YES")
    save(office, "person_phone", person_id=person, number="+77010000002", safe_to_call="NO", safe_hours="түнде")
    case = save(office, "case", client_id=person, opened_on=clock.today(), situation=SITUATION, danger="HIGH")
    about = {"case_id": case, "person_id": person}
    consent = save(office, "consent", **about, **consented())
    asked = {"destination_kind": "CRISIS_CENTER", "request": REQUEST, "consent_id": consent}
    return save(office, "referral", **about, **{**asked, **values})


def consented(**values: Any) -> dict[str, Any]:
    """A consent that lets all of it go to other centers."""
    usual = {"given_on": clock.today(), "collected": tuple(DataKind), "third_parties": (ThirdParty.CENTERS,)}
    return {**usual, **values}
