"""The bytes of attachments go with their records: sealed as they lie, found by who has the case's key, whole or not."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from familydesk.core import clock
from familydesk.exchange.scans import Scan
from familydesk.records.attachment import AttachmentKind, MediaType
from familydesk.records.person import Person
from familydesk.services.attachments import Incoming
from familydesk.services.office import Office
from familydesk.services.syncing import Outcome
from familydesk.store.attachment_content import MARK, PIECE, Lying, _bound
from familydesk.store.sealing import seal
from familydesk.sync import outcome as told
from familydesk.sync.contents import Contents, _name, _note

sys.path.append(str(Path(__file__).parents[1] / "sync"))
from colleagues import desk_of, made

ABSENT = Person.field("iin_absence").choices or {}


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
def offices(place: Path) -> Iterator[tuple[Office, Office]]:
    opened = desk_of(place, "one").open(), desk_of(place, "two").open()
    yield opened
    for office in opened:
        office.close()


def meet(office: Office) -> Outcome:
    return office.syncing.sync(str(office.folder.parent / "stick"))


def attach(office: Office, content: bytes) -> UUID:
    absent = {"given": "Мөлдір", "iin_absence": ABSENT["NOT_RECORDED"]}
    client = office.desk.save("person", {"surname": "Жұмабаева", **absent}).id
    values = {"client_id": client, "responsible_id": office.me, "opened_on": clock.today()}
    case = office.desk.save("case", values).id
    given = {"case_id": case, "subject": "Сурет", "kind": AttachmentKind.INJURIES}
    return office.attachments.add(Incoming(Scan(content, MediaType.PNG, 1), "IMG_0001.png"), given).id


def pieces_at(place: Path) -> list[Path]:
    return sorted(one for one in (place / "stick").rglob("chunk/*") if one.is_file())


@pytest.mark.parametrize("size", [0, 1, PIECE, 3 * PIECE + 5])
def test_a_photo_is_on_both_laptops_after_they_met(offices: tuple[Office, Office], place: Path, size: int) -> None:
    head, bota = offices
    content = os.urandom(size)
    photo = attach(head, content)
    assert meet(head).waiting == 0
    assert len(pieces_at(place)) == -(-size // PIECE) + 1
    came = meet(bota)
    assert bota.attachments.content(photo) == content
    assert [warning.text for warning in came.warnings] == []
    before = {one: one.stat().st_mtime_ns for one in pieces_at(place)}
    meet(head)
    meet(bota)
    assert {one: one.stat().st_mtime_ns for one in pieces_at(place)} == before


def test_a_photo_goes_on_to_another_stick(offices: tuple[Office, Office], place: Path) -> None:
    head, bota = offices
    photo = attach(bota, b"photo" * 100)
    meet(bota)
    (place / "other").mkdir()
    meet(head)
    head.syncing.sync(str(place / "other"))
    shutil.rmtree(place / "stick")
    assert len(list((place / "other").rglob("chunk/*"))) == 2
    assert head.attachments.content(photo) == b"photo" * 100


def test_nothing_of_a_photo_can_be_read_on_a_stick(offices: tuple[Office, Office], place: Path) -> None:
    head, _ = offices
    photo = attach(head, b"SECRETSECRET" * 1000)
    meet(head)
    for one in pieces_at(place):
        assert b"SECRET" not in one.read_bytes()
        assert photo.hex not in one.name
        assert photo.bytes not in one.read_bytes()


@pytest.mark.parametrize("harm", ["torn", "exchanged", "gone"])
def test_a_photo_with_a_bad_piece_is_told_of_and_not_kept(
    offices: tuple[Office, Office], place: Path, harm: str
) -> None:
    head, bota = offices
    photo = attach(head, os.urandom(3 * PIECE))
    meet(head)
    worst = max(pieces_at(place), key=lambda one: one.stat().st_size)
    whole = worst.read_bytes()
    if harm == "torn":
        worst.write_bytes(whole[:1000])
    elif harm == "exchanged":
        worst.write_bytes(os.urandom(len(whole)))
    else:
        worst.unlink()
    came = meet(bota)
    assert came.received
    assert [warning.text for warning in came.warnings] == [told.CONTENTS_DAMAGED]
    with bota.database.connection() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM attachment_chunk").scalar() == 0
    worst.write_bytes(whole)
    assert meet(bota).warnings == []
    assert len(bota.attachments.content(photo)) == 3 * PIECE


def test_a_large_photo_goes_on_where_it_was_stopped(offices: tuple[Office, Office], place: Path) -> None:
    head, bota = offices
    photo = attach(head, os.urandom(4 * PIECE))
    stops = iter([False] * 2 + [True] * 100)
    stick = str(place / "stick")
    stopped = head.syncing.sync(stick, stop=lambda: bool(pieces_at(place)) and next(stops))
    assert stopped.waiting
    assert told.STOPPED in [warning.text for warning in stopped.warnings]
    first = {one: one.stat().st_mtime_ns for one in pieces_at(place)}
    assert 0 < len(first) < 5
    assert meet(head).waiting == 0
    assert first.items() <= {one: one.stat().st_mtime_ns for one in pieces_at(place)}.items()
    meet(bota)
    assert len(bota.attachments.content(photo)) == 4 * PIECE


def test_a_photo_of_a_record_that_is_not_here_yet_is_left_where_it_lies(
    offices: tuple[Office, Office], place: Path
) -> None:
    head, bota = offices
    photo = attach(head, b"photo")
    meet(head)
    log = next((place / "stick").glob("*/log"))
    log.rename(place / "log")
    assert meet(bota).warnings == []
    shutil.rmtree(log)
    (place / "log").rename(log)
    meet(bota)
    assert bota.attachments.content(photo) == b"photo"


def planted(bota: Office, photo: UUID, content: bytes) -> dict[str, bytes]:
    """Other bytes under the names of a scan, as whoever has the key of its case can leave them."""
    lying = Lying(MARK + bytes(32).hex(), 1, len(content))
    there = Contents(bota.database, bota.center.id, lambda: bota.center.epoch_keys)
    with bota.database.connection() as connection:
        secret = next(there._secrets(connection, photo))
    piece = seal(bytes(32), _bound(photo, 0, 1, len(content)), content)
    return {_name(secret, photo, 0): piece, _name(secret, photo): _note(secret, photo, lying)}


def test_other_bytes_under_the_name_of_a_photo_are_not_kept_and_do_not_stand_in_its_way(
    offices: tuple[Office, Office], place: Path
) -> None:
    head, bota = offices
    photo = attach(head, b"photo" * 100)
    meet(head)
    (chunks,) = (place / "stick").rglob("chunk")
    shutil.rmtree(chunks)
    meet(bota)
    chunks.mkdir()
    for name, content in planted(bota, photo, b"other" * 100).items():
        (chunks / name).write_bytes(content)
    came = meet(bota)
    assert [warning.text for warning in came.warnings] == [told.CONTENTS_DAMAGED]
    (place / "other").mkdir()
    for office in offices:
        office.syncing.sync(str(place / "other"))
    assert bota.attachments.content(photo) == b"photo" * 100
