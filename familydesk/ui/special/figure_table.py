"""One table of a report on the screen: every figure in it can be pressed and opens the records it counts."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from familydesk.core.i18n import translate
from familydesk.reports.figure import Figure, cell_text
from familydesk.reports.table import Table
from familydesk.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
ROW = 34
STUB, NARROWEST = 280, 76


class FigureModel(QAbstractTableModel):
    """The cells as they are printed; the first column bears the rows' labels."""

    def __init__(self, theme: Theme, table: Table) -> None:
        super().__init__()
        self.table = table
        self.strong = QFont()
        self.strong.setBold(True)
        self.link = QColor(theme.colors.primary)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """As many as the table has."""
        return 0 if parent.isValid() else len(self.table.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """One more than the table has, for the labels."""
        return 0 if parent.isValid() else len(self.table.columns) + 1

    def figure(self, index: Index) -> Figure | None:
        """The figure of a cell, if it counts records that can be opened."""
        if index.column() == 0:
            return None
        cell = self.table.rows[index.row()].cells[index.column() - 1]
        return cell if isinstance(cell, Figure) and cell.ids else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell's text, how it stands, and its face."""
        row = self.table.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_text(row.cells[index.column() - 1]) if index.column() else translate(row.label)
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column():
            return RIGHT
        if role == Qt.ItemDataRole.FontRole and row.total:
            return self.strong
        if role == Qt.ItemDataRole.ForegroundRole and self.figure(index):
            return self.link
        if role == Qt.ItemDataRole.ToolTipRole and not index.column():
            return translate(row.label)
        return None

    def headerData(self, section: int, side: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A column's label."""
        if side is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return translate(self.table.columns[section - 1]) if section else translate(self.table.stub)
        return RIGHT if role == Qt.ItemDataRole.TextAlignmentRole and section else None


class FigureTable(QTableView):
    """As high as its rows, so that only the page scrolls. Enter or a click opens what a figure counts."""

    opened = Signal(object, str)
    """A `Figure`, and what it counts in words."""

    def __init__(self, theme: Theme, table: Table) -> None:
        super().__init__()
        self.theme = theme
        self.figures = FigureModel(theme, table)
        self.setModel(self.figures)
        self.setAccessibleName(translate(table.title))
        self.setProperty("frame", "none")
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(theme.px(ROW))
        self._columns(table)
        self.clicked.connect(self.open)

    def open(self, index: QModelIndex) -> None:
        """Open the records behind a figure."""
        figure = self.figures.figure(index)
        if figure:
            row, column = self.figures.table.rows[index.row()], self.figures.table.columns[index.column() - 1]
            parts = (self.figures.table.title, row.label, column)
            self.opened.emit(figure, " · ".join(translate(part) for part in parts if part))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Once the style is in force, the head's height is known."""
        super().showEvent(event)
        self._fit()

    def _columns(self, table: Table) -> None:
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        measure = QFontMetrics(self.font())
        pad = self.theme.px(32)
        for at, label in enumerate(table.columns, 1):
            self.setColumnWidth(at, max(self.theme.px(NARROWEST), measure.horizontalAdvance(translate(label)) + pad))
        widest = max((measure.horizontalAdvance(translate(row.label)) for row in table.rows), default=0) + pad
        self.setColumnWidth(0, min(max(self.theme.px(STUB), widest), self.theme.px(STUB) * 2))

    def _fit(self) -> None:
        rows = self.theme.px(ROW) * self.figures.rowCount()
        wide = sum(self.columnWidth(at) for at in range(self.figures.columnCount())) > self.viewport().width()
        bar = self.horizontalScrollBar().sizeHint().height() if wide else 0
        self.setFixedHeight(rows + self.horizontalHeader().sizeHint().height() + bar + 2)
