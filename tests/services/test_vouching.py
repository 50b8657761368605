"""What a colleague left unsigned on a laptop bears her name elsewhere, and the name of whoever vouches for it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from familydesk.records.person import Person
from familydesk.services.members import Role
from familydesk.services.office import Office
from familydesk.services.writers import Writers

sys.path.append(str(Path(__file__).parents[1] / "sync"))
from colleagues import CHEAP, HEAD, Desk, desk_of, made

HEADS_NAME, DINAS_NAME = "Оспанова Гүлнар", "Динова Дина Ерланқызы"
DINA = "дина кешке ән салады"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The laptop that the head and Dina share, and Bota's."""
    place = tmp_path_factory.mktemp("both")
    made(place)
    shared = Desk(place / "one", "head", HEAD)
    office = shared.open()
    temporary = office.members.add("dina", DINAS_NAME, Role.CASE_MANAGER, cost=CHEAP).temporary_passphrase
    office.close()
    office = shared.open("dina", temporary)
    office.account.change_passphrase(temporary, DINA, cost=CHEAP)
    office.close()
    return place


@pytest.fixture
def place(both: Path, tmp_path: Path) -> Path:
    for name in ("one", "two"):
        shutil.copytree(both / name, tmp_path / name)
    (tmp_path / "stick").mkdir()
    return tmp_path


@pytest.fixture
def shared(place: Path) -> Desk:
    return Desk(place / "one", "head", HEAD)


@pytest.fixture
def bota(place: Path) -> Iterator[Office]:
    office = desk_of(place, "two").open()
    yield office
    office.close()


def cut_off(office: Office) -> None:
    """The battery is empty: nothing of what happens at the end of a sitting happens."""
    office.database.close()
    office._close()


def save(office: Office, surname: str) -> UUID:
    return office.desk.save("person", {"surname": surname, "given": "Мөлдір", "iin_absence": "NOT_RECORDED"}).id


def met(office: Office, place: Path) -> None:
    office.syncing.sync(str(place / "stick"))


def handed_over(office: Office, to: Office, place: Path) -> None:
    """Whoever has opened the laptop meets the stick and leaves, and then another one meets it."""
    met(office, place)
    office.close()
    met(to, place)


def writers(office: Office, id: UUID) -> set[tuple[UUID, str]]:
    return {(entry.actor, entry.who) for entry in office.history.of("person", id)}


def left_by_dina(shared: Desk) -> tuple[UUID, UUID]:
    """A person whom she registered before the battery was empty, and she herself."""
    office = shared.open("dina", DINA)
    client, dina = save(office, "Саматова"), office.me
    cut_off(office)
    return client, dina


def test_what_a_crash_left_is_shown_with_who_vouches_for_it(place: Path, shared: Desk, bota: Office) -> None:
    client, dina = left_by_dina(shared)
    handed_over(shared.open(), bota, place)
    assert writers(bota, client) == {(dina, f"{DINAS_NAME}, as {HEADS_NAME} vouches")}


def test_what_she_signs_herself_after_a_crash_is_hers_alone(place: Path, shared: Desk, bota: Office) -> None:
    client, dina = left_by_dina(shared)
    handed_over(shared.open("dina", DINA), bota, place)
    assert writers(bota, client) == {(dina, DINAS_NAME)}


def test_what_she_leaves_in_order_is_hers_alone_whoever_hands_it_over(place: Path, shared: Desk, bota: Office) -> None:
    office = shared.open("dina", DINA)
    client, dina = save(office, "Саматова"), office.me
    office.close()
    handed_over(shared.open(), bota, place)
    assert writers(bota, client) == {(dina, DINAS_NAME)}


def test_on_the_laptop_where_it_was_written_nobody_has_to_vouch(shared: Desk) -> None:
    client, dina = left_by_dina(shared)
    office = shared.open()
    assert writers(office, client) == {(dina, DINAS_NAME)}
    office.close()


def test_for_what_the_program_wrote_itself_its_sender_answers(place: Path, shared: Desk, bota: Office) -> None:
    office = shared.open()
    head, office.database.actor = office.database.actor, UUID(int=0)
    with office.database.write() as session:
        made_by_none = Person(surname="Саматова", given="Мөлдір")
        session.add(made_by_none)
    office.database.actor = head
    handed_over(office, bota, place)
    assert writers(bota, made_by_none.id) == {(UUID(int=0), HEADS_NAME)}


def test_a_conflict_says_who_vouches_too(place: Path, shared: Desk, bota: Office) -> None:
    client = save(bota, "Саматова")
    met(bota, place)
    office = shared.open("dina", DINA)
    met(office, place)
    office.desk.save("person", {"given": "Мария"}, client)
    cut_off(office)
    bota.desk.save("person", {"given": "Айша"}, client)
    handed_over(shared.open(), bota, place)
    (conflict,) = bota.conflicts.open()
    choice = Writers(bota).choice([conflict], "", None)
    assert [f"{DINAS_NAME}, as {HEADS_NAME} vouches" in one.line for one in choice.versions] == [False, True]


def test_a_decision_that_was_left_unsigned_says_who_vouches_for_it(place: Path, shared: Desk, bota: Office) -> None:
    client = save(bota, "Саматова")
    met(bota, place)
    office = shared.open("dina", DINA)
    met(office, place)
    office.desk.save("person", {"given": "Мария"}, client)
    met(office, place)
    bota.desk.save("person", {"given": "Айша"}, client)
    met(bota, place)
    met(office, place)
    office.conflicts.settle(office.conflicts.open()[0].id, "write", "Алма")
    cut_off(office)
    handed_over(shared.open(), bota, place)
    ((conflict, _verdict),) = bota.conflicts.settled(5)
    assert Writers(bota).who_settled(conflict).endswith(f"{DINAS_NAME}, as {HEADS_NAME} vouches")
