"""Files on the family's page: how they come in, how they are looked at, how a copy leaves."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from uuid import UUID

import pikepdf
import pytest
from one_family import Ids
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, QSize, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage

from familydesk.core.errors import Weather
from familydesk.exchange.age import Protection
from familydesk.records.attachment import AttachmentKind, MediaType
from familydesk.services.office import Office
from familydesk.ui.handing import HandingPanel
from familydesk.ui.special.attachment_view import AttachmentScreen
from familydesk.ui.special.attachments import AttachmentsCard, incoming_of
from familydesk.ui.special.family_page import FamilyScreen
from familydesk.ui.special.give_out import GiveOutScreen
from familydesk.ui.special.print_preview import Paper, PrintPreview
from familydesk.ui.special.scan_pictures import encoded, page_picture, thumbnail
from familydesk.ui.workplace import Workplace

RED = (200, 30, 30)


@pytest.fixture
def office(family_office: Office) -> Office:
    return family_office


@pytest.fixture
def card(place: Workplace, ids: Ids, qtbot: Any, inline: None) -> AttachmentsCard:
    screen = FamilyScreen(place, ids.family)
    qtbot.addWidget(screen)
    screen.resize(1200, 900)
    screen.show()
    return screen.files


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 40), **more: Any) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, RED).save(file, kind, **more)
    return file.getvalue()


def document(pages: int = 2) -> bytes:
    made = pikepdf.new()
    for _page in range(pages):
        made.add_blank_page()
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def put(office: Office, case: UUID, content: bytes) -> UUID:
    incoming = office.attachments.look_at(content, "scan")
    given = {"case_id": case, "subject": "Анықтама", "kind": AttachmentKind.MEDICAL}
    return office.attachments.add(incoming, given).id


def fill(panel: Any, **values: Any) -> None:
    for name, value in values.items():
        panel.boxes[name].editor.put(value)


def test_a_dropped_file_is_asked_about_and_kept(card: AttachmentsCard, office: Office, tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(picture())
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    actions, buttons, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    card.dropEvent(QDropEvent(QPointF(5, 5), actions, data, buttons, keys))
    assert card.panel is not None
    assert office.desk.count("attachment") == 0
    fill(card.panel, subject="Анықтама", kind=AttachmentKind.MEDICAL)
    card.panel.run()
    assert card.panel is None
    (kept,) = office.desk.find("attachment")
    assert kept.values()["media_type"] is MediaType.PNG
    assert office.attachments.content(kept.id) == picture()


def test_several_files_are_asked_about_one_after_another(card: AttachmentsCard, office: Office) -> None:
    card.take([picture(), b"<html>", document()])
    for name in ("First", "Third"):
        assert card.panel is not None
        fill(card.panel, subject=name, kind=AttachmentKind.LETTER)
        card.panel.run()
    assert card.panel is None
    assert [one.values()["subject"] for one in office.desk.find("attachment")] == ["First", "Third"]


def test_a_picture_in_the_clipboard_is_taken_in(card: AttachmentsCard) -> None:
    data = QMimeData()
    data.setImageData(QImage(12, 8, QImage.Format.Format_RGB32))
    QGuiApplication.clipboard().setMimeData(data)
    card.paste()
    assert card.panel is not None
    assert incoming_of(QMimeData()) == []
    QGuiApplication.clipboard().clear()


def test_a_copy_of_an_identity_document_is_told_the_law_and_asked_for_the_exception(
    card: AttachmentsCard, office: Office
) -> None:
    card.take([picture()])
    assert card.panel is not None
    ground = card.panel.boxes["copy_ground"]
    assert ground.isHidden()
    fill(card.panel, subject="Жеке куәлік", kind=AttachmentKind.IDENTITY)
    assert not ground.isHidden()
    card.panel.run()
    assert "Art 7 p10" in ground.wrong.text()
    assert office.desk.count("attachment") == 0


def test_cancelling_keeps_nothing(card: AttachmentsCard, office: Office) -> None:
    card.take([picture()])
    assert card.panel is not None
    card.panel.left.emit()
    assert card.panel is None
    assert office.desk.count("attachment") == 0


@pytest.mark.parametrize(("content", "pages"), [(picture("JPEG"), 1), (document(3), 3)], ids=["photo", "document"])
def test_an_attachment_is_looked_at_page_by_page(
    place: Workplace, office: Office, ids: Ids, qtbot: Any, inline: None, content: bytes, pages: int
) -> None:
    screen = AttachmentScreen(place, put(office, ids.case, content))
    qtbot.addWidget(screen)
    screen.resize(900, 700)
    screen.show()
    assert screen.head.title.text() == "Анықтама"
    assert screen.count == pages
    assert not screen.picture.pixmap().isNull()
    before = screen.picture.width()
    screen.magnify(1.25)
    assert screen.picture.width() > before
    screen.turn(pages)
    assert screen.page == pages - 1
    screen.leave()
    assert screen.content == b""


def test_a_copy_leaves_sealed_and_says_why(
    place: Workplace, office: Office, ids: Ids, qtbot: Any, inline: None, tmp_path: Path
) -> None:
    import pyrage

    key = pyrage.x25519.Identity.generate()
    screen = AttachmentScreen(place, put(office, ids.case, picture()))
    qtbot.addWidget(screen)
    screen.show()
    screen.give_out()
    (panel,) = screen.findChildren(HandingPanel)
    assert screen.area.isHidden()
    parcels: list[Any] = []
    panel.done.disconnect()
    panel.done.connect(parcels.append)
    panel.run()
    assert parcels == []
    fill(panel, reason="Request No 5", recipient="Сот", protection=Protection.KEY, secret=str(key.to_public()))
    panel.run()
    panel.save_to(parcels[0], tmp_path / parcels[0].name)
    assert not screen.area.isHidden()
    (file,) = tmp_path.glob("*.age")
    assert pyrage.decrypt(file.read_bytes(), [key]) == picture()


def test_only_ticked_fields_leave_with_a_request(
    place: Workplace, office: Office, ids: Ids, qtbot: Any, inline: None
) -> None:
    screen = GiveOutScreen(place, office.families.family_page(ids.family))
    qtbot.addWidget(screen)
    screen.show()
    screen.choose_way("request")
    assert screen.own.isHidden()
    parcels: list[Any] = []
    screen.request.done.disconnect()
    screen.request.done.connect(parcels.append)
    fill(screen.request, reason="Request", recipient="Сот", protection=Protection.OPEN)
    fill(screen.request, ground=next(iter(type(screen.request.boxes["ground"].field.choices["COURT"]))))
    screen.request.run()
    assert parcels == [], "nothing is chosen yet"
    record, fields = screen.lines[0]
    fields[0].setCheckState(0, Qt.CheckState.Checked)
    assert screen.ticked == {record.data(0, Qt.ItemDataRole.UserRole): [fields[0].data(0, Qt.ItemDataRole.UserRole)]}
    screen.request.run()
    assert parcels[0].content.startswith(b"%PDF")


def test_her_own_copy_is_of_the_person_chosen(
    place: Workplace, office: Office, ids: Ids, qtbot: Any, inline: None
) -> None:
    screen = GiveOutScreen(place, office.families.family_page(ids.family))
    qtbot.addWidget(screen)
    screen.show()
    parcels: list[Any] = []
    screen.own.done.disconnect()
    screen.own.done.connect(parcels.append)
    screen.choose_person(ids.daughter)
    fill(screen.own, reason="Request", recipient="herself", protection=Protection.OPEN)
    screen.own.run()
    assert parcels[0].record == ids.daughter


def test_a_picture_is_shown_upright_and_no_larger_than_asked() -> None:
    about = Image.Exif()
    about[0x0112] = 6
    lying = picture("JPEG", (400, 200), exif=about)
    shown = thumbnail(lying, MediaType.JPEG, QSize(72, 56))
    assert (shown.width(), shown.height()) == (28, 56)
    assert page_picture(document(), MediaType.PDF, 1, 10_000_000).width() <= 4096


def test_a_picture_that_cannot_be_decoded_is_said_plainly() -> None:
    with pytest.raises(Weather, match="damaged"):
        page_picture(picture()[:50], MediaType.PNG, 0, 100)


def test_a_picture_of_the_clipboard_becomes_a_file_of_the_same_dots() -> None:
    drawn = QImage(3, 2, QImage.Format.Format_RGB32)
    drawn.fill(Qt.GlobalColor.red)
    assert QImage.fromData(encoded(drawn)).pixelColor(1, 1) == drawn.pixelColor(1, 1)


def test_a_paper_leaves_the_preview_sealed(
    place: Workplace, ids: Ids, qtbot: Any, inline: None, tmp_path: Path
) -> None:
    import pyrage

    key = pyrage.x25519.Identity.generate()
    screen = PrintPreview(place, Paper("COVER", ids.case))
    qtbot.addWidget(screen)
    screen.show()
    screen.give_out()
    (panel,) = screen.findChildren(HandingPanel)
    parcels: list[Any] = []
    panel.done.disconnect()
    panel.done.connect(parcels.append)
    fill(panel, reason="Request", recipient="Сот", protection=Protection.KEY, secret=str(key.to_public()))
    panel.run()
    panel.save_to(parcels[0], tmp_path / parcels[0].name)
    (file,) = tmp_path.glob("*.pdf.age")
    assert pyrage.decrypt(file.read_bytes(), [key]).startswith(b"%PDF")
