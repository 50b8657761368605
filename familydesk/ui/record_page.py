"""One record on a page of its own: its form, what hangs on it, and its history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut

from familydesk.core.i18n import _, translate
from familydesk.core.record import Record
from familydesk.records import SHEETS, sheet_of
from familydesk.ui.children import ChildrenCard
from familydesk.ui.form import RecordForm
from familydesk.ui.form_foot import FormFoot
from familydesk.ui.history_card import HistoryCard
from familydesk.ui.messages import Message
from familydesk.ui.parts import Pair, button, column, held, scrolled
from familydesk.ui.screen import PageHead, Screen
from familydesk.ui.tasks import Task
from familydesk.ui.workplace import Workplace

SIDE_BY_SIDE = 960
"""From this width on, in drawn pixels, what hangs on a record stands beside its form; below it, under it."""


class RecordPage(Screen):
    """The generated page of a record; `record_id` None begins a new one."""

    left = Signal()
    """She wants back to the list."""

    def __init__(self, place: Workplace, sheet: str, record_id: UUID | None = None) -> None:
        super().__init__(place)
        self.sheet, self.record_id = sheet, record_id
        self.kind = sheet_of(sheet)
        self.form = RecordForm(place, sheet, record_id)
        self.foot = FormFoot(self.form, self)
        self.head = self._head()
        self.side = column(place.theme, gap=16)
        self.beside = held(self.side)
        self.pair = Pair(place.theme, self.form, self.beside, SIDE_BY_SIDE, gap=16, shares=(5, 3))
        body = column(place.theme, self.head, self.pair, gap=16)
        body.setContentsMargins(*(place.theme.px(edge) for edge in (28, 20, 28, 20)))
        self.setLayout(column(place.theme, scrolled(held(body)), self.foot, gap=0))
        self.children_cards: list[ChildrenCard] = []
        self.history: HistoryCard | None = None
        self.form.saved.connect(self._on_saved)
        self.form.loaded.connect(self._on_loaded)
        QShortcut(QKeySequence("Escape"), self, self._leave, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        if record_id:
            self._hang()
        self._show_side()

    def followed(self) -> frozenset[str]:
        """This sheet; children follow their own."""
        return frozenset((self.sheet,))

    def refresh(self) -> None:
        """Load the form, unless she is writing in it; her seen versions keep anything from being overwritten."""
        if not self.form.dirty and not self.form.saving:
            self.form.load()
        self._name()

    def leave(self) -> None:
        """Keep the draft."""
        self.form.drafts.flush()

    def state(self) -> object:
        """Which record."""
        return self.record_id

    def archive(self) -> None:
        """Put the record away; the strip that says so can undo it."""
        self._put_away(True)

    def _head(self) -> PageHead:
        back = button(self.theme, _("Back"), self._leave, icon="chevron-left", role="flat")
        self.archive_button = button(self.theme, _("Archive"), self.archive, icon="archive")
        self.may_write = self.office.account.may_write(self.sheet)
        if self.record_id is None or not self.may_write:
            self.archive_button.hide()
        title = translate(self.kind.title)
        return PageHead(self.place, title, self.archive_button, back=back)

    def _hang(self) -> None:
        assert self.record_id
        for child, field in children_of(self.sheet):
            card = ChildrenCard(self.place, child, field, self.record_id)
            self.children_cards.append(card)
            self.side.addWidget(card)
        self.history = HistoryCard(self.place, self.sheet, self.record_id)
        self.side.addWidget(self.history)
        self.side.addStretch(1)

    def _show_side(self) -> None:
        self.beside.setVisible(self.side.count() > 0)

    def _name(self) -> None:
        if self.record_id is None:
            self.head.say(_("New: {kind}").format(kind=translate(self.kind.title)))
            return
        office, sheet, record_id = self.office, self.sheet, self.record_id
        Task(self, lambda: office.desk.look(sheet, record_id)).then(self._on_named).failed(lambda _e: None).start()

    def _on_named(self, record: Record) -> None:
        title = translate(self.kind.title)
        self.head.say(record.title_text() or title, title)
        self.archive_button.setVisible(not record.archived and self.may_write)
        if record.archived and self.may_write:
            words = _("This record is archived: it stands in no list.")
            self.form.board.say(Message(words, "due", _("Bring it back"), lambda: self._put_away(False), stays=True))

    def _on_loaded(self) -> None:
        if self.record_id is None and self.isVisible():
            self.form.first().setFocus()

    def _on_saved(self, record_id: UUID) -> None:
        if self.record_id is None:
            self.record_id = record_id
            self._hang()
            self._show_side()
        self._name()

    def _put_away(self, archived: bool) -> None:
        office, sheet, record_id = self.office, self.sheet, self.record_id
        if record_id is None:
            return
        verb: Callable[[str, UUID], None] = office.desk.archive if archived else office.desk.bring_back
        undone: Callable[[str, UUID], None] = office.desk.bring_back if archived else office.desk.archive
        place = self.place

        def undo() -> None:
            Task(place, lambda: undone(sheet, record_id)).failed(place.tell_failure).start()

        def done(_none: Any) -> None:
            words = _("Archived.") if archived else _("Brought back.")
            place.say(words, offer=_("Undo"), do=undo)
            if archived:
                self.left.emit()

        Task(self, lambda: verb(sheet, record_id)).then(done).failed(place.tell_failure).start()

    def _leave(self) -> None:
        self.leave()
        self.left.emit()


def children_of(sheet: str) -> list[tuple[type[Record], str]]:
    """The sheets that hang on `sheet`, each with the reference it hangs by."""
    hanging = ((child, child.parent) for child in SHEETS if child.parent)
    return [(child, name) for child, name in hanging if child.field(name).target == sheet]
