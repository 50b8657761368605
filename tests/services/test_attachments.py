"""Attachments: kept whole or not at all, nowhere in the open, and looked at only by who may."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PIL import Image
from small_center import Center
from sqlalchemy import func, select, text, update

from familydesk.core.errors import Refused, Weather
from familydesk.exchange import scans
from familydesk.exchange.age import Protection
from familydesk.exchange.scans import Scan
from familydesk.records.attachment import AttachmentKind, CopyGround, MediaType
from familydesk.services.attachments import Incoming
from familydesk.services.giving_out import Handing
from familydesk.services.journal import Deed
from familydesk.store import guards
from familydesk.store.attachment_content import PIECE, erase
from familydesk.store.attachment_content import put as seal_in
from familydesk.store.tables import ATTACHMENT_CHUNK, ATTACHMENT_CONTENT, CHANGE, JOURNAL

SECRET = b"a bruise on the left arm, 3 March"


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), (10, 120, 200)).save(file, "PNG")
    return file.getvalue()


def incoming(content: bytes = b"", name: str = "IMG_0001.png") -> Incoming:
    """A file as it stands after reading; its bytes are of no matter to the store."""
    return Incoming(Scan(content or picture(), MediaType.PNG, 1), name)


def put(center: Center, content: bytes = b"", **values: Any) -> UUID:
    given = {"case_id": center.case(), "subject": "Photo", "kind": AttachmentKind.INJURIES, **values}
    return center.office.attachments.add(incoming(content), given).id


def rows(center: Center) -> tuple[int, int, int]:
    """Records, heads and pieces in the store."""
    with center.office.database.connection() as connection:
        counts = [
            connection.scalar(select(func.count()).select_from(t)) for t in (ATTACHMENT_CONTENT, ATTACHMENT_CHUNK)
        ]
    return (center.office.desk.count("attachment"), *counts)


@pytest.mark.parametrize(
    "typed", [{"pages": 2}, {"size": 1}, {"digest": "0" * 64}, {"media_type": MediaType.PDF}, {"digest": None}]
)
def test_what_was_read_from_a_file_is_never_typed(center: Center, typed: dict[str, Any]):
    id = put(center)
    with pytest.raises(Refused, match="program writes this itself"):
        center.office.desk.save("attachment", typed, id)
    center.office.desk.save("attachment", {"subject": "Left arm", "pages": 1}, id)
    record = center.office.desk.get("attachment", id)
    assert (record.subject, record.pages, record.media_type) == ("Left arm", 1, MediaType.PNG)


def test_what_was_put_in_comes_out_byte_for_byte(center: Center):
    content = os.urandom(2 * PIECE + 17)
    id = put(center, content)
    assert center.office.attachments.content(id) == content
    assert rows(center) == (1, 1, 3)
    record = center.office.desk.get("attachment", id)
    assert (record.size, record.pages, record.media_type, record.file_name) == (
        len(content),
        1,
        MediaType.PNG,
        "IMG_0001.png",
    )


def test_the_change_log_and_the_opened_pages_hold_no_byte_of_it(center: Center, tmp_path: Path):
    content = SECRET * (PIECE // len(SECRET) + 2)
    put(center, content)
    with center.office.database.connection() as connection:
        assert (connection.scalar(select(func.sum(func.length(CHANGE.c.value)))) or 0) < 50_000
    plain = tmp_path / "decrypted.db"
    with guards.plain_connection(center.office.database.path, center.office.database.key) as connection:
        connection.execute("ATTACH DATABASE ? AS plain KEY ''", (str(plain),))
        connection.execute("SELECT sqlcipher_export('plain')")
    decrypted = plain.read_bytes()
    assert decrypted.startswith(b"SQLite format 3")
    assert SECRET not in decrypted


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE attachment_content SET key = x'00ff'",
        "UPDATE attachment_content SET pieces = 'x'",
        "UPDATE attachment_content SET size = x'01'",
        "UPDATE attachment_chunk SET sealed = 'text'",
        "UPDATE attachment_chunk SET sealed = 1",
    ],
)
def test_a_value_of_a_wrong_type_is_a_damaged_attachment(center: Center, damage: str):
    id = put(center)
    with center.office.database.connection(write=True) as connection:
        connection.exec_driver_sql(damage)
    with pytest.raises(Weather, match="damaged"):
        center.office.attachments.content(id)


@pytest.mark.parametrize("value", ["1", "x'00ff'", "'[]'"])
def test_an_attachment_whose_beginning_in_the_history_cannot_be_read_is_not_shown(center: Center, value: str):
    id = put(center)
    with center.office.database.connection(write=True) as connection:
        connection.exec_driver_sql(f"UPDATE change SET value = {value} WHERE record = ? AND field = ''", (id.hex,))
    with pytest.raises(Weather, match="another in its place"):
        center.office.attachments.content(id)


def test_pieces_that_were_exchanged_shortened_or_taken_away_are_noticed(center: Center):
    one, other = put(center, os.urandom(3 * PIECE)), put(center, os.urandom(3 * PIECE))
    table, database = ATTACHMENT_CHUNK, center.office.database
    piece = lambda id, at: (table.c.attachment == id.hex) & (table.c.piece == at)  # noqa: E731
    with database.connection(write=True) as connection:
        swapped = connection.scalar(select(table.c.sealed).where(piece(one, 1)))
        connection.execute(update(table).where(piece(one, 0)).values(sealed=swapped))
        connection.execute(
            update(ATTACHMENT_CONTENT).where(ATTACHMENT_CONTENT.c.attachment == other.hex).values(pieces=2)
        )
    for id in (one, other):
        with pytest.raises(Weather, match="damaged"):
            center.office.attachments.content(id)


def test_stopping_in_the_middle_leaves_nothing(center: Center):
    class Stopped(Exception):
        pass

    def stop(done: int, total: int) -> None:
        if done >= total // 2:
            raise Stopped

    given = {"case_id": center.case(), "subject": "Photo", "kind": AttachmentKind.INJURIES}
    with pytest.raises(Stopped):
        center.office.attachments.add(incoming(os.urandom(4 * PIECE)), given, stop)
    assert rows(center) == (0, 0, 0)


def test_a_full_disk_is_one_sentence_and_leaves_nothing(center: Center):
    given = {"case_id": center.case(), "subject": "Photo", "kind": AttachmentKind.INJURIES}
    with center.office.database.connection(write=True) as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 40}")
    with pytest.raises(Weather, match="disk is full"):
        center.office.attachments.add(incoming(os.urandom(8 * PIECE)), given)
    assert rows(center) == (0, 0, 0)


KILLED = """
import sys, time
from pathlib import Path
from uuid import UUID
from familydesk.store import attachment_content
from familydesk.store.database import Database

