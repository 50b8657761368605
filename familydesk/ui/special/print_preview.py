"""A paper before it is printed: its pages, in Kazakh or Russian, filled or blank; then the printer, or a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeySequence, QPixmap, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QPushButton, QScrollArea, QWidget

from familydesk.core.i18n import _, translate
from familydesk.services.rights import Verb
from familydesk.ui.flow import Flow
from familydesk.ui.handing import HandingPanel, HandingPlace
from familydesk.ui.parts import button, column, held, text
from familydesk.ui.screen import PageHead, Screen
from familydesk.ui.special import pdf_pages
from familydesk.ui.tasks import Lane, Task
from familydesk.ui.top_bar import OWN_NAMES
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.services.office import Office

ZOOMS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
PAPER_EDGE = 24
PRINTER_DOTS = 300


@dataclass(frozen=True, slots=True)
class Wish:
    """How a paper is wanted: its language, without any data, and the reason why hidden places may stand on it."""

    language: str = "kk"
    blank: bool = False
    reason: str = ""
    only_look: bool = True
    """Whether it is drawn for the screen alone: what leaves is noted, and bears the end of the journal."""


class Printable(Protocol):
    """Anything that can be shown here."""

    @property
    def can_be_blank(self) -> bool:
        """Whether it exists without data."""

    @property
    def can_tell_where(self) -> bool:
        """Whether hidden places could stand on it."""

    def title(self, office: Office) -> str:
        """Its name, in the language in force."""

    def draw(self, office: Office, wish: Wish) -> bytes:
        """Its PDF. For the store's thread."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A form of a case, or of one record."""

    form: str
    case_id: UUID | None = None
    record_id: UUID | None = None
    sheet: str | None = None
    can_be_blank: bool = True
    can_tell_where: bool = True

    def title(self, office: Office) -> str:
        """The form's name."""
        return next(translate(form.title) for form in office.prints.forms() if form.name == self.form)

    def draw(self, office: Office, wish: Wish) -> bytes:
        """The form, filled or blank."""
        return office.prints.draw(
            self.form,
            case_id=self.case_id,
            record_id=self.record_id,
            sheet=self.sheet,
            language=wish.language,
            blank=wish.blank,
            allow_location=wish.reason or None,
            only_look=wish.only_look,
        )


def open_preview(place: Workplace, paper: Printable) -> None:
    """Go to the preview of `paper`; Back returns."""
    place.open_screen("print", lambda: PrintPreview(place, paper))


