"""The editor of a reference: type a few letters of the other record, choose it from what is found."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem

from familydesk.core.errors import Problem, Refused
from familydesk.core.fields import Field
from familydesk.core.i18n import N_, _, translate
from familydesk.records import sheet_of
from familydesk.ui.editors.editor import Editor
from familydesk.ui.parts import button, column, row
from familydesk.ui.tasks import Task
from familydesk.ui.workplace import Workplace

FOUND = 12
PAUSE = 120
NEW = "new"
STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class ReferenceEditor(Editor):
    """Shows the other record's name; holds its id. What is typed and not chosen is no value, and is said so."""

    def __init__(self, field: Field, place: Workplace) -> None:
        super().__init__(field, place)
        self.target = field.target or ""
        self.chosen: UUID | None = None
        self.apart_from: ReferenceEditor | None = None
        """The editor whose record is not offered here."""
        self.line = QLineEdit()
        self.line.setPlaceholderText(_("Type to search"))
        self._name(self.line)
        self.line.textEdited.connect(self._on_typed)
        self.line.installEventFilter(self)
        self.open = button(self.theme, "", self._open, icon="external-link", role="flat", tip=_("Open this record"))
        self.clear = button(self.theme, "", self.forget, icon="x", role="flat", tip=_("Take it out"))
        for small in (self.open, self.clear):
            small.setAccessibleName(small.toolTip())
            small.setFixedWidth(self.theme.px(32))
            small.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            small.hide()
        self.setLayout(column(self.theme, row(self.theme, self.line, self.open, self.clear, gap=4), gap=0))
        self.found = self._list()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self.look)

    def main(self) -> QLineEdit:
        """The line."""
        return self.line

    def read(self) -> UUID | None:
        """The chosen record's id."""
        if self.chosen is None and self.line.text().strip():
            raise Refused(Problem(self.field.name, N_("Choose one from the list, or clear the line.")))
        return self.chosen

    def show_value(self, value: Any) -> None:
        """The other record's name, once it is found."""
        self.chosen = value
        self.line.setText("")
        self._show_buttons()
        if value:
            office, target = self.place.office, self.target
            Task(self, lambda: office.desk.name_of(target, value)).then(
                lambda name: self._on_named(value, name)
            ).start()

    def set_read_only(self, read_only: bool) -> None:
        """A name that can still be opened."""
        self.line.setReadOnly(read_only)
        self.clear.setVisible(not read_only and self.chosen is not None)

    def choose(self, record_id: UUID, name: str) -> None:
        """Take a record."""
        self.found.hide()
        self.chosen = record_id
        self.line.setText(name)
        self.line.setCursorPosition(0)
        self.hinted.emit("")
        self._show_buttons()
        self._note_change()

    def forget(self) -> None:
        """Hold nothing."""
        self.chosen = None
        self.line.clear()
        self._show_buttons()
        self._note_change()

    def look(self) -> None:
        """Search for what is typed; without anything typed, offer the newest."""
        office, target, typed = self.place.office, self.target, self.line.text().strip()
        left_out = self.apart_from.chosen if self.apart_from else None

        def work() -> list[tuple[UUID, str]]:
            if typed and sheet_of(target).searched:
                return [(one.id, one.title) for one in office.search.ask(typed, limit=FOUND, sheets=(target,))]
            every = office.desk.find(target, descending=True, limit=None if typed else FOUND)
            named = [(one.id, one.title_text()) for one in every]
            return [pair for pair in named if typed.casefold() in pair[1].casefold()][:FOUND]

        def offer(pairs: list[tuple[UUID, str]]) -> None:
            self._offer(typed, [pair for pair in pairs if pair[0] != left_out])

        Task(self, work).then(offer).failed(self.place.tell_failure).start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down opens the list and walks in it, Enter takes, Escape closes; leaving the line closes it too."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._on_key(Qt.Key(event.key()))
        if event.type() == QEvent.Type.FocusOut and not self.found.underMouse():
            self._on_left()
        return super().eventFilter(watched, event)

    def _on_key(self, key: Qt.Key) -> bool:
        if self.found.isHidden():
            if key == Qt.Key.Key_Down and not self.line.isReadOnly():
                self.look()
                return True
            return False
        if key in STEPS:
            self.found.setCurrentRow(max(0, min(self.found.count() - 1, self.found.currentRow() + STEPS[key])))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.found.currentItem())
        elif key == Qt.Key.Key_Escape:
            self.found.hide()
        else:
            return False
        return True

    def _on_typed(self) -> None:
        self.chosen = None
        self._show_buttons()
        self._note_change()
        self._pause.start()

    def _on_left(self) -> None:
        self._pause.stop()
        self.found.hide()
        if self.chosen is None and self.line.text().strip():
            self.hinted.emit(_("Choose one from the list, or clear the line."))

    def _on_named(self, value: UUID, name: str) -> None:
        if self.chosen == value:
            self.line.setText(name or _("A record that has not arrived yet"))
            self.line.setToolTip(name)
            self.line.setCursorPosition(0)

    def _offer(self, typed: str, pairs: list[tuple[UUID, str]]) -> None:
        if typed != self.line.text().strip() or not self.isVisible():
            return
        self.found.clear()
        for record_id, name in pairs:
            self._add(name, record_id)
        title = translate(sheet_of(self.target).title)
        self._add(_("New: {kind}").format(kind=title), NEW)
        self.found.setCurrentRow(0 if pairs else -1)
        height = self.theme.px(32) * self.found.count() + self.theme.px(12)
        self.found.setFixedSize(QSize(max(self.line.width(), self.theme.px(320)), height))
        self.found.move(self.line.mapTo(self.window(), QPoint(0, self.line.height() + 2)))
        self.found.show()
        self.found.raise_()

    def _add(self, words: str, data: Any) -> None:
        item = QListWidgetItem(words)
        item.setData(Qt.ItemDataRole.UserRole, data)
        self.found.addItem(item)

    def _take(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        chosen = item.data(Qt.ItemDataRole.UserRole)
        self.found.hide()
        if chosen == NEW:
            self.place.write_aside(self.target, then=lambda fresh: self._take_fresh(fresh))
        else:
            self.choose(chosen, item.text())

    def _take_fresh(self, record_id: UUID) -> None:
        self.set_value(record_id)
        self._note_change()

    def _open(self) -> None:
        if self.chosen:
            self.place.open_record(self.target, self.chosen)

    def _show_buttons(self) -> None:
        self.open.setVisible(self.chosen is not None)
        self.clear.setVisible(self.chosen is not None and not self.line.isReadOnly())

    def _list(self) -> QListWidget:
        found = QListWidget(self)
        found.setProperty("popup", True)
        found.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        found.setAccessibleName(_("Found records"))
        found.itemClicked.connect(self._take)
        found.hide()
        return found

    def showEvent(self, event: Any) -> None:
        """The list lies over the window, not inside the field."""
        super().showEvent(event)
        if self.found.parent() is not self.window():
            self.found.setParent(self.window())
            self.found.hide()
