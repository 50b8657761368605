"""What was erased opens nowhere any more where this laptop has been: not on its shelf, not on the stick."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from small_center import NOW, Center

from familydesk.core import clock
from familydesk.services.office import Office
from familydesk.sync.keyring import StreamKeys
from familydesk.sync.opening import Opened, opened
from familydesk.sync.wire import envelope

sys.path.append(str(Path(__file__).parents[1] / "sync"))
from colleagues import HEAD, Desk, desk_of, made


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("both")
    made(place)
    return place


@pytest.fixture
def stick(both: Path, tmp_path: Path) -> Path:
    for name in ("one", "two"):
        shutil.copytree(both / name, tmp_path / name)
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


@pytest.fixture
def head(stick: Path) -> Iterator[Office]:
    office = Desk(stick.parent / "one", "head", HEAD).open()
    with clock.stopped(NOW):
        yield office
    office.close()


@pytest.fixture
def bota(stick: Path) -> Iterator[Office]:
    office = desk_of(stick.parent, "two").open()
    yield office
    office.close()


@pytest.fixture
def client(head: Office) -> UUID:
    return Center(head).person("Саматова")


@pytest.fixture
def case(head: Office, client: UUID) -> UUID:
    """A closed case of hers, and an open one of somebody else in the same envelope."""
    center = Center(head)
    center.case()
    return center.case(client, closed_on=NOW.date(), closing_reason="GOAL_REACHED", situation="оның сөзі")


def meet(stick: Path, *offices: Office) -> list[tuple[int, list[str]]]:
    met = [office.syncing.sync(str(stick)) for office in offices]
    return [(one.parked, [warning.text for warning in one.warnings]) for one in met]


def shelf(office: Office) -> list[Opened]:
    """Everything on a laptop's shelf, with the keys that it has."""
    center = office.center
    with office.database.connection() as connection:
        contents = connection.exec_driver_sql("SELECT content FROM envelope").scalars().all()
        keys = StreamKeys(connection, center.id, center.epoch_keys)
        return [opened(envelope.read(content), center.trust, keys) for content in contents]


def readable(office: Office) -> set[bytes]:
    return {change.record for one in shelf(office) for change in one.changes}


def keys_on(stick: Path) -> set[str]:
    return {file.name for file in stick.glob("*/object/key/*") if not file.suffix}


def test_an_erased_case_opens_no_more_on_the_shelf(head: Office, stick: Path, client: UUID, case: UUID) -> None:
    meet(stick, head)
    assert case.bytes in readable(head)
    before = readable(head)
    head.keeping.erase(client, "келісімін кері алды")
    assert before - readable(head) == {case.bytes}


def test_the_stick_gives_its_key_to_nobody_from_then_on(
    head: Office, bota: Office, stick: Path, client: UUID, case: UUID
) -> None:
    meet(stick, head)
    there = keys_on(stick)
    head.keeping.erase(client, "келісімін кері алды")
    meet(stick, head)
    assert len(there - keys_on(stick)) == len(keys_on(stick) - there) == 1
    meet(stick, bota)
    assert case.bytes not in readable(bota)
    assert len(bota.desk.ids("case")) == 1
    assert bota.desk.ids("case") == head.desk.ids("case")


def test_what_others_still_write_in_it_is_not_waited_for(
    head: Office, bota: Office, stick: Path, client: UUID, case: UUID
) -> None:
    meet(stick, head, bota)
    head.keeping.erase(client, "келісімін кері алды")
    bota.desk.save("case", {"situation": "тағы бір сөз"}, case)
    assert meet(stick, bota, head) == [(0, []), (0, [])]
    with head.database.connection() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM parked").scalar() == 0
