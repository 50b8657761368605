"""Attachments of a restricted case: added before and after, they open for those named and for nobody else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from laptop import Laptop, whole_case

from familydesk.core.errors import Refused, Weather
from familydesk.exchange.scans import Scan
from familydesk.records.attachment import AttachmentKind, MediaType
from familydesk.services.attachments import Incoming
from familydesk.services.office import Office
from familydesk.services.restriction import Why
from familydesk.store import attachment_content, backup, guards
from familydesk.store.attachment_content import MARK
from familydesk.store.folder import StoreFolder

BEFORE, AFTER = os.urandom(300_000), os.urandom(300_000)


def put(office: Office, case: UUID, content: bytes) -> UUID:
    given = {"case_id": case, "subject": "Сурет", "kind": AttachmentKind.INJURIES}
    return office.attachments.add(Incoming(Scan(content, MediaType.JPEG, 1), "a.jpg"), given).id


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Laptop, UUID, UUID, UUID]:
    """A restricted case of Bota's, with a file from before and one from after."""
    laptop = Laptop.made(tmp_path_factory.mktemp("laptop") / "store")
    case = whole_case(laptop.enter("head"), laptop.people["bota"])["case"]
    office = laptop.enter("bota")
    before = put(office, case, BEFORE)
    office.restricted.restrict(case, Why.THREAT, [office.me])
    after = put(office, case, AFTER)
    laptop.leave()
    return laptop, case, before, after


@pytest.fixture
def laptop(made: tuple[Laptop, UUID, UUID, UUID], tmp_path: Path) -> Iterator[Laptop]:
    laptop = made[0].copied(tmp_path / "store")
    yield laptop
    laptop.leave()


def test_who_is_named_opens_both(laptop: Laptop, made: tuple[Laptop, UUID, UUID, UUID]) -> None:
    office = laptop.enter("bota")
    assert office.attachments.content(made[2]) == BEFORE
    assert office.attachments.content(made[3]) == AFTER


@pytest.mark.parametrize("login", ["head", "saule"])
def test_to_nobody_else_they_are_there(laptop: Laptop, made: tuple[Laptop, UUID, UUID, UUID], login: str) -> None:
    office = laptop.enter(login)
    assert office.attachments.of_cases([made[1]]) == []
    for id in made[2:]:
        with pytest.raises(Refused):
            office.attachments.content(id)
        with (
            office.database.connection() as connection,
            pytest.raises(Weather, match="sealed for other people"),
        ):
            list(attachment_content.pieces(connection, office.database.case_keys, id))


def test_the_file_holds_their_keys_sealed_only(laptop: Laptop, made: tuple[Laptop, UUID, UUID, UUID]) -> None:
    key = laptop.enter("saule").database.key
    laptop.leave()
    with guards.plain_connection(laptop.folder / "desk.db", key) as connection:
        held = dict(connection.execute("SELECT attachment, key FROM attachment_content").fetchall())
    assert set(held) >= {id.hex for id in made[2:]}
    assert not any(MARK in wrapped for wrapped in held.values())


def test_another_reader_and_opening_up_bring_them_back(laptop: Laptop, made: tuple[Laptop, UUID, UUID, UUID]) -> None:
    office = laptop.enter("bota")
    office.restricted.set_readers(made[1], [office.me, laptop.people["saule"]])
    office = laptop.enter("saule")
    assert [office.attachments.content(id) for id in made[2:]] == [BEFORE, AFTER]
    office = laptop.enter("bota")
    office.restricted.open_up(made[1])
    office = laptop.enter("head")
    assert [office.attachments.content(id) for id in made[2:]] == [BEFORE, AFTER]


def test_a_backup_holds_them_sealed_and_brings_them_back(
    laptop: Laptop, made: tuple[Laptop, UUID, UUID, UUID], tmp_path: Path
) -> None:
    office = laptop.enter("bota")
    file = office.backups.make(tmp_path / "one.backup")
    laptop.leave()
    assert file.stat().st_size >= len(BEFORE) + len(AFTER)
    assert BEFORE[:4096] not in file.read_bytes()
    unpacked = StoreFolder(tmp_path / "unpacked")
    unpacked.root.mkdir()
    backup.unpack(file, unpacked)
    again = Laptop(unpacked.root, laptop.paper, laptop.people).enter("bota")
    try:
        assert [again.attachments.content(id) for id in made[2:]] == [BEFORE, AFTER]
    finally:
        again.close()
