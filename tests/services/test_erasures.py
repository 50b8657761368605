"""An erasure that a head has ordered takes place on every laptop, and whoever comes later hears nothing of it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from decrypted import left
from small_center import NOW, Center

from familydesk.core import clock
from familydesk.services import joining, snapshots
from familydesk.services.members import Role
from familydesk.services.office import Office
from familydesk.store.journal import Deed
from familydesk.sync.erasure_order import Order
from familydesk.sync.wire.statement import decode

sys.path.append(str(Path(__file__).parents[1] / "sync"))
from colleagues import BOTA, CHEAP, COLLEAGUES, desk_of, made, rows

SURNAME, GIVEN, IIN, PHONE = "Құпиябаева", "Ғазизәгүл", "880615200009", "+77770123456"
STREET, WORDS, THEIRS = "Шыңғырлау көшесі 7", "оның жылап айтқаны осылай", "Ботаның жасырын жазғаны"
PLANTED = (SURNAME, GIVEN, IIN, PHONE, STREET, WORDS, THEIRS)
REASON = "келісімін кері алды"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("both")
    made(place)
    return place


class Road:
    """The laptops of one test, and the stick between them."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.stick = place / "stick"
        self.stick.mkdir()
        self.offices: list[Office] = []

    def open(self, name: str) -> Office:
        self.offices.append(desk_of(self.place, name).open())
        return self.offices[-1]

    def meet(self, *offices: Office) -> list[Any]:
        return [office.syncing.sync(str(self.stick)) for office in offices]

    def admitted(self, head: Office, name: str) -> Office:
        asked = joining.ask(self.place / name, str(self.stick), COLLEAGUES[name], BOTA, cost=CHEAP)
        head.admissions.admit(str(self.stick), asked.request, asked.fingerprint, Role.CASE_MANAGER)
        head.syncing.sync(str(self.stick))
        joining.arrive(self.place / name, BOTA, least=CHEAP, cost=CHEAP)
        return self.open(name)


@pytest.fixture
def road(both: Path, tmp_path: Path) -> Iterator[Road]:
    for name in ("one", "two"):
        shutil.copytree(both / name, tmp_path / name)
    found = Road(tmp_path)
    with clock.stopped(NOW):
        yield found
    for office in found.offices:
        office.close()


def planted(head: Office, bota: Office, road: Road) -> tuple[UUID, UUID]:
    """A woman with a closed case of hers, her name in somebody else's record, and what Bota wrote about her."""
    center = Center(head)
    person = center.person(SURNAME, GIVEN, iin=IIN, sex="FEMALE")
    center.add("person_phone", person_id=person, number=PHONE, safe_to_call="NO")
    center.add("person_address", person_id=person, kind="ACTUAL", street=STREET)
    case = center.case(
        person, responsible_id=bota.me, closed_on=NOW.date(), closing_reason="GOAL_REACHED", situation=WORDS
    )
    center.add("case_note", case_id=case, written_at=NOW, text=WORDS)
    other = center.person("Сапаров", "Ерлан", remarks=f"{SURNAME} {GIVEN} келді")
    head.desk.save("person", {"remarks": "жалғыз келді"}, other)
    road.meet(head, bota)
    bota.desk.save("person", {"remarks": THEIRS}, person)
    road.meet(bota, head)
    bota.drafts.save("person", person, {"remarks": WORDS})
    bota.drafts.save("application", None, {"reason_text": f"{SURNAME} {GIVEN}"})
    bota.journal.note(Deed.PRINTED, "person", person, case, reason=WORDS, recipient=SURNAME)
    return person, case


def pages(office: Office) -> set[str]:
    return left(office.database.path, office.database.key, *PLANTED)


def log(office: Office) -> list[tuple[object, ...]]:
    with office.database.connection() as connection:
        query = """SELECT sheet, record, field, value, clock, device.device FROM change
            JOIN device ON device.number = change.device WHERE field NOT IN ('*', '-') ORDER BY clock, 6"""
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def parked(office: Office) -> int:
    with office.database.connection() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM parked").scalar_one())


def is_whole(office: Office, monkeypatch: pytest.MonkeyPatch) -> bool:
    with monkeypatch.context() as asking:
        asking.setattr(office.account, "require", lambda _verb: None)
        return office.journal.verify().whole


