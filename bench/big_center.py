"""A center after many years of work: 100,000 people, and three times as many records of what happened to them.

Built once through the store's own engine, with capture, and kept for the next run. Deterministic but for the ids.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from people import people
from sqlalchemy import insert

from familydesk.core import clock
from familydesk.core.ids import new_id
from familydesk.core.settings import Settings
from familydesk.records import sheet_of
from familydesk.services import front_door
from familydesk.services.office import Office
from familydesk.store import tables as tables_of_the_store
from familydesk.store.database import Database

PASSPHRASE = "отыз екі қызыл алма"
CACHE = Path(tempfile.gettempdir()) / "familydesk-bench"
"""What takes minutes to make is kept here for the next run."""
OPEN_OF_A_HUNDRED = 2
"""Families whose case is still under way; the others are history."""
FAMILIES_AT_ONCE = 500

Rows = dict[str, list[dict[str, Any]]]


def built(count: int) -> Path:
    """The folder of the store with `count` people; made if it is not there yet (some minutes). To be read only."""
    folder = CACHE / f"center-{count}-{_schema()}"
    if not folder.exists():
        unfinished = folder.with_suffix(".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        _build(unfinished, count)
        unfinished.rename(folder)
    return folder


def copied(count: int, place: Path) -> Path:
    """A copy of that folder under `place`, to be written to."""
    return Path(shutil.copytree(built(count), place / "store"))


def opened(folder: Path) -> Office:
    """The office of the store in `folder`, its head at the desk."""
    return front_door.unlock(folder, PASSPHRASE, settings=Settings(folder / "settings.json"))


def _schema() -> str:
    """A few letters that change with the sheets, so that no store of an older schema is measured."""
    tables = tables_of_the_store.metadata.sorted_tables
    names = [f"{table.name}.{part.name}" for table in tables for part in (*table.columns, *table.indexes)]
    return hashlib.blake2b("\n".join(sorted(names)).encode(), digest_size=4).hexdigest()


def _build(folder: Path, count: int) -> None:
    settings = Settings(folder / "settings.json")
    office = front_door.create_store(
        folder, "Орталық", "Оспанова Гүлнар", "head", PASSPHRASE, code="КО", settings=settings
    ).office
    random = Random(4)
    names = iter(people(count, 4))
    for first in range(0, count // 4, FAMILIES_AT_ONCE):
        rows: Rows = defaultdict(list)
        for number in range(first, min(first + FAMILIES_AT_ONCE, count // 4)):
            _Home(rows, random, number, office.me).fill([next(names) for _ in range(4)])
        with office.database.write() as session:
            for sheet, of_sheet in rows.items():
                session.execute(insert(sheet_of(sheet)), of_sheet)
    office.search.rebuild()
    office.close()


class _Home:
    """One family of four and what it went through."""

    def __init__(self, rows: Rows, random: Random, number: int, head: UUID) -> None:
        self._rows = rows
        self._random = random
        self._number = number
        self._head = head
        self._under_way = random.randrange(100) < OPEN_OF_A_HUNDRED
        ago = random.randrange(0, 60) if self._under_way else random.randrange(90, 1000)
        self._begun = clock.local(2026, 11, 1, 9) - timedelta(days=ago)

    def fill(self, names: list[Any]) -> None:
        members = [self._person(name, place) for place, name in enumerate(names)]
        family = self._put("family", name=names[0].surname, registered_on=self._day(0))
        for person, relation in zip(members, ("CLIENT", "SPOUSE", "CHILD", "CHILD"), strict=True):
            self._put("family_member", family_id=family, person_id=person, relation=relation)
        for person in members[:2]:
            self._put("person_phone", person_id=person, number=f"+7701{self._random.randrange(10**7):07}")
        case = self._case(family, members[0])
        self._application(case, members[0])
        for week in range(3):
            held = {"held_at": self._begun + timedelta(weeks=week), "kind": "LEGAL", "form": "IN_PERSON"}
            self._put("consultation", case_id=case, person_id=members[0], **held, summary=_TALK)
        if self._number % 2:
            self._violence(case, members)
        self._referral(case, members[0])
        self._put("consent", case_id=case, person_id=members[0], given_on=self._day(0), collected=("NAMES",))

    def _person(self, name: Any, place: int) -> UUID:
        born = date(1985 + 15 * (place // 2) + self._random.randrange(12), 1 + self._number % 12, 1 + place)
        sex = "FEMALE" if place % 2 == 0 else "MALE"
        values = {"surname": name.surname, "given": name.given, "patronymic": name.patronymic or None}
        return self._put("person", **values, born_on=born, sex=sex, iin_absence="NOT_RECORDED")

    def _case(self, family: UUID, client: UUID) -> UUID:
        closed = None if self._under_way else self._day(80)
        return self._put(
            "case",
            number=f"КО-01-{self._begun.year}-{self._number:05}",
            family_id=family,
            client_id=client,
            responsible_id=self._head,
            opened_on=self._day(0),
            closed_on=closed,
            closing_reason="GOAL_REACHED" if closed else None,
            stage="CLOSED" if closed else "SUPPORT",
            situation=_TALK,
        )

    def _application(self, case: UUID, person: UUID) -> None:
        asked = {"received_at": self._begun, "channel": "SELF", "reason": "FAMILY_CONFLICT", "reason_text": _TALK}
        application = self._put(
            "application", number=f"{self._begun.year}/{self._number:05}", person_id=person, case_id=case, **asked
        )
        if not self._under_way or self._number % 3:
            done = {"done_on": self._day(2), "done_by_id": self._head, "conclusion": "NOT_DIFFICULT"}
            self._put("assessment", application_id=application, case_id=case, **done)

    def _violence(self, case: UUID, members: list[UUID]) -> None:
        incident = self._put(
            "incident",
            case_id=case,
            happened_at=self._begun - timedelta(days=1),
            learned_at=self._begun,
            victim_id=members[0],
            offender_id=members[1],
            offender_relation="SPOUSE",
            forms=("PHYSICAL",),
            severity="BEATING",
            severity_source="VICTIM",
            child_harmed=self._number % 4 == 1,
            circumstances=_TALK,
        )
        if self._number % 4 == 1:
            for addressee in ("GUARDIANSHIP", "POLICE"):
                sent = {"sent_at": self._begun + timedelta(hours=5), "channel": "PHONE"}
                self._put("mandatory_notice", incident_id=incident, addressee=addressee, **sent)
        served = self._begun + timedelta(days=1)
        order = self._put(
            "protective_order",
            case_id=case,
            incident_id=incident,
            number=str(self._number),
            issued_at=self._begun,
            issued_by="Полиция",
            victim_id=members[0],
            offender_id=members[1],
            served_at=served,
            valid_to=served + timedelta(days=30),
        )
        for week in (1, 2):
            seen = {"checked_at": served + timedelta(weeks=week), "checked_by": "Инспектор", "finding": "KEPT"}
            self._put("order_check", order_id=order, **seen)

    def _referral(self, case: UUID, person: UUID) -> None:
        answered = None if self._under_way else self._day(12)
        self._put(
            "referral",
            number=f"{self._number}-шығ",
            case_id=case,
            person_id=person,
            destination_kind="LEGAL_AID",
            request=_TALK,
            exception="THREAT_TO_LIFE",
            sent_on=self._day(1),
            due_on=self._day(22),
            answered_on=answered,
            answer="ACCEPTED" if answered else None,
        )

    def _day(self, after: int) -> date:
        return (self._begun + timedelta(days=after)).date()

    def _put(self, sheet: str, **values: Any) -> UUID:
        fresh = new_id()
        self._rows[sheet].append({"id": fresh, "archived": False, **values})
        return fresh


_TALK = "Отбасындағы жағдай туралы әңгіме. " * 8
"""Three lines of text, as long as such notes are."""


def counted(database: Database) -> Iterator[tuple[str, int]]:
    """How many records each sheet holds."""
    from familydesk.records import SHEETS

    with database.connection() as connection:
        for sheet in SHEETS:
            yield sheet.sheet(), connection.exec_driver_sql(f'SELECT count(*) FROM "{sheet.sheet()}"').scalar_one()


def moment() -> datetime:
    """When the center is looked at."""
    return clock.local(2026, 11, 18, 10)
