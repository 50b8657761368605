"""The files of a case on its family's page: small pictures of them, and the ways in: button, drop and clipboard."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QMimeData, QSize, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QPixmap
from PySide6.QtWidgets import QFileDialog, QLabel

from familydesk.core.i18n import _
from familydesk.core.show import show_choice, show_day
from familydesk.records.attachment import Attachment, AttachmentKind
from familydesk.ui.flow import Flow
from familydesk.ui.list_rows import ListRow
from familydesk.ui.parts import button
from familydesk.ui.special.attachment_view import open_attachment
from familydesk.ui.special.row_card import RowCard
from familydesk.ui.special.scan_pictures import encoded, thumbnail
from familydesk.ui.tasks import Lane, Task
from familydesk.ui.verb_panel import VerbPanel
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.services.attachments import Incoming
    from familydesk.services.family_page import FamilyPage

ASKED = ("subject", "kind", "copy_ground", "taken_on", "person_id")
"""What is asked when a file comes in; the rest can be written later."""
SMALL = QSize(72, 56)
LARGEST_PICTURED = 12 * 1024 * 1024
"""Bytes: of a larger file no small picture is made."""


class AttachmentsCard(RowCard):
    """What was scanned or photographed for this case."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.theme, _("Files"), _("No file is attached."), self._row)
        self.place = place
        self.case_id: UUID | None = None
        self.panel: VerbPanel | None = None
        self.waiting: list[tuple[UUID, Path | bytes]] = []
        theme = place.theme
        self.add_button = button(theme, _("Add a file"), self.choose_files, icon="upload")
        self.paste_button = button(theme, _("Paste"), self.paste, icon="copy")
        self.paste_button.setToolTip(_("A picture or files from the clipboard; files can also be dropped here"))
        ways = Flow(theme.px(8))
        for one in (self.add_button, self.paste_button):
            ways.add(one)
        self.add(ways)
        self.ways = ways
        self.setAcceptDrops(True)

    def show_page(self, page: FamilyPage) -> None:
        """Show the files of the page's case."""
        self.case_id = page.case.id if page.case else None
        may = self.case_id is not None and self.place.office.account.may_write("attachment")
        self.ways.setVisible(may)
        self.setAcceptDrops(may)
        if page.case is None:
            self.show_all(())
            return
        office, cases = self.place.office, [page.case.id]
        Task(self, lambda: office.attachments.of_cases(cases)).then(self.show_all).start()

    # Ways in

    def choose_files(self) -> None:
        """The system's own dialog."""
        kinds = _("Photos and documents") + " (*.jpg *.jpeg *.png *.pdf)"
        paths, _kind = QFileDialog.getOpenFileNames(self, _("Add a file"), "", f"{kinds};;*")
        self.take([Path(path) for path in paths])

    def paste(self) -> None:
        """What the clipboard holds."""
        found = incoming_of(QGuiApplication.clipboard().mimeData())
        if found:
            self.take(found)
        else:
            self.place.say(_("The clipboard holds no picture and no file."), "due")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and pictures are welcome."""
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take them."""
        event.acceptProposedAction()
        self.take(incoming_of(event.mimeData()))

    def take(self, found: Sequence[Path | bytes]) -> None:
        """Take these in, one after another."""
        if self.case_id is not None:
            # With the case of the moment: another one can come into the foreground while she writes.
            self.waiting += [(self.case_id, one) for one in found]
            if self.panel is None:
                self._next()

    def _next(self) -> None:
        if not self.waiting:
            return
        attachments, (case_id, one) = self.place.office.attachments, self.waiting.pop(0)

        def work(progress: Any) -> Incoming:
            return attachments.look_at(one) if isinstance(one, bytes) else attachments.read(one, progress.report)

        task = Task(self, work, Lane.POOL).reporting()
        task.then(lambda incoming: self.ask(case_id, incoming)).failed(self._on_refused)
        self.place.watch(_("Reading the file…"), task)
        task.start()

    def _on_refused(self, error: Exception) -> None:
        self.place.tell_failure(error)
        self._next()

    # What is asked

    def ask(self, case_id: UUID, incoming: Incoming) -> None:
        """What it is; nothing is kept before that is said."""
        attachments = self.place.office.attachments
        panel = VerbPanel(
            self.place,
            _("Keep this file"),
            [Attachment.field(name) for name in ASKED],
            {},
            lambda values: attachments.add(incoming, {"case_id": case_id, **values}),
        )
        ground, kind = panel.boxes["copy_ground"], panel.boxes["kind"].editor
        ground.hide()
        kind.changed.connect(lambda: ground.setVisible(kind.value() is AttachmentKind.IDENTITY))
        panel.done.connect(lambda _saved: self._on_kept())
        panel.left.connect(self._close)
        self.panel = panel
        self.add(panel)
        panel.begin()

    def _on_kept(self) -> None:
        self.place.say(
            _("The file is kept with the case. Now delete it where it came from: the telephone, the stick, the folder.")
        )
        self._close()

    def _close(self) -> None:
        if self.panel:
            self.body.removeWidget(self.panel)
            self.panel.hide()
            self.panel.deleteLater()
            self.panel = None
        self._next()

    # What is shown

    def _row(self, one: Attachment) -> ListRow:
        pages = _("{count} p.").format(count=one.pages) if one.pages and one.pages > 1 else ""
        day = show_day(one.taken_on) if one.taken_on else ""
        told = " · ".join(filter(None, (show_choice(one.kind or ""), day, pages)))
        place = self.place
        made = ListRow(place.theme, one.subject or "", told, do=lambda: open_attachment(place, one.id))
        small = QLabel()
        small.setFixedSize(SMALL)
        small.setAlignment(Qt.AlignmentFlag.AlignCenter)
        made.line.insertWidget(0, small)
        if one.size and one.size <= LARGEST_PICTURED:
            self._picture(one, small)
        return made

    def _picture(self, one: Attachment, into: QLabel) -> None:
        attachments, ratio = self.place.office.attachments, self.devicePixelRatioF()

        def work() -> QImage:
            return thumbnail(attachments.content(one.id), one.media_type, SMALL * ratio)

        def show(picture: QImage) -> None:
            picture.setDevicePixelRatio(ratio)
            into.setPixmap(QPixmap.fromImage(picture))

        # A picture that cannot be made is said when the file itself is opened.
        Task(into, work, Lane.POOL).then(show).failed(lambda _error: None).start()


def incoming_of(data: QMimeData) -> list[Path | bytes]:
    """Local files, or else the picture, in what was dropped or copied."""
    files: list[Path | bytes] = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    if files or not data.hasImage():
        return files
    picture = QImage(data.imageData())
    return [] if picture.isNull() else [encoded(picture)]
