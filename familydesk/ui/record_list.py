"""The list page of any sheet: its title, what narrows it, the table, and what can be done with all of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from familydesk.core.fields import Field, Kind
from familydesk.core.i18n import _, ngettext, translate
from familydesk.core.show import show, show_number
from familydesk.records import sheet_of
from familydesk.services.rights import Verb
from familydesk.ui.handing import HandingPanel, HandingPlace
from familydesk.ui.parts import Pair, button, column, emptied, offer, row
from familydesk.ui.row_source import Query
from familydesk.ui.screen import ROOM, PageHead, Screen
from familydesk.ui.table import RecordTable
from familydesk.ui.tasks import Lane, Task
from familydesk.ui.workplace import Workplace

PAUSE = 150


class RecordList(Screen):
    """A list that can be searched, narrowed, sorted, arranged and taken along."""

    opened = Signal(object)
    new_wanted = Signal()

    def __init__(self, place: Workplace, sheet: str) -> None:
        super().__init__(place)
        self.sheet, self.kind = sheet, sheet_of(sheet)
        self.where: dict[str, Any] = {}
        self.archived = False
        self.table = RecordTable(place, sheet)
        self.filter = self._filter_line()
        self.chips = row(place.theme, gap=8)
        self.head = self._head()
        self.handing = HandingPlace(place, self.table)
        body = column(place.theme, self.head, self._tools(), self.handing, self.table, gap=16)
        body.setContentsMargins(*(place.theme.px(edge) for edge in (28, 20, 28, 28)))
        self.setLayout(body)
        self.setFocusProxy(self.table)
        self.table.opened.connect(self.opened)
        self.table.counted.connect(self._on_counted)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self.refresh)
        self.filter.textEdited.connect(lambda: self._pause.start())

    def followed(self) -> frozenset[str]:
        """The sheet itself; names of what it refers to may be a moment old."""
        return frozenset((self.sheet,))

    def refresh(self) -> None:
        """Ask again, keeping the current row."""
        self.table.show_query(Query(dict(self.where), self.filter.text().strip(), archived=self.archived))

    def narrow(self, field: Field, value: Any) -> None:
        """Show only records whose `field` is `value`; None shows all again."""
        if value is None:
            self.where.pop(field.name, None)
        else:
            self.where[field.name] = value
        self._show_chips()
        self.refresh()

    def show_archived(self, archived: bool) -> None:
        """Show what was put away instead of what is in use."""
        self.archived = archived
        self._show_chips()
        self.refresh()

    def export(self, path: Path) -> None:
        """Write what is shown into a spreadsheet at `path`."""
        office, sheet, place = self.office, self.sheet, self.place
        ids, columns = list(self.table.records.source.ids), self.table.visible_fields()
        task = Task(
            self, lambda progress: office.lists.export(sheet, ids, columns, path, progress.report), Lane.POOL
        ).reporting()
        task.then(lambda _p: place.say(_("The list is written into the file {name}.").format(name=path.name)))
        task.failed(place.tell_failure)
        place.watch(_("Writing the list…"), task)
        task.start()

    def give_out(self) -> None:
        """Ask why and to whom what is shown leaves the center."""
        lists, sheet = self.office.lists, self.sheet
        ids, columns = list(self.table.records.source.ids), self.table.visible_fields()
        panel = HandingPanel(
            self.place, _("Give out this list"), lambda handing, _values: lists.give_out(sheet, ids, columns, handing)
        )
        self.handing.put(panel)

    def _head(self) -> PageHead:
        kind = translate(self.kind.title)
        new = button(self.theme, _("New"), self.new_wanted.emit, icon="plus", role="primary", tip=kind)
        new.setAccessibleName(_("New: {kind}").format(kind=kind))
        if not self.office.account.may_write(self.sheet):
            new.hide()
        return PageHead(self.place, translate(self.kind.plural), new)

    def _filter_line(self) -> QLineEdit:
        line = QLineEdit()
        line.setPlaceholderText(_("Find in this list"))
        line.setAccessibleName(_("Find in this list"))
        line.setClearButtonEnabled(True)
        line.textChanged.connect(lambda: self._pause.start() if not line.text() else None)
        if not self.kind.searched:
            line.hide()
        return line

    def _tools(self) -> Pair:
        theme = self.theme
        self.filter_button = button(theme, _("Filter"), self._open_filters, icon="filter")
        self.columns_button = button(theme, _("Columns"), self._open_columns, icon="list-check")
        self.export_button = button(theme, _("Spreadsheet"), self._open_exports, icon="download")
        self.export_button.setToolTip(_("Write this list into a spreadsheet"))
        if not self.office.account.may(Verb.EXPORT):
            self.export_button.hide()
        narrowing = row(theme, self.filter, self.filter_button, self.chips, None)
        narrowing.setStretch(0, 2)
        narrowing.setStretch(3, 1)
        return Pair(theme, narrowing, row(theme, self.columns_button, self.export_button, None), ROOM, gap=8)

    def _open_filters(self) -> None:
        menu = QMenu(self)
        for field in self.kind.fields():
            if field.kind in (Kind.CHOICE, Kind.YES_NO) and field.listed and self.office.account.may_ask_by(field):
                self._add_filter(menu, field)
        archived = menu.addAction(_("Archived"))
        archived.setCheckable(True)
        archived.setChecked(self.archived)
        archived.toggled.connect(self.show_archived)
        self._drop(menu, self.filter_button)

    def _add_filter(self, menu: QMenu, field: Field) -> None:
        values: list[Any] = list(field.choices) if field.choices else [True, False]
        inner = menu.addMenu(translate(field.label))
        for value in values:
            action = inner.addAction(show(field, value))
            action.setCheckable(True)
            action.setChecked(self.where.get(field.name) == value)
            action.toggled.connect(lambda on, field=field, value=value: self.narrow(field, value if on else None))

    def _open_columns(self) -> None:
        menu = QMenu(self)
        shown = self.table.visible_fields()
        for field in self.table.records.columns:
            action = menu.addAction(translate(field.label))
            action.setCheckable(True)
            action.setChecked(field.name in shown)
            action.toggled.connect(lambda on, name=field.name: self.table.show_column(name, on))
        self._drop(menu, self.columns_button)

    def _drop(self, menu: QMenu, under: QWidget) -> None:
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(under.mapToGlobal(QPoint(0, under.height() + 2)))

    def _show_chips(self) -> None:
        emptied(self.chips)
        for name, value in self.where.items():
            field = self.kind.field(name)
            words = f"{translate(field.label)}: {show(field, value)}"
            self.chips.addWidget(self._chip(words, lambda field=field: self.narrow(field, None)))
        if self.archived:
            self.chips.addWidget(self._chip(_("Archived"), lambda: self.show_archived(False)))

    def _chip(self, words: str, do: Any) -> QWidget:
        made = button(self.theme, words, do, icon="x", role="chip")
        made.setAccessibleName(_("Take this filter away: {filter}").format(filter=words))
        return made

    def _open_exports(self) -> None:
        menu = QMenu(self)
        offer(menu, _("For work at the center")).triggered.connect(lambda: self._choose_file())
        offer(menu, _("Give out…")).triggered.connect(lambda: self.give_out())
        self._drop(menu, self.export_button)

    def _choose_file(self) -> None:
        from PySide6.QtWidgets import QFileDialog

        path, _kind = QFileDialog.getSaveFileName(self, _("Write this list into a spreadsheet"), "list.xlsx", "*.xlsx")
        if path:
            self.export(Path(path))

    def _on_counted(self, count: int) -> None:
        words = ngettext("{count} record", "{count} records", count).format(count=show_number(count))
        self.head.say(translate(self.kind.plural), words)

    def chosen(self) -> UUID | None:
        """The current row's record."""
        return self.table.chosen()