class PrintPreview(Screen):
    """The pages below each other. Nothing lies in any file until somebody saves it under a name of her choice."""

    left = Signal()

    def __init__(self, place: Workplace, paper: Printable) -> None:
        super().__init__(place)
        self.paper, self.wish = paper, Wish()
        self.pdf = b""
        self.zoom = 0.0
        self.pages: list[QLabel] = []
        self.head = self._head()
        self.pages_column = column(place.theme, gap=16)
        self.area = self._area()
        self.place_line = self._reason_line()
        self.handing = HandingPlace(place, self.area)
        body = column(place.theme, self.head, self._tools(), self.place_line, self.handing, self.area, gap=12)
        body.setContentsMargins(*(place.theme.px(edge) for edge in (28, 20, 28, 16)))
        body.setStretch(4, 1)
        self.setLayout(body)
        self._widened = QTimer(self)
        self._widened.setSingleShot(True)
        self._widened.setInterval(120)
        self._widened.timeout.connect(self.show_pages)
        QShortcut(QKeySequence("Escape"), self, self.left.emit, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def refresh(self) -> None:
        """Draw the paper as it is wished for."""
        office, paper, wish = self.office, self.paper, self.wish
        task = Task(self, lambda: (paper.title(office), paper.draw(office, wish)))
        task.then(lambda drawn: self._take(*drawn)).failed(self.place.tell_failure).start()

    def speak(self, language: str) -> None:
        """In another language."""
        self._want(Wish(language, self.wish.blank, self.wish.reason))

    def empty(self, blank: bool) -> None:
        """Without data, to fill by hand; or filled again."""
        self._want(Wish(self.wish.language, blank, self.wish.reason))

    def magnify(self, steps: int) -> None:
        """Larger or smaller."""
        now = self.zoom or self._fitting()
        larger = [zoom for zoom in ZOOMS if zoom > now + 0.01]
        smaller = [zoom for zoom in ZOOMS if zoom < now - 0.01]
        self.zoom = (larger or [ZOOMS[-1]])[0] if steps > 0 else (smaller or [ZOOMS[0]])[-1]
        self.show_pages()

    def fit(self) -> None:
        """As wide as the window."""
        self.zoom = 0.0
        self.show_pages()

    def show_pages(self) -> None:
        """Picture the pages at the size in force."""
        if not self.pdf:
            return
        pdf, ratio = self.pdf, self.devicePixelRatioF()
        scale = (self.zoom or self._fitting()) * ratio
        task = Task(self, lambda: pdf_pages.pictures(pdf, scale), Lane.POOL)
        task.then(lambda pictures: self._show(pictures, ratio)).start()

    def save_to(self, path: Path) -> None:
        """Write the PDF, whole or not at all."""
        from familydesk.services.prints import write_whole

        place, draw = self.place, self._leaving()
        task = Task(self, lambda: write_whole(path, draw()))
        task.then(lambda _none: place.say(_("The paper is saved as {name}.").format(name=path.name)))
        task.failed(place.tell_failure).start()

    def choose_file(self) -> None:
        """Ask where to; the name that is offered says nothing of what it is."""
        from PySide6.QtWidgets import QFileDialog

        from familydesk.services.prints import neutral_name

        path, _kind = QFileDialog.getSaveFileName(self, _("Save as PDF"), neutral_name(), "PDF (*.pdf)")
        if path:
            self.save_to(Path(path).with_suffix(".pdf"))

    def print(self) -> None:
        """The system's own print dialog, then the pages as they are seen here."""
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName("-")
        printer.setResolution(PRINTER_DOTS)
        dialog = QPrintDialog(printer, self)
        if self.pdf and dialog.exec():
            draw, scale = self._leaving(), PRINTER_DOTS / pdf_pages.SCREEN_DOTS
            task = Task(self, lambda: pdf_pages.pictures(draw(), scale), Lane.POOL)
            task.then(lambda pictures: pdf_pages.put_on(printer, pictures)).failed(self.place.tell_failure)
            self.place.watch(_("Printing…"), task)
            task.start()

    def give_out(self) -> None:
        """Ask why and to whom it leaves as a file; sealed unless she chooses otherwise."""
        copies, draw, case_id = self.office.copies, self._leaving(), getattr(self.paper, "case_id", None)
        panel = HandingPanel(
            self.place, _("Give out this paper"), lambda handing, _values: copies.paper(handing, draw, case_id)
        )
        self.handing.put(panel)

    def _leaving(self) -> Callable[[], bytes]:
        """Draws the paper as it is seen, to go out."""
        office, paper, wish = self.office, self.paper, replace(self.wish, only_look=False)
        return lambda: paper.draw(office, wish)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A page fitted to the window follows it."""
        super().resizeEvent(event)
        if not self.zoom:
            self._widened.start()

    # Putting together

    def _head(self) -> PageHead:
        theme = self.theme
        back = button(theme, _("Back"), self.left.emit, icon="chevron-left", role="flat")
        save = button(theme, _("Save as PDF"), self.choose_file, icon="device-floppy", key="Ctrl+S")
        prints = button(theme, _("Print"), self.print, icon="printer", role="primary", key="Ctrl+P")
        return PageHead(self.place, _("Paper"), save, prints, back=back)

    def _tools(self) -> QWidget:
        theme = self.theme
        self.languages = {one: self._chip(OWN_NAMES[one], partial(self.speak, one)) for one in ("kk", "ru")}
        self.languages["kk"].setChecked(True)
        self.blank = self._chip(_("Blank, to fill by hand"), lambda: self.empty(self.blank.isChecked()))
        self.blank.setVisible(self.paper.can_be_blank)
        self.where = self._chip(_("With hidden places"), self._ask_reason)
        self.where.setVisible(self.paper.can_tell_where)
        self.count = text("", "muted")
        smaller = button(theme, "−", lambda: self.magnify(-1), role="chip", key="Ctrl+-", tip=_("Smaller"))
        larger = button(theme, "+", lambda: self.magnify(1), role="chip", key="Ctrl++", tip=_("Larger"))
        for one, name in ((smaller, _("Smaller")), (larger, _("Larger"))):
            one.setAccessibleName(name)
        fit = button(theme, _("Whole width"), self.fit, role="chip", key="Ctrl+0")
        give = button(theme, _("Give out…"), self.give_out, role="chip")
        give.setVisible(self.office.account.may(Verb.EXPORT))
        line = Flow(theme.px(8))
        for part in (*self.languages.values(), self.blank, self.where, smaller, larger, fit, give, self.count):
            line.add(part)
        return line

    def _chip(self, words: str, do: Callable[[], None]) -> QPushButton:
        made = button(self.theme, words, do, role="chip")
        made.setCheckable(True)
        return made

    def _reason_line(self) -> QLineEdit:
        line = QLineEdit()
        line.setPlaceholderText(_("Why may the hidden place stand on this paper? Write it and press Enter."))
        line.setAccessibleName(_("Reason why hidden places are printed"))
        line.returnPressed.connect(lambda: self._want(Wish(self.wish.language, self.wish.blank, line.text().strip())))
        line.hide()
        return line

    def _area(self) -> QScrollArea:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        area.setAccessibleName(_("Pages"))
        inner = held(column(self.theme, self.pages_column, None, gap=0), ground="page")
        area.setWidget(inner)
        area.verticalScrollBar().valueChanged.connect(self._count)
        self.setFocusProxy(area)
        return area

    # What comes back

    def _want(self, wish: Wish) -> None:
        self.wish = wish
        for language, made in self.languages.items():
            made.setChecked(language == wish.language)
        self.blank.setChecked(wish.blank)
        self.where.setChecked(bool(wish.reason))
        self.refresh()

    def _ask_reason(self) -> None:
        if self.wish.reason:
            self._want(Wish(self.wish.language, self.wish.blank))
            self.place_line.hide()
            return
        self.where.setChecked(False)
        self.place_line.show()
        self.place_line.setFocus()

    def _take(self, title: str, pdf: bytes) -> None:
        self.head.say(title)
        self.pdf = pdf
        self.show_pages()

    def _fitting(self) -> float:
        room = self.area.viewport().width() - self.theme.px(PAPER_EDGE)
        wide = pdf_pages.width_of(self.pdf) if self.pdf else 1.0
        return min(max(room / wide, ZOOMS[0]), 1.4)

    def _show(self, pictures: list[QImage], ratio: float) -> None:
        while len(self.pages) > len(pictures):
            self.pages.pop().deleteLater()
        while len(self.pages) < len(pictures):
            page = QLabel()
            page.setFrameShape(QFrame.Shape.NoFrame)
            self.pages.append(page)
            self.pages_column.addWidget(page, 0, Qt.AlignmentFlag.AlignHCenter)
        for number, (page, picture) in enumerate(zip(self.pages, pictures, strict=True), 1):
            picture.setDevicePixelRatio(ratio)
            page.setPixmap(QPixmap.fromImage(picture))
            page.setFixedSize(QSize(round(picture.width() / ratio), round(picture.height() / ratio)))
            page.setAccessibleName(_("Page {number} of {count}").format(number=number, count=len(pictures)))
        self._count()

    def _count(self, _value: int = 0) -> None:
        if not self.pages:
            return
        middle = self.area.verticalScrollBar().value() + self.area.viewport().height() // 2
        at = next((at for at, page in enumerate(self.pages, 1) if page.geometry().bottom() >= middle), len(self.pages))
        self.count.setText(_("Page {number} of {count}").format(number=at, count=len(self.pages)))
