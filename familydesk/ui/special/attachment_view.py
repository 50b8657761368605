"""An attachment looked at inside the program: page by page, larger and smaller; a copy leaves only for a reason."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeySequence, QPixmap, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QWidget

from familydesk.core.i18n import _
from familydesk.core.show import show_choice, show_day
from familydesk.records.attachment import Attachment, MediaType
from familydesk.services.rights import Verb
from familydesk.ui.flow import Flow
from familydesk.ui.handing import HandingPanel, HandingPlace
from familydesk.ui.parts import button, column, held, text
from familydesk.ui.screen import PageHead, Screen
from familydesk.ui.special.scan_pictures import page_picture
from familydesk.ui.tasks import Lane, Task
from familydesk.ui.workplace import Workplace

STEP, SMALLEST, LARGEST = 1.25, 0.4, 4.0
EDGE = 24


def open_attachment(place: Workplace, record_id: UUID) -> None:
    """Go to it; Back returns."""
    place.open_screen("attachment", lambda: AttachmentScreen(place, record_id))


class AttachmentScreen(Screen):
    """One page at a time, as wide as the window unless it was magnified."""

    left = Signal()
    follows = frozenset({"attachment"})

    def __init__(self, place: Workplace, record_id: UUID) -> None:
        super().__init__(place)
        self.record_id = record_id
        self.content, self.media_type, self.count = b"", MediaType.PNG, 1
        self.page, self.zoom, self.natural = 0, 1.0, 1
        self.picture = QLabel()
        self.area = self._area()
        self.head = self._head()
        self.handing = HandingPlace(place, self.area)
        body = column(place.theme, self.head, self._tools(), self.handing, self.area, gap=12)
        body.setContentsMargins(*(place.theme.px(edge) for edge in (28, 20, 28, 16)))
        body.setStretch(3, 1)
        self.setLayout(body)
        self._widened = QTimer(self)
        self._widened.setSingleShot(True)
        self._widened.setInterval(120)
        self._widened.timeout.connect(self.draw)
        QShortcut(QKeySequence("Escape"), self, self.left.emit, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def refresh(self) -> None:
        """Bring the record and, once, its content."""
        office, record_id, held_already = self.office, self.record_id, self.content

        def work() -> tuple[Attachment, bytes]:
            content = held_already or office.attachments.open(record_id)
            return office.attachments.about(record_id), content

        Task(self, work).then(lambda found: self.show_attachment(*found)).failed(self._on_failed).start()

    def show_attachment(self, record: Attachment, content: bytes) -> None:
        """Show it from its first page."""
        self.content, self.count = content, record.pages or 1
        self.media_type = record.media_type or MediaType.PNG
        told = (show_choice(record.kind or ""), show_day(record.taken_on) if record.taken_on else "")
        self.head.say(record.subject or "", " · ".join(filter(None, told)))
        for one in (self.before, self.after, self.at):
            one.setVisible(self.count > 1)
        self.turn(0)

    def turn(self, pages: int) -> None:
        """So many pages on, or back."""
        self.page = min(max(self.page + pages, 0), self.count - 1)
        self.at.setText(_("Page {number} of {count}").format(number=self.page + 1, count=self.count))
        self.before.setEnabled(self.page > 0)
        self.after.setEnabled(self.page < self.count - 1)
        self.draw()

    def magnify(self, by: float) -> None:
        """Larger or smaller; 0 is the whole width again."""
        self.zoom = min(max(self.zoom * by, SMALLEST), LARGEST) if by else 1.0
        self.draw()

    def draw(self) -> None:
        """Picture the page at the size in force."""
        if not self.content:
            return
        content, kind, page, ratio = self.content, self.media_type, self.page, self.devicePixelRatioF()
        fitting = (self.area.viewport().width() - self.theme.px(EDGE)) * ratio
        magnified = self.zoom != 1.0
        width = round((self.natural if magnified else fitting) * self.zoom)
        task = Task(self, lambda: page_picture(content, kind, page, width, magnified), Lane.POOL)
        task.then(lambda picture: self._show(picture, ratio)).failed(self._on_failed).start()

    def give_out(self) -> None:
        """Ask why and to whom a copy leaves."""
        attachments, record_id = self.office.attachments, self.record_id
        title = _("Save a copy")
        self.handing.put(HandingPanel(self.place, title, lambda handing, _values: attachments.copy(record_id, handing)))

    def leave(self) -> None:
        """Locked or left: nothing of it stays in memory here."""
        self.content = b""
        self.picture.clear()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A page as wide as the window follows it."""
        super().resizeEvent(event)
        self._widened.start()

    def _head(self) -> PageHead:
        theme = self.theme
        back = button(theme, _("Back"), self.left.emit, icon="chevron-left", role="flat")
        edit = button(theme, _("Edit"), self._edit, icon="pencil", key="Ctrl+E")
        save = button(theme, _("Save a copy"), self.give_out, icon="device-floppy", key="Ctrl+S")
        edit.setVisible(self.office.account.may_write("attachment"))
        save.setVisible(self.office.account.may(Verb.EXPORT))
        return PageHead(self.place, _("Attachment"), edit, save, back=back)

    def _tools(self) -> QWidget:
        theme = self.theme
        self.before = button(theme, _("Previous page"), lambda: self.turn(-1), role="chip", key="PgUp")
        self.after = button(theme, _("Next page"), lambda: self.turn(1), role="chip", key="PgDown")
        self.at = text("", "muted")
        smaller = button(theme, "−", lambda: self.magnify(1 / STEP), role="chip", key="Ctrl+-", tip=_("Smaller"))
        larger = button(theme, "+", lambda: self.magnify(STEP), role="chip", key="Ctrl++", tip=_("Larger"))
        for one, name in ((smaller, _("Smaller")), (larger, _("Larger"))):
            one.setAccessibleName(name)
        whole = button(theme, _("Whole width"), lambda: self.magnify(0), role="chip", key="Ctrl+0")
        line = Flow(theme.px(8))
        for part in (self.before, self.after, smaller, larger, whole, self.at):
            line.add(part)
        return line

    def _area(self) -> QScrollArea:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setAccessibleName(_("Attachment"))
        inner = column(self.theme, gap=0)
        inner.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        area.setWidget(held(inner, ground="page"))
        self.setFocusProxy(area)
        return area

    def _edit(self) -> None:
        self.place.write_aside("attachment", self.record_id)

    def _show(self, picture: QImage, ratio: float) -> None:
        if self.zoom == 1.0:
            self.natural = picture.width()
        picture.setDevicePixelRatio(ratio)
        self.picture.setPixmap(QPixmap.fromImage(picture))
        self.picture.setFixedSize(QSize(round(picture.width() / ratio), round(picture.height() / ratio)))
        self.picture.setAccessibleName(_("Page {number} of {count}").format(number=self.page + 1, count=self.count))

    def _on_failed(self, error: Exception) -> None:
        self.picture.setText(str(error))
        self.picture.setFixedSize(self.picture.sizeHint())
