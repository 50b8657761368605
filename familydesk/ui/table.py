"""The list of any sheet: a table that sorts by its heads and remembers how its reader likes its columns."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from familydesk.core.fields import Field
from familydesk.core.i18n import _, translate
from familydesk.records import sheet_of
from familydesk.ui.column_memory import ColumnMemory
from familydesk.ui.parts import text
from familydesk.ui.record_model import CHARACTERS, RecordModel
from familydesk.ui.row_source import Query
from familydesk.ui.theme import ROW
from familydesk.ui.workplace import Workplace


class RecordTable(QTableView):
    """A list of records. Enter or a double click opens one; a head sorts; columns move, widen and hide."""

    opened = Signal(object)
    counted = Signal(int)

    def __init__(self, place: Workplace, sheet: str, without: Sequence[str] = (), memory: str = "") -> None:
        super().__init__()
        self.place, self.sheet = place, sheet
        self.records = RecordModel(place, sheet, without)
        self.setModel(self.records)
        self.memory = ColumnMemory(place.settings, memory or sheet)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(300)
        self._settled.timeout.connect(self._remember)
        self.empty = text("", "muted", wrap=True)
        self._dress()
        self._columns()
        self.records.modelReset.connect(self._on_reset)
        self.doubleClicked.connect(lambda index: self.opened.emit(self.records.id_at(index.row())))

    @property
    def query(self) -> Query:
        """What is shown."""
        return self.records.source.query

    def show_query(self, query: Query) -> None:
        """Show another query; the order she chose by a head stays."""
        order, descending = self.memory.sort()
        if not query.order and order in self._sortable():
            query = Query(query.where, query.text, order, descending, query.archived)
        self.records.source.ask(query)

    def chosen(self) -> UUID | None:
        """The id of the current row."""
        index = self.currentIndex()
        return self.records.id_at(index.row()) if index.isValid() else None

    def choose(self, record_id: UUID) -> None:
        """Make a record's row the current one and bring it into sight."""
        at = self.records.source.place_of(record_id)
        if at >= 0:
            self.selectRow(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (chosen := self.chosen()):
            self.opened.emit(chosen)
            return
        super().keyPressEvent(event)

    def visible_fields(self) -> list[str]:
        """Field names in the order on screen, hidden ones left out."""
        head = self.horizontalHeader()
        shown = (head.logicalIndex(at) for at in range(head.count()))
        return [self.records.columns[at].name for at in shown if not head.isSectionHidden(at)]

    def show_column(self, name: str, visible: bool) -> None:
        """Show or hide a column; the last one stays."""
        at = [one.name for one in self.records.columns].index(name)
        if visible or len(self.visible_fields()) > 1:
            self.setColumnHidden(at, not visible)
            self._remember()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the sentence of an empty list in the middle."""
        super().resizeEvent(event)
        self._place_empty()

    def _dress(self) -> None:
        self.setAccessibleName(translate(sheet_of(self.sheet).plural))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.place.theme.px(ROW))
        self.empty.setParent(self.viewport())
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.hide()

    def _columns(self) -> None:
        head = self.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setHighlightSections(False)
        head.setSectionsMovable(True)
        head.setStretchLastSection(True)
        head.setMinimumSectionSize(self.place.theme.px(56))
        for at, one in enumerate(self.records.columns):
            self.setColumnWidth(at, self.memory.width(one.name) or self._first_width(one))
            self.setColumnHidden(at, one.name in self.memory.hidden())
        self._restore_order(head)
        self._restore_sort(head)
        # A head that is being dragged tells every pixel: remember once it has come to rest.
        head.sectionMoved.connect(lambda: self._settled.start())
        head.sectionResized.connect(lambda: self._settled.start())
        head.sortIndicatorChanged.connect(self._on_sorted)

    def _restore_order(self, head: QHeaderView) -> None:
        names = [one.name for one in self.records.columns]
        for to, name in enumerate(name for name in self.memory.order() if name in names):
            head.moveSection(head.visualIndex(names.index(name)), to)

    def _restore_sort(self, head: QHeaderView) -> None:
        name, descending = self.memory.sort()
        names = [one.name for one in self.records.columns]
        head.setSortIndicatorClearable(True)
        head.setSortIndicator(
            names.index(name) if name in names else -1,
            Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder,
        )
        head.setSortIndicatorShown(True)
        head.setSectionsClickable(True)

    def _first_width(self, field: Field) -> int:
        measure = QFontMetrics(self.font())
        wide = measure.averageCharWidth() * CHARACTERS.get(field.kind, 20)
        return max(wide, measure.horizontalAdvance(translate(field.label))) + self.place.theme.px(44)

    def _remember(self) -> None:
        head = self.horizontalHeader()
        columns = self.records.columns
        order = [columns[head.logicalIndex(at)].name for at in range(head.count())]
        # The last column fills the window: its width is the window's and no wish of hers.
        last = self.visible_fields()[-1]
        kept = [(at, one) for at, one in enumerate(columns) if not self.isColumnHidden(at) and one.name != last]
        widths = {one.name: self.columnWidth(at) for at, one in kept}
        hidden = [one.name for at, one in enumerate(columns) if self.isColumnHidden(at)]
        self.memory.keep(order, widths, hidden)

    def _on_sorted(self, section: int, side: Qt.SortOrder) -> None:
        name = self.records.columns[section].name if section >= 0 else ""
        if name and name not in self._sortable():
            self._restore_sort(self.horizontalHeader())
            return
        descending = side is Qt.SortOrder.DescendingOrder
        self.memory.keep_sort(name, descending)
        now = self.query
        self.records.source.ask(Query(now.where, now.text, name, descending, now.archived))

    def _sortable(self) -> set[str]:
        """The columns that she sees in every row: by the order of others, a hidden value would be told."""
        account = self.place.office.account
        return {one.name for one in self.records.columns if account.may_ask_by(one)}

    def _on_reset(self) -> None:
        count = self.records.rowCount()
        narrowed = bool(self.query.text or self.query.where)
        self.empty.setText(_("Nothing fits what you are looking for.") if narrowed else _("Nothing here yet."))
        self.empty.setVisible(count == 0)
        self._place_empty()
        self.counted.emit(count)

    def _place_empty(self) -> None:
        self.empty.setGeometry(self.viewport().rect())
