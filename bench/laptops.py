"""A center on two laptops, and the same rows for whoever does the same in clear."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from people import listed, people
from sqlalchemy import insert

from familydesk.core.ids import new_id
from familydesk.core.settings import Settings
from familydesk.records.person import Disability, IinAbsence, MaritalStatus, Person, Sex
from familydesk.records.staff_member import Role
from familydesk.services import front_door, joining
from familydesk.services.journal import Deed
from familydesk.services.office import Office
from familydesk.store.derivation import Cost

PASSPHRASE = "таудағы жұлдыз"
CHEAP = Cost(1, 8 * 1024 * 1024)
AT_ONCE = 1_000
WORDS = listed(
    "бала отбасы көмек кеңес қауіп заңгер психолог мекенжай телефон қала аудан көше үй пәтер ана әке апа іні "
    "жұмыс оқу мектеп дәрігер сот полиция жәрдемақы қонақүй тәулік кездесу хабарлама өтініш шешім тұрмыс қорғау"
)


def founded(folder: Path) -> Office:
    """The head's laptop."""
    settings = Settings(folder.with_suffix(".json"))
    made = front_door.create_store(
        folder, "Орталық", "Оспанова Гүлнар", "head", PASSPHRASE, settings=settings, cost=CHEAP
    )
    made.office.close()
    return opened(folder)


def opened(folder: Path) -> Office:
    """A laptop with its person at it, after a derivation of a few milliseconds."""
    return front_door.unlock(folder, PASSPHRASE, settings=Settings(folder.with_suffix(".json")), least=CHEAP)


def joined(head: Office, folder: Path, road: str, person: str = "Сериков Дамир") -> Office:
    """Another laptop, admitted over `road`; it has met nobody yet but has its keys."""
    head.syncing.sync(road)
    asked = joining.ask(folder, road, person, PASSPHRASE, cost=CHEAP)
    head.admissions.admit(road, asked.request, asked.fingerprint, Role.CASE_MANAGER)
    joining.arrive(folder, PASSPHRASE, road, least=CHEAP, cost=CHEAP)
    return opened(folder)


def twelve_fields(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Rows of people, twelve fields each."""
    chance = Random(seed)

    def words(least: int, most: int) -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(least, most)))

    return [
        {
            "id": new_id(),
            "surname": one.surname,
            "given": one.given,
            "patronymic": one.patronymic or one.given,
            "born_on": date(1850, 1, 1) + timedelta(days=chance.randrange(18_000)),
            "sex": chance.choice(list(Sex)),
            "iin_absence": IinAbsence.NOT_RECORDED,
            "citizenship": "Қазақстан",
            "marital_status": chance.choice(list(MaritalStatus)),
            "disability": chance.choice(list(Disability)),
            "occupation": words(1, 3),
            "contact_care": words(3, 8),
            "remarks": words(5, 15),
        }
        for one in people(count, seed=seed)
    ]


def put_in(office: Office, rows: list[dict[str, Any]]) -> None:
    """Write them, captured and vouched for as an import is; the laptop's own search is not what is measured."""
    with office.database.write(whole=True) as session:
        for start in range(0, len(rows), AT_ONCE):
            session.execute(insert(Person), rows[start : start + AT_ONCE])
        office.journal.note_in(session, Deed.IMPORTED, sheet="person")


def edit(office: Office, rows: list[dict[str, Any]], word: str) -> None:
    """Two fields of each of these rows."""
    table = Person.__table__
    with office.database.write(whole=True) as session:
        for row in rows:
            session.execute(
                table.update()
                .where(table.c.id == row["id"])
                .values(occupation=f"{word} {row['occupation']}", citizenship=word)
            )


def spelled(rows: list[dict[str, Any]], parts: tuple[slice, slice]) -> str:
    """The rows and both laptops' edits as `pouch.mjs` reads them."""
    plain = [json.loads(json.dumps(row, default=_plain)) for row in rows]
    documents = [{"_id": row.pop("id"), **row} for row in map(dict, plain)]
    edits = [
        {row["id"]: {"occupation": f"{word} {row['occupation']}", "citizenship": word} for row in plain[part]}
        for word, part in zip(("бір", "екі"), parts, strict=True)
    ]
    return json.dumps({"rows": documents, "edits": edits}, ensure_ascii=False)


def _plain(value: Any) -> str:
    return getattr(value, "name", None) or str(value)


@contextmanager
def closing(*offices: Office) -> Iterator[None]:
    """Close them in the end."""
    try:
        yield
    finally:
        for office in offices:
            office.close()
