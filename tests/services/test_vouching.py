"""What a colleague left unsigned on her laptop bears her name elsewhere, and the name of whoever vouches for it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from familydesk.services.office import Office
from familydesk.services.writers import Writers

sys.path.append(str(Path(__file__).parents[1] / "sync"))
from colleagues import BOTA, HEAD, Desk, made

HEADS_NAME, BOTAS_NAME = "Оспанова Гүлнар", "Бекова Бота Серікқызы"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("both")
    made(place)
    return place


@pytest.fixture
def place(both: Path, tmp_path: Path) -> Path:
    for name in ("one", "two"):
        shutil.copytree(both / name, tmp_path / name)
    (tmp_path / "stick").mkdir()
    return tmp_path


@pytest.fixture
def head(place: Path) -> Iterator[Office]:
    office = Desk(place / "one", "head", HEAD).open()
    yield office
    office.close()


def cut_off(office: Office) -> None:
    """The battery is empty: nothing of what happens at the end of a sitting happens."""
    office.database.close()
    office._close()


def save(office: Office, surname: str) -> UUID:
    return office.desk.save("person", {"surname": surname, "given": "Мөлдір", "iin_absence": "NOT_RECORDED"}).id


def handed_over(laptop: Desk, head: Office, login: str, passphrase: str) -> None:
    """Somebody opens the laptop and meets the stick, and then the head does."""
    office = laptop.open(login, passphrase)
    stick = str(laptop.folder.parent / "stick")
    office.syncing.sync(stick)
    office.close()
    head.syncing.sync(stick)


def writers(office: Office, id: UUID) -> set[tuple[UUID, str]]:
    return {(entry.actor, entry.who) for entry in office.history.of("person", id)}


def test_what_a_crash_left_is_shown_with_who_vouches_for_it(place: Path, head: Office) -> None:
    laptop = Desk(place / "two", "bota", BOTA)
    office = laptop.open()
    client, bota = save(office, "Саматова"), office.me
    cut_off(office)
    handed_over(laptop, head, "head", HEAD)
    assert writers(head, client) == {(bota, f"{BOTAS_NAME}, as {HEADS_NAME} vouches")}


def test_what_she_signs_herself_after_a_crash_is_hers_alone(place: Path, head: Office) -> None:
    laptop = Desk(place / "two", "bota", BOTA)
    office = laptop.open()
    client, bota = save(office, "Саматова"), office.me
    cut_off(office)
    handed_over(laptop, head, "bota", BOTA)
    assert writers(head, client) == {(bota, BOTAS_NAME)}


def test_on_the_laptop_where_it_was_written_nobody_has_to_vouch(place: Path, head: Office) -> None:
    client = save(head, "Саматова")
    assert writers(head, client) == {(head.me, HEADS_NAME)}


def test_a_conflict_says_who_vouches_too(place: Path, head: Office) -> None:
    client = save(head, "Саматова")
    stick = str(place / "stick")
    head.syncing.sync(stick)
    laptop = Desk(place / "two", "bota", BOTA)
    office = laptop.open()
    office.syncing.sync(stick)
    office.desk.save("person", {"given": "Мария"}, client)
    cut_off(office)
    head.desk.save("person", {"given": "Айша"}, client)
    handed_over(laptop, head, "head", HEAD)
    (conflict,) = head.conflicts.open()
    choice = Writers(head).choice([conflict], "", None)
    assert [f"{BOTAS_NAME}, as {HEADS_NAME} vouches" in one.line for one in choice.versions] == [False, True]
