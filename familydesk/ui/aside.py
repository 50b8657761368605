"""A form beside the page: something new is written down without leaving what she was at."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QWidget

from familydesk.core.i18n import _, translate
from familydesk.records import sheet_of
from familydesk.ui.form import RecordForm
from familydesk.ui.form_foot import FormFoot
from familydesk.ui.parts import button, column, held, row, scrolled, text
from familydesk.ui.workplace import Aside, Workplace

WIDTH = 640


class AsidePanel(QFrame):
    """Lies over the right of `host` and moves with it. Escape closes it and keeps the draft."""

    closed = Signal()

    def __init__(self, place: Workplace, wish: Aside, host: QWidget) -> None:
        super().__init__(host)
        self.setObjectName("aside")
        self.place, self.wish, self.host = place, wish, host
        self.form = RecordForm(place, wish.sheet, wish.id, wish.values)
        kind = translate(sheet_of(wish.sheet).title)
        title = kind if wish.id else _("New: {kind}").format(kind=kind)
        close = button(place.theme, _("Close"), self.leave, icon="x", role="flat")
        head = row(place.theme, text(title, "card", wrap=True), close, gap=8)
        head.setStretch(0, 1)
        head.setContentsMargins(*(place.theme.px(edge) for edge in (20, 16, 12, 8)))
        body = column(place.theme, self.form, gap=0)
        body.setContentsMargins(*(place.theme.px(edge) for edge in (16, 8, 16, 16)))
        self.setLayout(column(place.theme, head, scrolled(held(body)), FormFoot(self.form, self), gap=0))
        self.setAccessibleName(title)
        QShortcut(QKeySequence("Escape"), self, self.leave, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.form.saved.connect(self._on_saved)
        self.form.loaded.connect(lambda: self.form.first().setFocus())
        self.form.load()
        host.installEventFilter(self)
        self._fit()
        self.show()
        self.raise_()

    def leave(self) -> None:
        """Close; what was typed stays as a draft."""
        self.form.drafts.flush()
        self.host.removeEventFilter(self)
        self.hide()
        self.closed.emit()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep to the right edge of a host that changes its size."""
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        width = min(self.place.theme.px(WIDTH), self.host.width())
        self.setGeometry(self.host.width() - width, 0, width, self.host.height())

    def _on_saved(self, record_id: UUID) -> None:
        self.place.say(_("Saved."))
        if self.wish.then:
            self.wish.then(record_id)
        # A conflict or a warning wants to be read before the form goes.
        if not self.form.board.column.count() and not any(box.wrong.text() for box in self.form.boxes.values()):
            self.leave()
