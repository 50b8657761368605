"""A laptop that is killed while it meets a stick: the store is whole, the stick too, and the next meeting goes on."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from familydesk.records.person import Person

sys.path.append(str(Path(__file__).parents[1] / "sync"))
from colleagues import desk_of, made, rows

PEOPLE = 1500
PROCESS = Path(__file__).with_name("syncing_process.py")
ABSENT = Person.field("iin_absence").choices or {}


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The head has work for a dozen envelopes."""
    place = tmp_path_factory.mktemp("full")
    made(place)
    head = desk_of(place, "one").open()
    with head.database.write() as session:
        absent = ABSENT["NOT_RECORDED"]
        people = (Person(surname=f"Тегі{number}", given="Мөлдір", iin_absence=absent) for number in range(PEOPLE))
        session.add_all(people)
    head.close()
    return place


@pytest.fixture
def place(full: Path, tmp_path: Path) -> Path:
    for name in ("one", "two"):
        shutil.copytree(full / name, tmp_path / name)
    (tmp_path / "stick").mkdir()
    return tmp_path


def lines_of(place: Path, name: str) -> Iterator[str]:
    """What a process says until it is left; it is killed then, without a word."""
    process = subprocess.Popen(
        [sys.executable, PROCESS, place, name], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        assert process.stdout
        yield from process.stdout
    finally:
        process.kill()
        process.wait()


def killed_at(place: Path, name: str, said: str) -> bool:
    """Whether it came as far as that."""
    heard = lines_of(place, name)
    found = any(line.startswith(said) for line in heard)
    heard.close()  # type: ignore[attr-defined]
    return found


def test_whoever_dies_while_sending_or_receiving_ends_with_everything(place: Path) -> None:
    assert killed_at(place, "one", "SENDING")
    head = desk_of(place, "one").open()
    assert head.syncing.sync(str(place / "stick")).waiting == 0
    # The second dies somewhere within the transaction that applies what the first has fetched.
    for moment in ("FETCHING", "opened"):
        assert killed_at(place, "two", moment)
    bota = desk_of(place, "two").open()
    last = bota.syncing.sync(str(place / "stick"))
    assert (last.waiting, last.parked) == (0, 0)
    assert rows(bota) == rows(head)
    assert not list((place / "stick").rglob("*.part"))
    assert bota.desk.count("person") == PEOPLE
    bota.close()
    head.close()


def test_whoever_dies_before_the_search_has_followed_finds_everybody_all_the_same(place: Path) -> None:
    head = desk_of(place, "one").open()
    head.syncing.sync(str(place / "stick"))
    head.close()
    assert killed_at(place, "two", "met")
    bota = desk_of(place, "two").open()
    assert [hit.title for hit in bota.search.find(f"Тегі{PEOPLE - 1}", limit=1)] == [f"Тегі{PEOPLE - 1} Мөлдір"]
    bota.close()
