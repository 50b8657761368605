"""Real laptops meet by a real hub: from the first certificate to a colleague's work, and nothing in it can be read."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from newcomers import BOTA, BOTA_NAMED, Desk, Place

from familydesk.core.errors import Refused
from familydesk.hub import admin
from familydesk.hub.storage import Storage, sqlite_file_url
from familydesk.services.roads import ANOTHER, NO_CENTER_THERE
from familydesk.sync import outcome

SURNAME = "Құндызбаева"


class Hub:
    """`familydesk hub` on loopback."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.start()

    def start(self, listen: str = "127.0.0.1:0") -> None:
        words = [sys.executable, "-m", "familydesk", "hub", "--data", str(self.folder), "--listen", listen]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().removeprefix("listening on ").strip()

    def start_again(self) -> None:
        """At the same address: what is remembered of a hub goes by it."""
        self.stop()
        self.start(self.url.rpartition("/")[2])

    def stop(self) -> None:
        self.process.terminate()
        self.process.communicate(timeout=30)

    def add(self, certificate: Path) -> None:
        storage = Storage(sqlite_file_url(self.folder / "hub.db"))
        admin.add_center(storage, certificate)
        storage.close()


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A center whose head has met nobody but a stick."""
    return Place.made(tmp_path_factory.mktemp("founded") / "place")


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    found = Hub(tmp_path / "hub")
    yield found
    found.stop()


@pytest.fixture
def place(founded: Place, hub: Hub, tmp_path: Path) -> Iterator[Place]:
    """The center, kept by the hub from now on, which takes the stick's place."""
    place = founded.copied(tmp_path / "place")
    certificate = tmp_path / "center.txt"
    place.head.open().admissions.certificate(certificate)
    place.head.leave()
    hub.add(certificate)
    place.stick = hub.url  # type: ignore[assignment]
    yield place
    place.head.leave()


def save(desk: Desk, surname: str) -> object:
    values = {"surname": surname, "given": "М", "iin_absence": "NOT_RECORDED"}
    saved = desk.open().desk.save("person", values).id
    desk.leave()
    return saved


def test_a_colleague_joins_by_a_hub_and_both_have_the_same(place: Place, hub: Hub) -> None:
    assert place.head.sync(place.stick)["warnings"] == []
    bota = place.admitted("bota", BOTA, BOTA_NAMED, "PSYCHOLOGIST")
    id = save(bota, SURNAME)
    sent = bota.sync(place.stick)
    assert (bool(sent["sent"]), sent["waiting"], sent["warnings"]) == (True, 0, [])
    assert place.head.sync(place.stick)["received"]
    assert place.head.open().desk.get("person", id).surname == SURNAME  # type: ignore[arg-type, attr-defined]
    hub.stop()
    for file in hub.folder.iterdir():
        content = file.read_bytes()
        assert not any(SURNAME.encode(form) in content for form in ("utf-8", "utf-16-le")), file.name
    hub.start()


def test_a_colleague_who_comes_to_a_hub_before_the_head_was_there_is_not_told_that_she_was_shut_out(
    place: Place, hub: Hub, tmp_path: Path
) -> None:
    place.stick = tmp_path / "stick"
    place.stick.mkdir()
    place.head.sync(place.stick)
    bota = place.admitted("bota", BOTA, BOTA_NAMED, "PSYCHOLOGIST")
    id = save(bota, SURNAME)
    early = bota.sync(hub.url)  # type: ignore[arg-type]
    assert (bool(early["sent"]), early["waiting"], early["warnings"]) == (True, 0, [])
    place.head.sync(hub.url)  # type: ignore[arg-type]
    assert place.head.open().desk.get("person", id).surname == SURNAME  # type: ignore[arg-type, attr-defined]


def test_a_hub_that_was_put_back_gets_again_what_it_lost(place: Place, hub: Hub, tmp_path: Path) -> None:
    place.head.sync(place.stick)
    hub.stop()
    shutil.copytree(hub.folder, tmp_path / "yesterday")
    hub.start_again()
    save(place.head, SURNAME)
    place.head.sync(place.stick)
    hub.stop()
    shutil.rmtree(hub.folder)
    shutil.copytree(tmp_path / "yesterday", hub.folder)
    hub.start_again()
    told = place.head.sync(place.stick)
    assert (told["warnings"], bool(told["sent"]), told["waiting"]) == ([outcome.PUT_BACK], True, 0)
    assert place.head.sync(place.stick)["warnings"] == []


def test_a_laptop_asks_only_the_center_that_it_was_told_of(place: Place, hub: Hub, tmp_path: Path) -> None:
    newcomer = place.desk("new", BOTA)
    with pytest.raises(Refused) as refused:
        newcomer.ask(place.stick, BOTA_NAMED, pinned="0000-0000-0000-0000")
    assert [problem.text for problem in refused.value.problems] == [ANOTHER]


def test_a_hub_without_a_center_has_nobody_to_ask(hub: Hub, tmp_path: Path) -> None:
    newcomer = Desk(tmp_path / "new", BOTA)
    with pytest.raises(Refused) as refused:
        newcomer.ask(hub.url, BOTA_NAMED)  # type: ignore[arg-type]
    assert [problem.text for problem in refused.value.problems] == [NO_CENTER_THERE]