def test_she_is_on_no_page_of_another_laptop_after_its_next_meeting(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    head, bota = road.open("one"), road.open("two")
    person, _case = planted(head, bota, road)
    assert pages(bota) == set(PLANTED)
    head.keeping.erase(person, REASON)
    came = road.meet(head, bota, head, bota)
    assert pages(bota) == pages(head) == set()
    assert all((one.parked, one.waiting, one.warnings) == (0, 0, []) for one in came)
    assert rows(bota) == rows(head)
    assert log(bota) == log(head)
    assert bota.search.find(SURNAME) == []
    assert [draft for draft in bota.drafts.all() if draft.values] == []
    assert is_whole(bota, monkeypatch)
    assert is_whole(head, monkeypatch)


def test_it_is_signed_in_the_journal_there_by_whoever_sat_at_it(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    head, bota = road.open("one"), road.open("two")
    person, _case = planted(head, bota, road)
    head.keeping.erase(person, REASON)
    road.meet(head, bota)
    with bota.database.connection() as connection:
        query = "SELECT account, detail FROM journal WHERE deed = 'ERASED'"
        ((account, detail),) = connection.exec_driver_sql(query).all()
    assert account == bota.me.hex
    (order,) = bota.center.log.erasures()
    assert order.id.hex() in detail
    with bota.database.connection(write=True) as connection:
        connection.exec_driver_sql("DELETE FROM statement WHERE id = ?", (order.id.hex(),))
    bota.center.forget()
    assert not is_whole(bota, monkeypatch)


def test_what_a_colleague_wrote_meanwhile_goes_too_wherever_it_comes_to(road: Road) -> None:
    head, bota = road.open("one"), road.open("two")
    person, case = planted(head, bota, road)
    bota.desk.save("case_note", {"case_id": case, "written_at": NOW, "author_id": bota.me, "text": THEIRS + "!"})
    bota.desk.save("person_phone", {"person_id": person, "number": "+77770123457", "safe_to_call": "NO"})
    head.keeping.erase(person, REASON)
    bota.syncing.pack()
    came = road.meet(bota, head, bota, head, bota)
    assert pages(bota) == pages(head) == set()
    assert rows(bota) == rows(head)
    assert [one.parked for one in came[1:]] == [0] * 4


def test_a_laptop_that_comes_afterwards_waits_for_nothing_of_hers(road: Road) -> None:
    head, bota = road.open("one"), road.open("two")
    person, _case = planted(head, bota, road)
    head.keeping.erase(person, REASON)
    road.meet(head, bota)
    dina = road.admitted(head, "three")
    (came,) = road.meet(dina)
    assert (came.parked, parked(dina), came.warnings) == (0, 0, [])
    road.meet(head, dina)
    assert pages(dina) == set()
    assert rows(dina) == rows(head)


def test_what_waited_for_a_key_of_hers_is_not_waited_for_any_more(road: Road) -> None:
    head, bota = road.open("one"), road.open("two")
    person, case = planted(head, bota, road)
    dina = road.admitted(head, "three")
    for file in road.stick.glob("*/object/key/*"):
        file.unlink()
    with head.database.connection(write=True) as connection:
        connection.exec_driver_sql("DELETE FROM peer")
    dina.syncing.sync(str(road.stick))
    assert parked(dina)
    assert case.hex
    head.keeping.erase(person, REASON)
    road.meet(head, dina, head, dina)
    assert parked(dina) == 0
    assert rows(dina) == rows(head)


def test_a_snapshot_holds_nothing_of_hers(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "WORTH_IT", 10)
    head, bota = road.open("one"), road.open("two")
    person, _case = planted(head, bota, road)
    head.keeping.erase(person, REASON)
    road.meet(head, bota)
    shutil.rmtree(next(road.stick.glob("*/object/snapshot")), ignore_errors=True)
    road.meet(head, bota)
    dina = road.admitted(head, "three")
    (came,) = road.meet(dina)
    with dina.database.connection() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM base").scalar_one() == 2
    assert (came.parked, came.warnings) == (0, [])
    assert pages(dina) == set()
    assert rows(dina) == rows(head)


def test_without_anybody_who_can_sign_it_waits(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    head, bota = road.open("one"), road.open("two")
    person, _case = planted(head, bota, road)
    head.keeping.erase(person, REASON)
    road.meet(head)
    with monkeypatch.context() as by_paper:
        by_paper.setattr(bota.account, "signing_key", lambda: None)
        road.meet(bota)
        assert SURNAME in pages(bota)
    road.meet(bota)
    assert pages(bota) == set()


def test_an_order_that_no_head_has_given_is_none(road: Road) -> None:
    head, bota = road.open("one"), road.open("two")
    person, _case = planted(head, bota, road)
    center, key = bota.center, bota.account.signing_key()
    assert key is not None
    epoch = max(center.epoch_keys)
    (said,) = Order({"person": frozenset({person.hex})}).said(center.id, epoch, center.epoch_keys[epoch])
    forged = center.log.next(bota.account.anchor, bota.me, 0, said).signed(key)
    place = next(road.stick.glob("*/object/statement"))
    (place / decode(forged.content).id.hex()).write_bytes(forged.content)
    road.meet(head)
    assert head.center.log.erasures() == ()
    assert head.desk.get("person", person)
