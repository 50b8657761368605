"""The model of any list: ids in, roles out. Rows are fetched only as they come into sight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from familydesk.core.fields import Field, Kind
from familydesk.core.i18n import translate
from familydesk.records import sheet_of
from familydesk.ui.row_source import Row, RowSource
from familydesk.ui.workplace import Workplace

Index = QModelIndex | QPersistentModelIndex
RECORD = Qt.ItemDataRole.UserRole
"""The record of a row; None while the row is on its way."""
CHARACTERS = {
    Kind.DAY: 10,
    Kind.MOMENT: 16,
    Kind.YES_NO: 8,
    Kind.NUMBER: 8,
    Kind.IIN: 12,
    Kind.PHONE: 16,
    Kind.NOTE: 36,
}
"""How wide a column is at first, in characters; anything else has 20."""
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class RecordModel(QAbstractTableModel):
    """Rows in, roles out. Columns are the sheet's listed fields, less those that say the same in every row."""

    def __init__(self, place: Workplace, sheet: str, without: Sequence[str] = ()) -> None:
        super().__init__()
        self.source = RowSource(place, sheet, self)
        self.columns: list[Field] = [one for one in sheet_of(sheet).fields() if one.listed and one.name not in without]
        self.source.counted.connect(self._on_counted)
        self.source.arrived.connect(self._on_arrived)
        self._rows = 0

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """As many rows as ids."""
        return 0 if parent.isValid() else self._rows

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """As many columns as listed fields."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell's text, its alignment, or the row's record."""
        field = self.columns[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if field.kind in (Kind.NUMBER, Kind.AMOUNT) else None
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, RECORD):
            return None
        row = self.source.row(index.row())
        if role == RECORD:
            return row.record if row else None
        return _shown(row, field) if role == Qt.ItemDataRole.DisplayRole else _told(row, field)

    def headerData(self, section: int, side: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A column's label."""
        if side is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return translate(self.columns[section].label)
        return None

    def id_at(self, at: int) -> UUID:
        """The id of a row, whether it is here yet or not."""
        return self.source.ids[at]

    def _on_counted(self) -> None:
        self.beginResetModel()
        self._rows = len(self.source.ids)
        self.endResetModel()

    def _on_arrived(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))


def _shown(row: Row | None, field: Field) -> str:
    return row.texts[field.name].partition("\n")[0] if row else ""


def _told(row: Row | None, field: Field) -> str:
    shown = row.texts[field.name] if row else ""
    return shown if len(shown) > CHARACTERS.get(field.kind, 20) else ""