database = Database.open(Path(sys.argv[1]), bytes(range(32)))

def slowly(done, total):
    print(done, flush=True)
    time.sleep(0.02)

with database.write() as session:
    content = bytes(40 * attachment_content.PIECE)
    attachment_content.put(session.connection(), database.case_keys, UUID(int=1), UUID(sys.argv[2]), content, slowly)
print("whole", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("moment", ["1048576", "whole"])
def test_a_program_killed_while_it_takes_something_in_leaves_nothing_or_all_of_it(center: Center, moment: str):
    id = UUID(int=7)
    path = center.office.database.path
    words = [sys.executable, "-c", KILLED, str(path), str(id)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        for line in writer.stdout:
            if line.strip() == moment:
                break
        writer.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while writer.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert rows(center)[1:] == ((1, 40) if moment == "whole" else (0, 0))


def test_a_file_is_known_by_its_content_and_refused_unread_if_it_is_too_large(center: Center, tmp_path: Path):
    (tmp_path / "scan.exe").write_bytes(picture())
    assert center.office.attachments.read(tmp_path / "scan.exe").scan.media_type is MediaType.PNG
    with (tmp_path / "large.png").open("wb") as file:
        file.truncate(scans.LARGEST + 1)
    with pytest.raises(Refused, match="50 MB"):
        center.office.attachments.read(tmp_path / "large.png")
    with pytest.raises(Weather, match="cannot be read"):
        center.office.attachments.read(tmp_path / "gone.png")
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(Refused):
        center.office.attachments.read(tmp_path / "pipe.png")


def test_a_copy_of_an_identity_document_names_the_exception_that_allows_it(center: Center):
    with pytest.raises(Refused, match="prohibits copies of identity documents"):
        put(center, kind=AttachmentKind.IDENTITY)
    assert rows(center) == (0, 0, 0)
    assert put(center, kind=AttachmentKind.IDENTITY, copy_ground=CopyGround.NO_INTEGRATION)


def test_a_copy_leaves_only_with_reason_and_recipient_and_is_written_down(center: Center, tmp_path: Path):
    id = put(center)
    with pytest.raises(Refused):
        center.office.attachments.copy(id, Handing("", "Court", Protection.OPEN))
    parcel = center.office.attachments.copy(id, Handing("Request No 5", "Court No 2", Protection.OPEN))
    assert list(tmp_path.glob("*.png")) == []
    path = parcel.save(tmp_path / "out.png")
    assert path.read_bytes() == picture()
    assert parcel.name.endswith(".png")
    with center.office.database.connection() as connection:
        noted = connection.execute(select(JOURNAL).order_by(JOURNAL.c.seq.desc())).first()
    assert noted is not None
    assert (noted.deed, noted.reason, noted.recipient) == (Deed.EXPORTED.name, "Request No 5", "Court No 2")
    assert noted.record == id.hex


def test_who_counts_only_sees_no_attachment(center: Center):
    id = put(center)
    analyst = center.add("staff_member", surname="Тілеу", given="Сая", role="ANALYST").id
    office = center.office
    office.database.actor = analyst
    office.account.__dict__.pop("rights", None)
    with pytest.raises(Refused):
        office.attachments.content(id)


def test_a_worker_of_the_offender_does_not_see_the_victims_pictures(center: Center):
    office = center.office
    victim, offender = center.person(), center.person("Жұмабаев", "Серік")
    worker = center.add("staff_member", surname="Ахметова", given="Сәуле", role="SOCIAL_WORKER").id
    hers = center.case(victim)
    center.case(offender, responsible_id=worker)
    center.incident(hers, victim, offender_id=offender)
    id = put(center, case_id=hers)
    office.database.actor = worker
    office.account.__dict__.pop("rights", None)
    with pytest.raises(Refused):
        office.attachments.content(id)


def test_erasing_takes_the_bytes_and_the_key(center: Center):
    gone, stays = put(center), put(center)
    with center.office.database.connection(write=True) as connection:
        erase(connection, [gone])
    with pytest.raises(Weather, match="not on this computer"):
        center.office.attachments.content(gone)
    assert center.office.attachments.content(stays) == picture()


def reseal(center: Center, id: UUID, content: bytes) -> None:
    """What a colleague with the store's key and a tool of her own can do: other bytes, sealed just as well."""
    database, case = center.office.database, center.office.desk.get("attachment", id).case_id
    with database.connection(write=True) as connection:
        erase(connection, [id])
        seal_in(connection, database.case_keys, case, id, content)


def test_a_file_put_in_the_place_of_another_is_refused_even_if_its_record_names_the_new_one(center: Center):
    id, stays = put(center), put(center)
    forged = os.urandom(2 * PIECE)
    reseal(center, id, forged)
    with pytest.raises(Weather, match="not the file that was attached"):
        center.office.attachments.content(id)
    with center.office.database.connection(write=True) as connection:
        named = {"digest": hashlib.sha256(forged).hexdigest(), "id": id.hex}
        connection.execute(text("UPDATE attachment SET digest = :digest WHERE id = :id"), named)
    with pytest.raises(Weather, match="not the file that was attached"):
        center.office.attachments.content(id)
    assert center.office.attachments.content(stays) == picture()


def test_the_record_tells_the_fingerprint_that_anybody_can_count_anew_over_a_copy(center: Center):
    id = put(center)
    assert center.office.desk.get("attachment", id).digest == hashlib.sha256(picture()).hexdigest()
